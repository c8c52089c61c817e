"""A ticket as far as the actor may read it."""

import json
from dataclasses import dataclass

from api.bootstrap import Platform
from graph.model import Actor, Receipt
from graph.rights import Action
from graph.routing import receipt_from_json
from graph.vocabulary import Label


@dataclass(frozen=True, kw_only=True, slots=True)
class TicketView:
    """A ticket's own values and its receipt; instants in milliseconds since the epoch."""

    id: str
    state: str
    subject: str
    language: str
    text: str | None
    created_at: int
    assigned_at: int | None
    department: str | None
    customer: str | None
    receipt: Receipt | None


async def read_ticket(platform: Platform, actor: Actor, ticket: str) -> TicketView | None:
    """The ticket, or ``None`` when there is none or it is out of the actor's scope.

    Raises:
        ForbiddenError: the actor may not read tickets at all.
        UnavailableError: the graph does not answer.
    """
    reach = platform.rights(actor).reach(actor, Action.READ, Label.TICKET)
    rows = await platform.store.read("ticket-get", id=ticket, **reach.parameters())
    if not rows:
        return None
    row = dict(rows[0])
    receipt = row.pop("receipt")
    return TicketView(**row, receipt=receipt_from_json(json.loads(receipt)) if receipt else None)
