"""A question with one choice of what its mentions stand for: what its other words then say."""

import re
from collections.abc import Sequence
from functools import cached_property

from graph.ontology import Asked, Unit
from graph.question.lexicon import Hit, Kind, cue_hits, outermost, own_hits
from graph.question.question import Anchor, Question, beside
from graph.question.reading import tells_pieces
from graph.question.words import DETERMINERS, FOCUS_GAP, Cue
from graph.schema import NODES
from graph.text import has_han
from graph.vocabulary import Label, RelationshipType

FOCUS = 6.0
_MAY = frozenset("能可会")
_BEFORE_VERB = frozenset({"to", "who", "can", "could", "must", "should", "will", "would"})
_AFTER_HOW = 4
"""Characters: "how do I fix it" asks for nobody who does."""
_NUMBER_OF_IT = re.compile(
    r"\b(?!(?:the|a|total|what|whats|give|me|any|show|is|are|same|exact|overall|and|current)\b)[a-z]+\s$"
)
_THERE = re.compile(r"(?:is|are|was|were) there\b")
_ASIDE = re.compile(r"\S\s(?:when|if|because)\s")
_MEANT = re.compile(r",? i mean\b")
_SOLD = re.compile(r"\b(?:sold|sells?|bought|ordered|most|fewest|least)\b")
_OUT_OF = re.compile("(?:里面?|中|当中)(?:一共|总共|共)?有?")
"""Between what is counted and 多少: 订单里有多少被取消了."""
_OF_THESE = re.compile("[哪这那]$")
_POINTS = re.compile("[哪这]$|(?<!有)那$")
"""有那几款 is 有哪几款 misspelt."""
_SAID_OF = {(Label.PRODUCT, Label.ISSUE)}
"""What something is said of may stand at what is said: "goods damaged on arrival"."""
_CLAUSE = re.compile(r"\b(?:when|if|where|because|that)\b")


