"""What has to exist before anything is written: constraints and indexes, recorded in the graph."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from graph.errors import EngineError
from graph.schema import INDEXES
from graph.store import SchemaItem, Store, Unique
from graph.vocabulary import Label


@dataclass(frozen=True, kw_only=True, slots=True)
class Migration:
    """One step forward; never edited once released, never undone."""

    id: str
    items: tuple[SchemaItem, ...]


MIGRATIONS: tuple[Migration, ...] = (
    Migration(id="0001-constraints-and-indexes", items=INDEXES),
    Migration(id="0002-keys", items=(Unique(label=Label.API_KEY, property="id"),)),
)


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
    for migration in missing:
        await store.apply(migration.items)
        await store.write("migration-record", id=migration.id, now=now_ms())
    return tuple(migration.id for migration in missing)


def now_ms() -> int:
    """This instant as the graph keeps it: milliseconds since the epoch, UTC."""
    return time.time_ns() // 1_000_000
