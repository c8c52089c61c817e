"""What the description of a named node tells, where no value of it is asked for: 适合多大的房间?"""

import re
from collections.abc import Iterator

from graph.model import Answer, Language
from graph.ontology import Asked, askable
from graph.question.lexicon import Kind, words_of
from graph.question.question import Anchor, Question
from graph.question.reading import Lead, Output, Reading
from graph.rows import select
from graph.selection.asker import Asker
from graph.store import Store
from graph.telling import citations, sentence
from graph.text import fold, is_han
from graph.vocabulary import Label

_DESCRIBED = frozenset({Label.BUSINESS_LINE, Label.CATEGORY, Label.DEPARTMENT, Label.PRODUCT})
_ENOUGH = 0.6
"""The share of what is asked that a description has to say."""
_LEAST_SURE, _SURER = 0.5, 0.25
_AMOUNT = re.compile(r"\bhow [a-z]+\b|多少|多[大高重长宽远]|几")
_DIGIT = re.compile(r"\d")


async def told_by_description(store: Store, question: Question, *, asker: Asker) -> Answer | None:
    """The description of the only node that is named, where most of what is asked stands in it, and
    a number where one is asked for; never as sure as a value.

    Raises:
        StalePolicyError: the asker's rights are those of another policy.
        UnavailableError: the graph does not answer.
    """
    anchor = _only(question)
    asked = _description(anchor, question.language) if anchor else None
    asks_value = any(hit.said.property for hit in question.of(Kind.TERM))
    if anchor is None or asked is None or asks_value:
        return None
    if question.asks.untold or question.asks.to_come:
        return None
    left = set(_left(question, anchor))
    if not left:
        return None
    lead = Lead(anchor=anchor, steps=())
    reading = Reading(label=anchor.label, output=Output.VALUE, leads=(lead,), asked=asked)
    rows = await select(store, reading, question, asker=asker)
    if len(rows) != 1:
        return None
    text = fold(str(rows[0].value))
    share = len(left & {*text, *(word.stem for word in words_of(text))}) / len(left)
    if share < _ENOUGH or (_AMOUNT.search(question.folded) and not _DIGIT.search(text)):
        return None
    return Answer(
        answer=sentence(reading, rows, question),
        kind="fact",
        language=question.language,
        confidence=_LEAST_SURE + _SURER * share,
        citations=tuple(citations(reading, rows, question)),
    )


def _only(question: Question) -> Anchor | None:
    """The only node that is named, which is one of those that have descriptions."""
    named = [group for group in question.groups if not group[0].own]
    if len(named) != 1 or len(named[0]) != 1:
        return None
    (anchor,) = named[0]
    return anchor if anchor.label in _DESCRIBED else None


def _description(anchor: Anchor, language: Language) -> Asked | None:
    name = f"description_{language}"
    found = (one for one in askable() if one.holder is anchor.label and one.property == name)
    return next(found, None)


def _left(question: Question, anchor: Anchor) -> Iterator[str]:
    """What is asked besides the name: stems of words, and Han; nothing that only asks."""
    cues = {at for hit in question.of(Kind.CUE) for at in hit.places}
    places = question.content - cues - set(range(anchor.start, anchor.end))
    yield from (question.folded[at] for at in places if is_han(question.folded[at]))
    for word in words_of(question.folded):
        if word.start in places:
            yield word.stem
