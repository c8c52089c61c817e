"""What has to exist before anything is written: constraints and indexes, recorded in the graph."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from graph.errors import EngineError
from graph.schema import AGENT_ORDERS, INDEXES, TICKET_ORDERS
from graph.store import SchemaItem, Store, Unique, Walk
from graph.vocabulary import Label


@dataclass(frozen=True, kw_only=True, slots=True)
class Migration:
    """One step forward; never edited once released, never undone.

    ``find`` names a query of the ``id`` of tickets that are not yet as they should be, among those
    with a ``seq`` behind ``after`` up to ``until``; ``mend`` the one that puts ``ids`` right.
    """

    id: str
    items: tuple[SchemaItem, ...]
    find: str = ""
    mend: str = ""


MIGRATIONS: tuple[Migration, ...] = (
    Migration(id="0001-constraints-and-indexes", items=INDEXES),
    Migration(id="0002-keys", items=(Unique(label=Label.API_KEY, property="id"),)),
    Migration(
        id="0003-tickets-by-department",
        items=TICKET_ORDERS,
        find="ticket-unplaced",
        mend="ticket-place",
    ),
    Migration(id="0004-words-for-time", items=(), find="ticket-ageless", mend="ticket-age"),
    Migration(
        id="0005-tickets-by-agent",
        items=AGENT_ORDERS,
        find="ticket-unplaced",
        mend="ticket-place",
    ),
)
_MENDED = 1_000
_LAST = (1 << 63) - 1


async def migrate(store: Store, migrations: Sequence[Migration] = MIGRATIONS) -> tuple[str, ...]:
    """Apply what this graph has not seen; return the ids applied, in order. Idempotent.

    Raises:
        EngineError: the graph has seen a migration that this version does not know.
    """
    seen = {row["id"] for row in await store.read("migration-list")}
    if unknown := sorted(seen - {migration.id for migration in migrations}):
        raise EngineError(
            f"the graph was written by a newer version (it knows {unknown[-1]}); "
            "upgrade deskgraph, or open another graph"
        )
    missing = [migration for migration in migrations if migration.id not in seen]
    made: set[SchemaItem] = set()
    for migration in missing:
        # A new graph gets everything with the first, and has nothing to mend.
        if items := [item for item in migration.items if item not in made]:
            await store.apply(items)
            made.update(items)
        if migration.find and seen:
            await _mend(store, migration)
        await store.write("migration-record", id=migration.id, now=now_ms())
    return tuple(migration.id for migration in missing)


async def _mend(store: Store, migration: Migration) -> None:
    # In stretches that an index bounds: each costs what it has, however many tickets there are.
    after = -1
    while after < _LAST:
        stretch = Walk(label=Label.TICKET, order="seq", is_falling=False, behind=after)
        last = await store.order_at(stretch, place=_MENDED - 1)
        until = _LAST if last is None else last
        rows = await store.read(migration.find, after=after, until=until)
        if rows:
            await store.write(migration.mend, ids=[row["id"] for row in rows])
        after = until


def now_ms() -> int:
    """This instant as the graph keeps it: milliseconds since the epoch, UTC."""
    return time.time_ns() // 1_000_000
