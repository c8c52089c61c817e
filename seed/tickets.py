"""Ticket history: each row is understood, sealed and written with all its relationships.

Chunks are read, understood and sealed in a thread while the chunk before is written.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph.intake import concerns, mentions, order_mentions, subject
from graph.model import Document
from graph.schema import WRITER
from graph.sequence import Sequence as Numbers
from graph.sequence import ages
from graph.states import State
from graph.store import Rows as Records
from graph.store import Transaction
from graph.vocabulary import Label, RelationshipType
from seed.ahead import ahead, batches
from seed.links import FILE, Changes, Wanted, compare
from seed.nodes import Stored, differs, owner_of
from seed.ports import Extract
from seed.references import number_key, space_of
from seed.rows import Row
from seed.tables import OPEN, TABLES, TICKETS
from seed.validate import rows_of
from seed.writing import Writing

CHUNK = 400
_KNOWN = "seed-ticket-known"
_ORDERS = space_of("orders", "number")
_LABELLED = {"extractor": "label.v1", "confidence": 1.0}
_STORED = (
    "created_at",
    "first_response_at",
    "assigned_at",
    "solved_at",
    "reopened_count",
    "rating",
)
_PER_MILLISECOND = 4096
_COLUMNS = {column.name: column for column in TABLES[TICKETS].columns}
_PLAIN = {
    "customer": Label.CUSTOMER,
    "channel": Label.CHANNEL,
    "department": Label.DEPARTMENT,
    "agent": Label.AGENT,
    "resolution": Label.RESOLUTION,
}
_MENTIONED = {
    Label.PRODUCT: "products",
    Label.CATEGORY: "categories",
    Label.DEPARTMENT: "departments",
}


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Parameters of one transaction: tickets to create, to save, and relationships.

    ``moved`` are tickets that may have another department or agent afterwards.
    """

    created: list[dict[str, Any]]
    saved: list[dict[str, Any]]
    changes: Changes
    moved: list[str]


@dataclass(frozen=True, slots=True)
class _Stored:
    """What the graph has of a chunk's tickets, by id; ``numbers`` are order numbers it has."""

    nodes: Mapping[str, Stored]
    texts: Mapping[str, Stored]
    links: Records
    numbers: frozenset[str]


