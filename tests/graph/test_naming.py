"""What a question names beyond the names that stand in it."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from graph.knowledge import Knowledge, Name
from graph.model import Document, Guess, Language, Link, Mark
from graph.naming import anchor_groups, told_issue
from graph.rights import Scope
from graph.vocabulary import Label
from tests.builders import make_asker

P, C, ISSUE = Label.PRODUCT, Label.CATEGORY, Label.ISSUE
NAMES = (
    Name(label=P, id="gas", name_zh="熔岩燃气热水器", name_en="Lava Gas Heater"),
    Name(label=P, id="electric", name_zh="熔岩电热水器", name_en="Lava Electric Heater"),
    Name(label=P, id="s5", name_zh="侦察兵 S5", name_en="Scout Robot S5"),
    Name(label=P, id="x7", name_zh="侦察兵 X7", name_en="Scout Robot X7"),
    Name(label=P, id="x7-bag", name_zh="X7 尘袋", name_en="Dust Bag X7"),
    Name(label=C, id="heaters", name_zh="热水器", name_en="Water Heaters"),
    Name(label=Label.SKILL, id="promo", name_zh="促销规则", name_en="Promotions and prices"),
    Name(label=Label.SKILL, id="hvac", name_zh="空调与制冷管路", name_en="Cooling circuits"),
    Name(label=ISSUE, id="leak", name_zh="漏水", name_en="It leaks", aliases=("drips",)),
)
ROBOTS = frozenset({(C, "robots")})
KNOWN = Knowledge(
    names={(one.label, one.id): one for one in NAMES},
    near={(P, "s5"): ROBOTS, (P, "x7"): ROBOTS, (P, "x7-bag"): frozenset({(C, "bags")})},
)


def document(text: str, *named: tuple[Label, str, str]) -> Document:
    links = tuple(
        Link(
            label=label, id=id_, start=text.index(said), end=text.index(said) + len(said),
            text=said, confidence=0.95 / len(named), extractor="test",
        )
        for label, id_, said in named
    )  # fmt: skip
    return Document(text=text, redacted=text, search_text="", language=Language.EN, links=links)


def named(text: str, *links: tuple[Label, str, str]) -> list[list[tuple[str, str]]]:
    groups = anchor_groups(document(text, *links), knowledge=KNOWN, asker=make_asker())
    return [[(one.value, text[one.start : one.end]) for one in group] for group in groups]


@pytest.mark.parametrize(
    ("text", "said", "found"),
    [
        ("price of the lava gas heater", "lava", [("gas", "lava gas heater")]),
        ("price of the lava heater", "lava", [("gas", "lava heater"), ("electric", "lava heater")]),
        ("lava, gas and water", "lava", [("gas", "lava"), ("electric", "lava")]),
        ("熔岩燃气多少钱", "熔岩", [("gas", "熔岩燃气")]),
    ],
)
def test_words_of_its_name_tell_which_is_meant(
    text: str, said: str, found: list[tuple[str, str]]
) -> None:
    assert named(text, (P, "gas", said), (P, "electric", said)) == [found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("issues that need the promotions skill", [[("promo", "promotions")]]),
        ("谁的空调技能最高", [[("hvac", "空调")]]),
        ("issues that need a skill", []),
        ("the support skill", []),
    ],
)
def test_one_word_of_a_name_is_enough_before_what_it_is_called(
    text: str, found: list[list[tuple[str, str]]]
) -> None:
    assert named(text) == found


def test_a_number_is_of_what_is_said_before_it() -> None:
    mark = Mark(kind="order", value="kd100234", start=9, end=18, personal=False, extractor="test")
    for said, label in (
        ("customer kd-100234", Label.CUSTOMER),
        ("my order kd-100234", Label.ORDER),
    ):
        given = replace(document(said), marks=(mark,))
        ((one,),) = anchor_groups(given, knowledge=KNOWN, asker=make_asker())
        assert one.label is label


def test_another_of_the_kind_is_named_by_a_word_of_its_own() -> None:
    assert named("the scout s5 or the x7?", (P, "s5", "scout s5")) == [
        [("s5", "scout s5")],
        [("x7", "x7")],
    ]
    assert named("侦察兵S5和X7".casefold(), (P, "s5", "侦察兵s5"))[1] == [("x7", "x7")]
    assert named("the scout s5 or the price?", (P, "s5", "scout s5")) == [[("s5", "scout s5")]]


def told(
    text: str,
    probability: float = 0.9,
    *,
    scopes: Mapping[str, Scope | None] | None = None,
    knowledge: Knowledge | None = None,
) -> list[str]:
    knowledge = knowledge or KNOWN
    guess = Guess(label=ISSUE, id="leak", probability=probability, extractor="test")
    seen: list[str] = []

    def guessed(part: str) -> tuple[Guess, ...]:
        seen.append(part)
        return (guess,)

    asker = make_asker(scopes)
    groups = anchor_groups(document(text), knowledge=knowledge, asker=asker)
    found = told_issue(document(text), groups, knowledge=knowledge, asker=asker, guess=guessed)
    return [text[one.start : one.end] for group in found for one in group] if found else []


def test_an_issue_is_told_of_by_what_does_not_ask() -> None:
    assert told("Water runs out below it, which department handles that?") == [
        "Water runs out below it"
    ]
    assert told("柜子里一摊水，归谁管？") == ["柜子里一摊水"]


def test_few_words_tell_of_an_issue_only_where_one_is_said_of_it() -> None:
    login = Name(
        label=ISSUE, id="leak", name_zh="登录失败", name_en="Sign-in", examples=("app登录不了",)
    )
    known = Knowledge(names={(ISSUE, "leak"): login})
    assert told("登录不上，归谁管？", knowledge=known) == ["登录不上"]
    assert told("登记任何，归谁管？", knowledge=known) == []


def test_an_issue_is_told_of_only_where_it_is_asked_for_likely_and_readable() -> None:
    assert told("Water runs out below it, how much is that?") == []
    assert told("Water runs out, which department handles that?", 0.4) == []
    for complaint in (
        "Water everywhere and nobody takes responsibility.",
        "I took a day off and your engineer did not show up.",
        "管子接头那里有水渗出来",
        "答应给我回电的，没人管。",
    ):
        assert told(complaint) == []
    hidden = {"Issue.aliases": None}
    assert told("Water runs out, which department handles that?", scopes=hidden) == []


@pytest.mark.parametrize(
    ("text", "said", "found"),
    [
        ("How much is the gas heater?", (), [[("gas", "gas heater")]]),
        ("电热水器多少钱", ((C, "heaters", "热水器"),), [[("electric", "电热水器")]]),
        ("How much is the x7 model 9?", (), []),
        ("who knows cooling", (), []),
        ("谁懂制冷管路", (), [[("hvac", "制冷管路")]]),
        ("制冷管路归谁管", (), []),
    ],
)
def test_a_part_of_a_name_is_enough_where_it_is_of_one(
    text: str, said: tuple[tuple[Label, str, str], ...], found: list[list[tuple[str, str]]]
) -> None:
    near = {(C, "heaters"): frozenset({(P, "gas"), (P, "electric")})}
    known = replace(KNOWN, near={**KNOWN.near, **near})
    groups = anchor_groups(document(text, *said), knowledge=known, asker=make_asker())
    assert [[(one.value, text[one.start : one.end]) for one in group] for group in groups] == found
