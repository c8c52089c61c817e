"""What a question names, says and bounds, before anything is made of it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import lru_cache

from graph.model import Document, Language
from graph.ontology import Value, value_of
from graph.question.amount import find_quantities
from graph.question.asking import Asks, asks_of
from graph.question.lexicon import Hit, Kind, cue_hits, lexicon, own_hits, words_of
from graph.question.quantity import Quantity
from graph.question.story import ASKING, parts_of, told_in
from graph.question.words import REPORTED, SILENT, Cue, silent_spans
from graph.text import blanked, fold, is_han
from graph.vocabulary import Label

NUMBERED = frozenset({Label.CUSTOMER, Label.ORDER, Label.TICKET})
"""Labels whose nodes questions name by number."""
_ID = re.compile(r"(?<![a-z0-9_#.-])[a-z]+(?:[-_][a-z]+)*[-_]\d[a-z0-9_-]*(?![a-z0-9_-])")
_FULL_STOPS = (".", "!", "。", "！")
_HOW_LARGE = re.compile(
    r"how (?:big|deep|far|heavy|high|large|long|loud|many|much|old|tall|wide)\b"
)
_ALL_OF_THEM = re.compile("哪些|哪几|都|各|分别|每|全|们|列|有什么")
_BEFORE_COLON = re.compile(r"[^，,：:？?。!！\d]{2,24}[：:]\s*(?=\S)")
_FIX = re.compile(r"\bwhat(?:['’]?s| is) the (?:fix|remedy|solution|trick)\W*$")
_UNKNOWN = re.compile(
    r"(?<!in )\b(?:it|this one|that one)\b(?!(?:['’]s)?\s(?:possible|true|ok))"
    r"|\b(?:these|those) (?:two|three|few|\d+) (?:days|weeks|months|years)\b"
    r"|^(?:(?:and|so|does|is|can|has|did|was)\s)+s?he\b|^那?[他她](?!们)"
    r"|它|[这那]个?(?:级别|等级|水平)|[这那][台款单类种俩]|[这那][两二三几]个?[月天周年]|其中"
    r"|[这那][两三][位个款台]|^两[个位]?人里?|\b(?:those|these) two\b|\bbetween them\b"
    r"|(?<!all )(?<!both )\b(?:of|among) (?:them|these|those)\b"
)
_WHICH_ONE = re.compile(r"\bwhich ones?\b|^哪一?[个款台](?:更|最|比较)")
_FOR_EACH = re.compile(r"[钱价块元]一[个件只台套张把条瓶款]")
"""多少钱一台 asks for the price of one, and of no number."""
_NO_NOT = re.compile(r"[a-z]+-|不都?有|不[里的]|非[得要]|不[?？]+$")
"""What begins with a "not" and denies nothing: "no-code", 非得, 不? that asks, 不有 for 部有."""
_HAN_WEIGHT = 2
_REMEMBERED = 1 << 14
"""Characters whose weights are kept."""
_SHORT = 3
"""Letters of a code that may be a word."""
_BESIDE = 3
_BESIDE_MARKS = re.compile(r"[\s#:：“”\"'-]|不?是|[这那该][位个款项种类家张]?|的")

SETTLED = 0.84
"""How sure a mention is at most that repeats a part of a name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Anchor:
    """A node that the question names: by which property, and where in the text.

    ``found_by`` are its fields whose values the text repeats: whoever may not read them must not
    learn from an answer that they are so. ``own`` is the asker, who is a customer; ``told`` how
    likely it is what the text tells of, where it does not name it.
    """

    label: Label
    key: str
    value: str
    start: int
    end: int
    confidence: float
    found_by: tuple[str, ...]
    own: bool = False
    told: float = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """``groups`` are the named nodes, by mention: several where a mention may stand for several.

    ``weights`` are by character what it says (a Han character counts double, marks nothing);
    ``content`` are the characters that say something by themselves, ``story`` those of them that
    only tell what it is about and need no explaining, ``told`` all characters that do; days and
    times are those of ``zone``.
    """

    text: str
    folded: str
    language: Language
    hits: tuple[Hit, ...]
    groups: tuple[tuple[Anchor, ...], ...]
    quantities: tuple[Quantity, ...]
    asks: Asks
    weights: tuple[int, ...]
    content: frozenset[int]
    story: frozenset[int] = frozenset()
    told: frozenset[int] = frozenset()
    zone: tzinfo = UTC

    def weight(self, places: Iterable[int]) -> int:
        """What these characters say together."""
        return sum(map(self.weights.__getitem__, places))

    def speaks_of(self, label: Label) -> bool:
        """Whether a word says what nodes of this label are."""
        return any(hit.said is label for hit in self.of(Kind.CLASS))

    @property
    def denials(self) -> list[Hit]:
        """Where it says "not", other than of yes and no."""
        whether = {at for hit in cue_hits(self.hits, Cue.WHETHER) for at in hit.places}
        return [
            hit
            for hit in cue_hits(self.hits, Cue.NOT)
            if not hit.places <= whether and not _NO_NOT.match(self.folded, hit.start)
        ]

    def of(self, *kinds: Kind) -> Iterator[Hit]:
        """Hits of these kinds."""
        return (hit for hit in self.hits if hit.kind in kinds)


