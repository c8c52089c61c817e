"""Facts by the ontology's labels, resolutions by paths, and nothing where nothing is sure."""

from dataclasses import replace

import pytest

from graph.answering import answer
from graph.errors import StalePolicyError
from graph.knowledge import knowledge_epoch, read_knowledge
from graph.model import Answer, Document
from graph.rights import Scope
from graph.selection.asker import Asker
from graph.store import Store
from graph.vocabulary import Label
from tests.builders import make_asker, make_document, run

CATEGORY = (Label.CATEGORY, "air-conditioners")
PRODUCT = (Label.PRODUCT, "polar")
ALL = make_asker()
OWN_ORDERS = {"Order": Scope.OWN_CUSTOMER}


async def ask(store: Store, document: Document, *, asker: Asker = ALL) -> Answer:
    knowledge = await read_knowledge(store)
    return await answer(store, document, knowledge=knowledge, asker=asker, guess=lambda _: ())


async def test_a_fact_is_read_along_the_asked_relationship(desk: Store) -> None:
    found = await ask(desk, make_document("空调由哪个部门负责？", links=[(*CATEGORY, "空调")]))
    assert found.kind == "fact"
    assert "上门维修部" in found.answer
    assert [(one.id, one.starts) for one in found.citations] == [
        ("field-service", False),
        ("air-conditioners", True),
    ]
    assert "◄─SUPPORTS─ 上门维修部" in found.citations[0].path


async def test_a_fact_is_inherited_from_the_nearest_holder(desk: Store) -> None:
    text = "Which department supports the Polar?"
    found = await ask(desk, make_document(text, links=[(*PRODUCT, "Polar")]))
    assert (found.kind, found.language) == ("fact", "en")
    assert "Field Service" in found.answer
    assert "─PART_OF*1─►" in found.citations[0].path


async def test_a_property_is_told(desk: Store) -> None:
    found = await ask(desk, make_document("极地保修期多久？", links=[(*PRODUCT, "极地")]))
    assert found.kind == "fact"
    assert "36" in found.answer


async def test_renaming_a_node_changes_the_answer(desk: Store) -> None:
    question = make_document("空调由哪个部门负责？", links=[(*CATEGORY, "空调")])
    before = await ask(desk, question)
    await run(desk, "MATCH (d:Department {id: 'field-service'}) SET d.name_zh = '暖通部'")
    after = await ask(desk, question)
    assert "上门维修部" in before.answer
    assert "暖通部" in after.answer
    assert "上门维修部" not in after.answer


@pytest.mark.parametrize(
    ("asker", "told"),
    [
        pytest.param(ALL, True, id="all orders"),
        pytest.param(make_asker(OWN_ORDERS, customer_id="c-1"), True, id="own order"),
        pytest.param(make_asker(OWN_ORDERS, customer_id="c-2"), False, id="another customer's"),
        pytest.param(make_asker(OWN_ORDERS), False, id="nobody's"),
        pytest.param(make_asker({"Order": None}), False, id="no right to orders"),
        pytest.param(make_asker({"Order.number": None}), False, id="no right to numbers"),
        pytest.param(make_asker({"Order.status": None}), False, id="no right to the status"),
        pytest.param(make_asker({"Order.id": None}), False, id="nothing to cite"),
    ],
)
async def test_orders_are_told_of_within_reach_only(desk: Store, asker: Asker, told: bool) -> None:
    document = make_document("What is the status of order W-2026-000001?", orders=["W-2026-000001"])
    found = await ask(desk, document, asker=asker)
    assert ("shipped" in found.answer) is told
    assert (found.kind, found.handover) == (("status", False) if told else ("none", True))


@pytest.mark.parametrize(
    ("denied", "expected"),
    [
        ("Issue", ""), ("Order", ""), ("Department", "none"), ("Department.id", "none"),
        ("Category.departments", "none"), ("Category", "none"), ("Category.nameZh", "none"),
        ("Department.nameZh", "Field Service"), ("Category.nameEn", ""),
    ],
)  # fmt: skip
async def test_a_fact_needs_every_coordinate_on_its_way(
    desk: Store, denied: str, expected: str
) -> None:
    question = make_document("空调由哪个部门负责？", links=[(*CATEGORY, "空调")])
    found = await ask(desk, question, asker=make_asker({denied: None}))
    if expected == "none":
        assert (found.kind, found.citations) == ("none", ())
    else:
        assert (expected or "上门维修部") in found.answer


@pytest.mark.parametrize("denied", ["Product.category", "Category.departments", "Category"])
async def test_what_is_inherited_needs_the_way_up(desk: Store, denied: str) -> None:
    question = make_document("Which department supports the Polar?", links=[(*PRODUCT, "Polar")])
    assert (await ask(desk, question, asker=make_asker({denied: None}))).kind == "none"


