"""Time-ordered numbers for tickets: unique without asking the graph, sortable as integers.

Milliseconds in the upper bits, a random process mark, then a counter: two processes may share a
millisecond; one process may write 4,096 tickets in one. The unique constraint guards the rest.
"""

import itertools
import secrets

_COUNTER_BITS = 12
_PROCESS_BITS = 8
_UNITS = (33, 38, 43, 48, 53, 58)
"""Lengths of time that a text index knows: 2 to the power of so many, from 8 seconds to 9 years."""
_WORDS = 64
"""How many units of one length make a stretch of time, unless it is said; 2 ** 5 fill one of the
next, so that what is found besides is at most half as much."""
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Sequence:
    """A source of ``seq`` values for one process."""

    def __init__(self) -> None:
        self._process = secrets.randbits(_PROCESS_BITS)
        self._counter = itertools.count(secrets.randbits(_COUNTER_BITS))

    def next(self, at: int) -> int:
        """A ``seq`` for a ticket created ``at`` (milliseconds since the epoch)."""
        counter = next(self._counter) % (1 << _COUNTER_BITS)
        return ((at << _PROCESS_BITS | self._process) << _COUNTER_BITS) | counter


def ages(seq: int) -> str:
    """When ``seq`` was, in words of a full-text index: the units of each of ``_UNITS`` it lies in.

    No text has such words: ``graph.text.tokens`` never gives a sign.
    """
    return " ".join(_age(seq, bits) for bits in _UNITS)


def ages_between(first: int, last: int, *, most: int = _WORDS) -> list[str]:
    """At most ``most`` of these words by which every ``seq`` from ``first`` to ``last`` is found.

    They find some before ``first`` and behind ``last``, too: those of the same units.
    """
    bits = next(bits for bits in _UNITS if (last >> bits) - (first >> bits) < most)
    return [_age(unit << bits, bits) for unit in range(first >> bits, (last >> bits) + 1)]


def _age(seq: int, bits: int) -> str:
    return f"@{bits}.{seq >> bits}"


def ticket_id(seq: int) -> str:
    """``T-`` and ``seq`` in Crockford's base 32: short, no look-alike letters, sorts by time."""
    digits = []
    while seq:
        seq, digit = divmod(seq, 32)
        digits.append(_ALPHABET[digit])
    return "T-" + "".join(reversed(digits))
