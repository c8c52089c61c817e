"""What a load carries along: where it writes, what is there already, what it has counted."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from graph.store import Rows as Records
from graph.store import Store, Transaction
from seed.ahead import batches
from seed.links import Changes
from seed.ports import Progress, Sealing
from seed.references import Known, References
from seed.rows import Row
from seed.tables import LARGE, TABLES, TICKETS, Column, Table

_LOOKUP = 1_000


@dataclass(slots=True)
class Count:
    """One table's part of a load. ``relationships`` are those the rows ask for."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    relationships: int = 0
    changed_relationships: int = 0

    @property
    def nodes(self) -> int:
        """Rows of the table, each a node."""
        return self.created + self.updated + self.unchanged


class Watch(Protocol):
    """Whoever wants to know what a load finds to be done, row by row."""

    def node(
        self, row: Row, properties: Mapping[str, Any], *, stored: Mapping[str, Any] | None
    ) -> None:
        """``properties`` are what would be written, ``stored`` what the node has, if it is."""

    def links(self, table: Table, changes: Changes, *, stored: Records) -> None:
        """``stored`` are the relationships that the rows' nodes have, aliases apart."""


@dataclass(kw_only=True, slots=True)
class Writing:
    """Shared by the stages of one load. ``keys`` are customers' data keys met so far."""

    store: Store
    sealing: Sealing
    references: References
    known: Known
    batch: int
    is_dry: bool
    progress: Progress
    counts: dict[str, Count] = field(default_factory=dict)
    there: dict[str, set[str]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    has_written: bool = False
    watch: Watch | None = None

    def count(self, table: str) -> Count:
        """The table's count, to be added to."""
        return self.counts.setdefault(table, Count())

    async def run(self, work: Callable[[Transaction], Awaitable[None]]) -> None:
        """Run one batch in a transaction of its own, unless nothing is to be written."""
        if self.is_dry:
            return
        if not self.has_written:
            # Stays when we are killed: then the next load moves the epoch, whatever it finds.
            await self.store.write("seed-begin")
            self.has_written = True
        await self.store.transaction(work)

    async def begin(self) -> None:
        """Take up what an earlier load left unfinished."""
        self.has_written = not self.is_dry and bool(await self.store.read("seed-unfinished"))

    async def end(self) -> None:
        """Tell whoever keeps a copy of the knowledge that it has moved."""
        if not self.has_written:
            return

        async def work(transaction: Transaction) -> None:
            await transaction.run("epoch-move", id="knowledge")
            await transaction.run("seed-end")

        await self.store.transaction(work)

    def has(self, space: str, id_: str) -> bool:
        """Whether a file or, as far as asked, the graph has it."""
        return id_ in self.references.ids[space] or id_ in self.known.get(space, ())

    def home(self, column: Column, id_: str) -> str:
        """The table among the column's targets that has ``id_``."""
        targets = column.link.targets if column.link else ()
        if len(targets) == 1:
            return targets[0]
        return next((name for name in targets if self.has(name, id_)), targets[0])

    async def find_keys(self, customers: Iterable[str]) -> None:
        """Learn the data keys of these customers; whoever has none gets one with its first use."""
        unknown = sorted({id_ for id_ in customers if id_ not in self.keys})
        for ids in batches(unknown, _LOOKUP):
            for record in await self.store.read("seed-customer-keys", ids=ids):
                if record["data_key"]:
                    self.keys[record["id"]] = record["data_key"]


async def known_ids(
    store: Store, wanted: Mapping[str, Iterable[str]] | None = None
) -> Mapping[str, set[str]]:
    """What the graph has: every id of the small tables, of the large ones only those ``wanted``.

    ``wanted`` is a report's ``missing``. Order numbers stand under ``orders.number``.

    Raises:
        UnavailableError: the graph does not answer.
    """
    found: dict[str, set[str]] = {name: set() for name in TABLES}
    for record in await store.read("seed-ids"):
        found[record["table"]].add(record["id"])
    for space, query, parameter in _LOOKUPS:
        for ids in batches(sorted((wanted or {}).get(space, ())), _LOOKUP):
            records: Records = await store.read(query, **{parameter: ids})
            found.setdefault(space, set()).update(record["id"] for record in records)
    return found


_LOOKUPS = (
    *(
        (name, f"seed-{TABLES[name].label.lower()}-known", "ids")
        for name in LARGE
        if name != TICKETS
    ),
    ("orders.number", "seed-order-numbers", "numbers"),
)
