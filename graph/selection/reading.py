"""A compiled request put to the graph: in one query, or by ids in order where it needs them."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product
from typing import Any

from graph.selection.compiler import Compiled, Newest, Ordered
from graph.selection.lead import BEHIND, MOST, ORDERED
from graph.selection.newest import among_newest
from graph.store import Row, Store, Walk

_MORE = 4
_MOST = 5_000
_LAST = (1 << 63) - 1
_MOST_WALKS = 64
"""More of them cost more to merge than to sort what they lead to."""


async def read_request(store: Store, compiled: Compiled, given: Mapping[str, Any]) -> Row:
    """The one record; ``given`` has every slot of the request and of the scopes.

    Raises:
        UnavailableError: the graph does not answer.
    """
    if compiled.ordered is not None:
        row = await _in_order(store, compiled.ordered, given)
        if row is not None:
            return row
    if compiled.newest is not None:
        row = await _among_newest(store, compiled, compiled.newest, given)
        if row is not None:
            return row
    (row,) = await store.read(compiled.query, given=given)
    return row


async def _among_newest(
    store: Store, compiled: Compiled, newest: Newest, given: Mapping[str, Any]
) -> Row | None:
    """The page, if the newest rows of all fill it."""
    behind = given[newest.page.after][0] if newest.page.after else None
    words = await among_newest(store, given[newest.words], behind=behind)
    if words is None:
        return None
    (row,) = await store.read(compiled.query, given={**given, newest.words: words})
    return row if len(row["page"][0]) >= given[newest.page.size] else None


async def _in_order(store: Store, ordered: Ordered, given: Mapping[str, Any]) -> Row | None:
    """Ids from the index, rows by Cypher, which drops what may not be seen or does not pass; and
    again behind the last id, in longer stretches, until the page is full.
    """
    if await store.ordered_ids([], limit=0) is None:
        return None
    given = {**given, **await _found(store, ordered, given)}
    wanted = limit = given[ordered.page.size]
    after = given[ordered.page.after][0] if ordered.page.after else None
    is_falling = ordered.order.descending is not ordered.page.backwards
    found: list[Any] = []
    while True:
        walks = list(islice(_walks(ordered, given, behind=after), _MOST_WALKS + 1))
        if len(walks) > _MOST_WALKS:
            return None
        ids = await store.ordered_ids(walks, limit=limit)
        if ids is None:
            return None
        merged = ids
        if others := await _others(store, ordered, given, most=limit, behind=after):
            both = {*ids, *others}
            merged = sorted(both, key=lambda one: one[1], reverse=is_falling)[:limit]
        values = {**given, ORDERED: [id_ for id_, _ in merged]}
        (row,) = await store.read(ordered.query, given=values)
        rows, *rest = row["page"]
        found += rows
        if len(found) >= wanted or len(merged) < limit:
            return {**row, "page": [found[:wanted], *rest]}
        after, limit = merged[-1][1], min(limit * _MORE, _MOST)


async def _found(
    store: Store, ordered: Ordered, given: Mapping[str, Any]
) -> Mapping[str, Sequence[str]]:
    """What the ways begin with, where it has to be looked up."""
    ids = {}
    for name, query in ordered.found:
        (row,) = await store.read(query, given=given)
        ids[name] = row["ids"]
    return ids


async def _others(
    store: Store, ordered: Ordered, given: Mapping[str, Any], *, most: int, behind: int | None
) -> list[tuple[str, int]]:
    """Id and order of the first rows that no index leads to."""
    if ordered.others is None or not any(given[name] for name in ordered.slots):
        return []
    end = _LAST if ordered.order.descending is not ordered.page.backwards else -1
    place = [end if behind is None else behind]
    (row,) = await store.read(ordered.others, given={**given, MOST: most, BEHIND: place})
    return [(id_, place) for id_, place in row["ids"]]


def _walks(ordered: Ordered, given: Mapping[str, Any], *, behind: int | None) -> Iterator[Walk]:
    stored = ordered.order.field.property
    if stored is None:
        raise TypeError(f"{ordered.order.field.coordinate} is no property")
    for way in ordered.ways:
        values = [
            sorted(set(given[known.slot])) if known.is_list else [given[known.slot]]
            for _, known in way
        ]
        for chosen in product(*values):
            yield Walk(
                label=ordered.label,
                order=stored.name,
                is_falling=ordered.order.descending is not ordered.page.backwards,
                equal=tuple(zip((name for name, _ in way), chosen, strict=True)),
                behind=behind,
            )
