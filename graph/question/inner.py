"""What a question names by its being the most: "which department supports the most expensive
fridge?".

It is two questions: which is the most expensive fridge, and which department supports that.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from graph.model import Document, Language
from graph.ontology import class_name
from graph.question.amount import find_rank
from graph.question.asking import LONGEST
from graph.question.lexicon import Hit, Kind, cue_hits, lexicon
from graph.question.question import ids_in
from graph.question.reading import PEOPLE, dated
from graph.question.words import FOCUS_GAP, SILENT, Cue
from graph.text import fold, has_han
from graph.vocabulary import Label

_ORDERS = "单笔"
_ORDER = re.compile("的?[那这]?一?[单笔](?:订单)?")
_EACH = re.compile(r"\b(?:each|every|per)\b|[每各]")
_WHO = re.compile(r"\bwho(?:se|m)?\b|谁|哪[位家]")
_WHOSE = re.compile(r"\b(?:my|his|her|their|its)\s|[我他她它]们?的?")
_POINTING = re.compile("[那这][款个位台种件张笔]")
_BETWEEN = re.compile(r"[\s的一那这款个位张笔台件种]*")
_HAVING = re.compile(r"\s(?:with|having|(?:that|who|which) ha[sd])\s(?:the\s)?")
_WITHIN = re.compile(r"(?:这一?|那一?)?(?:类|品类|类别|产品|里面?|中|当中|的|下)*")
_AMONG = re.compile(r"\s(?:among|amongst|in|of|from|within)\s(?:the\s|all\s)*")
_BUYER_OF = re.compile(
    r"(?:\bthe )?(?:customer|client|buyer|person) "
    r"(?:of|behind|for|on|who (?:placed|ordered|bought|made))(?: the)?(?: order)?(?: number)? ?$"
)
_BUYER_AFTER = re.compile(
    r"['’]s (?:customer|buyer|client)\b"
    r"|\s?(?:这单|那单|订单|这个订单)?的(?:那位|那个|这位|这个|下单|购买)?(?:客户|顾客|买家|用户|人)"
)
_PLACED = re.compile(r"(?:[下买订](?:了|过)?)?(?:订单|单号)?\s?$")
_WHAT_IN = re.compile(r"\bwhat(?:['’]?s| is| was| items? (?:is|are)) (?:in|inside)\b|\bcontain")
_THAT_IS = re.compile(r"\bthe (?:one |only )?order (?:that|which) (?:is|was) (?:still |not yet )?$")
_THE, _THE_ORDER = re.compile(r"\bthe (?:one |only |single )?$"), re.compile(r" order\b(?!s)")
_BESIDES = re.compile(
    r"\b(?:else|other|also|altogether|in all)\b|还(?:下|买|订|有)|别的|其他|其它|另外|总共|一共"
)
"""What asks for more of somebody's orders than the one that is named."""
_BUYER: Mapping[Language, str] = {
    Language.EN: "Which customer placed {}?",
    Language.ZH: "{}是哪个客户下的单？",
}
_WHICH: Mapping[Language, str] = {
    Language.EN: "Which {1} is the {0}?",
    Language.ZH: "{0}是哪个{1}？",
}
_OF: Mapping[Language, str] = {Language.EN: "{0} of customer {1}", Language.ZH: "客户 {1} {0}"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Inner:
    """The question that comes first, and the place in the text that its answer stands for."""

    question: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Phrase:
    """What is named by its being the most, and where."""

    label: Label
    start: int
    end: int


def inner_question(document: Document) -> Inner | None:
    """What has to be found out first; nothing where the question asks for the most itself."""
    if len(document.text) > LONGEST:
        return None
    folded = fold(document.text)
    rank = find_rank(folded)
    if _EACH.search(folded) or (rank and rank[1] > 1):
        return None
    hits = lexicon().find(folded)
    if found := _buyer(document, folded) or _of_a_state(document, hits, folded):
        return found
    named = [(link.start, link.end) for link in document.links]
    for phrase in _phrases(hits, named, folded):
        whole = _Phrase(phrase.label, _begins(phrase, named, folded), _ends(phrase, named, folded))
        if _asks_besides(whole, hits, folded):
            return _inner(document, whole)
    return None


def _buyer(document: Document, folded: str) -> Inner | None:
    """The customer who is named by an order, where other orders of theirs are asked for: "what else
    has the customer of o-0597 bought?".
    """
    for mark in (one for one in document.marks if one.kind == "order"):
        of = _BUYER_OF.search(folded, 0, mark.start)
        after = _BUYER_AFTER.match(folded, mark.end)
        before = of or (_PLACED.search(folded, 0, mark.start) if after else None)
        if before is None:
            continue
        start, end = before.start(), after.end() if after else mark.end
        if not _BESIDES.search(f"{folded[:start]} {folded[end:]}"):
            return None
        language = Language.ZH if has_han(folded) else Language.EN
        number = document.text[mark.start : mark.end]
        return Inner(question=_BUYER[language].format(number), start=start, end=end)
    return None


def _of_a_state(document: Document, hits: Sequence[Hit], folded: str) -> Inner | None:
    """The one order that is in some state, where something is asked of it: "what is in the order
    that is still pending?".
    """
    for state in (hit for hit in hits if hit.kind is Kind.VALUE):
        if state.said[0].holder is not Label.ORDER or not _WHAT_IN.search(folded):
            continue
        before = _THAT_IS.search(folded, 0, state.start)
        after = _THE_ORDER.match(folded, state.end) if not before else None
        begins = _THE.search(folded, 0, state.start) if after else before
        if begins:
            start, end = begins.start(), after.end() if after else state.end
            asked = f"Which order is {document.text[state.start : state.end]}?"
            return Inner(question=asked, start=start, end=end)
    return None


def _phrases(
    hits: Sequence[Hit], named: Sequence[tuple[int, int]], folded: str
) -> Iterator[_Phrase]:
    """The first ones first, of those that begin alike the longest."""
    for hit in sorted(hits, key=lambda one: (one.start, -one.end)):
        if hit.kind in {Kind.MOST, Kind.LEAST} and hit.said.type is None and len(hit.places) > 1:
            yield from _before_noun(hit, hit.said.holder, hits, folded)
            if hit.said.holder is Label.ORDER and (order := _ORDER.match(folded, hit.end)):
                yield _Phrase(Label.ORDER, hit.start, order.end())
            if hit.said.holder is Label.PRODUCT:
                yield from _before_goods(hit, hits, named, folded)
        elif hit.kind is Kind.CUE and hit.said in {Cue.NEWEST, Cue.OLDEST}:
            if hit.phrase[-1] in _ORDERS:
                yield _Phrase(Label.ORDER, hit.start, hit.end)
            elif len(hit.phrase) > 1:
                yield from _before_noun(hit, None, hits, folded)
        elif hit.kind is Kind.CUE and hit.said in {Cue.MOST, Cue.LEAST}:
            yield from _by_degree(hit, hits, folded)


def _before_noun(
    hit: Hit, holder: Label | None, hits: Sequence[Hit], folded: str
) -> Iterator[_Phrase]:
    """ "The cheapest product"; "the latest order", whose holder is whatever is dated."""
    for other in hits:
        if other.kind is Kind.CLASS and _follows(hit, other.start, folded):
            fits = other.said is holder or (holder is None and dated(other.said))
            if fits:
                yield _Phrase(other.said, hit.start, other.end)


def _before_goods(
    hit: Hit, hits: Sequence[Hit], named: Sequence[tuple[int, int]], folded: str
) -> Iterator[_Phrase]:
    """ "The most expensive fridge", "the cheapest kitchen products"."""
    ends = [end for start, end in named if _follows(hit, start, folded)]
    for end in sorted(ends)[-1:]:
        also = [one.end for one in hits if one.kind is Kind.CLASS and 0 <= one.start - end <= 1]
        yield _Phrase(Label.PRODUCT, hit.start, max([end, *also]))


def _by_degree(hit: Hit, hits: Sequence[Hit], folded: str) -> Iterator[_Phrase]:
    """ "The agent with the highest capacity", 容量最大的同事; "the department with most agents"."""
    classes = [one for one in hits if one.kind is Kind.CLASS]
    for term in hits:
        if term.kind is not Kind.TERM or term.said.type or not term.said.property:
            continue
        for noun in classes:
            if noun.said is not term.said.holder:
                continue
            if term.end == hit.start and _follows(hit, noun.start, folded):
                yield _Phrase(noun.said, term.start, noun.end)
            elif _follows(hit, term.start, folded) and _has(noun, hit, folded):
                yield _Phrase(noun.said, noun.start, term.end)
    for noun in classes:
        for other in classes:
            counted = other.said is not noun.said and _follows(hit, other.start, folded)
            if counted and _has(noun, hit, folded):
                yield _Phrase(noun.said, noun.start, other.end)


def _has(noun: Hit, hit: Hit, folded: str) -> bool:
    return noun.end <= hit.start and bool(_HAVING.fullmatch(folded, noun.end, hit.start))


def _follows(hit: Hit, start: int, folded: str) -> bool:
    return start >= hit.end and bool(_BETWEEN.fullmatch(folded, hit.end, start))


def _begins(phrase: _Phrase, named: Sequence[tuple[int, int]], folded: str) -> int:
    """With its place, "second most expensive", whose it is, and what it is in."""
    start = phrase.start
    if (rank := find_rank(folded)) and 0 <= start - rank[3] <= 1:
        start = rank[2]
    whose = [found.start() for found in _WHOSE.finditer(folded, 0, start) if found.end() == start]
    within = [at for at, end in named if end <= start and _WITHIN.fullmatch(folded, end, start)]
    return min([start, *whose, *within])


def _ends(phrase: _Phrase, named: Sequence[tuple[int, int]], folded: str) -> int:
    """With what it is among, and what it is called once more."""
    among = [end for at, end in named if _AMONG.fullmatch(folded, phrase.end, at)]
    also = [
        hit.end
        for hit in lexicon().find(folded)
        if hit.kind is Kind.CLASS and hit.said is phrase.label and hit.start == phrase.end
    ]
    return max([phrase.end, *among, *also])


def _asks_besides(phrase: _Phrase, hits: Sequence[Hit], folded: str) -> bool:
    """Whether something else is asked of it: by another class, or by how something is related."""
    outside = [hit for hit in hits if hit.end <= phrase.start or hit.start >= phrase.end]
    asks = [*cue_hits(outside, Cue.WHICH), *cue_hits(outside, Cue.COUNT)]
    focused = {
        one.said
        for one in outside
        if one.kind is Kind.CLASS
        and any(
            cue.places & one.places or (one.start >= cue.end and _near(folded[cue.end : one.start]))
            for cue in asks
        )
    }
    if focused:
        return phrase.label not in focused
    if phrase.label is Label.ORDER and _WHAT_IN.search(folded, 0, phrase.start):
        # "What was in my last order?"
        return True
    if _WHO.search(folded):
        return phrase.label not in PEOPLE
    related = [
        hit
        for hit in outside
        if hit.kind is Kind.TERM
        and hit.said.type
        and not hit.said.property
        and not set(hit.phrase.split()) <= SILENT["en"]
        and not any(cue.places & hit.places for cue in cue_hits(asks, Cue.COUNT))
    ]
    # "What is the cheapest product that Logistics supports?" asks for the product.
    before = [hit for hit in asks if hit.end <= phrase.start]
    if not before:
        return any(hit.start >= phrase.end for hit in related)
    return any(cue.end <= hit.start < phrase.start for hit in related for cue in before)


def _near(between: str) -> bool:
    if has_han(between):
        return len(between) <= FOCUS_GAP
    return between.count(" ") <= 1 and not any(char in between for char in ",.;?")


def _inner(document: Document, phrase: _Phrase) -> Inner:
    start, end = phrase.start, phrase.end
    folded = fold(document.text)
    language = Language.ZH if has_han(folded) else Language.EN
    whose = _WHOSE.match(folded, start, end)
    is_own = whose is not None and whose[0].startswith(("my", "我"))
    text = document.text[start if is_own or whose is None else whose.end() : end]
    text = _POINTING.sub("", text)
    taken = [(mark.start, mark.end) for mark in document.marks]
    owner = next(ids_in(folded, taken), None) if phrase.label is Label.ORDER else None
    if owner:
        text = _OF[language].format(text, document.text[owner[1] : owner[2]])
    asked = _WHICH[language].format(text, class_name(phrase.label, language))
    return Inner(question=asked, start=start, end=end)
