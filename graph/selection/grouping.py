"""Rows in groups: how many, by what, and the least, greatest and mean of their values.

Counting tells of rows as reading does, so it has a right of its own: the rows that are counted are
those that the label's aggregate cell reaches. Whoever may not read all of these rows learns of no
group smaller than ``FEWEST``.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from graph.errors import ForbiddenArgumentError
from graph.fields import Field
from graph.rights import Action, Ladder, Rights, Scope
from graph.schema import Kind
from graph.selection.filter import condition, guards, permitted
from graph.selection.listing import where
from graph.selection.request import Branch, Filter, Grouping, Measure, Selected
from graph.selection.scope import arrow, slot, visible
from graph.vocabulary import Label

FEWEST = 5
_DAY_MS = 86_400_000
Reached: TypeAlias = Callable[[str, Selected], str]
"""Writes the list of a node's shown parts, given its variable."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Grouped:
    """Rows to be grouped: ``match`` binds ``variable``, nodes of ``label`` that pass ``filter``."""

    variable: str
    label: Label
    match: str
    filter: Filter | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Part:
    """A key or a measure. ``value`` is what it is of one row, where a row has it; ``bind`` is a
    clause of its own (a key) or the measure; ``order`` sorts groups; ``shown`` is served.
    """

    name: str
    shown: str
    value: str = ""
    bind: str = ""
    order: str = ""


def group(
    rows: Grouped, grouping: Grouping, *, rights: Rights, reached: Reached
) -> tuple[str, str]:
    """Up to the groups in order, and the list that each is: ``[count, keys, measures]``.

    A measure that may not be taken is null.

    Raises:
        ForbiddenArgumentError: rows may not be counted, or not by this.
    """
    counted = counted_rows(rights, rows.label)
    keys = [
        _key(rows, one, place, rights=rights, reached=reached)
        for place, one in enumerate(grouping.by)
    ]
    taken = [
        _taken(rows, one, place, rights=rights, counted=counted)
        for place, one in enumerate(grouping.measures)
    ]
    each = [f"{one.value} AS {one.name}" if one.value else one.name for one in (*keys, *taken)]
    sizes = [*(key.name for key in keys), f"count({rows.variable}) AS size"]
    lines = [
        where(rows.match, list(_held(rows, grouping, rights=rights, counted=counted))),
        *(key.bind for key in keys),
        # A row that a relationship leads to twice is one row of its group.
        f"WITH DISTINCT {', '.join([rows.variable, *each])}",
        f"WITH {', '.join([*sizes, *(one.bind for one in taken)])}",
        "" if _reads_all(rights, rows.label, counted) else f"WHERE size >= {FEWEST}",
        f"ORDER BY {', '.join(['size DESC', *(key.order for key in keys)])}",
        f"LIMIT {slot(grouping.size)}",
    ]
    return " ".join(filter(None, lines)), f"[size, {_list(keys)}, {_list(taken)}]"


def counted_rows(rights: Rights, label: Label) -> Ladder:
    """Which rows of ``label`` may be counted.

    Raises:
        ForbiddenArgumentError: none.
    """
    ladder = rights.cell(str(label), Action.AGGREGATE)
    if not ladder:
        raise ForbiddenArgumentError(str(label), Action.AGGREGATE)
    return ladder


def _held(
    rows: Grouped, grouping: Grouping, *, rights: Rights, counted: Ladder
) -> Iterator[str | None]:
    """What a row has to be to be counted."""
    yield visible(rows.variable, rows.label, counted)
    for one in grouping.by:
        ladder = permitted(rights, one.field if isinstance(one, Branch) else one, Action.AGGREGATE)
        yield from guards(rows.variable, rows.label, ladder, rows=counted)
    if rows.filter:
        yield from condition(rows.variable, rows.label, rows.filter, rights=rights, rows=counted)


def _list(parts: Sequence[_Part]) -> str:
    return f"[{', '.join(part.shown for part in parts)}]"


def _reads_all(rights: Rights, label: Label, counted: Ladder) -> bool:
    read = rights.cell(str(label), Action.READ)
    return Scope.ANY in read or (Scope.ANY not in counted and counted.keys() <= read.keys())


def _key(
    rows: Grouped, one: Field | Branch, place: int, *, rights: Rights, reached: Reached
) -> _Part:
    name = f"{rows.variable}k{place}"
    if not isinstance(one, Branch):
        return _Part(name=name, value=_value(rows, one), order=name, shown=name)
    (selected,) = one.nodes
    ladder = rights.cell(str(selected.label), Action.READ)
    if not ladder:
        raise ForbiddenArgumentError(str(selected.label), Action.READ)
    (hop,) = one.field.hops
    match = f"OPTIONAL MATCH ({rows.variable}){arrow(hop)}({name}:{selected.label})"
    return _Part(
        name=name,
        bind=where(match, [visible(name, selected.label, ladder)]),
        order=f"{name}.id",
        shown=f"CASE WHEN {name} IS NOT NULL THEN {reached(name, selected)} END",
    )


def _value(rows: Grouped, field: Field) -> str:
    if field.property is None:
        raise TypeError(f"{field.coordinate} is no property")
    name = f"{rows.variable}.{field.property.name}"
    return f"{name} / {_DAY_MS} * {_DAY_MS}" if field.property.kind is Kind.INSTANT else name


def _taken(
    rows: Grouped, one: tuple[Measure, Field], place: int, *, rights: Rights, counted: Ladder
) -> _Part:
    measure, field = one
    ladder = rights.cell(field.coordinate, Action.AGGREGATE)
    name = f"{rows.variable}m{place}"
    if field.property is None:
        raise TypeError(f"{field.coordinate} is no property")
    value = f"{rows.variable}.{field.property.name}" if ladder else "null"
    for bound in guards(rows.variable, rows.label, ladder, rows=counted) if ladder else ():
        value = f"CASE WHEN {bound} THEN {value} END"
    return _Part(name=name, value=value, bind=f"{measure}({name}) AS {name}", shown=name)
