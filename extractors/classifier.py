"""Issue classes of a text: TF-IDF and linear margins, turned into calibrated probabilities.

The model is plain arrays and JSON, never a pickle: reading one cannot run code.
Margins become probabilities by a softmax with one temperature, fitted on held-out rows
(Guo et al. 2017, "On Calibration of Modern Neural Networks").
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from extractors.errors import ModelError
from extractors.features import is_word
from graph.model import Guess
from graph.vocabulary import Label

FORMAT = "classifier.v2"
MAX_GUESSES = 5
MIN_PROBABILITY = 0.02
_UNSEEN = -1
_NEW = 1.0
"""How much a word that is not known counts beside the rarest that is."""
_DAMAGE = (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError, BadZipFile)


class HeldOut(NamedTuple):
    """What a classifier made of texts it had not seen: their rows in training, and the guesses."""

    rows: Sequence[int]
    guesses: Sequence[tuple[Guess, ...]]


class Known(NamedTuple):
    """Features of a text that a classifier knows: their rows, ascending, and their counts; and how
    many of its words it does not know.
    """

    rows: NDArray[np.intp]
    counts: NDArray[np.float32]
    unseen: int = 0


@dataclass(frozen=True, kw_only=True)
class Classifier:
    """A trained linear model.

    ``vocabulary`` maps a feature to its row of ``weights`` (features x classes, float32);
    ``labels`` name the columns; one more column, if there is one, stands for what no issue is
    about. ``documents`` counts the texts it was trained on. ``held`` is there after training, where
    there was enough to hold some out.
    """

    name: str
    labels: tuple[str, ...]
    vocabulary: dict[str, int]
    idf: NDArray[np.float32]
    weights: NDArray[np.float32]
    intercept: NDArray[np.float32]
    temperature: float
    documents: int
    held: HeldOut | None = None

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(self.vocabulary)

    @cached_property
    def _is_token(self) -> NDArray[np.bool_]:
        own = self.weights[:, : len(self.labels)].any(axis=1)
        return own & np.fromiter(map(is_word, self.vocabulary), np.bool_)

    @cached_property
    def _newness(self) -> np.float32:
        return np.float32(_NEW * self.idf.max() ** 2)

    def known(self, counts: Mapping[str, int]) -> Known:
        """Those of a text's features, each with its count, that training saw."""
        rows = np.fromiter(map(self.vocabulary.get, counts, repeat(_UNSEEN)), np.intp, len(counts))
        numbers = np.fromiter(counts.values(), np.float32, len(counts))
        missing = np.count_nonzero(rows == _UNSEEN)
        order = rows.argsort()[missing:]
        return Known(rows[order], numbers[order], self._unseen(counts) if missing else 0)

    def _unseen(self, counts: Mapping[str, int]) -> int:
        """How many words are new; pairs often are, and a number says nothing."""
        return sum(
            word not in self.vocabulary and " " not in word and word.isalpha() for word in counts
        )

    def margins(self, known: Known) -> NDArray[np.float32]:
        """One margin per label; the intercept alone when no feature is known."""
        return self._margins(known)[: len(self.labels)]

    def _margins(self, known: Known) -> NDArray[np.float32]:
        if not known.rows.size:
            return self.intercept
        values: NDArray[np.float32] = np.float32(1.0) + np.log(known.counts)
        values *= self.idf.take(known.rows)
        # A text is about its new words, too: the fewer of its words are known, the less they say.
        values /= np.sqrt(values @ values + known.unseen * self._newness)
        margins: NDArray[np.float32] = (
            values @ self.weights.take(known.rows, axis=0) + self.intercept
        )
        return margins

    def guess(self, known: Known, *, share: float = 1.0) -> tuple[Guess, ...]:
        """The likeliest issues, best first; ``share`` is how likely any column is at all."""
        probabilities = softmax(self._margins(known) / self.temperature)[: len(self.labels)]
        return guesses(probabilities, labels=self.labels, name=self.name, share=share)

    def rarest(self, known: Known, *, limit: int, postings: int) -> tuple[str, ...]:
        """The text's words (no pairs), least frequent in training first.

        Stops at ``limit`` words, or before they stand in more than ``postings`` texts together:
        what a full-text index has to read grows with that.
        """
        rows = known.rows[self._is_token[known.rows]]
        ranked = rows[np.argsort(-self.idf[rows], kind="stable")[:limit]]
        chosen: list[str] = []
        for row in ranked.tolist():
            postings -= self._frequency(row)
            if postings < 0:
                break
            chosen.append(self._names[row])
        return tuple(chosen)

    def _frequency(self, row: int) -> int:
        # idf = ln((1 + documents) / (1 + frequency)) + 1, as scikit-learn smooths it.
        return round((1 + self.documents) / math.exp(float(self.idf[row]) - 1) - 1)


def guesses(
    probabilities: NDArray[Any], *, labels: Sequence[str], name: str, share: float = 1.0
) -> tuple[Guess, ...]:
    """The likeliest issues, best first, of one probability for each of ``labels``; the best one
    however unlikely: what is about no issue is not left to what else speaks.
    """
    best = np.argsort(-probabilities)[:MAX_GUESSES]
    return tuple(
        Guess(label=Label.ISSUE, id=labels[at], probability=value * share, extractor=name)
        for at, value in zip(best.tolist(), probabilities[best].tolist(), strict=True)
        if value >= MIN_PROBABILITY or at == best[0]
    )


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
    if about["format"] != FORMAT or weights.shape not in {
        (len(features), len(labels)),
        (len(features), len(labels) + 1),
    }:
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
