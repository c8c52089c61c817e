import pytest

from extractors.evaluation import accuracy, bare_predictions, macro_f1


def test_accuracy_is_the_share_that_is_right() -> None:
    assert accuracy(["a", "a", "b", "c"], ["a", "b", "b", "a"]) == 0.5


def test_every_label_counts_the_same_in_macro_f1() -> None:
    expected, predicted = ["a"] * 8 + ["b"] * 2, ["a"] * 10
    assert macro_f1(expected, predicted) == pytest.approx((16 / 18 + 0) / 2)


def test_the_bare_classifier_learns_from_its_rows() -> None:
    texts = ["warm air", "no cold air", "charged twice", "card charged again"] * 3
    labels = ["cooling", "cooling", "billing", "billing"] * 3
    found = bare_predictions(texts, labels, asked=["air is warm", "they charged my card"])
    assert found == ["cooling", "billing"]
