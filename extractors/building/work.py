"""What tickets and messages say: the customer behind each, and what each is about."""

import re
from collections.abc import Iterator
from functools import cache

from extractors.building.document import Cell, Document, Record
from extractors.building.fact import CUSTOMER, OWN, TICKET, Fact, make_fact
from extractors.building.naming import part
from extractors.identifiers import Pattern, find_marks, load_patterns
from graph.model import Mark
from graph.text import fold

OPEN = "?"
"""Begins the field of a column of which only all documents together can tell what it holds."""
KINDS = ("email", "phone", "wechat", "app", "crm")
_MARKED = frozenset({"email", "phone", "wechat"})
_MINE = re.compile(
    r"(?:\bmy\s+(?:e-?mail|phone|number|mobile|wechat)|\breach me|\bcall me"
    r"|我的?(?:电话|手机号?码?|邮箱|微信号?|联系方式)|(?:电话|手机|联系电话)\s*[:：])",
    re.IGNORECASE,
)
_NEAR = 40
_LONGEST = 4_000
_LONGEST_NAME = 60


def find_work(document: Document) -> Iterator[Fact]:
    """Facts of kind ``customer``, ``ticket`` and ``own``."""
    for record in document.records:
        if "recipient" in record:
            sender = [record["email"]] if "email" in record else []
            yield make_fact(OWN, 1.0, {"email": [record["recipient"]], "sender": sender})
        yield from _customer(record)
        yield from _ticket(record)


def _customer(record: Record) -> Iterator[Fact]:
    parts = {kind: [record[kind]] for kind in KINDS if kind in record}
    for kind, cell in _written(record):
        parts.setdefault(kind, []).append(cell)
    name = record.get("customer")
    if not parts:
        return
    if name and len(name.text) <= _LONGEST_NAME and not any(_marks(name)):
        parts["name"] = [name]
    yield make_fact(CUSTOMER, 0.95, parts)


def _written(record: Record) -> Iterator[tuple[str, Cell]]:
    """Identities in a contact's cell, in a signature, and where the writer calls them their own."""
    for field in ("customer", "signature"):
        if field in record:
            for mark in _marks(record[field]):
                yield mark.kind, part(record[field], mark.start, mark.end)
    text = record.get("text")
    if text is None:
        return
    cues = [found.end() for found in _MINE.finditer(text.text[:_LONGEST])]
    for mark in _marks(text) if cues else ():
        if any(0 <= mark.start - cue <= _NEAR for cue in cues):
            yield mark.kind, part(text, mark.start, mark.end)


def _ticket(record: Record) -> Iterator[Fact]:
    words = [record[field] for field in ("subject", "text") if field in record]
    if not words and "issue" not in record:
        return
    fields = ("subject", "text", "issue", "product", "department", "solution", "email", "thread")
    parts = {field: [record[field]] for field in fields if field in record}
    parts |= {field: [cell] for field, cell in record.items() if field.startswith(OPEN)}
    if "text" in parts:
        parts["text"] = [part(record["text"], 0, _LONGEST)]
    yield make_fact(TICKET, 0.8, parts)


def marks_of(text: str) -> tuple[Mark, ...]:
    """Identifiers in a text."""
    return find_marks(fold(text), _patterns())


def _marks(cell: Cell) -> Iterator[Mark]:
    found = marks_of(cell.text[:_LONGEST])
    return (mark for mark in found if mark.kind in _MARKED)


@cache
def _patterns() -> tuple[Pattern, ...]:
    return load_patterns()
