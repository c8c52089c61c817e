"""Departments of all documents together, what they handle and what they support."""

from collections import defaultdict
from collections.abc import Sequence

from extractors.building.document import Cell
from extractors.building.fact import DEPARTMENT, Fact
from extractors.building.goods import Goods, Said
from extractors.building.naming import EN, ZH, key_of
from extractors.building.register import Node, Register
from extractors.building.topics import Topics

_SURE = 0.8
_COLUMN = 0.9
_SHARE = 0.5
_TOLD = 5
_LEAST_MENTION = 4


class Offices:
    """Departments, found by any of their names."""

    def __init__(self, departments: Register, *, goods: Goods, topics: Topics) -> None:
        self.departments, self._goods, self._topics = departments, goods, topics
        self.handles: dict[Node, dict[int, Node]] = defaultdict(dict)
        self.supports: dict[Node, dict[int, Node]] = defaultdict(dict)
        self._votes: dict[tuple[int, int], list[tuple[str, Cell]]] = defaultdict(list)

    def gather(self, facts: Sequence[Said]) -> None:
        """Those that are surely departments first; doubtful ones only add to them."""
        said = [(file, fact) for file, fact in facts if fact.kind == DEPARTMENT]
        for file, fact in sorted(said, key=lambda one: -one[1].confidence):
            names = {key: cells[0] for key, cells in fact.parts.items() if key in (ZH, EN)}
            if fact.confidence >= _SURE:
                self.departments.add(
                    names,
                    file=file,
                    confidence=fact.confidence,
                    aliases=fact.parts.get("alias", ()),
                )
        self._duties(said)
        self._voted()

    def find(self, name: str) -> Node | None:
        """A department by its name, with or without the company's before it."""
        if (node := self.departments.near(name)) is not None:
            return node
        key = key_of(name)
        ends = [one for one in self.departments.by_key if len(one) >= 3 and key.endswith(one)]
        return self.departments.by_key[max(ends, key=len)] if ends else None

    def _duties(self, said: Sequence[Said]) -> None:
        for file, fact in said:
            cells = [fact.parts[key][0] for key in (ZH, EN) if key in fact.parts]
            node = next((one for cell in cells if (one := self.find(cell.text))), None)
            if node is None:
                continue
            for cell in fact.parts.get("handles", ()):
                self._duty(node, file, fact, cell)
            for cell in fact.parts.get("supports", ()):
                if (product := self._goods.find(cell.text)) is not None:
                    self.supports[node][id(product)] = product
                    node.say(
                        "supports", cell, file=file, confidence=fact.confidence, target=product
                    )

    def _duty(self, node: Node, file: str, fact: Fact, cell: Cell) -> None:
        """A row of a list of tickets is a vote, counted later; all else is a statement."""
        is_column = fact.confidence >= _COLUMN
        issue = self._issue(cell, is_column=is_column)
        if issue is None:
            return
        if is_column and len(fact.parts["handles"]) == 1:
            self._votes[id(node), id(issue)].append((file, cell))
        else:
            self.handles[node][id(issue)] = issue
            node.say("handles", cell, file=file, confidence=fact.confidence, target=issue)

    def _issue(self, cell: Cell, *, is_column: bool) -> Node | None:
        if is_column:
            return self._topics.meant(cell.text)
        key = key_of(cell.text)
        if (node := self._topics.issues.near(cell.text)) is not None or len(key) < _LEAST_MENTION:
            return node
        # What a sentence says loosely counts where it can mean one issue only.
        held = {
            id(n): n for one, n in self._topics.issues.by_key.items() if key in one or one in key
        }
        return next(iter(held.values())) if len(held) == 1 else None

    def _voted(self) -> None:
        """Who has most of an issue's tickets, and half of them or more, handles it."""
        for issue, votes in self._topics.departments.items():
            total = votes.total()
            for name, count in votes.most_common(1):
                node = self.find(name)
                if node is not None and count >= total * _SHARE:
                    self._elect(node, issue.alive)

    def _elect(self, node: Node, issue: Node) -> None:
        if id(issue) not in self.handles[node]:
            self.handles[node][id(issue)] = issue
            for file, cell in self._votes.get((id(node), id(issue)), ())[:_TOLD]:
                node.say("handles", cell, file=file, confidence=_SURE, target=issue)
