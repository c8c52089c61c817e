"""What the few words of a follow-up say: an amount or a time, a rank, or nothing."""

import re
from collections.abc import Set

from graph.ontology import Asked
from graph.question.amount import find_quantities
from graph.question.asking import LONGEST
from graph.question.lexicon import Hit, Kind, lexicon, words_of
from graph.question.quantity import Quantity
from graph.question.words import SILENT
from graph.text import fold, is_han

WHO = re.compile(r"\bwho\b|谁")
_ANY_TIME_MS = 1_750_000_000_000
"""Where a time is said does not depend on when."""
_GOING_ON = frozenset("那么呢说还有份的")
_GOES_ON = frozenset(
    {"about", "and", "for", "how", "instead", "make", "now"}
    | {"each", "ones", "or", "per", "person", "say", "then", "those", "what", "with"}
)
"""What comes before another number or time, and says nothing itself."""


def bound_in(folded: str, *, like: Quantity | None = None) -> Quantity | None:
    """The number that compares, or the time, in a text; one like another, where there is one. None
    in a story.
    """
    if len(folded) > LONGEST:
        return None
    found = (one for one in find_quantities(folded, now_ms=_ANY_TIME_MS) if not one.bare)
    return next((one for one in found if like is None or one.is_time is like.is_time), None)


def says_nothing(folded: str) -> bool:
    """Whether a text has only words that lead to another."""
    return all(
        char in SILENT["zh"] or char in _GOING_ON for char in folded if is_han(char)
    ) and all(word.text in SILENT["en"] | _GOES_ON for word in words_of(folded))


def ranked(text: str) -> Hit | None:
    """By what a text asks for the most or the least."""
    return longest(text, {Kind.MOST, Kind.LEAST})


def longest(text: str, kinds: Set[Kind], *, like: Hit | None = None) -> Hit | None:
    """The longest hit of these kinds, of the property that another is of, where there is one."""
    hits = (
        hit
        for hit in lexicon().find(fold(text))
        if hit.kind in kinds and (like is None or _of(hit) is _of(like))
    )
    return max(hits, key=lambda one: len(one.places), default=None)


def _of(hit: Hit) -> Asked:
    found: Asked = hit.said[0] if hit.kind is Kind.VALUE else hit.said
    return found