class Tickets:
    """Loads ticket files, one after the other."""

    def __init__(self, writing: Writing, *, extract: Extract) -> None:
        self._writing, self._extract = writing, extract
        self._numbers, self._numbered = Numbers(), 0
        self._has_source = False

    async def load(self, file: str, path: Path, *, total: int) -> None:
        """Load one file; ``total`` counts the rows of all."""
        source = f"{FILE}{file}"
        self._has_source = False
        chunks = batches(rows_of(file, path), CHUNK)

        async def prepare() -> _Chunk | None:
            return await self._prepare(chunks, source=source)

        async with aclosing(ahead(prepare)) as prepared:
            async for chunk in prepared:
                await self._write(chunk, source=source)
                done = self._writing.count(TICKETS).nodes
                self._writing.progress(TICKETS, done, total)

    async def _prepare(self, chunks: Iterator[list[Row]], *, source: str) -> _Chunk | None:
        read = await asyncio.to_thread(self._understand, chunks)
        if read is None:
            return None
        rows, documents = read
        stored = await self._look_up(rows, documents)
        await self._writing.find_keys(
            reference.id for row in rows for reference in row.references("customer")
        )
        return await asyncio.to_thread(self._build, rows, documents, stored, source)

    def _understand(self, chunks: Iterator[list[Row]]) -> tuple[list[Row], list[Document]] | None:
        rows = next(chunks, None)
        if rows is None:
            return None
        return rows, [self._document(row) for row in rows]

    def _document(self, row: Row) -> Document:
        is_labelled = any(row.references("issues"))
        return self._extract(row.values.get("text", ""), issues=not is_labelled, resolutions=False)

    async def _look_up(self, rows: Sequence[Row], documents: Sequence[Document]) -> _Stored:
        read = self._writing.store.read
        ids = [row.id for row in rows]
        nodes = {record["id"]: record["properties"] for record in await read(_KNOWN, ids=ids)}
        there = sorted(nodes)
        texts = await read("seed-ticket-texts", ids=there) if there else []
        links = await read("seed-ticket-links", ids=there) if there else []
        said = {mark.value for doc in documents for mark in doc.marks if mark.kind == "order"}
        numbers = {number for number in said if self._writing.has(_ORDERS, number)}
        if rest := sorted(said - numbers):
            found = await read("seed-order-numbers", numbers=rest)
            numbers.update(record["id"] for record in found)
        return _Stored(nodes, {record["id"]: record for record in texts}, links, frozenset(numbers))

    def _build(
        self, rows: Sequence[Row], documents: Sequence[Document], stored: _Stored, source: str
    ) -> _Chunk:
        count = self._writing.count(TICKETS)
        created: list[dict[str, Any]] = []
        saved: list[dict[str, Any]] = []
        wanted: dict[str, list[Wanted]] = {}
        for row, document in zip(rows, documents, strict=True):
            before = stored.nodes.get(row.id)
            parameters = self._parameters(row, document, stored)
            wanted[row.id] = list(self._links(row, document, source=source, stored=stored))
            if before is None:
                count.created += 1
                created.append(parameters)
            elif parameters["message"] or differs(parameters["properties"], before):
                count.updated += 1
                saved.append(parameters)
            else:
                count.unchanged += 1
        changes = compare(Label.TICKET, wanted, stored=stored.links)
        # Each ticket has its message and its source besides what the columns say.
        count.relationships += sum(map(len, wanted.values())) + 2 * len(rows)
        count.changed_relationships += changes.count
        moved = [id_ for id_ in wanted if id_ in stored.nodes] if changes.count else []
        return _Chunk(created, saved, changes, moved)

    def _parameters(self, row: Row, document: Document, stored: _Stored) -> dict[str, Any]:
        before = stored.nodes.get(row.id)
        seq = before["seq"] if before else self._number(row)
        message, data_key = self._message(row, document, stored)
        properties = {
            **{name: row.values.get(name) for name in _STORED},
            "reopened_count": row.values.get("reopened_count", 0),
            "state": _state(row),
            "subject": subject(document.redacted),
            "language": str(row.values.get("language", document.language)),
            "search_text": f"{document.search_text} {ages(seq)}",
            "data_key": data_key,
        }
        if before is None:
            for name in ("department", "agent"):
                properties[f"{name}_id"] = next((one.id for one in row.references(name)), None)
            properties = {name: value for name, value in properties.items() if value is not None}
        return {"id": row.id, "seq": seq, "properties": properties, "message": message}

    def _number(self, row: Row) -> int:
        self._numbered += 1
        created: int = row.values["created_at"]
        # Rows of one millisecond (an archive with dates only) outnumber the sequence's counter.
        return self._numbers.next(created + self._numbered // _PER_MILLISECOND)

    def _message(
        self, row: Row, document: Document, stored: _Stored
    ) -> tuple[dict[str, Any], str | None]:
        """The message, empty if it is stored as it is; and the ticket's own data key, if any."""
        customer = next((reference.id for reference in row.references("customer")), None)
        key = self._writing.keys.get(customer) if customer else None
        owner = owner_of(customer) if customer and key else f"Ticket:{row.id}"
        sealing, own = self._writing.sealing, None
        if key is None:
            own = stored.nodes.get(row.id, {}).get("data_key") or sealing.new_data_key(owner)
        plain = {
            "text": document.redacted,
            "author": "customer",
            "created_at": row.values["created_at"],
        }
        before = stored.texts.get(row.id)
        if before and before["customer"] == customer and not differs(plain, before["message"]):
            return {}, own
        text = row.values.get("text", "")
        sealed = sealing.seal_text(
            text, owner=owner, field="Message.text", data_key=key or own or ""
        )
        return {**plain, "text_sealed": sealed}, own

    def _links(
        self, row: Row, document: Document, *, source: str, stored: _Stored
    ) -> Iterator[Wanted]:
        at, mark = row.values["created_at"], {WRITER: source}
        for name, label in _PLAIN.items():
            for reference in row.references(name):
                extra = {"at": row.values["assigned_at"]} if _is_assigned(row, name) else {}
                yield Wanted(_type(name), label, reference.id, {**mark, **extra})
        label_said = {**_LABELLED, **mark, "recorded_at": at}
        yield from _concerns(row, document, said=label_said)
        yield from self._mentions(row, document, said=label_said, stored=stored)

    def _mentions(
        self, row: Row, document: Document, *, said: Mapping[str, Any], stored: _Stored
    ) -> Iterator[Wanted]:
        """What the text names, with its span; and what only the row's columns say."""
        source, at = said[WRITER], said["recorded_at"]
        found: dict[tuple[Label, str], Mapping[str, Any]] = {}
        for label, links in mentions(document, source=source, at=at).items():
            for link in links:
                if self._writing.has(_MENTIONED[Label(label)], link["id"]):
                    found[Label(label), link["id"]] = _provenance(link)
        for link in order_mentions(document, source=source, at=at):
            if link["id"] in stored.numbers:
                found[Label.ORDER, link["id"]] = _provenance(link)
        for reference in row.references("product"):
            found.setdefault((Label.PRODUCT, reference.id), said)
        for reference in row.references("order"):
            found.setdefault((Label.ORDER, number_key(reference.id)), said)
        for (label_, id_), provenance in found.items():
            yield Wanted(RelationshipType.MENTIONS, label_, id_, provenance)

    async def _write(self, chunk: _Chunk, *, source: str) -> None:
        if not (chunk.created or chunk.saved or chunk.changes.count):
            return

        async def work(transaction: Transaction) -> None:
            if not self._has_source:
                await transaction.run("seed-source-save", id=source, name=source[len(FILE) :])
            if chunk.created:
                await transaction.run("seed-ticket-create", rows=chunk.created, source=source)
            if chunk.saved:
                await transaction.run("seed-ticket-save", rows=chunk.saved)
            await chunk.changes.run(transaction)
            if chunk.moved:
                await transaction.run("ticket-place", ids=chunk.moved)

        await self._writing.run(work)
        self._has_source = True


def _concerns(row: Row, document: Document, *, said: Mapping[str, Any]) -> Iterator[Wanted]:
    """The labelled issues; of a row without a label, what the text seems to be about."""
    labelled = list({reference.id: None for reference in row.references("issues")})
    for rank, id_ in enumerate(labelled, start=1):
        yield Wanted(RelationshipType.CONCERNS, Label.ISSUE, id_, {**said, "rank": rank})
    if not labelled:
        for found in concerns(document, source=said[WRITER], at=said["recorded_at"]):
            yield Wanted(RelationshipType.CONCERNS, Label.ISSUE, found["id"], _provenance(found))


def _provenance(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "id"}


def _state(row: Row) -> str:
    """Archives say ``open``; how far an open ticket has come shows in its instants."""
    state = row.values["state"]
    if state != OPEN:
        return str(State(state))
    if "first_response_at" in row.values:
        return str(State.ANSWERED)
    return str(State.ASSIGNED if "assigned_at" in row.values else State.NEW)


def _is_assigned(row: Row, column: str) -> bool:
    return column == "department" and "assigned_at" in row.values


def _type(column: str) -> RelationshipType:
    link = _COLUMNS[column].link
    if link is None:
        raise LookupError(column)
    return link.type
