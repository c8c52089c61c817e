"""What was said before, as far as the next question may lean on it."""

from collections.abc import Callable, Collection, Iterator, Sequence, Set
from dataclasses import dataclass, replace

from graph.model import About, Among, Answer
from graph.vocabulary import GOODS, Label

MOST_TURNS = 6
_MEANT = 4
"""Of more than these "it" is none."""
_KEPT = 200
_SHORT = 60
_NAMED, _OFFERED = 3, 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """A node that was spoken of, and by which words."""

    label: Label
    id: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """One question, made whole, and what was said to it. ``start`` and ``end`` are where it names
    ``about``; ``found`` are the first nodes of the answer, ``listed`` all of several of one label;
    ``asks_back``: which of several was meant; ``compares``: two or more of them; ``told`` is how
    many were told of, where that is a list or a count; ``within``: it was asked of what was listed
    before; ``also`` are the other nodes that it names.
    """

    question: str
    answer: str
    about: Named | None = None
    start: int = 0
    end: int = 0
    found: tuple[Named, ...] = ()
    listed: Among | None = None
    asks_back: bool = False
    compares: bool = False
    told: int = 0
    within: bool = False
    also: tuple[Named, ...] = ()

    @property
    def depends_on_goods(self) -> bool:
        """Whether it was asked back what something is done to."""
        about = self.about.label if self.about else None
        return (
            self.asks_back
            and about not in GOODS
            and {one.label for one in self.found} <= set(GOODS)
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Conversation:
    """The last turns, oldest first."""

    turns: tuple[Turn, ...] = ()

    def followed_by(self, turn: Turn) -> "Conversation":
        """With one more turn; the oldest are forgotten, and long lists but for the last."""
        kept = map(_without_long, self.turns) if turn.listed else self.turns
        return Conversation(turns=(*kept, turn)[-MOST_TURNS:])

    @property
    def goods(self) -> tuple[tuple[Label, str], ...]:
        """The products that were spoken of, by their ids."""
        named = (one for turn in self.turns for one in (turn.about, *turn.found) if one)
        return tuple({(one.label, one.id): None for one in named if one.label is Label.PRODUCT})

    @property
    def text(self) -> str:
        """All of it, as a person reads it who takes over."""
        return "\n".join(f"> {turn.question}\n{turn.answer}" for turn in self.turns)


def _without_long(turn: Turn) -> Turn:
    is_long = turn.listed is not None and len(turn.listed.ids) > _SHORT
    return replace(turn, listed=None) if is_long else turn


Near = Callable[[str, Named], str | None]
"""The name of the node, like one spoken of before, that some words most likely stand for."""
Labels = Callable[[str], Set[Label]]
"""The labels of what some words name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowUp:
    """A question that may leave something to the ``turns`` before it, of which there are some.
    ``folded`` is the same text; ``near``, ``named`` and ``regions`` know the names of the graph.
    """

    question: str
    folded: str
    turns: tuple[Turn, ...]
    near: Near
    named: Labels
    regions: Sequence[str] = ()

    @property
    def last(self) -> Turn:
        """What it follows."""
        return self.turns[-1]


def meant_of(
    labels: Collection[Label], turns: Sequence[Turn], *, one: bool = False
) -> Named | None:
    """What was last spoken of: the node asked about, or what was found, if the question fits it;
    where ``one`` is meant none of many that were listed.
    """
    for turn in reversed(turns):
        found = [other for other in turn.found if not labels or other.label in labels]
        if one and turn.listed and turn.told > _MEANT:
            found = [other for other in found if other.label is not turn.listed.label]
        if turn.about and found and _is_one_of(turn):
            return found[0]
        if turn.about and (not labels or turn.about.label in labels):
            # Of several of a kind, the one that the answer chose.
            chosen = found and (found[0].label is turn.about.label and found[0].id != turn.about.id)
            return found[0] if chosen else turn.about
        if found:
            return found[0]
        if also := [other for other in turn.also if labels and other.label in labels]:
            return also[0]
    return None


def _offered(answer: Answer) -> Among | None:
    """Those of which it was asked which one is meant: "the cheaper one"."""
    labels = {one.label for one in answer.citations if not one.starts}
    ids = tuple(dict.fromkeys(one.id for one in answer.citations if not one.starts))
    if answer.kind != "choice" or len(labels) != 1 or len(ids) < 2:
        return None
    return Among(label=labels.pop(), ids=ids)


def _as_named(about: About, question: str) -> Named:
    return Named(label=about.label, id=about.id, text=question[about.start : about.end])


def _found(answer: Answer) -> Iterator[Named]:
    """What was told of first, and what that was found by."""
    kept = _OFFERED if answer.kind == "choice" else _NAMED
    for at, one in enumerate(answer.citations):
        if one.name and (at < kept or one.starts):
            yield Named(label=one.label, id=one.id, text=one.name)


def _is_one_of(turn: Turn) -> bool:
    """Whether one product was told of where a kind was asked about: the cheapest of them."""
    kind = turn.about is not None and turn.about.label is Label.CATEGORY
    return kind and not turn.told and bool(turn.found) and turn.found[0].label is Label.PRODUCT


def turn_of(question: str, answer: Answer, among: Among | None = None) -> Turn:
    """What is kept of a question, made whole, and its answer; ``among`` what it was asked of."""
    about = answer.about
    kept = len(question) <= _KEPT
    also = (_as_named(one, question) for one in answer.also)
    return Turn(
        question=question[:_KEPT],
        answer=answer.answer[:_KEPT],
        about=_as_named(about, question) if about and kept else None,
        also=tuple(also) if kept else (),
        start=about.start if about else 0,
        end=about.end if about else 0,
        found=tuple(_found(answer)),
        listed=answer.listed or among or _offered(answer),
        within=among is not None,
        asks_back=answer.kind == "choice",
        compares=answer.kind == "comparison",
        told=len(answer.listed.ids) if answer.listed else 0,
    )
