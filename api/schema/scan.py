"""What a GraphQL document will cost to read, told from its tokens before anything is parsed.

One pass over the text; what is no GraphQL is left for the parser to complain of. Parsing costs six
microseconds per word, and comparing fields that share a name costs the square of their number, so
both are bounded here. Fragments are followed as they are spread, and cycles end.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import zip_longest

_TOKEN = re.compile(
    r'"""(?:[^"\\]++|\\"""|\\|"(?!""))*+"""'
    r'|"(?:[^"\\\n\r]++|\\.)*+"'
    r"|#[^\n\r]*+"
    r"|\.\.\."
    r"|[_A-Za-z][_0-9A-Za-z]*+"
    r"|-?[0-9][0-9.eE+-]*+"
    r"|[^\s,\ufeff]"
)
_KEPT = 500
INTROSPECTION = frozenset({"__schema", "__type"})
_OPENING, _CLOSING = frozenset("({["), frozenset(")}]")


@dataclass(slots=True)
class Definition:
    """An operation or a fragment: its fields, how deep they lie, and what it spreads where."""

    name: str
    fields: int = 0
    deepest: int = 0
    spreads: list[tuple[str, int]] = field(default_factory=list)


@dataclass(slots=True)
class Sketch:
    """Figures of one document. ``nesting`` counts brackets of any kind; ``operations`` are kinds
    and names, in order.
    """

    tokens: int = 0
    nesting: int = 0
    aliases: int = 0
    directives: int = 0
    repeated: int = 0
    fragments: int = 0
    fields: int = 0
    depth: int = 0
    operations: list[tuple[str, str]] = field(default_factory=list)
    cyclic: bool = False
    introspects: bool = False


@lru_cache(maxsize=_KEPT)
def sketch(text: str, *, most: int) -> Sketch:
    """The figures of ``text``; with more than ``most`` tokens, only their number."""
    tokens = [word for word in _TOKEN.findall(text) if word[0] != "#"]
    found = Sketch(tokens=len(tokens))
    if len(tokens) <= most:
        _Scan(found).read(tokens)
    return found


def is_subscription(text: str, name: str | None, *, most: int) -> bool:
    """Whether the operation called ``name``, or else the first, is a subscription."""
    for kind, own in sketch(text, most=most).operations:
        if name is None or name == own:
            return kind == "subscription"
    return False


class _Scan:
    """Reads tokens into a sketch. ``sets`` are the selection sets that are open, each the number of
    times that its keys stand in it; an inline fragment shares the set that it stands in.
    """

    def __init__(self, found: Sketch) -> None:
        self.found = found
        self.definitions: list[Definition] = []
        self.sets: list[Counter[str]] = []
        self.brackets = self.arguments = self.directives = 0
        self.levels: list[bool] = []
        self.inline = False
        self.before = ""
        self.heading = ""

    def read(self, tokens: list[str]) -> None:
        """All of ``tokens``."""
        for word, after in zip_longest(tokens, tokens[1:], fillvalue=""):
            if word in _OPENING:
                self._open(word)
            elif word in _CLOSING:
                self._close(word)
            elif word == "@":
                self.directives += 1
                self.found.directives = max(self.found.directives, self.directives)
            elif word == "$" and not self.sets:
                self.directives = 0
            elif not self.arguments:
                self._outside(word, after)
            self.before = word
        self._follow()

    def _open(self, word: str) -> None:
        self.brackets += 1
        self.found.nesting = max(self.found.nesting, self.brackets)
        if word == "(":
            self.arguments += 1
        elif word == "{" and not self.arguments:
            if not self.sets and not self.heading:
                self._define("")
                self.found.operations.append(("query", ""))
            shared = self.inline and self.sets
            self.sets.append(self.sets[-1] if shared else Counter())
            self.levels.append(bool(shared))
            self.inline, self.directives = False, 0

    def _close(self, word: str) -> None:
        self.brackets -= 1
        if word == ")":
            self.arguments = max(0, self.arguments - 1)
        elif word == "}" and not self.arguments and self.sets:
            self.sets.pop()
            self.levels.pop()
            self.inline = False
            if not self.sets:
                self.heading = ""

    def _outside(self, word: str, after: str) -> None:
        """A word that is no bracket and in no argument."""
        if word == "...":
            self.inline, self.directives = True, 0
        elif not (word[0].isalpha() or word[0] == "_") or self.before == "@":
            return
        elif not self.sets:
            self._head(word, after)
        elif self.inline:
            self._spread(word)
        elif after == ":":
            self.found.aliases += 1
            self._key(word)
        elif self.before == ":":
            self._field(word)
        else:
            self._key(word)
            self._field(word)

    def _head(self, word: str, after: str) -> None:
        if not self.heading:
            self.heading = word
            self.directives = 0
            if word == "fragment":
                self._define(f"...{after}")
                self.found.fragments += 1
            else:
                self._define("")
                self.found.operations.append((word, after))

    def _define(self, name: str) -> None:
        self.definitions.append(Definition(name=name))

    def _spread(self, word: str) -> None:
        """Behind dots: a type condition, or the name of a fragment."""
        if self.before == "..." and word != "on":
            self.inline = False
            self._key(f"...{word}")
            self.definitions[-1].spreads.append((f"...{word}", self._depth()))

    def _key(self, key: str) -> None:
        self.sets[-1][key] += 1
        self.found.repeated = max(self.found.repeated, self.sets[-1][key])
        self.directives = 0

    def _field(self, word: str) -> None:
        self.found.introspects |= word in INTROSPECTION
        definition = self.definitions[-1]
        definition.fields += 1
        definition.deepest = max(definition.deepest, self._depth())

    def _depth(self) -> int:
        return len(self.levels) - sum(self.levels)

    def _follow(self) -> None:
        """Fields and depth of operations with all that their fragments bring."""
        fragments = {one.name: one for one in self.definitions if one.name}
        known: dict[str, tuple[int, int]] = {}
        for one in (*fragments.values(), *self.definitions):
            fields, depth = self._whole(one, fragments, known, frozenset())
            if not one.name:
                self.found.fields += fields
                self.found.depth = max(self.found.depth, depth)

    def _whole(
        self,
        one: Definition,
        fragments: dict[str, Definition],
        known: dict[str, tuple[int, int]],
        within: frozenset[str],
    ) -> tuple[int, int]:
        if one.name in within:
            self.found.cyclic = True
            return 0, 0
        if one.name and one.name in known:
            return known[one.name]
        fields, depth = one.fields, one.deepest
        for name, at in one.spreads:
            if name in fragments:
                inner, deeper = self._whole(
                    fragments[name], fragments, known, within | {one.name} if one.name else within
                )
                fields, depth = fields + inner, max(depth, at - 1 + deeper)
        if one.name:
            known[one.name] = (fields, depth)
        return fields, depth
