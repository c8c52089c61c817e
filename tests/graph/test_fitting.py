"""Weights learned from routes that turned out right or wrong."""

from pathlib import Path
from random import Random

import pytest

from graph.errors import GraphError
from graph.fitting import Example, fit
from graph.weighing import FILE, SHIPPED, WEIGHTS, load_weighing, save_weighing

KINDS = ("issue-handled-by", "similar-tickets")


def history(count: int, *, trusted: str, rightly: float) -> list[Example]:
    """Routes in which one kind is right so often, and the other by chance of one in four."""
    random, examples = Random(3), []
    for _ in range(count):
        right = random.choice("abcd")
        led = {}
        for kind in KINDS:
            sure = rightly if kind == trusted else 0.25
            said = right if random.random() < sure else random.choice("abcd")
            rest = random.choice("abcd".replace(said, ""))
            led[kind] = {said: 0.7, rest: 0.3}
        examples.append(Example(led=led, right=right))
    return examples


@pytest.mark.parametrize("trusted", KINDS)
def test_what_was_right_weighs_more(trusted: str) -> None:
    weights = fit(history(600, trusted=trusted, rightly=0.9)).weights
    (other,) = set(KINDS) - {trusted}
    assert weights[trusted] > 3 * weights[other]
    assert sum(weights.values()) == pytest.approx(1.0)
    assert min(weights.values()) >= 0


def test_an_echo_that_adds_nothing_weighs_less_than_shipped() -> None:
    sure, echo = KINDS
    examples = []
    for one in history(600, trusted=sure, rightly=0.9):
        said = max(one.led[sure], key=lambda name: one.led[sure][name])
        examples.append(Example(led={sure: one.led[sure], echo: {said: 0.5}}, right=one.right))
    weights = fit(examples).weights
    assert weights[echo] / weights[sure] < WEIGHTS[echo] / WEIGHTS[sure] / 2


def test_a_kind_that_history_says_nothing_of_keeps_its_share() -> None:
    weights = fit(history(600, trusted=KINDS[0], rightly=0.9)).weights
    others = [kind for kind in WEIGHTS if kind not in KINDS]
    ratios = {round(weights[kind] / WEIGHTS[kind], 3) for kind in others}
    assert len(ratios) == 1


def test_confidence_is_how_often_such_routes_are_right() -> None:
    weighing = fit(history(2_000, trusted=KINDS[0], rightly=0.8))
    share = weighing.weights[KINDS[0]] / sum(weighing.weights[kind] for kind in KINDS)
    apart = weighing.confidence(0.7 * share + 0.3 * (1 - share), 0.2)
    together = weighing.confidence(0.7, 0.4)
    assert apart < together
    assert 0.75 < together < 1.0


def test_the_same_history_gives_the_same_weights() -> None:
    examples = history(200, trusted=KINDS[0], rightly=0.9)
    assert fit(examples) == fit(list(examples))


def test_a_right_department_that_nothing_leads_to_counts_against_the_scores() -> None:
    sure = [Example(led={KINDS[0]: {"a": 1.0}}, right="a")] * 60
    missed = [Example(led={KINDS[0]: {"a": 1.0}}, right="b")] * 60
    assert fit(sure).confidence(1.0, 1.0) > 0.95
    assert fit([*sure, *missed]).confidence(1.0, 1.0) == pytest.approx(0.5, abs=0.1)


def test_too_little_history_teaches_nothing() -> None:
    with pytest.raises(ValueError, match="50 routes are needed"):
        fit(history(49, trusted=KINDS[0], rightly=1.0))


def test_weights_are_read_as_they_were_written(tmp_path: Path) -> None:
    assert load_weighing(tmp_path) is SHIPPED
    learned = fit(history(200, trusted=KINDS[0], rightly=0.9))
    save_weighing(learned, tmp_path)
    assert load_weighing(tmp_path) == learned


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"format": "routing.v9"}', '{"format": "routing.v1", "weights": {}}']
)
def test_damaged_weights_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(GraphError, match="run deskgraph train"):
        load_weighing(tmp_path)


def test_what_says_nothing_leads_nowhere() -> None:
    """However much of it the larger departments get by having more issues."""
    nothing = {KINDS[0]: {"a": 0.3, "b": 0.05}}
    random, examples = Random(4), []
    for _ in range(150):
        sure, right = 0.4 + 0.6 * random.random(), random.choice("abc")
        other = "d" if random.random() < 0.05 else right
        examples.append(Example(led={KINDS[0]: {right: sure, "e": 1.0 - sure}}, right=other))
    assert fit(examples, nothing=nothing).confidence(0.3, 0.25) < 0.5
    assert fit(examples, nothing=nothing).confidence(0.95, 0.9) > 0.85
