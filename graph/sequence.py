"""Time-ordered numbers for tickets: unique without asking the graph, sortable as integers.

Milliseconds in the upper bits, a random process mark, then a counter: two processes may share a
millisecond; one process may write 4,096 tickets in one. The unique constraint guards the rest.
"""

import itertools
import secrets

_COUNTER_BITS = 12
_PROCESS_BITS = 8
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


def ticket_id(seq: int) -> str:
    """``T-`` and ``seq`` in Crockford's base 32: short, no look-alike letters, sorts by time."""
    digits = []
    while seq:
        seq, digit = divmod(seq, 32)
        digits.append(_ALPHABET[digit])
    return "T-" + "".join(reversed(digits))
