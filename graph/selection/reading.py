"""A compiled request put to the graph: in one query, or by ids in order where it needs them."""

from collections.abc import Iterator, Mapping
from itertools import islice, product
from typing import Any

from graph.selection.compiler import Compiled, Ordered
from graph.selection.lead import ORDERED
from graph.store import Row, Store, Walk

_MORE = 4
_MOST = 5_000
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
    (row,) = await store.read(compiled.query, given=given)
    return row


async def _in_order(store: Store, ordered: Ordered, given: Mapping[str, Any]) -> Row | None:
    """Ids from the index, rows by Cypher, which drops what may not be seen or does not pass; and
    again behind the last id, in longer stretches, until the page is full.
    """
    wanted = limit = given[ordered.page.size]
    after = given[ordered.page.after][0] if ordered.page.after else None
    found: list[Any] = []
    while True:
        walks = list(islice(_walks(ordered, given, behind=after), _MOST_WALKS + 1))
        if len(walks) > _MOST_WALKS:
            return None
        ids = await store.ordered_ids(walks, limit=limit)
        if ids is None:
            return None
        values = {**given, ORDERED: [id_ for id_, _ in ids]}
        (row,) = await store.read(ordered.query, given=values)
        rows, *rest = row["page"]
        found += rows
        if len(found) >= wanted or len(ids) < limit:
            return {**row, "page": [found[:wanted], *rest]}
        after, limit = ids[-1][1], min(limit * _MORE, _MOST)


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
