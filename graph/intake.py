"""Writes what was understood of a message: ticket, links with provenance, route, in one statement.

What arrives together is written together.

Personal values come in already sealed (``Sealed``): this room has no key.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from graph.batching import Batching
from graph.errors import ConflictError, GraphError
from graph.migrations import now_ms
from graph.model import Document, Guess, Link, Mark, Receipt
from graph.routing import receipt_to_json
from graph.sequence import Sequence as Numbers
from graph.sequence import ages, ticket_id
from graph.states import State
from graph.store import Store
from graph.vocabulary import Label

MENTIONED = (Label.PRODUCT, Label.CATEGORY, Label.DEPARTMENT)
_SUBJECT_LENGTH = 80
_MIN_CONCERNS = 0.1
_PROPOSED = 3
_TOGETHER = 32


@dataclass(frozen=True, kw_only=True, slots=True)
class Sealed:
    """The original text under a key; ``data_key`` is stored with the ticket if it is its own."""

    text: str
    data_key: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """One message to be taken in. ``request`` is the idempotency key with actor and operation."""

    document: Document
    sealed: Sealed
    request: str
    fingerprint: str
    source: str
    customer: str | None = None
    channel: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Number:
    """What a ticket is called, before it exists: its original is sealed to this id."""

    id: str
    seq: int
    at: int


async def replayed(store: Store, *, request: str, fingerprint: str) -> str | None:
    """The id that an earlier request with this key created, or ``None``.

    Raises:
        ConflictError: the key was used with another body.
        UnavailableError: the graph does not answer.
    """
    rows = await store.read("request-get", id=request)
    if not rows:
        return None
    if rows[0]["fingerprint"] != fingerprint:
        raise ConflictError("this idempotency key was used with another body; use a new key")
    return str(rows[0]["result_id"])


class Intake:
    """Where tickets are written."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._numbers = Numbers()
        self._write = Batching(self._write_all, limit=_TOGETHER)

    def number(self) -> Number:
        """A fresh id for a ticket created now."""
        at = now_ms()
        seq = self._numbers.next(at)
        return Number(id=ticket_id(seq), seq=seq, at=at)

    async def create(self, arrival: Arrival, *, number: Number, receipt: Receipt) -> str:
        """Write the ticket whole, or nothing; return its id, the earlier one's on a replay.

        Raises:
            ConflictError: the idempotency key was used with another body.
            UnavailableError: the graph does not answer; call again with the same key.
        """
        if await self._write(_row_of(arrival, number, receipt)):
            return number.id
        earlier = await replayed(
            self._store, request=arrival.request, fingerprint=arrival.fingerprint
        )
        if earlier is None:
            raise GraphError("the ticket was not written and its request is unknown")
        return earlier

    async def _write_all(self, rows: Sequence[dict[str, Any]]) -> list[bool]:
        """Whether each was written; a replay is not."""
        written = {row["id"] for row in await self._store.write("ticket-create", rows=list(rows))}
        return [row["id"] in written for row in rows]


def _row_of(arrival: Arrival, number: Number, receipt: Receipt) -> dict[str, Any]:
    document, source, at = arrival.document, arrival.source, number.at
    return {
        "request": arrival.request,
        "fingerprint": arrival.fingerprint,
        "id": number.id,
        "seq": number.seq,
        "now": at,
        "state": State.TRIAGE if receipt.reason else State.ASSIGNED,
        "subject": subject(document.redacted),
        "language": document.language,
        "search_text": f"{document.search_text} {ages(number.seq)}",
        "data_key": arrival.sealed.data_key,
        "text": document.redacted,
        "text_sealed": arrival.sealed.text,
        "customer": _some(arrival.customer),
        "channel": _some(arrival.channel),
        "issues": concerns(document, source=source, at=at),
        "mentions": mentions(document, source=source, at=at),
        "orders": order_mentions(document, source=source, at=at),
        "route": _route(receipt),
        "proposals": _proposals(receipt),
        "department": [receipt.department],
        "agent": _some(receipt.choice.agent if receipt.choice else None),
    }


def subject(redacted: str) -> str:
    """The first words of a text, on one line."""
    line = " ".join(redacted.split())
    return line if len(line) <= _SUBJECT_LENGTH else line[: _SUBJECT_LENGTH - 1] + "…"


def concerns(document: Document, *, source: str, at: int) -> list[dict[str, Any]]:
    """CONCERNS rows: the likely issues, the surest provenance of each."""
    named = [link for link in document.links if link.label is Label.ISSUE]
    guessed = [
        guess
        for guess in document.guesses
        if guess.label is Label.ISSUE and guess.probability >= _MIN_CONCERNS
    ]
    rows = [
        *(_row(link.id, _from_link(link), source, at) for link in named),
        *(_row(guess.id, _from_guess(guess, document), source, at) for guess in guessed),
    ]
    ranked = sorted(_surest(rows), key=lambda row: -row["confidence"])
    for rank, row in enumerate(ranked, start=1):
        row["rank"] = rank
    return ranked


def mentions(document: Document, *, source: str, at: int) -> dict[str, list[dict[str, Any]]]:
    """MENTIONS rows by label, the surest mention of each node."""
    return {
        str(label): _surest(
            _row(link.id, _from_link(link), source, at)
            for link in document.links
            if link.label is label
        )
        for label in MENTIONED
    }


def order_mentions(document: Document, *, source: str, at: int) -> list[dict[str, Any]]:
    """MENTIONS rows for order numbers; ``id`` is the number's normal form."""
    return _surest(
        _row(mark.value, _from_mark(mark), source, at)
        for mark in document.marks
        if mark.kind == "order"
    )


def _from_link(link: Link) -> dict[str, Any]:
    return {
        "extractor": link.extractor,
        "confidence": link.confidence,
        "start": link.start,
        "end": link.end,
    }


def _from_guess(guess: Guess, document: Document) -> dict[str, Any]:
    return {
        "extractor": guess.extractor,
        "confidence": guess.probability,
        "start": 0,
        "end": len(document.text),
    }


def _from_mark(mark: Mark) -> dict[str, Any]:
    return {
        "extractor": mark.extractor,
        "confidence": 1.0,
        "start": mark.start,
        "end": mark.end,
    }


def _row(id_: str, found: dict[str, Any], source: str, at: int) -> dict[str, Any]:
    return {"id": id_, **found, "source": source, "recorded_at": at}


def _surest(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    best: dict[str, dict[str, Any]] = {}
    for row in rows:
        known = best.get(row["id"])
        if known is None or row["confidence"] > known["confidence"]:
            best[row["id"]] = row
    return list(best.values())


def _route(receipt: Receipt) -> dict[str, Any]:
    return {
        "receipt": json.dumps(receipt_to_json(receipt), ensure_ascii=False),
        "model": receipt.model,
        "confidence": receipt.confidence,
        "margin": receipt.margin,
        "policy_epoch": receipt.policy_epoch,
        "knowledge_epoch": receipt.knowledge_epoch,
        "reason": receipt.reason,
    }


def _proposals(receipt: Receipt) -> list[dict[str, Any]]:
    return [
        {
            "department": candidate.department,
            "rank": rank,
            "score": candidate.score,
            "path_kinds": [one.path_kind for one in candidate.contributions],
            "contributions": [one.points for one in candidate.contributions],
        }
        for rank, candidate in enumerate(receipt.candidates[:_PROPOSED], start=1)
    ]


def _some(value: str | None) -> Sequence[str]:
    return [value] if value else []
