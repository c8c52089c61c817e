"""The rows of a reading, selected under the rights of whoever asks, and what they measure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from graph.errors import ForbiddenError
from graph.queries import Query
from graph.question.question import Question
from graph.question.reading import Lead, Output, Reading, dated, tells_pieces
from graph.selection.asker import Asker
from graph.selection.walk import MOST, Held, Start, Trail, Walk, compile_walk
from graph.store import Store
from graph.telling import Found, found_of
from graph.text import fold, has_han
from graph.vocabulary import Label

_OF_A_KIND = (Label.CATEGORY, Label.PRODUCT)


def is_status(reading: Reading) -> bool:
    """Whether the asker's own orders or tickets are asked for."""
    own = any(anchor.own for anchor in reading.anchors)
    return own and reading.output in {Output.VALUE} and reading.asked is not None


async def select(
    store: Store,
    reading: Reading,
    question: Question | None = None,
    *,
    asker: Asker,
    counted: bool = False,
) -> list[Found]:
    """The rows of a reading, nothing twice; none, too, where it may not be selected."""
    walk, values = _walk(reading, counted=counted)
    query = _compiled(walk, asker)
    if query is None:
        return []
    rows = [found_of(row) for row in await asker.select(store, query, **values)]
    rows = list(_nearest(_once(rows, reading)))
    if question is not None:
        rows = _so_called(rows, reading, question)
    if walk.value is not None and reading.output is not Output.COUNT:
        rows = [row for row in rows if row.value is not None]
    if reading.extreme and rows:
        rows = _extremes(rows, reading)
    if reading.compared and len(rows) < len(reading.compared):
        return []
    return rows


async def measured_of(
    store: Store, reading: Reading, rows: Sequence[Found], asker: Asker
) -> float | int | None:
    """The count, sum or mean that is asked for of ``rows``, or of more where they are too many."""
    if len(rows) > MOST:
        walk, values = _walk(reading, counted=True)
        query = compile_walk(walk, asker, totals=True)
        (row,) = await asker.select(store, query, **values)
        count, quantity, total, mean = row
        by_output: Mapping[Output, float | int | None] = {
            Output.COUNT: quantity if _in_pieces(reading, rows[0]) else count,
            Output.SUM: total,
            Output.MEAN: mean,
        }
        return by_output[reading.output]
    if reading.output is Output.COUNT:
        return sum(row.quantity or 0 if _in_pieces(reading, row) else 1 for row in rows)
    asked = reading.asked
    pieces = asked is not None and asked.type is not None and not tells_pieces(asked)
    values_told = [
        row.value * ((row.quantity or 1) if pieces else 1) for row in rows if row.value is not None
    ]
    if not values_told:
        return None
    total = float(sum(values_told))
    return total if reading.output is Output.SUM else total / len(values_told)


def _in_pieces(reading: Reading, row: Found) -> bool:
    """Whether what is counted are pieces: what the relationship that has a quantity leads to."""
    if row.quantity is None:
        return False
    return reading.main is not None and not reading.main.steps[-1].inverse


def may_count(reading: Reading, asker: Asker) -> bool:
    """Whether the asker may count what the reading leads to."""
    walk, _ = _walk(reading, counted=True)
    return _compiled(walk, asker) is not None


def _so_called(rows: list[Found], reading: Reading, question: Question) -> list[Found]:
    """Of the products of a category those that are called what the question calls it, where some
    are and it is called otherwise itself: 扫地机器人 of floor care. A "fridge" may be a freezer,
    too: what things are is the end of their names in Chinese alone.
    """
    anchor = reading.main.anchor if reading.main else None
    if anchor is None or (anchor.label, reading.label) != _OF_A_KIND:
        return rows
    if not rows or len(rows) > MOST:
        return rows
    said = question.folded[anchor.start : anchor.end]
    own = rows[0].via[0][1:] if rows[0].via else ()
    if not has_han(said) or any(said in fold(str(name)) for name in own if name):
        return rows
    return [row for row in rows if row.is_called(said)] or rows


def _compiled(walk: Walk, asker: Asker) -> Query | None:
    """The query, unless nobody with these rights can select it."""
    try:
        return compile_walk(walk, asker)
    except ForbiddenError:
        return None


