"""A trained model equals scikit-learn's own, comes back from disk, and never guesses above one."""

import json
import random
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

from extractors.classifier import (
    MAX_GUESSES,
    MIN_PROBABILITY,
    Classifier,
    load_classifier,
    save_classifier,
    softmax,
)
from extractors.errors import ModelError, TrainingError
from extractors.features import features
from extractors.training import bare_model, train_classifier
from graph.model import Guess
from graph.text import fold

WORDS = {
    "no-cooling": "空调 不制冷 热风 warm air cooling fan cold",
    "double-charge": "扣款 两次 退款 charged twice refund card bill",
    "delivery": "快递 没到 物流 parcel late courier where delivery",
}
COMMON = "请问 你好 my the please 我的 is order 怎么办 today"


def make_texts(count: int, seed: int = 1) -> tuple[list[str], list[str]]:
    chance = random.Random(seed)
    labels = [chance.choice(sorted(WORDS)) for _ in range(count)]
    texts = [
        " ".join(chance.sample(WORDS[label].split(), 3) + chance.sample(COMMON.split(), 3))
        for label in labels
    ]
    return texts, labels


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return train_classifier(*make_texts(300))


def margins(classifier: Classifier, text: str) -> NDArray[np.float32]:
    return classifier.margins(classifier.known(Counter(features(fold(text)))))


def guess(classifier: Classifier, text: str) -> tuple[Guess, ...]:
    return classifier.guess(classifier.known(Counter(features(fold(text)))))


def test_margins_equal_scikit_learns_decision_functions(classifier: Classifier) -> None:
    texts, labels = make_texts(300)
    fresh = [*make_texts(100, seed=2)[0], "unknown words only", "", "空调 空调 空调 card"]
    vectorizer = TfidfVectorizer(
        preprocessor=fold,
        tokenizer=features,
        token_pattern=None,
        lowercase=False,
        sublinear_tf=True,
        norm=None,
    ).fit(texts)
    letters = np.char.startswith(vectorizer.get_feature_names_out().astype(str), "~")
    matrix, asked = (
        normalize(vectorizer.transform(some).toarray() * np.where(letters, 0.3, 1.0))
        for some in (texts, fresh)
    )
    model = bare_model().fit(matrix, labels)
    assert list(model.classes_) == list(classifier.labels)
    expected = model.decision_function(asked)
    for column, label in enumerate(model.classes_):
        is_one = np.array([one == label for one in labels])
        inside, outside = ((matrix[rows] > 0).sum(axis=0) + 1 for rows in (is_one, ~is_one))
        scale = np.abs(np.log((inside / inside.sum()) / (outside / outside.sum())))
        scaled = LinearSVC(C=0.2, random_state=0).fit(matrix * scale, is_one)
        expected[:, column] += scaled.decision_function(asked * scale)
    found = np.array([margins(classifier, text) for text in fresh])
    np.testing.assert_allclose(found, expected, atol=2e-3)


def test_what_is_about_no_issue_is_none_of_them(classifier: Classifier) -> None:
    for text in ("my flight to the islands was cancelled", "我想改签后天的高铁票", "thanks, bye!"):
        assert sum(one.probability for one in guess(classifier, text)) < 0.2, text
    for text, issue in (
        ("charged twice refund card", "double-charge"),
        ("空调 热风", "no-cooling"),
    ):
        first, *_ = guess(classifier, text)
        assert (first.id, first.probability > 0.8) == (issue, True)


def test_what_a_company_writes_about_is_not_off_topic_to_it() -> None:
    texts, labels = make_texts(200)
    chance = random.Random(3)
    words = ["flight", "cancelled", "gate", "boarding", "seat", "airline", "航班", "改签", "登机口"]
    flights = [" ".join([*chance.sample(words, 3), chance.choice(COMMON.split())]) for _ in texts]
    model = train_classifier([*texts, *flights], [*labels, *["flights"] * len(flights)])
    for text in ("flight cancelled at the gate, seat please", "航班改签"):
        first, *_ = guess(model, text)
        assert (first.id, first.probability > 0.8) == ("flights", True), text


def test_two_labels_are_trained_like_more() -> None:
    texts, labels = make_texts(200)
    kept = [place for place, label in enumerate(labels) if label != "delivery"]
    two = train_classifier([texts[at] for at in kept], [labels[at] for at in kept])
    guesses = guess(two, "charged twice refund")
    assert guesses[0].id == "double-charge"
    assert sum(guess.probability for guess in guesses) == pytest.approx(1.0, abs=1e-5)


