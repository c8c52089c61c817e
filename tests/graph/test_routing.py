"""The graph decides: what speaks for a department, and what moves a route."""

from typing import Any

import pytest

from graph.model import Document, Receipt
from graph.rights import Reach
from graph.routing import issue_evidence, preview, receipt_from_json, receipt_to_json
from graph.store import Store
from graph.text import search_text
from graph.vocabulary import Label, RelationshipType
from tests.builders import EVERYTHING, make_document, make_nodes, make_reach, relate, run

COLD = make_document(
    "空调不制冷", links=[(Label.CATEGORY, "air-conditioners", "空调")], issues={"no-cooling": 0.9}
)


async def route(
    store: Store, document: Document, *, customer: str | None = None, orders: Reach = EVERYTHING
) -> Receipt:
    receipt = await preview(
        store,
        document,
        customer=customer,
        orders=orders,
        model="m",
        policy_epoch=1,
        knowledge_epoch=2,
    )
    assert receipt is not None
    return receipt


def kinds(receipt: Receipt) -> dict[str, tuple[str, ...]]:
    return {
        one.path_kind: one.walked
        for candidate in receipt.candidates
        for one in candidate.contributions
    }


async def make_solved_ticket(store: Store, id_: str, text: str, issue: str, **more: Any) -> None:
    row = {"id": id_, "seq": int(id_[2:]), "state": "solved", "search_text": search_text(text)}
    await make_nodes(store, Label.TICKET, [{**row, **more}])
    await relate(store, RelationshipType.CONCERNS, (Label.TICKET, id_), (Label.ISSUE, issue))
    await store.settle()


async def test_an_issue_goes_to_who_handles_it_or_its_parent(desk: Store) -> None:
    receipt = await route(desk, COLD)
    assert (receipt.department, receipt.reason) == ("field-service", None)
    assert kinds(receipt) == {
        "issue-handled-by": ("Issue:cooling", "Department:field-service"),
        "product-supported-by": ("Category:air-conditioners", "Department:field-service"),
    }


async def test_moving_a_handles_relationship_moves_the_route(desk: Store) -> None:
    before = await route(desk, COLD)
    await run(desk, "MATCH (:Department)-[r:HANDLES]->(:Issue {id: 'cooling'}) DELETE r")
    handles = RelationshipType.HANDLES
    await relate(desk, handles, (Label.DEPARTMENT, "billing"), (Label.ISSUE, "cooling"))
    after = await route(desk, COLD)
    assert (before.department, after.department) == ("field-service", "billing")


async def test_a_responsibility_that_ended_no_longer_counts(desk: Store) -> None:
    await run(desk, "MATCH (:Department)-[r:HANDLES|SUPPORTS]->() SET r.valid_to_at = 1")
    receipt = await route(desk, COLD)
    assert (receipt.department, receipt.reason, receipt.candidates) == (
        "first-line",
        "no-evidence",
        (),
    )


async def test_the_nearer_holder_of_an_issue_wins_over_its_parents_holder(desk: Store) -> None:
    handles = RelationshipType.HANDLES
    await relate(desk, handles, (Label.DEPARTMENT, "billing"), (Label.ISSUE, "no-cooling"))
    receipt = await route(desk, make_document("不制冷", issues={"no-cooling": 1.0}))
    assert [one.department for one in receipt.candidates] == ["billing"]


async def test_a_product_alone_is_no_reason_to_skip_triage(desk: Store) -> None:
    receipt = await route(desk, make_document("极地", links=[(Label.PRODUCT, "polar", "极地")]))
    assert (receipt.department, receipt.reason) == ("first-line", "no-issue")
    assert kinds(receipt) == {"product-supported-by": ("Product:polar", "Department:field-service")}


@pytest.mark.parametrize(
    ("reach", "counts"),
    [
        pytest.param(EVERYTHING, True, id="all orders"),
        pytest.param(make_reach(customer="c-1"), True, id="its customer"),
        pytest.param(make_reach(customer="c-2"), False, id="another customer"),
        pytest.param(make_reach(), False, id="nobody"),
    ],
)
async def test_an_order_counts_only_within_reach(desk: Store, reach: Reach, counts: bool) -> None:
    document = make_document("Where is W-2026-000001?", orders=["W-2026-000001"])
    receipt = await route(desk, document, orders=reach)
    expected = ("Order:o-1", "Product:polar", "Department:field-service")
    assert kinds(receipt) == ({"ordered-product-supported-by": expected} if counts else {})


async def test_similar_tickets_count_for_whoever_handles_their_issue_today(desk: Store) -> None:
    await make_solved_ticket(desk, "T-1", "charged twice for one order", "double-charge")
    document = make_document("I was charged twice", terms=["charged", "twice"])
    receipt = await route(desk, document)
    assert (receipt.department, receipt.reason) == ("billing", None)
    assert kinds(receipt) == {
        "similar-tickets": ("Ticket:T-1", "Issue:double-charge", "Department:billing")
    }


async def test_tickets_that_nobody_solved_yet_do_not_vote(desk: Store) -> None:
    await make_solved_ticket(desk, "T-1", "charged twice", "double-charge", state="assigned")
    receipt = await route(desk, make_document("charged twice", terms=["charged", "twice"]))
    assert receipt.candidates == ()


async def test_the_customers_own_history_speaks(desk: Store) -> None:
    await make_solved_ticket(desk, "T-7", "charged twice", "double-charge")
    raised = RelationshipType.RAISED
    await relate(desk, raised, (Label.CUSTOMER, "c-1"), (Label.TICKET, "T-7"))
    theirs = await route(desk, make_document("hello"), customer="c-1")
    others = await route(desk, make_document("hello"), customer="c-2")
    assert kinds(theirs) == {
        "customer-continuity": ("Ticket:T-7", "Issue:double-charge", "Department:billing")
    }
    assert kinds(others) == {}


async def test_an_empty_graph_routes_nothing(store: Store) -> None:
    found = await preview(
        store,
        COLD,
        customer=None,
        orders=EVERYTHING,
        model="m",
        policy_epoch=1,
        knowledge_epoch=1,
    )
    assert found is None


async def test_a_receipt_survives_json(desk: Store) -> None:
    receipt = await route(desk, COLD)
    plain = receipt_to_json(receipt)
    assert receipt_from_json(plain) == receipt
    points = [row["points"] for row in plain["candidates"][0]["contributions"]]
    assert sum(points) == pytest.approx(receipt.confidence, abs=1e-9)


def test_evidence_is_what_the_classifier_guesses_not_what_the_text_happens_to_name() -> None:
    document = make_document(
        "重复扣款",
        links=[(Label.ISSUE, "double-charge", "重复扣款")],
        issues={"double-charge": 0.3, "no-cooling": 0.7},
    )
    strengths = {row["id"]: row["strength"] for row in issue_evidence(document)}
    assert strengths == {"double-charge": 0.3, "no-cooling": 0.7}
