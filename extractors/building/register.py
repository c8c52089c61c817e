"""Nodes as they come together: what is called the same is one, and what is known stays itself."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz, process

from extractors.building.document import Cell
from extractors.building.naming import EN, ZH, codes_of, key_of
from graph.text import has_han

_SLUG = re.compile(r"[^a-z0-9]+")
_LONGEST_ID = 60
_ALIKE = 92.0
_SHORTEST = 6
_END = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """Where something proposed is said: the characters of a file's text from ``start``.

    ``value`` is what it became: words, or the id of ``target`` where it is a relationship.
    """

    field: str
    value: str
    file: str
    start: int
    text: str
    confidence: float
    target: "Node | None" = None

    @property
    def plain(self) -> dict[str, Any]:
        """As it is written for a reviewer."""
        return {
            "field": self.field,
            "value": self.target.alive.id if self.target else self.value,
            "file": self.file,
            "start": self.start,
            "end": self.start + len(self.text),
            "text": self.text,
            "confidence": self.confidence,
        }


@dataclass(kw_only=True, slots=True, eq=False)
class Node:
    """A node known or proposed. ``row`` is its row in the files that are known, if it has one.

    ``heir`` is the node that it turned out to be.
    """

    id: str = ""
    row: Mapping[str, Any] | None = None
    names: dict[str, Counter[str]] = field(default_factory=lambda: {ZH: Counter(), EN: Counter()})
    aliases: dict[str, None] = field(default_factory=dict)
    evidence: list[Evidence] = field(default_factory=list)
    confidence: float = 0.0
    heir: "Node | None" = None

    @property
    def alive(self) -> "Node":
        """The node that this one is by now."""
        node = self
        while node.heir is not None:
            node = node.heir
        return node

    def called(self, language: str) -> str:
        """Its name in a language: the known one, else the surest and longest."""
        known = (self.row or {}).get(f"name_{language}")
        if known:
            return str(known)
        found = self.names[language]
        return max(found, key=lambda name: (found[name], len(name), name), default="")

    def other_names(self) -> list[str]:
        """What else it is called."""
        own = {key_of(self.called(ZH)), key_of(self.called(EN))}
        found = [*self.aliases, *(name for names in self.names.values() for name in names)]
        kept = {key: name for name in reversed(found) if (key := key_of(name)) not in own}
        return sorted(kept.values())

    def say(
        self,
        what: str,
        cell: Cell,
        *,
        file: str,
        confidence: float,
        value: str = "",
        target: "Node | None" = None,
    ) -> None:
        """Note where something of the node is said."""
        if cell.text:
            self.evidence.append(
                Evidence(
                    field=what,
                    value=value or cell.text,
                    file=file,
                    start=cell.start,
                    text=cell.text,
                    confidence=confidence,
                    target=target,
                )
            )


class Register:
    """The nodes of one table."""

    def __init__(self, prefix: str, known: Iterable[Mapping[str, Any]] = ()) -> None:
        self.prefix = prefix
        self.nodes: list[Node] = []
        self._keys: dict[str, Node] = {}
        self._same: dict[str, list[Node]] = defaultdict(list)
        self.spelled: list[tuple[str, Node]] = []
        self._ends: dict[str, list[str]] = defaultdict(list)
        for row in known:
            node = Node(id=str(row["id"]), row=row, confidence=1.0)
            self.nodes.append(node)
            aliases = row.get("aliases") or ()
            for name in (row.get("name_zh"), row.get("name_en"), *aliases):
                if name:
                    self._own(str(name), node)

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes)

    def find(self, name: str) -> Node | None:
        """The node of this very name."""
        return self._keys.get(key_of(name))

    def namesakes(self, name: str) -> list[Node]:
        """Every node of this very name."""
        return list(dict.fromkeys(node.alive for node in self._same.get(key_of(name), ())))

    def near(self, name: str) -> Node | None:
        """The node of this name, or of one that differs by a letter or two and in no number."""
        key = key_of(name)
        if key in self._keys or len(key) < _SHORTEST:
            return self._keys.get(key)
        # A letter or two amiss leave one of the ends as it is.
        like = {*self._ends[key[:_END]], *self._ends[key[-_END:]]}
        found = process.extract(key, like, scorer=fuzz.ratio, score_cutoff=_ALIKE)
        codes = codes_of(name)
        nodes = {
            id(self._keys[one]): self._keys[one] for one, *_ in found if codes_of(one) == codes
        }
        return next(iter(nodes.values())) if len(nodes) == 1 else None

    @property
    def by_key(self) -> Mapping[str, Node]:
        """Nodes by every name in its comparable form."""
        return self._keys

    def add(
        self,
        names: Mapping[str, Cell],
        *,
        file: str,
        confidence: float,
        aliases: Sequence[Cell] = (),
        to: Node | None = None,
        apart: bool = False,
    ) -> Node | None:
        """The node of these names, new if none is known; names that meet make nodes one.

        ``to`` is the node if that is certain; ``apart``: it is another than those of these names.
        """
        cells = [cell for cell in (*names.values(), *aliases) if key_of(cell.text)]
        if not any(key_of(cell.text) for cell in names.values()):
            return None
        found = [to] if to else []
        if not to and not apart:
            found = [node for cell in names.values() if (node := self.near(cell.text))]
            found += [node for cell in aliases if (node := self.find(cell.text))]
        node = self._joined(found) if found else self._new()
        for language, cell in names.items():
            node.names[language][cell.text] += 1
            node.say(f"name_{language}", cell, file=file, confidence=confidence)
        for cell in aliases:
            self.alias(node, cell, file=file, confidence=confidence)
        for cell in cells:
            self._own(cell.text, node)
        node.confidence = 1 - (1 - node.confidence) * (1 - confidence)
        return node

    def alias(self, node: Node, cell: Cell, *, file: str, confidence: float) -> None:
        """Another name of a node, unless it is another's."""
        if self._own(cell.text, node) is node:
            node.aliases.setdefault(cell.text)
            node.say("aliases", cell, file=file, confidence=confidence)

    def tie(self, first: str, second: str) -> None:
        """Two names that say the same in two languages are of one node, unless each has both."""
        nodes = [node for name in (first, second) if name and (node := self.find(name))]
        if len(nodes) < 2 or nodes[0] is nodes[1]:
            return
        if not all(node.called(ZH) and node.called(EN) for node in nodes):
            self._joined(nodes)

    def _own(self, name: str, node: Node) -> Node:
        """Whose name this is by now; the node's, if it was nobody's."""
        key = key_of(name)
        owner = self._keys.get(key)
        if all(one is not node for one in self._same[key]):
            self._same[key].append(node)
        if owner is None:
            owner = self._keys[key] = node
            self.spelled.append((name, node))
            for end in {key[:_END], key[-_END:]}:
                self._ends[end].append(key)
        return owner

    def _new(self) -> Node:
        node = Node()
        self.nodes.append(node)
        return node

    def _joined(self, found: Sequence[Node]) -> Node:
        """One node of several; two that are known both stay."""
        first = next((node for node in found if node.row), found[0])
        for node in found:
            if node is not first and not node.row and node in self.nodes:
                self._absorb(first, node)
        return first

    def _absorb(self, first: Node, node: Node) -> None:
        self.nodes.remove(node)
        node.heir = first
        for language, names in node.names.items():
            first.names[language].update(names)
        first.aliases.update(node.aliases)
        first.evidence += node.evidence
        first.confidence = max(first.confidence, node.confidence)
        for key, owner in self._keys.items():
            if owner is node:
                self._keys[key] = first

    def name_all(self) -> None:
        """Give every new node an id: of its English name, else of its Chinese one's digest."""
        taken = {node.id for node in self.nodes if node.id}
        for node in sorted(self.nodes, key=_order):
            if not node.id:
                node.id = _free(self._id(node), node, taken)
                taken.add(node.id)

    def _id(self, node: Node) -> str:
        slug = _SLUG.sub("-", node.called(EN).lower()).strip("-")[:_LONGEST_ID].strip("-")
        return slug or f"{self.prefix}-{digest(key_of(node.called(ZH)))}"


def settle(table: dict[Node, Any]) -> None:
    """What was noted of nodes that turned out to be others counts for those, where it is new."""
    for node in [one for one in table if one.heir is not None]:
        value, heir = table.pop(node), node.alive
        if heir not in table:
            table[heir] = value
        elif isinstance(value, dict):
            table[heir].update({key: one for key, one in value.items() if key not in table[heir]})


def settle_links(links: dict[Node, dict[int, Node]]) -> None:
    """``settle``, with what is linked to settled too."""
    settle(links)
    for node, targets in links.items():
        links[node] = {id(one.alive): one.alive for one in targets.values()}


def _order(node: Node) -> tuple[str, str, str]:
    first = min((f"{one.file}|{one.start:09}" for one in node.evidence), default="")
    return node.called(EN), node.called(ZH), first


def _free(id_: str, node: Node, taken: Iterable[str]) -> str:
    if id_ not in taken:
        return id_
    said = min((f"{one.file}|{one.text}" for one in node.evidence), default="")
    return f"{id_}-{digest(said)}"


def digest(text: str) -> str:
    """Eight characters that stand for a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def language_of(text: str) -> str:
    """The language of a short text."""
    return ZH if has_han(text) else EN
