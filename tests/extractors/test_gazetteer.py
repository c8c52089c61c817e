import pytest

from extractors.pipeline import Extractor
from graph.knowledge import Knowledge
from graph.model import Link
from graph.vocabulary import Label
from tests.extractors.knowledge import KNOWLEDGE


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor(KNOWLEDGE)


def links(extractor: Extractor, text: str) -> tuple[Link, ...]:
    return extractor.extract(text).links


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("空调坏了", [("air-conditioners", 0, 2)], id="zh name"),
        pytest.param("我家的空調壞了", [("air-conditioners", 3, 5)], id="traditional"),
        pytest.param("The Air  Conditioners", [("air-conditioners", 4, 21)], id="two spaces"),
        pytest.param("my AIR CONDITIONERS leak", [("air-conditioners", 3, 19)], id="case"),
        pytest.param("my ac leaks", [("air-conditioners", 3, 5)], id="alias"),
        pytest.param("家里ac坏了", [("air-conditioners", 2, 4)], id="alias beside Han"),
        pytest.param("it is back in place", [], id="not inside Latin words"),
        pytest.param("AC2 or ac-dc", [("air-conditioners", 7, 9)], id="not before a digit"),
        pytest.param("净化器Pro2的滤芯", [("pro-2", 0, 7)], id="the longest wins"),
        pytest.param("净化器的滤芯", [("purifiers", 0, 3)], id="the shorter alone"),
        pytest.param("空气净化器 Pro 2不转", [("pro-2", 0, 11)], id="mixed name"),
        pytest.param("空调和净化器", [("air-conditioners", 0, 2), ("purifiers", 3, 6)], id="two"),
        pytest.param("我要学hvac", [("hvac", 3, 7)], id="a skill"),
        pytest.param("𝄞空调", [("air-conditioners", 1, 3)], id="places count code points"),
        pytest.param("it is a Turbo 20 L. Help!", [("turbo", 8, 18)], id="before a full stop"),
        pytest.param("Turbo 20 L/AC", [("turbo", 0, 10), ("air-conditioners", 11, 13)], id="slash"),
        pytest.param("write to ac@example.com", [], id="not inside an e-mail address"),
        pytest.param("", [], id="empty"),
    ],
)
def test_names_are_found_with_their_places(
    extractor: Extractor, text: str, found: list[tuple[str, int, int]]
) -> None:
    assert [(one.id, one.start, one.end) for one in links(extractor, text)] == found


def test_an_alias_of_two_nodes_links_to_both_with_half_the_confidence(
    extractor: Extractor,
) -> None:
    shared = links(extractor, "where is the pro")
    (sure,) = links(extractor, "purifier pro 3")
    assert [(one.id, one.label) for one in shared] == [
        ("pro-3", Label.PRODUCT),
        ("pro-4", Label.PRODUCT),
    ]
    assert [one.confidence for one in shared] == [sure.confidence / 2] * 2
    assert sure.extractor == "gazetteer.v1"


def test_without_knowledge_nothing_is_linked() -> None:
    assert Extractor(Knowledge()).extract("空调坏了").links == ()