class View:
    """Hits outside of the named nodes, by what they are."""

    def __init__(self, question: Question, anchors: tuple[Anchor, ...]) -> None:
        self._q = question
        self._anchors = anchors
        spans = [(one.start, one.end) for one in anchors if not one.own]
        self._hits = [
            hit
            for hit in question.hits
            if not any(
                hit.start < end and start < hit.end and hit.places & set(range(start, end))
                for start, end in spans
            )
        ]
        sealed = [hit.places for hit in self._hits if _is_sealed(hit)]
        self._hits = [hit for hit in self._hits if not any(hit.places < one for one in sealed)]
        told = [hit.places for hit in self._hits if _is_told(hit)]
        self._asks_sealed = any(one not in told for one in sealed)
        self._hits = _plain(_without_teams(self._hits, question.folded), question.folded)
        how = cue_hits(self._hits, Cue.HOW)
        self._hits = [
            hit
            for hit in self._hits
            if not (
                hit.kind is Kind.TERM
                and not hit.said.property
                and any(
                    hit.places <= cue.places or 0 <= hit.start - cue.end <= _AFTER_HOW
                    for cue in how
                )
            )
        ]
        self._quantities = question.quantities
        self._in_numbers = {
            at for one in question.quantities for at in range(one.start, one.end) if not one.bare
        }
        self._apposed = frozenset(
            at
            for hit in self._hits
            if hit.kind is Kind.CLASS
            for one in anchors
            if not one.own
            and (hit.said is one.label or (hit.said, one.label) in _SAID_OF)
            and beside(hit, one.start, one.end, question.folded)
            for at in hit.places
        )
        labels = {one.label for one in anchors}
        self._hits = [
            hit
            for hit in self._hits
            if hit.kind is not Kind.CLASS or hit.said in labels or not hit.places <= self._apposed
        ]
        self._named = frozenset(at for start, end in spans for at in range(start, end))
        self._by_type: dict[RelationshipType, list[Hit]] = {}
        for hit in self._hits:
            if hit.kind is Kind.TERM and hit.said.type and not hit.said.property:
                self._by_type.setdefault(hit.said.type, []).append(hit)
        for type_, hits in self._by_type.items():
            self._by_type[type_] = outermost(hits)
        self._classes = [hit for hit in self._hits if hit.kind is Kind.CLASS]
        self._plain_words = frozenset(
            at
            for hit in self._hits
            if (hit.kind is Kind.CLASS and not self._is_verb(hit))
            or (hit.kind is Kind.CUE and hit.said in {Cue.WHICH, Cue.COUNT})
            for at in hit.places
        )
        """What says of what kind something is says not how it is related."""
        denials = set(question.denials)
        self._not = [hit for hit in self._cues(Cue.NOT) if hit in denials]
        self._count = [hit for hit in self._cues(Cue.COUNT) if self._counts(hit)]

    @cached_property
    def _whether(self) -> list[Hit]:
        """What makes it a question of yes or no."""
        return [
            hit
            for hit in self._cues(Cue.WHETHER)
            if has_han(hit.phrase) or (hit.start == 0 and not _THERE.match(self._q.folded))
        ]

    def _counts(self, hit: Hit) -> bool:
        """多少 alone may ask for a value: it counts what is named right after it. Nor is anything
        counted by a "phone number of".
        """
        if hit.phrase == "number of":
            return not _NUMBER_OF_IT.search(self._q.folded[: hit.start])
        if hit.phrase not in {"多少", "几"}:
            return True
        return any(0 <= one.start - hit.end <= 1 for one in self._classes)

    @cached_property
    def _focused(self) -> set[Label]:
        """What stands right after "which" or "how many", or before "I mean": that is asked for, and
        no other.
        """
        which = [*self._cues(Cue.WHICH), *self._count]
        return {
            hit.said
            for hit in self._classes_asked
            if _MEANT.match(self._q.folded, hit.end)
            or any(_OUT_OF.fullmatch(self._q.folded, hit.end, cue.start) for cue in self._count)
            or any(cue.places & hit.places or self._follows_at_once(cue, hit) for cue in which)
        }

    def _follows_at_once(self, cue: Hit, hit: Hit) -> bool:
        """Whether nothing but values stands between: "how many cancelled orders"."""
        between = set(range(cue.end, hit.start))
        values = (one.places for one in self._hits if one.kind is Kind.VALUE)
        said = {at for at in between.difference(*values) if self._q.folded[at] not in " 的"}
        return hit.start >= cue.end and (len(between) <= 1 or not said)

    @cached_property
    def _classes_asked(self) -> list[Hit]:
        return [
            hit
            for hit in self._classes
            if not hit.places & self._apposed and not self._is_verb(hit)
        ]

    def _spoken(self, label: Label) -> bool:
        """Whether a word says what nodes of this label are."""
        return any(hit.said is label for hit in self._classes)

    @cached_property
    def _named_values(self) -> frozenset[frozenset[int]]:
        """The places of what says a value of a named node."""
        labels = {one.label for one in self._anchors}
        return frozenset(
            hit.places for hit in self._hits if hit.kind is Kind.TERM and hit.said.holder in labels
        )

    def _is_verb_for(self, hit: Hit) -> bool:
        """Whether the word of a relationship is a class's, used as a verb: "what did they order"
        asks for no orders.
        """
        return any(
            one.places == hit.places and one.said is hit.said.target and self._is_verb(one)
            for one in self._classes
        )

    def _noun(self, hit: Hit) -> bool:
        return hit.phrase in {name.casefold() for name in hit.said.names.values()}

    def _focus(self, hit: Hit) -> float:
        """Whether the question asks for this class: "which …", 哪些…, …有哪些. What ranks it may
        stand between: "what is the least expensive …".
        """
        folded = self._blank(Kind.MOST, Kind.LEAST)
        for cue in (*self._cues(Cue.WHICH), *self._count):
            if cue.start <= hit.start <= cue.end or cue.places & hit.places:
                return FOCUS
            between = folded[cue.end : hit.start]
            if hit.start >= cue.end and not self._ends(between):
                words = len(_nouns(between)) if not has_han(between) else len(between)
                if words <= FOCUS_GAP:
                    return FOCUS
        after = folded[hit.end : hit.end + 5].lstrip("都呢 是")
        return (
            FOCUS if after.startswith(("有哪", "哪", "有几", "有多少", "什么", "有什么")) else 0.0
        )

    def _aside(self, hit: Hit) -> float:
        """What it costs to ask for what stands in "when a customer …" alone."""
        return FOCUS if _ASIDE.search(self._q.folded[: hit.start]) else 0.0

    def _blank(self, *kinds: Kind) -> str:
        """The question without what hits of these kinds say."""
        rest = list(self._q.folded)
        for hit in self._hits:
            if hit.kind in kinds:
                for at in hit.places:
                    rest[at] = " "
        return "".join(rest)

    def _ends(self, text: str) -> bool:
        return any(char in text for char in ",，。.;；?？") or bool(_CLAUSE.search(text))

    def _is_verb(self, hit: Hit) -> bool:
        """ "What did they order?": no order is asked for; nor where it "was ordered", and no fix
        by "who fixes it".
        """
        word = self._q.folded[hit.start : hit.end]
        if has_han(word) or " " in word:
            return False
        if word.endswith(("ed", "ing")):
            return True
        before = self._q.folded[: hit.start].split()
        if before and (before[-1] in _BEFORE_VERB or (before[-1] == "that" and word.endswith("s"))):
            return True
        said = {"did", "does", "do", "has", "have"} & set(before)
        return bool(said and before and before[-1] not in DETERMINERS and not word.endswith("s"))

    def _units(self, asked: Asked) -> frozenset[int]:
        """Units in which the value is asked for, with their "how many"."""
        found = [
            one
            for one in self._hits
            if one.kind is Kind.UNIT
            and fits(one.said, asked.unit)
            and not one.places & self._in_numbers
        ]
        said = frozenset(at for one in found for at in one.places)
        if said or asked.unit:
            near = [
                one
                for one in self._count
                if any(0 <= unit.start - one.end <= 1 or unit.places & one.places for unit in found)
            ]
            said |= frozenset(at for one in near for at in one.places)
        return said

    def _said(self, step: Asked, anchor: Anchor | None) -> frozenset[int]:
        """The characters that name a step; of one between equals, those that name its direction."""
        hits = self._by_type.get(step.type, ()) if step.type else ()
        ends = {step.anchor, step.target}
        found: set[int] = set()
        for hit in hits:
            said: Asked = hit.said
            if {said.anchor, said.target} != ends or hit.places <= self._plain_words:
                continue
            if any(one.places < hit.places and one.said not in ends for one in self._classes):
                continue
            if step.anchor is step.target and anchor:
                is_verb = hit.phrase in said.verbs
                up = not said.inverse
                if is_verb and not anchor.own:
                    if any(_gap(one, anchor) < _gap(hit, anchor) for one in hits):
                        continue  # it says so of another node
                    up = anchor.start < hit.start
                if up is step.inverse:
                    continue
            found |= hit.places
        return frozenset(found)

    def _called(self, step: Asked) -> frozenset[int]:
        """The characters that name where a step between equals leads, beside another's words."""
        return frozenset(
            at
            for hit in (self._by_type.get(step.type, ()) if step.type else ())
            if hit.said == step
            and hit.phrase not in step.verbs
            and not hit.places <= self._plain_words
            for at in hit.places
        )

    def _cues(self, cue: Cue) -> list[Hit]:
        hits = own_hits(self._hits, self._q.folded) if cue is Cue.OWN else self._hits
        return [hit for hit in cue_hits(hits, cue) if not hit.places & self._in_numbers]


