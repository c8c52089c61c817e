"""Resolutions of all documents together: the same title is the same one, in both languages."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz

from extractors.building.document import Cell
from extractors.building.fact import RESOLUTION, Fact
from extractors.building.goods import Goods, Said
from extractors.building.naming import EN, ZH, languages
from extractors.building.register import Node, Register, settle, settle_links
from extractors.building.resolutions import language_of
from extractors.building.topics import Topics

NONE = "—"
"""Stands where one step of several has no condition or no expected result."""
_COMMA = {ZH: "，", EN: ", "}
_EMPHASIS = re.compile(r"\*\*|__|`")
_ALIKE = 60.0
_PARTS = ("action", "condition", "expected")


class Remedies:
    """Resolutions with their steps by language, what they resolve and what they apply to."""

    def __init__(self, resolutions: Register, *, goods: Goods, topics: Topics) -> None:
        self.resolutions, self._goods, self._topics = resolutions, goods, topics
        self.steps: dict[Node, dict[str, Mapping[str, list[str]]]] = defaultdict(dict)
        self.resolves: dict[Node, dict[int, Node]] = defaultdict(dict)
        self.applies: dict[Node, dict[int, Node]] = defaultdict(dict)

    def gather(self, facts: Sequence[Said], *, couples: Sequence[tuple[Said, Said]]) -> None:
        """Titles in two documents of the two languages first, so that they meet."""
        said = [(file, fact) for file, fact in facts if fact.kind == RESOLUTION]
        for file, fact in said:
            names = {key: fact.parts[key][0] for key in (ZH, EN) if key in fact.parts}
            if any(self._goods.products.find(cell.text) for cell in names.values()):
                continue  # a product's own page tells what it is
            self._take(file, fact, names)
        for (_, zh), (_, en) in couples:
            self.resolutions.tie(zh.first(ZH), en.first(EN))
        settle(self.steps)
        settle_links(self.resolves)
        settle_links(self.applies)

    def _take(self, file: str, fact: Fact, names: Mapping[str, Cell]) -> None:
        language, steps = language_of(fact.texts("action")), plain_steps(fact)
        node = self._node(file, fact, names, language=language, actions=steps["action"])
        if node is None:
            return
        if language not in self.steps[node]:
            self.steps[node][language] = steps
            for name, field in zip(_PARTS, ("actions", "conditions", "expected"), strict=True):
                for cell in fact.parts.get(name, ()):
                    node.say(f"{field}_{language}", cell, file=file, confidence=fact.confidence)
        self._linked(node, file, fact)

    def _node(
        self,
        file: str,
        fact: Fact,
        names: Mapping[str, Cell],
        *,
        language: str,
        actions: Sequence[str],
    ) -> Node | None:
        """The resolution of this title; another of the same title where other things are done."""
        same = [one for cell in names.values() for one in self.resolutions.namesakes(cell.text)]
        words = " ".join(actions)
        for one in same:
            known = (one.row or {}).get(f"actions_{language}")
            there = known or self.steps[one].get(language, {}).get("action")
            if not there or fuzz.token_set_ratio(words, " ".join(there)) >= _ALIKE:
                return self.resolutions.add(names, file=file, confidence=fact.confidence, to=one)
        return self.resolutions.add(names, file=file, confidence=fact.confidence, apart=True)

    def _linked(self, node: Node, file: str, fact: Fact) -> None:
        for key in ("issue_zh", "issue_en"):
            for cell in fact.parts.get(key, ()):
                if (issue := self._topics.issues.near(cell.text)) is not None:
                    self.resolves[node][id(issue)] = issue
                    node.say("resolves", cell, file=file, confidence=fact.confidence, target=issue)
        for cell in fact.parts.get("product", ()):
            names = [one.text for one in languages(cell, single=False).values()]
            found = (one for name in names if (one := self._goods.find(name)))
            if (product := next(found, None)) is not None:
                self.applies[node][id(product)] = product
                node.say("applies_to", cell, file=file, confidence=fact.confidence, target=product)
        for cell in (*fact.parts.get(ZH, ()), *fact.parts.get(EN, ())):
            for product in self._goods.within(cell.text):
                self.applies[node][id(product)] = product
                node.say("applies_to", cell, file=file, confidence=0.7, target=product)


def plain_steps(fact: Fact) -> Mapping[str, list[str]]:
    """Columns side by side: a column of which nothing is said is left out.

    Where few steps have a condition it goes on standing before what is to be done.
    """
    columns = {name: [_plain(text) for text in fact.texts(name)] for name in _PARTS}
    conditions = columns["condition"]
    if sum(map(bool, conditions)) * 2 < len(conditions):
        columns["condition"] = []
        columns["action"] = [
            f"{condition}{_COMMA[language_of([text])]}{text}" if condition else text
            for condition, text in zip(conditions, columns["action"], strict=True)
        ]
    return {
        name: [text or NONE for text in texts] if any(texts) else []
        for name, texts in columns.items()
    }


def _plain(text: str) -> str:
    return " ".join(_EMPHASIS.sub("", text).split())
