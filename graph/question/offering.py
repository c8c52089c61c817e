"""What a question may ask for: nodes, or a value of them, by the words that say so."""

import re
from collections.abc import Iterator, Sequence

from graph.ontology import Asked, askable, value_of
from graph.question.bounding import measures
from graph.question.leading import Led
from graph.question.lexicon import Hit, Kind
from graph.question.ranking import Ranking
from graph.question.reading import (
    NUMERIC,
    PEOPLE,
    Output,
    in_pieces,
    kind_of,
    measured,
    stored_of,
    tells_pieces,
)
from graph.question.way import ways
from graph.question.words import LISTING, Cue
from graph.vocabulary import GOODS, Label

OWNED = frozenset({Label.ORDER, Label.TICKET})
"""What is somebody's."""
_UNSAID = 5.0
_PARTS = -3.0
_WHAT_IS = (
    re.compile(
        r"(?:(?:so|and|ok|hey|please)\W+)*(?:what(?:['’]?s| is| even is| are| exactly is)"
        r"|explain|describe)\s(?:a |an |the |this |our )?"
    ),
    re.compile(
        r"\s?(?:到底)?是(?:个)?(?:什么|啥|干什么用|干嘛|做什么用)(?:的|东西|产品|玩意儿?)*\W*"
    ),
)
"""Before a name, or after it, and nothing else."""
_LOOK_UP = (
    re.compile(
        r"(?:(?:hi|hello|please|pls|plz|can|could|would|you|i|want|need|to|check|chk|look|up|into|at"
        r"|track|trace|find|pull|search|see|get|me|my|the|this|on|for|order|number|no|nr|id)\W*)*"
        r"|(?:请|麻烦|帮忙?|我|你|您|给|再|那|先|想|要|查|找|看|搜|跟|询|一?下|看看|查查|这个?|订?单号?|订单|的|：|:|\s)*"
    ),
    re.compile(
        r"(?:\W*(?:please|pls|plz|for me|for us|thanks?|thx|order))*\W*"
        r"|(?:这|那|一|笔|个|张|订?单|订单|帮?我?|查|看|找|一?下|呢|吧|[，,。！!？?\s])*"
    ),
)
"""Around the number of an order that somebody only looks up."""
_MEASURES = {Label.PRODUCT: "price", Label.ORDER: "total"}
_RANKS = frozenset({Kind.MOST, Kind.LEAST})


