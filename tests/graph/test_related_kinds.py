"""What is said of one kind bounds another, and what is counted or added up of it, on every engine:
orders of gold customers, who has spent most, what sells best.
"""

import pytest

from graph.answering import answer
from graph.knowledge import read_knowledge
from graph.model import Answer
from graph.question.romanised import in_han
from graph.rights import Scope
from graph.selection.asker import Asker
from graph.store import Store
from graph.vocabulary import Label
from tests.builders import make_asker, make_document, run

ALL = make_asker()
SHOP = """
CREATE (:Epoch {id: 'policy', value: 1})
CREATE (lamp:Product {id: 'lamp', name_zh: '台灯', name_en: 'Lamp'})
CREATE (rug:Product {id: 'rug', name_zh: '地毯', name_en: 'Rug'})
CREATE (home:Category {id: 'home', name_zh: '家居', name_en: 'Home goods'})
CREATE (soft:Category {id: 'soft', name_zh: '软装', name_en: 'Soft goods'})
CREATE (light:Category {id: 'light', name_zh: '灯具', name_en: 'Light goods'})
CREATE (soft)-[:PART_OF]->(home), (light)-[:PART_OF]->(home)
CREATE (lamp)-[:PART_OF]->(soft), (lamp)-[:PART_OF]->(light), (rug)-[:PART_OF]->(soft)
CREATE (ann:Customer {id: 'c-1', tier: 'gold', region: 'IN'})
CREATE (bob:Customer {id: 'c-2', tier: 'gold', region: 'CO'})
CREATE (eve:Customer {id: 'c-3', tier: 'silver', region: 'CO'})
CREATE (a:Order {id: 'o-1', number: 'W-1', number_key: 'w1', status: 'delivered', total: 10.0})
CREATE (b:Order {id: 'o-2', number: 'W-2', number_key: 'w2', status: 'cancelled', total: 70.0})
CREATE (c:Order {id: 'o-3', number: 'W-3', number_key: 'w3', status: 'cancelled', total: 20.0})
CREATE (d:Order {id: 'o-4', number: 'W-4', number_key: 'w4', status: 'delivered', total: 60.0})
CREATE (ann)-[:PLACED]->(a), (ann)-[:PLACED]->(b), (bob)-[:PLACED]->(c), (eve)-[:PLACED]->(d)
CREATE (a)-[:CONTAINS {quantity: 1, unit_price: 10.0}]->(lamp)
CREATE (b)-[:CONTAINS {quantity: 1, unit_price: 70.0}]->(lamp)
CREATE (c)-[:CONTAINS {quantity: 1, unit_price: 20.0}]->(lamp)
CREATE (d)-[:CONTAINS {quantity: 6, unit_price: 10.0}]->(rug)
"""


@pytest.fixture
async def shop(store: Store) -> Store:
    await run(store, SHOP)
    return store


async def ask(store: Store, text: str, *, asker: Asker = ALL) -> Answer:
    knowledge = await read_knowledge(store)
    document = make_document(text)
    return await answer(store, document, knowledge=knowledge, asker=asker, guess=lambda _: ())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("How many orders did gold customers place?", ": 3."),
        ("金卡客户一共下了多少个订单？", "共 3"),
        ("How many cancelled orders do we have from gold customers?", ": 2."),
        ("What do the orders of silver customers add up to?", "60.00"),
        ("Which customer has the most cancelled orders?", "c-1 (1), c-2 (1)"),
        ("Which customer has spent the most?", "c-1 (80.00)"),
        ("哪位客户消费最多？", "c-1（80.00）"),
        ("Which gold customer spent the least?", "c-2 (20.00)"),
        ("What is our best-selling product?", "Rug (6)"),
        ("哪款产品的销量最低？", "台灯（3）"),
        ("Which product did gold customers order most often?", "Lamp (3)"),
        ("How many customers live in CO?", ": 2."),
        ("How many customers live in IN?", ": 1."),
        ("我们有多少张订单？", "共 4"),
    ],
)
async def test_one_kind_is_bounded_by_another(text: str, says: str, shop: Store) -> None:
    found = await ask(shop, text)
    assert says in found.answer, found.answer


async def test_what_several_ways_lead_to_counts_once(shop: Store) -> None:
    knowledge = await read_knowledge(shop)
    text = "Which of the Home goods sold the most units?"
    document = make_document(text, links=[(Label.CATEGORY, "home", "Home goods")])
    await run(shop, "MATCH ()-[c:CONTAINS {quantity: 6}]->() SET c.quantity = 4")
    found = await answer(shop, document, knowledge=knowledge, asker=ALL, guess=lambda _: ())
    assert "Rug (4)" in found.answer, found.answer


@pytest.mark.parametrize(
    "text",
    [
        "How many orders did gold customers place?",
        "Which customer has spent the most?",
        "Which customer has the most cancelled orders?",
    ],
)
@pytest.mark.parametrize(
    "denied",
    [{"Customer": Scope.OWN_CUSTOMER}, {"Order": Scope.OWN_CUSTOMER}, {"Customer.orders": None}],
)
async def test_nothing_is_told_of_what_is_not_all_seen(
    text: str, denied: dict[str, Scope | None], shop: Store
) -> None:
    mine = make_asker(denied, customer_id="c-2")
    found = await ask(shop, text, asker=mine)
    assert not any(number in found.answer for number in (": 3.", "80.00", "c-1")), found.answer


async def test_whether_a_region_is_known_tells_nothing_to_who_may_not_read_it(shop: Store) -> None:
    nobody = make_asker({"Customer.region": None})
    known = await ask(shop, "How many customers live in CO?", asker=nobody)
    unknown = await ask(shop, "How many customers live in WY?", asker=nobody)
    assert (known.answer, known.kind, known.withheld) == (
        unknown.answer,
        unknown.kind,
        unknown.withheld,
    )


async def test_an_order_that_is_seen_holds_no_more_than_it_holds(shop: Store) -> None:
    lamp = (Label.PRODUCT, "rug", "Rug")
    knowledge = await read_knowledge(shop)
    text = "Does order W-1 contain the Rug?"
    document = make_document(text, links=[lamp], orders=["W-1"])
    for asker, said in (
        (ALL, "No:"),
        (make_asker({"Order": Scope.OWN_CUSTOMER}, customer_id="c-1"), "No:"),
        (make_asker({"Order": Scope.OWN_CUSTOMER}, customer_id="c-2"), "No reliable answer"),
    ):
        found = await answer(shop, document, knowledge=knowledge, asker=asker, guess=lambda _: ())
        assert found.answer.startswith(said), (asker, found.answer)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("S5 duo shao qian", "S5多少钱"),
        ("na S5 duoshao qian ne", "那S5多少钱呢"),
        ("X7 bao xiu duo jiu", "X7保修多久"),
        ("shui fuze tuihuo", "谁负责tuihuo"),
        ("How many are there?", "How many are there?"),
        ("Who can come to you?", "Who can come to you?"),
        ("X7多少钱", "X7多少钱"),
    ],
)
def test_pinyin_is_read_as_han(typed: str, meant: str) -> None:
    assert in_han(typed) == meant
