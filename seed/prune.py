"""Knowledge that no file has any more: found, refused where something depends on it, removed.

Only tables of which the files have rows are looked at, so that a part of the files removes nothing
of the rest. What people made is theirs, and so are their relationships: they hold what they touch.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from graph.policy import KNOWLEDGE
from graph.queries import Query
from graph.schema import WRITER
from graph.selection.pruning import Hold, holds, lock, remove, remove_aliases
from graph.store import Rows as Records
from graph.store import Store, Transaction
from graph.vocabulary import Label, RelationshipType
from seed.ahead import batches
from seed.errors import HeldError
from seed.references import Known
from seed.tables import LARGE, TABLES, query_of
from seed.validate import Examination

Gone = Mapping[str, Sequence[str]]
"""Ids by table."""
_PEOPLES = "api"
_FILES = "rows of the files"
_BY_LABEL = {table.label: name for name, table in TABLES.items()}
_BATCH = 1_000


class _Run(Protocol):
    """One statement, inside of a transaction or not."""

    async def __call__(self, query: Query, *, ids: Sequence[str]) -> Records: ...


async def unfiled(store: Store, found: Examination, *, known: Known) -> dict[str, list[str]]:
    """By table: what the graph has, no file has, and no person made."""
    gone: dict[str, list[str]] = {}
    for name, rows in found.tables.items():
        if name in LARGE or not rows:
            continue
        ids = sorted(set(known.get(name, ())) - found.references.ids[name].keys())
        for part in batches(ids, _BATCH):
            records = await store.read(query_of(TABLES[name].label, "known"), ids=part)
            mine = {one["id"] for one in records if one["properties"].get(WRITER) != _PEOPLES}
            gone.setdefault(name, []).extend(id_ for id_ in part if id_ in mine)
    return {name: ids for name, ids in gone.items() if ids}


async def check_held(store: Store, found: Examination, gone: Gone) -> None:
    """Whether nothing depends on ``gone`` that would still be there when the files are loaded.

    Raises:
        HeldError: it names everything that does.
    """

    async def run(query: Query, *, ids: Sequence[str]) -> Records:
        return await store.read(query, ids=list(ids))

    filed = {name: found.references.ids[name] for name in TABLES}
    held = await _held(run, gone, filed=filed)
    for space, ids in found.references.missing().items():
        for id_ in ids & set(gone.get(space, ())):
            held[space, id_].add(_FILES)
    _refuse(held)


def removal(gone: Gone) -> Callable[[Transaction], Awaitable[None]]:
    """The work that removes ``gone``, all or nothing: what depends on it is looked for again,
    under locks.
    """

    async def work(transaction: Transaction) -> None:
        async def run(query: Query, *, ids: Sequence[str]) -> Records:
            return await transaction.run(query, ids=list(ids))

        # The lock that puts editors in a row: see ``graph.editing``.
        await transaction.run("epoch-move", id=KNOWLEDGE)
        for name, ids in gone.items():
            await run(lock(TABLES[name].label), ids=ids)
        _refuse(await _held(run, gone, filed={}))
        for name, ids in gone.items():
            label = TABLES[name].label
            if label in _aliased():
                await run(remove_aliases(label), ids=ids)
            await run(remove(label), ids=ids)

    return work


def _aliased() -> frozenset[Label]:
    return frozenset(
        label
        for label in _BY_LABEL
        if any(one.type is RelationshipType.ALIAS_OF for one in holds(label))
    )


async def _held(
    run: _Run, gone: Gone, *, filed: Mapping[str, Mapping[str, str]]
) -> dict[tuple[str, str], set[str]]:
    """(table, id) → what holds it. Rows in ``filed`` let go of what they no longer name."""
    held: dict[tuple[str, str], set[str]] = defaultdict(set)
    for name, ids in gone.items():
        for hold in holds(TABLES[name].label):
            for record in await run(hold.query, ids=ids):
                if why := _why(hold, record.get("other"), record.get("source"), gone, filed):
                    held[name, record["id"]].add(why)
    return held


def _why(
    hold: Hold,
    other: str | None,
    source: str | None,
    gone: Gone,
    filed: Mapping[str, Mapping[str, str]],
) -> str:
    if hold.always:
        return str(hold.other)
    if source == _PEOPLES:
        return f"{hold.type} of {hold.other} {other}, written by people"
    table = _BY_LABEL.get(hold.other, "")
    if not hold.part or other in gone.get(table, ()) or other in filed.get(table, ()):
        return ""
    return f"{hold.other} {other}"


def _refuse(held: Mapping[tuple[str, str], set[str]]) -> None:
    if held:
        raise HeldError(
            {f"{table} {id_}": tuple(sorted(why)) for (table, id_), why in sorted(held.items())}
        )