class Offering(Ranking):
    """Offers what may be asked for, each with the characters that say it and how well they do."""

    def _outputs(
        self,
    ) -> Iterator[tuple[Label, Output, Asked | None, frozenset[int], float]]:
        counting = frozenset(
            at for hit in (*self._count, *self._cues(Cue.SUM)) for at in hit.places
        )
        counts_nodes = not all(map(self._is_of_units, self._count))
        for label, places, bonus in self._labels():
            yield label, Output.NAMES, None, places, bonus
            if counts_nodes:
                yield label, Output.COUNT, None, places | counting, bonus + 2
            yield from self._unnamed_measures(label, places, bonus)
        for hit in self._hits:
            if hit.names_value and stored_of(hit.said):
                yield from self._values(hit)
            elif hit.kind is Kind.VALUE and any(
                one.label is hit.said[0].holder for one in self._anchors
            ):
                yield hit.said[0].holder, Output.VALUE, hit.said[0], hit.places, 0.0
        yield from self._measured_values()
        yield from self._described()
        yield from self._looked_up()
        if (
            self._whether
            and not self._cues(Cue.HOW)
            and len(self._anchors) == 2
            and not self._cues(Cue.WHICH)
        ):
            said = frozenset(at for hit in self._whether for at in hit.places)
            for one in self._anchors:
                yield one.label, Output.WHETHER, None, said, 2.0

    def _unnamed_measures(
        self, label: Label, places: frozenset[int], bonus: float
    ) -> Iterator[tuple[Label, Output, Asked | None, frozenset[int], float]]:
        """What is summed up, or is the mean, where no value is named: "what did the orders of May
        add up to?", 冰箱的均价.
        """
        measure = _MEASURES.get(label)
        valued = any(
            hit.kind is Kind.TERM and hit.said.holder is label and kind_of(hit.said) in NUMERIC
            for hit in self._hits
        )
        if measure is None or valued or self._count:
            return
        for cue, output in ((Cue.SUM, Output.SUM), (Cue.MEAN, Output.MEAN)):
            said = frozenset(at for hit in self._cues(cue) for at in hit.places)
            if said and not (output is Output.SUM and label is Label.PRODUCT):
                yield label, output, value_of(label, measure), places | said, bonus + 2

    def _is_of_units(self, hit: Hit) -> bool:
        """Whether a "how many" stands right at a unit: 几个月 counts no nodes."""
        units = (one for one in self._hits if one.kind is Kind.UNIT)
        return any(one.places & hit.places or 0 <= one.start - hit.end <= 1 for one in units)

    def _described(
        self,
    ) -> Iterator[tuple[Label, Output, Asked | None, frozenset[int], float]]:
        """What a named node is, where nothing else is asked: "what is a Nomad?", 行者是什么?"""
        folded = self._q.folded
        for one in self._anchors:
            before, after = folded[: one.start], folded[one.end :]
            english = _WHAT_IS[0].fullmatch(before) and not after.strip(" ?!.")
            if english or (not before.strip() and _WHAT_IS[1].fullmatch(after)):
                said = frozenset(range(one.start)) | frozenset(range(one.end, len(folded)))
                described = (asked for asked in askable() if asked.holder is one.label)
                for asked in described:
                    if asked.property == f"description_{self._q.language}":
                        yield one.label, Output.VALUE, asked, said, 0.0

    def _looked_up(
        self,
    ) -> Iterator[tuple[Label, Output, Asked | None, frozenset[int], float]]:
        """How an order stands, where nothing but its number is said: 查下 W-2026-001498."""
        named = [one for one in self._anchors if not one.own]
        if len(named) != 1 or named[0].label is not Label.ORDER:
            return
        one = named[0]
        before, after = self._q.folded[: one.start], self._q.folded[one.end :]
        if _LOOK_UP[0].fullmatch(before) and _LOOK_UP[1].fullmatch(after):
            said = frozenset(range(len(self._q.folded)))
            yield Label.ORDER, Output.VALUE, value_of(Label.ORDER, "status"), said, 0.0

    def _measured_values(
        self,
    ) -> Iterator[tuple[Label, Output, Asked | None, frozenset[int], float]]:
        """The value of a named node that a number's unit tells: "is the hob under 1,000 yuan?"."""
        for quantity in self._quantities if self._whether else ():
            unit = self._unit_of(quantity)
            for asked in () if quantity.bare else askable():
                named = any(one.label is asked.holder for one in self._anchors)
                if named and asked.holder and asked.unit and measures(asked, quantity, unit):
                    yield asked.holder, Output.VALUE, asked, frozenset(), -1.0
                    if unit is None:
                        break

    def _labels(self) -> Iterator[tuple[Label, frozenset[int], float]]:
        seen: dict[Label, tuple[frozenset[int], float]] = {}

        def offer(label: Label, places: frozenset[int], bonus: float) -> None:
            known = seen.get(label)
            worth = self._q.weight(places) + bonus
            if known is None or worth > self._q.weight(known[0]) + known[1]:
                seen[label] = (places, bonus)

        for hit in self._classes:
            if not (hit.places & self._apposed) and not self._is_verb(hit):
                offer(hit.said, hit.places, self._focus(hit) - self._aside(hit))
        labels = {one.label for one in self._anchors}
        for hit in self._hits:
            for label, places, bonus in self._offered(hit, labels):
                offer(label, places, bonus)
        for label, places, bonus in self._unsaid(labels):
            offer(label, places, bonus)
        for label, (places, bonus) in seen.items():
            yield label, places, bonus

    def _unsaid(self, labels: set[Label]) -> Iterator[tuple[Label, frozenset[int], float]]:
        """What may be asked for where nothing is said to be: what named nodes consist of, where a
        list or a number is asked for, people where "who" is, and what has values such as are said.
        """
        lists = [hit for hit in self._cues(Cue.WHICH) if hit.phrase in LISTING]
        if not self._classes_asked and (self._cues(Cue.ALL) or self._count or lists):
            said = frozenset(at for hit in (*lists, *self._cues(Cue.ALL)) for at in hit.places)
            for label in labels:
                yield from ((target, said, _PARTS) for target in _consists_of(label))
        if self._q.asks.who:
            yield from ((label, frozenset[int](), _PARTS) for label in PEOPLE)
        if any(not one.bare or self._unit_of(one) for one in self._quantities):
            # "What have we got over 1000?" asks for what is sold, and for nobody's orders.
            yield from (
                (label, frozenset[int](), -_UNSAID - (label in OWNED)) for label in measured()
            )

    def _offered(
        self, hit: Hit, labels: set[Label]
    ) -> Iterator[tuple[Label, frozenset[int], float]]:
        """What may be asked for by a word that is no class's."""
        said = hit.said
        if hit.kind is Kind.TERM and said.type and not said.property:
            yield from self._related(hit, labels)
        elif hit.kind in {Kind.MOST, Kind.LEAST}:
            label = said.holder or said.target
            if label not in OWNED or any(one.own or one.label is label for one in self._anchors):
                yield label, hit.places, -2.0
        elif hit.kind is Kind.TERM and tells_pieces(said) and self._ranks_kinds(labels):
            yield Label.PRODUCT, hit.places, -2.0
        elif hit.kind is Kind.TERM and said.holder in OWNED:
            if any(one.own for one in self._anchors):
                yield said.holder, hit.places, -1.0
        elif hit.kind is Kind.VALUE and said[0].holder:
            yield said[0].holder, frozenset(), -4.0

    def _ranks_kinds(self, labels: set[Label]) -> bool:
        """Whether the most is asked for of a kind: "which fridge sold the most units?"."""
        ranks = self._cues(Cue.MOST) or self._cues(Cue.LEAST)
        return bool(ranks) and Label.CATEGORY in labels

    def _related(
        self, hit: Hit, labels: set[Label]
    ) -> Iterator[tuple[Label, frozenset[int], float]]:
        """Where a relationship leads: from a named node, or, where no class is said, from any."""
        if self._is_verb_for(hit):
            return
        if hit.said.anchor in labels:
            yield hit.said.target, hit.places, 0.0 if self._noun(hit) else -2.0
        elif labels and not hit.said.inverse and not self._classes_asked:
            # What is said of how it leads there, the way explains.
            yield hit.said.target, frozenset(), -3.0

    def _values(self, hit: Hit) -> Iterator[tuple[Label, Output, Asked, frozenset[int], float]]:
        asked: Asked = hit.said
        label = asked.holder or asked.target
        if label is None:
            return
        places = self._units(asked).union(
            *(one.places for one in self._hits if one.kind is Kind.TERM and one.said is asked)
        )
        anchored = any(one.label is label or (one.own and label in OWNED) for one in self._anchors)
        # The price of a product is no order's.
        named = label in OWNED and hit.places in self._named_values
        if (label is Label.CUSTOMER or named) and not (anchored or self._spoken(label)):
            return
        bonus = 0.0 if anchored else -4.0
        if asked.type is not None:
            ends = {asked.anchor, asked.target}
            bonus += 3.0 if ends <= {label, *(a.label for a in self._anchors)} else -8.0
        yield label, Output.VALUE, asked, places, bonus
        if self._asks_how_many_pieces(asked):
            said = places.union(*(one.places for one in self._cues(Cue.SUM)))
            yield asked.anchor, Output.SUM, asked, said | self._counted, 4.0
        if kind_of(asked) in NUMERIC:
            for cue, output in ((Cue.SUM, Output.SUM), (Cue.MEAN, Output.MEAN)):
                if (found := self._cues(cue)) and not (not anchored and self._is_own_value(hit)):
                    said = frozenset(at for one in found for at in one.places)
                    own = [one for one in self._anchors if one.label is label]
                    bonus = -12.0 if own else -3.0 if asked.type else 2.0
                    yield label, output, asked, places | said, bonus

    def _asks_how_many_pieces(self, asked: Asked) -> bool:
        """Whether pieces of named goods are counted over all that they were ordered with: "how many
        X7 were sold?" counts no orders.
        """
        return (
            tells_pieces(asked)
            and bool(self._anchors)
            and all(one.label in GOODS for one in self._anchors)
            and bool(self._by_type.get(asked.type) if asked.type else None)
            and not any(self._is_counted(hit) for hit in self._classes if hit.said is asked.anchor)
        )

    def _is_counted(self, hit: Hit) -> bool:
        return any(cue.places & hit.places or 0 <= hit.start - cue.end <= 1 for cue in self._count)

    @property
    def _counted(self) -> frozenset[int]:
        return frozenset(at for hit in self._count for at in hit.places)

    def _is_own_value(self, hit: Hit) -> bool:
        """Whether the same words say a value of a node that the question names itself: what was
        paid for an order is its total, not the sum of its prices.
        """
        labels = {one.label for one in self._anchors}
        return any(
            one.kind is Kind.TERM
            and one.said.type is None
            and one.said.holder in labels
            and one.start == hit.start
            for one in self._hits
        )

    def _has(self, label: Label, leads: Sequence[Led]) -> bool:
        """Whether named nodes have what a value is told of, where nothing says how they lead there:
        a category its products, an order what was bought, but no department what it supports.
        """
        if self._spoken(label) or label is Label.CALENDAR:
            # Whoever is named works by one: 他几点下班?
            return True
        if label in OWNED and not any(one.label is Label.ISSUE for one in self._anchors):
            return True
        return all(led.supposed == 0 or all(map(_holds, led.lead.steps)) for led in leads)

    def _asks_a_value(self, label: Label) -> bool:
        """Whether a value of these nodes is asked for, "what are the prices of …"; or one of a
        named node, and nodes of this label are not.
        """
        values = [hit for hit in self._hits if hit.kind is Kind.TERM and hit.said.holder is label]
        ranks = {at for one in self._hits if one.kind in _RANKS for at in one.places}
        if any(noun <= hit.places - ranks for hit in values for noun in self._q.asks.nouns):
            return True
        return bool(self._named_values) and not self._spoken(label)


def _holds(step: Asked) -> bool:
    """Whether it leads to parts, or to so many pieces."""
    return step.deep or in_pieces(step)


def _consists_of(label: Label) -> list[Label]:
    """What has nodes of ``label`` above it; the same label only where there is no other."""
    steps = [way[0] for target in Label for way in ways(label, target) if len(way) == 1]
    found = [one.target for one in steps if one.deep and one.inverse and one.target]
    return [target for target in found if target is not label] or found
