"""Issues of all documents together: named by columns, headings and tables, else by clusters."""

import re
from collections import Counter, defaultdict
from collections.abc import Container, Mapping, Sequence

from extractors.building.clusters import cluster
from extractors.building.document import Cell
from extractors.building.fact import DEPARTMENT, ISSUE, RESOLUTION, TICKET, Fact
from extractors.building.gists import Gists
from extractors.building.goods import Goods, Said
from extractors.building.naming import EN, ZH, key_of, languages, part
from extractors.building.people import comparable, is_own
from extractors.building.register import Node, Register, language_of, settle, settle_links
from extractors.building.sections import is_question
from extractors.building.work import marks_of

_LEVELS = re.compile(r"\s*(?:>|›|»|→|\\)\s*")
_LONGEST = 60
_EXAMPLE = range(8, 241)
_MOST_EXAMPLES = 12
_LEAST_CLUSTER = 4
_LEAST_SHARED = 3
_SENTENCE = re.compile(r"[。！？!?；;，,]")
_NOISE = frozenset(
    {"other", "others", "misc", "general", "none", "n/a", "其他", "其它", "无", "未知"}
)


class Topics:
    """Issues, found by any of their names; and what tickets say of each.

    ``own`` are addresses and domains of the company: what they write are answers, no tickets.
    """

    def __init__(self, issues: Register, goods: Goods, *, own: Container[str]) -> None:
        self.issues, self._goods, self._own = issues, goods, own
        self._gists = Gists(issues)
        self.parents: dict[Node, Node] = {}
        self.examples: dict[Node, dict[str, str]] = defaultdict(dict)
        self.departments: dict[Node, Counter[str]] = defaultdict(Counter)
        self.affects: dict[Node, dict[int, Node]] = defaultdict(dict)

    def gather(self, facts: Sequence[Said], *, couples: Sequence[tuple[Said, Said]]) -> None:
        """Headings and tables first, then columns, then what is said without a name."""
        for file, fact in facts:
            if fact.kind in (RESOLUTION, ISSUE):
                self._headed(file, fact)
        for (_, zh), (_, en) in couples:
            self.issues.tie(zh.first("issue_zh"), en.first("issue_en"))
        settle(self.examples)
        for file, fact in facts:
            if fact.kind == DEPARTMENT and fact.confidence >= 0.9:
                for cell in fact.parts.get("handles", ()):
                    self._duty(file, cell)
        tickets = [one for one in facts if one[1].kind == TICKET and not self._is_ours(one[1])]
        # Those that name their issue first: the others are held against all names.
        tickets.sort(key=lambda one: "issue" not in one[1].parts)
        for file, fact in tickets:
            for cell in fact.parts.get("issue", ()):
                self.named(file, cell)
        rest = [(file, fact) for file, fact in tickets if not self._ticket(file, fact)]
        self._cluster(self._shared(rest))
        settle(self.examples)
        settle_links(self.affects)
        self.parents = {node.alive: above.alive for node, above in self.parents.items()}

    def _add(self, names: Mapping[str, Cell], *, file: str, confidence: float) -> Node | None:
        """The issue of these names, or of the same in other words."""
        is_there = any(self.issues.near(cell.text) for cell in names.values())
        found = (one for cell in names.values() if (one := self._gists.find(cell.text)))
        to = None if is_there else next(found, None)
        return self.issues.add(names, file=file, confidence=confidence, to=to)

    def named(self, file: str, cell: Cell, *, confidence: float = 0.85) -> Node | None:
        """The issue of a column's cell; ``A > B`` is B below A."""
        node: Node | None = None
        for one in _levels(cell):
            if len(one.text) > _LONGEST or one.text.lower() in _NOISE:
                continue
            above, node = node, self._add(languages(one), file=file, confidence=confidence)
            if above and node and above is not node:
                self.parents.setdefault(node, above)
                node.say("subtype_of", cell, file=file, confidence=confidence, target=above)
        return node

    def meant(self, text: str) -> Node | None:
        """The issue whose name stands in a text, the longest; or the one that says it almost."""
        if (node := self.issues.near(text)) is not None:
            return node
        key = key_of(text)
        held = [one for one in self.issues.by_key if len(one) >= 3 and one in key]
        return self.issues.by_key[max(held, key=len)] if held else None

    def example(self, node: Node, cell: Cell, *, file: str) -> None:
        """A sentence that customers write about an issue, unless it tells who they are."""
        text = " ".join(cell.text.split())
        known = self.examples[node]
        if len(text) not in _EXAMPLE or len(known) >= _MOST_EXAMPLES or key_of(text) in known:
            return
        if self.issues.find(text) is node or any(mark.personal for mark in marks_of(text)):
            return
        known[key_of(text)] = text
        language = language_of(text)
        node.say(f"examples_{language}", cell, file=file, confidence=0.8, value=text)

    def _is_ours(self, fact: Fact) -> bool:
        return any(
            is_own("email", comparable("email", one), self._own) for one in fact.texts("email")
        )

    def _headed(self, file: str, fact: Fact) -> None:
        names = {
            language: fact.parts[f"issue_{language}"][0]
            for language in (ZH, EN)
            if f"issue_{language}" in fact.parts
        }
        names = {
            key: cell
            for key, cell in names.items()
            if len(cell.text) <= _LONGEST and self._goods.products.find(cell.text) is None
        }
        node = self._add(names, file=file, confidence=fact.confidence)
        if node is not None:
            for cell in fact.parts.get("example", ()):
                self.example(node, cell, file=file)

    def _duty(self, file: str, cell: Cell) -> None:
        """What a department handles: a name where it stands in both languages, or is known.

        Other duties are fields of work (``batteries, brakes``), in which many things go wrong.
        """
        names = languages(cell)
        if len(names) > 1 or any(self.issues.near(one.text) for one in names.values()):
            self.named(file, cell)

    def _ticket(self, file: str, fact: Fact) -> bool:
        """Whether the ticket says which issue it is about."""
        named = [_levels(cell)[-1].text for cell in fact.parts.get("issue", ()) if _levels(cell)]
        node = next((one for name in named if (one := self.issues.near(name))), None)
        if node is None:
            said = (*fact.texts("subject"), *fact.texts("text"))
            node = next((one for words in said if (one := self.meant(words))), None)
        if node is not None:
            self._learn(node, file, fact)
        return node is not None

    def _learn(self, node: Node, file: str, fact: Fact) -> None:
        for cell in (*fact.parts.get("text", ()), *fact.parts.get("subject", ())):
            self.example(node, cell, file=file)
        self.departments[node].update(fact.texts("department"))
        for cell in fact.parts.get("product", ()):
            if (goods := self._goods.find(cell.text)) is not None:
                self.affects[node][id(goods)] = goods
                node.say("affects", cell, file=file, confidence=0.6, target=goods)

    def _shared(self, rest: Sequence[Said]) -> list[Said]:
        """Subjects that several tickets have word for word name issues; the other tickets."""
        groups: dict[str, list[Said]] = defaultdict(list)
        for file, fact in rest:
            groups[key_of(fact.first("subject"))].append((file, fact))
        left: list[Said] = []
        for said in groups.values():
            cell = next(iter(said[0][1].parts.get("subject", ())), None)
            told = {fact.first("text") or fact.first("thread") for _, fact in said}
            if cell is None or len(told) < _LEAST_SHARED or not self._is_name(cell):
                left += said
                continue
            node = self._add(languages(cell), file=said[0][0], confidence=0.6)
            for file, fact in said:
                if node is not None:
                    self._learn(node, file, fact)
        return left

    def _is_name(self, cell: Cell) -> bool:
        """Whether a subject can name an issue: some words, no question, and no product alone."""
        is_long = len(key_of(cell.text)) >= (4 if language_of(cell.text) == ZH else 8)
        is_free = self._goods.products.find(cell.text) is None and not is_question(cell.text)
        return is_long and is_free and len(cell.text) <= _LONGEST

    def _cluster(self, rest: Sequence[Said]) -> None:
        """Tickets that name no issue: those alike make one, named by its most usual subject."""
        texts = [" ".join((*fact.texts("subject"), *fact.texts("text"))) for _, fact in rest]
        for members in cluster(texts, least=_LEAST_CLUSTER):
            said = [rest[at] for at in members]
            name = _common_name(said)
            if name is None:
                continue
            file, cell = name
            node = self._add(languages(cell), file=file, confidence=0.5)
            if node is not None:
                for other, fact in said:
                    self._learn(node, other, fact)


def _levels(cell: Cell) -> list[Cell]:
    found, at = [], 0
    for joint in (*_LEVELS.finditer(cell.text), None):
        end = joint.start() if joint else len(cell.text)
        if (one := part(cell, at, end)).text:
            found.append(one)
        at = joint.end() if joint else end
    return found


def _common_name(said: Sequence[Said]) -> tuple[str, Cell] | None:
    """The shortest of the usual subjects; without subjects the shortest first sentence."""
    subjects = [(file, cell) for file, fact in said for cell in fact.parts.get("subject", ())]
    counts = Counter(key_of(cell.text) for _, cell in subjects)
    short = [
        (file, cell)
        for file, cell in subjects
        if 3 <= len(cell.text) <= _LONGEST and not is_question(cell.text)
    ]
    if short:
        return min(short, key=lambda one: (-counts[key_of(one[1].text)], len(one[1].text)))
    firsts = [
        (file, part(cell, 0, end.start()))
        for file, fact in said
        for cell in fact.parts.get("text", ())
        if (end := _SENTENCE.search(cell.text)) is not None
    ]
    firsts = [(file, cell) for file, cell in firsts if 4 <= len(cell.text) <= _LONGEST]
    return min(firsts, key=lambda one: len(one[1].text), default=None)
