"""English names that say the same in other words: by the stems of the words that carry them.

``When an import fails`` is ``Import fails``; ``Battery does not charge`` is not ``Bike does not
charge``. A number or a negation that only one of them has keeps two names apart.
"""

from collections import defaultdict
from functools import lru_cache
from itertools import islice

from extractors.building.naming import codes_of
from extractors.building.register import Node, Register
from extractors.index import STOPPED
from extractors.stemming import stem
from graph.text import fold, has_han, words

_NEGATIONS = frozenset(
    {"not", "no", "never", "cannot", "can't", "won't", "doesn't", "don't", "isn't", "didn't"}
)
_LEAST = 3
_ALIKE = 0.6


class Gists:
    """The nodes of a register by what their English names say."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._taken = 0
        self._held: dict[str, list[tuple[frozenset[str], str, Node]]] = defaultdict(list)

    def find(self, name: str) -> Node | None:
        """The only node that a name of this gist has, or of one that is most of it."""
        gist = gist_of(name)
        if len(gist) < _LEAST:
            return None
        self._take()
        rarest = sorted(gist, key=lambda one: len(self._held.get(one, ())))
        # Whatever shares so much of a name shares one of its rarer words.
        found = {
            id(node.alive): node.alive
            for one in rarest[: 1 + len(gist) // _LEAST]
            for other, full, node in self._held.get(one, ())
            if _is_same(gist, other) and codes_of(full) == codes_of(name)
        }
        return next(iter(found.values())) if len(found) == 1 else None

    def _take(self) -> None:
        for full, node in islice(self._register.spelled, self._taken, None):
            gist = gist_of(full)
            for one in gist if len(gist) >= _LEAST else ():
                self._held[one].append((gist, full, node))
        self._taken = len(self._register.spelled)


@lru_cache(maxsize=1 << 14)
def gist_of(name: str) -> frozenset[str]:
    """The stems of an English name's own words; none of a Chinese one."""
    if has_han(name):
        return frozenset()
    said = words(fold(name).replace("’", "'"))
    return frozenset(
        "not" if word in _NEGATIONS else stem(word)
        for word in said
        if word in _NEGATIONS or word not in STOPPED
    )


def _is_same(one: frozenset[str], other: frozenset[str]) -> bool:
    if ("not" in one) != ("not" in other) or not (one <= other or other <= one):
        return False
    return len(one & other) >= _ALIKE * len(one | other)
