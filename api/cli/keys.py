"""``deskgraph keys``: API keys of programs."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from api.bootstrap import Platform
from api.cli.output import As, Format, Output, say, say_json
from api.cli.running import actor_with, run
from api.services.keys import NewKey, create_api_key, list_api_keys, revoke_api_key
from graph.key import ApiKey
from graph.migrations import now_ms
from graph.model import Actor

app = typer.Typer(help="Make, list and revoke API keys of programs.", no_args_is_help=True)


@app.command("create")
def create_command(
    key_roles: Annotated[
        list[str], typer.Option("--role", help="a role of the key; may be given several times")
    ],
    name: Annotated[str, typer.Option("--name", help="what the key is for")],
    days: Annotated[
        int | None,
        typer.Option("--expires", min=1, max=3650, help="days; default: until it is revoked"),
    ] = None,
    output: Output = Format.TABLE,
    roles: As = ["admin"],  # noqa: B006 - typer reads the default, nobody changes it
) -> None:
    """Make a key and show it, this once: only its hash is stored.

    Example: deskgraph keys create --role service --name web-shop --expires 90
    """
    wanted = tuple(sorted(actor_with(key_roles).roles))

    async def work(platform: Platform, actor: Actor) -> NewKey:
        return await create_api_key(platform, actor, name=name, roles=wanted, days=days)

    made = run(work, roles=roles)
    if output is Format.JSON:
        say_json({**_plain(made.key), "key": made.text})
    else:
        say([made.text])


@app.command("list")
def list_command(
    output: Output = Format.TABLE,
    roles: As = ["auditor"],  # noqa: B006 - typer reads the default, nobody changes it
) -> None:
    """List every key ever made: state, roles, name, by whom, until when; never a secret.

    Example: deskgraph keys list -o json
    """
    found = run(list_api_keys, roles=roles)
    if output is Format.JSON:
        say_json([_plain(key) for key in found])
    else:
        say(_line(key) for key in found)


@app.command("revoke")
def revoke_command(
    id_: Annotated[str, typer.Argument(metavar="ID", help="the key's id, as listed")],
    output: Output = Format.TABLE,
    roles: As = ["admin"],  # noqa: B006 - typer reads the default, nobody changes it
) -> None:
    """Revoke a key; every process refuses it within a second.

    Example: deskgraph keys revoke 0f1e2d3c4b5a6978
    """

    async def work(platform: Platform, actor: Actor) -> int:
        return await revoke_api_key(platform, actor, id_)

    revoked = _instant(run(work, roles=roles))
    if output is Format.JSON:
        say_json({"id": id_, "revoked_at": revoked})
    else:
        say([f"{id_} revoked {revoked}"])


def _line(key: ApiKey) -> str:
    until = _instant(key.expires_at) or "-"
    return f"{key.id}  {_state(key):<8} {','.join(key.roles)}  {key.name}  {key.author}  {until}"


def _state(key: ApiKey) -> str:
    if key.revoked_at is not None:
        return "revoked"
    return "good" if key.good(at=now_ms()) else "expired"


def _plain(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "author": key.author,
        "roles": key.roles,
        "state": _state(key),
        "created_at": _instant(key.created_at),
        "expires_at": _instant(key.expires_at),
        "revoked_at": _instant(key.revoked_at),
    }


def _instant(milliseconds: int | None) -> str | None:
    if milliseconds is None:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds")
