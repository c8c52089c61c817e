"""Answer and its citations."""

import strawberry

from api.globalid import to_global
from graph.model import Answer as Found
from graph.model import Citation as Source


@strawberry.type(description="Where a statement comes from. 引用")
class Citation:
    """A node, the path that led to it, and its words."""

    id: strawberry.ID = strawberry.field(description="Global id of the node. 编号")
    label: str = strawberry.field(description="Label of the node. 标签")
    path: str = strawberry.field(description="The path that led there. 路径")
    excerpt: str = strawberry.field(description="Its words. 摘录")


@strawberry.type(description="What is known of a question. 答案")
class Answer:
    """Abstains with kind none."""

    answer: str = strawberry.field(description="The answer, in the question's language. 答案")
    kind: str = strawberry.field(description="fact, count, how-to, or none. 种类")
    language: str = strawberry.field(description="zh or en. 语言")
    confidence: float = strawberry.field(description="0..1. 可信度")
    citations: list[Citation] = strawberry.field(description="Where it comes from. 引用")
    handover: bool = strawberry.field(description="Whether a person should take over. 转人工")


def answer_of(found: Found) -> Answer:
    """The answer as the API serves it."""
    return Answer(
        answer=found.answer,
        kind=found.kind,
        language=found.language,
        confidence=found.confidence,
        citations=[_citation(one) for one in found.citations],
        handover=found.handover,
    )


def _citation(source: Source) -> Citation:
    return Citation(
        id=strawberry.ID(to_global(source.label, source.id)),
        label=source.label,
        path=source.path,
        excerpt=source.excerpt,
    )
