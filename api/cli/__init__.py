"""The command line: one file per command, one mapping from errors to exit codes.

Exit codes: 0 done, 1 findings (something to mend in what was given), 2 usage, 3 unavailable.
"""

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module

import typer

from api.cli.output import EXIT_FINDINGS, EXIT_UNAVAILABLE, EXIT_USAGE, complain
from api.errors import DOMAIN, ApiError, InputError, client_code
from api.importing import importing
from api.settings import SettingsError

COMMANDS: Mapping[str, str] = {
    "demo": "demo",
    "serve": "serve",
    "ask": "ask_command",
    "route": "route_command",
    "build": "build_command",
    "seed": "app",
    "policy": "app",
    "train": "train_command",
    "evaluate": "app",
    "keys": "app",
    "status": "status_command",
    "token": "token_command",
    "schema": "schema_command",
}
"""Command → what its module ``api.cli.<command>`` calls it; ``app`` has commands of its own."""


def build_app(names: Sequence[str] = tuple(COMMANDS)) -> typer.Typer:
    """The command line with these commands."""
    app = typer.Typer(
        name="deskgraph",
        help="A customer-service platform around a knowledge graph. 智能客服中台",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_platform)
    for name in names:
        found = getattr(import_module(f"api.cli.{name}"), COMMANDS[name])
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=name)
        else:
            app.command(name=name)(found)
    return app


def _platform() -> None:
    """A customer-service platform around a knowledge graph. 智能客服中台"""


def main() -> None:
    """The ``deskgraph`` command."""
    # Only what is asked for is imported: training alone brings two seconds of libraries.
    asked = [name for name in sys.argv[1:2] if name in COMMANDS]
    try:
        with importing():
            app = build_app(asked or tuple(COMMANDS))
        app()
    except DOMAIN as error:
        complain(str(error))
        sys.exit(_exit_code(error))
    except KeyboardInterrupt:
        sys.exit(130)


def _exit_code(error: Exception) -> int:
    if isinstance(error, SettingsError | InputError):
        return EXIT_USAGE
    if client_code(error) == "UNAVAILABLE":
        return EXIT_UNAVAILABLE
    return EXIT_USAGE if isinstance(error, ApiError) else EXIT_FINDINGS
