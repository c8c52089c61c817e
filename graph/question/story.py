"""What people tell around what they ask: who wants to know, how it came about, good wishes.

Its words need no explaining, and bound nothing.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from graph.question.lexicon import Hit, Kind, words_of
from graph.question.quantity import Quantity
from graph.question.words import LISTING, SILENT, TELLING, Cue
from graph.text import has_han, is_han
from graph.vocabulary import Label

ASKING = frozenset({Cue.WHICH, Cue.COUNT, Cue.ALL, Cue.SUM, Cue.MEAN, Cue.HOW})
"""What makes a sentence ask, and is no part of what it tells."""
_I_MEAN = re.compile(r"\bi mean\b")
_SUMMED = frozenset({Cue.SUM, Cue.MEAN})
_CLAUSE = re.compile(
    r"(?:[。！？!?;；，：\n]|,(?!\si mean\b))+|(?<!i\.e)(?<!e\.g)[.:](?=\s|$)|\s[-–—](?=\s)"
)
_FULL_STOP = re.compile(r"[。！？!?\n]|\.(?=\s|$)")
_ASKS_LAST = re.compile(r"(?:[?？]|[没吗呢嘛]|没有)\s*[，,。.]?\s*$")
_REFERENCE = re.compile(
    r"\bthat\b(?=(?:\s(?:to|for|with|about|on|in))?\W*$|[,.;]"
    r"|\s(?:one|issue|problem|kind|case|sort|thing|situation)\b)"
    r"|\b(?:this|these|those|it)\b|这(?:事|种|类|单|个)?|它|此"
)
_IT = re.compile(r"\b(?:it|its|this|that)\b|它|这(?:东西|[个台款件])?")
_HOW_FAR = ("how ", "when", "where", "多少", "多久", "到哪", "在哪")
_A_FEW = frozenset("天周年月次小分")
"""After 几: some, where nothing else asks."""
_EXCEPT = re.compile(
    r"\b(?:except|excluding|apart|besides|leaving out|other than|neither|nor|without|but not)\b"
    r"|除|不[算含要包]|别|非"
)
_BOUGHT = re.compile(
    r"(?:我们?|他|她|客户|顾客)?[^，,。？?的]{0,16}(?:买|下|订|拍|购入)的(?:单|订单)?\s*$"
)
_BOUGHT_AFTER = re.compile(
    r"\s(?:that |which )?(?:i|we|he|she|they|the (?:customer|client|caller)) "
    r"(?:bought|ordered|purchased|placed|got)\b[^,.?]{0,30}"
)
_MODIFIER = re.compile(r"(?:[^，,。.的]{1,6}的(?:[那这]?[款个台种])?|[那这][款个台种])\s?$")


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch between two marks; ``sentence`` counts those between full stops."""

    start: int
    end: int
    sentence: int
    asks: bool

    def holds(self, starts: Iterable[int]) -> bool:
        """Whether any of them lies in it."""
        return any(self.start <= at < self.end for at in starts)

    @property
    def places(self) -> frozenset[int]:
        return frozenset(range(self.start, self.end))


def told_in(
    folded: str,
    hits: Sequence[Hit],
    named: Sequence[tuple[int, int]],
    quantities: Sequence[Quantity],
    *,
    bought: Iterable[tuple[int, int]] = (),
) -> tuple[frozenset[int], frozenset[int]]:
    """The characters that only tell, in a question that names nodes at the places ``named``, among
    them products and orders at the places ``bought``; and those that name what the question is not
    about, since it names something else.
    """
    when = {at for one in quantities if one.is_time for at in range(one.start, one.end)}
    since = frozenset[int]().union(*(_bought_then(folded, *span, when) for span in bought))
    quantities = [one for one in quantities if not since.issuperset(range(one.start, one.end))]
    bounds = [one for one in quantities if not (one.bare or one.is_time)]
    spans = (*named, *((one.start, one.end) for one in bounds))
    before = _told_before(folded, hits, spans) | since
    hits = [hit for hit in hits if not hit.places & before]
    beside, superseded = _told_beside(folded, hits, spans, quantities)
    return before | beside, superseded


def _bought_then(folded: str, start: int, end: int, when: AbstractSet[int]) -> frozenset[int]:
    """When somebody bought what is named, said right beside its name: 我4月2号买的X7."""
    for found in (_BOUGHT.search(folded, 0, start), _BOUGHT_AFTER.match(folded, end)):
        if found and not when.isdisjoint(range(*found.span())):
            return frozenset(range(*found.span()))
    return frozenset()


def parts_of(folded: str) -> Iterator[tuple[int, int]]:
    """Where the parts of a text stand that marks keep apart."""
    start = 0
    for found in _CLAUSE.finditer(folded):
        yield start, found.end()
        start = found.end()
    yield start, len(folded)


def _told_before(
    folded: str, hits: Sequence[Hit], spans: Sequence[tuple[int, int]]
) -> frozenset[int]:
    """What is told before what is asked of the same: "My aunt bought a hob and wants to know how
    long its warranty is."; or before all that is named or bounded, in ``spans``.
    """
    for found in TELLING.finditer(folded):
        asked = any(
            hit.start >= found.end() and hit.kind in {Kind.CLASS, Kind.TERM} for hit in hits
        )
        alone = bool(spans) and all(start >= found.end() for start, _ in spans)
        if asked and (alone or _IT.search(folded, found.end())):
            return frozenset(range(found.end()))
    return frozenset()


