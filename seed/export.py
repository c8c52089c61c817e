"""From the graph back to the tables of files: what one actor may read of knowledge, and no more.

Customers, identities, orders and tickets never leave this way: people's data travel by encrypted
backup. Staff do, they are part of the organisation. What is not shown in full is left out, and
said: a file that is loaded again must not hold the mask of a value.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from graph.errors import ForbiddenError
from graph.fields import FIELDS, TYPES, Field, Hop, camel
from graph.rights import Action, Rights, Scope, Show
from graph.selection.compiler import Compiled
from graph.selection.request import Anchor, Branch, Page, Request, Selected
from graph.store import Row, Rows, Store
from graph.text import fold
from graph.vocabulary import Label, RelationshipType
from seed.ahead import batches
from seed.errors import SeedError
from seed.tables import ALIASES, LARGE, TABLES, Column, Kind, Table, query_of

EXPORTED: tuple[str, ...] = tuple(name for name in TABLES if name not in LARGE)
"""Knowledge: catalogue, organisation, staff."""
SIZE = "most"
EVERYTHING = {SIZE: 10_000_000}
"""The value that every list's size is read with."""
_INTERNAL = "Agent.skills"
"""Who reads this reads levels, and who works by which calendar: they have no coordinates."""
_ALIAS_WAY = Hop(type=RelationshipType.ALIAS_OF, inverse=True)
_BATCH = 1_000

PlainRow = dict[str, Any]


class PeopleError(SeedError):
    """Somebody asked for a table that does not leave by export."""

    code = "people_not_exported"


class Read(Protocol):
    """One authorised read of what a request asks for, every list of it ``EVERYTHING`` long."""

    async def __call__(self, request: Request) -> tuple[Compiled, Row]:
        """Raises ``ForbiddenError`` where nobody with these rights sees any row."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Exported:
    """Rows by table, cells as files hold them; ``left_out`` names what the rights do not show.

    A table of which nothing is shown is not there; one that is empty is.
    """

    tables: Mapping[str, list[PlainRow]]
    left_out: tuple[str, ...]


def chosen(tables: Sequence[str]) -> tuple[str, ...]:
    """Those tables, or all that are exported.

    Raises:
        PeopleError: one holds people's data.
        SeedError: one does not exist.
    """
    if people := [name for name in tables if name in LARGE]:
        raise PeopleError(
            f"{people[0]} hold people's data, which travel by encrypted backup only; "
            f"exported are: {', '.join(EXPORTED)}"
        )
    if unknown := [name for name in tables if name not in EXPORTED]:
        raise SeedError(f"there is no table {unknown[0]!r}; exported are: {', '.join(EXPORTED)}")
    return tuple(name for name in EXPORTED if not tables or name in tables)


async def export(store: Store, rights: Rights, read: Read, *, tables: Sequence[str]) -> Exported:
    """What ``rights`` show of ``tables`` (see ``chosen``).

    Raises:
        UnavailableError: the graph does not answer.
    """
    found: dict[str, list[PlainRow]] = {}
    left: dict[str, None] = {}
    for name in tables:
        table = TABLES[name]
        if table.label in TYPES:
            rows = await _selected(table, rights, read, left)
        else:
            rows = await _stored(store, table)
        await _complete(store, rights, table, rows, left)
        if rows or f"{table.label} (rows)" not in left:
            found[name] = sorted(rows.values(), key=lambda row: str(row["id"]))
    return Exported(tables=found, left_out=tuple(left))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Plan:
    """What is asked of a table's rows: the columns and the parts that bring them, side by side."""

    columns: list[Column] = field(default_factory=list)
    parts: list[Field | Branch] = field(default_factory=list)


async def _selected(
    table: Table, rights: Rights, read: Read, left: dict[str, None]
) -> dict[str, PlainRow]:
    plan = _plan(table, rights, left)
    if rights.cell(str(table.label), Action.READ).get(Scope.ANY) is not Show.FULL:
        left[f"{table.label} (rows)"] = None
    parts = (Anchor(), *plan.parts)
    request = Request(nodes=Selected(label=table.label, parts=parts), page=Page(size=SIZE))
    try:
        compiled, row = await read(request)
    except ForbiddenError:
        return {}
    places = [column.place if column else None for column in compiled.shape.columns[1:]]
    return {node[0]: _row(plan, places, node) for _, node in row["page"][0]}


def _plan(table: Table, rights: Rights, left: dict[str, None]) -> _Plan:
    plan = _Plan()
    for column in table.columns:
        part = _part(table, column)
        if part is None:
            continue
        asked = part.field if isinstance(part, Branch) else part
        if rights.cell(asked.coordinate, Action.READ).get(Scope.ANY) is not Show.FULL:
            left[asked.coordinate] = None
        else:
            plan.columns.append(column)
            plan.parts.append(part)
            for node in part.nodes if isinstance(part, Branch) else ():
                if not rights.cell(str(node.label), Action.READ):
                    left[str(node.label)] = None
    return plan


