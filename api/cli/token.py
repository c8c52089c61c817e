"""``deskgraph token``: for development."""

from typing import Annotated

import typer

from api.bearer import issue_token
from api.cli.output import Format, Output, say, say_json
from api.cli.running import actor_with
from api.errors import InputError
from api.settings import read_settings
from graph.model import Actor

_HOUR = 3600


def token_command(
    roles: Annotated[list[str], typer.Option("--role", help="a role; may be given several times")],
    customer: Annotated[str | None, typer.Option("--customer", help="customer id")] = None,
    departments: Annotated[
        list[str] | None, typer.Option("--department", help="department id; may be repeated")
    ] = None,
    lines: Annotated[
        list[str] | None, typer.Option("--line", help="business line id; may be repeated")
    ] = None,
    agent: Annotated[str | None, typer.Option("--agent", help="agent id")] = None,
    hours: Annotated[int, typer.Option("--hours", min=1, max=24, help="how long it is good")] = 8,
    output: Output = Format.TABLE,
) -> None:
    """Issue a bearer token signed with DESKGRAPH_TOKEN_SECRET; refused in production.

    Example: deskgraph token --role agent --department billing
    """
    settings = read_settings()
    if settings.production or not settings.token_secret:
        raise InputError(
            "token", "tokens are issued in development only, with DESKGRAPH_TOKEN_SECRET set"
        )
    named = actor_with(roles)
    actor = Actor(
        id=f"dev:{'+'.join(sorted(named.roles))}",
        roles=named.roles,
        customer_id=customer,
        department_ids=frozenset(departments or ()),
        line_ids=frozenset(lines or ()),
        agent_id=agent,
    )
    token = issue_token(actor, settings, seconds=hours * _HOUR)
    if output is Format.JSON:
        say_json({"token": token})
    else:
        say([token])
