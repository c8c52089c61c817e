"""``deskgraph status``."""

from api.cli.output import As, Format, Output, say, say_json
from api.cli.running import run
from api.services.status import status


def status_command(
    output: Output = Format.TABLE,
    roles: As = ["service"],  # noqa: B006 - typer reads the default, nobody changes it
) -> None:
    """Show which graph this is and what it holds.

    Example: deskgraph status -o json
    """
    found = run(status, roles=roles)
    if output is Format.JSON:
        say_json(found)
        return
    say(f"{name:<16} {value}" for name, value in found.items() if name != "nodes")
    say(f"{label:<16} {count:>8}" for label, count in found["nodes"].items())
