"""Questions as people ask them: talk around them, other words for the same, shortened names."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.asking import asked, said_otherwise
from extractors.feedback import Feedback
from extractors.index import Index
from extractors.retriever import Retriever
from extractors.shortening import Beginnings
from graph.knowledge import Knowledge, ResolutionText, Step
from graph.text import fold, tokens, words
from graph.vocabulary import Label
from tests.extractors.knowledge import make_name

CARDS = ("Gold Rewards Card", "Silver Rewards Card", "Green Rewards Card", "Blue Rewards Card")
GOODS = (*CARDS, "Travel Rewards Card", "Dark Green Card", "Pro 净化器")


def found(text: str) -> list[str]:
    return tokens(fold(text))


@pytest.mark.parametrize(
    "text", ["I'm sure it isn't", "We’ve what they'd", "can't, won't and shan't", "是的"]
)
def test_contractions_and_stop_words_ask_for_nothing(text: str) -> None:
    weights = {word: weight for word, weight in asked(found(text)).items() if word != "sure"}
    assert weights == {}


def test_talk_counts_for_little_and_order_stays() -> None:
    weights = asked(found("Hi, could you please help: the pump's leaking today"))
    assert list(weights) == ["hi", "help", "pump", "leak", "today"]
    assert {word for word, weight in weights.items() if weight == 1.0} == {"pump", "leak"}


def test_chinese_talk_counts_for_little_too() -> None:
    weights = asked(found("麻烦退款"))
    assert weights["麻烦"] < weights["退款"] == 1.0


@pytest.mark.parametrize(
    ("text", "other"), [("stop the dispute", "appeal"), ("申诉", "争议"), ("gratis", None)]
)
def test_words_for_the_same_are_found_through_the_other_language(
    text: str, other: str | None
) -> None:
    others = said_otherwise(asked(found(text)))
    assert other in others if other else others == {}


def test_nothing_asked_is_said_otherwise_again() -> None:
    question = asked(found("a dispute is an appeal"))
    assert question.keys().isdisjoint(said_otherwise(question))


def test_nobody_looks_for_other_words_of_mere_talk() -> None:
    assert said_otherwise({"check": 0.2}) == {}
    assert said_otherwise({"check": 1.0})


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("close my Gold Rewards Card", {"Gold Rewards Card"}),
        ("my Green Rewards and the dark green one", {"Green Rewards Card", "Dark Green Card"}),
        ("is Gold worth it", {"Gold Rewards Card"}),
        ("a card with rewards", set()),
        ("pro", set()),
    ],
)
def test_names_are_known_without_the_words_that_many_end_in(text: str, names: set[str]) -> None:
    products = [make_name(Label.PRODUCT, name, name_en=name) for name in GOODS]
    assert Beginnings(products).find(words(fold(text))) == names


def test_no_names_shorten_nothing() -> None:
    assert Beginnings([]).find(["gold"]) == set()


DOCUMENTS = {
    "asked": ["refund", "dispute", "merchant"],
    "alike": ["refund", "dispute", "merchant", "evidence", "form", "letter"],
    "apart": ["refund", "parcel", "courier", "shop", "label", "box"],
    "silent": ["filter"],
}


def heard(tokens_asked: list[str]) -> dict[str, float]:
    index = Index(DOCUMENTS)
    scores = index.scores(dict.fromkeys(tokens_asked, 1.0))
    assert scores is not None
    after = Feedback(index, DOCUMENTS.values()).heard(scores)
    assert after.max() == pytest.approx(scores.max())
    return dict(zip(index.ids, after.tolist(), strict=True))


def test_what_resembles_the_best_comes_before_what_shares_as_much_with_the_question() -> None:
    index = Index(DOCUMENTS)
    plain = index.scores({"refund": 1.0, "zebra": 1.0})
    assert plain is not None
    assert plain[1] == pytest.approx(plain[2])
    after = heard(["refund", "zebra"])
    assert after["asked"] > after["alike"] > after["apart"] > 0.0
    assert after["silent"] == 0.0


def test_nothing_found_leads_to_nothing() -> None:
    scores = np.zeros(len(DOCUMENTS))
    assert not Feedback(Index(DOCUMENTS), DOCUMENTS.values()).heard(scores).any()


def make_resolution(id_: str, title: str, *, goods: str = "") -> ResolutionText:
    return ResolutionText(
        id=id_,
        names={"zh": "", "en": title},
        steps={"zh": (), "en": (Step(action=title, condition="", expected=""),)},
        issues=(),
        applies_to=(goods,) if goods else (),
    )


def test_talk_does_not_lead_away_from_what_is_asked() -> None:
    talk = make_resolution("talk", "Today is a great day to look around")
    about = make_resolution("about", "Disputes of charges by post and of charges by card")
    named = Knowledge(resolutions=(talk, about))
    question = "Hi, I had a great look around today and I'd say one of the charges is off"
    assert Retriever(named).search(words(fold(question)))[0].id == "about"


def test_a_shortened_name_is_the_product_that_is_asked_about() -> None:
    products = [make_name(Label.PRODUCT, name, name_en=name) for name in GOODS]
    knowledge = Knowledge(
        names={(one.label, one.id): one for one in products},
        resolutions=(
            make_resolution("silver", "Close it", goods="Silver Rewards Card"),
            make_resolution(
                "blue", "Close what is open, if it is to be", goods="Blue Rewards Card"
            ),
        ),
    )
    retriever = Retriever(knowledge)
    assert retriever.search(["close"])[0].id == "silver"
    assert retriever.search(["close", "blue"])[0].id == "blue"


@given(
    st.lists(st.sampled_from(["refund", "dispute", "merchant", "form", "letter", "zebra", "it"])),
    st.sets(st.sampled_from(CARDS)),
)
def test_scores_lie_within_0_and_1_whatever_is_named(said: list[str], products: set[str]) -> None:
    found = sold().search(said, products=products)
    assert all(0 < one.probability <= 1 for one in found)


@cache
def sold() -> Retriever:
    titles = ["refund dispute merchant form letter", "refund dispute merchant form", "refund it"]
    resolutions = [
        make_resolution(f"{place}", title, goods=CARDS[place]) for place, title in enumerate(titles)
    ]
    names = [make_name(Label.PRODUCT, name, name_en=name) for name in CARDS]
    return Retriever(
        Knowledge(names={(one.label, one.id): one for one in names}, resolutions=(*resolutions,))
    )
