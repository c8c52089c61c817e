"""Fits the issue classifier on labelled texts. Deterministic; seconds for tens of thousands."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from extractors.classifier import Classifier, softmax
from extractors.errors import TrainingError
from extractors.features import features
from graph.text import fold

_SMALL = 3000
_HELD_OUT = 5
_MEASURED = 12_000
_UNMEASURED = 0.4
"""The temperature where there is too little to measure it: between what histories gave."""


def bare_vectorizer(texts: int) -> TfidfVectorizer:
    """The TF-IDF step on its own: also the yardstick that ``evaluate routing`` prints beside."""
    return TfidfVectorizer(
        preprocessor=fold,
        tokenizer=features,
        token_pattern=None,
        lowercase=False,
        sublinear_tf=True,
        min_df=1 if texts < _SMALL else 2,
        dtype=np.float32,
    )


def bare_model() -> LinearSVC:
    """The linear step on its own."""
    return LinearSVC(C=0.5, random_state=0)


def train_classifier(texts: Sequence[str], labels: Sequence[str]) -> Classifier:
    """Fit on parallel ``texts`` and ``labels`` (issue ids).

    Raises:
        TrainingError: fewer than two labels, or no text with a usable feature.
    """
    if len(set(labels)) < 2:
        raise TrainingError(f"two different issues are needed to train; found {len(set(labels))}")
    vectorizer = bare_vectorizer(len(texts))
    try:
        matrix = csr_matrix(vectorizer.fit_transform(texts))
    except ValueError as error:
        raise TrainingError(f"the texts hold nothing to learn from: {error}") from None
    names = sorted(set(labels))
    column = {name: place for place, name in enumerate(names)}
    targets = np.array([column[label] for label in labels])
    model = bare_model().fit(matrix, targets)
    weights, intercept = _both_columns(model.coef_, model.intercept_)
    return Classifier(
        name=f"classifier.v1/{_digest(texts, labels)}",
        labels=tuple(names),
        vocabulary={str(word): row for row, word in enumerate(vectorizer.get_feature_names_out())},
        idf=vectorizer.idf_.astype(np.float32),
        weights=np.ascontiguousarray(weights.T, dtype=np.float32),
        intercept=intercept.astype(np.float32),
        temperature=_temperature(matrix, targets),
        documents=len(texts),
    )


def _both_columns(
    coefficients: NDArray[np.float64], intercept: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    # With two classes scikit-learn keeps one row, the margin of the second class.
    if len(coefficients) > 1:
        return coefficients, intercept
    return np.vstack([-coefficients, coefficients]), np.concatenate([-intercept, intercept])


def _temperature(matrix: csr_matrix, targets: NDArray[np.int_]) -> float:
    """The softmax temperature that makes held-out labels likeliest."""
    rarest = min(Counter(targets.tolist()).values())
    if rarest < 2 or len(targets) < 40:
        return _UNMEASURED
    folds = StratifiedKFold(min(_HELD_OUT, rarest), shuffle=True, random_state=0)
    fitted, held = next(folds.split(matrix, targets))
    # One number needs no large sample; fitting all rows a second time would double the training.
    fitted, held = fitted[:_MEASURED], held[:_MEASURED]
    if len(set(targets[fitted].tolist())) < len(set(targets.tolist())):
        return _UNMEASURED
    model = bare_model().fit(matrix[fitted], targets[fitted])
    weights, intercept = _both_columns(model.coef_, model.intercept_)
    margins = matrix[held] @ weights.T + intercept

    def loss(log_temperature: float) -> float:
        right = softmax(margins / np.exp(log_temperature))[np.arange(len(held)), targets[held]]
        return float(-np.log(right + 1e-12).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-4, 2), method="bounded").x))


def _digest(texts: Iterable[str], labels: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for text, label in zip(texts, labels, strict=True):
        digest.update(f"{label}\0{text}\0".encode())
    return digest.hexdigest()[:12]