async def test_a_count_needs_the_right_to_count(desk: Store) -> None:
    number = "W-2026-000001"
    question = make_document(f"How many products are in order {number}?", orders=[number])
    counted = await ask(desk, question)
    assert (counted.kind, "1." in counted.answer) == ("count", True)
    rights = ALL.rights
    cells = {key: ladder for key, ladder in rights.cells.items() if key[1] != "aggregate"}
    listed = await ask(desk, question, asker=replace(ALL, rights=replace(rights, cells=cells)))
    assert (listed.kind, "Polar" in listed.answer) == ("fact", True)


@pytest.mark.parametrize(
    "denied", ["Resolution", "Resolution.actionsEn", "Resolution.issues", "Issue.nameEn", "Alias"]
)
async def test_a_resolution_is_told_to_whoever_may_read_all_that_finds_it(
    desk: Store, denied: str
) -> None:
    question = make_document("空调不制冷怎么办？", resolutions={"r-1": 0.9})
    assert (await ask(desk, question)).kind == "how-to"
    assert (await ask(desk, question, asker=make_asker({denied: None}))).kind == "none"


async def test_evidence_that_may_not_be_walked_does_not_make_an_answer_surer(desk: Store) -> None:
    question = make_document(
        "空调不制冷怎么办？", issues={"no-cooling": 0.9}, resolutions={"r-1": 0.6}
    )
    without = make_asker({"Issue.resolutions": None})
    assert (await ask(desk, question, asker=without)).confidence == (
        await ask(desk, make_document("空调不制冷怎么办？", resolutions={"r-1": 0.6}))
    ).confidence


async def test_nothing_is_told_under_a_policy_that_was_replaced(desk: Store) -> None:
    late = make_asker(epoch=2)
    for question in (
        make_document("空调由哪个部门负责？", links=[(*CATEGORY, "空调")]),
        make_document("空调不制冷怎么办？", resolutions={"r-1": 0.9}),
    ):
        with pytest.raises(StalePolicyError):
            await ask(desk, question, asker=late)


async def test_an_order_out_of_reach_is_answered_like_one_that_does_not_exist(desk: Store) -> None:
    def question(number: str) -> Document:
        return make_document(f"What is the status of order {number}?", orders=[number])

    reach = make_asker(OWN_ORDERS, customer_id="c-2")
    hidden = await ask(desk, question("W-2026-000001"), asker=reach)
    absent = await ask(desk, question("W-2026-999999"), asker=reach)
    told = [replace(one, question="", about=None) for one in (hidden, absent)]
    assert told[0] == told[1]


async def test_a_resolution_needs_words_and_is_raised_by_issue_and_product(desk: Store) -> None:
    text = "空调不制冷怎么办？"
    words_only = await ask(desk, make_document(text, resolutions={"r-1": 0.6}))
    all_paths = await ask(
        desk,
        make_document(
            text, links=[(*CATEGORY, "空调")], issues={"no-cooling": 0.9}, resolutions={"r-1": 0.6}
        ),
    )
    assert all_paths.kind == "how-to"
    assert "清洗滤网" in all_paths.answer
    assert all_paths.citations[0].path == "r-1 · ─RESOLVES─► 不制冷 · ─APPLIES_TO─► 空调"
    assert all_paths.confidence > words_only.confidence


async def test_an_english_question_gets_english_steps(desk: Store) -> None:
    found = await ask(
        desk,
        make_document("It does not cool", issues={"no-cooling": 0.9}, resolutions={"r-1": 0.9}),
    )
    assert found.answer.splitlines()[1] == "1. Clean the filter (it is dusty) → the air gets cold"


@pytest.mark.parametrize(
    ("text", "says"), [("你好吗", "转交人工客服"), ("hello", "a person can take over")]
)
async def test_where_nothing_is_sure_it_abstains(desk: Store, text: str, says: str) -> None:
    found = await ask(desk, make_document(text))
    assert (found.kind, found.confidence, found.handover) == ("none", 0.0, True)
    assert says in found.answer


async def test_the_knowledge_epoch_starts_at_nothing_and_moves_by_one(desk: Store) -> None:
    assert await knowledge_epoch(desk) == 0
    for value in (1, 2):
        await desk.write("epoch-move", id="knowledge")
        assert await knowledge_epoch(desk) == value


async def test_knowledge_holds_names_and_the_links_of_resolutions(desk: Store) -> None:
    knowledge = await read_knowledge(desk)
    assert knowledge.name(Label.ISSUE, "no-cooling", "en") == "Not cooling"
    assert knowledge.name(Label.ISSUE, "gone", "en") == "gone"
    (resolution,) = knowledge.resolutions
    assert (resolution.issues, resolution.applies_to) == (("no-cooling",), ("air-conditioners",))
    assert resolution.steps["zh"][0].expected == "出风变冷"
