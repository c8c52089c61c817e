"""``where`` and ``orderBy`` of every type, from the field table."""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

import strawberry

from api.plan.where import SEARCH
from api.schema.making import Typed, input_type, shell
from api.schema.scalars import Instant, Long
from graph.fields import FIELDS, ORDERABLE, TYPES, Field
from graph.schema import Kind
from graph.selection.request import Operator
from graph.vocabulary import Label

_LONG = frozenset({"Ticket.seq"})
_O = Operator
_TEXTS: Mapping[Operator, str] = {
    _O.EQ: "Equal. 等于",
    _O.IN: "One of these, at most 1,000. 属于",
    _O.LT: "Less, or before. 小于",
    _O.LTE: "Not more, or not after. 不大于",
    _O.GT: "More, or after. 大于",
    _O.GTE: "Not less, or not before. 不小于",
    _O.CONTAINS: "Has this part. 包含",
    _O.STARTS_WITH: "Begins so. 开头为",
    _O.ENDS_WITH: "Ends so. 结尾为",
    _O.HAS: "Has this element. 含有",
    _O.IS_NULL: "Whether there is no value. 是否为空",
}
_SORTED = (_O.EQ, _O.IN, _O.LT, _O.LTE, _O.GT, _O.GTE, _O.IS_NULL)
_FILTERS: Mapping[str, tuple[Any, tuple[Operator, ...]]] = {
    "IdFilter": (strawberry.ID, (_O.EQ, _O.IN)),
    "TextFilter": (
        str,
        (_O.EQ, _O.IN, _O.CONTAINS, _O.STARTS_WITH, _O.ENDS_WITH, _O.IS_NULL),
    ),
    "SealedFilter": (str, (_O.EQ, _O.IN, _O.IS_NULL)),
    "TextsFilter": (str, (_O.HAS, _O.IS_NULL)),
    "IntFilter": (int, _SORTED),
    "LongFilter": (Long, _SORTED),
    "FloatFilter": (float, _SORTED),
    "DateTimeFilter": (Instant, _SORTED),
    "BooleanFilter": (bool, (_O.EQ, _O.IS_NULL)),
}
_SCALARS: Mapping[Kind, tuple[Any, str]] = {
    Kind.TEXT: (str, "TextFilter"),
    Kind.TEXTS: (list[str], "TextsFilter"),
    Kind.INTEGER: (int, "IntFilter"),
    Kind.NUMBER: (float, "FloatFilter"),
    Kind.NUMBERS: (list[float], "FloatFilter"),
    Kind.BOOLEAN: (bool, "BooleanFilter"),
    Kind.INSTANT: (Instant, "DateTimeFilter"),
}


@strawberry.enum(description="Which end comes first. 方向")
class Direction(Enum):
    """Of one criterion."""

    ASC = strawberry.enum_value("ASC", description="Smallest or oldest first. 升序")
    DESC = strawberry.enum_value("DESC", description="Largest or newest first. 降序")


def scalar_of(field: Field) -> Any:
    """The type of a property field, without null."""
    return _kind(field)[0]


def _kind(field: Field) -> tuple[Any, str]:
    if field.property is None:
        raise TypeError(f"{field.coordinate} is no property")
    if field.name == "id":
        return strawberry.ID, "IdFilter"
    if field.coordinate in _LONG:
        return Long, "LongFilter"
    scalar, filter_ = _SCALARS[field.property.kind]
    return scalar, "SealedFilter" if field.property.sealed else filter_


def filter_types() -> Mapping[Label, tuple[type, type]]:
    """``where`` and ``orderBy`` (of one criterion) for every label."""
    filters = {name: shell(name) for name in _FILTERS}
    for name, (scalar, operators) in _FILTERS.items():
        input_type(
            filters[name], "What a value is to be. 条件", dict(_operators(scalar, operators))
        )
    wheres = {label: shell(f"{label}Where") for label in TYPES}
    orders = {label: shell(f"{label}Order") for label in TYPES}
    for label in TYPES:
        fields = dict(_conditions(label, filters, wheres))
        input_type(wheres[label], "All of these hold. 筛选条件", fields)
        criteria = {
            name: Typed(of=Direction | None, text="By this field. 按此字段")
            for name in ORDERABLE[label]
        }
        input_type(orders[label], "One criterion. 排序", criteria, one_of=True)
    return {label: (wheres[label], orders[label]) for label in TYPES}


def _operators(scalar: Any, operators: Iterable[Operator]) -> Iterable[tuple[str, Typed]]:
    for one in operators:
        of = {_O.IN: list[scalar], _O.IS_NULL: bool}.get(one, scalar)
        yield str(one), Typed(of=of | None, text=_TEXTS[one])


def _conditions(
    label: Label, filters: Mapping[str, type], wheres: Mapping[Label, type]
) -> Iterable[tuple[str, Typed]]:
    for name, field in FIELDS[label].items():
        if field.property:
            yield name, Typed(of=filters[_kind(field)[1]] | None, text="Of the value. 字段条件")
        elif len(field.targets) == 1:
            text = "That one of them passes this. 关联条件"
            yield name, Typed(of=wheres[field.targets[0]] | None, text=text)
    if label is Label.TICKET:
        text = "That all these words were said in it. 全文检索"
        yield SEARCH, Typed(of=str | None, text=text)
    own = wheres[label]
    yield "AND", Typed(of=list[own] | None, text="All hold. 且")  # type: ignore[valid-type]
    yield "OR", Typed(of=list[own] | None, text="One holds. 或")  # type: ignore[valid-type]
    yield "NOT", Typed(of=own | None, text="Does not hold. 非")
