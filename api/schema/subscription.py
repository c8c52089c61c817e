"""What can be followed."""

from collections.abc import AsyncGenerator, Mapping
from enum import Enum
from typing import Any

import strawberry

from api.context import Info
from api.schema.execution import Projected
from api.schema.nodes import GRAPH
from api.schema.watching import Seen, watch
from graph.vocabulary import Label


@strawberry.enum(description="What happened to a ticket. 事件")
class TicketEventKind(Enum):
    """Of one event."""

    CHANGED = strawberry.enum_value(
        "CHANGED", description="It is new, or not as it was, or now passes the filter. 有变化"
    )
    LEFT = strawberry.enum_value(
        "LEFT", description="It no longer passes the filter, or left your scope. 已离开"
    )
    RESYNC = strawberry.enum_value(
        "RESYNC", description="Load your list again: anything may have changed. 请重新加载"
    )


@strawberry.type(description="A change of a ticket. 工单事件")
class TicketEvent:
    """`ticketId` and `ticket` are null where the kind is RESYNC, `ticket` where it is LEFT."""

    kind: TicketEventKind = strawberry.field(description="What happened. 事件")
    ticket_id: strawberry.ID | None = strawberry.field(description="Global id. 编号")
    seen: strawberry.Private[Mapping[str, Projected]]

    @strawberry.field(
        description="The ticket as you may see it. 工单",
        graphql_type=GRAPH.nodes[Label.TICKET] | None,
    )
    def ticket(self, info: Info) -> Any:
        """Read already, under its response key."""
        return self.seen.get(str(info.path.key))


def _event(seen: Seen) -> TicketEvent:
    return TicketEvent(
        kind=TicketEventKind[seen.kind],
        ticket_id=strawberry.ID(seen.id) if seen.id else None,
        seen=seen.shown,
    )


async def _changed(info: Info, **_: Any) -> AsyncGenerator[TicketEvent, None]:
    async for seen in watch(info):
        yield _event(seen)


_ticket_changed: Any = strawberry.subscription(
    resolver=_changed,
    description="Changes of the tickets that you may see and that pass `where`. It begins with "
    "RESYNC: load your list then, and whenever it comes again. 工单变化",
)
# The compiler reads it from the document itself.
_ticket_changed.arguments = [
    one for one in GRAPH.lists[(Label.TICKET,)].arguments if one.graphql_name == "where"
]


@strawberry.type(description="Everything that can be followed. 订阅")
class Subscription:
    """Over WebSocket, in the protocol graphql-transport-ws."""

    ticket_changed: AsyncGenerator[TicketEvent, None] = _ticket_changed
