"""The types of the graph: nodes, their lists, edges and unions, from the field table and nouns."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Annotated, Any

import strawberry

from api.plan.arguments import DEFAULT_SIZE, LARGEST
from api.plan.outline import MOVES
from api.schema import (
    agent,
    alias,
    customer,
    department,
    issue,
    message,
    order,
    product,
    resolution,
    stored_route,
    ticket,
)
from api.schema.filters import filter_types, scalar_of
from api.schema.groups import group_field
from api.schema.links import said_fields
from api.schema.making import Typed, arguments, in_words, object_type, shell
from api.schema.noun import Noun
from api.schema.route import RouteReceipt
from api.schema.ticket import TicketAction
from graph.fields import FIELDS, SAID, TYPES, Field
from graph.vocabulary import Label

_MODULES = (
    customer, order, product, issue, resolution, alias,
    department, agent, ticket, message, stored_route,
)  # fmt: skip
NOUNS: Mapping[Label, Noun] = {
    noun.label: noun
    for module in _MODULES
    for noun in vars(module).values()
    if isinstance(noun, Noun)
}
_UNIONS: Mapping[tuple[Label, ...], str] = {
    (Label.PRODUCT, Label.CATEGORY): "Goods",
    (Label.PRODUCT, Label.CATEGORY, Label.ORDER, Label.DEPARTMENT): "TicketMention",
    FIELDS[Label.ALIAS]["names"].targets: "Named",
}


@strawberry.interface(description="Whatever has a global id. 节点")
class Node:
    """Every type of the graph."""

    id: strawberry.ID = strawberry.field(description="Global id. 编号")


@strawberry.type(description="Which part of a list a page is. 分页信息")
class PageInfo:
    """As in the Relay specification."""

    has_next_page: bool = strawberry.field(description="Whether more follow. 是否有下一页")
    has_previous_page: bool = strawberry.field(description="Whether more precede. 是否有上一页")
    start_cursor: str | None = strawberry.field(description="Of the first row. 起始游标")
    end_cursor: str | None = strawberry.field(description="Of the last row. 结束游标")


_PAGE: Mapping[str, Typed] = {
    "first": Typed(
        of=int | None,
        text=f"How many from the beginning, 1 to {LARGEST}; {DEFAULT_SIZE} by default. 前几条",
    ),
    "after": Typed(of=str | None, text="Behind this cursor. 游标之后"),
    "last": Typed(of=int | None, text=f"How many from the end, 1 to {LARGEST}. 后几条"),
    "before": Typed(of=str | None, text="Ahead of this cursor. 游标之前"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Types:
    """Every node type, and the list and its arguments by the labels in it."""

    nodes: Mapping[Label, type]
    lists: Mapping[tuple[Label, ...], Typed]


def node_types() -> Types:
    """All types of the graph. Made once for one schema: strawberry's types belong to it."""
    filters = filter_types()
    nodes = {label: shell(str(label), Node) for label in TYPES}
    unions = {targets: _union(name, targets, nodes) for targets, name in _UNIONS.items()}
    lists: dict[tuple[Label, ...], Typed] = {}
    for label in TYPES:
        where, order_ = filters[label]
        own = {
            **_PAGE,
            "where": Typed(of=where | None, text="Which of them. 筛选"),
            "orderBy": Typed(
                of=list[order_] | None,  # type: ignore[valid-type]
                text="In which order; by the type's own without. 排序",
            ),
        }
        groups = group_field(label, NOUNS[label].fields, nodes)
        lists[(label,)] = _list(str(label), nodes[label], own, groups)
    for targets, name in _UNIONS.items():
        lists[targets] = _list(name, unions[targets], _PAGE, {})
    links = said_fields(nodes)
    for label in TYPES:
        noun = NOUNS[label]
        said = {name: links[one.coordinate] for name, one in SAID.get(label, {}).items()}
        object_type(nodes[label], noun.text, {**dict(_fields(noun, nodes, lists)), **said})
    return Types(nodes=nodes, lists=lists)


def _union(name: str, targets: tuple[Label, ...], nodes: Mapping[Label, type]) -> Any:
    text = f"A {in_words(map(str, targets))}. 其中之一"
    return Annotated[
        reduce(or_, (nodes[one] for one in targets)),
        strawberry.union(name, description=text),
    ]


def _list(name: str, of: Any, own: Mapping[str, Typed], groups: Mapping[str, Typed]) -> Typed:
    edge, connection = shell(f"{name}Edge"), shell(f"{name}Connection")
    object_type(
        edge,
        "A row of a list. 列表项",
        {
            "cursor": Typed(of=str, text="Where the row stands. 游标"),
            "node": Typed(of=of | None, text="What stands there. 节点"),
        },
    )
    object_type(
        connection,
        "A page of a list. 分页列表",
        {
            "edges": Typed(of=list[edge], text="The rows. 列表项"),  # type: ignore[valid-type]
            "pageInfo": Typed(of=PageInfo, text="Which part this is. 分页信息"),
            "totalCount": Typed(of=int, text="How many there are in all. 总数"),
            **groups,
        },
    )
    return Typed(of=connection | None, text="", arguments=arguments(own))


def _fields(
    noun: Noun, nodes: Mapping[Label, type], lists: Mapping[tuple[Label, ...], Typed]
) -> Iterator[tuple[str, Typed]]:
    for name, field in FIELDS[noun.label].items():
        yield name, _field(field, noun.fields[name], nodes, lists)
    if noun.label is Label.TICKET:
        text = "Why it went where it went, with every path. 路由凭据"
        yield "receipt", Typed(of=RouteReceipt | None, text=text)
        text = "What you may do to it now. 可执行的操作"
        yield MOVES, Typed(of=list[TicketAction] | None, text=text)


def _field(
    field: Field,
    text: str,
    nodes: Mapping[Label, type],
    lists: Mapping[tuple[Label, ...], Typed],
) -> Typed:
    if field.property:
        scalar = scalar_of(field)
        return Typed(of=scalar if field.name == "id" else scalar | None, text=text)
    if field.many:
        found = lists[field.targets]
        return Typed(of=found.of, text=text, arguments=found.arguments)
    return Typed(of=nodes[field.targets[0]] | None, text=text)


GRAPH = node_types()
"""Of the one schema: strawberry's types belong to it."""
