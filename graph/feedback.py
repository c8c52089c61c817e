"""Feedback: what people say of an answer. Written once, read by who trains and who evaluates."""

from dataclasses import dataclass

from graph.errors import ConflictError
from graph.store import Store

ANSWER = "answer"
LEAST, GREATEST = 1, 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Feedback:
    """``id`` is of the actor and their key; ``question``, ``answer`` and ``note`` are redacted;
    ``rating`` is within 1 (no help) and 5; ``fingerprint`` tells one body from another.
    """

    id: str
    kind: str
    actor: str
    question: str
    answer: str
    note: str | None
    rating: int
    fingerprint: str


async def save_feedback(store: Store, feedback: Feedback, *, now_ms: int) -> str:
    """Its id; idempotent.

    Raises:
        ConflictError: the same key came with another body.
        UnavailableError: the graph does not answer.
    """
    (row,) = await store.write(
        "feedback-save",
        id=feedback.id,
        kind=feedback.kind,
        actor=feedback.actor,
        question=feedback.question,
        answer=feedback.answer,
        note=feedback.note,
        rating=feedback.rating,
        now=now_ms,
        fingerprint=feedback.fingerprint,
    )
    if row["fingerprint"] != feedback.fingerprint:
        raise ConflictError("the idempotency key was used with another body")
    return str(row["id"])
