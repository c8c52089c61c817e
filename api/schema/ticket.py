"""Ticket, thin: its own values and its receipt."""

from datetime import UTC, datetime

import strawberry

from api.schema.department import Department, department_of
from api.schema.route import Route, route_of
from api.services.tickets import TicketView
from graph.knowledge import Knowledge


@strawberry.type(description="A customer's request, from arrival to resolution. 工单")
class Ticket:
    """Text is stored and served without personal identifiers."""

    id: strawberry.ID = strawberry.field(description="Id of the ticket. 编号")
    state: str = strawberry.field(description="Where it stands. 状态")
    subject: str = strawberry.field(description="Its first words. 主题")
    language: str = strawberry.field(description="zh or en. 语言")
    text: str | None = strawberry.field(description="Its text, redacted. 正文（已脱敏）")
    created_at: datetime = strawberry.field(description="When it arrived, UTC. 创建时间")
    assigned_at: datetime | None = strawberry.field(description="When it was routed. 分派时间")
    department: Department | None = strawberry.field(description="Who has it. 部门")
    customer_id: strawberry.ID | None = strawberry.field(description="Who raised it. 客户编号")
    route: Route | None = strawberry.field(description="Why it is there. 路由凭据")


def ticket_of(view: TicketView, knowledge: Knowledge) -> Ticket:
    """The view with names of ``knowledge``."""
    return Ticket(
        id=strawberry.ID(view.id),
        state=view.state,
        subject=view.subject,
        language=view.language,
        text=view.text,
        created_at=_instant(view.created_at),
        assigned_at=_instant(view.assigned_at) if view.assigned_at is not None else None,
        department=department_of(knowledge, view.department) if view.department else None,
        customer_id=strawberry.ID(view.customer) if view.customer else None,
        route=route_of(view.receipt, knowledge) if view.receipt else None,
    )


def _instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