def read_question(
    document: Document,
    groups: Sequence[tuple[Anchor, ...]],
    *,
    now_ms: int,
    zone: tzinfo = UTC,
    regions: Sequence[str] = (),
) -> Question:
    """The question of ``document``, whose named nodes are ``groups``, with the days of ``zone``;
    ``regions`` are those where customers live.
    """
    folded = fold(document.text)
    groups = _said_once(groups, folded)
    taken = [(one.start, one.end) for group in groups for one in group if not one.own]
    quantities = [
        one
        for one in find_quantities(blanked(folded, taken, by="\0"), now_ms=now_ms, zone=zone)
        if folded[one.start : one.end].strip() and not _FOR_EACH.match(folded, one.start - 1)
    ]
    found = REPORTED.match(folded) or _heading(folded, groups)
    reported = frozenset(range(found.end() if found else 0))
    phrases = [frozenset(range(*span)) for span in silent_spans(folded)]
    silent = frozenset[int]().union(*phrases)
    hits = [
        hit
        for hit in (*lexicon().find(folded), *region_hits(document.text, folded, regions))
        if not hit.places & reported and not any(hit.places < phrase for phrase in phrases)
    ]
    weights = tuple(map(_weight, folded))
    content = frozenset(_content(folded, silent)) - reported
    bought = [
        (group[0].start, group[0].end)
        for group in groups
        if {one.label for one in group} <= {Label.PRODUCT, Label.ORDER} and not group[0].own
    ]
    story, before = told_in(folded, hits, taken, quantities, bought=bought)
    groups = [one for one in groups if one[0].own or one[0].start not in before | silent]
    # What a story speaks of is not asked for.
    hits = [hit for hit in hits if not hit.places <= story]
    quantities = [
        one
        for one in quantities
        if not ((one.bare or one.is_time) and story.issuperset(range(one.start, one.end)))
    ]
    return Question(
        text=document.text,
        folded=folded,
        language=document.language,
        hits=tuple(hits),
        groups=tuple(groups),
        quantities=tuple(quantities),
        asks=asks_of(folded, hits),
        weights=weights,
        content=content - story,
        story=content & story,
        told=story,
        zone=zone,
    )


def region_hits(text: str, folded: str, regions: Iterable[str]) -> Iterator[Hit]:
    """Where regions are named that the ontology does not know; short ones as they are written:
    "in IN".
    """
    asked = value_of(Label.CUSTOMER, "region")
    known = {value.value for value in asked.values}
    named = (one for one in regions if one not in known)
    for region, said in ((one, fold(one)) for one in named):
        if said not in folded:
            continue
        # "Colorado (CO)" says both.
        called = rf"(?<![a-z0-9])(?:[a-z]+ [(（])?(?P<said>{re.escape(said)})(?![a-z0-9])"
        for found in re.finditer(called, folded):
            start, end = found.span("said")
            as_written = len(said) > _SHORT or text[start:end] == region
            if as_written:
                value = Value(value=region, names={"zh": region, "en": region}, labels=(region,))
                places = frozenset(range(*found.span()))
                yield Hit(Kind.VALUE, (asked, value), places, start, end, said)


def _heading(folded: str, groups: Iterable[tuple[Anchor, ...]]) -> re.Match[str] | None:
    """What stands before a colon and says nothing of what is asked: "Quick check: …"."""
    found = _BEFORE_COLON.match(folded)
    if found is None or any(group[0].start < found.end() for group in groups):
        return None
    said = (hit for hit in lexicon().find(folded) if hit.start < found.end())
    return None if any(hit.kind is not Kind.CUE for hit in said) else found


def says_own(folded: str) -> bool:
    """Whether somebody speaks of what is theirs."""
    return bool(own_hits(lexicon().find(folded), folded))


def asks_how(question: Question) -> bool:
    """Whether it asks how something is done, not how far or large."""
    return bool(_FIX.search(question.folded) or how_hits(question.hits, question.folded))


