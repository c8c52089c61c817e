"""A process that trains one classifier: ``python -m extractors.trainer FOLDER < rows.json``.

Beside the classifier it leaves ``held.json``: what texts that were held out were taken for, by the
numbers that came with them. How routes turn out is learned from these.

Training keeps an interpreter busy for seconds and brings libraries that nothing else needs; in a
process of its own it delays no request and leaves no memory behind.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from extractors.classifier import save_classifier
from extractors.errors import TrainingError
from extractors.held import save_held

EXIT_IMPOSSIBLE = 3
"""Not 1, which is any failure that nobody foresaw."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Train on ``[texts, labels, numbers, times]`` from standard input; 3 and the reason if nothing
    is learned. A text without a number (null) is never told of; ``times`` is what each counts as.
    """
    parser = argparse.ArgumentParser(prog="extractors.trainer", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the model is put")
    folder = parser.parse_args(arguments).folder
    # Before the rows are read, so that whoever starts this early waits less; and not above, where
    # whoever only reads the exit code would import it too.
    from extractors.training import train_classifier  # noqa: PLC0415

    given = sys.stdin.buffer.read()
    if not given:
        return 0  # whoever started us has no use for us after all, or is gone
    try:
        texts, labels, numbers, times = json.loads(given)
        classifier = train_classifier(texts, labels, times)
        save_classifier(classifier, folder)
        save_held(classifier, numbers, folder)
    except TrainingError as error:
        print(error, file=sys.stderr)  # noqa: T201 - to whoever started us
        return EXIT_IMPOSSIBLE
    return 0


if __name__ == "__main__":
    sys.exit(main())
