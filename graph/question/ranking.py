"""The greatest and the least, the newest and the oldest, and who has the most of something."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import replace

from graph.fields import leading
from graph.ontology import Asked
from graph.question.amount import find_rank
from graph.question.bounding import Bounding
from graph.question.leading import Led
from graph.question.lexicon import Hit, Kind
from graph.question.reading import (
    NUMERIC,
    PEOPLE,
    Extreme,
    Output,
    dated,
    kind_of,
    tells_pieces,
)
from graph.question.way import Way, ways
from graph.question.words import Cue
from graph.schema import Kind as Stored
from graph.text import has_han
from graph.vocabulary import Label, RelationshipType

_BESIDE_MOST = 2
_OFTEN = frozenset({"most often", "most frequently", "最频繁", "最常", "最勤"})
OF_MANY = _OFTEN | {
    "largest number of", "highest number of",
    "most", "fewest", "least", "more", "fewer", "最多", "最少", "更多", "更少", "第二多", "第三多",
    "第二少", "第三少", "多", "少", "多吗", "多么", "多不多", "少吗", "少么", "多一点", "多一些",
    "多些", "多?", "人多", "人更多", "人最多", "人少", "人更少", "人最少",
}  # fmt: skip
"""What says that something is counted."""
_SPENT = frozenset({"spent", "spend", "消费", "花费", "花钱", "花了多少钱", "花了"})
"""What somebody has done with all that they bought."""
_PIECES = frozenset(
    {"销量", "件数", "数量", "units", "pieces", "how many units", "number of units"}
)
"""What says that pieces are added up."""
_TIMES = ("次数", "多少次", "几次", "how often")
UNUSED = {
    "group": 14.0,
    "quantity": 20.0,
    "not": 25.0,
    "extreme": 15.0,
    "count": 12.0,
    "mean": 9.0,
}
"""What it costs a reading to leave out what the question says."""


class Ranking(Bounding):
    """Finds the order in which nodes are asked for."""

    def _extremes(
        self, label: Label, leads: Sequence["Led"], output: Output
    ) -> Iterator[tuple[Extreme | None, frozenset[int], float]]:
        hits = list(self._extreme_hits(label, leads))
        anchored = any(not led.lead.steps for led in leads)
        if hits and not anchored and output in {Output.NAMES, Output.VALUE}:
            hits.sort(key=lambda one: -self._q.weight(one[1]))
            yield from (self._ranked(*one) for one in hits[:3])
        yield None, frozenset(), 0.0

    def _ranked(
        self, extreme: Extreme, places: frozenset[int], cost: float
    ) -> tuple[Extreme, frozenset[int], float]:
        """ "Second most expensive", top 3, 最贵的三个."""
        found = find_rank(self._q.folded)
        if found is None:
            return extreme, places, cost
        place, count, start, end = found
        return replace(extreme, place=place, count=count), places | set(range(start, end)), cost

    def _extreme_hits(
        self, label: Label, leads: Sequence["Led"]
    ) -> Iterator[tuple[Extreme, frozenset[int], float]]:
        types = {step.type for led in leads for step in led.lead.steps}
        for hit in self._hits:
            if hit.places & self._in_numbers:
                continue
            if hit.kind in {Kind.MOST, Kind.LEAST}:
                greatest = hit.kind is Kind.MOST
                if tells_pieces(hit.said):
                    yield from _over(hit.said, label, hit.places, greatest=greatest)
                if _is_of(hit.said, label, types):
                    inner = -1.0 if hit.said.type and walks_one(leads, hit.said.type) else 0.0
                    yield Extreme(asked=hit.said, greatest=greatest), hit.places, inner
            elif hit.kind is Kind.CUE and hit.said in {Cue.NEWEST, Cue.OLDEST}:
                if newest := dated(label):
                    yield Extreme(asked=newest, greatest=hit.said is Cue.NEWEST), hit.places, 0.0
            elif hit.kind is Kind.CUE and hit.said in {Cue.MOST, Cue.LEAST}:
                yield from self._degrees(label, hit)
                yield from self._by_term(label, hit, types)

    def _by_term(
        self, label: Label, hit: Hit, types: Container[RelationshipType | None]
    ) -> Iterator[tuple[Extreme, frozenset[int], float]]:
        """ "The highest capacity"; by what a value of many nodes comes to, "who has spent most", or
        of the relationships to them, 销量最高.
        """
        greatest = hit.said is Cue.MOST
        summed = frozenset(at for one in self._cues(Cue.SUM) for at in one.places)
        for term in (one for one in self._hits if one.kind is Kind.TERM):
            places = hit.places | term.places
            if term.phrase in (_PIECES if tells_pieces(term.said) else _SPENT):
                yield from _over(term.said, label, places | summed, greatest=greatest)
            if _is_of(term.said, label, types) and kind_of(term.said) in {*NUMERIC, Stored.INSTANT}:
                yield Extreme(asked=term.said, greatest=greatest), places, 0.0

    def _degrees(self, label: Label, hit: Hit) -> Iterator[tuple[Extreme, frozenset[int], float]]:
        """ "The most issues", 订单最多: by how many nodes of another label there are."""
        if hit.phrase not in OF_MANY:
            return
        often = hit.phrase in _OFTEN or any(word in self._q.folded for word in _TIMES)
        # "The most units" may be pieces.
        pieces = [one.places for one in self._hits if one.names_value and tells_pieces(one.said)]
        for other in self._classes:
            if any(other.places & one for one in pieces):
                continue
            if other.said is label or self._apart(hit, other) > _BESIDE_MOST:
                continue
            options = [one for one in ways(label, other.said) if len(one) == 1 and one[0].common]
            for (step,) in filter(_leads_to_many, options):
                said = self._said(step, None)
                places = hit.places | other.places | said
                extreme = Extreme(asked=step, greatest=hit.said is Cue.MOST)
                yield extreme, places, 0.0 if said else 1.0
        for term in self._hits:
            if (
                term.kind is Kind.TERM
                and term.said.type
                and not term.said.property
                and (
                    term.said.anchor is label
                    and term.said.common
                    and _leads_to_many((term.said,))
                    and (
                        often
                        or 0 <= hit.start - term.end <= _BESIDE_MOST
                        or 0 <= term.start - hit.end <= _BESIDE_MOST
                    )
                )
            ):
                extreme = Extreme(asked=term.said, greatest=hit.said is Cue.MOST)
                yield extreme, hit.places | term.places, 1.0

    def _apart(self, hit: Hit, other: Hit) -> int:
        """Characters between them that are no value: "most cancelled orders"."""
        between = set(range(hit.end, other.start)) or set(range(other.end, hit.start))
        values = [one.places for one in self._hits if one.kind is Kind.VALUE]
        return len(between.difference(*values))

    def _left_out(self, output: Output, extreme: Extreme | None) -> float:
        cost = 0.0
        said = [
            hit
            for hit in self._hits
            if (
                hit.kind in {Kind.MOST, Kind.LEAST}
                and "est" in hit.phrase + "est" * has_han(hit.phrase)
                and ("最" in hit.phrase or "most" in hit.phrase or hit.phrase.endswith("est"))
            )
            or (hit.kind is Kind.CUE and hit.said in {Cue.NEWEST, Cue.OLDEST})
            or (
                hit.kind is Kind.CUE
                and hit.said in {Cue.MOST, Cue.LEAST}
                and (hit.phrase.endswith("est") or hit.phrase == "most" or "最" in hit.phrase)
            )
        ]
        said = [hit for hit in said if not hit.places & self._in_numbers]
        if said and extreme is None and output is not Output.COMPARISON:
            cost += UNUSED["extreme"]
        if self._cues(Cue.MEAN) and output is not Output.MEAN:
            cost += UNUSED["mean"]
        return cost


def _is_of(asked: Asked, label: Label, types: Container[RelationshipType | None]) -> bool:
    """Whether nodes of a label have it, or what leads to them from a named node."""
    if asked.holder is label:
        return True
    if asked.type is None or asked.type not in types:
        return False
    return asked.target is label or (asked.anchor is label and label in PEOPLE)


def walks_one(leads: Sequence[Led], type_: RelationshipType) -> bool:
    """Whether a named node is one step away along ``type_``: its own values are meant."""
    return any(len(led.lead.steps) == 1 and led.lead.steps[0].type is type_ for led in leads)


def _over(
    asked: Asked, label: Label, places: frozenset[int], *, greatest: bool
) -> Iterator[tuple[Extreme, frozenset[int], float]]:
    """By what a value comes to, added up over all nodes that one of a label leads to: a value of
    those, or how many pieces of each.
    """
    pieces = tells_pieces(asked)
    ends = (asked.anchor, asked.target) if pieces else (asked.holder,)
    found = (way for end in ends if end for way in ways(label, end) if len(way) == 1)
    for way in dict.fromkeys(found):
        fits = way[0].type is asked.type if pieces else way[0].common and _leads_to_many(way)
        if fits:
            yield Extreme(asked=asked, greatest=greatest, along=way[0]), places, 0.0


def _leads_to_many(way: Way) -> bool:
    """Whether one node may be related to several so: an order has one customer."""
    (step,) = way
    if step.type is None or step.target is None:
        return False
    field = leading(step.anchor, step.type, step.target, inverse=step.inverse)
    return field is not None and field.many
