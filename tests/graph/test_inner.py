"""What a question names by its being the most is a question of its own."""

import pytest

from graph.model import Document, Language, Link, Mark
from graph.question.inner import inner_question
from graph.text import has_han
from graph.vocabulary import Label


def document(text: str, named: str = "", number: str = "") -> Document:
    links = (
        (
            Link(
                label=Label.CATEGORY, id="k", start=text.index(named),
                end=text.index(named) + len(named), text=named, confidence=0.95, extractor="test",
            ),
        )
        if named
        else ()
    )  # fmt: skip
    marks = (
        (
            Mark(
                kind="order", value=number, start=text.index(number),
                end=text.index(number) + len(number), personal=False, extractor="test",
            ),
        )
        if number
        else ()
    )  # fmt: skip
    language = Language.ZH if has_han(text) else Language.EN
    return Document(
        text=text, redacted=text, search_text="", language=language, links=links, marks=marks
    )


@pytest.mark.parametrize(
    ("text", "named", "first", "instead"),
    [
        ("Which department supports the most expensive fridge?", "fridge",
         "Which product is the most expensive fridge?", "most expensive fridge"),
        ("哪个部门支持最贵的冰箱？", "冰箱", "最贵的冰箱是哪个产品？", "最贵的冰箱"),
        ("Who supports the second most expensive product?", "",
         "Which product is the second most expensive product?", "second most expensive product"),
        ("What did customer c-0010 buy in their latest order?", "",
         "Which order is the latest order of customer c-0010?", "their latest order"),
        ("c-0256 最近一单买的啥", "", "客户 c-0256 最近一单是哪个订单？", "最近一单"),
        ("我上一单买了哪些东西", "", "我上一单是哪个订单？", "我上一单"),
        ("Which customer placed the largest order?", "",
         "Which order is the largest order?", "largest order"),
        ("容量最小的那位同事排的是什么班？", "",
         "容量最小的同事是哪个客服人员？", "容量最小的那位同事"),
        ("Which issues does the department with the most agents handle?", "",
         "Which department is the department with the most agents?",
         "department with the most agents"),
        ("Which category does the cheapest item among the pumps belong to?", "pumps",
         "Which product is the cheapest item among the pumps?", "cheapest item among the pumps"),
    ],
)  # fmt: skip
def test_what_comes_first(text: str, named: str, first: str, instead: str) -> None:
    found = inner_question(document(text, named))
    assert found is not None
    assert (found.question, text[found.start : found.end]) == (first, instead)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("What is the most expensive fridge?", "fridge"),
        ("Which is the cheapest product that Logistics supports?", ""),
        ("最便宜的空调是哪款？", "空调"),
        ("Which products are the cheapest in each category?", ""),
        ("The three cheapest kitchen products", "kitchen"),
        ("most recent order we have?", ""),
        ("Which department has the most agents?", ""),
        ("How much is the cheapest fridge?", "fridge"),
    ],
)
def test_what_is_asked_for_itself_is_one_question(text: str, named: str) -> None:
    assert inner_question(document(text, named)) is None
