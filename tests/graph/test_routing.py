"""The graph decides: what speaks for a department, and what moves a route."""

from dataclasses import replace
from typing import Any

import pytest

from graph.errors import ForbiddenError, StalePolicyError
from graph.model import Document, Receipt
from graph.ranking import InForce
from graph.rights import Scope
from graph.routing import issue_evidence, preview, receipt_from_json, receipt_to_json
from graph.selection import newest
from graph.selection.asker import Asker
from graph.sequence import Sequence, ages
from graph.store import Store
from graph.text import search_text
from graph.vocabulary import Label, RelationshipType
from tests.builders import forget, make_asker, make_document, make_nodes, relate, run

COLD = make_document(
    "空调不制冷", links=[(Label.CATEGORY, "air-conditioners", "空调")], issues={"no-cooling": 0.9}
)


async def route(
    store: Store, document: Document, *, customer: str | None = None, asker: Asker | None = None
) -> Receipt:
    receipt = await preview(
        store,
        document,
        customer=customer,
        asker=asker,
        in_force=InForce("m", 1, 2),
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


OWN_ORDERS = {"Order": Scope.OWN_CUSTOMER}
OWN_TICKETS = {"Ticket": Scope.OWN_DEPARTMENT, "Customer": Scope.OWN_CUSTOMER}


@pytest.mark.parametrize(
    ("asker", "counts"),
    [
        pytest.param(None, True, id="the platform itself"),
        pytest.param(make_asker(), True, id="all orders"),
        pytest.param(make_asker(OWN_ORDERS, customer_id="c-1"), True, id="its customer"),
        pytest.param(make_asker(OWN_ORDERS, customer_id="c-2"), False, id="another customer"),
        pytest.param(make_asker({"Order": None}), False, id="nobody"),
        pytest.param(make_asker({"Order.number": None}), False, id="no numbers"),
        pytest.param(make_asker({"Order.products": None}), False, id="no products of orders"),
        pytest.param(make_asker({"Product.category": None}), False, id="no way up"),
    ],
)
async def test_an_order_speaks_to_whoever_may_select_it(
    desk: Store, asker: Asker | None, counts: bool
) -> None:
    document = make_document("Where is W-2026-000001?", orders=["W-2026-000001"])
    receipt = await route(desk, document, asker=asker)
    expected = ("Order:o-1", "Product:polar", "Department:field-service")
    assert kinds(receipt) == ({"ordered-product-supported-by": expected} if counts else {})


@pytest.mark.parametrize(
    ("asker", "told"),
    [
        pytest.param(None, {"customer-continuity", "similar-tickets"}, id="the platform itself"),
        pytest.param(make_asker(), {"customer-continuity", "similar-tickets"}, id="all"),
        pytest.param(
            make_asker(OWN_TICKETS, department_ids=frozenset({"billing"}), customer_id="c-1"),
            {"customer-continuity", "similar-tickets"},
            id="theirs",
        ),
        pytest.param(
            make_asker(OWN_TICKETS, department_ids=frozenset({"billing"})),
            {"similar-tickets"},
            id="another's customer",
        ),
        pytest.param(
            make_asker(OWN_TICKETS, department_ids=frozenset({"first-line"}), customer_id="c-1"),
            set(),
            id="another department's tickets",
        ),
        pytest.param(make_asker({"Ticket.issues": None}), set(), id="no issues of tickets"),
        pytest.param(
            make_asker({"Message.text": None}), {"customer-continuity"}, id="no words of tickets"
        ),
        pytest.param(
            make_asker({"Customer.tickets": None}), {"similar-tickets"}, id="no customers' tickets"
        ),
        pytest.param(make_asker({"Issue.departments": None}), set(), id="nobody's issues"),
    ],
)
async def test_tickets_speak_to_whoever_may_select_them(
    desk: Store, asker: Asker | None, told: set[str]
) -> None:
    await make_solved_ticket(desk, "T-1", "charged twice for one order", "double-charge")
    ticket = (Label.TICKET, "T-1")
    await relate(desk, RelationshipType.RAISED, (Label.CUSTOMER, "c-1"), ticket)
    await relate(desk, RelationshipType.ASSIGNED_TO, ticket, (Label.DEPARTMENT, "billing"))
    document = make_document("I was charged twice", terms=["charged", "twice"])
    receipt = await route(desk, document, customer="c-1", asker=asker)
    assert set(kinds(receipt)) == told


async def test_a_preview_names_no_department_that_is_not_seen(desk: Store) -> None:
    theirs = make_asker(
        {"Department": Scope.OWN_DEPARTMENT}, department_ids=frozenset({"first-line"})
    )
    receipt = await route(desk, COLD, asker=theirs)
    assert (receipt.department, receipt.candidates) == ("first-line", ())
    with pytest.raises(ForbiddenError):
        await route(desk, COLD, asker=make_asker({"Department": None}))


async def test_nothing_is_previewed_under_a_policy_that_was_replaced(desk: Store) -> None:
    with pytest.raises(StalePolicyError):
        await route(desk, COLD, asker=make_asker(epoch=2))


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
    forget()
    found = await preview(
        store,
        replace(COLD, terms=("空调", "制冷"), trained_on=1),
        customer=None,
        in_force=InForce("m", 1, 1),
    )
    assert found is None


async def test_a_receipt_survives_json(desk: Store) -> None:
    receipt = await route(desk, COLD)
    plain = receipt_to_json(receipt)
    assert receipt_from_json(plain) == receipt
    points = [row["points"] for row in plain["candidates"][0]["contributions"]]
    assert sum(points) == pytest.approx(plain["candidates"][0]["score"], abs=1e-9)


def test_evidence_is_what_the_classifier_guesses_not_what_the_text_happens_to_name() -> None:
    document = make_document(
        "重复扣款",
        links=[(Label.ISSUE, "double-charge", "重复扣款")],
        issues={"double-charge": 0.3, "no-cooling": 0.7},
    )
    strengths = {row["id"]: row["strength"] for row in issue_evidence(document)}
    assert strengths == {"double-charge": 0.3, "no-cooling": 0.7}


async def test_the_newest_vote_where_the_graph_has_outgrown_its_model(
    desk: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was rare when the model was trained is no longer: only new tickets are searched."""
    monkeypatch.setattr(newest, "_RECENT", 3)
    forget()
    numbers = Sequence()
    for place in range(20):
        seq = numbers.next(1_700_000_000_000 + place * 10**8)
        issue = "double-charge" if place < 10 else "no-cooling"
        await make_solved_ticket(desk, f"T-{seq}", f"zorb {ages(seq)}", issue)
        await run(
            desk,
            "MATCH (t:Ticket {id: $id}) SET t.search_text = $said",
            id=f"T-{seq}",
            said=f"zorb {ages(seq)}",
        )
    await desk.settle()
    document = replace(make_document("zorb", terms=("zorb",)), trained_on=1)
    newest_only = await route(desk, document)
    assert [one.department for one in newest_only.candidates] == ["field-service"]
    everybody = await route(desk, replace(document, trained_on=100))
    assert {one.department for one in everybody.candidates} == {"field-service", "billing"}
    guessed = {probability: {"double-charge": probability} for probability in (0.9, 0.89)}
    for trained_on, probability, voted in ((1, 0.9, False), (1, 0.89, True), (100, 0.9, True)):
        plain = make_document("zorb", terms=("zorb",), issues=guessed[probability])
        receipt = await route(desk, replace(plain, trained_on=trained_on))
        kinds = {one.path_kind for some in receipt.candidates for one in some.contributions}
        assert ("similar-tickets" in kinds) is voted, "only who is in doubt asks in a grown graph"
    forget()
