"""BM25 over a handful of documents, in memory.

After Robertson and Zaragoza 2009 ("The Probabilistic Relevance Framework"), k1 = 1.2, b = 0.5.
Scores are divided by what a document holding every asked word would reach, so that they lie
within 0..1 and mean the same for short and long questions.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import filterfalse, islice, pairwise

import numpy as np
from numpy.typing import NDArray
from spacy.lang.en.stop_words import STOP_WORDS as _ENGLISH
from spacy.lang.zh.stop_words import STOP_WORDS as _CHINESE

from graph.text import fold, is_han

_K1, _B = 1.2, 0.5
STOPPED = frozenset(map(fold, (*_ENGLISH, *_CHINESE)))
ASKED = 64
"""Distinct words looked up: a question has fewer, and a long letter says early what it is about."""
_NONE: Mapping[str, float] = {}
_UNKNOWN_PAIR = 0.25
"""An unknown pair of Han characters mostly straddles two words; an unknown word is missing."""


class Index:
    """Documents by id, each a list of tokens."""

    def __init__(self, documents: Mapping[str, Sequence[str]]) -> None:
        self.ids = tuple(documents)
        self._rows: dict[str, int] = {}
        for document in documents.values():
            for token in document:
                self._rows.setdefault(token, len(self._rows))
        idf, self._postings = _weights(tuple(documents.values()), self._rows)
        self.idf = idf
        self._idf: list[float] = idf.tolist()
        self._unknown = float(np.log(1.0 + 2.0 * (len(documents) + 1)))
        self._unknown_pair = self._unknown * _UNKNOWN_PAIR

    def row(self, token: str) -> int | None:
        """The number of a token that documents hold and that says something."""
        return None if token in STOPPED else self._rows.get(token)

    def search(self, tokens: Iterable[str], *, limit: int) -> list[tuple[str, float]]:
        """(id, score within 0..1) of documents that share the distinct ``tokens``, best first."""
        scores = self.scores(dict.fromkeys(tokens, 1.0))
        if scores is None:
            return []
        best = np.argsort(-scores, kind="stable")[:limit]
        ranked = zip(best.tolist(), scores[best].tolist(), strict=True)
        return [(self.ids[at], score) for at, score in ranked if score > 0]

    def scores(
        self, asked: Mapping[str, float], *, besides: Mapping[str, float] = _NONE
    ) -> NDArray[np.float64] | None:
        """Each document's score, within 0..1, by tokens and how much each counts; ``None`` where
        none is known. What is found ``besides`` is welcome, but not missed.
        """
        if not self.ids:
            return None
        look_up, idf = self._rows.get, self._idf
        known: dict[int, float] = {}
        reachable = 0.0
        for token in islice(filterfalse(STOPPED.__contains__, asked), ASKED):
            weight, row = asked[token], look_up(token)
            if row is not None:
                reachable += idf[row] * weight
                known[row] = weight
            else:
                reachable += (self._unknown_pair if is_han(token) else self._unknown) * weight
        for token, weight in besides.items():
            row = look_up(token)
            if row is not None:
                known.setdefault(row, weight)
        if not known:
            return None
        return np.minimum(self.weighed(known) / (reachable or 1.0), 1.0)

    def weighed(self, rows: Mapping[int, float]) -> NDArray[np.float64]:
        """Each document's sum over ``rows`` of words, at least one, each by its weight."""
        postings = [self._postings[row] for row in rows]
        found = np.concatenate(postings)
        weights = np.repeat(np.fromiter(rows.values(), np.float64), list(map(len, postings)))
        columns, values = found[:, 0].astype(np.intp), found[:, 1] * weights
        return np.bincount(columns, values, minlength=len(self.ids)).astype(np.float64, copy=False)


def _weights(
    documents: Sequence[Sequence[str]], vocabulary: Mapping[str, int]
) -> tuple[NDArray[np.float64], list[NDArray[np.float64]]]:
    """Of each word: its idf, and its postings (document, weight)."""
    counts = [Counter(document) for document in documents]
    lengths = np.array([len(document) for document in documents] or [0], dtype=np.float64)
    frequency = np.zeros(len(vocabulary), dtype=np.int64)
    for count in counts:
        frequency[[vocabulary[token] for token in count]] += 1
    idf = np.log(1.0 + (len(documents) - frequency + 0.5) / (frequency + 0.5))
    norms = _K1 * (1 - _B + _B * lengths / max(float(lengths.mean()), 1.0))
    # Without the usual factor (k1 + 1), one word alone reaches at most its idf.
    cells = sorted(
        (vocabulary[token], column, idf[vocabulary[token]] * n / (n + norms[column]))
        for column, count in enumerate(counts)
        for token, n in count.items()
    )
    postings = np.array([cell[1:] for cell in cells], np.float64).reshape(-1, 2)
    bounds = pairwise([0, *np.cumsum(frequency).tolist()])
    return idf, [postings[start:end] for start, end in bounds]
