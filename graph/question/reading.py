"""Ways to understand a question: what is asked of which nodes.

A reading names the label that is asked for, how each named node leads there, which bounds hold, and
what of it is told. Its score weighs the characters that it explains against what it leaves out and
what it has to suppose.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from graph.ontology import Asked, Unit, askable, units
from graph.question.quantity import Comparison
from graph.question.question import Anchor, Question
from graph.question.way import Way
from graph.schema import NODES, RELATIONSHIPS, Property
from graph.schema import Kind as Stored
from graph.vocabulary import Label

PEOPLE = (Label.AGENT, Label.CUSTOMER, Label.DEPARTMENT)
TIMES = frozenset({"month", "year"})
"""Units that tell how long something is."""
NUMERIC = frozenset({Stored.INTEGER, Stored.NUMBER})


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

    @property
    def label(self) -> Label:
        """Of what it begins with."""
        return self.anchor.label if self.anchor else self.steps[0].anchor

    @property
    def visited(self) -> frozenset[Label]:
        """The labels of all nodes on the way."""
        return frozenset({self.label, *(one.target for one in self.steps if one.target)})


@dataclass(frozen=True, kw_only=True, slots=True)
class Bound:
    """What a property has to be. Its owner is what is asked for, or a node or relationship on the
    way there: ``asked`` says whose it is; of several values it may be any (``ONE_OF``).
    ``folded``: the value is in small letters; ``alone``: a list holds nothing else.
    """

    asked: Asked
    bounds: tuple[tuple[Comparison, float | str | tuple[str, ...]], ...]
    negated: bool = False
    folded: bool = False
    alone: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Extreme:
    """The ones with the greatest, or least, value; ``count`` of them from ``place`` on. The value
    is of the nodes that ``along`` leads to, added up, where there is one: who has spent most.
    """

    asked: Asked
    greatest: bool
    along: Asked | None = None
    place: int = 0
    count: int = 1

    @property
    def counted(self) -> Asked | None:
        """What leads to the nodes that are counted, or whose values are added up."""
        return self.along or (None if self.asked.property else self.asked)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """One way to understand a question; ``explained`` are the characters that it accounts for.

    ``among`` are the ids of the only nodes asked about, where it goes on about some; ``expected``
    is what the value that is told is asked to be: "is the warranty 36 months?".
    """

    label: Label
    output: Output
    leads: tuple[Lead, ...]
    asked: Asked | None = None
    bounds: tuple[Bound, ...] = ()
    extreme: Extreme | None = None
    compared: tuple[Anchor, ...] = ()
    among: tuple[str, ...] = ()
    expected: Bound | None = None
    everything: bool = False
    score: float = 0.0
    supposed: int = 0
    explained: frozenset[int] = frozenset()

    @property
    def anchors(self) -> tuple[Anchor, ...]:
        """The named nodes that it uses."""
        return (*(one.anchor for one in self.leads if one.anchor), *self.compared)

    @property
    def main(self) -> Lead | None:
        """The way from a named node that is walked and told: one on which a value lies that is told
        or bounded; of equals the longest, then the first.
        """
        needed = [one.asked for one in self.bounds]
        needed += [self.asked] if self.asked else []
        needed += [self.extreme.asked] if self.extreme else []
        types = {one.type for one in needed if one.type}
        owners = {one.holder for one in needed} - {None, self.label}

        def worth(lead: Lead) -> tuple[int, int]:
            walked = len(types & {step.type for step in lead.steps})
            return walked + len(owners & lead.visited), len(lead.steps)

        able = (one for one in self.leads if one.steps and one.anchor and not one.negated)
        return max(able, key=worth, default=None)

    def counts_of(self, bound: Bound) -> bool:
        """Whether it says which nodes are counted, where the most of them are asked for."""
        counted = self.extreme.counted if self.extreme else None
        apart = counted is not None and bound.asked.holder is counted.target
        return apart and not self.way_of(bound)

    def way_of(self, bound: Bound) -> Lead | None:
        """The way on which what is bounded stands, where that is not what is asked for itself."""
        if bound.asked.type is not None or bound.asked.holder in {None, self.label}:
            return None
        ways = sorted(self.leads, key=lambda one: one is not self.main)
        return next((one for one in ways if bound.asked.holder in one.visited), None)

    @property
    def itself(self) -> Anchor | None:
        """The named node that is asked for itself."""
        return next((one.anchor for one in self.leads if one.anchor and not one.steps), None)


_SKILLED = re.compile("谁[^，,。？?]{0,3}(?:懂|会修|会)")


def tells_another_kind(reading: Reading, question: Question) -> bool:
    """Whether it is asked who, when, how long or how much, and the reading does not tell; or what
    no graph can.
    """
    asks, is_value = question.asks, reading.output is Output.VALUE
    if asks.untold or (asks.to_come and is_value):
        return True
    if asks.apart and reading.output is not Output.COMPARISON:
        return True
    if asks.how_long and is_value and not asks.how_much and reading.asked:
        spans = kind_of(reading.asked) is Stored.INSTANT or reading.asked.unit in TIMES
        if not spans and kind_of(reading.asked) in NUMERIC:
            return True
    if reading.output is Output.NAMES and (
        reading.label in asks.doers or (asks.how_much and reading.extreme is None)
    ):
        return True
    if asks.who and reading.label is Label.DEPARTMENT and _SKILLED.search(question.folded):
        # 谁懂水路 asks for no team.
        return True
    if asks.who and reading.output not in {Output.WHETHER, Output.COMPARISON}:
        return reading.label not in PEOPLE or (is_value and reading.extreme is None)
    if asks.when and not asks.to_come and reading.label is not Label.CALENDAR:
        told = reading.asked if is_value or reading.output is Output.COMPARISON else None
        timed = [told, *(bound.asked for bound in reading.bounds)]
        return not any(one and kind_of(one) is Stored.INSTANT for one in timed)
    return False


@cache
def stored_of(asked: Asked) -> Property | None:
    """What is stored of an asked property; nothing that is sealed or only finds."""
    if asked.property is None:
        return None
    owner = (
        NODES[asked.anchor].properties
        if asked.type is None
        else (RELATIONSHIPS[asked.type].properties)
    )
    return next(
        (
            one
            for one in owner
            if one.name == asked.property and not one.sealed and one.name != "id"
        ),
        None,
    )


def kind_of(asked: Asked) -> Stored | None:
    """How the values of an asked property are stored."""
    found = stored_of(asked)
    return found.kind if found else None


def tells_pieces(asked: Asked | None) -> bool:
    """Whether it is how many pieces there are: "how many … did the order contain?"."""
    return asked is not None and asked.property == "quantity" and in_pieces(asked)


def in_pieces(step: Asked) -> bool:
    """Whether it leads to so many pieces of each."""
    found = RELATIONSHIPS[step.type].properties if step.type else ()
    return any(one.name == "quantity" for one in found)


@cache
def dated(label: Label) -> Asked | None:
    """The instant that orders nodes of a label: the first that people have words for."""
    found = [one for one in askable() if one.holder is label and kind_of(one) is Stored.INSTANT]
    return next((one for one in found if one.common), None)


@cache
def unit_named(id_: str | None) -> Unit | None:
    """The unit with this id."""
    return next((one for one in units() if one.id == id_), None)


@cache
def measured() -> tuple[Label, ...]:
    """Labels whose nodes have a value in some unit."""
    return tuple(dict.fromkeys(one.holder for one in askable() if one.holder and one.unit))