def _told_beside(
    folded: str,
    hits: Sequence[Hit],
    spans: Sequence[tuple[int, int]],
    quantities: Sequence[Quantity],
) -> tuple[frozenset[int], frozenset[int]]:
    """The sentences that ask nothing, where what asks refers to them, "The caller is furious. Who
    handles that?", or where all that is named or bounded stands in what asks; and what they name
    in vain.
    """
    nothing = frozenset[int]()
    parts = list(_parts(folded, hits, spans))
    if not any(one.asks for one in parts):
        parts = list(_requested(parts, hits, spans))
    asking = [one for one in parts if one.asks]
    rest = [one for one in parts if not one.asks]
    if any(_REFERENCE.search(folded, one.start, one.end) for one in asking):
        told = nothing.union(*(one.places for one in rest))
        # "She only speaks English. Who could take it on?"
        of_whom = (hit.places for hit in hits if _tells_of_whom(hit))
        return told.difference(_modifiers(folded, spans), *of_whom), nothing
    near = {one.sentence for one in asking}
    told = nothing.union(
        *(
            one.places
            for one in rest
            if one.sentence not in near or not _bounds(one, folded, hits, quantities)
        )
    )
    within = {at for span in spans for at in range(*span)}
    if spans and not told & within:
        return told, nothing
    # "She sends her kettle back. Who handles returns?" names what it asks about.
    apart = nothing.union(*(one.places for one in rest if one.sentence not in near))
    if told & within <= apart and any(one.holds(at for at, _ in spans) for one in asking):
        return told, told & within
    # "She likes the X7, how much is that one?" may leave "that one" out.
    asks_besides = any(
        hit.said is Cue.HOW or (hit.names_value and hit.start in told) for hit in hits
    )
    if spans and len(asking) == 1 and within <= told and not asks_besides:
        return told - within - _modifiers(folded, spans), nothing
    return nothing, nothing


def _tells_of_whom(hit: Hit) -> bool:
    return hit.kind is Kind.VALUE and hit.said[0].holder is Label.AGENT


def _parts(folded: str, hits: Sequence[Hit], spans: Sequence[tuple[int, int]]) -> Iterator[_Part]:
    cues = [
        hit
        for hit in hits
        if (
            hit.kind is Kind.CUE
            and hit.said in ASKING
            and hit.phrase not in LISTING
            and not (hit.phrase == "几" and folded[hit.end : hit.end + 1] in _A_FEW)
        )
        or _asks_how_far(hit)
    ]
    counted = {hit.places for hit in hits if hit.said is Cue.COUNT}
    # "…, how many?" alone asks of nothing.
    asked = [
        hit.start
        for hit in hits
        if hit.kind in {Kind.CLASS, Kind.TERM, Kind.VALUE} and hit.places not in counted
    ]
    sentence = 0
    for start, end in parts_of(folded):
        names = any(start <= at < end for at, _ in spans)
        asks = bool(_ASKS_LAST.search(folded, start, end)) or any(
            start <= hit.start < end and (names or _opens(hit, folded, start)) for hit in cues
        )
        yield _Part(start, end, sentence, asks and any(start <= at < end for at in asked))
        sentence += bool(_FULL_STOP.search(folded, start, end))


def _requested(
    parts: Sequence[_Part], hits: Sequence[Hit], spans: Sequence[tuple[int, int]]
) -> Iterator[_Part]:
    """Where nothing asks: what names something and says a value of it, "please look up the price
    of the X7, she is waiting", unless the others say something, too.
    """
    how = any(hit.said is Cue.HOW for hit in hits)
    values = [hit.start for hit in hits if hit.names_value]
    classes = [hit.start for hit in hits if hit.kind is Kind.CLASS]
    for one in parts:
        others = [other for other in parts if other is not one]
        alone = not any(other.holds((*values, *classes)) for other in others)
        names = one.holds(at for at, _ in spans)
        yield replace(one, asks=names and one.holds(values) and alone and not how)


def _bounds(part: _Part, folded: str, hits: Sequence[Hit], quantities: Sequence[Quantity]) -> bool:
    """Whether a part of the sentence that asks may say which ones, "leaving out cancelled ones", or
    what is made of them, "all together".
    """
    return (
        any(
            (hit.kind is Kind.VALUE or hit.said in _SUMMED) and hit.places <= part.places
            for hit in hits
        )
        or any(one.is_time and part.start <= one.start < part.end for one in quantities)
        or bool(_EXCEPT.search(folded, part.start, part.end))
        or bool(_I_MEAN.search(folded, part.start, part.end))
    )


def _modifiers(folded: str, spans: Sequence[tuple[int, int]]) -> AbstractSet[int]:
    """What says right before a name which one is meant: 粉色的那款, "the pink …"."""
    found: set[int] = set()
    for start, _ in spans:
        before = folded[:start]
        if said := _MODIFIER.search(before):
            found.update(range(*said.span()))
        elif words := words_of(before.rstrip()):
            last = words[-1]
            touches = last.end == len(before.rstrip()) and not is_han(before[-1])
            if touches and last.text not in SILENT["en"]:
                found.update(range(last.start, last.end))
    return found


def _opens(hit: Hit, folded: str, start: int) -> bool:
    """Whether what asks stands at the head of its sentence: "…, most of which I know" asks not."""
    before = folded[start : hit.start]
    return has_han(hit.phrase) or all(
        word.text in SILENT["en"] - {"of"} for word in words_of(before)
    )


def _asks_how_far(hit: Hit) -> bool:
    """Whether it asks for a value by itself: "how long", 多少钱."""
    return hit.names_value and hit.phrase.startswith(_HOW_FAR)
