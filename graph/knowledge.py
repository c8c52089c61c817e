"""What extractors know of the graph: names, aliases and resolutions, read in one go.

Derived from the graph and stamped with its knowledge epoch; every worker reads it again when the
epoch has moved.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import TypeAlias

from graph.calendar import zone_of
from graph.store import Row, Store
from graph.text import fold, stem, tokens
from graph.vocabulary import Label

_DIGIT, _LETTER = re.compile(r"\d"), re.compile(r"[a-z]")
_WHERE_CUSTOMERS_LIVE = (str(Label.CUSTOMER), f"{Label.CUSTOMER}.region")
_MOST_SHAPES = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Name:
    """A node that text may mention, and everything it is called.

    ``examples`` are sentences that customers write about an issue.
    """

    label: Label
    id: str
    name_zh: str | None
    name_en: str | None
    aliases: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()

    @property
    def phrases(self) -> tuple[str, ...]:
        """Its names, then its aliases."""
        return tuple(filter(None, (self.name_zh, self.name_en, *self.aliases)))

    def called(self, language: str) -> str:
        """Its name in ``language``, or in the other one, or its id."""
        names = (self.name_zh, self.name_en) if language == "zh" else (self.name_en, self.name_zh)
        return next(filter(None, names), self.id)


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One step of a resolution in one language."""

    action: str
    condition: str
    expected: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ResolutionText:
    """A resolution as text, with what it resolves and applies to (ids, sorted)."""

    id: str
    names: Mapping[str, str]
    steps: Mapping[str, tuple[Step, ...]]
    issues: tuple[str, ...]
    applies_to: tuple[str, ...]


Node: TypeAlias = tuple[Label, str]
Near: TypeAlias = Mapping[Node, frozenset[Node]]
"""By node, those that are one relationship away."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Knowledge:
    """A snapshot. ``names`` are keyed by (label, id); ``order_shapes`` are what order
    numbers look like, "a-9999-999999" for "W-2025-000318", ``order_ids`` how their ids begin, "o-";
    ``zone`` is where most agents work; ``regions`` are where customers live.
    """

    epoch: int = 0
    names: Mapping[tuple[Label, str], Name] = field(default_factory=dict)
    resolutions: tuple[ResolutionText, ...] = ()
    near: Near = field(default_factory=dict)
    order_shapes: tuple[str, ...] = ()
    order_ids: frozenset[str] = frozenset()
    zone: tzinfo = UTC
    regions: tuple[str, ...] = ()
    texts: Mapping[str, ResolutionText] = field(init=False, repr=False, compare=False)
    """The resolutions by id."""
    _named: Mapping[tuple[Label, str], frozenset[Node]] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Every how-to is looked up in the texts, every question in the words of names."""
        object.__setattr__(self, "texts", {one.id: one for one in self.resolutions})
        object.__setattr__(self, "_named", _by_word(self.names))

    def having(self, label: Label, stems: Iterable[str]) -> frozenset[Node]:
        """The nodes of ``label`` among whose names are all of these words, by their stems."""
        found = [self._named.get((label, one), frozenset()) for one in stems]
        return frozenset.intersection(*found) if found else frozenset()

    def regions_for(self, reads: Callable[[str, str], bool]) -> tuple[str, ...]:
        """The regions; none for whoever may not read where every customer lives: which ones there
        are is told by whether a question about one is understood.
        """
        return self.regions if reads(*_WHERE_CUSTOMERS_LIVE) else ()

    def name(self, label: Label, id_: str, language: str) -> str:
        """What a person calls this node; its id where it has no name."""
        found = self.names.get((label, id_))
        return found.called(language) if found else id_


async def knowledge_epoch(store: Store) -> int:
    """The counter that moves whenever knowledge was loaded or edited; 0 in an empty graph."""
    rows = await store.read("epoch-get", id="knowledge")
    return int(rows[0]["value"]) if rows else 0


async def read_knowledge(store: Store) -> Knowledge:
    """Names, aliases and resolutions as they are now.

    The epoch is read first: knowledge that moves while we read leaves us a stale epoch, so the
    next look notices and reads again.

    Raises:
        UnavailableError: the graph does not answer.
    """
    epoch = await knowledge_epoch(store)
    names = [_name(row) for row in await store.read("knowledge-names")]
    resolutions = await store.read("knowledge-resolutions")
    related = await store.read("knowledge-related")
    orders = await store.read("knowledge-order-numbers")
    regions = await store.read("knowledge-regions")
    zones = [row["timezone"] for row in await store.read("knowledge-zones")]
    return Knowledge(
        epoch=epoch,
        names={(name.label, name.id): name for name in names},
        resolutions=tuple(_resolution(row) for row in resolutions),
        near=_near(related),
        order_shapes=_shapes(row["number"] for row in orders if row["number"]),
        order_ids=frozenset(_DIGIT.split(fold(row["id"]))[0] for row in orders) - {""},
        zone=next(filter(None, map(zone_of, zones)), UTC),
        regions=tuple(row["region"] for row in regions),
    )


def _by_word(names: Mapping[Node, Name]) -> Mapping[tuple[Label, str], frozenset[Node]]:
    """Nodes by label and the stems of the words that they are called by."""
    found: dict[tuple[Label, str], set[Node]] = defaultdict(set)
    for node, name in names.items():
        for phrase in name.phrases:
            for word in tokens(fold(phrase)):
                found[node[0], stem(word)].add(node)
    return {key: frozenset(nodes) for key, nodes in found.items()}


def _shapes(numbers: Iterable[str]) -> tuple[str, ...]:
    """The most common ones: a digit is 9, a letter a, what stands between stays."""
    counts = Counter(_LETTER.sub("a", _DIGIT.sub("9", fold(number))) for number in numbers)
    return tuple(shape for shape, _ in counts.most_common(_MOST_SHAPES))


def _near(rows: Sequence[Row]) -> Near:
    near: dict[tuple[Label, str], set[tuple[Label, str]]] = defaultdict(set)
    for row in rows:
        source = Label(row["source_label"]), row["source"]
        target = Label(row["target_label"]), row["target"]
        near[source].add(target)
        near[target].add(source)
    return {node: frozenset(others) for node, others in near.items()}


def _name(row: Row) -> Name:
    return Name(
        label=Label(row["label"]),
        id=row["id"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        aliases=tuple(sorted(row["aliases"])),
        examples=(*(row["examples_zh"] or ()), *(row["examples_en"] or ())),
    )


def _resolution(row: Row) -> ResolutionText:
    return ResolutionText(
        id=row["id"],
        names={"zh": row["name_zh"] or "", "en": row["name_en"] or ""},
        steps={language: _steps(row, language) for language in ("zh", "en")},
        issues=tuple(sorted(row["issues"])),
        applies_to=tuple(sorted(row["applies_to"])),
    )


def _steps(row: Row, language: str) -> tuple[Step, ...]:
    actions = row[f"actions_{language}"] or []
    conditions = row[f"conditions_{language}"] or [""] * len(actions)
    expected = row[f"expected_{language}"] or [""] * len(actions)
    return tuple(
        Step(action=action, condition=condition, expected=result)
        for action, condition, result in zip(actions, conditions, expected, strict=False)
    )
