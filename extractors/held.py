"""What a classifier took texts for that it had not seen: by number, never the text."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from extractors.classifier import Classifier
from graph.model import Guess
from graph.vocabulary import Label

FILE = "held.json"


def save_held(classifier: Classifier, numbers: Sequence[int | None], folder: Path) -> None:
    """Write the guesses at the texts that have a number; none where nothing was held out."""
    held = classifier.held
    pairs = zip(held.rows, held.guesses, strict=True) if held else ()
    plain = {
        str(numbers[row]): [[one.id, one.probability] for one in guesses]
        for row, guesses in pairs
        if numbers[row] is not None
    }
    part = folder / f"{FILE}.part"
    part.write_text(json.dumps({"model": classifier.name, "guesses": plain}), encoding="utf-8")
    part.replace(folder / FILE)


def load_held(folder: Path, *, model: str) -> Mapping[int, tuple[Guess, ...]]:
    """Number → guesses of the classifier called ``model``; empty where there are none of it."""
    try:
        plain = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if plain["model"] != model:
            return {}
        return {
            int(number): tuple(
                Guess(label=Label.ISSUE, id=id_, probability=probability, extractor=model)
                for id_, probability in guesses
            )
            for number, guesses in plain["guesses"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
