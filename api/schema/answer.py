"""Answer and its citations, and what may be done with a conversation."""

import strawberry

from api.context import Info
from api.globalid import to_global
from api.services.conversing import suggestions
from graph.model import ANSWER_KINDS
from graph.model import Answer as Found
from graph.model import Citation as Source


@strawberry.type(description="Where a statement comes from. 引用")
class Citation:
    """A node, the path that led to it, and its words."""

    id: strawberry.ID = strawberry.field(description="Global id of the node. 编号")
    label: str = strawberry.field(description="Label of the node. 标签")
    name: str = strawberry.field(description="What the node is called. 名称")
    path: str = strawberry.field(description="The path that led there. 路径")
    excerpt: str = strawberry.field(description="Its words. 摘录")


@strawberry.type(description="What is known of a question. 答案")
class Answer:
    """Abstains with kind none."""

    answer: str = strawberry.field(description="The answer, in the question's language. 答案")
    kind: str = strawberry.field(
        description=f"{', '.join(ANSWER_KINDS[:-1])}, or {ANSWER_KINDS[-1]}. 种类"
    )
    language: str = strawberry.field(description="zh or en. 语言")
    confidence: float = strawberry.field(description="0..1. 可信度")
    citations: list[Citation] = strawberry.field(
        description="Where it comes from; of a choice, what may be meant. 引用"
    )
    handover: bool = strawberry.field(description="Whether a person should take over. 转人工")
    withheld: list[str] = strawberry.field(
        description="What the question asks for and your roles may not read, whether there is any "
        "or not. 无权读取的内容"
    )
    question: str = strawberry.field(
        description="What was understood: a follow-up made whole. 补全后的问题"
    )
    conversation_id: strawberry.ID | None = strawberry.field(
        description="With it, the next question goes on from here; good for two hours, for you "
        "alone. 会话编号"
    )
    found: strawberry.Private[Found]

    @strawberry.field(
        name="suggestions",
        description="Questions that have an answer for you, at most three. 接着问",
    )
    async def suggested(self, info: Info) -> list[str]:
        """Looked for only when asked for."""
        found = await suggestions(info.context.platform, info.context.actor, self.found)
        return list(found)


def answer_of(found: Found) -> Answer:
    """The answer as the API serves it."""
    conversation = found.conversation
    return Answer(
        answer=found.answer,
        kind=found.kind,
        language=found.language,
        confidence=found.confidence,
        citations=[_citation(one) for one in found.citations],
        handover=found.handover,
        withheld=list(found.withheld),
        question=found.question,
        conversation_id=strawberry.ID(conversation) if conversation else None,
        found=found,
    )


def _citation(source: Source) -> Citation:
    return Citation(
        id=strawberry.ID(to_global(source.label, source.id)),
        label=source.label,
        name=source.name,
        path=source.path,
        excerpt=source.excerpt,
    )
