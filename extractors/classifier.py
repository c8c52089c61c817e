"""Issue classes of a text: TF-IDF and linear margins, turned into calibrated probabilities.

The model is plain arrays and JSON, never a pickle: reading one cannot run code.
Margins become probabilities by a softmax with one temperature, fitted on held-out rows
(Guo et al. 2017, "On Calibration of Modern Neural Networks").
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from extractors.errors import ModelError
from graph.model import Guess
from graph.vocabulary import Label

FORMAT = "classifier.v1"
MAX_GUESSES = 5
MIN_PROBABILITY = 0.02
_DAMAGE = (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError, BadZipFile)


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
        look_up = self.vocabulary.get
        known = [row for name in found if (row := look_up(name)) is not None]
        if not known:
            return self.intercept
        rows, counts = np.unique(np.array(known, np.intp), return_counts=True)
        values: NDArray[np.float32] = np.float32(1.0) + np.log(counts, dtype=np.float32)
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
        rows = {row: token for token in tokens if (row := self.vocabulary.get(token)) is not None}
        places = np.fromiter(rows, np.intp, len(rows))
        ranked = places[np.argsort(-self.idf[places], kind="stable")[:limit]]
        chosen: list[str] = []
        for row in ranked.tolist():
            postings -= self._frequency(row)
            if postings < 0:
                break
            chosen.append(rows[row])
        return tuple(chosen)

    def _frequency(self, row: int) -> int:
        # idf = ln((1 + documents) / (1 + frequency)) + 1, as scikit-learn smooths it.
        return round((1 + self.documents) / math.exp(float(self.idf[row]) - 1) - 1)


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
        # Opened here: numpy leaves its own file open where the archive is damaged.
        with (
            (folder / "classifier.npz").open("rb") as file,
            np.load(file, allow_pickle=False) as arrays,
        ):
            return _classifier(about, arrays)
    except _DAMAGE as error:
        reason = f"{type(error).__name__}: {error}"
        raise ModelError(f"{folder}: no usable classifier ({reason}); train one again") from None


def _classifier(about: Mapping[str, Any], arrays: Mapping[str, NDArray[np.float32]]) -> Classifier:
    features, labels, weights = about["vocabulary"], about["labels"], arrays["weights"]
    if about["format"] != FORMAT or weights.shape != (len(features), len(labels)):
        raise ValueError(f"not a {FORMAT} model, or its two files differ")
    return Classifier(
        name=about["name"],
        labels=tuple(labels),
        vocabulary={feature: row for row, feature in enumerate(features)},
        idf=arrays["idf"],
        weights=weights,
        intercept=arrays["intercept"],
        temperature=about["temperature"],
        documents=about["documents"],
    )
