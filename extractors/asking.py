"""What a question asks for: its words, how much each of them says, and what else says the same.

People wrap a question in talk that knowledge never uses, and a rare word weighs much in any search:
so what is said around it counts for little, and contractions ("I'd", "isn't") for nothing.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from extractors.index import STOPPED
from extractors.stemming import stem
from extractors.translation import alike
from graph.text import fold

_TALK = 0.2
"""How much of a word's weight is left where people merely talk."""
_ALIKE = 0.2
"""How much of its weight a word has that is not asked for, but stands for one that is."""
_SHORTENED = re.compile(r"(?:n['’]t|['’](?:s|m|re|ve|ll|d))$")
_CUT = frozenset({"ca", "wo", "sha"})
"""What "can't", "won't" and "shan't" leave."""


@cache
def _talk() -> frozenset[str]:
    source = files("extractors").joinpath("patterns/small_talk.txt").read_text("utf-8")
    lines = (line for line in source.splitlines() if not line.startswith("#"))
    return frozenset(map(fold, (word for line in lines for word in line.split())))


def asked(found: Iterable[str]) -> dict[str, float]:
    """Stems of the distinct tokens ``found`` in order, each with its weight within 0..1."""
    weights: dict[str, float] = {}
    for token in found:
        word = _SHORTENED.sub("", token)
        if word and word not in STOPPED and word not in _CUT:
            weights.setdefault(stem(word), _TALK if word in _talk() else 1.0)
    return weights


def said_otherwise(weights: Mapping[str, float]) -> dict[str, float]:
    """What else stands for what is asked, by ``asked``; nothing that is asked for itself."""
    others = (other for one, weight in weights.items() if weight >= 1.0 for other in alike(one))
    return {other: _ALIKE for other in others if other not in weights}
