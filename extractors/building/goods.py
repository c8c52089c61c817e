"""Products and categories of all documents together: full names, other names, mentions."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice

from rapidfuzz import fuzz

from extractors.building.document import Cell
from extractors.building.fact import GOODS, PRODUCT, RESOLUTION, Fact
from extractors.building.naming import EN, ZH, codes_of, key_of, languages
from extractors.building.register import Node, Register
from extractors.building.sections import role_of
from graph.text import HAN, fold, has_han, words

Said = tuple[str, Fact]
"""A fact and the file that says it."""
_PREFIXES = (": ", "：", " — ", " – ")
_REST = re.compile(rf"[()（）\[\]【】/／:：,，]|\s[-–—]\s|(?<=[{HAN}])[-–—]|[-–—](?=[{HAN}])")
_REPEATED = 3
_OF_ANYBODY = frozenset(
    {"A", "All", "Any", "Each", "Every", "My", "New", "Our", "The", "This", "Your"}
)
_MOST_WORDS = 7


class Goods:
    """Products and categories, found by any of their names."""

    def __init__(self, products: Register, categories: Register) -> None:
        self.products, self.categories = products, categories
        self.category_of: dict[Node, Node] = {}
        self._pieces: dict[str, list[Node]] = defaultdict(list)
        self._indexed = 0
        self._tails: dict[str, list[Node]] = defaultdict(list)
        self._tailed = 0
        self._longest: tuple[str, ...] = ()

    def gather(self, facts: Sequence[Said]) -> None:
        """Take what the facts say; tables first, mentions last."""
        named = [(file, fact) for file, fact in facts if fact.kind == PRODUCT]
        for file, fact in sorted(named, key=lambda one: -one[1].confidence):
            self._full(file, fact)
        self._titles(facts)
        count = -1
        while count != len(self.products.nodes):  # what is found may make another family
            count = len(self.products.nodes)
            self._family(facts)
        for file, fact in facts:
            if fact.kind == "also":
                self._also(file, fact)
        mentions = [(file, fact) for file, fact in facts if fact.kind == GOODS]
        for file, fact in sorted(mentions, key=_shortness):  # short names mean longer ones
            self._mention(file, fact)
        self.category_of = {one.alive: above.alive for one, above in self.category_of.items()}

    def find(self, name: str) -> Node | None:
        """The product that a mention means, if it can mean only one."""
        named = self.products.find(name) or self.products.find(f"the {name}")
        return named or self._meant(name)

    def within(self, text: str) -> list[Node]:
        """Products whose names stand in a text, longer names first; none within another."""
        left, found = key_of(text), list[Node]()
        if len(self._longest) != len(self.products.by_key):
            self._longest = tuple(sorted(self.products.by_key, key=len, reverse=True))
        for key in self._longest:
            if len(key) >= 4 and key in left:
                left = left.replace(key, "\n")
                node = self.products.by_key[key]
                if node not in found:
                    found.append(node)
        return found

    def _full(self, file: str, fact: Fact) -> None:
        names = {key: cells[0] for key, cells in fact.parts.items() if key in (ZH, EN)}
        if self._is_general(names.values()):
            return
        node = self.products.add(
            names,
            file=file,
            confidence=fact.confidence,
            aliases=fact.parts.get("alias", ()),
        )
        for cell in fact.parts.get("category", ()):
            category = self.categories.add(languages(cell), file=file, confidence=0.9)
            if node and category:
                self.category_of.setdefault(node, category)
                node.say("part_of", cell, file=file, confidence=0.9, target=category)

    def _titles(self, facts: Sequence[Said]) -> None:
        """What many titles begin with: ``Gold Card: fees``, ``Gold Card: limits``, …"""
        heads: dict[str, list[tuple[str, Cell]]] = defaultdict(list)
        for file, fact in facts:
            for cell in fact.parts.get(EN, ()) if fact.kind == RESOLUTION else ():
                if head := _head(cell):
                    heads[key_of(head.text)].append((file, head))
        for found in heads.values():
            if len({file for file, _ in found}) >= _REPEATED:
                for file, head in found:
                    self.products.add({EN: head}, file=file, confidence=0.5)

    def _family(self, facts: Sequence[Said]) -> None:
        """Names that end as several products do: with ``Gold Card`` and others, ``Mint Card``.

        A name that others end with is what they have in common, and names none of them.
        """
        names = [name for node in self.products if " " in (name := node.called(EN))]
        ends = Counter(name.split()[-1] for name in names if name[-1].isalpha())
        found: dict[str, list[tuple[str, Cell]]] = defaultdict(list)
        for file, fact in facts:
            if fact.kind == "proper":
                cell = fact.parts[EN][0]
                if ends[cell.text.split()[-1]] >= _REPEATED:
                    found[cell.text].append((file, cell))
        shared = Counter(
            " ".join(name.split()[at:]) for name in found for at in range(1, len(name.split()))
        )
        for name, said in found.items():
            is_own = name.split()[0] not in _OF_ANYBODY and not name.split()[0].endswith("ing")
            if len(said) >= _REPEATED and shared[name] < 2 and is_own and not self.find(name):
                for file, cell in said:
                    self.products.add({EN: cell}, file=file, confidence=0.4)

    def _also(self, file: str, fact: Fact) -> None:
        name, alias = fact.parts["name"][0], fact.parts["alias"][0]
        node = self.products.find(name.text) or self._ending(name.text)
        if node is not None:
            self.products.alias(node, alias, file=file, confidence=fact.confidence)

    def _ending(self, name: str) -> Node | None:
        """A product with the maker's name before its own."""
        key = key_of(name)
        ends = [one for one in self.products.by_key if len(one) >= 4 and key.endswith(one)]
        return self.products.by_key[max(ends, key=len)] if ends else None

    def _mention(self, file: str, fact: Fact) -> None:
        names = {key: cells[0] for key, cells in fact.parts.items()}
        if self._is_general(names.values()):
            return
        node = next((one for cell in names.values() if (one := self.find(cell.text))), None)
        node = node or next(
            (one for cell in names.values() if (one := self._tail(cell.text))), None
        )
        if node is None:
            if not any(self._is_more(cell.text) for cell in names.values()):
                self.products.add(names, file=file, confidence=0.6)
            return
        for cell in names.values():
            if self.products.find(cell.text) is None:
                self.products.alias(node, cell, file=file, confidence=fact.confidence)

    def _tail(self, name: str) -> Node | None:
        """The only product that is called so after its maker's name."""
        for full, node in islice(self.products.spelled, self._tailed, None):
            _, _, rest = full.partition(" ")
            if rest:
                self._tails[key_of(rest)].append(node)
        self._tailed = len(self.products.spelled)
        found = {id(node.alive): node.alive for node in self._tails.get(key_of(name), ())}
        return next(iter(found.values())) if len(found) == 1 else None

    def _is_more(self, name: str) -> bool:
        """Whether a mention says more than a name: ``Pump 7 (rented)``, ``二手-水泵七号``."""
        parts = [one for one in _REST.split(name) if one.strip()]
        return len(parts) > 1 and any(self.find(one) is not None for one in parts)

    def _is_general(self, cells: Iterable[Cell]) -> bool:
        """Whether these words name a kind of product, not one."""
        return any(self.is_general(cell.text) for cell in cells)

    def is_general(self, name: str) -> bool:
        """A category, or a part of several products' names that has no number of its own."""
        key = key_of(name)
        if self.products.find(name) is not None:
            return False
        if self.categories.find(name) is not None:
            return True
        holders = {id(node) for one, node in self.products.by_key.items() if key in one}
        return not codes_of(name) and len(holders) > 1

    def _meant(self, name: str) -> Node | None:
        """The only product whose full name has all that the mention has, and the same numbers."""
        found = {
            id(node): node
            for node in self._candidates(name)
            if any(_shortens(name, one) for one in (node.called(ZH), node.called(EN)) if one)
        }
        if len(found) == 1:
            return next(iter(found.values()))
        return None if found else self.products.near(name)

    def _candidates(self, name: str) -> Iterable[Node]:
        """Products that share the mention's rarest piece: a number, a word, or a character."""
        for full, node in islice(self.products.spelled, self._indexed, None):
            for piece in _pieces(full):
                self._pieces[piece].append(node)
        self._indexed = len(self.products.spelled)
        held = [self._pieces[piece] for piece in _pieces(name) if piece in self._pieces]
        return {node.alive for node in min(held, key=len)} if held else ()


