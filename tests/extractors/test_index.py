import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.index import Index
from extractors.retriever import Examples, Retriever
from graph.knowledge import Knowledge, ResolutionText, Step
from graph.model import Language
from graph.text import fold, tokens, words
from graph.vocabulary import Label
from tests.extractors.knowledge import KNOWLEDGE, make_name

DOCUMENTS = {
    "filter": ["clean", "filter", "rinse", "water", "dry", "filter"],
    "refund": ["refund", "double", "charge", "card"],
    "parcel": ["parcel", "late", "courier"],
}


def test_the_document_that_shares_most_comes_first() -> None:
    found = Index(DOCUMENTS).search(["filter", "card", "refund"], limit=5)
    assert [id_ for id_, _ in found] == ["refund", "filter"]


@pytest.mark.parametrize("asked", [[], ["unknown"], ["the", "is", "的"]])
def test_nothing_shared_finds_nothing(asked: list[str]) -> None:
    assert Index(DOCUMENTS).search(asked, limit=5) == []


def test_an_empty_index_finds_nothing() -> None:
    assert Index({}).search(["filter"], limit=5) == []
    assert Index({"empty": []}).search(["filter"], limit=5) == []


def test_unknown_words_lower_the_score() -> None:
    index = Index(DOCUMENTS)
    ((_, sure),) = index.search(["parcel"], limit=1)
    ((_, doubtful),) = index.search(["parcel", "zebra", "violin"], limit=1)
    assert doubtful < sure


@given(st.lists(st.sampled_from([*"abcdef", "filter", "refund", "parcel", "冷"])))
def test_scores_lie_within_0_and_1_in_order_and_within_the_limit(asked: list[str]) -> None:
    found = Index(DOCUMENTS).search(asked, limit=2)
    scores = [score for _, score in found]
    assert len(found) <= 2
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)


@pytest.mark.parametrize(
    ("question", "id_"),
    [
        ("空调滤网怎么清洗", "r-1"),
        ("How do I rinse the filter?", "r-1"),
        ("重复扣款能退款吗", "r-2"),
        ("a double charge on my card", "r-2"),
    ],
)
def test_resolutions_are_found_by_words_in_both_languages(question: str, id_: str) -> None:
    found = Retriever(KNOWLEDGE).search(words(fold(question)))
    assert found[0].id == id_


@pytest.mark.parametrize(
    ("text", "id_"),
    [("吹出来是热风", "no-cooling"), ("my card was charged two times", "double-charge")],
)
def test_issues_are_found_by_example(text: str, id_: str) -> None:
    found = Examples(KNOWLEDGE).search(tokens(fold(text)))
    assert found[0].id == id_
    assert sum(guess.probability for guess in found) <= 1 + 1e-6


def test_issues_that_a_model_knows_are_left_to_it() -> None:
    examples = Examples(KNOWLEDGE, known=["no-cooling", "double-charge"])
    assert examples.search(tokens(fold("吹出来是热风"))) == ()


def test_without_knowledge_nothing_is_found() -> None:
    assert Retriever(Knowledge()).search(["filter"]) == ()
    assert Examples(Knowledge()).search(["filter"]) == ()


def make_knowledge(*resolutions: ResolutionText) -> Knowledge:
    names = (make_name(Label.PRODUCT, one, name_en=one) for one in ("alder", "birch"))
    return Knowledge(names={(one.label, one.id): one for one in names}, resolutions=resolutions)


def make_resolution(id_: str, title: str, *, language: str, goods: str = "") -> ResolutionText:
    steps = (Step(action=title, condition="", expected=""),)
    return ResolutionText(
        id=id_,
        names={"zh": "", "en": "", language: title},
        steps={"zh": (), "en": (), language: steps},
        issues=(),
        applies_to=(goods,) if goods else (),
    )


def test_english_words_are_found_by_their_stems() -> None:
    known = make_knowledge(make_resolution("r", "Replacing cracked hoses", language="en"))
    assert Retriever(known).search(["replaced", "hose"])[0].id == "r"


@pytest.mark.parametrize(
    ("question", "language", "title"),
    [("水管漏水怎么办", "zh", "Leaking hose"), ("my hose is leaking", "en", "水管漏水")],
)
def test_what_one_language_lacks_is_found_in_the_other(
    question: str, language: str, title: str
) -> None:
    written = "en" if language == "zh" else "zh"
    known = make_knowledge(make_resolution("r", title, language=written))
    found = Retriever(known).search(words(fold(question)), language=Language(language))
    assert [one.id for one in found] == ["r"]
    assert found[0].probability <= 0.8


def test_what_speaks_of_other_products_comes_later() -> None:
    other = make_resolution("other", "Clean the filter of it", language="en", goods="birch")
    asked = make_resolution("asked", "Clean all in it and the filter", language="en", goods="alder")
    retriever = Retriever(make_knowledge(other, asked))
    assert retriever.search(["clean", "filter"])[0].id == "other"
    assert retriever.search(["clean", "filter"], products={"alder"})[0].id == "asked"