def test_training_again_gives_the_same_model(classifier: Classifier) -> None:
    again = train_classifier(*make_texts(300))
    assert again.name == classifier.name
    assert again.temperature == classifier.temperature
    np.testing.assert_array_equal(again.weights, classifier.weights)


def test_other_rows_give_another_name(classifier: Classifier) -> None:
    assert train_classifier(*make_texts(300, seed=9)).name != classifier.name


@given(st.text())
def test_probabilities_are_within_one_together_and_best_first(text: str) -> None:
    guesses = guess(small(), text)
    found = [guess.probability for guess in guesses]
    assert len(found) <= MAX_GUESSES
    assert found == sorted(found, reverse=True)
    assert all(one >= MIN_PROBABILITY for one in found[1:])
    assert sum(found) <= 1 + 1e-5


@cache
def small() -> Classifier:
    return train_classifier(*make_texts(60))


def test_what_counts_several_times_is_not_held_out_from_itself() -> None:
    texts, labels = make_texts(100)
    counted = train_classifier(texts, labels, [3] * 100)
    copied = train_classifier(
        [text for text in texts for _ in range(3)], [label for label in labels for _ in range(3)]
    )
    assert counted.documents == copied.documents == 300
    assert counted.name == copied.name
    assert np.allclose(counted.weights, copied.weights)
    assert counted.held
    assert copied.held
    assert max(counted.held.rows) < 100 <= max(copied.held.rows)


def test_an_issue_with_one_text_is_learned_and_never_held_out() -> None:
    texts, labels = make_texts(200)
    model = train_classifier([*texts, "the parrot is loose"], [*labels, "parrot"])
    assert guess(model, "parrot loose")[0].id == "parrot"
    assert model.held
    assert 200 not in model.held.rows


def test_clear_texts_are_surer_than_unclear_ones(classifier: Classifier) -> None:
    clear = guess(classifier, "charged twice refund card")[0]
    unclear = guess(classifier, "please my order")[0]
    assert clear.id == "double-charge"
    assert clear.probability > 0.8 > unclear.probability


def test_probabilities_mean_what_they_say(classifier: Classifier) -> None:
    """Expected calibration error (ten bins) on texts where a tenth of the labels is wrong."""
    texts, labels = make_texts(400, seed=3)
    chance = random.Random(4)
    noisy = [chance.choice(sorted(WORDS)) if chance.random() < 0.15 else one for one in labels]
    model = train_classifier(texts, noisy)
    fresh, true = make_texts(400, seed=5)
    true = [chance.choice(sorted(WORDS)) if chance.random() < 0.15 else one for one in true]
    best = [guess(model, text)[0] for text in fresh]
    sure = np.array([one.probability for one in best])
    right = np.array([one.id == label for one, label in zip(best, true, strict=True)])
    bins = np.minimum((sure * 10).astype(int), 9)
    error = sum(
        abs(sure[bins == at].mean() - right[bins == at].mean()) * (bins == at).mean()
        for at in np.unique(bins)
    )
    assert error < 0.1


def test_the_rarest_tokens_come_first(classifier: Classifier) -> None:
    found = classifier.known(Counter(["my", "twice", "never-seen", "twice", "charged twice"]))
    assert set(classifier.rarest(found, limit=5, postings=10**6)) == {"my", "twice"}
    own = np.any(classifier.weights[:, : len(classifier.labels)], axis=1).tolist()
    everything = [
        name for name, row in classifier.vocabulary.items() if " " not in name and own[row]
    ]
    known = classifier.known(Counter(classifier.vocabulary.keys()))
    three = classifier.rarest(known, limit=3, postings=10**6)
    assert (
        list(three)
        == sorted(
            everything, key=lambda word: (-classifier.idf[classifier.vocabulary[word]], word)
        )[:3]
    )
    assert classifier.rarest(known, limit=3, postings=0) == ()


@given(st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=20))
def test_softmax_sums_to_one_and_never_overflows(values: list[float]) -> None:
    found = softmax(np.array(values))
    assert found.sum() == pytest.approx(1.0)
    assert np.isfinite(found).all()


def test_a_model_comes_back_from_disk(classifier: Classifier, tmp_path: Path) -> None:
    save_classifier(classifier, tmp_path / "model")
    loaded = load_classifier(tmp_path / "model")
    assert (loaded.name, loaded.labels, loaded.temperature) == (
        classifier.name,
        classifier.labels,
        classifier.temperature,
    )
    for text in make_texts(20, seed=6)[0]:
        assert guess(loaded, text) == guess(classifier, text)


def test_saving_again_replaces_the_old_model(classifier: Classifier, tmp_path: Path) -> None:
    save_classifier(small(), tmp_path)
    save_classifier(classifier, tmp_path)
    assert load_classifier(tmp_path).name == classifier.name
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "classifier.json",
        "classifier.npz",
    ]


