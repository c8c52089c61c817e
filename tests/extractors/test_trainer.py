"""Training in a process of its own: what it leaves behind, and how it ends."""

import json
import subprocess
import sys
from pathlib import Path

from extractors.classifier import load_classifier
from extractors.trainer import EXIT_IMPOSSIBLE


def run(folder: Path, given: object = None) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "extractors.trainer", str(folder)]
    rows = b"" if given is None else json.dumps(given).encode()
    return subprocess.run(command, input=rows, capture_output=True, check=False)


def test_a_trainer_leaves_a_model(tmp_path: Path) -> None:
    texts = ["charged twice", "空调不制冷"] * 5
    assert run(tmp_path, [texts, ["billing", "cooling"] * 5]).returncode == 0
    assert load_classifier(tmp_path).labels == ("billing", "cooling")


def test_a_trainer_tells_what_cannot_be_learned_from_what_broke(tmp_path: Path) -> None:
    single = run(tmp_path, [["charged twice"], ["billing"]])
    assert single.returncode == EXIT_IMPOSSIBLE
    assert b"two different issues" in single.stderr
    assert run(tmp_path, ["no pair"]).returncode not in {0, EXIT_IMPOSSIBLE}


def test_a_trainer_whose_starter_leaves_does_nothing(tmp_path: Path) -> None:
    assert run(tmp_path).returncode == 0
    assert not list(tmp_path.iterdir())
