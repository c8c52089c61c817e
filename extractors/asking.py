"""What a question asks for: its words, how much each of them says, and what else says the same.

People wrap a question in talk that knowledge never uses, and a rare word weighs much in any search:
so what is said around it counts for little, and contractions ("I'd", "isn't") for nothing.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files

from extractors.index import ASKED, STOPPED
from extractors.stemming import stem
from extractors.translation import alike
from graph.text import fold

_TALK = 0.2
"""How much of a word's weight is left where people merely talk."""
_ALIKE = 0.2
"""How much of its weight a word has that is not asked for, but stands for one that is."""
_REMEMBERED = 1 << 16
_SHORTENED = re.compile(r"(?:n['’]t|['’](?:s|m|re|ve|ll|d))$")
_CUT = frozenset({"ca", "wo", "sha"})
"""What "can't", "won't" and "shan't" leave."""


@cache
def _talk() -> frozenset[str]:
    source = files("extractors").joinpath("patterns/small_talk.txt").read_text("utf-8")
    lines = (line for line in source.splitlines() if not line.startswith("#"))
    return frozenset(map(fold, (word for line in lines for word in line.split())))


def asked(found: Iterable[str]) -> dict[str, float]:
    """Stems of the first distinct tokens of ``found`` in order, each with its weight in 0..1."""
    weights: dict[str, float] = {}
    for token in dict.fromkeys(found):
        if weight := _weight(token):
            weights.setdefault(*weight)
            if len(weights) == ASKED:
                break
    return weights


@lru_cache(maxsize=_REMEMBERED)
def _weight(token: str) -> tuple[str, float] | None:
    word = _SHORTENED.sub("", token)
    if not word or word in STOPPED or word in _CUT:
        return None
    return stem(word), _TALK if word in _talk() else 1.0


def said_otherwise(weights: Mapping[str, float]) -> dict[str, float]:
    """What else stands for what is asked, by ``asked``; nothing that is asked for itself."""
    found: dict[str, float] = {}
    for token, weight in weights.items():
        if weight >= 1.0:
            found.update(dict.fromkeys(alike(token), _ALIKE))
    for token in found.keys() & weights.keys():
        del found[token]
    return found