def _once(rows: Sequence[Found], reading: Reading) -> Iterator[Found]:
    """A node once, however many ways lead to it; a relationship's own value each time."""
    of_relationship = reading.asked is not None and reading.asked.type is not None
    seen = set()
    for row in rows:
        if not (_in_pieces(reading, row) or of_relationship):
            if row.id in seen and row.depth >= 0:
                continue
            seen.add(row.id)
        yield row


def _nearest(rows: Iterable[Found]) -> Iterator[Found]:
    """What is inherited from nearest by: for each node it is inherited through."""
    kept = list(rows)
    nearest: dict[tuple[Any, ...], int] = {}
    for row in kept:
        key = tuple(one[0] for one in row.via)
        nearest[key] = min(row.depth, nearest.get(key, row.depth))
    return (row for row in kept if row.depth == nearest[tuple(one[0] for one in row.via)])


def _extremes(rows: Sequence[Found], reading: Reading) -> list[Found]:
    """The first, and those that are equal to it; of a comparison all, the first before others."""
    if reading.compared:
        return list(rows)
    extreme = reading.extreme
    if extreme and extreme.counted and extreme.greatest and not rows[0].value:
        # The most of nothing is none.
        return []
    if extreme and reading.asked not in {None, extreme.asked}:
        # What is told of them says not which of them are equal.
        return list(rows[extreme.place : extreme.place + extreme.count])
    if extreme is None or (extreme.place, extreme.count) == (0, 1):
        return [row for row in rows if row.value == rows[0].value]
    values = list(dict.fromkeys(row.value for row in rows))
    if extreme.count == 1:
        wanted = values[extreme.place : extreme.place + 1]
        return [row for row in rows if row.value in wanted]
    return list(rows[: extreme.count])


def _walk(reading: Reading, *, counted: bool) -> tuple[Walk, dict[str, Any]]:
    """The reading as a walk, and the values of its slots."""
    values: dict[str, Any] = {}
    main = reading.main
    leads = sorted(reading.leads, key=lambda one: one is not main)
    held: dict[Lead | None, list[Held]] = {}
    counted_of: list[Held] = []
    for bound in reading.bounds:
        for comparison, value in bound.bounds:
            name = f"bound{len(values)}"
            values[name] = _bound_value(value)
            one = Held(
                asked=bound.asked,
                comparison=comparison,
                slot=name,
                negated=bound.negated,
                folded=bound.folded,
                alone=bound.alone,
            )
            if reading.counts_of(bound):
                counted_of.append(one)
            else:
                held.setdefault(reading.way_of(bound), []).append(one)
    trails = []
    for place, lead in enumerate(leads):
        start = None
        if lead.anchor:
            values[f"key{place}"] = lead.anchor.value
            anchor = lead.anchor
            start = Start(
                label=anchor.label, key=anchor.key, slot=f"key{place}", found_by=anchor.found_by
            )
        trails.append(
            Trail(
                label=lead.label,
                start=start,
                steps=lead.steps,
                negated=lead.negated,
                held=tuple(held.get(lead, ())) if lead is not main else (),
            )
        )
    order = (reading.extreme.asked, reading.extreme.greatest) if reading.extreme else None
    told = reading.asked or (order[0] if order else None)
    if order is None and is_status(reading):
        order = _latest(reading.label)
    found_by: tuple[str, ...] = ()
    if reading.among:
        values["ids"] = list(reading.among)
    if reading.compared:
        values["ids"] = [anchor.value for anchor in reading.compared]
        names = (name for anchor in reading.compared for name in anchor.found_by)
        found_by = tuple(dict.fromkeys(names))
    walk = Walk(
        label=reading.label,
        trails=tuple(trails),
        held=(*held.get(None, ()), *(held.get(main, ()) if main else ())),
        value=told,
        order=order,
        counted=counted,
        ids="ids" if "ids" in values else None,
        key=reading.compared[0].key if reading.compared else "id",
        found_by=found_by,
        counted_of=tuple(counted_of),
        along=reading.extreme.along if reading.extreme else None,
    )
    return walk, values


def _bound_value(value: float | str | tuple[str, ...]) -> float | int | str | list[str]:
    """Instants and counts are integers in the graph."""
    if isinstance(value, tuple):
        return list(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _latest(label: Label) -> tuple[Any, bool] | None:
    found = dated(label)
    return (found, True) if found else None
