"""Answers and previews over HTTP are bounded by who asks, on every engine."""

from typing import Any

import pytest

from api.bootstrap import Platform
from api.globalid import to_global
from api.signin import local_actor
from graph.model import Actor
from tests.api.conftest import Client
from tests.builders import run

ASK = (
    "query ($q: String!) { ask(question: $q) { answer kind confidence citations { id } handover } }"
)
PREVIEW = """query ($text: String!, $customer: ID) {
  previewRoute(text: $text, customerId: $customer) {
  department { id } confidence candidates { score contributions { pathKind walked } } } }"""
CREATE = """mutation ($input: CreateTicketInput!) { createTicket(input: $input) {
  ticketId userErrors { field message code } } }"""
AGENT = local_actor(("agent",), name="kim", department_ids=frozenset({"billing"}))
ANALYST = local_actor(("analyst",), name="ana")
QUESTIONS = (
    "空调由哪个部门负责？",
    "What is the status of order W-2025-000318?",
    "Which products are in order W-2025-000318?",
    "How many products are in order W-2025-000318?",
    "Which orders contain the Breeze Wall 1.5?",
    "空调不制冷怎么办？",
)


async def people(platform: Platform) -> list[Actor]:
    (row,) = await run(
        platform.store,
        "MATCH (c:Customer)-[:PLACED]->(o:Order {number: 'W-2025-000318'}) RETURN c.id AS id",
    )
    return [
        AGENT,
        local_actor(("agent",), name="new", department_ids=frozenset({"nowhere"})),
        ANALYST,
        local_actor(("customer",), name="me", customer_id=row["id"]),
        local_actor(("customer",), name="you", customer_id="c-nobody"),
        local_actor(("service",), name="bot"),
    ]


async def test_whatever_is_cited_is_a_node_that_the_asker_sees(
    signed: Client, platform: Platform
) -> None:
    cited = {}
    for actor in await people(platform):
        for question in QUESTIONS:
            found = (await signed.data(ASK, actor=actor, q=question))["ask"]
            ids = [one["id"] for one in found["citations"]]
            cited[actor.id, question] = ids
            query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
            nodes = (await signed.data(query, actor=actor, ids=ids))["nodes"] if ids else []
            assert [one and one["id"] for one in nodes] == ids, (actor.id, question)
    status, products = QUESTIONS[1], QUESTIONS[2]
    assert cited["me", status] == cited["new", status] == [to_global("Order", "o-0001")]
    assert cited["you", status] == cited["ana", status] == []
    assert cited["me", products]
    assert cited["you", products] == cited["new", products] == []


@pytest.mark.parametrize("question", QUESTIONS[1:4])
async def test_another_customers_order_is_answered_like_none(question: str, signed: Client) -> None:
    you = local_actor(("customer",), name="you", customer_id="c-nobody")
    hidden = await signed.data(ASK, actor=you, q=question)
    absent = await signed.data(ASK, actor=you, q=question.replace("000318", "999999"))
    assert hidden == absent


async def with_history(platform: Platform) -> str:
    """A customer with tickets, none of whose departments is billing, nor of its line's."""
    rows = await run(
        platform.store,
        "MATCH (c:Customer)-[:RAISED]->(t:Ticket)-[:CONCERNS]->(:Issue) "
        "WHERE NOT EXISTS { MATCH (c)-[:RAISED]->(:Ticket)-[:ASSIGNED_TO]->(d:Department) "
        "WHERE d.id = 'billing' } AND NOT EXISTS { MATCH (d:Department)-[:SERVES]->(c) "
        "WHERE d.id = 'billing' } RETURN DISTINCT c.id AS id ORDER BY id LIMIT 1",
    )
    return str(rows[0]["id"])


async def test_a_customer_out_of_scope_is_as_good_as_absent(
    signed: Client, platform: Platform
) -> None:
    customer = await with_history(platform)
    text = {"text": "hello, it is about my last request"}

    async def previewed(actor: Actor, id_: str) -> Any:
        return await signed.data(PREVIEW, actor=actor, customer=id_, **text)

    assert await previewed(AGENT, customer) == await previewed(AGENT, "c-nobody")
    service = local_actor(("service",), name="bot")
    assert await previewed(service, customer) != await previewed(service, "c-nobody")

    async def created(id_: str) -> Any:
        given = {"text": "hello", "customerId": id_, "idempotencyKey": f"scope-{id_}"}
        return (await signed.data(CREATE, actor=AGENT, input=given))["createTicket"]

    hidden = await created(customer)
    assert hidden == await created("c-nobody")
    assert (hidden["ticketId"], hidden["userErrors"][0]["code"]) == (None, "NOT_FOUND")


async def test_tickets_of_others_neither_speak_nor_are_named_in_a_preview(
    signed: Client, platform: Platform
) -> None:
    text = "I was charged twice for my order and want the money back."
    walked = set()
    for department in ("billing", "field-service"):
        actor = local_actor(("agent",), name=department, department_ids=frozenset({department}))
        found = (await signed.data(PREVIEW, actor=actor, text=text))["previewRoute"]
        tickets = {
            node.removeprefix("Ticket:")
            for candidate in found["candidates"]
            for one in candidate["contributions"]
            for node in one["walked"]
            if node.startswith("Ticket:")
        }
        walked |= tickets
        ids = [to_global("Ticket", one) for one in sorted(tickets)]
        query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
        nodes = (await signed.data(query, actor=actor, ids=ids))["nodes"]
        assert [one["id"] for one in nodes] == ids
    assert walked
