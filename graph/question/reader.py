"""Readings of a question, the likeliest first."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, product

from graph.ontology import Asked, value_of
from graph.question.bounding import visited
from graph.question.leading import STEP, Led, walks
from graph.question.lexicon import VALUED, Hit, Kind
from graph.question.offering import OWNED
from graph.question.quantity import Comparison, day_of
from graph.question.question import Anchor, Question, asks_how
from graph.question.ranking import OF_MANY, UNUSED
from graph.question.reading import (
    NUMERIC,
    PEOPLE,
    Bound,
    Extreme,
    Lead,
    Output,
    Reading,
    dated,
    in_pieces,
    kind_of,
    stored_of,
    tells_pieces,
)
from graph.question.settling import Settling
from graph.question.way import ways
from graph.question.words import Cue
from graph.schema import Kind as Stored
from graph.vocabulary import GOODS, Label, RelationshipType

_MOST_CHOICES = 24
_ALIKE = 4.0
_OUT_OF_FOCUS = 10.0
_AGAIN = re.compile(r"[\s,，、(（]{0,2}(?:and|or|和|或|也就是|就是|即)?[\s]?(?:the )?")
_FOR = re.compile(r"\s(?:for|of|to fit) (?:the |my |our |an? )?")
_COME_TO = re.compile(r"\b(?:comes? to|makes?|amounts? to|total)\b")
_NEAR = 2
"""Steps from what is bounded to what is asked for."""
_OF_KINDS = frozenset({Output.NAMES, Output.COUNT, Output.SUM, Output.MEAN})


def readings(question: Question) -> list[Reading]:
    """All of them, the likeliest first; equal ones once."""
    found: dict[tuple[object, ...], Reading] = {}
    for chosen in _choices(question):
        for reading in Reader(question, chosen).all():
            key = (
                reading.label,
                reading.output,
                reading.asked,
                reading.leads,
                reading.bounds,
                reading.extreme,
                reading.compared,
            )
            if key not in found or found[key].score < reading.score:
                found[key] = reading
    ranked = sorted(found.values(), key=lambda one: -one.score)
    whole = next((one for one in ranked if question.content <= one.explained), None)
    # What leaves nothing unsaid is meant, where it is about as likely and asked for.
    if whole and _is_as_likely(whole, ranked[0], question):
        ranked.remove(whole)
        ranked.insert(0, whole)
    return ranked


def _is_as_likely(whole: Reading, best: Reading, question: Question) -> bool:
    said = question.asks.who or question.speaks_of(whole.label)
    near = best.score - whole.score <= _ALIKE and whole.supposed <= best.supposed
    return said and near and not best.compared


def _choices(question: Question) -> Iterator[tuple[Anchor, ...]]:
    """Which nodes the mentions stand for: all of them, then without one, then without any."""
    groups = question.groups
    subsets = [groups]
    if len(groups) > 1:
        subsets += [(*groups[:at], *groups[at + 1 :]) for at in range(len(groups))]
    if groups:
        subsets.append(())
    for subset in subsets:
        yield from islice(product(*subset), _MOST_CHOICES)


class Reader(Settling):
    """Readings with one choice of what the mentions stand for."""

    def all(self) -> Iterator[Reading]:
        yield from self._compared()
        for label, output, asked, places, bonus in self._outputs():
            yield from self._read(label, output, asked, places, bonus)

    def _read(
        self,
        label: Label,
        output: Output,
        asked: Asked | None,
        places: frozenset[int],
        bonus: float,
    ) -> Iterator[Reading]:
        on = asked.type if asked else None
        leads: list[Led] = []
        # Who names one twice, in other words, asks about one.
        for anchor in self._once():
            led = self._lead(anchor, label, output, on)
            if led is None:
                return
            leads.append(led)
        explained = (
            places
            | self._named
            | self._apposed
            | frozenset(at for hit in self._classes if hit.said is label for at in hit.places)
        )
        away = self._out_of_focus(label, output)
        if (away and label in OWNED) or not self._may_tell(label, output, asked, leads):
            return
        cost = away * _OUT_OF_FOCUS - bonus
        for also in self._of_kinds(label, output, leads):
            led_by = [*leads, *also]
            used = explained.union(*(led.places for led in led_by))
            paid = cost + sum(led.cost for led in led_by)
            for extreme, said, price in self._extremes(label, led_by, output):
                reading = self._bounded(
                    label, output, asked, led_by, used | said, paid + price, extreme
                )
                if reading and all(_is_bounded(led.lead, reading) for led in also):
                    yield reading

    def _of_kinds(
        self, label: Label, output: Output, leads: Sequence[Led]
    ) -> Iterator[tuple[Led, ...]]:
        """Nothing; then the way from what is bounded by a value of its own, and leads to what is
        asked for: the orders of gold customers.
        """
        yield ()
        asked = any(hit.said is label for hit in self._classes_asked)
        if not asked or output not in _OF_KINDS or any(not led.lead.steps for led in leads):
            return
        known = {*visited(label, leads), *(led.lead.label for led in leads)}
        holders = {hit.said[0].holder for hit in self._hits if hit.kind is Kind.VALUE}
        # "Who of the team speaks Chinese?" asks for no team, 客户是哪几位 for no colleagues.
        people = PEOPLE if self._q.asks.who or label in PEOPLE else ()
        for holder in sorted(holders.difference(known, people, [None])):
            near = (way for way in ways(holder, label) if len(way) <= _NEAR)
            found = filter(None, (self._led(None, way) for way in near))
            if best := max(found, key=self._worth, default=None):
                said = [hit.places for hit in self._classes if hit.said is holder]
                # "Pending orders of customers in …" says whose they are.
                cost, supposed = (STEP, 0) if said else (best.cost, best.supposed)
                yield (Led(best.lead, best.places.union(*said), cost, supposed),)

    def _once(self) -> Iterator[Anchor]:
        """The named nodes; "the meter, AG-7" is one, and so is "the filter set for the Spring"."""
        before: Anchor | None = None
        for one in self._anchors:
            between = self._q.folded[before.end : one.start] if before else ""
            again = before is not None and (one.label, one.value) == (before.label, before.value)
            goods = before is not None and before.label in GOODS and one.label in GOODS
            said_again = again and _AGAIN.fullmatch(between)
            if not (said_again or (goods and _FOR.fullmatch(between))):
                yield one
            before = one

    def _out_of_focus(self, label: Label, output: Output) -> int:
        """How often the question says that other nodes, or values, are asked for."""
        listed = output in {Output.NAMES, Output.COUNT}
        others = listed and bool(self._focused) and label not in self._focused
        return others + (output is Output.NAMES and self._asks_a_value(label))

    def _may_tell(
        self, label: Label, output: Output, asked: Asked | None, leads: Sequence[Led]
    ) -> bool:
        """Whether the named nodes lead to what can be told so."""
        between = asked is not None and asked.type is not None and self._names_both_ends(asked)
        if output is Output.VALUE and not (between or self._has(label, leads)):
            return False
        if output is Output.VALUE and asked and _is_told_by_itself(asked, leads):
            return False
        if (
            output is Output.VALUE
            and asked
            and any(bound.asked is asked for bound, _, _ in self._lacked([label], self._not))
        ):
            return False
        # 具体是几号送到的 asks for a day, and lists nothing that was delivered.
        names_none = output is Output.NAMES and not leads and not self._spoken(label)
        if names_none and any(_tells_when(hit, label) for hit in self._hits):
            return False
        asks_else = self._q.asks.whether or asks_how(self._q)
        if output is Output.NAMES and asks_else and not self._spoken(label):
            return False
        if output is Output.WHETHER and sum(bool(led.lead.steps) for led in leads) != 1:
            return False
        walked = any(asked and asked.type and walks(led.lead.steps, asked.type) for led in leads)
        return walked or not (asked and asked.type)

    def _names_both_ends(self, asked: Asked) -> bool:
        """Whether what a relationship says is asked of two named nodes: somebody's level in …"""
        return {asked.anchor, asked.target} <= {one.label for one in self._anchors}

    def _bounded(
        self,
        label: Label,
        output: Output,
        asked: Asked | None,
        leads: Sequence["Led"],
        explained: frozenset[int],
        cost: float,
        extreme: Extreme | None,
    ) -> Reading | None:
        labels = _bounded_labels(label, leads, extreme)
        is_one = any(not led.lead.steps for led in leads) and output is not Output.NAMES
        bounds, used, price = self._measured_bounds(label, labels, leads, explained, is_one)
        explained |= used | self._summed_besides(output)
        cost += price
        if output is Output.SUM and not (self._sums(used) or tells_pieces(asked)):
            return None
        negated = [hit for hit in self._not if not hit.places & explained]
        used_not: set[Hit] = set()
        for bound, said, denied in self._said_bounds(labels, asked, is_one, negated):
            bounds.append(bound)
            explained |= said
            used_not |= denied
        if not is_one and asked is None:
            for bound, said in self._named_bounds(labels, explained):
                bounds.append(bound)
                explained |= said
        expected, said = self._expected(asked, label, labels) if is_one else (None, frozenset())
        if expected:
            bounds = [one for one in bounds if one.asked is not asked]
            explained |= said
        # How many pieces there are is told of what comes first.
        parts = sorted(
            (led.lead for led in leads),
            key=lambda one: not (one.steps and in_pieces(one.steps[-1])),
        )
        if negated and not used_not and not extreme:
            turned = self._turned(negated, parts, label)
            if turned is None:
                cost += UNUSED["not"]
            else:
                parts, said, price = turned
                explained |= said
                cost += price
        for hit in used_not:
            explained |= hit.places
        if (bounds or extreme) and not any(led.lead.anchor for led in leads):
            explained |= self._said_of(label)
        cost += self._uncounted(output, explained) + self._left_out(output, extreme)
        reading = Reading(
            label=label,
            output=output,
            asked=asked,
            leads=tuple(parts),
            bounds=tuple(dict.fromkeys(bounds)),
            extreme=extreme,
            expected=expected,
        )
        return self._settled(reading, explained, cost, sum(led.supposed for led in leads))

    def _said_bounds(
        self, labels: Sequence[Label], asked: Asked | None, is_one: bool, negated: Sequence[Hit]
    ) -> Iterator[tuple[Bound, frozenset[int], set[Hit]]]:
        """Named values, each with the "not" right before it, if there is one."""
        for bound, said, denied in self._lacked(labels, negated):
            if not is_one and asked is None:
                yield bound, said, {denied}
        true = () if is_one else self._true_bounds(labels, asked)
        for bound, value, said in (*true, *self._value_bounds(labels, asked, is_one)):
            near = self._denial(value, negated)
            yield replace(bound, negated=near is not None), said, {near} if near else set()

    def _expected(
        self, asked: Asked | None, label: Label, labels: Sequence[Label]
    ) -> tuple[Bound | None, frozenset[int]]:
        """What the value is asked to be: the named one, a number in its unit, a day of a list."""
        if asked is None or not self._whether:
            return None, frozenset()
        for hit in self._hits:
            if hit.kind is Kind.VALUE and hit.said[0] is asked:
                value = hit.said[1].value
                return Bound(asked=asked, bounds=((Comparison.EQUAL, value),)), hit.places
        for quantity in self._quantities:
            if kind_of(asked) is Stored.TEXTS and (day := day_of(quantity, self._q.zone)):
                bound = Bound(asked=asked, bounds=((Comparison.EQUAL, day),))
                return bound, frozenset(range(quantity.start, quantity.end))
            found = self._bound(quantity, label, labels, (), frozenset())
            if found and found[0].asked is asked:
                return found
        return None, frozenset()

    def _measured_bounds(
        self,
        label: Label,
        labels: Sequence[Label],
        leads: Sequence["Led"],
        explained: frozenset[int],
        is_one: bool,
    ) -> tuple[list[Bound], frozenset[int], float]:
        """What the numbers and times bound, what says so, and what it costs to leave some out."""
        types = {led.lead.steps[-1].type for led in leads if len(led.lead.steps) == 1}
        bounds: list[Bound] = []
        used, cost = frozenset[int](), 0.0
        for quantity in self._quantities:
            if quantity.bare and is_one:
                continue
            if is_one and quantity.is_time and label is Label.CALENDAR:
                used |= set(range(quantity.start, quantity.end))
                continue
            found = self._bound(quantity, label, labels, types, explained | used)
            if found is None:
                cost += 0.0 if quantity.bare else UNUSED["quantity"]
                continue
            bound, said = self._denied(*found, quantity)
            bounds.append(bound)
            used |= said
        return bounds, used, cost

    def _sums(self, used: frozenset[int]) -> bool:
        """Whether "total" says more than what a value is called that is bounded."""
        return any(not hit.places <= used for hit in self._cues(Cue.SUM))

    def _uncounted(self, output: Output, explained: frozenset[int]) -> float:
        """What it costs not to count where "how many" is asked, of nothing that is told."""
        said = [hit for hit in self._count if not hit.places & explained]
        counted = output is Output.COUNT or len(said) < len(self._count)
        return UNUSED["count"] if said and not counted else 0.0

    def _summed_besides(self, output: Output) -> frozenset[int]:
        """What says that nodes are taken together of which the mean is asked for."""
        hits = self._cues(Cue.SUM) if output is Output.MEAN else []
        return frozenset(at for hit in hits for at in hit.places)

    def _said_of(self, label: Label) -> frozenset[int]:
        """How nodes of a label are related, said of all of them: "orders placed in July"."""
        return frozenset(
            at
            for hits in self._by_type.values()
            for hit in hits
            if label in {hit.said.anchor, hit.said.target}
            for at in hit.places
        )

    def _compared(self) -> Iterator[Reading]:
        anchors = [one for one in self._anchors if not one.own]
        for label in dict.fromkeys(one.label for one in anchors):
            compared = tuple({one.value: one for one in anchors if one.label is label}.values())
            others = [one for one in anchors if one.label is not label]
            if len(compared) < 2 or len(others) > 1:
                continue
            for lead, asked, places, extreme in self._compared_by(label, others):
                yield from self._set_beside(compared, lead, asked, places, extreme)

    def _set_beside(
        self,
        compared: tuple[Anchor, ...],
        leads: tuple[Lead, ...],
        asked: Asked,
        places: frozenset[int],
        extreme: Extreme | None,
    ) -> Iterator[Reading]:
        """The value of each, or, where that is asked for, all of them together."""
        said = frozenset(at for hit in self._hits if _sets_beside(hit) for at in hit.places)
        reading = Reading(
            label=compared[0].label,
            output=Output.COMPARISON,
            leads=leads,
            asked=asked,
            extreme=extreme,
            compared=compared,
        )
        explained = places | said | self._named | self._apposed
        together = self._cues(Cue.SUM)
        if together and extreme is None and kind_of(asked) in NUMERIC and not self._q.asks.apart:
            # 两样一共多少钱 asks for no difference.
            of_sum = frozenset(at for hit in together for at in hit.places)
            yield self._plain(replace(reading, output=Output.SUM), explained | of_sum)
        settled = (
            self._settled(reading, explained, -4.0, 0)
            if extreme
            else self._plain(reading, explained)
        )
        if settled:
            yield settled

    def _plain(self, reading: Reading, explained: frozenset[int]) -> Reading:
        score = self._q.weight(explained) + 2.0
        return replace(reading, score=score, explained=explained)

    def _compared_by(
        self, label: Label, others: Sequence[Anchor]
    ) -> Iterator[tuple[tuple[Lead, ...], Asked, frozenset[int], Extreme | None]]:
        """By what nodes of a label are compared: a value of theirs, how many of something they
        have, or what a relationship to the one other node says: their level in a skill.
        """
        for other in others:
            for (step,) in (one for one in ways(other.label, label) if len(one) == 1):
                lead = Lead(anchor=other, steps=(step,))
                for asked, places, extreme in self._valued(type_=step.type):
                    yield (lead,), asked, places, extreme
        for asked, places, extreme in () if others else self._compared_alone(label):
            yield (), asked, places, extreme

    def _valued(
        self, *, label: Label | None = None, type_: RelationshipType | None = None
    ) -> Iterator[tuple[Asked, frozenset[int], Extreme | None]]:
        """The values of a label, or a relationship, that are named, each with whether the most or
        the least is asked for.
        """
        least, most = self._cues(Cue.LEAST), self._cues(Cue.MOST)
        for hit in (one for one in self._hits if one.kind in VALUED and one.said.property):
            if hit.said.holder is not label or hit.said.type is not type_:
                continue
            if hit.kind is not Kind.TERM:
                yield hit.said, hit.places, Extreme(asked=hit.said, greatest=hit.kind is Kind.MOST)
            elif stored_of(hit.said):
                measured = kind_of(hit.said) in {*NUMERIC, Stored.INSTANT} and (least or most)
                extreme = Extreme(asked=hit.said, greatest=bool(most)) if measured else None
                yield hit.said, hit.places, extreme

    def _compared_alone(
        self, label: Label
    ) -> Iterator[tuple[Asked, frozenset[int], Extreme | None]]:
        least = self._cues(Cue.LEAST)
        most = self._cues(Cue.MOST)
        yield from self._valued(label=label)
        yield from self._added_up(label)
        if newest := dated(label):
            for hit in self._hits:
                if hit.kind is Kind.CUE and hit.said in {Cue.NEWEST, Cue.OLDEST}:
                    extreme = Extreme(asked=newest, greatest=hit.said is Cue.NEWEST)
                    yield newest, hit.places, extreme
        if any(hit.phrase in OF_MANY for hit in (*least, *most)):
            for step, places in self._counted_of(label):
                yield step, places, Extreme(asked=step, greatest=bool(most) or not least)

    def _added_up(self, label: Label) -> Iterator[tuple[Asked, frozenset[int], Extreme | None]]:
        """What goods cost that are added up, where no value is named: "one A plus one B?"."""
        named = (hit for hit in self._hits if hit.kind is Kind.TERM and hit.said.holder is label)
        if label is Label.PRODUCT and self._cues(Cue.SUM) and not any(named):
            said = frozenset(
                at for one in _COME_TO.finditer(self._q.folded) for at in range(*one.span())
            )
            yield value_of(label, "price"), said, None

    def _counted_of(self, label: Label) -> Iterator[tuple[Asked, frozenset[int]]]:
        """What nodes may have more or fewer of: by a relationship's word, or a class's."""
        for hit in self._hits:
            if hit.kind is Kind.TERM and hit.said.type and not hit.said.property:
                if hit.said.anchor is label and hit.said.common:
                    yield hit.said, hit.places
            elif hit.kind is Kind.CLASS and hit.said is not label:
                for way in ways(label, hit.said):
                    if len(way) == 1 and way[0].common:
                        yield way[0], hit.places | self._said(way[0], None)


