"""Training in a process of its own: what it leaves behind, and how it ends."""

import json
import subprocess
import sys
from pathlib import Path

from extractors.classifier import load_classifier
from extractors.held import FILE, load_held
from extractors.trainer import EXIT_IMPOSSIBLE


def run(folder: Path, given: object = None) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "extractors.trainer", str(folder)]
    rows = b"" if given is None else json.dumps(given).encode()
    return subprocess.run(command, input=rows, capture_output=True, check=False)


def test_a_trainer_leaves_a_model(tmp_path: Path) -> None:
    texts = ["charged twice", "空调不制冷"] * 5
    assert run(tmp_path, [texts, ["billing", "cooling"] * 5, [None] * 10, [1] * 10]).returncode == 0
    classifier = load_classifier(tmp_path)
    assert classifier.labels == ("billing", "cooling")
    assert load_held(tmp_path, model=classifier.name) == {}


def test_a_trainer_tells_by_number_what_it_took_unseen_texts_for(tmp_path: Path) -> None:
    texts = ["charged twice", "空调不制冷", "I was charged again"] * 20
    numbers = [*range(30), *[None] * 30]
    labels = ["billing", "cooling", "billing"] * 20
    assert run(tmp_path, [texts, labels, numbers, [1] * 60]).returncode == 0
    classifier = load_classifier(tmp_path)
    held = load_held(tmp_path, model=classifier.name)
    assert held
    for number, guesses in held.items():
        assert guesses[0].id == labels[number]
    assert load_held(tmp_path, model="another") == {}
    assert "charged" not in (tmp_path / FILE).read_text()


def test_a_trainer_tells_what_cannot_be_learned_from_what_broke(tmp_path: Path) -> None:
    single = run(tmp_path, [["charged twice"], ["billing"], [None], [1]])
    assert single.returncode == EXIT_IMPOSSIBLE
    assert b"two different issues" in single.stderr
    assert run(tmp_path, ["no pair"]).returncode not in {0, EXIT_IMPOSSIBLE}


def test_a_trainer_whose_starter_leaves_does_nothing(tmp_path: Path) -> None:
    assert run(tmp_path).returncode == 0
    assert not list(tmp_path.iterdir())
