"""Spans of a text that never overlap: the first to come keeps its characters."""

from bisect import bisect_left


class Spans:
    """A growing set of half-open spans; finding room in it takes logarithmic time."""

    def __init__(self) -> None:
        self._taken: list[tuple[int, int]] = []

    def take(self, start: int, end: int) -> bool:
        """Take the characters from ``start`` to ``end`` (``start < end``) if all are free."""
        if not self.is_free(start, end):
            return False
        self._taken.insert(bisect_left(self._taken, (start, end)), (start, end))
        return True

    def is_free(self, start: int, end: int) -> bool:
        """Whether nobody has taken any of these characters."""
        at = bisect_left(self._taken, (start, end))
        if at and self._taken[at - 1][1] > start:
            return False
        return at >= len(self._taken) or self._taken[at][0] >= end
