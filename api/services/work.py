"""Work on a ticket: texts understood and sealed, then the named transition."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.bootstrap import Platform
from api.services.changes import authored, claim_of
from api.services.ingest import SEALED_FIELD
from api.services.learning import likeliest_issue
from api.services.texts import checked
from graph.change import Author
from graph.intake import Sealed
from graph.model import Actor
from graph.transition import Move, Words, transition
from graph.vocabulary import Label

CORRECT = "correct"


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """What a person asks to be done to a ticket.

    ``operation`` is the mutation's name; ``values`` are of a ``Move``, ``text`` the words of its
    input field ``text_field``.
    """

    operation: str
    action: str
    ticket: str
    values: Mapping[str, Any]
    text: str | None = None
    text_field: str = "text"
    version: int | None = None
    key: str | None = None


async def work_on(platform: Platform, actor: Actor, task: Task) -> None:
    """Do it, or nothing; a replay does nothing again.

    Raises:
        InputError: text or key cannot be used.
        and what ``graph.transition.transition`` raises.
    """
    platform.rights(actor).reach(actor, task.action, Label.TICKET)
    words = None
    if task.text is not None:
        words = words_of(platform, task.text, field=task.text_field)
    body = {"ticket": task.ticket, "text": task.text, "version": task.version, **task.values}
    claim = claim_of(platform, actor, task.operation, key=task.key, body=body)
    values = dict(task.values)
    if task.action == CORRECT and not values["issue"] and values["department"]:
        values["issue"] = await likeliest_issue(
            platform, ticket=task.ticket, department=values["department"]
        )
    move = Move(ticket=task.ticket, action=task.action, version=task.version, words=words, **values)

    async def do(author: Author) -> bool:
        return await transition(platform.store, author, move, seal=sealing(platform), claim=claim)

    if await authored(platform, actor, do):
        await platform.announce([task.ticket])


def words_of(platform: Platform, text: str, *, field: str) -> Words:
    """A person's text with personal identifiers taken out.

    Raises:
        InputError: empty, too long, or no text.
    """
    checked(text, platform.settings, field=field)
    document = platform.extractor.extract(text, issues=False, resolutions=False)
    return Words(redacted=document.redacted, original=text)


def sealing(platform: Platform) -> Any:
    """See ``graph.transition.Seal``."""
    vault = platform.vault

    def seal(text: str, owner: str, key: str | None) -> Sealed:
        fresh = None if key else vault.new_data_key(owner)
        data_key = key or fresh or ""
        value = vault.seal_text(text, owner=owner, field=SEALED_FIELD, data_key=data_key)
        return Sealed(text=value, data_key=fresh)

    return seal
