"""What may be done with a conversation: hand it over to a person, rate its last answer, go on."""

import hashlib

from api.bootstrap import Platform
from api.conversation import FIELD, read_conversation
from api.errors import InputError
from api.services.ask import KNOWLEDGE
from api.services.asking import asked
from api.services.changes import claim_of
from api.services.ingest import Ingested, NewMessage, ingest
from graph.conversation import Conversation
from graph.feedback import ANSWER, GREATEST, LEAST, Feedback, save_feedback
from graph.migrations import now_ms
from graph.model import Actor, Answer
from graph.rights import Action
from graph.selection.asker import Asker
from graph.suggestion import suggest

_ID = 20
_MOST_NOTED = 1_000


async def suggestions(platform: Platform, actor: Actor, answer: Answer) -> tuple[str, ...]:
    """What to ask next; nothing where nothing was asked about.

    Raises:
        UnavailableError: the graph does not answer, or the policy keeps moving.
    """
    about = answer.about
    if about is None:
        return ()

    async def work(asker: Asker) -> tuple[str, ...]:
        return await suggest(
            platform.store,
            about,
            answer.question,
            knowledge=platform.extractor.knowledge,
            asker=asker,
            language=answer.language,
        )

    return await asked(platform, actor, work)


async def hand_over(
    platform: Platform,
    actor: Actor,
    conversation_id: str,
    *,
    idempotency_key: str,
    text: str | None = None,
    customer: str | None = None,
) -> Ingested:
    """A routed ticket with the conversation in it, and what the person adds.

    Raises:
        InputError: a conversation that is not the actor's, or too old; and what ``ingest`` raises.
    """
    said = _opened(platform, actor, conversation_id)
    whole = "\n\n".join(filter(None, (text, said.text)))
    message = NewMessage(text=whole, idempotency_key=idempotency_key, customer=customer)
    return await ingest(platform, actor, message)


async def rate(
    platform: Platform,
    actor: Actor,
    conversation_id: str,
    *,
    rating: int,
    idempotency_key: str,
    note: str | None = None,
) -> str:
    """The id of the feedback on the last answer; texts are kept redacted.

    Raises:
        ForbiddenError: the actor may not ask, so there is nothing to rate.
        InputError: a conversation that is not the actor's, a rating or note that cannot be used.
        ConflictError: the key was used with another body.
        UnavailableError: the graph does not answer.
    """
    platform.rights(actor).reach(actor, Action.READ, KNOWLEDGE)
    if not LEAST <= rating <= GREATEST:
        raise InputError("rating", f"rating needs {LEAST} to {GREATEST}")
    if note is not None and len(note) > _MOST_NOTED:
        raise InputError("note", f"note needs at most {_MOST_NOTED} characters")
    last = _opened(platform, actor, conversation_id).turns[-1]
    body = {"conversation": conversation_id, "rating": rating, "note": note}
    claim = claim_of(platform, actor, "rateAnswer", key=idempotency_key, body=body)
    if claim is None:
        raise InputError("idempotencyKey", "idempotencyKey is missing")
    redacted = platform.extractor.redacted
    feedback = Feedback(
        id=f"F-{hashlib.sha256(claim.id.encode()).hexdigest()[:_ID]}",
        kind=ANSWER,
        actor=actor.id,
        question=redacted(last.question),
        answer=redacted(last.answer),
        note=redacted(note) if note else None,
        rating=rating,
        fingerprint=claim.fingerprint,
    )
    return await save_feedback(platform.store, feedback, now_ms=now_ms())


def _opened(platform: Platform, actor: Actor, conversation_id: str) -> Conversation:
    found = read_conversation(platform.vault.sealer, actor, conversation_id, now_ms=now_ms())
    if not found.turns:
        raise InputError(FIELD, f"{FIELD} is an empty conversation")
    return found
