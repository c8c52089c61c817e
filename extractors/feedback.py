"""What the best documents resemble: pseudo relevance feedback.

The words that stand out in what a question finds first lead to more of the same (Lavrenko and
Croft 2001, "Relevance-Based Language Models"). Where they lead is known beforehand, so a question
only adds up the neighbours of what it found (Diaz 2005, "Regularizing Ad Hoc Retrieval Scores").
The less of the question its own words explain, the more neighbours count.
"""

from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from extractors.index import Index

_BEST = 20
"""So many documents are taken for what is asked."""
_WORDS = 40
"""So many words stand for a document."""
_NEIGHBOURS = 100
"""So many documents at most are near another."""
_SHARE = 0.3
"""How much neighbours count where the question alone explains nothing."""


class Feedback:
    """Of one index and the documents it was made of, in the same order."""

    def __init__(self, index: Index, documents: Collection[Sequence[str]]) -> None:
        width = min(_NEIGHBOURS, len(documents))
        self._places = np.zeros((len(documents), width), np.intp)
        self._values = np.zeros((len(documents), width))
        """Of each document, which others are near it, and how near; nothing is near by 0."""
        for at, document in enumerate(documents):
            scores = _near(index, document)
            if scores is not None:
                self._places[at] = _highest(scores, width)
                self._values[at] = scores[self._places[at]]

    def heard(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """``scores``, within 0..1, where what is near the best of them has come nearer to it; the
        highest one stays as high as it was.
        """
        best = _highest(scores, _BEST)
        found = scores[best]
        if not found.any():
            return scores
        values = self._values[best] * found[:, np.newaxis]
        like = np.bincount(self._places[best].ravel(), values.ravel(), minlength=len(scores))
        highest, nearest = float(found.max()), float(like.max())
        share = _SHARE * (1.0 - highest) ** 2 if nearest else 0.0
        mixed = (1.0 - share) / highest * scores + share / (nearest or 1.0) * like
        mixed[scores <= 0] = 0.0
        heard: NDArray[np.float64] = mixed * (highest / float(mixed.max()))
        return heard


def _near(index: Index, document: Sequence[str]) -> NDArray[np.float64] | None:
    """How much the words that stand out in a document lead to each, itself included; ``None`` where
    it has none.
    """
    counts = Counter(row for row in map(index.row, document) if row is not None)
    if not counts:
        return None
    words = {row: count * float(index.idf[row]) / len(document) for row, count in counts.items()}
    return index.weighed(dict(sorted(words.items(), key=lambda one: -one[1])[:_WORDS]))


def _highest(scores: NDArray[np.float64], count: int) -> NDArray[np.intp]:
    """Where the highest are, in any order; a copy, which does not keep the others in memory."""
    if count >= len(scores):
        return np.arange(len(scores))
    return np.argpartition(-scores, count)[:count].copy()
