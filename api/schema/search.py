"""The root field ``search``: nodes of several types, the likeliest first."""

from collections.abc import Sequence
from typing import Any

import strawberry

from api.context import Info
from api.errors import InputError
from api.globalid import to_global
from api.plan.arguments import DEFAULT_SIZE, LARGEST
from api.plan.grouping import enum_name
from api.schema.execution import Projected
from api.schema.making import Typed, arguments, enum_type
from api.schema.nodes import NOUNS, Node
from api.schema.reads import read_nodes
from api.services.search import SEARCHED, search
from graph.vocabulary import Label


def search_field() -> Any:
    """Made once, for the one schema."""
    field: Any = strawberry.field(
        resolver=_resolve,
        name="search",
        description="What a text may mean, the likeliest first: names of knowledge however they "
        "are typed, orders and people by what they are called, tickets by their words. 搜索",
        graphql_type=list[Node] | None,
    )
    types = enum_type(
        "SearchType",
        "What can be searched. 可搜索的类型",
        {enum_name(str(label)): (label, NOUNS[label].text) for label in SEARCHED},
    )
    field.arguments = list(
        arguments(
            {
                "text": Typed(of=str, text="As it is typed, at most 200 characters. 搜索文本"),
                "types": Typed(
                    of=list[types] | None,  # type: ignore[valid-type]
                    text="Which types; all without. 类型",
                ),
                "first": Typed(
                    of=int | None,
                    text=f"How many, 1 to {LARGEST}; {DEFAULT_SIZE} by default. 前几条",
                ),
            }
        )
    )
    return field


async def _resolve(
    info: Info, text: str, types: Sequence[Any] | None = None, first: int | None = None
) -> Any:
    """See ``api.services.search``."""
    limit = DEFAULT_SIZE if first is None else first
    if not 1 <= limit <= LARGEST:
        raise InputError("first", f"first is 1 to {LARGEST}, not {limit}")
    labels = [Label(one.value) for one in types] if types else SEARCHED
    context = info.context
    hits, denied = await search(context.platform, context.actor, text, labels=labels, limit=limit)
    context.withheld.denied.update(map(str, denied if types else ()))
    found = await read_nodes(info, [to_global(*hit) for hit in hits])
    # Some may be gone, or moved out of sight, since they were found.
    return Projected([one for one in found.value if one is not None], found.receipts)
