"""Ranked resolutions for a question: BM25 over their words and the names they are linked to.

BM25 after Robertson and Zaragoza 2009 ("The Probabilistic Relevance Framework"), k1 = 1.2,
b = 0.5. Scores are divided by what a document holding every question word would reach, so that
they lie within 0..1 and mean the same for short and long questions.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from graph.knowledge import Knowledge, ResolutionText
from graph.model import Guess
from graph.text import fold, tokens
from graph.vocabulary import Label

VERSION = "retriever.v1"
_K1, _B = 1.2, 0.5
_TITLE_COUNTS = 3
_GOODS = (Label.PRODUCT, Label.CATEGORY)


class Retriever:
    """An in-memory index, derived from one snapshot of the knowledge."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._ids = tuple(resolution.id for resolution in knowledge.resolutions)
        documents = [_tokens_of(resolution, knowledge) for resolution in knowledge.resolutions]
        self._vocabulary: dict[str, int] = {}
        for document in documents:
            for token in document:
                self._vocabulary.setdefault(token, len(self._vocabulary))
        self._matrix, self._idf = _weights(documents, self._vocabulary)
        self._unknown = float(np.log(1.0 + 2.0 * (len(documents) + 1)))

    def search(self, found: Iterable[str], *, limit: int = 5) -> tuple[Guess, ...]:
        """Resolutions that share ``tokens`` with a text, best first; score within 0..1."""
        asked = set(found)
        rows = [self._vocabulary[token] for token in asked if token in self._vocabulary]
        if not rows:
            return ()
        scores = self._scores(rows)
        reachable = float(self._idf[rows].sum()) + self._unknown * (len(asked) - len(rows))
        best = np.argsort(-scores, kind="stable")[:limit]
        return tuple(
            Guess(
                label=Label.RESOLUTION,
                id=self._ids[at],
                probability=min(1.0, float(scores[at]) / reachable),
                extractor=VERSION,
            )
            for at in best
            if scores[at] > 0
        )

    def _scores(self, rows: Sequence[int]) -> NDArray[np.float32]:
        # Slicing a scipy matrix by rows costs more than adding up its few posting lists by hand.
        starts, columns, values = self._matrix.indptr, self._matrix.indices, self._matrix.data
        scores = np.zeros(len(self._ids), np.float32)
        for row in rows:
            posting = slice(starts[row], starts[row + 1])
            scores[columns[posting]] += values[posting]
        return scores


def _tokens_of(resolution: ResolutionText, knowledge: Knowledge) -> list[str]:
    parts: list[str] = []
    for language, title in resolution.names.items():
        parts += [title] * _TITLE_COUNTS
        parts += (
            part
            for step in resolution.steps[language]
            for part in (step.action, step.condition, step.expected)
        )
    linked = [(Label.ISSUE, id_) for id_ in resolution.issues]
    linked += [(label, id_) for id_ in resolution.applies_to for label in _GOODS]
    for key in linked:
        if name := knowledge.names.get(key):
            parts += name.phrases
    return [token for part in parts for token in tokens(fold(part))]


def _weights(
    documents: Sequence[Iterable[str]], vocabulary: dict[str, int]
) -> tuple[csr_matrix, NDArray[np.float32]]:
    counts = [Counter(document) for document in documents]
    lengths = np.array([sum(count.values()) for count in counts] or [0], dtype=np.float32)
    frequency = np.zeros(len(vocabulary), dtype=np.float32)
    for count in counts:
        frequency[[vocabulary[token] for token in count]] += 1
    idf = np.log(1.0 + (len(documents) - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
    rows, columns, values = [], [], []
    norms = _K1 * (1 - _B + _B * lengths / max(float(lengths.mean()), 1.0))
    for column, count in enumerate(counts):
        for token, n in count.items():
            row = vocabulary[token]
            rows.append(row)
            columns.append(column)
            # Divided by (k1 + 1), one term alone reaches at most its idf.
            values.append(idf[row] * n / (n + norms[column]))
    shape = (len(vocabulary), max(len(documents), 1))
    return csr_matrix((np.array(values, np.float32), (rows, columns)), shape=shape), idf
