"""Figures of predictions, and a bare classifier to stand beside the product's."""

from collections.abc import Sequence

from sklearn.metrics import accuracy_score, f1_score

from extractors.training import bare_model, bare_vectorizer


def accuracy(expected: Sequence[str], predicted: Sequence[str]) -> float:
    """The share that is right, 0..1."""
    return float(accuracy_score(expected, predicted))


def macro_f1(expected: Sequence[str], predicted: Sequence[str]) -> float:
    """F1 of each label, every label counting the same, 0..1."""
    return float(f1_score(expected, predicted, average="macro"))


def bare_predictions(
    texts: Sequence[str], labels: Sequence[str], *, asked: Sequence[str]
) -> list[str]:
    """What TF-IDF and a linear SVM alone, fitted on ``texts``, say of ``asked``."""
    vectorizer = bare_vectorizer(len(texts))
    model = bare_model().fit(vectorizer.fit_transform(texts), labels)
    return list(map(str, model.predict(vectorizer.transform(asked))))
