"""A question to an answer."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

from api.bootstrap import Platform
from api.conversation import read_conversation, write_conversation
from api.services.asking import asked
from api.services.texts import checked
from graph.answering import answer, no_answer
from graph.bought import settle
from graph.comparing import beside, figures_of
from graph.conversation import Conversation, Named, Turn, turn_of
from graph.following import (
    about_the_goods,
    about_the_last,
    gone_on,
    is_english_beside,
    leads_nowhere,
    made_whole,
    spoken_in,
)
from graph.knowledge import Node
from graph.listed import among_the_last, ranked_one
from graph.migrations import now_ms
from graph.model import Actor, Among, Answer, Document, Language, Link
from graph.question.asking import asked_apart, run_together
from graph.question.inner import Inner, inner_question
from graph.question.romanised import in_han
from graph.rights import Action
from graph.selection.asker import Asker
from graph.text import fold, has_han
from graph.vocabulary import Label

KNOWLEDGE = "Knowledge"
_NOT_TOLD = frozenset({"none", "choice"})
_UNSURE = _NOT_TOLD | {"how-to"}


async def ask(
    platform: Platform,
    actor: Actor,
    question: str,
    *,
    conversation: str | None = None,
    at: int | None = None,
) -> Answer:
    """What the graph knows of ``question``, as far as ``actor`` may select it.

    ``conversation`` is the id that came with the answer before, where the question goes on; ``at``
    is when it is asked, in milliseconds since the epoch, where that is not now.

    Raises:
        ForbiddenError: the actor may not read knowledge at all.
        InputError: empty, too long, or not text; a conversation that is not the actor's.
        UnavailableError: the graph does not answer, or the policy keeps moving.
    """
    platform.rights(actor).reach(actor, Action.READ, KNOWLEDGE)
    text = run_together(in_han(checked(question, platform.settings, field="question")))
    now, sealer = now_ms(), platform.vault.sealer
    before = Conversation()
    if conversation:
        before = read_conversation(sealer, actor, conversation, now_ms=now)
    answering = _Answering(platform, actor, now if at is None else at, before.goods)
    turn, found = await answering.after(before, text)
    after = before.followed_by(turn)
    return replace(found, conversation=write_conversation(sealer, actor, after, now_ms=now))


def _as_one(parts: Sequence[tuple[Turn, Answer]]) -> tuple[Turn, Answer]:
    """Several answers as one, as sure as all of them together."""
    told = [answer for _, answer in parts]
    text = "\n".join(one.answer for one in told)
    kinds = {one.kind for one in told}
    both = replace(
        told[0],
        answer=text,
        question=" ".join(one.question for one in told),
        kind=kinds.pop() if len(kinds) == 1 else "fact",
        confidence=math.prod(one.confidence for one in told),
        citations=tuple(chain.from_iterable(one.citations for one in told)),
    )
    return replace(parts[0][0], answer=text), both


def _only_one(found: Answer) -> str | None:
    """The name of the one node that an answer tells, or chooses of those that it compares."""
    told = [one for one in found.citations if not one.starts]
    if found.kind == "comparison":
        values = [one.excerpt for one in told[:2]]
        return told[0].name if len(set(values)) > 1 else None
    named = {one.id: one.name for one in told}
    return named.popitem()[1] if found.kind == "fact" and len(named) == 1 else None


@dataclass(frozen=True, slots=True)
class _Answering:
    """Answers one actor, at one time."""

    platform: Platform
    actor: Actor
    now: int
    spoken_of: tuple[Node, ...] = ()

    @property
    def _regions(self) -> tuple[str, ...]:
        reads = self.platform.rights(self.actor).everywhere
        return self.platform.extractor.knowledge.regions_for(reads)

    async def after(self, before: Conversation, text: str) -> tuple[Turn, Answer]:
        """The turn of ``text``, made whole by what came before it, and what the graph knows; of two
        questions in one both, where it knows both.
        """
        parts = await self._apart(before, asked_apart(text))
        if len(parts) > 1:
            return _as_one(parts)
        # One answer to both says all, unless the whole is understood better.
        return max([*parts, await self._one(before, text)], key=lambda one: one[1].confidence)

    async def _apart(self, before: Conversation, parts: Sequence[str]) -> list[tuple[Turn, Answer]]:
        """The questions in turn; none where one has no answer, the first where all say the same."""
        found: list[tuple[Turn, Answer]] = []
        for part in parts:
            turn, told = await self._one(before, part)
            # "… how much is it, and the warranty?" goes on about the same.
            if found and told.kind in _UNSURE and (fuller := about_the_last(part, before)):
                turn, told = await self._one(before, fuller)
            # "Which is cheaper, and by how much?" is one question.
            if told.kind in _NOT_TOLD or told.kind == "comparison":
                return []
            before = before.followed_by(turn)
            found.append((turn, told))
        said = {frozenset((cited.id, cited.excerpt) for cited in one.citations) for _, one in found}
        return found if len(said) > 1 else found[:1]

    async def _one(self, before: Conversation, text: str) -> tuple[Turn, Answer]:
        if before.turns and leads_nowhere(fold(text), before.turns):
            none = replace(no_answer(self._read(text).language), question=text)
            return turn_of(text, none), none
        return await self._understood(before, text)

    async def _understood(self, before: Conversation, text: str) -> tuple[Turn, Answer]:
        if figures := figures_of(text, before):
            both = [await self._answer(self._read(one)) for one in figures.questions]
            if found := beside(figures, both, self._read(text).language):
                return turn_of(text, found), found
        if ranked := ranked_one(text, before):
            whole, found = await self._in_turn(text, *ranked)
            if whole != text:
                return turn_of(whole, found), found
        part = among_the_last(text, before, named=self._named)
        whole, among = part or made_whole(
            text,
            before,
            near=self._near,
            named=self._named,
            regions=self._regions,
        )
        document = self._read(whole)
        if whole != text:
            document = replace(document, language=spoken_in(text, document.language))
        if not part and (inner := inner_question(document)):
            whole, found = await self._in_turn(whole, inner)
        else:
            found = await self._answer(document, among)
        if fuller := self._fuller(whole, found, before):
            told = await self._answer(self._read(fuller))
            # What leads nowhere was asked of something else.
            if told.kind != "none" or found.kind != "none":
                whole, found, among = fuller, told, None
        last = before.turns[-1] if before.turns else None
        said_again = last and found.answer == last.answer and whole not in {text, last.question}
        if said_again and (further := gone_on(text, before)):
            other = await self._answer(self._read(further))
            whole, found = (whole, found) if other.kind in _NOT_TOLD else (further, other)
        return turn_of(whole, found, among), found

    def _fuller(self, whole: str, found: Answer, before: Conversation) -> str | None:
        """The question about what was last spoken of, where it leads nowhere, or asks back."""
        if found.kind == "none" and not found.about:
            return about_the_last(whole, before)
        return about_the_goods(whole, found, before, links=self._links)

    def _read(self, text: str) -> Document:
        found = self.platform.extractor.extract(text)
        if found.language is Language.ZH and is_english_beside(text, found.links):
            return replace(found, language=Language.EN)
        return found

    def _near(self, words: str, like: Named) -> str | None:
        # 那800的呢 goes on in Chinese.
        language = Language.ZH if has_han(like.text) else None
        found = (like.label, like.id)
        return self.platform.extractor.nearest(words, like=found, language=language)

    def _links(self, words: str) -> tuple[Link, ...]:
        return self.platform.extractor.extract(words, issues=False).links if words else ()

    def _named(self, words: str) -> frozenset[Label]:
        return frozenset(link.label for link in self._links(words))

    async def _in_turn(
        self, whole: str, inner: Inner, among: Among | None = None
    ) -> tuple[str, Answer]:
        """What comes first, then what is asked of it; nothing where either has no one answer."""
        first = await self._answer(self._read(inner.question), among)
        name = _only_one(first)
        if name is None:
            return whole, replace(no_answer(first.language), withheld=first.withheld)
        outer = f"{whole[: inner.start]}{name}{whole[inner.end :]}"
        second = await self._answer(self._read(outer))
        if second.kind == "none":
            return outer, second
        sure = first.confidence * second.confidence
        citations = (*second.citations, *first.citations)
        return outer, replace(second, confidence=sure, citations=citations)

    async def _answer(self, document: Document, among: Among | None = None) -> Answer:
        platform, extractor = self.platform, self.platform.extractor

        async def work(asker: Asker) -> Answer:
            asker.rights.reach(self.actor, Action.READ, KNOWLEDGE)
            said = await settle(
                platform.store,
                document,
                near=extractor.knowledge.near,
                customer=self.actor.customer_id,
                asker=asker,
                spoken_of=self.spoken_of,
            )
            return await answer(
                platform.store,
                said,
                knowledge=extractor.knowledge,
                asker=asker,
                guess=lambda text: extractor.extract(text, resolutions=False).guesses,
                now_ms=self.now,
                among=among,
            )

        return await asked(platform, self.actor, work)
