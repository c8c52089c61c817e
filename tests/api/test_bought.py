"""A name of two products is, in the words of who bought one of them, that one."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from api.bootstrap import Platform
from api.globalid import to_global
from api.signin import local_actor
from graph.model import Actor
from graph.vocabulary import Label
from tests.api.conftest import SECRET, Client, serving
from tests.builders import run

ASK = "query ($q: String!) { ask(question: $q) { answer kind citations { id } } }"
PREVIEW = """query ($text: String!, $customer: ID) {
  previewRoute(text: $text, customerId: $customer) {
    candidates { contributions { pathKind walked } } } }"""
CREATE = """mutation ($input: CreateTicketInput!) { createTicket(input: $input) {
  ticketId userErrors { code } } }"""
PRICE = "How much is the Quillbox?"
BROKEN = "The Quillbox makes a noise."
SERVICE = local_actor(("service",), name="bot")


@dataclass(frozen=True, kw_only=True)
class Owner:
    """A customer, what they bought, and what is called the same and they did not buy."""

    id: str
    product: str
    other: str

    @property
    def actor(self) -> Actor:
        return local_actor(("customer",), name="me", customer_id=self.id)


@pytest.fixture
async def owner(platform: Platform) -> AsyncIterator[Owner]:
    store = platform.store
    (row,) = await run(
        store,
        "MATCH (c:Customer)-[:PLACED]->(:Order)-[:CONTAINS]->(p:Product) "
        "WITH c, collect(DISTINCT p.id) AS bought WHERE size(bought) = 1 "
        "MATCH (o:Product) WHERE NOT o.id IN bought "
        "RETURN c.id AS id, bought[0] AS product, o.id AS other ORDER BY id, other LIMIT 1",
    )
    found = Owner(**row)
    await run(
        store,
        "CREATE (a:Alias {id: 'quillbox', text: 'Quillbox'}) WITH a "
        "MATCH (p:Product) WHERE p.id IN $ids CREATE (a)-[:ALIAS_OF]->(p)",
        ids=[found.product, found.other],
    )
    await platform.refresh(force=True)
    yield found
    await run(store, "MATCH (a:Alias {id: 'quillbox'}) DETACH DELETE a")
    await platform.refresh(force=True)


@pytest.fixture
async def knowing(platform: Platform, owner: Owner) -> AsyncIterator[Client]:
    """A server that knows the owner's names."""
    assert owner
    async with serving(replace(platform.settings, token_secret=SECRET), platform) as client:
        yield client


async def told(signed: Client, actor: Actor) -> tuple[str, set[str]]:
    found = (await signed.data(ASK, actor=actor, q=PRICE))["ask"]
    return found["kind"], {one["id"] for one in found["citations"]}


async def test_who_bought_one_of_them_is_told_of_that_one(knowing: Client, owner: Owner) -> None:
    kind, cited = await told(knowing, owner.actor)
    assert (kind, cited) == ("fact", {to_global(Label.PRODUCT, owner.product)})
    both = {to_global(Label.PRODUCT, one) for one in (owner.product, owner.other)}
    stranger = local_actor(("customer",), name="you", customer_id="c-nobody")
    assert await told(knowing, stranger) == ("choice", both)


def walked(found: dict[str, Any]) -> set[str]:
    return {
        node.removeprefix("Product:")
        for candidate in found["previewRoute"]["candidates"]
        for one in candidate["contributions"]
        for node in one["walked"]
        if node.startswith("Product:") and one["pathKind"] == "product-supported-by"
    }


async def test_their_ticket_is_about_that_one(
    knowing: Client, platform: Platform, owner: Owner
) -> None:
    anonymous = await knowing.data(PREVIEW, actor=SERVICE, text=BROKEN)
    own = await knowing.data(PREVIEW, actor=SERVICE, text=BROKEN, customer=owner.id)
    assert walked(anonymous) == {owner.product, owner.other}
    assert walked(own) == {owner.product}
    given = {"text": BROKEN, "customerId": owner.id, "idempotencyKey": "quillbox"}
    created = (await knowing.data(CREATE, actor=SERVICE, input=given))["createTicket"]
    mentions = await run(
        platform.store,
        "MATCH (:Ticket {id: $id})-[:MENTIONS]->(p:Product) RETURN p.id AS id",
        id=created["ticketId"],
    )
    assert mentions == [{"id": owner.product}]


async def test_orders_that_the_asker_may_not_see_settle_nothing(
    knowing: Client, owner: Owner
) -> None:
    """An analyst sees no orders: for them the name is as ambiguous as for a stranger."""
    analyst = local_actor(("analyst",), name="ana", customer_id=owner.id)
    stranger = local_actor(("analyst",), name="ana", customer_id="c-nobody")
    assert await told(knowing, analyst) == await told(knowing, stranger)
