"""Names written almost right: linked with less confidence, and nothing else linked instead."""

import pytest

from extractors.pipeline import Extractor
from graph.knowledge import Knowledge
from graph.vocabulary import Label
from tests.extractors.knowledge import make_name

L = Label
NAMES = (
    make_name(L.CATEGORY, "air-care", "空气护理", "Air Care", aliases=("净化器",)),
    make_name(
        L.PRODUCT, "pro-2", "空气净化器 Pro 2", "Air Purifier Pro 2", aliases=("净化器Pro2",)
    ),
    make_name(L.PRODUCT, "tide-10", "潮汐滚筒", "Tide Drum", aliases=("the washer",)),
    make_name(L.PRODUCT, "tide-8", "潮汐波轮", "Tide Top Loader", aliases=("the washer",)),
    make_name(L.PRODUCT, "x5", "侦察兵 X5", "Scout X5"),
    make_name(L.PRODUCT, "x7", "侦察兵 X7", "Scout X7"),
    make_name(L.ISSUE, "late", "物流延误", "Delivery late"),
    make_name(L.PRODUCT, "mist", "晨雾", "Morning Mist"),
    make_name(L.DEPARTMENT, "billing", "账务部", "Billing", aliases=("accounts",)),
    make_name(L.ISSUE, "return", "退货", "Returns"),
    make_name(L.PRODUCT, "pearl", "珍珠电饭煲 4 L", "Pearl Rice Cooker 4 L"),
)
NEAR = {
    (L.PRODUCT, "tide-10"): frozenset({(L.ISSUE, "late")}),
    (L.ISSUE, "late"): frozenset({(L.PRODUCT, "tide-10")}),
}


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    names = {(name.label, name.id): name for name in NAMES}
    return Extractor(Knowledge(names=names, near=NEAR))


@pytest.mark.parametrize(
    ("text", "id_", "words"),
    [
        pytest.param("净化器Pro2多少钱", "pro-2", "净化器Pro2", id="exact"),
        pytest.param("净化器 pro-2多少钱", "pro-2", "净化器 pro-2", id="spacing and hyphen"),
        pytest.param("air purifiers pro 2?", "pro-2", "air purifiers pro 2", id="plural"),
        pytest.param("the Air Purifer Pro 2", "pro-2", "Air Purifer Pro 2", id="letter left out"),
        pytest.param("my Tide Durm leaks", "tide-10", "Tide Durm", id="letters swapped"),
        pytest.param("净化气Pro2", "pro-2", "净化气Pro2", id="same sound"),
        pytest.param("潮夕滚筒坏了", "tide-10", "潮夕滚筒", id="another character"),
        pytest.param("jinghuaqi pro 2", "pro-2", "jinghuaqi pro 2", id="pinyin"),
        pytest.param("淨化器Ｐｒｏ２", "pro-2", "淨化器Ｐｒｏ２", id="traditional and full width"),
        pytest.param("about late deliveries", "late", "late deliveries", id="other order of words"),
        pytest.param("a pearl rice cooker?", "pearl", "pearl rice cooker", id="without its size"),
        pytest.param("珍珠电饭煲多少钱", "pearl", "珍珠电饭煲", id="without its size"),
        pytest.param("scout-x7", "x7", "scout-x7", id="the number decides"),
        pytest.param("我的电饭煲4L坏了", "pearl", "电饭煲4L", id="without how it begins"),
        pytest.param("电饭煲4升多少钱", "pearl", "电饭煲4升", id="in the other unit"),
        pytest.param("the 4 litre rice cooker?", "pearl", "4 litre rice cooker", id="unit in full"),
        pytest.param("is the 4 L rice cooker ok", "pearl", "4 L rice cooker", id="size first"),
        pytest.param("my purifier pro 2 hums", "pro-2", "purifier pro 2", id="the end of its name"),
        pytest.param("珍珠电饭包 4 L", "pearl", "珍珠电饭包 4 L", id="another Han in a long name"),
        pytest.param("空气净化器 rPo 2", "pro-2", "空气净化器 rPo 2", id="swapped beside Han"),
        pytest.param("how much is the X7", "x7", "X7", id="by its model"),
        pytest.param("X7多少钱", "x7", "X7", id="by its model, beside Han"),
    ],
)
def test_near_misses_are_linked(extractor: Extractor, text: str, id_: str, words: str) -> None:
    (link,) = extractor.extract(text).links
    assert (link.id, text[link.start : link.end]) == (id_, words)
    sure = extractor.extract("Scout X7").links[0].confidence
    assert link.confidence <= sure
    assert (link.confidence == sure) is (link.extractor == "gazetteer.v1")


@pytest.mark.parametrize(
    "text",
    ["scout x6", "the order is late", "a billiard table", "How much is the moon base?",
     "物流很慢", "the late cost", "my dryer", "good morning", "my account", "I return",
     "price of it", "12 tides"],
)  # fmt: skip
def test_other_words_are_not(extractor: Extractor, text: str) -> None:
    assert extractor.extract(text).links == ()


def test_what_stands_beside_it_decides_between_equals(extractor: Extractor) -> None:
    unsure = extractor.extract("the washer").links
    (link,) = [
        one for one in extractor.extract("the washer: delivery late").links
        if one.label is L.PRODUCT
    ]  # fmt: skip
    assert {one.id for one in unsure} == {"tide-10", "tide-8"}
    assert (link.id, link.confidence) == ("tide-10", 0.9)


def test_long_texts_are_read_as_they_stand(extractor: Extractor) -> None:
    assert extractor.extract("净化气Pro2 " + "x " * 80).links == ()