def _bounded_labels(label: Label, leads: Sequence[Led], extreme: Extreme | None) -> list[Label]:
    """Of which nodes something may be said: of those walked, and of those that are counted."""
    counted = extreme.counted.target if extreme and extreme.counted else None
    return [*visited(label, leads), *([counted] if counted else [])]


def _tells_when(hit: Hit, label: Label) -> bool:
    """Whether it asks for a time of such nodes."""
    of_label = hit.names_value and hit.said.holder is label
    return of_label and kind_of(hit.said) is Stored.INSTANT


def _is_bounded(lead: Lead, reading: Reading) -> bool:
    """Whether something is said of what a way begins with."""
    return any(bound.asked.holder is lead.label for bound in reading.bounds)


def _sets_beside(hit: Hit) -> bool:
    beside = {Cue.COMPARED, Cue.MOST, Cue.LEAST, Cue.WHICH, Cue.NEWEST, Cue.OLDEST}
    return hit.kind is Kind.CUE and hit.said in beside


def _is_told_by_itself(asked: Asked, leads: Sequence[Led]) -> bool:
    """Whether it is by that value that the node is named: the number of order 10023456."""
    return any(
        led.lead.anchor and not led.lead.steps and asked.property in led.lead.anchor.found_by
        for led in leads
    )
