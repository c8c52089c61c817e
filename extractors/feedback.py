"""What the best documents resemble: pseudo relevance feedback.

The words that stand out in what a question finds first lead to more of the same (Lavrenko and
Croft 2001, "Relevance-Based Language Models"). Where they lead is known beforehand, so a question
only adds up the neighbours of what it found (Diaz 2005, "Regularizing Ad Hoc Retrieval Scores").
The less of the question its own words explain, the more neighbours count.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

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


class Near(NamedTuple):
    """Places of the documents that are near one, and how near."""

    places: NDArray[np.intp]
    values: NDArray[np.float64]


class Feedback:
    """Of one index and the documents it was made of, in the same order."""

    def __init__(self, index: Index, documents: Iterable[Sequence[str]]) -> None:
        self._near = [_near(index, document) for document in documents]

    def heard(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """``scores``, within 0..1, where what is near the best of them has come nearer to it; the
        highest one stays as high as it was.
        """
        best = _highest(scores, _BEST)
        found = scores[best].tolist()
        near = [
            (self._near[at], score) for at, score in zip(best.tolist(), found, strict=True) if score
        ]
        if not near:
            return scores
        values = np.concatenate([one.values for one, _ in near])
        values *= np.repeat([score for _, score in near], [len(one.values) for one, _ in near])
        places = np.concatenate([one.places for one, _ in near])
        like = np.bincount(places, values, minlength=len(scores))
        highest, nearest = max(found), float(like.max())
        share = _SHARE * (1.0 - highest) ** 2 if nearest else 0.0
        mixed = (1.0 - share) / highest * scores + share / (nearest or 1.0) * like
        mixed[scores <= 0] = 0.0
        heard: NDArray[np.float64] = mixed * (highest / float(mixed.max()))
        return heard


def _near(index: Index, document: Sequence[str]) -> Near:
    """What the words that stand out in a document lead to, it itself included."""
    counts = Counter(row for row in map(index.row, document) if row is not None)
    if not counts:
        return Near(np.empty(0, np.intp), np.empty(0))
    words = {row: count * float(index.idf[row]) / len(document) for row, count in counts.items()}
    scores = index.weighed(dict(sorted(words.items(), key=lambda one: -one[1])[:_WORDS]))
    places = _highest(scores, _NEIGHBOURS)
    return Near(places, scores[places])


def _highest(scores: NDArray[np.float64], count: int) -> NDArray[np.intp]:
    """Where the highest are, in any order; a copy, which does not keep the others in memory."""
    if count >= len(scores):
        return np.arange(len(scores))
    return np.argpartition(-scores, count)[:count].copy()
