"""Issue classes of a text: TF-IDF and linear margins, turned into calibrated probabilities.

The model is plain arrays and JSON, never a pickle: reading one cannot run code.
Margins become probabilities by a softmax with one temperature, fitted on held-out rows
(Guo et al. 2017, "On Calibration of Modern Neural Networks").
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extractors.errors import ModelError
from graph.model import Guess
from graph.vocabulary import Label

FORMAT = "classifier.v1"
MAX_GUESSES = 5
MIN_PROBABILITY = 0.02


@dataclass(frozen=True, kw_only=True)
class Classifier:
    """A trained linear model.

    ``vocabulary`` maps a feature to its row of ``weights`` (features x classes, float32);
    ``labels`` name the columns; ``documents`` counts the texts it was trained on.
    """

    name: str
    labels: tuple[str, ...]
    vocabulary: dict[str, int]
    idf: NDArray[np.float32]
    weights: NDArray[np.float32]
    intercept: NDArray[np.float32]
    temperature: float
    documents: int

    def margins(self, found: Iterable[str]) -> NDArray[np.float32]:
        """One margin per label of these features; the intercept alone when none is known."""
        counts = Counter(found)
        vocabulary = self.vocabulary
        known = [(vocabulary[name], n) for name, n in counts.items() if name in vocabulary]
        if not known:
            return self.intercept
        rows = np.fromiter((row for row, _ in known), np.intp, len(known))
        counts_ = np.fromiter((n for _, n in known), np.float32, len(known))
        values: NDArray[np.float32] = np.float32(1.0) + np.log(counts_)
        values *= self.idf[rows]
        values /= np.sqrt(values @ values)
        margins: NDArray[np.float32] = values @ self.weights[rows] + self.intercept
        return margins

    def guess(self, found: Iterable[str]) -> tuple[Guess, ...]:
        """The likeliest issues for these ``features``, best first.

        The probabilities of all labels together are one.
        """
        probabilities = softmax(self.margins(found) / self.temperature)
        best = np.argsort(-probabilities)[:MAX_GUESSES]
        return tuple(
            Guess(
                label=Label.ISSUE,
                id=self.labels[at],
                probability=float(probabilities[at]),
                extractor=self.name,
            )
            for at in best
            if probabilities[at] >= MIN_PROBABILITY
        )

    def rarest(self, tokens: Sequence[str], *, limit: int, postings: int) -> tuple[str, ...]:
        """The distinct ``tokens`` seen in training, least frequent there first.

        Stops at ``limit`` tokens, or before they stand in more than ``postings`` texts together:
        what a full-text index has to read grows with that.
        """
        known = {token for token in tokens if token in self.vocabulary}
        ranked = sorted(known, key=lambda token: (-self.idf[self.vocabulary[token]], token))
        chosen: list[str] = []
        for token in ranked[:limit]:
            postings -= self._frequency(token)
            if postings < 0:
                break
            chosen.append(token)
        return tuple(chosen)

    def _frequency(self, token: str) -> int:
        # idf = ln((1 + documents) / (1 + frequency)) + 1, as scikit-learn smooths it.
        idf = float(self.idf[self.vocabulary[token]])
        return round((1 + self.documents) / math.exp(idf - 1) - 1)


def softmax(values: NDArray[Any]) -> NDArray[Any]:
    """Along the last axis; shifted, so that large margins do not overflow."""
    powers = np.exp(values - values.max(axis=-1, keepdims=True))
    result: NDArray[Any] = powers / powers.sum(axis=-1, keepdims=True)
    return result


def save_classifier(classifier: Classifier, folder: Path) -> None:
    """Write ``classifier.json`` and ``classifier.npz``; the old pair stays until both are ready."""
    folder.mkdir(parents=True, exist_ok=True)
    about = {
        "format": FORMAT,
        "name": classifier.name,
        "labels": classifier.labels,
        "temperature": classifier.temperature,
        "documents": classifier.documents,
        "vocabulary": list(classifier.vocabulary),
    }
    arrays, described = folder / "classifier.npz.new", folder / "classifier.json.new"
    with arrays.open("wb") as file:
        np.savez(
            file, idf=classifier.idf, weights=classifier.weights, intercept=classifier.intercept
        )
    described.write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
    arrays.replace(folder / "classifier.npz")
    described.replace(folder / "classifier.json")


def load_classifier(folder: Path) -> Classifier:
    """Read what ``save_classifier`` wrote.

    Raises:
        ModelError: missing, damaged, or of another format.
    """
    try:
        about = json.loads((folder / "classifier.json").read_text(encoding="utf-8"))
        with np.load(folder / "classifier.npz", allow_pickle=False) as arrays:
            idf, weights, intercept = arrays["idf"], arrays["weights"], arrays["intercept"]
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{folder}: no usable classifier ({error}); train one again") from None
    if about.get("format") != FORMAT or weights.shape != (
        len(about["vocabulary"]),
        len(about["labels"]),
    ):
        raise ModelError(f"{folder}: not a {FORMAT} model, or its two files differ; train again")
    return Classifier(
        name=about["name"],
        labels=tuple(about["labels"]),
        vocabulary={feature: row for row, feature in enumerate(about["vocabulary"])},
        idf=idf,
        weights=weights,
        intercept=intercept,
        temperature=about["temperature"],
        documents=about["documents"],
    )
