"""Golden files: what of them is read, and what is refused and where."""

from datetime import date
from pathlib import Path

import pytest

from seed.golden import GoldenError, read_golden, read_questions

ONE = "{ask: 'How many orders came in last week?', language: en, kind: count"


def written(folder: Path, entry: str) -> Path:
    path = folder / "questions.yaml"
    path.write_text(f"questions:\n  - {entry}\n", encoding="utf-8")
    return path


def test_the_day_that_a_question_is_asked_on(tmp_path: Path) -> None:
    (found,) = read_questions(written(tmp_path, f"{ONE}, today: 2026-11-20}}"))
    assert found.today == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (f"{ONE}, today: last week}}", "a day is expected, such as 2026-11-20"),
        (f"{ONE}, day: 2026-11-20}}", "unknown key 'day'"),
        ("{ask: 'How many?', language: en}", "kind is missing"),
        ("{ask: 'How many?', language: fr, kind: count}", "language: one of zh, en"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_line(tmp_path: Path, entry: str, why: str) -> None:
    with pytest.raises(GoldenError, match=r"questions\.yaml:2: ") as refused:
        read_golden(written(tmp_path, entry))
    assert why in str(refused.value)
