import time
from functools import cache
from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from extractors.classifier import Classifier
from extractors.components import COMPONENTS, register
from extractors.pipeline import Extractor
from extractors.tokenizer import TOKENIZER
from extractors.training import train_classifier
from graph.model import Document, Language
from graph.text import search_text
from graph.vocabulary import Label
from tests.extractors.knowledge import KNOWLEDGE

ODD = [
    pytest.param("", id="empty"),
    pytest.param(" \n\t ", id="white space"),
    pytest.param("🙂🙂👩‍👩‍👧‍👦", id="emoji only"),
    pytest.param("مرحبا، مكيف الهواء لا يعمل", id="right to left"),
    pytest.param("\u202eabc空调\u202c", id="direction marks"),
    pytest.param("\x00\x01\x02\xff\udcff", id="binary"),
    pytest.param("WiFi连不上 é ñ ß ㎡ ﬁ İ 𝄞", id="mixed scripts"),
    pytest.param("e\u0301" * 50, id="combining marks"),
    pytest.param("。，！？……", id="punctuation only"),
    pytest.param("a" * 5_000, id="one long word"),
]


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    texts = ["空调不制冷 热风", "no cold air", "重复扣款 退款", "charged twice"] * 12
    labels = ["no-cooling", "no-cooling", "double-charge", "double-charge"] * 12
    return train_classifier(texts, labels)


@pytest.fixture(scope="module")
def extractor(classifier: Classifier) -> Extractor:
    return Extractor(KNOWLEDGE, classifier)


@cache
def untrained() -> Extractor:
    return Extractor(KNOWLEDGE)


def issue_guesses(document: Document) -> list[tuple[str, float]]:
    """(id, probability), best first."""
    return [(one.id, one.probability) for one in document.guesses if one.label is Label.ISSUE]


def holds(document: Document, text: str) -> bool:
    spans = [(one.start, one.end) for one in document.links]
    spans += [(one.start, one.end) for one in document.marks]
    return document.text == text and all(0 <= a < b <= len(text) for a, b in spans)


@pytest.mark.parametrize("text", ODD)
def test_odd_texts_never_fail(extractor: Extractor, text: str) -> None:
    assert holds(extractor.extract(text), text)


@given(st.text(st.characters(codec=None)))
def test_any_text_gives_a_document_with_places_inside_it(text: str) -> None:
    document = untrained().extract(text)
    assert holds(document, text)
    assert sum(p for _, p in issue_guesses(document)) <= 1 + 1e-6


def test_a_megabyte_is_understood_in_seconds(extractor: Extractor) -> None:
    text = ("空调不制冷，please help! " * 60_000)[: 1 << 20]
    started = time.monotonic()
    document = extractor.extract(text)
    assert time.monotonic() - started < 60
    assert document.language is Language.ZH
    assert document.links[-1].start > len(text) - 100


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("空调坏了", Language.ZH),
        ("WiFi连不上", Language.ZH),
        ("The air conditioner is broken", Language.EN),
        ("I ordered the 净 model last week but it never came", Language.EN),
        ("", Language.EN),
        ("12345", Language.EN),
    ],
)
def test_the_language_is_whose_script_carries_the_text(
    extractor: Extractor, text: str, language: Language
) -> None:
    assert extractor.extract(text).language is language


def test_a_document_holds_everything_that_was_found(extractor: Extractor) -> None:
    text = "净化器Pro2不制冷，我的电话13812345678，订单W-2026-001234"
    document = extractor.extract(text)
    assert [(one.label, one.id) for one in document.links] == [
        (Label.PRODUCT, "pro-2"),
        (Label.ISSUE, "no-cooling"),
    ]
    assert [one.kind for one in document.marks] == ["phone", "order"]
    assert document.redacted == "净化器Pro2不制冷，我的电话[phone]，订单W-2026-001234"
    assert document.search_text == search_text(document.redacted)
    assert issue_guesses(document)[0][0] == "no-cooling"


def test_what_is_searched_and_classified_holds_no_personal_value(extractor: Extractor) -> None:
    plain = extractor.extract("charged twice, call [phone]")
    personal = extractor.extract("charged twice, call 13812345678")
    assert "13812345678" not in personal.search_text
    assert issue_guesses(personal) == issue_guesses(plain)
    assert personal.terms == plain.terms


def test_the_same_text_gives_the_same_document(extractor: Extractor) -> None:
    texts = ["空调不制冷", "charged twice", "hello"]
    first = list(map(extractor.extract, texts))
    assert list(map(extractor.extract, texts)) == first


def test_guesses_that_nobody_wants_are_not_made(extractor: Extractor) -> None:
    text = "空调不制冷，还漏水"
    everything = extractor.extract(text)
    labels = {guess.label for guess in everything.guesses}
    assert labels == {Label.ISSUE, Label.RESOLUTION}
    for label, unwanted in ((Label.ISSUE, "issues"), (Label.RESOLUTION, "resolutions")):
        document = extractor.extract(text, **{unwanted: False})
        assert {guess.label for guess in document.guesses} == labels - {label}
        assert (document.links, document.search_text) == (everything.links, everything.search_text)


def test_the_model_is_named_where_there_is_one(
    extractor: Extractor, classifier: Classifier
) -> None:
    assert (extractor.model, untrained().model) == (classifier.name, "untrained")


def test_untrained_issues_are_guessed_by_example_and_terms_need_a_model() -> None:
    document = untrained().extract("空调吹出来的是热风")
    assert issue_guesses(document)[0][0] == "no-cooling"
    assert document.terms == ()


def test_an_issue_that_is_newer_than_the_model_is_found_by_example(classifier: Classifier) -> None:
    known = tuple(label for label in classifier.labels if label != "double-charge")
    assert known == ("no-cooling",)
    narrow = train_classifier(["热风", "cold air", "快递"] * 15, ["no-cooling"] * 30 + ["x"] * 15)
    document = Extractor(KNOWLEDGE, narrow).extract("my card was charged two times")
    assert issue_guesses(document)[0][0] == "double-charge"


def test_a_pipeline_is_saved_and_loaded(tmp_path: Path) -> None:
    register()
    config = {"nlp": {"tokenizer": {"@tokenizers": TOKENIZER}}}
    saved = spacy.blank("xx", config=config)
    for name in COMPONENTS:
        saved.add_pipe(name)
    text = "我的WiFi连不上，订单W-2026-001234"
    first = saved(text)
    saved.to_disk(tmp_path)
    for loaded in (spacy.load(tmp_path), saved.from_disk(tmp_path)):
        doc = loaded(text)
        assert [token.text for token in doc] == [token.text for token in first]
        assert doc._.marks == first._.marks != ()


def test_other_components_read_and_replace_what_ours_found() -> None:
    register()
    nlp = spacy.blank("en")
    for name in COMPONENTS:
        nlp.add_pipe(name)
    doc = nlp("Order W-2026-001234, please.")
    assert [mark.kind for mark in doc._.marks] == ["order"]
    assert (doc._.language, doc._.links, doc._.guesses, doc._.resolutions) == ("en", (), (), ())
    doc._.marks = ()
    assert doc._.marks == ()
