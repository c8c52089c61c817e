"""Messages that reach any desk by mistake: what they are told from a company's own by."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

from extractors.features import features, weighed
from graph.text import fold

_LIKELY = -0.5
"""The margin from which an issue of the company may be what a message is about."""
_TEXTS = 12_000
"""From so many of the company's texts, evenly taken, these messages are told."""


class OffTopic:
    """The shipped messages as rows beside those of a company's texts: a class beside its issues
    (outlier exposure, Hendrycks et al. 2019).

    Of the messages those stay that no issue of the company is likely about. Their words
    that the company never uses weigh as much as its rarest, and nothing for any issue: what the
    issues' margins are is the same with them and without.
    """

    def __init__(
        self,
        words: Mapping[str, int],
        idf: NDArray[np.float64],
        weights: NDArray[np.float64],
        intercept: NDArray[np.float64],
    ) -> None:
        counted = [Counter(features(fold(text))) for text in off_topic()]
        fresh = dict.fromkeys(name for counts in counted for name in counts if name not in words)
        added = {name: len(words) + at for at, name in enumerate(fresh)}
        self.vocabulary = {**words, **added}
        self.idf = np.append(idf, idf.max() * weighed(fresh))
        rows = self._scaled(counted)
        likely = rows[:, : len(words)] @ weights.T + intercept
        self.rows = rows[np.flatnonzero(likely.max(axis=1) < _LIKELY)]

    def _scaled(self, counted: Sequence[Counter[str]]) -> csr_matrix:
        places = [
            (at, self.vocabulary[name], n)
            for at, one in enumerate(counted)
            for name, n in one.items()
        ]
        at, column, count = (np.array(part) for part in zip(*places, strict=True))
        values = (1.0 + np.log(count)) * self.idf[column]
        found = csr_matrix((values, (at, column)), (len(counted), len(self.vocabulary)))
        return csr_matrix(normalize(found))

    def widened(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """With no weight for the words that only these messages have."""
        return np.pad(weights, ((0, 0), (0, len(self.vocabulary) - weights.shape[1])))

    def column(self, matrix: csr_matrix, rows: csr_matrix) -> tuple[NDArray[np.float64], float]:
        """Weights and intercept that tell ``rows`` of these messages from the company's texts."""
        step = max(1, matrix.shape[0] // _TEXTS)
        texts = self.wide(matrix[::step])
        is_other = np.arange(texts.shape[0] + rows.shape[0]) >= texts.shape[0]
        model = LinearSVC(C=0.5, random_state=0, class_weight="balanced")
        model.fit(vstack([texts, rows]), is_other)
        return model.coef_[0], float(model.intercept_[0])

    def wide(self, matrix: csr_matrix) -> csr_matrix:
        """The company's rows among all columns."""
        return csr_matrix(
            (matrix.data, matrix.indices, matrix.indptr),
            (matrix.shape[0], len(self.vocabulary)),
        )


@cache
def off_topic() -> tuple[str, ...]:
    """Messages that reach any desk by mistake."""
    source = files("extractors").joinpath("patterns/off_topic.txt").read_text("utf-8")
    return tuple(line for line in source.splitlines() if line and not line.startswith("#"))
