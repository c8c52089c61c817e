"""What a question names by its being the most: "which department supports the most expensive
fridge?".

It is two questions: which is the most expensive fridge, and which department supports that.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from graph.model import Document, Language
from graph.ontology import class_name
from graph.question.lexicon import Hit, Kind, lexicon
from graph.question.quantity import find_rank
from graph.question.question import ids_in
from graph.question.reading import PEOPLE, dated
from graph.question.words import FOCUS_GAP, SILENT, Cue
from graph.text import fold, has_han
from graph.vocabulary import Label

_RANKED = frozenset({Cue.NEWEST, Cue.OLDEST})
_ORDERS = "单笔"
_EACH = re.compile(r"\b(?:each|every|per)\b|[每各]")
_WHO = re.compile(r"\bwho(?:se|m)?\b|谁|哪[位家]")
_WHOSE = re.compile(r"\b(?:my|his|her|their|its)\s|[我他她它]们?的?")
_BETWEEN = re.compile(r"[\s的一那这款个位张笔台件种]*")
_WITHIN = re.compile(r"(?:这一?|那一?)?(?:类|品类|类别|产品|里面?|中|当中|的|下)*")
_AMONG = re.compile(r"\s(?:among|amongst|in|of|from|within)\s(?:the\s|all\s)*")
_WHICH = {Language.EN: "Which {1} is the {0}?", Language.ZH: "{0}是哪个{1}？"}
_OF = {Language.EN: "{} of customer {}", Language.ZH: "客户 {1} {0}"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Inner:
    """The question that comes first, and the place in the text that its answer stands for."""

    question: str
    start: int
    end: int


def inner_question(document: Document) -> Inner | None:
    """What has to be found out first; nothing where the question asks for the most itself."""
    folded = fold(document.text)
    rank = find_rank(folded)
    if _EACH.search(folded) or (rank and rank[1] > 1):
        return None
    hits = lexicon().find(folded)
    named = [(link.start, link.end) for link in document.links]
    for hit in sorted(hits, key=lambda one: (one.start, -one.end)):
        noun = _noun(hit, hits, named, folded) if _ranks(hit) else None
        if noun is None:
            continue
        label, end = noun
        start = _start(hit, folded)
        within = [
            one for one, stop in named if stop <= start and _WITHIN.fullmatch(folded, stop, start)
        ]
        start = min([start, *within])
        end = max(
            [end, *(stop for at, stop in named if at >= end and _AMONG.fullmatch(folded, end, at))]
        )
        if _asks_besides(label, start, end, hits, folded):
            return _inner(document, label, start, end)
    return None


def _ranks(hit: Hit) -> bool:
    if hit.kind in {Kind.MOST, Kind.LEAST}:
        return hit.said.type is None and hit.end - hit.start > 1
    return hit.kind is Kind.CUE and hit.said in _RANKED and len(hit.phrase) > 1


def _noun(
    hit: Hit, hits: Sequence[Hit], named: Sequence[tuple[int, int]], folded: str
) -> tuple[Label, int] | None:
    """What is said to be the most, right after what says so, and where it ends."""
    if hit.phrase[-1] in _ORDERS:
        return Label.ORDER, hit.end
    for other in hits:
        if other.kind is Kind.CLASS and _follows(hit, other.start, folded):
            fits = dated(other.said) if hit.kind is Kind.CUE else hit.said.holder is other.said
            if fits:
                return other.said, other.end
    goods = hit.kind is not Kind.CUE and hit.said.holder is Label.PRODUCT
    found = [end for start, end in named if goods and _follows(hit, start, folded)]
    if not found:
        return None
    end = max(found)
    also = [one.end for one in hits if one.kind is Kind.CLASS and 0 <= one.start - end <= 1]
    return Label.PRODUCT, max([end, *also])


def _follows(hit: Hit, start: int, folded: str) -> bool:
    return start >= hit.end and bool(_BETWEEN.fullmatch(folded, hit.end, start))


def _start(hit: Hit, folded: str) -> int:
    """Where it begins: with its place, "second most expensive", and whose it is."""
    start = hit.start
    if (rank := find_rank(folded)) and 0 <= start - rank[3] <= 1:
        start = rank[2]
    whose = [found for found in _WHOSE.finditer(folded, 0, start) if found.end() == start]
    return whose[-1].start() if whose else start


def _asks_besides(label: Label, start: int, end: int, hits: Sequence[Hit], folded: str) -> bool:
    """Whether something else is asked of it: by another class, or by how something is related."""
    outside = [hit for hit in hits if hit.end <= start or hit.start >= end]
    asks = [hit for hit in outside if hit.kind is Kind.CUE and hit.said in {Cue.WHICH, Cue.COUNT}]
    focused = {
        one.said
        for one in outside
        if one.kind is Kind.CLASS
        and any(
            cue.places & one.places
            or (one.start - cue.end >= 0 and _near(folded[cue.end : one.start]))
            for cue in asks
        )
    }
    if focused:
        return label not in focused
    if _WHO.search(folded):
        return label not in PEOPLE
    related = [
        hit
        for hit in outside
        if hit.kind is Kind.TERM
        and hit.said.type
        and not hit.said.property
        and not set(hit.phrase.split()) <= SILENT["en"]
        and not any(cue.places & hit.places for cue in asks)
    ]
    # "What is the cheapest product that Logistics supports?" asks for the product.
    before = [hit for hit in asks if hit.end <= start]
    return any(
        hit.start >= end if not before else any(cue.end <= hit.start < start for cue in before)
        for hit in related
    )


def _near(between: str) -> bool:
    if has_han(between):
        return len(between) <= FOCUS_GAP
    return between.count(" ") <= 1 and not any(char in between for char in ",.;?")


def _inner(document: Document, label: Label, start: int, end: int) -> Inner:
    text, folded = document.text[start:end], fold(document.text)
    language = Language.ZH if has_han(folded) else Language.EN
    whose = _WHOSE.match(folded, start, end)
    if whose and not whose[0].startswith(("my", "我")):
        text = document.text[whose.end() : end]
    taken = [(mark.start, mark.end) for mark in document.marks]
    owner = next(ids_in(folded, taken), None) if label is Label.ORDER else None
    if owner:
        text = _OF[language].format(text, document.text[owner[1] : owner[2]])
    asked = _WHICH[language].format(text, class_name(label, language))
    return Inner(question=asked, start=start, end=end)
