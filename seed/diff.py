"""What loading files would change, told value by value; nothing is written.

Personal values are compared by their seals and never told; nor are values that the actor may not
read. Tickets, which are history, are counted only.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graph.fields import TYPES, camel
from graph.store import Rows as Records
from graph.store import Store
from graph.vocabulary import Label, RelationshipType
from seed.links import Changes
from seed.load import LoadResult, load
from seed.ports import Extract, Progress, Sealing
from seed.problems import HIDDEN, Problem
from seed.rows import Row
from seed.tables import TICKETS, Table, query_of

Shows = Callable[[str], bool]
"""Whether values of a coordinate such as ``Product.nameEn`` may be told."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """A node that is in the files only, or in the graph only."""

    table: str
    id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Value:
    """A column of one row that has another value in the graph; ``None`` is no value."""

    table: str
    id: str
    column: str
    old: Any
    new: Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Relationship:
    """One that is written or taken back; ``properties`` such as its level."""

    table: str
    id: str
    type: str
    label: str
    target: str
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(kw_only=True, slots=True)
class Difference:
    """Everything that loading would change, and what no file has (``only_in_graph``)."""

    created: list[Node] = field(default_factory=list)
    updated: list[Value] = field(default_factory=list)
    added: list[Relationship] = field(default_factory=list)
    removed: list[Relationship] = field(default_factory=list)
    only_in_graph: list[Node] = field(default_factory=list)
    unchanged: int = 0
    tickets: int = 0
    warnings: tuple[Problem, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether files and graph say the same."""
        found = (self.created, self.updated, self.added, self.removed, self.only_in_graph)
        return not any(found) and not self.tickets


async def diff(
    store: Store,
    path: Path,
    *,
    extract: Extract,
    sealing: Sealing,
    shows: Shows,
    progress: Progress | None = None,
) -> Difference:
    """What ``load`` of ``path`` would change.

    Raises:
        InvalidSeedError: the files have errors.
        UnavailableError: the graph does not answer.
    """
    watch = _Watch(shows)
    result = await load(
        store,
        path,
        extract=extract,
        sealing=sealing,
        progress=progress,
        dry_run=True,
        watch=watch,
    )
    return _completed(watch.found, result)


def _completed(found: Difference, result: LoadResult) -> Difference:
    found.only_in_graph = [
        Node(table=table, id=id_) for table, ids in result.unfiled.items() for id_ in ids
    ]
    found.unchanged = sum(count.unchanged for count in result.counts.values())
    if history := result.counts.get(TICKETS):
        found.tickets = history.created + history.updated + history.changed_relationships
    found.warnings = result.warnings
    return found


class _Watch:
    """See ``seed.writing.Watch``."""

    def __init__(self, shows: Shows) -> None:
        self.found = Difference()
        self._shows = shows

    def node(
        self, row: Row, properties: Mapping[str, Any], *, stored: Mapping[str, Any] | None
    ) -> None:
        table = row.table
        if stored is None:
            self.found.created.append(Node(table=table.name, id=row.id))
            return
        changed = {name for name, value in properties.items() if stored.get(name) != value}
        for column in table.columns:
            parts = {column.name, *(f"{column.name}_{part}" for part in ("hint", "index"))}
            if not column.link and parts & changed:
                may = not column.seals and self._may(table.label, column.name)
                old, new = stored.get(column.name), properties.get(column.name)
                self.found.updated.append(
                    Value(
                        table=table.name,
                        id=row.id,
                        column=column.name,
                        old=old if may else HIDDEN,
                        new=new if may else HIDDEN,
                    )
                )

    def _may(self, label: Label, column: str) -> bool:
        return label not in TYPES or self._shows(f"{label}.{camel(column)}")

    def links(self, table: Table, changes: Changes, *, stored: Records) -> None:
        self.found.removed += _removed(table, changes, stored)
        self.found.added += _added(table, changes)


def _removed(table: Table, changes: Changes, stored: Sequence[Any]) -> Iterator[Relationship]:
    there = {(one["id"], one["type"], one["label"], one["target"]): one for one in stored}
    for end in changes.unlink:
        at = (end["id"], end["type"], end["label"], end["target"])
        yield Relationship(
            table=table.name,
            id=at[0],
            type=at[1],
            label=at[2],
            target=at[3],
            properties=_plain(there[at]["properties"]),
        )
    for alias in changes.dropped:
        yield _alias(table, alias.split(":", 3)[2], alias)


def _added(table: Table, changes: Changes) -> Iterator[Relationship]:
    for id_, asked in changes.added:
        yield Relationship(
            table=table.name,
            id=id_,
            type=str(asked.type),
            label=str(asked.label),
            target=asked.target,
            properties=_plain(asked.properties),
        )
    for alias in changes.link.get(query_of(table.label, "alias", "save"), ()):
        yield _alias(table, alias["id"], alias["alias"])


def _alias(table: Table, id_: str, alias: str) -> Relationship:
    return Relationship(
        table=table.name,
        id=id_,
        type=str(RelationshipType.ALIAS_OF),
        label=str(Label.ALIAS),
        target=alias.split(":", 3)[3],
    )


def _plain(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if name != "source"}
