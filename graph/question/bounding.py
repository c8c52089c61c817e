"""What values have to be: numbers, times, named values, and what must not be."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from graph.ontology import Asked, Unit, Value, askable
from graph.question.leading import Leading, Led
from graph.question.lexicon import Hit, Kind, outermost
from graph.question.quantity import Comparison, Quantity
from graph.question.reading import NUMERIC, Bound, Lead, kind_of, stored_of
from graph.question.view import fits
from graph.question.way import ways
from graph.schema import Kind as Stored
from graph.vocabulary import Label, RelationshipType

_BESIDE_MOST = 2
_NUMBER_OF = re.compile(r"的?(?:总?数量?|个数)(?:是|在|有)?")
_SEVERAL = 2
_DENIED, _DENIED_VALUE, _DENIED_NUMBER, _DENIED_NEXT = 6, 16, 24, 4
_LACKS = frozenset({"no", "without", "没有", "没", "无"})
_NO_MORE = frozenset({"", "a", "any", "带", "含", "任何"})
_NOT_EVEN = frozenset({"都", "也"})
_OF = frozenset({"", "of", "is", "是", "为"})
_AND = re.compile(
    r"\s*(?:,|、|\b(?:and|or|nor)\b|[和或与及跟]|或者|以及|也不[是属于在]{0,2}|又不[是属于在]{0,2})+\s*"
    r"(?:(?:a|an|any|are|by|from|in|is|of|only|part|still|the|to)\s+)*(?:仅|只是?|还)?"
)
_OR = re.compile(r"\bor\b|或|还是")
_ONLY = re.compile(r"\b(?:only|solely|just|nothing but)\s(?:[a-z]+\s)?$|[只仅光][会能]?[懂说讲]?$")
_WORD_AFTER = re.compile(r"\s(?:of\s|is\s|called\s)?[\"“']?([a-z]+(?:[-_][a-z0-9]+)+)")
_WORD_BEFORE = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*$|[\u4e00-\u9fff]{1,4}$")


class Bounding(Leading):
    """Binds quantities and values to properties, and "not" to what it denies."""

    def _bound(
        self,
        quantity: Quantity,
        label: Label,
        labels: Sequence[Label],
        types: Iterable[RelationshipType | None],
        explained: frozenset[int],
    ) -> tuple[Bound, frozenset[int]] | None:
        span = frozenset(range(quantity.start, quantity.end))
        unit = self._unit_of(quantity)
        if quantity.bare and span & explained:
            return None
        candidates = [
            one
            for one in askable()
            if one.property
            and (one.holder in labels or (one.type in types and one.type))
            and stored_of(one)
            and measures(one, quantity, unit)
        ]
        best: tuple[float, Asked, frozenset[int]] | None = None
        for one in candidates:
            said = self._nearest(one)
            if quantity.bare and unit is None and not self._stands_at(said, quantity):
                continue
            worth = float(self._q.weight(said)) + (2.0 if one.unit else 0.0)
            worth += 3.0 if one.holder is label else 0.0
            worth += 4.0 if one.type in types and one.type else 0.0
            if quantity.is_time and not said and one.holder is label:
                worth += 1.0
            if not said and not one.unit and not quantity.is_time:
                continue
            if unit is None and said and self._is_anothers(one, said, quantity):
                continue
            if best is None or worth > best[0]:
                best = (worth, one, said)
        if counted := self._counted_bound(quantity, label):
            return counted
        if best is None:
            return None
        _, asked, said = best
        times = unit.times if unit and unit.of and unit.of == asked.unit else 1.0
        bounds = tuple((comparison, value * times) for comparison, value in quantity.bounds)
        return Bound(asked=asked, bounds=bounds), span | said

    def _stands_at(self, said: frozenset[int], quantity: Quantity) -> bool:
        """Whether a bare number stands right at what it is a value of: "level three", 三级; "the
        biggest one" says none.
        """
        ranks = {
            at for hit in self._hits if hit.kind in {Kind.MOST, Kind.LEAST} for at in hit.places
        }
        if not said - ranks:
            return False
        before = self._q.folded[max(said) + 1 : quantity.start]
        after = self._q.folded[quantity.end : min(said)]
        return (max(said) < quantity.start and before.strip() in _OF) or (
            min(said) >= quantity.end and not after.strip()
        )

    def _is_anothers(self, asked: Asked, said: frozenset[int], quantity: Quantity) -> bool:
        """Whether a property is that of a number with a unit: "under 2500 with 36 months warranty".

        What stands before a number may be its own all the same.
        """
        return max(said) >= quantity.end and any(
            fits(unit, asked.unit)
            for other in self._quantities
            if other is not quantity and (unit := self._unit_of(other))
        )

    def _denied(
        self, bound: Bound, said: frozenset[int], quantity: Quantity
    ) -> tuple[Bound, frozenset[int]]:
        """Turned where "not" stands right before the value: 不是72个月, "is not 24 months"."""
        near = (
            hit
            for hit in self._not
            if 0 <= quantity.start - hit.end <= _DENIED_NUMBER
            and self._q.content & set(range(hit.end, quantity.start))
            <= (frozenset() if hit.phrase in _LACKS else said)
        )
        denied = next(near, None)
        if denied is None or len(bound.bounds) > 1:
            return bound, said
        return replace(bound, negated=True), said | denied.places

    def _counted_bound(
        self, quantity: Quantity, label: Label
    ) -> tuple[Bound, frozenset[int]] | None:
        """ "With more than 3 items", 超过三件商品, "in two departments": how many nodes of another
        label there are.
        """
        if quantity.is_time or (quantity.bare and quantity.bounds[0][1] < _SEVERAL):
            return None
        for other in self._classes:
            gap = self._q.folded[quantity.end : other.start]
            follows = 0 <= other.start - quantity.end <= _BESIDE_MOST
            # 订单数超过4个 names first what is counted.
            leads = _NUMBER_OF.fullmatch(self._q.folded, other.end, quantity.start)
            if other.said is label or not (leads or (follows and not gap.strip(" 个件款种条笔张"))):
                continue
            for steps in ways(label, other.said):
                if len(steps) == 1 and steps[0].common:
                    said = frozenset(range(quantity.start, quantity.end)) | other.places
                    bound = Bound(asked=steps[0], bounds=quantity.bounds)
                    return bound, said | self._said(steps[0], None)
        return None

    def _unit_of(self, quantity: Quantity) -> Unit | None:
        inside = [
            hit
            for hit in self._q.hits
            if (hit.kind is Kind.UNIT and quantity.start <= hit.start < quantity.end + 2)
            or (
                hit.kind is Kind.UNIT
                and hit.phrase in "$¥￥"
                and hit.start in range(quantity.start - 1, quantity.end)
            )
        ]
        return max(inside, key=lambda hit: hit.end - hit.start).said if inside else None

    def _nearest(self, asked: Asked) -> frozenset[int]:
        near = [
            hit
            for hit in self._hits
            if hit.kind in {Kind.TERM, Kind.MOST, Kind.LEAST} and hit.said is asked
        ]
        if not near:
            return frozenset()
        return max(near, key=lambda hit: self._q.weight(hit.places)).places

    def _value_bounds(
        self, labels: Sequence[Label], asked: Asked | None, is_one: bool
    ) -> Iterator[tuple[Bound, frozenset[int], frozenset[int]]]:
        """Each named value, where it stands, and with what it is a value of. One of a property,
        or, where it holds a list, all that are said of it: "who speaks Chinese and English?".
        """
        taken: set[Asked | tuple[Asked, Value]] = set()
        hits = [hit for hit in self._hits if hit.kind is Kind.VALUE]
        for hit in sorted(hits, key=lambda one: -len(one.places)):
            term, value = hit.said
            denied = self._is_denied(hit)
            is_list = kind_of(term) is Stored.TEXTS and not _OR.search(self._q.folded)
            one = hit.said if is_list else term
            if term.holder not in labels or (one in taken and not denied):
                continue
            if not denied:
                taken.add(one)
            if is_one or term is asked:
                continue
            again = [one for one in hits if one.said == hit.said and not self._is_denied(one)]
            either = [] if denied or is_list else self._either(hit, hits)
            of = tuple(dict.fromkeys(one.said[1].value for one in either))
            is_one_of = len(of) > 1
            only = is_list and _ONLY.search(self._q.folded[: hit.start])
            yield (
                Bound(
                    asked=term,
                    bounds=(
                        (Comparison.ONE_OF, of) if is_one_of else (Comparison.EQUAL, value.value),
                    ),
                    alone=bool(only),
                ),
                hit.places,
                self._nearest(term).union(hit.places, *(one.places for one in (*again, *either))),
            )

    def _either(self, hit: Hit, hits: Iterable[Hit]) -> list[Hit]:
        """With the other values of the same property that stand beside it: "pending or paid"."""
        same = [one for one in hits if one.said[0] is hit.said[0] and not self._is_denied(one)]
        runs: list[list[Hit]] = []
        for one in sorted(outermost(same), key=lambda other: other.start):
            joined = runs and _AND.fullmatch(self._q.folded, runs[-1][-1].end, one.start)
            runs.append([*runs.pop(), one] if joined else [one])
        return next((run for run in runs if hit in run), [])

    def _true_bounds(
        self, labels: Sequence[Label], asked: Asked | None
    ) -> Iterator[tuple[Bound, frozenset[int], frozenset[int]]]:
        """What is said to be so by its name alone, "which is the triage department?", as
        ``_value_bounds`` gives named values.
        """
        for hit in self._hits:
            term = hit.said
            said = hit.kind is Kind.TERM and term.holder in labels and term is not asked
            if said and kind_of(term) is Stored.BOOLEAN:
                bound = Bound(asked=term, bounds=((Comparison.EQUAL, True),))
                yield bound, hit.places, hit.places

    def _lacked(
        self, labels: Sequence[Label], negated: Sequence[Hit]
    ) -> Iterator[tuple[Bound, frozenset[int], Hit]]:
        """What there is none of: "without a warranty", 没有保修."""
        for denied in negated:
            for hit in self._hits:
                lacks = (
                    hit.kind is Kind.TERM
                    and hit.said.type is None
                    and hit.said.holder in labels
                    and hit.said.unit
                    and kind_of(hit.said) in NUMERIC
                    and (
                        (
                            hit.start >= denied.end
                            and self._q.folded[denied.end : hit.start].strip() in _NO_MORE
                        )
                        # 一点保修都没有
                        or self._q.folded[hit.end : denied.start] in _NOT_EVEN
                    )
                )
                if lacks:
                    bound = Bound(asked=hit.said, bounds=((Comparison.EQUAL, 0.0),))
                    yield bound, hit.places | denied.places, denied
                    break

    def _is_denied(self, hit: Hit) -> bool:
        return self._denial(hit.places, self._not) is not None

    def _denial(self, said: frozenset[int], negated: Iterable[Hit]) -> Hit | None:
        """The "not" right before what is said of a value, or before what it is a value of: "does
        not speak Chinese".
        """
        terms = {at for one in self._hits if one.kind is Kind.TERM for at in one.places}
        last = max(said)
        for one in negated:
            after = [at for at in said if at >= one.end]
            if not after or min(after) - one.end > _DENIED_VALUE:
                continue
            if self._q.folded[one.end : min(after)].endswith("的") and self._verb_after(one):
                # 没下过单的金卡客户 denies no card.
                continue
            between = set(range(one.end, last)) & self._q.content - said
            if min(after) - one.end <= _DENIED_NEXT or between <= terms:
                return one
        return None

    def _verb_after(self, negated: Hit) -> Hit | None:
        """How nodes are related, said right after a "not"."""
        for hit in self._hits:
            related = hit.kind is Kind.TERM and hit.said.type and not hit.said.property
            if related and 0 <= hit.start - negated.end <= 1:
                return hit
        return None

    def _named_bounds(
        self, labels: Sequence[Label], taken: frozenset[int]
    ) -> Iterator[tuple[Bound, frozenset[int]]]:
        """Words beside what a text is called that has values of its own: "the overseas region"."""
        for hit in self._hits:
            asked = hit.said
            if hit.kind is not Kind.TERM or asked.holder not in labels or not is_open(asked):
                continue
            span = self._word_before(hit, taken) or self._word_after(hit, taken)
            if span:
                value = self._q.folded[span.start : span.stop]
                places = frozenset(span) | hit.places
                yield Bound(asked=asked, bounds=((Comparison.EQUAL, value),), folded=True), places
                return

    def _word_before(self, hit: Hit, taken: frozenset[int]) -> range | None:
        """What says something and stands right before ``hit``: a word, or up to four Han."""
        folded = self._q.folded
        end = len(folded[: hit.start].rstrip())
        found = _WORD_BEFORE.search(folded[:end])
        if found is None:
            return None
        span = range(found.start(), end)
        known = {at for one in self._hits for at in one.places} | taken | self._named
        said = {at for at in span if self._q.weights[at]}
        return span if said <= self._q.content - known else None

    def _word_after(self, hit: Hit, taken: frozenset[int]) -> range | None:
        """The word right after ``hit``: "the region east-china"."""
        found = _WORD_AFTER.match(self._q.folded, hit.end)
        if found is None:
            return None
        span = range(*found.span(1))
        known = {at for one in self._hits for at in one.places} | taken | self._named
        said = {at for at in span if self._q.weights[at]}
        return span if said <= self._q.content - known else None

    def _turned(
        self, negated: Sequence[Hit], leads: list[Lead], label: Label
    ) -> tuple[list[Lead], frozenset[int], float] | None:
        """The leads, those that are denied turned into what must not be; what says so; and what it
        costs.
        """
        denied: dict[Hit, Lead] = {}
        for hit in negated:
            walked = [one for one in leads if one.steps and self._follows(one, hit.end)]
            if walked:
                denied[hit] = min(walked, key=lambda one: _distance(one, hit.end))
        if negated[-1] in denied:
            chosen = {one.anchor for one in self._and_more(leads, denied.values())}
            turned = [replace(one, negated=one.anchor in chosen) for one in leads]
            return turned, frozenset().union(*(hit.places for hit in denied)), 0.0
        after = negated[-1].end
        if any(not one.steps or one.anchor is None for one in leads):
            return None
        for hit in self._classes:
            if hit.said is not label and not hit.places <= self._apposed and hit.start >= after:
                options = [self._led(None, steps) for steps in ways(hit.said, label)[:12]]
                found = [one for one in options if one]
                if found:
                    best = max(found, key=self._worth)
                    lead = replace(best.lead, negated=True)
                    places = best.places | hit.places | negated[-1].places
                    return [*leads, lead], places, best.cost
        return self._without_like(negated[-1], leads, label) or self._never(
            negated[-1], leads, label
        )

    def _never(
        self, negated: Hit, leads: Sequence[Lead], label: Label
    ) -> tuple[list[Lead], frozenset[int], float] | None:
        """What nodes have never done, 没下过单, by the verb right after it."""
        hit = self._verb_after(negated)
        if hit is None or hit.said.anchor is not label or hit.said.target is None:
            return None
        for way in ways(hit.said.target, label):
            if len(way) == 1 and way[0].type is hit.said.type:
                lead = Lead(anchor=None, steps=way, negated=True)
                return [*leads, lead], hit.places | negated.places, 0.0
        return None

    def _without_like(
        self, negated: Hit, leads: Sequence[Lead], label: Label
    ) -> tuple[list[Lead], frozenset[int], float] | None:
        """What there is none of among nodes of the same label: "no parent department"."""
        for hit in self._hits:
            related = hit.kind is Kind.TERM and hit.said.type and not hit.said.property
            if not related or hit.start < negated.end or hit.said.anchor is not label:
                continue
            for step in (way[0] for way in ways(label, label) if len(way) == 1):
                # The way back: from what would be above to what has nothing above it.
                if step.type is hit.said.type and step.inverse is not hit.said.inverse:
                    lead = Lead(anchor=None, steps=(step,), negated=True)
                    return [*leads, lead], hit.places | negated.places, 0.0
        return None

    def _and_more(self, leads: Iterable[Lead], denied: Iterable[Lead]) -> list[Lead]:
        """With those right behind them: "neither fridges nor kettles", 除了冰箱和空调."""
        found = list(denied)
        for one in sorted(leads, key=lambda lead: lead.anchor.start if lead.anchor else 0):
            ends = [lead.anchor.end for lead in found if lead.anchor]
            if one.anchor and any(
                _AND.fullmatch(self._q.folded, end, one.anchor.start) for end in ends
            ):
                found.append(one)
        return found

    def _follows(self, lead: Lead, after: int) -> bool:
        """Whether what is denied comes after the "not": the named node, or how it is related."""
        if lead.anchor and lead.anchor.start >= after:
            return True
        said = [at for step in lead.steps for at in self._said(step, lead.anchor)]
        return any(0 <= at - after <= _DENIED for at in said)


def _distance(lead: Lead, after: int) -> tuple[bool, int]:
    """How far from ``after`` the node of a lead is named; what stands behind it comes first."""
    if lead.anchor is None:
        return True, 0
    return lead.anchor.start < after, abs(lead.anchor.start - after)


def is_open(asked: Asked) -> bool:
    """Whether it is a text of a node that may be another than those that have names."""
    stored = stored_of(asked)
    return (
        stored is not None
        and asked.type is None
        and stored.kind is Stored.TEXT
        and (asked.open or not asked.values)
        and asked.unit is None
        and not stored.name.startswith(("name", "description", "number", "text", "tracking"))
    )


def measures(asked: Asked, quantity: Quantity, unit: Unit | None) -> bool:
    kind = kind_of(asked)
    if quantity.is_time:
        return kind is Stored.INSTANT
    if kind not in NUMERIC:
        return False
    return unit is None or fits(unit, asked.unit)


def visited(label: Label, leads: Sequence[Led]) -> list[Label]:
    found = [label]
    for led in leads:
        if led.lead.anchor is None:
            found.append(led.lead.label)
        found += [step.target for step in led.lead.steps if step.target]
    return list(dict.fromkeys(found))
