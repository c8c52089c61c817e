"""What can be read."""

import strawberry

from api.context import Info
from api.schema.answer import Answer, answer_of
from api.schema.route import Route, route_of
from api.schema.ticket import Ticket, ticket_of
from api.services.ask import ask
from api.services.route import preview_route
from api.services.tickets import read_ticket


@strawberry.type(description="Who is asking. 当前身份")
class Viewer:
    """A client shows what `can` holds and nothing else."""

    id: str = strawberry.field(description="Name of the actor. 身份")
    roles: list[str] = strawberry.field(description="Roles, sorted. 角色")
    can: list[str] = strawberry.field(description="Rights as Resource:action. 权限")


@strawberry.type(description="Everything that can be read. 查询")
class Query:
    """One line per root field: the service, then its shape."""

    @strawberry.field(description="Who you are and what you may do. 当前身份")
    def viewer(self, info: Info) -> Viewer:
        """Never refused: nobody has no rights."""
        actor = info.context.actor
        cells = info.context.platform.rights(actor).cells
        return Viewer(
            id=actor.id,
            roles=sorted(actor.roles),
            can=sorted(f"{one}:{action}" for one, action in cells if "." not in one),
        )

    @strawberry.field(description="An answer with citations, from knowledge. 提问")
    async def ask(self, info: Info, question: str) -> Answer:
        """See ``api.services.ask``."""
        return answer_of(await ask(info.context.platform, info.context.actor, question))

    @strawberry.field(description="Where a text would be routed, and why. 预览路由")
    async def preview_route(
        self, info: Info, text: str, customer_id: strawberry.ID | None = None
    ) -> Route:
        """See ``api.services.route``."""
        platform = info.context.platform
        receipt = await preview_route(platform, info.context.actor, text, customer=customer_id)
        return route_of(receipt, platform.extractor.knowledge)

    @strawberry.field(description="One ticket; null when absent or out of scope. 工单")
    async def ticket(self, info: Info, id: strawberry.ID) -> Ticket | None:  # noqa: A002
        """See ``api.services.tickets``."""
        platform = info.context.platform
        view = await read_ticket(platform, info.context.actor, id)
        return ticket_of(view, platform.extractor.knowledge) if view else None
