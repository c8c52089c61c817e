"""Ways to understand a question: what is asked of which nodes, the likeliest first.

A reading names the label that is asked for, how each named node leads there, which bounds hold, and
what of it is told. Its score weighs the characters that it explains against what it leaves out and
what it has to suppose.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, cached_property
from itertools import islice, product

from graph.ontology import Asked, Unit, Value, askable, units
from graph.question.lexicon import Hit, Kind, cue_hits
from graph.question.quantity import Comparison, Quantity, find_rank
from graph.question.question import Anchor, Question, beside
from graph.question.way import Way, ways
from graph.question.words import DETERMINERS, FOCUS_GAP, Cue
from graph.schema import NODES, RELATIONSHIPS, Kind as Stored, Property
from graph.text import has_han
from graph.vocabulary import Label, RelationshipType

_MOST_CHOICES = 24
_NUMERIC = frozenset({Stored.INTEGER, Stored.NUMBER})
_STEP, _SUPPOSED, _FURTHER = 2.0, 1.0, 6.0
_FOCUS = 6.0
_UNSAID = 5.0
_UNUSED = {"group": 14.0, "quantity": 20.0, "not": 25.0, "extreme": 15.0, "count": 12.0, "mean": 9.0}
_BESIDE_MOST = 2
_DENIED = 6
_OUT_OF_FOCUS = 10.0
_OWNED = frozenset({Label.ORDER, Label.TICKET})


class Output(StrEnum):
    """What is told of the nodes that are found."""

    NAMES = "names"
    VALUE = "value"
    COUNT = "count"
    SUM = "sum"
    MEAN = "mean"
    COMPARISON = "comparison"
    WHETHER = "whether"


@dataclass(frozen=True, kw_only=True, slots=True)
class Lead:
    """How a named node leads to what is asked for; ``steps`` are none where it is that itself.

    Without ``anchor`` any node of the way's first label will do. ``negated``: none may.
    """

    anchor: Anchor | None
    steps: Way
    negated: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Bound:
    """What a property has to be. Its owner is what is asked for, or a node or relationship on the
    way there: ``asked`` says whose it is.
    """

    asked: Asked
    bounds: tuple[tuple[Comparison, float | str], ...]
    negated: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Extreme:
    """The ones with the greatest, or least, value; ``count`` of them from ``place`` on."""

    asked: Asked
    greatest: bool
    place: int = 0
    count: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """One way to understand a question; ``explained`` are the characters that it accounts for."""

    label: Label
    output: Output
    leads: tuple[Lead, ...]
    asked: Asked | None = None
    bounds: tuple[Bound, ...] = ()
    extreme: Extreme | None = None
    compared: tuple[Anchor, ...] = ()
    everything: bool = False
    score: float = 0.0
    supposed: int = 0
    explained: frozenset[int] = frozenset()

    @property
    def anchors(self) -> tuple[Anchor, ...]:
        """The named nodes that it uses."""
        return (*(one.anchor for one in self.leads if one.anchor), *self.compared)

    @property
    def itself(self) -> Anchor | None:
        """The named node that is asked for itself."""
        return next((one.anchor for one in self.leads if one.anchor and not one.steps), None)


def readings(question: Question) -> list[Reading]:
    """All of them, the likeliest first; equal ones once."""
    found: dict[tuple[object, ...], Reading] = {}
    for chosen in _choices(question):
        for reading in _Reader(question, chosen).all():
            key = (
                reading.label, reading.output, reading.asked, reading.leads, reading.bounds,
                reading.extreme, reading.compared,
            )
            if key not in found or found[key].score < reading.score:
                found[key] = reading
    return sorted(found.values(), key=lambda one: -one.score)


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


@cache
def _terms_by_owner() -> dict[Label, tuple[Asked, ...]]:
    return {
        label: tuple(one for one in askable() if one.holder is label and _stored(one))
        for label in NODES
    }


@cache
def _stored(asked: Asked) -> Property | None:
    """What is stored of an asked property; nothing that is sealed or only finds."""
    if asked.property is None:
        return None
    owner = NODES[asked.anchor].properties if asked.type is None else (
        RELATIONSHIPS[asked.type].properties
    )
    return next(
        (one for one in owner if one.name == asked.property and not one.sealed and one.name != "id"),
        None,
    )


def kind_of(asked: Asked) -> Stored | None:
    """How the values of an asked property are stored."""
    found = _stored(asked)
    return found.kind if found else None


class _Reader:
    """Readings with one choice of what the mentions stand for."""

    def __init__(self, question: Question, anchors: tuple[Anchor, ...]) -> None:
        self._q = question
        self._anchors = anchors
        spans = [(one.start, one.end) for one in anchors if not one.own]
        self._hits = [
            hit
            for hit in question.hits
            if not any(hit.start < end and start < hit.end and hit.places & set(range(start, end))
                       for start, end in spans)
        ]
        how = frozenset(at for hit in cue_hits(self._hits, Cue.HOW) for at in hit.places)
        self._hits = [
            hit for hit in self._hits
            if not (hit.kind is Kind.TERM and not hit.said.property and hit.places <= how)
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
            if not one.own and hit.said is one.label
            and beside(hit, one.start, one.end, question.folded)
            for at in hit.places
        )
        self._named = frozenset(at for start, end in spans for at in range(start, end))
        self._by_type: dict[RelationshipType, list[Hit]] = {}
        for hit in self._hits:
            if hit.kind is Kind.TERM and hit.said.type and not hit.said.property:
                self._by_type.setdefault(hit.said.type, []).append(hit)
        self._classes = [hit for hit in self._hits if hit.kind is Kind.CLASS]
        self._plain_words = frozenset(
            at for hit in self._hits if hit.kind is Kind.CLASS or (
                hit.kind is Kind.CUE and hit.said in {Cue.WHICH, Cue.COUNT})
            for at in hit.places
        )
        """What says of what kind something is says not how it is related."""
        self._not = self._cues(Cue.NOT)
        self._count = [hit for hit in self._cues(Cue.COUNT) if self._counts(hit)]
        self._ways: dict[tuple[Anchor | None, Label, Label, RelationshipType | None], _Led] = {}

    def _counts(self, hit: Hit) -> bool:
        """多少 alone may ask for a value: it counts what is named right after it."""
        if hit.phrase not in {"多少", "几"}:
            return True
        return any(0 <= one.start - hit.end <= 1 for one in self._classes)

    def all(self) -> Iterator[Reading]:
        yield from self._compared()
        for label, output, asked, places, bonus in self._outputs():
            yield from self._read(label, output, asked, places, bonus)

    # What is asked for

    def _outputs(
        self,
    ) -> Iterator[tuple[Label, Output, Asked | None, frozenset[int], float]]:
        counting = frozenset(at for hit in self._count for at in hit.places)
        for label, places, bonus in self._labels():
            yield label, Output.NAMES, None, places, bonus
            if counting:
                yield label, Output.COUNT, None, places | counting, bonus + 2
        for hit in self._hits:
            if hit.kind is Kind.TERM and hit.said.property and _stored(hit.said):
                yield from self._values(hit)
        whether = [
            hit for hit in self._cues(Cue.WHETHER) if hit.start == 0 or has_han(hit.phrase)
        ]
        if whether and not self._cues(Cue.HOW) and len(self._anchors) == 2 and not self._cues(Cue.WHICH):  # noqa: PLR2004
            said = frozenset(at for hit in whether for at in hit.places)
            for one in self._anchors:
                yield one.label, Output.WHETHER, None, said, 2.0

    def _labels(self) -> Iterator[tuple[Label, frozenset[int], float]]:
        seen: dict[Label, tuple[frozenset[int], float]] = {}

        def offer(label: Label, places: frozenset[int], bonus: float) -> None:
            known = seen.get(label)
            worth = self._q.weight(places) + bonus
            if known is None or worth > self._q.weight(known[0]) + known[1]:
                seen[label] = (places, bonus)

        for hit in self._classes:
            if not (hit.places & self._apposed) and not self._is_verb(hit):
                offer(hit.said, hit.places, self._focus(hit))
        labels = {one.label for one in self._anchors}
        for hit in self._hits:
            if hit.kind is Kind.TERM and hit.said.type and not hit.said.property:
                if hit.said.anchor in labels and not self._is_verb_for(hit):
                    offer(hit.said.target, hit.places, 0.0 if self._noun(hit) else -2.0)
                elif (
                    not hit.said.inverse and not self._classes_asked and labels
                    and not self._is_verb_for(hit)
                ):
                    offer(hit.said.target, hit.places, -3.0)
            elif hit.kind in {Kind.MOST, Kind.LEAST} and hit.said.holder:
                offer(hit.said.holder, hit.places, -2.0)
            elif hit.kind is Kind.MOST or hit.kind is Kind.LEAST:
                offer(hit.said.target, hit.places, -2.0)
            elif hit.kind is Kind.TERM and hit.said.holder in _OWNED and any(
                one.own for one in self._anchors
            ):
                offer(hit.said.holder, hit.places, -1.0)
            elif hit.kind is Kind.VALUE and hit.said[0].holder:
                offer(hit.said[0].holder, frozenset(), -4.0)
        if any(not one.bare for one in self._quantities):
            for label in (Label.PRODUCT, Label.ORDER):
                offer(label, frozenset(), -_UNSAID)
        for label, (places, bonus) in seen.items():
            yield label, places, bonus

    @cached_property
    def _focused(self) -> set[Label]:
        """What stands right after "which": that is asked for, and nothing else."""
        return {
            hit.said
            for cue in self._cues(Cue.WHICH)
            for hit in self._classes_asked
            if cue.places & hit.places or 0 <= hit.start - cue.end <= 1
        }

    @cached_property
    def _classes_asked(self) -> list[Hit]:
        return [
            hit for hit in self._classes
            if not hit.places & self._apposed and not self._is_verb(hit)
        ]

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
        """Whether the question asks for this class: "which …", 哪些…, …有哪些."""
        folded = self._q.folded
        for cue in (*self._cues(Cue.WHICH), *self._count):
            if cue.start <= hit.start <= cue.end or cue.places & hit.places:
                return _FOCUS
            between = folded[cue.end : hit.start]
            if hit.start >= cue.end and not self._ends(between):
                words = len(between.split()) if not has_han(between) else len(between)
                if words <= FOCUS_GAP:
                    return _FOCUS
        after = folded[hit.end : hit.end + 5].lstrip("都呢 是")
        return _FOCUS if after.startswith(("有哪", "哪", "有几", "有多少", "什么", "有什么")) else 0.0

    def _ends(self, text: str) -> bool:
        return any(char in text for char in ",，。.;；?？") or any(
            hit.places and self._q.folded[hit.start : hit.end] in text for hit in ()
        )

    def _is_verb(self, hit: Hit) -> bool:
        """"What did they order?": no order is asked for; nor where it "was ordered"."""
        word = self._q.folded[hit.start : hit.end]
        if has_han(word) or " " in word:
            return False
        if word.endswith(("ed", "ing")):
            return True
        before = self._q.folded[: hit.start].split()
        said = {"did", "does", "do", "has", "have"} & set(before)
        return bool(said and before and before[-1] not in DETERMINERS and not word.endswith("s"))

    def _values(self, hit: Hit) -> Iterator[tuple[Label, Output, Asked, frozenset[int], float]]:
        asked: Asked = hit.said
        label = asked.holder or asked.target
        if label is None:
            return
        places = self._units(asked, hit).union(
            *(one.places for one in self._hits if one.kind is Kind.TERM and one.said is asked)
        )
        anchored = any(one.label is label or (one.own and label in _OWNED) for one in self._anchors)
        bonus = 0.0 if anchored else -4.0
        if asked.type is not None:
            bonus += 3.0 if {asked.anchor, asked.target} <= {a.label for a in self._anchors} else -8.0
        yield label, Output.VALUE, asked, places, bonus
        if kind_of(asked) in _NUMERIC:
            for cue, output in ((Cue.SUM, Output.SUM), (Cue.MEAN, Output.MEAN)):
                if found := self._cues(cue):
                    said = frozenset(at for one in found for at in one.places)
                    own = [one for one in self._anchors if one.label is label]
                    bonus = -12.0 if own else -3.0 if asked.type else 2.0
                    yield label, output, asked, places | said, bonus

    def _units(self, asked: Asked, hit: Hit) -> frozenset[int]:
        """Units in which the value is asked for, with their "how many"."""
        found = [
            one for one in self._hits if one.kind is Kind.UNIT and _fits(one.said, asked.unit)
            and not one.places & self._in_numbers
        ]
        said = frozenset(at for one in found for at in one.places)
        if said or asked.unit:
            near = [one for one in self._count if any(
                0 <= unit.start - one.end <= 1 or unit.places & one.places for unit in found)]
            said |= frozenset(at for one in near for at in one.places)
        return said

    # Readings

    def _read(
        self, label: Label, output: Output, asked: Asked | None, places: frozenset[int],
        bonus: float,
    ) -> Iterator[Reading]:
        on = asked.type if asked else None
        leads: list[_Led] = []
        for anchor in self._anchors:
            led = self._lead(anchor, label, output, on)
            if led is None:
                return
            leads.append(led)
        explained = places | self._named | self._apposed | frozenset(
            at for hit in self._classes if hit.said is label for at in hit.places
        )
        cost = -bonus
        for led in leads:
            explained |= led.places
            cost += led.cost
        if output in {Output.NAMES, Output.COUNT} and self._focused - {label}:
            cost += _OUT_OF_FOCUS
        if output is Output.WHETHER and sum(bool(led.lead.steps) for led in leads) != 1:
            return
        if asked and asked.type and not any(_walks(led.lead.steps, asked.type) for led in leads):
            return
        for extreme, said, price in self._extremes(label, leads, output):
            reading = self._bounded(label, output, asked, leads, explained | said, cost + price,
                                    extreme)
            if reading:
                yield reading

    def _bounded(
        self, label: Label, output: Output, asked: Asked | None, leads: Sequence["_Led"],
        explained: frozenset[int], cost: float, extreme: Extreme | None,
    ) -> Reading | None:
        bounds: list[Bound] = []
        labels = _visited(label, leads)
        types = {led.lead.steps[-1].type for led in leads if len(led.lead.steps) == 1}
        is_one = any(not led.lead.steps for led in leads) and output is not Output.NAMES
        for quantity in self._quantities:
            found = None if is_one and quantity.bare else self._bound(
                quantity, label, labels, types, explained)
            if found is None:
                if not quantity.bare:
                    cost += _UNUSED["quantity"]
                continue
            bound, said = found
            bounds.append(bound)
            explained |= said
        negated = [hit for hit in self._not if not hit.places & explained]
        used_not: set[Hit] = set()
        for bound, said in self._value_bounds(label, labels, asked, is_one):
            near = next((one for one in negated if 0 <= min(said) - one.end <= 4), None)
            if near:
                used_not.add(near)
            bounds.append(replace(bound, negated=near is not None))
            explained |= said
        parts = [led.lead for led in leads]
        if negated and not used_not and not extreme:
            turned = self._turned(negated, parts, label, explained)
            if turned is None:
                cost += _UNUSED["not"]
            else:
                parts, said, price = turned
                explained |= said | negated[-1].places
                cost += price
        for hit in used_not:
            explained |= hit.places
        if self._count and output is not Output.COUNT and not all(
            hit.places <= explained for hit in self._count
        ) and not any(hit.places & explained for hit in self._count):
            cost += _UNUSED["count"]
        cost += self._left_out(output, extreme)
        reading = Reading(
            label=label, output=output, asked=asked, leads=tuple(parts), bounds=tuple(bounds),
            extreme=extreme,
        )
        return self._settled(reading, explained, cost, sum(led.supposed for led in leads))

    def _settled(
        self, reading: Reading, explained: frozenset[int], cost: float, supposed: int
    ) -> Reading | None:
        """With its score; ``None`` where nothing narrows it down and nothing asks for all."""
        asked_all = self._cues(Cue.ALL) or self._count
        holds = reading.leads or reading.bounds or reading.extreme
        if reading.label in _OWNED and not reading.leads and self._cues(Cue.OWN):
            return None
        if not holds:
            if not asked_all or reading.output not in {Output.NAMES, Output.COUNT, Output.SUM,
                                                       Output.MEAN}:
                return None
            explained |= frozenset(at for hit in self._cues(Cue.ALL) for at in hit.places)
        whole = frozenset(
            at for hit in self._hits if hit.kind is Kind.CUE for at in hit.places
            if hit.said in {Cue.WHICH, Cue.ALL, Cue.WHETHER, Cue.OWN}
        )
        whole_words = explained | whole
        score = self._q.weight(explained) - cost - sum(
            self._ignored(group[0], whole_words) for group in self._q.groups
        )
        return replace(
            reading, score=score, supposed=supposed, explained=explained | whole,
            everything=not holds,
        )

    def _ignored(self, one: Anchor, explained: frozenset[int]) -> float:
        """What it costs not to take words for a name, but for what the reading makes of them."""
        if one.own or any((a.start, a.end) == (one.start, one.end) for a in self._anchors):
            return 0.0
        span = range(one.start, one.end)
        said = self._q.weight(span) or 1
        rest = self._q.weight(set(span) - explained)
        return _UNUSED["group"] * rest / said + (2.0 if rest else 0.5)

    # Ways

    def _lead(
        self, anchor: Anchor, label: Label, output: Output, on: RelationshipType | None
    ) -> "_Led | None":
        key = (anchor, label, anchor.label, on)
        if output is Output.WHETHER and anchor.label is label:
            return _Led(Lead(anchor=anchor, steps=()), frozenset(), 0.0, 0)
        if anchor.label is label and output in {Output.VALUE} and (
            on is None or len(self._anchors) > 1
        ):
            return _Led(Lead(anchor=anchor, steps=()), frozenset(), 0.0, 0)
        if key not in self._ways:
            best = self._best_way(anchor, label, on)
            if best is None:
                return None
            self._ways[key] = best
        return self._ways[key]

    def _best_way(
        self, anchor: Anchor, label: Label, on: RelationshipType | None
    ) -> "_Led | None":
        best: _Led | None = None
        for steps in ways(anchor.label, label):
            if on is not None and not _walks(steps, on):
                continue
            led = self._led(anchor, steps)
            if led and (best is None or self._worth(led) > self._worth(best)):
                best = led
        return best

    def _worth(self, led: "_Led") -> float:
        return self._q.weight(led.places) - led.cost

    def _led(self, anchor: Anchor | None, steps: Way) -> "_Led | None":
        places: set[int] = set()
        cost, supposed = 0.0, 0
        for at, step in enumerate(steps):
            said = self._said(step, anchor if at == 0 else None)
            if not said and not step.common:
                return None
            places |= said
            middle = frozenset[int]()
            if at < len(steps) - 1:
                middle = frozenset(
                    at for hit in self._classes if hit.said is step.target for at in hit.places
                )
                places |= middle
            cost += _STEP
            if not said:
                known = bool(middle) or (anchor is not None and anchor.own and at == 0)
                cost += _SUPPOSED + (_FURTHER if len(steps) > 1 and not known else 0.0)
                supposed += 0 if known else 1
        if anchor and anchor.own:
            places |= {at for hit in self._cues(Cue.OWN) for at in hit.places}
        return _Led(Lead(anchor=anchor, steps=steps), frozenset(places), cost, supposed)

    def _said(self, step: Asked, anchor: Anchor | None) -> frozenset[int]:
        """The characters that name a step; of one between equals, those that name its direction."""
        hits = self._by_type.get(step.type, ()) if step.type else ()
        ends = {step.anchor, step.target}
        found: set[int] = set()
        for hit in hits:
            said: Asked = hit.said
            if {said.anchor, said.target} != ends or hit.places <= self._plain_words:
                continue
            if step.anchor is step.target and anchor:
                is_verb = hit.phrase in said.verbs
                up = not said.inverse
                if is_verb and not anchor.own:
                    up = anchor.start < hit.start
                if up is step.inverse:
                    continue
            found |= hit.places
        return frozenset(found)

    # Bounds

    def _bound(
        self, quantity: Quantity, label: Label, labels: Sequence[Label],
        types: Iterable[RelationshipType | None], explained: frozenset[int],
    ) -> tuple[Bound, frozenset[int]] | None:
        span = frozenset(range(quantity.start, quantity.end))
        unit = self._unit_of(quantity)
        if quantity.bare and (unit is None or span & explained):
            return None
        candidates = [
            one
            for one in askable()
            if one.property and (one.holder in labels or (one.type in types and one.type))
            and _stored(one) and _measures(one, quantity, unit)
        ]
        best: tuple[float, Asked, frozenset[int]] | None = None
        for one in candidates:
            said = self._nearest(one, quantity)
            worth = float(self._q.weight(said)) + (2.0 if one.unit else 0.0)
            worth += 3.0 if one.holder is label else 0.0
            worth += 4.0 if one.type in types and one.type else 0.0
            if quantity.is_time and not said and one.holder is label:
                worth += 1.0
            if not said and not one.unit and not quantity.is_time:
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

    def _counted_bound(
        self, quantity: Quantity, label: Label
    ) -> tuple[Bound, frozenset[int]] | None:
        """"With more than 3 items", 超过三件商品: how many nodes of another label there are."""
        if quantity.is_time or quantity.bare:
            return None
        for other in self._classes:
            gap = self._q.folded[quantity.end : other.start]
            if other.said is label or not (0 <= other.start - quantity.end <= _BESIDE_MOST) or (
                gap.strip(" 个件款种条笔张")
            ):
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
            if hit.kind is Kind.UNIT and quantity.start <= hit.start < quantity.end + 2
            or hit.kind is Kind.UNIT and hit.phrase in "$¥￥" and hit.start in range(
                quantity.start - 1, quantity.end)
        ]
        return max(inside, key=lambda hit: hit.end - hit.start).said if inside else None

    def _nearest(self, asked: Asked, quantity: Quantity) -> frozenset[int]:
        near = [
            hit
            for hit in self._hits
            if hit.kind in {Kind.TERM, Kind.MOST, Kind.LEAST} and hit.said is asked
        ]
        if not near:
            return frozenset()
        return max(near, key=lambda hit: self._q.weight(hit.places)).places

    def _value_bounds(
        self, label: Label, labels: Sequence[Label], asked: Asked | None, is_one: bool
    ) -> Iterator[tuple[Bound, frozenset[int]]]:
        taken: set[Asked] = set()
        hits = [hit for hit in self._hits if hit.kind is Kind.VALUE]
        for hit in sorted(hits, key=lambda one: -len(one.places)):
            term, value = hit.said
            if term in taken or term.holder not in labels:
                continue
            taken.add(term)
            if is_one or term is asked:
                continue
            assert_value: Value = value
            yield Bound(asked=term, bounds=((Comparison.EQUAL, assert_value.value),)), hit.places

    def _turned(
        self, negated: Sequence[Hit], leads: list[Lead], label: Label, explained: frozenset[int]
    ) -> tuple[list[Lead], frozenset[int], float] | None:
        """The leads, one of them turned into what must not be."""
        after = negated[-1].end
        walked = [one for one in leads if one.steps and self._follows(one, after)]
        if walked:
            chosen = min(
                walked,
                key=lambda one: (one.anchor.start < after, abs(one.anchor.start - after))
                if one.anchor else (True, 0),
            )
            turned = [replace(one, negated=one is chosen) for one in leads]
            return turned, frozenset(), 0.0
        if any(not one.steps or one.anchor is None for one in leads):
            return None
        for hit in self._classes:
            if hit.said is not label and not hit.places <= self._apposed and hit.start >= after:
                options = [self._led(None, steps) for steps in ways(hit.said, label)[:12]]
                found = [one for one in options if one]
                if found:
                    best = max(found, key=self._worth)
                    lead = replace(best.lead, negated=True)
                    return [*leads, lead], best.places | hit.places, best.cost
        return None

    def _follows(self, lead: Lead, after: int) -> bool:
        """Whether what is denied comes after the "not": the named node, or how it is related."""
        if lead.anchor and lead.anchor.start >= after:
            return True
        said = [at for step in lead.steps for at in self._said(step, lead.anchor)]
        return any(0 <= at - after <= _DENIED for at in said)

    # Extremes

    def _extremes(
        self, label: Label, leads: Sequence["_Led"], output: Output
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
        """"Second most expensive", top 3, 最贵的三个."""
        found = find_rank(self._q.folded)
        if found is None:
            return extreme, places, cost
        place, count, start, end = found
        return replace(extreme, place=place, count=count), places | set(range(start, end)), cost

    def _extreme_hits(
        self, label: Label, leads: Sequence["_Led"]
    ) -> Iterator[tuple[Extreme, frozenset[int], float]]:
        types = {step.type for led in leads for step in led.lead.steps}
        for hit in self._hits:
            if hit.places & self._in_numbers:
                continue
            if hit.kind in {Kind.MOST, Kind.LEAST}:
                if hit.said.holder is label or (hit.said.type in types and hit.said.target is label):
                    inner = -1.0 if hit.said.type and _walks_one(leads, hit.said.type) else 0.0
                    yield Extreme(asked=hit.said, greatest=hit.kind is Kind.MOST), hit.places, inner
            elif hit.kind is Kind.CUE and hit.said in {Cue.NEWEST, Cue.OLDEST}:
                if newest := dated(label):
                    yield Extreme(asked=newest, greatest=hit.said is Cue.NEWEST), hit.places, 0.0
            elif hit.kind is Kind.CUE and hit.said in {Cue.MOST, Cue.LEAST}:
                yield from self._degrees(label, hit)
                for term in self._hits:
                    own = term.kind is Kind.TERM and (
                        term.said.holder is label
                        or (term.said.type in types and term.said.target is label)
                    )
                    if own and kind_of(term.said) in {*_NUMERIC, Stored.INSTANT}:
                        places = hit.places | term.places
                        yield Extreme(asked=term.said, greatest=hit.said is Cue.MOST), places, 0.0

    def _degrees(
        self, label: Label, hit: Hit
    ) -> Iterator[tuple[Extreme, frozenset[int], float]]:
        """"The most issues", 订单最多: by how many nodes of another label there are."""
        if hit.phrase not in {"most", "fewest", "least", "more", "fewer", "最多", "最少", "更多", "更少"}:
            return
        for other in self._classes:
            near = min(abs(other.start - hit.end), abs(hit.start - other.end))
            if other.said is label or near > _BESIDE_MOST:
                continue
            options = [one for one in ways(label, other.said) if len(one) == 1 and one[0].common]
            for (step,) in options:
                said = self._said(step, None)
                places = hit.places | other.places | said
                extreme = Extreme(asked=step, greatest=hit.said is Cue.MOST)
                yield extreme, places, 0.0 if said else 1.0
        for term in self._hits:
            if term.kind is Kind.TERM and term.said.type and not term.said.property and (
                term.said.anchor is label and term.said.common
                and 0 <= hit.start - term.end <= _BESIDE_MOST
            ):
                extreme = Extreme(asked=term.said, greatest=hit.said is Cue.MOST)
                yield extreme, hit.places | term.places, 1.0

    def _left_out(self, output: Output, extreme: Extreme | None) -> float:
        cost = 0.0
        said = [
            hit for hit in self._hits
            if (hit.kind in {Kind.MOST, Kind.LEAST} and "est" in hit.phrase + "est" * has_han(hit.phrase)
                and ("最" in hit.phrase or "most" in hit.phrase or hit.phrase.endswith("est")))
            or (hit.kind is Kind.CUE and hit.said in {Cue.NEWEST, Cue.OLDEST})
            or (hit.kind is Kind.CUE and hit.said in {Cue.MOST, Cue.LEAST}
                and (hit.phrase.endswith("est") or hit.phrase == "most" or "最" in hit.phrase))
        ]
        said = [hit for hit in said if not hit.places & self._in_numbers]
        if said and extreme is None and output is not Output.COMPARISON:
            cost += _UNUSED["extreme"]
        if self._cues(Cue.MEAN) and output is not Output.MEAN:
            cost += _UNUSED["mean"]
        return cost

    # Comparisons

    def _compared(self) -> Iterator[Reading]:
        labels = {one.label for one in self._anchors if not one.own}
        if len(self._anchors) < 2 or len(labels) != 1:
            return
        (label,) = labels
        cues = [
            hit for hit in self._hits
            if hit.kind is Kind.CUE and hit.said in {Cue.COMPARED, Cue.MOST, Cue.LEAST, Cue.WHICH,
                                                     Cue.NEWEST, Cue.OLDEST}
        ]
        said = frozenset(at for hit in cues for at in hit.places)
        for asked, places, extreme in self._compared_by(label):
            explained = places | said | self._named | self._apposed
            reading = Reading(
                label=label, output=Output.COMPARISON, leads=(), asked=asked, extreme=extreme,
                compared=self._anchors,
            )
            settled = self._settled(replace(reading, leads=()), explained, -4.0, 0) if (
                reading.extreme) else self._plain(reading, explained)
            if settled:
                yield settled

    def _plain(self, reading: Reading, explained: frozenset[int]) -> Reading:
        score = self._q.weight(explained) + 2.0
        return replace(reading, score=score, explained=explained)

    def _compared_by(
        self, label: Label
    ) -> Iterator[tuple[Asked, frozenset[int], Extreme | None]]:
        least = self._cues(Cue.LEAST)
        most = self._cues(Cue.MOST)
        for hit in self._hits:
            if hit.kind in {Kind.MOST, Kind.LEAST} and hit.said.holder is label:
                yield hit.said, hit.places, Extreme(
                    asked=hit.said, greatest=hit.kind is Kind.MOST)
            elif hit.kind is Kind.TERM and hit.said.holder is label and _stored(hit.said):
                measured = kind_of(hit.said) in {*_NUMERIC, Stored.INSTANT}
                extreme = Extreme(asked=hit.said, greatest=not (least and not most)) if (
                    measured and (least or most)) else None
                yield hit.said, hit.places, extreme

    def _cues(self, cue: Cue) -> list[Hit]:
        return [hit for hit in cue_hits(self._hits, cue) if not hit.places & self._in_numbers]


@dataclass(frozen=True, slots=True)
class _Led:
    lead: Lead
    places: frozenset[int]
    cost: float
    supposed: int


def _walks_one(leads: Sequence[_Led], type_: RelationshipType) -> bool:
    """Whether a named node is one step away along ``type_``: its own values are meant."""
    return any(len(led.lead.steps) == 1 and led.lead.steps[0].type is type_ for led in leads)


def _walks(steps: Way, type_: RelationshipType) -> bool:
    return any(step.type is type_ for step in steps)


def _visited(label: Label, leads: Sequence[_Led]) -> list[Label]:
    found = [label]
    for led in leads:
        found += [step.target for step in led.lead.steps if step.target]
    return list(dict.fromkeys(found))


def _measures(asked: Asked, quantity: Quantity, unit: Unit | None) -> bool:
    kind = kind_of(asked)
    if quantity.is_time:
        return kind is Stored.INSTANT
    if kind not in _NUMERIC:
        return False
    return unit is None or _fits(unit, asked.unit)


def _fits(unit: Unit, wanted: str | None) -> bool:
    return wanted is not None and wanted in {unit.id, unit.of}


@cache
def dated(label: Label) -> Asked | None:
    """The instant that orders nodes of a label: the first that people have words for."""
    found = [one for one in _terms_by_owner().get(label, ()) if kind_of(one) is Stored.INSTANT]
    return next((one for one in found if one.common), None)


@cache
def unit_named(id_: str | None) -> Unit | None:
    """The unit with this id."""
    return next((one for one in units() if one.id == id_), None)
