"""How named nodes lead to what is asked for, by the words that say so."""

import re
from dataclasses import dataclass

from graph.ontology import Asked
from graph.question.question import NUMBERED, Anchor, Question
from graph.question.reading import Lead, Output
from graph.question.view import View
from graph.question.way import Way, ways
from graph.question.words import Cue
from graph.schema import RELATIONSHIPS
from graph.vocabulary import GOODS, Label, RelationshipType

_WHICH_IT_IS = re.compile(
    r"[\s\"”’』」]*(?:到底|究竟|具体)?(?:是|指的?是?)(?:我们)?(?:的)?(?:哪一?[个家位款]?|什么)"
)
_DONE = re.compile(
    r"\b(?:worked|solved|handled|fixed|closed|dealt)\b|(?:处理|解决|办|接|修)过|经手"
)
STEP, _SUPPOSED, _FURTHER, _WEAK = 2.0, 1.0, 6.0, 3.0


@dataclass(frozen=True, slots=True)
class Led:
    lead: Lead
    places: frozenset[int]
    cost: float
    supposed: int


class Leading(View):
    """Chooses the way of each named node: it explains most and supposes least."""

    def __init__(self, question: Question, anchors: tuple[Anchor, ...]) -> None:
        super().__init__(question, anchors)
        self._ways: dict[tuple[Anchor, Label, RelationshipType | None], Led] = {}

    def _lead(
        self, anchor: Anchor, label: Label, output: Output, on: RelationshipType | None
    ) -> "Led | None":
        key = (anchor, label, on)
        if output is Output.WHETHER and anchor.label is label and self._is_first(anchor):
            return Led(Lead(anchor=anchor, steps=()), frozenset(), 0.0, 0)
        if (
            anchor.label is label
            and output in {Output.VALUE}
            and (on is None or len(self._anchors) > 1)
        ):
            return Led(Lead(anchor=anchor, steps=()), frozenset(), 0.0, 0)
        if output is Output.NAMES and anchor.label is label and (said := self._is_asked(anchor)):
            return Led(Lead(anchor=anchor, steps=()), said, 0.0, 0)
        if key not in self._ways:
            best = self._best_way(anchor, label, on)
            if best is None:
                return None
            self._ways[key] = best
        return self._ways[key]

    def _is_asked(self, anchor: Anchor) -> frozenset[int]:
        """What asks which node a name stands for: 发票组是哪个部门?"""
        found = _WHICH_IT_IS.match(self._q.folded, anchor.end)
        classes = (hit for hit in self._classes if hit.said is anchor.label)
        if found is None or not any(hit.start == found.end() for hit in classes):
            return frozenset()
        return frozenset(range(*found.span()))

    def _is_first(self, anchor: Anchor) -> bool:
        """Of those with its label: "is Logistics part of the Service Center" is asked of it."""
        return not any(
            one.label is anchor.label and one.start < anchor.start for one in self._anchors
        )

    def _best_way(self, anchor: Anchor, label: Label, on: RelationshipType | None) -> "Led | None":
        best: Led | None = None
        ends = _ends(on) if on else frozenset()
        for steps in ways(anchor.label, label):
            if on is not None and anchor.label in ends and not walks(steps, on):
                continue
            led = self._led(anchor, steps, on)
            if led and (best is None or self._worth(led) > self._worth(best)):
                best = led
        return best

    def _is_of_past_work(self, steps: Way) -> bool:
        """Whether it leads over tickets to who worked on them, and nobody speaks of those: who can
        do a thing is not who did it once.
        """
        over = len(steps) > 1 and any(step.type is RelationshipType.WORKED_BY for step in steps)
        return over and not (self._spoken(Label.TICKET) or _DONE.search(self._q.folded))

    def _worth(self, led: "Led") -> float:
        return self._q.weight(led.places) - led.cost

    def _led(
        self, anchor: Anchor | None, steps: Way, on: RelationshipType | None = None
    ) -> "Led | None":
        places: set[int] = set()
        cost, supposed = 0.0, 0
        if self._is_of_past_work(steps):
            return None
        for at, step in enumerate(steps):
            again = at > 0 and step.anchor is step.target
            if again:
                said = self._called(step) - places
            else:
                said = self._said(step, anchor if at == 0 else None)
            if not said and (again or not step.common):
                return None
            places |= said
            middle = frozenset[int]()
            if at < len(steps) - 1:
                middle = frozenset(
                    at
                    for hit in self._classes
                    # "Customer c-0010" says which one, and nothing of any way.
                    if hit.said is step.target
                    and not (hit.said in NUMBERED and hit.places <= self._apposed)
                    for at in hit.places
                )
                places |= middle
            cost += STEP
            if said and not said & self._q.content and len(steps) > 1:
                # "Who", or "in", says little of how it goes on.
                supposed += 1
                cost += _WEAK
            if not said:
                own = anchor is not None and anchor.own and at == 0
                known = bool(middle) or own or (at == 0 and _is_of_parts(step))
                known = known or (len(steps) == 1 and self._is_of_people(step))
                known = known or step.type is on or self._is_of_bought(steps)
                cost += _SUPPOSED + (_FURTHER if len(steps) > 1 and not known else 0.0)
                supposed += 0 if known else 1
        if anchor and anchor.own:
            places |= {at for hit in self._cues(Cue.OWN) for at in hit.places}
        return Led(Lead(anchor=anchor, steps=steps), frozenset(places), cost, supposed)

    def _is_of_bought(self, steps: Way) -> bool:
        """Whether goods lead to the orders of a customer who asks of theirs: "my dryer"."""
        own = any(one.own for one in self._anchors)
        return own and steps[-1].type is RelationshipType.CONTAINS and steps[0].anchor in GOODS

    def _is_of_people(self, step: Asked) -> bool:
        """Whether it leads to those who can do a thing, or those of them who work somewhere, where
        "who" is asked.
        """
        if not self._q.asks.who or step.target is not Label.AGENT:
            return False
        of_skill = any(one.label is Label.SKILL for one in self._anchors)
        return step.anchor is Label.SKILL or (of_skill and step.anchor is Label.DEPARTMENT)


def _is_of_parts(step: Asked) -> bool:
    """Whether it leads to what a node stands for: a category for its products."""
    return step.deep and not step.inverse and step.anchor is not step.target


def walks(steps: Way, type_: RelationshipType) -> bool:
    return any(step.type is type_ for step in steps)


def _ends(type_: RelationshipType) -> frozenset[Label]:
    found = RELATIONSHIPS[type_]
    return frozenset((*found.sources, *found.targets))