def how_hits(hits: Iterable[Hit], folded: str) -> list[Hit]:
    """What asks how, but not how large: "how many … do we have" asks for no way to do it."""
    return [hit for hit in cue_hits(hits, Cue.HOW) if not _HOW_LARGE.match(folded, hit.start)]


def asks_for_one(question: Question) -> bool:
    """Whether somebody or something is asked for, and not how to do a thing: "who made …", 哪家."""
    ranked = any(question.of(Kind.MOST, Kind.LEAST))
    # How long things take is told with how they are done.
    in_general = question.asks.to_come and not question.groups
    return (ranked or question.asks.one) and not (in_general or asks_how(question))


def says_one(question: Question, anchor: Anchor) -> bool:
    """Whether what a kind is called speaks of one of it, and not of all: "the purifier", 净化器."""
    if question.speaks_of(Label.PRODUCT) or any(cue_hits(question.hits, Cue.ALL)):
        return False
    said = words_of(question.folded[anchor.start : anchor.end])
    if said and said[-1].end == anchor.end - anchor.start:
        return not (said[-1].text.endswith("s") and said[-1].stem != said[-1].text)
    return not _ALL_OF_THEM.search(question.folded)


def asks_bare_value(question: Question) -> bool:
    """Whether nothing is said but what a value is called: "price?"."""
    said = [hit for hit in question.hits if hit.names_value]
    places = {at for hit in said for at in hit.places}
    return bool(said) and not question.groups and question.content <= places


def asks_for_class(question: Question) -> bool:
    """Whether "which", or 哪个, stands right before what nodes of a label are called."""
    if asks_how(question):
        return False
    return any(
        cue.places & hit.places or 0 <= hit.start - cue.end <= 1
        for cue in cue_hits(question.hits, Cue.WHICH)
        for hit in question.of(Kind.CLASS)
    ) or any(hit.phrase.startswith(("who ", "谁")) for hit in question.of(Kind.TERM))


def tells(question: Question) -> bool:
    """Whether it is a whole sentence that nothing in it makes a question or a request."""
    if not question.folded.rstrip().endswith(_FULL_STOPS) or REPORTED.match(question.folded):
        return False
    return not any(
        hit.said in ASKING
        # "It is cold." has an "is", too.
        or (hit.said is Cue.WHETHER and (hit.start == 0 or is_han(hit.phrase[0])))
        for hit in question.of(Kind.CUE)
    )


def refers(question: Question) -> bool:
    """Whether it speaks of something by a pronoun that nothing stands for, or asks which one and
    not of what.
    """
    return bool(_UNKNOWN.search(question.folded)) or (
        not any(question.of(Kind.CLASS)) and bool(_WHICH_ONE.search(question.folded))
    )


def ids_in(folded: str, taken: Sequence[tuple[int, int]]) -> Iterator[tuple[str, int, int]]:
    """What looks like the id of a node, outside of ``taken``."""
    for found in _ID.finditer(folded):
        if not any(found.start() < end and start < found.end() for start, end in taken):
            yield found[0], found.start(), found.end()


def beside(hit: Hit, start: int, end: int, folded: str) -> bool:
    """Whether the hit stands right before or after a span: "customer c-0010", 厨房类."""
    before, after = folded[hit.end : start], folded[end : hit.start]
    if hit.end <= start:
        return len(before) <= _BESIDE and not _BESIDE_MARKS.sub("", before)
    return hit.start >= end and len(after) <= _BESIDE and not _BESIDE_MARKS.sub("", after)


def _said_once(groups: Sequence[tuple[Anchor, ...]], folded: str) -> list[tuple[Anchor, ...]]:
    """Without what a later sentence names again."""
    ends = [end for _, end in parts_of(folded)]

    def place(one: Anchor) -> int:
        return next(at for at, end in enumerate(ends) if one.start < end)

    last = {
        frozenset((one.label, one.value) for one in group): place(group[0])
        for group in groups
        if not group[0].own
    }
    return [
        group
        for group in groups
        if group[0].own
        or place(group[0]) == last[frozenset((one.label, one.value) for one in group)]
    ]


@lru_cache(maxsize=_REMEMBERED)
def _weight(char: str) -> int:
    if is_han(char):
        return _HAN_WEIGHT
    return 1 if char.isalnum() or char in "$¥￥" else 0


def _content(folded: str, silent: AbstractSet[int]) -> Iterator[int]:
    for at, char in enumerate(folded):
        if is_han(char) and char not in SILENT["zh"] and at not in silent:
            yield at
    for word in words_of(folded):
        forms = {word.text, word.stem, word.text.partition("'")[0]}
        if word.start not in silent and not forms & SILENT["en"]:
            yield from range(word.start, word.end)
