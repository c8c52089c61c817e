"""What can be read."""

from typing import Any

import strawberry

from api.context import Info
from api.errors import InputError
from api.globalid import own_id
from api.schema.access_query import access_fields
from api.schema.answer import Answer, answer_of
from api.schema.execution import Projected
from api.schema.nodes import GRAPH, Node
from api.schema.reads import list_fields, read_nodes, read_one
from api.schema.route import ExplainedRoute, RouteReceipt, choice_of, receipt_of, sees_staff
from api.schema.search import search_field
from api.services.ask import ask
from api.services.route import explain_route, preview_route
from graph.vocabulary import Label


@strawberry.type(description="Who is asking. 当前身份")
class Viewer:
    """A client shows what `can` holds and nothing else."""

    id: str = strawberry.field(description="Name of the actor. 身份")
    roles: list[str] = strawberry.field(description="Roles, sorted. 角色")
    can: list[str] = strawberry.field(description="Rights as Resource:action. 权限")


class Query:
    """One line per root field: the service, then its shape. Lists of every type follow below."""

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
    async def ask(
        self, info: Info, question: str, conversation_id: strawberry.ID | None = None
    ) -> Answer:
        """See ``api.services.ask``."""
        platform, actor = info.context.platform, info.context.actor
        return answer_of(await ask(platform, actor, question, conversation=conversation_id))

    @strawberry.field(description="Where a text would be routed, and why. 预览路由")
    async def preview_route(
        self, info: Info, text: str, customer_id: strawberry.ID | None = None
    ) -> RouteReceipt:
        """See ``api.services.route``."""
        platform, actor = info.context.platform, info.context.actor
        customer = own_id(Label.CUSTOMER, customer_id) if customer_id else None
        if customer_id and customer is None:
            raise InputError("customerId", "customerId needs the id of a Customer")
        receipt = await preview_route(platform, actor, text, customer=customer)
        rights = platform.rights(actor)
        return receipt_of(receipt, platform.extractor.knowledge, rights, heard_all=False)

    @strawberry.field(
        description="Why a ticket is where it is, and who would work on it now. 解释路由"
    )
    async def explain_route(self, info: Info, ticket_id: strawberry.ID) -> ExplainedRoute | None:
        """See ``api.services.route``. Null when absent or out of scope."""
        platform, actor = info.context.platform, info.context.actor
        own = own_id(Label.TICKET, ticket_id)
        found = await explain_route(platform, actor, own) if own else None
        if found is None:
            return None
        rights, knowledge = platform.rights(actor), platform.extractor.knowledge
        now = found.choice if sees_staff(rights) else None
        return ExplainedRoute(
            receipt=receipt_of(found.receipt, knowledge, rights),
            choice_now=choice_of(now) if now else None,
        )

    @strawberry.field(
        description="One ticket, by global id or number; null when absent or out of scope. 工单",
        graphql_type=GRAPH.nodes[Label.TICKET] | None,
    )
    async def ticket(self, info: Info, id: strawberry.ID) -> Any:  # noqa: A002
        """See ``api.schema.reads``."""
        own = own_id(Label.TICKET, id)
        return await read_one(info, Label.TICKET, own) if own else None

    @strawberry.field(
        description="Any node by its global id; null when absent or out of scope. 节点",
        graphql_type=Node | None,
    )
    async def node(self, info: Info, id: strawberry.ID) -> Any:  # noqa: A002
        """See ``api.schema.reads``."""
        found = await read_nodes(info, [id])
        return Projected(found.value[0], found.receipts)

    @strawberry.field(
        description="Nodes by their global ids, at most 100, in that order. 多个节点",
        graphql_type=list[Node | None] | None,
    )
    async def nodes(self, info: Info, ids: list[strawberry.ID]) -> Any:
        """See ``api.schema.reads``."""
        return await read_nodes(info, ids)


for _name, _field in {**list_fields(), "search": search_field()}.items():
    setattr(Query, _name, _field)
    Query.__annotations__[_name] = _field.type_annotation.annotation
for _name, _field in access_fields().items():
    setattr(Query, _name, _field)
strawberry.type(Query, description="Everything that can be read. 查询")
