"""Words that nobody has written before, taken for the nearest that somebody has.

Of short texts only: a long one says what it is about without its typing errors. Swapped letters
count as one error (optimal string alignment); first letters are rarely wrong.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

_LONGEST_TEXT = 60
_MENDED = 6
_SHORTEST = 5
_LONG = 8


class Spelling:
    """Mends words by the vocabulary of a model."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._near: dict[str, list[str]] = defaultdict(list)
        for word in vocabulary:
            if _is_word(word):
                self._near[word[0]].append(word)

    def mended(self, words: Sequence[str], *, known: Container[str]) -> Sequence[str]:
        """``words`` with the first few unknown ones mended, where a known one is near enough: one
        error, or two in a long word.
        """
        if len(words) > _LONGEST_TEXT:
            return words
        unknown = [
            place for place, word in enumerate(words) if word not in known and _is_word(word)
        ]
        if not unknown:
            return words
        found = list(words)
        for place in unknown[:_MENDED]:
            found[place] = self._nearest(words[place])
        return found

    def _nearest(self, word: str) -> str:
        most = 1 if len(word) < _LONG else 2
        some = self._near.get(word[0], ())
        best = extractOne(word, some, scorer=OSA.distance, score_cutoff=most)
        return best[0] if best else word


def _is_word(word: str) -> bool:
    return len(word) >= _SHORTEST and word.isascii() and word.isalpha()
