"""What a reading comes to: its score, or nothing where it cannot be what is meant."""

import math
import re
from collections.abc import Sequence
from dataclasses import replace

from graph.ontology import Asked
from graph.question.lexicon import Hit, Kind
from graph.question.offering import OWNED, Offering
from graph.question.quantity import Comparison
from graph.question.question import Anchor
from graph.question.ranking import OF_MANY, UNUSED
from graph.question.reading import Bound, Output, Reading, tells_another_kind
from graph.question.words import Cue
from graph.vocabulary import GOODS, Label

_OTHERS = re.compile(r"\bothers?\b|其他|别的|其余")
"""Said by customers of other customers."""
_COMPANY = frozenset({"we", "our"})
"""Said by those who work for the company of what everybody's is."""


class Settling(Offering):
    """Weighs readings by what they leave unsaid, and drops those that say something else."""

    def _settled(
        self, reading: Reading, explained: frozenset[int], cost: float, supposed: int
    ) -> Reading | None:
        """With its score; ``None`` where nothing narrows it down and nothing asks for all."""
        asked_all = self._cues(Cue.ALL) or self._count
        holds = reading.leads or reading.bounds or reading.extreme
        own = [hit for hit in self._cues(Cue.OWN) if not self._is_of_the_company(hit)]
        if reading.label in OWNED and not reading.leads and own:
            return None
        narrowed = reading.leads or reading.extreme or self._spoken(reading.label)
        # "Over 3000?" does not say what of.
        if not narrowed and (
            reading.output is Output.VALUE
            or not any(hit.kind in {Kind.CLASS, Kind.TERM, Kind.VALUE} for hit in self._hits)
        ):
            return None
        if any(one.bounds[0][0] is Comparison.ONE_OF for one in reading.bounds) and self._weighs():
            return None
        if (
            self._asks_sealed
            or _contradicts(reading.bounds)
            or (not reading.compared and self._compares())
        ):
            return None
        if own and self._q.asks.paid and self._is_customer and self._is_not_paid(reading):
            return None
        if reading.label is Label.CUSTOMER and own and _OTHERS.search(self._q.folded):
            return None
        other_time = not reading.expected and self._is_of_another_time(explained)
        if tells_another_kind(reading, self._q) or other_time:
            return None
        if not holds:
            if not asked_all or reading.output not in {
                Output.NAMES,
                Output.COUNT,
                Output.SUM,
                Output.MEAN,
            }:
                return None
            explained |= frozenset(at for hit in self._cues(Cue.ALL) for at in hit.places)
        whole = frozenset(
            at
            for hit in self._hits
            if hit.kind is Kind.CUE
            for at in hit.places
            if hit.said in {Cue.WHICH, Cue.ALL, Cue.WHETHER, Cue.OWN}
        )
        whole_words = explained | whole
        score = (
            self._q.weight(explained)
            - cost
            - sum(self._ignored(group[0], whole_words) for group in self._q.groups)
        )
        return replace(
            reading,
            score=score,
            supposed=supposed,
            explained=explained | whole,
            everything=not holds,
        )

    def _is_not_paid(self, reading: Reading) -> bool:
        """Whether it tells what a product costs, and not what somebody paid for it; or what all of
        the order does.
        """
        asked, goods = reading.asked, any(one.label in GOODS for one in self._anchors)
        if asked is None:
            return False
        of_order = asked.holder is Label.ORDER and goods
        return of_order or (asked.holder is Label.PRODUCT and asked.property == "price")

    def _is_of_another_time(self, explained: frozenset[int]) -> bool:
        """Whether a time is said that bounds nothing, or is to come: what is known of most is how
        it is now.
        """
        known = explained | self._q.story
        return any(
            one.to_come
            or (one.is_time and not one.is_now and known.isdisjoint(range(one.start, one.end)))
            for one in self._quantities
        )

    def _ignored(self, one: Anchor, explained: frozenset[int]) -> float:
        """What it costs not to take words for a name, but for what the reading makes of them."""
        if one.own or any((a.start, a.end) == (one.start, one.end) for a in self._anchors):
            return 0.0
        if one.start in self._q.told and self._anchors:
            return 0.0
        span = range(one.start, one.end)
        said = self._q.weight(span) or 1
        rest = self._q.weight(set(span) - explained)
        return UNUSED["group"] * rest / said + (2.0 if rest else 0.5)

    @property
    def _is_customer(self) -> bool:
        """Whether a customer asks of what is theirs."""
        return any(group[0].own for group in self._q.groups)

    def _is_of_the_company(self, hit: Hit) -> bool:
        """Whether those speak who work for it: "we", 我们."""
        several = self._q.folded.startswith("们", hit.end) and not self._is_customer
        return hit.phrase in _COMPANY or several

    def _compares(self) -> bool:
        """Whether it asks how something is beside another that it does not name: "is that less than
        the list price?".
        """
        return bool(self._whether) and any(hit.phrase == "than" for hit in self._cues(Cue.COMPARED))

    def _weighs(self) -> bool:
        """Whether it asks which of two is more: "more gold customers in the east or the west?"."""
        more = (*self._cues(Cue.MOST), *self._cues(Cue.LEAST))
        return any(hit.phrase in OF_MANY for hit in more)


def _contradicts(bounds: Sequence[Bound]) -> bool:
    """Whether two stretches of one property have nothing in common: two months set side by side."""
    spans: dict[Asked, tuple[float, float]] = {}
    for bound in bounds:
        ends = [value for _, value in bound.bounds if isinstance(value, float)]
        if bound.negated or len(ends) != len(bound.bounds) or len(ends) != 2:
            continue
        low, high = spans.get(bound.asked, (-math.inf, math.inf))
        spans[bound.asked] = max(low, ends[0]), min(high, ends[1])
    return any(low >= high for low, high in spans.values())