def _shortness(said: Said) -> int:
    return -max(len(key_of(cell.text)) for cells in said[1].parts.values() for cell in cells)


def _pieces(name: str) -> set[str]:
    """Numbers, words and Han characters of a name."""
    found = {*codes_of(name)}
    for word in words(fold(name)):
        found.update(word if has_han(word) else (word,))
    return found


def _shortens(short: str, full: str) -> bool:
    """``净化器Pro2`` of ``空气净化器 Pro 2``: same order, nothing of its own, the same numbers."""
    if has_han(short) != has_han(full) or len(key_of(short)) < 3:
        return False
    if not set(codes_of(short)) <= set(codes_of(full)):
        return False
    if has_han(short):
        return _follows(key_of(short), key_of(full))
    mine, theirs = words(fold(short)), words(fold(full))
    alike = (any(one == other or fuzz.ratio(one, other) > 85 for other in theirs) for one in mine)
    return bool(mine) and all(alike) and (len(mine) > 1 or bool(codes_of(short)))


def _follows(short: str, full: str) -> bool:
    rest = iter(full)
    return all(char in rest for char in short)


def _head(cell: Cell) -> Cell | None:
    places = [at for mark in _PREFIXES if (at := cell.text.find(mark)) > 0]
    if not places:
        return None
    words_ = cell.text[: min(places)].strip()
    if role_of(Cell(text=words_, start=0)):
        return None
    tokens = words_.split()
    is_name = all(one[:1].isupper() or one[:1] in "(0123456789" or len(one) <= 3 for one in tokens)
    is_one = any(char.isdigit() or char.isupper() for char in words_[1:])
    is_short = len(tokens) <= _MOST_WORDS and (len(tokens) > 1 or is_one)
    return Cell(text=words_, start=cell.start) if is_name and is_short else None
