"""What the best documents say, asked too: pseudo relevance feedback.

After Lavrenko and Croft 2001 ("Relevance-Based Language Models") and Abdul-Jaleel et al. 2004
(RM3): the words that stand out in what a question finds first lead to more of the same. The less of
the question that explains, the more they count.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from extractors.index import Index

_BEST = 20
"""So many documents are taken for what is asked."""
_WORDS = 40
"""So many of their words are asked for."""
_SHARE = 0.3
"""How much these count where the question alone explains nothing."""
_NOTHING = 1e-9


class Said(NamedTuple):
    """Words of a document: their rows in the index, and their share of it times their rarity."""

    rows: NDArray[np.intp]
    shares: NDArray[np.float64]


class Feedback:
    """Of one index and the documents it was made of, in the same order."""

    def __init__(self, index: Index, documents: Iterable[Sequence[str]]) -> None:
        self._index = index
        self._said = [_said(index, document) for document in documents]

    def heard(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """``scores``, within 0..1, where what resembles the best of them has come nearer to it; the
        highest one stays as high as it was.
        """
        best = np.argsort(-scores, kind="stable")[:_BEST]
        best = best[scores[best] > 0]
        if not best.size:
            return scores
        like = self._index.weighed(self._words(best, scores[best]))
        highest = float(scores[best[0]])
        share = _SHARE * (1.0 - highest) ** 2
        mixed = (1.0 - share) / highest * scores + share / max(float(like.max()), _NOTHING) * like
        mixed[scores <= 0] = 0.0
        return mixed * (highest / float(mixed.max()))

    def _words(self, best: NDArray[np.intp], scores: NDArray[np.float64]) -> Mapping[int, float]:
        """Rows of the words that stand out in the best documents, each with its weight."""
        said = [self._said[at] for at in best.tolist()]
        rows = np.concatenate([one.rows for one in said])
        shares = np.concatenate(
            [one.shares * score for one, score in zip(said, scores.tolist(), strict=True)]
        )
        found, places = np.unique(rows, return_inverse=True)
        weights = np.bincount(places, shares)
        chosen = np.argsort(-weights, kind="stable")[:_WORDS]
        return dict(zip(found[chosen].tolist(), weights[chosen].tolist(), strict=True))


def _said(index: Index, document: Sequence[str]) -> Said:
    counts = Counter(row for row in map(index.row, document) if row is not None)
    rows = np.fromiter(counts, np.intp, len(counts))
    shares = np.fromiter(counts.values(), np.float64, len(counts)) / max(len(document), 1)
    return Said(rows, shares * index.idf[rows])