def _plain(hits: list[Hit], folded: str) -> list[Hit]:
    """Without what only part of a phrase says: 几款 of 哪几款 or 那几款, "expensive" of "least
    expensive", the "unit" of a unit price, the tickets of "how many tickets can … take".
    """
    values = [hit.places for hit in hits if hit.names_value]
    ranks = [hit for hit in hits if hit.kind in {Kind.MOST, Kind.LEAST}]
    nouns = [
        (hit.places, hit.said.anchor if hit.kind is Kind.TERM else hit.said)
        for hit in hits
        if hit.kind is Kind.CLASS or hit.names_value
    ]
    return [
        hit
        for hit in hits
        # 最多能接几个 asks how many one can take.
        if not (hit.phrase == "最多" and folded[hit.end : hit.end + 1] in _MAY)
        and not (
            hit.phrase.startswith("几")
            and (_OF_THESE if hit.kind is Kind.CUE else _POINTS).search(folded[: hit.start])
        )
        and not (
            hit.kind is Kind.CLASS
            and any(hit.places < places and hit.said is not label for places, label in nouns)
        )
        and not (_relates_or_counts(hit) and any(hit.places < places for places in values))
        and not (
            hit.kind in {Kind.MOST, Kind.LEAST}
            and any(hit.places < other.places and hit.kind is not other.kind for other in ranks)
        )
    ]


def _relates_or_counts(hit: Hit) -> bool:
    if hit.kind is Kind.CUE:
        return bool(hit.said is Cue.COUNT)
    return hit.kind is Kind.TERM and bool(hit.said.type) and not hit.said.property


def _without_teams(hits: Sequence[Hit], folded: str) -> list[Hit]:
    """Without "units" as departments, where so many were sold."""
    pieces = [hit.places for hit in hits if hit.names_value and tells_pieces(hit.said)]
    if not _SOLD.search(folded):
        return list(hits)
    return [
        hit
        for hit in hits
        if hit.said is not Label.DEPARTMENT or not any(hit.places & one for one in pieces)
    ]


def _is_sealed(hit: Hit) -> bool:
    """Whether it names what is never told: a birth date is no date."""
    said = hit.said
    return (
        hit.kind is Kind.TERM
        and bool(said.property)
        and said.type is None
        and any(one.name == said.property and one.sealed for one in NODES[said.anchor].properties)
    )


def _is_told(hit: Hit) -> bool:
    """Whether it names a value that may be told: of a product the name, too."""
    return hit.names_value and not _is_sealed(hit)


def _gap(hit: Hit, anchor: Anchor) -> int:
    """How far from a named node a phrase stands."""
    return max(hit.start - anchor.end, anchor.start - hit.end)


def _nouns(text: str) -> list[str]:
    """The words of Latin ``text`` that no noun has before it anyway."""
    return [word for word in text.split() if word not in DETERMINERS]


def fits(unit: Unit, wanted: str | None) -> bool:
    return wanted is not None and wanted in {unit.id, unit.of}
