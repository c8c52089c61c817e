"""Files into the graph: checked whole before the first write, nodes before relationships.

Every batch is one transaction and every statement may run again, so a load that was killed is
completed by the next one, and a load of the same files changes nothing.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from graph.store import Rows as Records
from graph.store import Store, Transaction
from graph.vocabulary import Label
from seed.ahead import ahead, batches
from seed.errors import InvalidSeedError
from seed.links import Changes, Home, add_aliases, compare, is_ours, wanted_links
from seed.nodes import Stored, differs, owner_of, plain_properties, sealed_properties
from seed.ports import Extract, Progress, Sealing
from seed.problems import Problem
from seed.prune import check_held, removal, unfiled
from seed.rows import Row
from seed.tables import ALIASES, TABLES, TICKETS, Column, Kind, Table, query_of
from seed.tickets import Tickets
from seed.validate import Examination, examine
from seed.writing import Count, Watch, Writing, known_ids

BATCH = 2_500


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadResult:
    """What a load did, by table; ``warnings`` did not stop it.

    ``pruned`` are the ids that were removed, ``unfiled`` those that no file has.
    """

    counts: Mapping[str, Count]
    warnings: tuple[Problem, ...]
    seconds: float
    pruned: Mapping[str, Sequence[str]] = field(default_factory=dict)
    unfiled: Mapping[str, Sequence[str]] = field(default_factory=dict)


def _quiet(table: str, done: int, total: int | None) -> None:
    """Tell nobody."""


async def load(
    store: Store,
    path: Path,
    *,
    extract: Extract,
    sealing: Sealing,
    progress: Progress | None = None,
    dry_run: bool = False,
    prune: bool = False,
    watch: Watch | None = None,
    batch: int = BATCH,
) -> LoadResult:
    """Load a file or folder. ``dry_run`` counts what would change and writes nothing.

    ``prune`` also removes knowledge that no file has any more; see ``seed.prune``. The knowledge
    epoch moves at the end if anything was written. Rows per transaction: ``batch``.

    Raises:
        InvalidSeedError: the files have errors; nothing was written.
        HeldError: something depends on what was to be removed; nothing was written.
        UnavailableError: the graph does not answer; load again to complete.
    """
    started = time.monotonic()
    found = await asyncio.to_thread(examine, path)
    known = await known_ids(store, found.references.missing())
    report = found.report(known)
    if report.errors:
        raise InvalidSeedError(report)
    gone = await unfiled(store, found, known=known) if prune or watch else {}
    if prune:
        await check_held(store, found, gone)
    writing = Writing(
        store=store,
        sealing=sealing,
        references=found.references,
        known=known,
        batch=batch,
        is_dry=dry_run,
        progress=progress or _quiet,
        watch=watch,
    )
    await writing.begin()
    await _load(found, writing, extract=extract)
    if prune and gone:
        await writing.run(removal(gone))
    await writing.end()
    await store.settle()
    return LoadResult(
        counts=writing.counts,
        warnings=report.warnings,
        seconds=time.monotonic() - started,
        pruned=gone if prune else {},
        unfiled=gone,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Step:
    """A batch that is ready to be written: rows of ``table`` up to ``done``."""

    table: Table
    done: int
    work: Callable[[Transaction], Awaitable[None]] | None


async def _load(found: Examination, writing: Writing, *, extract: Extract) -> None:
    steps = _steps({TABLES[name]: rows for name, rows in found.tables.items() if rows}, writing)

    async def prepare() -> _Step | None:
        step = next(steps, None)
        return await step if step else None

    async with aclosing(ahead(prepare)) as prepared:
        async for step in prepared:
            if step.work:
                await writing.run(step.work)
            writing.progress(step.table.name, step.done, len(found.tables[step.table.name]))
    tickets = Tickets(writing, extract=extract)
    for file, path in found.files.items():
        await tickets.load(file, path, total=found.counts[TICKETS])


def _steps(
    filled: Mapping[Table, Sequence[Row]], writing: Writing
) -> Iterator[Coroutine[Any, Any, _Step]]:
    """Nodes of every table, then their relationships."""
    for table, rows in filled.items():
        for number, part in enumerate(batches(rows, writing.batch)):
            yield _node_step(writing, table, part, done=number * writing.batch + len(part))
    for table, rows in filled.items():
        if table.links or ALIASES in table.by_name:
            for part in batches(rows, writing.batch):
                yield _link_step(writing, table, part, done=len(rows))


async def _node_step(writing: Writing, table: Table, rows: Sequence[Row], *, done: int) -> _Step:
    parameters = await _node_parameters(writing, table, rows)
    work = _statement(query_of(table.label, "save"), parameters) if parameters else None
    return _Step(table=table, done=done, work=work)


async def _link_step(writing: Writing, table: Table, rows: Sequence[Row], *, done: int) -> _Step:
    changes = await _link_changes(writing, table, rows)
    return _Step(table=table, done=done, work=changes.run if changes.count else None)


def _statement(query: str, rows: list[dict[str, Any]]) -> Callable[[Transaction], Awaitable[None]]:
    async def work(transaction: Transaction) -> None:
        await transaction.run(query, rows=rows)

    return work


async def _node_parameters(
    writing: Writing, table: Table, rows: Sequence[Row]
) -> list[dict[str, Any]]:
    """Rows to be saved; those that the graph has already, as they are, are left out."""
    ids = [row.id for row in rows]
    records = await writing.store.read(query_of(table.label, "known"), ids=ids)
    stored: dict[str, Stored] = {record["id"]: record["properties"] for record in records}
    writing.there.setdefault(table.name, set()).update(stored)
    owners: dict[str, _Held] = {}
    if table.label is Label.IDENTITY:
        owners = await _owners(writing, rows, stored=stored)
    return await asyncio.to_thread(_build, writing, rows, stored, owners)


class _Held(NamedTuple):
    """Whose an identity is, and whether a person said so."""

    customer: str
    by_person: bool


async def _owners(
    writing: Writing, rows: Sequence[Row], *, stored: Mapping[str, Stored]
) -> dict[str, _Held]:
    """Whose each stored identity is now; and learn the keys of those whose they shall be."""
    customers = {row.references("customer")[0].id for row in rows}
    await writing.find_keys(customers)
    await _give_keys(writing, sorted(customers - writing.keys.keys()))
    if not stored:
        return {}
    links = await writing.store.read("seed-identity-links", ids=sorted(stored))
    found = {
        record["id"]: _Held(record["target"], not is_ours(record["properties"])) for record in links
    }
    await writing.find_keys(one.customer for one in found.values() if one.by_person)
    return found


async def _give_keys(writing: Writing, customers: Sequence[str]) -> None:
    """A data key for customers that came to the graph without one."""
    fresh = {id_: writing.sealing.new_data_key(owner_of(id_)) for id_ in customers}
    writing.keys.update(fresh)
    rows = [{"id": id_, "properties": {"data_key": key}} for id_, key in fresh.items()]
    if rows:
        await writing.run(_statement("seed-customer-save", rows))


def _build(
    writing: Writing,
    rows: Sequence[Row],
    stored: Mapping[str, Stored],
    owners: Mapping[str, _Held],
) -> list[dict[str, Any]]:
    count, parameters = writing.count(rows[0].table.name), []
    for row in rows:
        before = stored.get(row.id)
        properties = plain_properties(row, stored=before)
        properties |= _sealed(writing, row, stored=before, owner=owners.get(row.id))
        if writing.watch:
            writing.watch.node(row, properties, stored=before)
        if before is None:
            count.created += 1
        elif differs(properties, before):
            count.updated += 1
        else:
            count.unchanged += 1
            continue
        parameters.append({"id": row.id, "properties": properties})
    return parameters


def _sealed(
    writing: Writing, row: Row, *, stored: Stored | None, owner: _Held | None
) -> dict[str, Any]:
    if row.table.label is Label.CUSTOMER:
        return _sealed_customer(writing, row, stored=stored)
    if row.table.label is not Label.IDENTITY:
        return {}
    customer = row.references("customer")[0].id
    if owner and owner.by_person:
        customer = owner.customer
    return sealed_properties(
        row,
        owner=owner_of(customer),
        data_key=writing.keys[customer],
        stored=stored if owner and owner.customer == customer else None,
        sealing=writing.sealing,
    )


def _sealed_customer(writing: Writing, row: Row, *, stored: Stored | None) -> dict[str, Any]:
    owner = owner_of(row.id)
    key = (stored or {}).get("data_key")
    fresh = {} if key else {"data_key": writing.sealing.new_data_key(owner)}
    writing.keys[row.id] = key = str(key or fresh["data_key"])
    # A value under a key that is gone cannot be kept.
    kept = None if fresh else stored
    return fresh | sealed_properties(
        row, owner=owner, data_key=key, stored=kept, sealing=writing.sealing
    )


async def _link_changes(writing: Writing, table: Table, rows: Sequence[Row]) -> Changes:
    there = [row.id for row in rows if row.id in writing.there[table.name]]
    stored = await _stored(writing, table, "links", ids=there if table.links else [])
    wanted = {row.id: wanted_links(row, home=_home(writing)) for row in rows}
    changes = compare(table.label, wanted, stored=stored, single=_single(table))
    count = writing.count(table.name)
    count.relationships += sum(map(len, wanted.values()))
    if ALIASES in table.by_name:
        aliases = await _stored(writing, table, "aliases", ids=there)
        count.relationships += add_aliases(changes, rows, stored=aliases)
    count.changed_relationships += changes.count
    if writing.watch:
        writing.watch.links(table, changes, stored=stored)
    return changes


def _single(table: Table) -> frozenset[str]:
    """Types of relationships of which a row's node has one."""
    types = [column.link.type for column in table.links if column.link]
    return frozenset(
        str(column.link.type)
        for column in table.links
        if column.link and column.kind is Kind.REFERENCE and types.count(column.link.type) == 1
    )


async def _stored(writing: Writing, table: Table, what: str, *, ids: list[str]) -> Records:
    return await writing.store.read(query_of(table.label, what), ids=ids) if ids else []


def _home(writing: Writing) -> Home:
    def home(column: Column, id_: str) -> Label:
        return TABLES[writing.home(column, id_)].label

    return home
