"""Questions as readings, without any graph: numbers, times, words, and what they are bound to."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import SKOS

from graph.likelihood import fact_confidence
from graph.model import Document, Language
from graph.ontology import NAMESPACE, askable, ontology
from graph.question import reading, way
from graph.question.amount import find_quantities, find_rank
from graph.question.lexicon import lexicon
from graph.question.question import Anchor, Question, read_question, tells
from graph.question.reader import readings
from graph.question.reading import Output
from graph.text import fold, has_han, stem
from graph.vocabulary import Label, RelationshipType

NOW = int(datetime(2026, 11, 25, 12, tzinfo=UTC).timestamp() * 1000)


def day(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000


def question(text: str, *named: tuple[Label, str, str]) -> Question:
    groups = []
    for label, id_, words in named:
        start = text.index(words)
        anchor = Anchor(
            label=label, key="id", value=id_, start=start, end=start + len(words),
            confidence=0.95, found_by=(),
        )  # fmt: skip
        groups.append((anchor,))
    language = Language.ZH if has_han(text) else Language.EN
    document = Document(text=text, redacted=text, search_text="", language=language)
    return read_question(document, groups, now_ms=NOW)


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("orders over 100", [(">", 100)]),
        ("价格超过1000元", [(">", 1000)]),
        ("5000元以上", [(">=", 5000)]),
        ("under $1,500", [("<", 1500)]),
        ("三千元以下", [("<=", 3000)]),
        ("between 100 and 200", [(">=", 100), ("<=", 200)]),
        ("价格在1000到1500之间", [(">=", 1000), ("<=", 1500)]),
        ("at least two items", [(">=", 2)]),
        ("超过两年半", [(">", 2.5)]),
        ("一个半月以上", [(">=", 1.5)]),
        ("more than two and a half years", [(">", 2.5)]),
        ("in March", [(">=", day("2026-03-01")), ("<", day("2026-04-01"))]),
        ("after March 2026", [(">=", day("2026-04-01"))]),
        ("since 2026-03-05", [(">=", day("2026-03-05"))]),
        ("before 2026-01-05", [("<", day("2026-01-05"))]),
        ("2025年5月", [(">=", day("2025-05-01")), ("<", day("2025-06-01"))]),
        ("上周", [(">=", day("2026-11-16")), ("<", day("2026-11-23"))]),
        ("orders from last week", [(">=", day("2026-11-16")), ("<", day("2026-11-23"))]),
        ("昨天", [(">=", day("2026-11-24")), ("<", day("2026-11-25"))]),
        ("December 3rd", [(">=", day("2025-12-03")), ("<", day("2025-12-04"))]),
        ("next month", [(">=", day("2026-12-01")), ("<", day("2027-01-01"))]),
        ("明年", [(">=", day("2027-01-01")), ("<", day("2028-01-01"))]),
        ("more than seventy-two months", [(">", 72)]),
        ("over two thousand five hundred", [(">", 2500)]),
        ("under three thousand and twenty yuan", [("<", 3020)]),
        ("2026 年第二季度的订单", [(">=", day("2026-04-01")), ("<", day("2026-07-01"))]),
        ("in Q4 2025", [(">=", day("2025-10-01")), ("<", day("2026-01-01"))]),
        ("the third quarter of 2026", [(">=", day("2026-07-01")), ("<", day("2026-10-01"))]),
        ("去年上半年", [(">=", day("2025-01-01")), ("<", day("2025-07-01"))]),
        ("the second half of 2025", [(">=", day("2025-07-01")), ("<", day("2026-01-01"))]),
        ("两万五以上", [(">=", 25_000)]),
        ("三百二以下", [("<=", 320)]),
        ("from March to May 2026", [(">=", day("2026-03-01")), ("<", day("2026-06-01"))]),
        ("between January and March", [(">=", day("2026-01-01")), ("<", day("2026-04-01"))]),
        ("January and February 2026", [(">=", day("2026-01-01")), ("<", day("2026-03-01"))]),
        ("November to December 2025", [(">=", day("2025-11-01")), ("<", day("2026-01-01"))]),
        ("2026年3月1日到3月15日", [(">=", day("2026-03-01")), ("<", day("2026-03-16"))]),
        ("orders of 2026", [(">=", day("2026-01-01")), ("<", day("2027-01-01"))]),
        ("2026-13-45", None),
        ("no number", None),
    ],
)
def test_numbers_and_times_are_bounds(text: str, bounds: list[tuple[str, float]] | None) -> None:
    found = [one for one in find_quantities(fold(text), now_ms=NOW) if not one.bare]
    assert [one.bounds for one in found] == ([tuple(bounds)] if bounds else [])


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("昨天", "2026-11-24T16:00", "2026-11-25T16:00"),
        ("in May 2026", "2026-04-30T16:00", "2026-05-31T16:00"),
        ("2026年5月1号之后", "2026-05-01T16:00", None),
    ],
)
def test_days_are_those_of_the_time_zone(text: str, first: str, last: str | None) -> None:
    late = NOW + 8 * 60 * 60 * 1000  # in Shanghai it is the 26th already
    (found,) = find_quantities(fold(text), now_ms=late, zone=ZoneInfo("Asia/Shanghai"))
    assert [value for _, value in found.bounds] == [day(one) for one in (first, last) if one]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("取消的订单还是扣了款。", True),
        ("It failed on day one, and it is loud.", True),
        ("取消的订单有哪些。", False),
        ("List the cancelled orders.", False),
        ("Is it in stock.", False),
        ("取消的订单", False),
        ("Which orders are cancelled?", False),
    ],
)
def test_a_whole_sentence_that_asks_nothing_tells(text: str, told: bool) -> None:
    assert tells(question(text)) is told


@pytest.mark.parametrize(
    ("text", "rank"),
    [("second most expensive", (1, 1)), ("top 3 products", (0, 3)), ("第二贵", (1, 1)),
     ("最贵的三款", (0, 3)), ("the most expensive", None)],
)  # fmt: skip
def test_places_of_an_order(text: str, rank: tuple[int, int] | None) -> None:
    found = find_rank(text)
    assert (found[:2] if found else None) == rank


@pytest.mark.parametrize(
    ("word", "stemmed"),
    [("departments", "department"), ("handles", "handl"), ("handling", "handl"),
     ("categories", "category"), ("boxes", "box"), ("glass", "glass"), ("supported", "support")],
)  # fmt: skip
def test_endings_make_no_difference(word: str, stemmed: str) -> None:
    assert stem(word) == stemmed


def test_one_wrong_letter_is_mended_where_the_word_is_not_known() -> None:
    said = {hit.said for hit in lexicon().find("which departmnt") if hit.kind == "class"}
    assert said == {Label.DEPARTMENT}
    assert not [hit for hit in lexicon().find("compartment") if hit.kind == "class"]


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("whcih one", "which"),
        ("how mcuh", "how much"),
        ("the pice of it", "price"),
        ("宝修多久", "保修"),
        ("多少前", "多少钱"),
        ("找那个部门", "找哪个部门"),
    ],
)
def test_swapped_letters_and_characters_of_the_same_sound_are_mended(
    text: str, phrase: str
) -> None:
    assert phrase in {hit.phrase for hit in lexicon().find(text) if not hit.exact}


def test_what_is_pointed_at_is_asked_for_only_where_nothing_else_is() -> None:
    asks = {hit.phrase for hit in lexicon().find("那个部门负责什么")}
    assert "哪个部门" not in asks


@pytest.mark.parametrize("word", ["sent", "change", "height", "rice", "brand"])
def test_an_english_word_is_no_misspelt_one_of_ours(word: str) -> None:
    assert not lexicon().find(word)


K, P, D = Label.CATEGORY, Label.PRODUCT, Label.DEPARTMENT


ORDER = (Label.ORDER, "o", "W-1")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Why was order W-1 cancelled?", ORDER),
        ("When will order W-1 be delivered?", ORDER),
        ("订单 W-1 什么时候能到？", ORDER),
        ("订单 W-1 为什么取消？", ORDER),
        ("What did the Nomad cost last year?", (P, "n", "Nomad")),
        ("明年 Nomad 卖多少钱？", (P, "n", "Nomad")),
        ("哪一年上市的 Nomad？", (P, "n", "Nomad")),
        ("Where does Kim live?", (Label.AGENT, "a", "Kim")),
        ("Which courier delivered order W-1?", ORDER),
        ("What is the salary of Billing?", (D, "b", "Billing")),
        ("What is the phone number of Billing?", (D, "b", "Billing")),
        ("What do customers think of the Nomad?", (P, "n", "Nomad")),
        ("Can I pay order W-1 by PayPal?", ORDER),
        ("哪款冰箱最省电？", (K, "k", "冰箱")),
        ("账务部的预算是多少？", (D, "b", "账务部")),
        ("账务部的主管是谁？", (D, "b", "账务部")),
        ("How much does the Nomad weigh?", (P, "n", "Nomad")),
        ("How long does the Nomad need to charge?", (P, "n", "Nomad")),
        ("Nomad 下个季度预计卖多少钱？", (P, "n", "Nomad")),
        ("How much will the price of the Nomad drop?", (P, "n", "Nomad")),
        ("美的的空调多少钱？", (K, "k", "空调")),
        ("Does Billing handle late refunds?", (Label.ISSUE, "i", "refunds")),
    ],
)
def test_what_no_graph_tells_is_read_from_nothing_else(
    text: str, named: tuple[Label, str, str]
) -> None:
    asked = question(text, named)
    found = readings(asked)
    told = [
        fact_confidence(one, asked, runners=found, place=place) for place, one in enumerate(found)
    ]
    assert all(confidence < 0.8 for confidence in told)


def test_a_department_may_be_above_the_one_that_does_it() -> None:
    up = readings(question("它的上级部门是哪个？负责漏水的部门", (Label.ISSUE, "i", "漏水")))
    same = readings(question("漏水由哪个部门负责？", (Label.ISSUE, "i", "漏水")))
    steps = [[step.type for step in found[0].leads[0].steps] for found in (up, same)]
    assert steps == [
        [RelationshipType.HANDLES, RelationshipType.PART_OF],
        [RelationshipType.HANDLES],
    ]


def test_a_story_that_leads_to_a_question_is_no_part_of_it() -> None:
    told = "My aunt bought a hob last year and wants to know how long its warranty is."
    asked = question(told, (P, "h", "hob"))
    assert (asked.quantities, asked.content & set(range(told.index("wants")))) == ((), frozenset())
    best = readings(asked)[0]
    assert best.asked is not None
    assert (best.asked.property, best.bounds) == ("warranty_months", ())


def test_who_asks_for_people() -> None:
    best = readings(question("Who has the plumbing skill?", (Label.SKILL, "s", "plumbing")))[0]
    assert best.label is Label.AGENT


def test_a_filter_binds_to_the_property_that_is_said() -> None:
    best = readings(question("Which kitchen products cost less than 500?", (K, "k", "kitchen")))[0]
    assert (best.label, best.output) == (Label.PRODUCT, Output.NAMES)
    (bound,) = best.bounds
    assert (bound.asked.property, bound.bounds) == ("price", (("<", 500.0),))


def test_years_are_months_where_months_are_kept() -> None:
    (bound,) = readings(question("保修超过3年的产品有哪些？"))[0].bounds
    assert (bound.asked.property, bound.bounds[0][1]) == ("warranty_months", 36.0)


def test_not_denies_what_comes_after_it() -> None:
    best = readings(question("哪些部门不支持空调？", (K, "k", "空调")))[0]
    assert (best.label, [lead.negated for lead in best.leads]) == (Label.DEPARTMENT, [True])
    plain = readings(question("哪些部门支持空调？", (K, "k", "空调")))[0]
    assert [lead.negated for lead in plain.leads] == [False]


def test_not_denies_the_value_right_after_it() -> None:
    best = readings(question("哪款空调的保修不是72个月？", (K, "k", "空调")))[0]
    (bound,) = best.bounds
    assert (bound.asked.property, bound.negated) == ("warranty_months", True)


@pytest.mark.parametrize(
    ("text", "label", "output"),
    [
        ("冰箱你们有哪几款？", Label.PRODUCT, Output.NAMES),
        ("冰箱有几款？", Label.PRODUCT, Output.COUNT),
        ("what's the least expensive item in the 冰箱 group", Label.PRODUCT, Output.NAMES),
    ],
)
def test_what_is_asked_for_is_what_the_whole_phrase_says(
    text: str, label: Label, output: Output
) -> None:
    best = readings(question(text, (K, "k", "冰箱")))[0]
    assert (best.label, best.output) == (label, output)
    assert best.extreme is None or not best.extreme.greatest


def best(text: str, *named: tuple[Label, str, str]) -> reading.Reading:
    return readings(question(text, *named))[0]


def test_a_number_keeps_off_the_property_of_one_with_a_unit() -> None:
    found = best("products under 2500 with a 36 month warranty")
    assert {one.asked.property: one.bounds for one in found.bounds} == {
        "price": (("<", 2500.0),),
        "warranty_months": (("=", 36.0),),
    }


def test_total_is_no_sum_where_it_is_what_is_bounded() -> None:
    assert best("orders placed in 2026 with a total above 20000").output is Output.NAMES


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("How many customers are in the lakeside region?", "lakeside"),
        ("customers in the lake-district region", "lake-district"),
        ("lake-district 地区有多少客户", "lake-district"),
    ],
)
def test_what_stands_beside_what_a_value_is_called_is_the_value(text: str, region: str) -> None:
    (bound,) = best(text).bounds
    assert (bound.asked.property, bound.bounds, bound.folded) == ("region", (("=", region),), True)


@pytest.mark.parametrize(
    ("text", "named", "asked", "expected"),
    [
        ("疾风烟机的保修是36个月吗？", (Label.PRODUCT, "p", "疾风烟机"), "warranty_months", 36.0),
        ("Is the Ember Hob under 1,000 yuan?", (Label.PRODUCT, "p", "Ember Hob"), "price", 1000.0),
        ("Does Qin Langyue speak English?", (Label.AGENT, "a", "Qin Langyue"), "languages", "en"),
    ],
)
def test_yes_or_no_is_asked_of_a_value(
    text: str, named: tuple[Label, str, str], asked: str, expected: object
) -> None:
    found = best(text, named)
    assert found.output is Output.VALUE
    assert found.asked is not None
    assert found.asked.property == asked
    assert found.expected is not None
    assert [value for _, value in found.expected.bounds] == [expected]


@pytest.mark.parametrize(
    ("text", "place"),
    [("Which customer has bought most often?", 0), ("下单次数第二多的客户是谁", 1)],
)
def test_who_does_something_most_often(text: str, place: int) -> None:
    extreme = best(text).extreme
    assert extreme is not None
    assert (extreme.asked.type, extreme.place) == (RelationshipType.PLACED, place)


def test_what_is_not_so_may_have_its_word_between() -> None:
    (bound,) = best("Who in Field Service does not speak Chinese?").bounds
    assert (bound.bounds, bound.negated) == ((("=", "zh"),), True)


def test_of_two_orders_the_earlier() -> None:
    named = [(Label.ORDER, number, number) for number in ("W-2026-000276", "DD20260209-0064")]
    found = best("Which order was placed earlier, W-2026-000276 or DD20260209-0064?", *named)
    assert found.output is Output.COMPARISON
    assert found.extreme is not None
    assert (found.extreme.asked.property, found.extreme.greatest) == ("placed_at", False)


def test_a_birth_date_is_no_date() -> None:
    named = (Label.CUSTOMER, "c-0120", "c-0120")
    assert not readings(question("What is the birth date of customer c-0120?", named))


def test_the_second_most_is_no_number() -> None:
    found = best("空调里第二贵的是哪款", (Label.CATEGORY, "ac", "空调"))
    assert found.bounds == ()


def test_a_story_before_what_is_asked_needs_no_explaining() -> None:
    told = question("The caller is furious about it. Which team should I send that to?")
    assert {told.text[at] for at in told.story} >= set("furious")
    assert not told.content & told.story
    plain = question("It lists another product, please void it.")
    assert not plain.story


@pytest.mark.parametrize(
    "text",
    [
        "A family of five came in. What does the Nomad cost?",
        "Dear all, I hope you are well. Please let me know what the Nomad costs. Kind regards",
        "Quick one before I call her back: what is the price of the Nomad?",
        "My neighbour asked what the Nomad costs",
        "上个月出院后一直想买 Nomad。麻烦您告诉我这款多少钱，谢谢。",
    ],
)
def test_what_is_told_around_a_question_leaves_it_as_sure(text: str) -> None:
    asked = question(text, (P, "n", "Nomad"))
    found = readings(asked)
    assert (found[0].asked and found[0].asked.property, found[0].bounds) == ("price", ())
    assert fact_confidence(found[0], asked, runners=found, place=0) > 0.9


def test_a_shape_that_is_another_thing_is_no_class() -> None:
    found = best("What unit price was paid for the Nomad in W-1?", (P, "n", "Nomad"), ORDER)
    assert (found.asked and found.asked.property, found.label) == ("unit_price", P)


def test_what_there_is_none_of_is_zero() -> None:
    for text in ("products without a warranty", "哪些产品没有保修"):
        (bound,) = best(text).bounds
        assert (bound.asked.property, bound.bounds) == ("warranty_months", (("=", 0.0),))


def test_a_bare_number_bounds_what_it_stands_at() -> None:
    skill = (Label.SKILL, "s", "plumbing")
    for text in ("Who has plumbing at level three?", "Who has plumbing of level 3?"):
        (bound,) = best(text, skill).bounds
        assert (bound.asked.property, bound.bounds) == ("level", (("=", 3.0),))


def test_not_denies_the_value_that_comes_after_it_alone() -> None:
    found = best("all orders that are in transit, so shipped but not delivered")
    assert {(one.bounds[0][1], one.negated) for one in found.bounds} == {
        ("shipped", False),
        ("delivered", True),
    }


@pytest.mark.parametrize(
    ("text", "property_", "value"),
    [
        ("agents who don't speak any Chinese", "languages", "zh"),
        ("products that do not have a warranty of 72 months", "warranty_months", 72.0),
        ("orders except cancelled ones", "status", "cancelled"),
        ("leaving out cancelled ones, how many orders are there", "status", "cancelled"),
    ],
)
def test_what_is_denied_may_have_its_words_between(
    text: str, property_: str, value: object
) -> None:
    (bound,) = best(text).bounds
    assert (bound.asked.property, bound.bounds[0][1], bound.negated) == (property_, value, True)


def test_a_denial_that_is_left_makes_unsure() -> None:
    asked = question("Which issues does Billing not like?", (D, "b", "Billing"))
    found = readings(asked)
    sure = [fact_confidence(one, asked, runners=found, place=0) for one in found]
    assert all(one < 0.8 for one in sure)


def test_what_says_which_one_is_no_story() -> None:
    for text in ("粉色的那款 Nomad 有没有，多少钱", "She has the pink Nomad. How much is it?"):
        asked = question(text, (P, "n", "Nomad"))
        found = readings(asked)
        assert fact_confidence(found[0], asked, runners=found, place=0) < 0.8, text


def test_what_asks_for_the_same_in_other_words_asks_once() -> None:
    department = (Label.ISSUE, "i", "double charges")
    for text, sure in (
        ("Who handles double charges, which team?", True),
        ("Who handles double charges, and which department is above it?", False),
    ):
        asked = question(text, department)
        found = readings(asked)
        assert (fact_confidence(found[0], asked, runners=found, place=0) > 0.8) is sure


def test_phrases_do_not_reach_beyond_a_comma() -> None:
    found = lexicon().find("english speakers in support, names pls")
    assert not any(hit.phrase == "english name" for hit in found)


def test_who_says_so_is_not_asked_for() -> None:
    text = "Customer says the 冰箱 is too warm, which team supports it?"
    assert readings(question(text, (K, "k", "冰箱")))[0].label is Label.DEPARTMENT


@pytest.mark.parametrize(
    "text", ["Show me the orders from October 2026", "帮我查一下10月的订单有哪些"]
)
def test_asking_for_oneself_is_not_asking_for_ones_own(text: str) -> None:
    assert readings(question(text))[0].label is Label.ORDER


def test_part_of_is_read_from_what_stands_before_it() -> None:
    up = readings(question("账务部属于哪个部门？", (D, "billing", "账务部")))[0]
    down = readings(question("哪些部门属于账务部？", (D, "billing", "账务部")))[0]
    assert [one.leads[0].steps[0].inverse for one in (up, down)] == [False, True]


def test_which_decides_between_classes() -> None:
    text = "Which departments handle the issues of the Polar?"
    assert readings(question(text, (P, "p", "Polar")))[0].label is Label.DEPARTMENT


@pytest.mark.parametrize(
    "text", ["多少钱？", "Which department?", "blah", "", "？？", "它多少钱？"]
)
def test_what_names_nothing_has_no_reading(text: str) -> None:
    assert readings(question(text)) == []


def test_my_orders_are_nobodys_without_a_customer() -> None:
    assert readings(question("How many orders have I placed?")) == []


def test_labels_of_the_ontology_are_all_that_a_new_question_needs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = question("Who zorbles c-77?", (Label.CUSTOMER, "c-77", "c-77"))
    assert asked.content - {at for one in asked.hits for at in one.places} >= set(range(4, 11))
    graph = Graph()
    graph.parse(data=ontology().serialize(format="turtle"), format="turtle")
    term = URIRef(f"{NAMESPACE}SERVES-inverse")
    graph.add((term, SKOS.altLabel, Literal("zorbles", lang="en")))
    with relabelled(monkeypatch, graph):
        asked = question("Who zorbles c-77?", (Label.CUSTOMER, "c-77", "c-77"))
        best = readings(asked)[0]
        assert (best.label, best.leads[0].steps[0].type) == (Label.DEPARTMENT, "SERVES")
        assert asked.content <= best.explained


@contextmanager
def relabelled(monkeypatch: pytest.MonkeyPatch, graph: Graph) -> Iterator[None]:
    """Another ontology in force, and the shipped one again."""
    caches = (askable, lexicon, way._steps, way.ways, reading.dated, reading.measured)
    with monkeypatch.context() as patch:
        patch.setattr("graph.ontology.ontology", lambda: graph)
        for one in caches:
            one.cache_clear()
        yield
    for one in caches:
        one.cache_clear()


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("Which products are neither fridges nor kettles?", ["fridges", "kettles"]),
        ("哪些产品既不是fridges也不是kettles？", ["fridges", "kettles"]),
        ("除了fridges和kettles，还有多少产品？", ["fridges", "kettles"]),
        ("Which fridges products are not kettles?", ["kettles"]),
    ],
)
def test_each_that_is_denied_is_denied(text: str, denied: list[str]) -> None:
    names = [(Label.CATEGORY, name, name) for name in ("fridges", "kettles")]
    best, *_ = readings(question(text, *names))
    turned = [lead.anchor.value for lead in best.leads if lead.anchor and lead.negated]
    assert (best.label, sorted(turned)) == (Label.PRODUCT, denied)


def test_a_verb_between_two_equals_is_said_of_the_nearer() -> None:
    text = "哪些部门不属于Service也不属于Shop？"
    best, *_ = readings(
        question(text, (Label.DEPARTMENT, "s", "Service"), (Label.DEPARTMENT, "m", "Shop"))
    )
    assert [(step.type, step.inverse) for lead in best.leads for step in lead.steps] == [
        (RelationshipType.PART_OF, True),
        (RelationshipType.PART_OF, True),
    ]
    assert all(lead.negated for lead in best.leads)


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Which agents speak both Chinese and English?", {"zh", "en"}),
        ("哪些客服中英文都会？", {"zh", "en"}),
        ("Which agents speak English?", {"en"}),
    ],
)
def test_all_values_of_a_list_are_asked_for(text: str, spoken: set[str]) -> None:
    best, *_ = readings(question(text))
    assert {value for bound in best.bounds for _, value in bound.bounds} == spoken


@pytest.mark.parametrize("text", ["How many orders were placed tomorrow?", "2027年有几个订单？"])
def test_what_is_to_come_is_not_counted(text: str) -> None:
    assert readings(question(text)) == []