def _part(table: Table, column: Column) -> Field | Branch | None:
    """What brings a column; ``None`` where no field does, and for the id, which is always there."""
    fields = FIELDS[table.label]
    if column.name == ALIASES:
        return _branch(_field(table.label, _ALIAS_WAY), (Label.ALIAS,))
    if column.link:
        hop = Hop(type=column.link.type, inverse=not column.link.outgoing)
        if all(one.hops != (hop,) for one in fields.values()):
            return None
        return _branch(
            _field(table.label, hop), tuple(TABLES[name].label for name in column.link.targets)
        )
    return fields[camel(column.name)] if column.name != "id" else None


def _field(label: Label, hop: Hop) -> Field:
    return next(one for one in FIELDS[label].values() if one.hops == (hop,))


def _branch(one: Field, labels: tuple[Label, ...]) -> Branch:
    nodes = tuple(
        Selected(
            label=label,
            parts=(FIELDS[label]["text"],) if label is Label.ALIAS else (Anchor(),),
        )
        for label in labels
    )
    return Branch(field=one, nodes=nodes, page=Page(size=SIZE) if one.many else None)


def _row(plan: _Plan, places: Sequence[int | None], node: Sequence[Any]) -> PlainRow:
    row: PlainRow = {"id": node[0]}
    for column, place in zip(plan.columns, places, strict=True):
        value = node[place] if place is not None else None
        if value is None:
            continue
        if column.kind is Kind.REFERENCE:
            row[column.name] = value[1]
        elif column.link or column.name == ALIASES:
            ends = (other[1] for _, other in value[0])
            row[column.name] = distinct(ends) if column.name == ALIASES else sorted(ends)
        else:
            row[column.name] = _cell(value)
    return row


def _cell(value: Any) -> Any:
    """As a file writes it: numbers in digits only, lists of texts as they are."""
    if not isinstance(value, float):
        return list(value) if isinstance(value, list | tuple) else value
    if value.is_integer():
        return int(value)
    plain = format(Decimal(repr(value)), "f")
    return value if repr(value) == plain else plain


async def _stored(store: Store, table: Table) -> dict[str, PlainRow]:
    """Rows of a label that is no type of the API, and public."""
    ids = [one["id"] for one in await store.read("seed-ids") if one["table"] == table.name]
    names = [column.name for column in table.columns if column.is_stored and not column.link]
    rows: dict[str, PlainRow] = {}
    for part in batches(ids, _BATCH):
        for record in await store.read(query_of(table.label, "known"), ids=part):
            held = record["properties"]
            rows[record["id"]] = {
                name: _cell(held[name]) for name in names if held.get(name) is not None
            }
    return rows


async def _complete(
    store: Store,
    rights: Rights,
    table: Table,
    rows: dict[str, PlainRow],
    left: dict[str, None],
) -> None:
    """Levels, and relationships that are no fields."""
    levels = [column for column in table.links if column.link and column.link.has_level]
    beside = [column for column in table.links if _part(table, column) is None]
    if not rows or not (levels or beside):
        return
    if rights.cell(_INTERNAL, Action.READ).get(Scope.ANY) is not Show.FULL:
        left.update({f"{table.label}.{column.name} (level)": None for column in levels})
        left.update({f"{table.label}.{column.name}": None for column in beside})
        return
    for part in batches(sorted(rows), _BATCH):
        stored = await store.read(query_of(table.label, "links"), ids=part)
        for column in levels:
            _add_levels(column, rows, stored)
        for column in beside:
            for id_, other, _ in _ends(column, stored):
                rows[id_][column.name] = other


def _add_levels(column: Column, rows: Mapping[str, PlainRow], stored: Rows) -> None:
    levels = {(id_, other): held.get("level") for id_, other, held in _ends(column, stored)}
    for id_ in {id_ for id_, _ in levels}:
        row = rows[id_]
        if column.name in row:
            row[column.name] = [
                f"{other}:{level}" if (level := levels.get((id_, other))) else other
                for other in row[column.name]
            ]


def _ends(column: Column, stored: Rows) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    type_ = str(column.link.type) if column.link else ""
    for record in stored:
        if record["type"] == type_:
            yield record["id"], record["target"], record["properties"]


def distinct(texts: Iterable[str]) -> list[str]:
    """Texts that differ when folded, the first of each in their order."""
    found: dict[str, str] = {}
    for text in sorted(texts):
        found.setdefault(fold(text), text)
    return list(found.values())
