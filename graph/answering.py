"""Answers by traversal: a fact, a list, a count, or the resolution that fits; otherwise none.

Abstaining is an answer too: below ``MIN_CONFIDENCE`` nothing is claimed and a person takes over.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from graph import migrations
from graph.describing import told_by_description
from graph.facts import Fact, find_fact
from graph.knowledge import Knowledge
from graph.likelihood import MIN_CONFIDENCE
from graph.model import About, Among, Answer, Document, Language
from graph.naming import Guessing
from graph.question.question import refers
from graph.resolutions import find_resolution
from graph.selection.asker import Asker
from graph.store import Store
from graph.vocabulary import GOODS

_SURE, _OPEN = 0.9, 0.75
_NAMED = 4
"""So many nodes that a question names are remembered."""
_DIFFER = re.compile(r"\bdifference\b|\bdiffer\b|\bby how\b|相差|差多少")
_THEIRS = re.compile(
    r"\b(?:his|her|their)\s(?:e-?mail|phone|address|name|number|birthday)"
    r"|\b(?:e-?mail|phone|address) of"
    r"|[他她]们?的(?:邮箱|电话|手机|地址|姓名|生日)"
    r"|(?:邮箱|电话|手机号?|地址|姓名|生日)(?:发|给|告诉)我"
)
_HOW_LONG = re.compile(
    r"[能可]以?[^，,。？?]{1,3}多久|\bhow long (?:can|does|will) it (?:run|last|go)\b"
)
_ABSTAINED: Mapping[Language, str] = {
    Language.ZH: "没有找到可靠的答案，可以转交人工客服。",
    Language.EN: "No reliable answer was found; a person can take over.",
}


async def answer(
    store: Store,
    document: Document,
    *,
    knowledge: Knowledge,
    asker: Asker,
    guess: Guessing,
    now_ms: int | None = None,
    among: Among | None = None,
) -> Answer:
    """What the graph knows of the question, in the question's language.

    What the asker may not select is answered as if it were not there. ``guess`` says what a part of
    the question is about, where it tells of an issue instead of naming it; ``among`` are the only
    nodes asked about, where it goes on about some.

    Raises:
        StalePolicyError: the asker's rights are those of another policy.
        UnavailableError: the graph does not answer.
    """
    now = migrations.now_ms() if now_ms is None else now_ms
    fact = await find_fact(
        store,
        document,
        knowledge=knowledge,
        asker=asker,
        guess=guess,
        now_ms=now,
        among=among,
    )
    told = await _told(store, document, fact, knowledge=knowledge, asker=asker, guess=guess)
    if told is None and fact.question and not (fact.withheld or fact.how):
        told = await told_by_description(store, fact.question, asker=asker)
    found = told or no_answer(document.language)
    return replace(
        found,
        withheld=fact.withheld,
        question=document.text,
        about=_about(fact, document),
        also=_also(fact, document),
    )


async def _told(
    store: Store,
    document: Document,
    fact: Fact,
    *,
    knowledge: Knowledge,
    asker: Asker,
    guess: Guessing,
) -> Answer | None:
    is_sure = fact.answer and (fact.answer.confidence >= _SURE or fact.answer.kind == "status")
    if is_sure and not fact.how:
        return fact.answer
    if fact.is_asked:
        return fact.answer if fact.answer and fact.answer.confidence >= MIN_CONFIDENCE else None
    how_to = await find_resolution(
        store, document, knowledge=knowledge, asker=asker, guess=guess, how=fact.how
    )
    if how_to and (fact.for_one or _sets_apart(fact) or _asks_of_them(fact)):
        how_to = None
    found = [one for one in (fact.answer, how_to) if one and one.confidence >= MIN_CONFIDENCE]
    best = max(found, key=lambda one: one.confidence, default=None)
    if best and best.kind == "list" and fact.how and how_to in found:
        # Whom it happens to is not asked for: "a customer gets no code, how to help?"
        best = how_to
    if best and best.kind == "choice" and fact.how:
        # What is done may be the same for all that may be meant.
        best = how_to if how_to in found else replace(best, confidence=min(best.confidence, _OPEN))
    return best


def _sets_apart(fact: Fact) -> bool:
    """Whether it asks how things differ that only what came before could tell."""
    question = fact.question
    return question is not None and refers(question) and bool(_DIFFER.search(question.folded))


def _asks_of_them(fact: Fact) -> bool:
    """Whether it asks for what nobody is told of a person, "can I have their e-mail?", or how long
    goods do something.
    """
    question = fact.question
    if question is None or fact.how:
        return False
    if _THEIRS.search(question.folded):
        return True
    goods = question.groups and all(one.label in GOODS for some in question.groups for one in some)
    return bool(goods and _HOW_LONG.search(question.folded))


def _about(fact: Fact, document: Document) -> About | None:
    """What the question names; of several the first."""
    named = [anchor for anchor in fact.anchors if not anchor.own]
    links = sorted(document.links, key=lambda link: link.start)
    if named:
        first = min(named, key=lambda anchor: anchor.start)
        end = first.end
        for link in links:
            # Two words of its name, 熔岩 and 燃气热水器.
            if link.id == first.value and end <= link.start <= end + 1:
                end = link.end
        return About(label=first.label, id=first.value, start=first.start, end=end)
    if links:
        return About(label=links[0].label, id=links[0].id, start=links[0].start, end=links[0].end)
    return None


def _also(fact: Fact, document: Document) -> tuple[About, ...]:
    """What else the question names, in its order."""
    about = _about(fact, document)
    places = {(one.start, one.end): one for one in (*fact.named, *fact.anchors) if not one.own}
    return tuple(
        About(label=one.label, id=one.value, start=one.start, end=one.end)
        for _, one in sorted(places.items())
        if about is None or one.value != about.id
    )[:_NAMED]


def no_answer(language: Language) -> Answer:
    """Nothing is claimed; a person may take over."""
    text = _ABSTAINED[language]
    return Answer(answer=text, kind="none", language=language, confidence=0.0, handover=True)
