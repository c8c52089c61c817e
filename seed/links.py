"""Relationships a row asks for, compared with those its node has: what to write, what to take back.

Only relationships that carry this loader's mark are changed; another source's are left alone, and
count as there. Where a node has one such relationship at most, a person's stands for the file's.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from graph.schema import WRITER
from graph.store import Rows as Records
from graph.store import Transaction
from graph.text import fold
from graph.vocabulary import Label, RelationshipType
from seed.rows import Row
from seed.tables import ALIASES, Column, Table, query_of

SEED = "seed"
FILE = "source:"
Home = Callable[[Column, str], Label]


class Wanted(NamedTuple):
    """One relationship of a row's node, with all its properties."""

    type: RelationshipType
    label: Label
    target: str
    properties: Mapping[str, Any]


@dataclass(slots=True)
class Changes:
    """Parameters by query. ``unlink`` runs first: a type may be written anew.

    ``added`` are the ids and relationships that ``link`` writes, aliases apart.
    """

    label: Label
    unlink: list[dict[str, Any]] = field(default_factory=list)
    link: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    dropped: list[str] = field(default_factory=list)
    added: list[tuple[str, "Wanted"]] = field(default_factory=list)

    def add(self, id_: str, link: Wanted) -> None:
        """Write ``link`` from the node with ``id_``."""
        self.added.append((id_, link))
        self.link[query_of(self.label, link.type, link.label)].append(
            {"id": id_, "target": link.target, "properties": link.properties}
        )

    @property
    def count(self) -> int:
        """How many relationships are written or taken back."""
        return len(self.unlink) + len(self.dropped) + sum(map(len, self.link.values()))

    async def run(self, transaction: Transaction) -> None:
        """Write everything."""
        if self.unlink:
            await transaction.run(query_of(self.label, "unlink"), rows=self.unlink)
        if self.dropped:
            await transaction.run("seed-alias-delete", ids=self.dropped)
        for query, rows in self.link.items():
            await transaction.run(query, rows=rows)


def wanted_links(row: Row, *, home: Home) -> list[Wanted]:
    """What the row's columns ask for. ``home`` says which label an id of a column has."""
    return [
        Wanted(
            column.link.type,
            home(column, reference.id),
            reference.id,
            {**reference.properties, WRITER: SEED},
        )
        for column in row.table.links
        if column.link
        for reference in _distinct(row, column.name)
    ]


def _distinct(row: Row, column: str) -> Iterable[Any]:
    """References without repeats; an order's lines may repeat a product."""
    found = row.references(column)
    return found if column == "items" else {item.id: item for item in found}.values()


def compare(
    label: Label,
    wanted: Mapping[str, Sequence[Wanted]],
    *,
    stored: Records,
    single: Container[str] = (),
) -> Changes:
    """What turns the stored relationships of these nodes (by id) into the wanted ones; of the types
    ``single`` a node has one.
    """
    changes = Changes(label)
    there: dict[str, dict[tuple[str, str, str], list[Mapping[str, Any]]]] = defaultdict(dict)
    for record in stored:
        at = (record["type"], record["label"], record["target"])
        there[record["id"]].setdefault(at, []).append(record["properties"])
    for id_, links in wanted.items():
        if found := there.get(id_):
            settled = {
                at[0]
                for at, same in found.items()
                if at[0] in single and not any(map(is_ours, same))
            }
            left = [one for one in links if str(one.type) not in settled or _end_of(one) in found]
            _compare(changes, id_, left, found)
        else:
            for link in links:
                changes.add(id_, link)
    return changes


def _compare(
    changes: Changes,
    id_: str,
    links: Sequence[Wanted],
    there: Mapping[tuple[str, str, str], list[Mapping[str, Any]]],
) -> None:
    asked: dict[tuple[str, str, str], list[Wanted]] = defaultdict(list)
    for link in links:
        asked[_end_of(link)].append(link)
    for at, same in asked.items():
        found = there.get(at, [])
        if found and (not all(map(is_ours, found)) or _is_equal(same, found)):
            continue
        if found:
            changes.unlink.append(_end(id_, at))
        for link in same:
            changes.add(id_, link)
    for at, found in there.items():
        if at not in asked and any(map(is_ours, found)):
            changes.unlink.append(_end(id_, at))


def _end_of(link: Wanted) -> tuple[str, str, str]:
    return str(link.type), str(link.label), link.target


def _end(id_: str, at: tuple[str, str, str]) -> dict[str, Any]:
    return {"id": id_, "type": at[0], "label": at[1], "target": at[2]}


def is_ours(properties: Mapping[str, Any]) -> bool:
    """Whether a load wrote the relationship."""
    writer = str(properties.get(WRITER, ""))
    return writer == SEED or writer.startswith(FILE)


def _is_equal(wanted: Sequence[Wanted], found: Sequence[Mapping[str, Any]]) -> bool:
    return sorted(map(_line, (link.properties for link in wanted))) == sorted(map(_line, found))


def _line(properties: Mapping[str, Any]) -> list[tuple[str, str]]:
    return sorted(
        (name, str(float(value)) if isinstance(value, int | float) else str(value))
        for name, value in properties.items()
    )


def add_aliases(changes: Changes, rows: Iterable[Row], *, stored: Records) -> int:
    """Add what brings the rows' aliases about; return how many they ask for.

    One that a person wrote already is there.
    """
    there: dict[str, dict[str, Any]] = defaultdict(dict)
    for record in stored:
        there[record["id"]][record["alias"]] = record
    query, count = query_of(changes.label, "alias", "save"), 0
    for row in rows:
        found = there.get(row.id, {})
        named = {fold(one["text"]) for one in found.values() if not _is_seeds(one)}
        texts = _texts(row)
        asked = {
            _alias_id(row.table, row.id, text): text for text in texts if fold(text) not in named
        }
        count += len(texts)
        changes.link[query].extend(
            {"id": row.id, "alias": alias, "text": text}
            for alias, text in asked.items()
            if alias not in found or (_is_seeds(found[alias]) and found[alias]["text"] != text)
        )
        changes.dropped.extend(
            alias for alias in found.keys() - asked.keys() if _is_seeds(found[alias])
        )
    if not changes.link[query]:
        del changes.link[query]
    return count


def _is_seeds(record: Mapping[str, Any]) -> bool:
    return bool(record["source"] == SEED)


def _texts(row: Row) -> list[str]:
    """Aliases that differ when folded, the first of each."""
    return list({fold(text): text for text in reversed(row.values.get(ALIASES, ()))}.values())[::-1]


def _alias_id(table: Table, id_: str, text: str) -> str:
    return f"alias:{table.label}:{id_}:{fold(text)}"