def spoil_json(folder: Path) -> None:
    (folder / "classifier.json").write_text("{")


def spoil_arrays(folder: Path) -> None:
    path = folder / "classifier.npz"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty_arrays(folder: Path) -> None:
    (folder / "classifier.npz").write_bytes(b"")


def foreign_arrays(folder: Path) -> None:
    (folder / "classifier.npz").write_bytes(b"\x93NUMPY not an archive")


def pickled_arrays(folder: Path) -> None:
    with (folder / "classifier.npz").open("wb") as file:
        np.savez(file, idf=np.array([{}], dtype=object), weights=[0], intercept=[0])


def other_format(folder: Path) -> None:
    change(folder, format="classifier.v0")


def mixed_pair(folder: Path) -> None:
    change(folder, labels=["only-one"])


def without_a_key(folder: Path) -> None:
    path = folder / "classifier.json"
    about = json.loads(path.read_text("utf-8"))
    del about["vocabulary"]
    path.write_text(json.dumps(about), "utf-8")


def a_list(folder: Path) -> None:
    (folder / "classifier.json").write_text("[]")


def change(folder: Path, **values: object) -> None:
    path = folder / "classifier.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **values}), "utf-8")


@pytest.mark.parametrize(
    "spoil",
    [
        spoil_json,
        spoil_arrays,
        empty_arrays,
        foreign_arrays,
        pickled_arrays,
        other_format,
        mixed_pair,
        without_a_key,
        a_list,
    ],
)
def test_a_damaged_model_is_refused_by_its_folder(
    spoil: Callable[[Path], None], tmp_path: Path
) -> None:
    save_classifier(small(), tmp_path)
    spoil(tmp_path)
    with pytest.raises(ModelError) as error:
        load_classifier(tmp_path)
    assert str(tmp_path) in str(error.value)


def test_a_missing_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="train one again"):
        load_classifier(tmp_path / "none")


@pytest.mark.parametrize(
    ("texts", "labels", "says"),
    [
        (["a b", "c d"], ["x", "x"], "two different issues are needed to train; found 1"),
        ([], [], "found 0"),
        (["…", "!!"], ["x", "y"], "nothing to learn from"),
    ],
)
def test_rows_that_teach_nothing_are_refused(
    texts: list[str], labels: list[str], says: str
) -> None:
    with pytest.raises(TrainingError, match=says):
        train_classifier(texts, labels)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("my tv is on", ["my", "tv", "is", "on", "my tv", "tv is", "is on"]),
        ("my new tv", ["my", "new", "tv", "my new", "new tv", "~ little"]),
        (
            "the old card",
            ["the", "old", "card", "the old", "old card", "~^car", "~card", "~ard$", "~ little"],
        ),
        (
            "order n8 42",
            [
                "order",
                "n8",
                "42",
                "order n8",
                "n8 42",
                "~^ord",
                "~orde",
                "~rder",
                "~der$",
                "~ little",
            ],
        ),
        ("制冷", ["制", "冷", "制冷", "~ little"]),
        ("不制冷了", [*"不制冷了", "不制", "制冷", "冷了"]),
        ("…", ["~ nothing"]),
        ("ac不制冷了", ["ac", *"不制冷了", "不制", "制冷", "冷了"]),
    ],
)
def test_features_are_tokens_their_neighbours_and_their_letters(
    text: str, found: list[str]
) -> None:
    assert features(text) == found


@pytest.mark.parametrize(
    ("written", "issue"),
    [("parcels", "delivery"), ("couroer", "delivery"), ("refundd", "double-charge")],
)
def test_words_nearly_like_those_it_knows_say_what_these_say(
    classifier: Classifier, written: str, issue: str
) -> None:
    near, unknown = (margins(classifier, f"my order {word}") for word in (written, "zyxwv"))
    others = [at for at, label in enumerate(classifier.labels) if label != issue]
    at = classifier.labels.index(issue)
    assert near[at] - max(near[others]) > unknown[at] - max(unknown[others]) + 0.1


def test_words_that_it_has_not_met_make_it_less_sure(classifier: Classifier) -> None:
    texts = ("where is my parcel", "where is my zorb parcel", "where is my zorb quux parcel")
    gaps = [float(np.ptp(margins(classifier, text))) for text in texts]
    assert gaps[0] > gaps[1] > gaps[2]
    plain, numbered = (margins(classifier, f"where is my parcel{more}") for more in ("", " 12345"))
    np.testing.assert_array_equal(plain, numbered)
