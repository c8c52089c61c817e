"""What can be written. The nouns bring their mutations; here they become one type."""

from typing import Any

import strawberry

from api.context import Info
from api.plan.planning import shows_receipts
from api.schema.edit_mutation import edit_mutations
from api.schema.nodes import GRAPH
from api.schema.payload import REFUSALS, UserError, own, read_again, user_error
from api.schema.route import RouteReceipt, receipt_of
from api.schema.ticket_mutation import ticket_mutations
from api.services.conversing import hand_over, rate
from api.services.ingest import Ingested, NewMessage, ingest
from graph.rights import Action, Scope
from graph.vocabulary import Label


@strawberry.input(description="A message that becomes a ticket. 新工单")
class CreateTicketInput:
    """The idempotency key makes a repeated call harmless."""

    text: str = strawberry.field(description="What the customer wrote. 正文")
    idempotency_key: str = strawberry.field(
        description="Chosen by the caller; the same key never makes two tickets. 幂等键"
    )
    customer_id: strawberry.ID | None = strawberry.field(
        default=None, description="Who wrote it. 客户编号"
    )
    channel_id: strawberry.ID | None = strawberry.field(
        default=None, description="How it arrived. 渠道编号"
    )


@strawberry.type(description="The ticket, or what was wrong. 结果")
class CreateTicketPayload:
    """`ticket` is null, too, when the caller may create it but not read it."""

    ticket_id: strawberry.ID | None = strawberry.field(
        description="Number of the ticket, as people say it. 工单号"
    )
    route: RouteReceipt | None = strawberry.field(
        description="Where it went, and why, for those who see every route. 路由凭据"
    )
    user_errors: list[UserError] = strawberry.field(description="Empty when done. 输入错误")

    @strawberry.field(
        description="The ticket as it is now. 工单", graphql_type=GRAPH.nodes[Label.TICKET] | None
    )
    async def ticket(self, info: Info) -> Any:
        """Read again under today's rights, a replay's too."""
        return await read_again(info, Label.TICKET, self.ticket_id)


@strawberry.input(description="A conversation that a person takes over. 转人工")
class HandOverConversationInput:
    """What was asked and answered goes into the ticket."""

    conversation_id: strawberry.ID = strawberry.field(
        description="That of the last answer. 会话编号"
    )
    idempotency_key: str = strawberry.field(
        description="Chosen by the caller; the same key never makes two tickets. 幂等键"
    )
    text: str | None = strawberry.field(default=None, description="What to add. 补充说明")
    customer_id: strawberry.ID | None = strawberry.field(
        default=None, description="Whose ticket it becomes. 客户编号"
    )


@strawberry.input(description="How good an answer was. 评价答案")
class RateAnswerInput:
    """Of the last answer of a conversation."""

    conversation_id: strawberry.ID = strawberry.field(description="That of the answer. 会话编号")
    rating: int = strawberry.field(description="1 (no help) to 5. 评分")
    idempotency_key: str = strawberry.field(
        description="Chosen by the caller; the same key is one rating. 幂等键"
    )
    note: str | None = strawberry.field(default=None, description="What was wrong. 说明")


@strawberry.type(description="The feedback, or what was wrong. 结果")
class RateAnswerPayload:
    """Kept for those who train and evaluate."""

    feedback_id: strawberry.ID | None = strawberry.field(description="Its id. 反馈编号")
    user_errors: list[UserError] = strawberry.field(description="Empty when done. 输入错误")


class Mutation:
    """One input, one payload with userErrors."""

    @strawberry.mutation(description="Create and route a ticket. 创建工单")
    async def create_ticket(
        self,
        info: Info,
        input: CreateTicketInput,  # noqa: A002
    ) -> CreateTicketPayload:
        """See ``api.services.ingest``."""
        platform, actor = info.context.platform, info.context.actor
        try:
            message = NewMessage(
                text=input.text,
                idempotency_key=input.idempotency_key,
                customer=_own(Label.CUSTOMER, input.customer_id, "customerId"),
                channel=_own(Label.CHANNEL, input.channel_id, "channelId"),
            )
            made = await ingest(platform, actor, message)
        except REFUSALS as error:
            wrong = user_error(error, field="customerId")
            return CreateTicketPayload(ticket_id=None, route=None, user_errors=[wrong])
        return _created(info, made)

    @strawberry.mutation(description="A routed ticket with the conversation in it. 转人工")
    async def hand_over_conversation(
        self,
        info: Info,
        input: HandOverConversationInput,  # noqa: A002
    ) -> CreateTicketPayload:
        """See ``api.services.conversing``."""
        try:
            made = await hand_over(
                info.context.platform,
                info.context.actor,
                input.conversation_id,
                idempotency_key=input.idempotency_key,
                text=input.text,
                customer=_own(Label.CUSTOMER, input.customer_id, "customerId"),
            )
        except REFUSALS as error:
            wrong = user_error(error, field="conversationId")
            return CreateTicketPayload(ticket_id=None, route=None, user_errors=[wrong])
        return _created(info, made)

    @strawberry.mutation(description="Say how good the last answer was. 评价答案")
    async def rate_answer(
        self,
        info: Info,
        input: RateAnswerInput,  # noqa: A002
    ) -> RateAnswerPayload:
        """See ``api.services.conversing``."""
        try:
            made = await rate(
                info.context.platform,
                info.context.actor,
                input.conversation_id,
                rating=input.rating,
                idempotency_key=input.idempotency_key,
                note=input.note,
            )
        except REFUSALS as error:
            wrong = user_error(error, field="conversationId")
            return RateAnswerPayload(feedback_id=None, user_errors=[wrong])
        return RateAnswerPayload(feedback_id=strawberry.ID(made), user_errors=[])


def _created(info: Info, made: Ingested) -> CreateTicketPayload:
    platform = info.context.platform
    rights = platform.rights(info.context.actor)
    route = None
    rows = rights.cell(Label.ROUTE, Action.READ)
    if Scope.ANY in rows and shows_receipts(rights, rows=rows):
        route = receipt_of(made.receipt, platform.extractor.knowledge, rights)
    else:
        info.context.withheld.denied.add("CreateTicketPayload.route")
    return CreateTicketPayload(ticket_id=strawberry.ID(made.id), route=route, user_errors=[])


def _own(label: Label, id_: str | None, field: str) -> str | None:
    return own(label, id_, field) if id_ else id_


for _name, _field in {**ticket_mutations(), **edit_mutations()}.items():
    setattr(Mutation, _name, _field)
    Mutation.__annotations__[_name] = _field.type_annotation.annotation
strawberry.type(Mutation, description="Everything that can be written. 变更")
