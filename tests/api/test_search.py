"""The search box over GraphQL, on every engine."""

from typing import Any

import pytest

from api.bootstrap import Platform
from api.globalid import to_global
from api.signin import local_actor
from tests.api.conftest import Client
from tests.builders import run

AUDITOR = local_actor(("auditor",), name="au-1")
CUSTOMER = local_actor(("customer",), name="c-1", customer_id="c-0001")
SEARCH = """query ($text: String!, $types: [SearchType!], $first: Int) {
  search(text: $text, types: $types, first: $first) { __typename id } }"""
CREATE = """mutation ($input: CreateTicketInput!) {
  createTicket(input: $input) { ticketId userErrors { code } } }"""


async def found(client: Client, actor: Any, text: str, **given: Any) -> list[tuple[str, str]]:
    data = await client.data(SEARCH, actor=actor, text=text, **given)
    return [(one["__typename"], one["id"]) for one in data["search"]]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("净化器Pro2", "Product"),
        ("air conditoner", "Category"),
        ("净化", "Product"),
        ("Field Servce", "Department"),
    ],
)
async def test_names_are_found_however_they_are_typed(
    text: str, label: str, signed: Client
) -> None:
    hits = await found(signed, CUSTOMER, text, first=3)
    assert label in {one for one, _ in hits}


async def test_an_order_is_found_by_its_number(signed: Client, platform: Platform) -> None:
    (row,) = await run(platform.store, "MATCH (o:Order) RETURN o.id AS id, o.number AS n LIMIT 1")
    assert (await found(signed, AUDITOR, f" {row['n']} "))[0] == (
        "Order",
        to_global("Order", row["id"]),
    )
    assert ("Order", to_global("Order", row["id"])) not in await found(signed, CUSTOMER, row["n"])


async def test_a_customer_is_found_by_name_or_address_of_theirs(
    signed: Client, platform: Platform
) -> None:
    (row,) = await run(
        platform.store,
        "MATCH (c:Customer {id: 'c-0001'})<-[:SERVES]-(d:Department) RETURN collect(d.id) AS ids",
    )
    theirs = local_actor(("supervisor",), name="s-1", department_ids=frozenset(row["ids"]))
    others = local_actor(("supervisor",), name="s-2", department_ids=frozenset({"warehouse"}))
    expected = ("Customer", to_global("Customer", "c-0001"))
    own = await signed.data(
        "query ($id: ID!) { node(id: $id) { ... on Customer { name identities { edges { node "
        "{ value } } } } } }",
        actor=theirs,
        id=expected[1],
    )
    values = [edge["node"]["value"] for edge in own["node"]["identities"]["edges"]]
    for text in (own["node"]["name"], values[0]):
        assert expected in await found(signed, theirs, text)
        assert expected not in await found(signed, others, text)
        assert expected not in await found(signed, CUSTOMER, text), "customers may not filter"


async def test_tickets_are_found_by_their_words_within_reach(
    client: Client, signed: Client, platform: Platform
) -> None:
    text = "The quokkazeppelin of my fridge hums 嗡嗡作响"
    made = await client.data(CREATE, input={"text": text, "idempotencyKey": "search-1"})
    own = made["createTicket"]["ticketId"]
    await platform.store.settle()
    (row,) = await run(
        platform.store,
        f"MATCH (:Ticket {{id: '{own}'}})-[:ASSIGNED_TO]->(d:Department) RETURN d.id AS id",
    )
    mine = local_actor(("agent",), name="a-1", department_ids=frozenset({row["id"]}))
    other = local_actor(("agent",), name="a-2", department_ids=frozenset({"warehouse"}))
    ticket = ("Ticket", to_global("Ticket", own))
    for words in ("QuokkaZeppelin", "作响 fridge quokkazeppelin", own):
        assert ticket in await found(signed, mine, words), words
        assert ticket not in await found(signed, other, words)
    assert ticket not in await found(signed, mine, "quokkazeppelin toaster")
    page = await signed.data(
        "query ($text: String!) { tickets(where: {search: $text}) { totalCount "
        "groups(by: DEPARTMENT) { count } edges { node { id } } } }",
        actor=mine,
        text="quokkazeppelin",
    )
    assert page["tickets"]["totalCount"] == 1
    assert page["tickets"]["groups"] == [{"count": 1}]
    none = await signed.data(
        "query ($text: String!) { tickets(where: {NOT: {search: $text}}) { totalCount } }",
        actor=mine,
        text="quokkazeppelin",
    )
    (total,) = await run(
        platform.store,
        f"MATCH (:Department {{id: '{row['id']}'}})<-[:ASSIGNED_TO]-(t:Ticket) "
        "RETURN count(t) AS n",
    )
    assert none["tickets"]["totalCount"] == total["n"] - 1


@pytest.mark.parametrize(
    "text", ["空调外机水管漏水很严重地板全湿了", "every word of it leaks today"]
)
async def test_a_text_as_long_as_the_box_takes_finds_its_ticket(
    text: str, client: Client, signed: Client, platform: Platform
) -> None:
    text = (text + " " + text[::-1] + " ") * 9
    text = text[:200]
    made = await client.data(CREATE, input={"text": text, "idempotencyKey": f"long-{text[:5]}"})
    own = made["createTicket"]["ticketId"]
    await platform.store.settle()
    assert ("Ticket", to_global("Ticket", own)) in await found(signed, AUDITOR, text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("漏" * 201, "tickets.where.search has 201 characters; at most 200"),
        ("?!", "tickets.where.search has no word"),
    ],
)
async def test_what_cannot_be_looked_for_is_told(text: str, says: str, signed: Client) -> None:
    body = await signed.ask(
        "query ($text: String!) { tickets(where: {search: $text}) { totalCount } }",
        actor=AUDITOR,
        text=text,
    )
    assert body["errors"][0]["message"] == says


async def test_what_may_not_be_searched_is_named_where_it_was_asked_for(signed: Client) -> None:
    body = await signed.ask(SEARCH, actor=CUSTOMER, text="leak", types=["TICKET", "ISSUE"])
    assert {one["__typename"] for one in body["data"]["search"]} == {"Issue"}
    assert body["extensions"]["authorization"]["denied"] == ["Ticket"]
    everything = await signed.ask(SEARCH, actor=CUSTOMER, text="leak")
    assert "extensions" not in everything


async def test_nobody_finds_nothing(signed: Client) -> None:
    body = await signed.ask(SEARCH, text="leak")
    assert body["data"]["search"] == []


@pytest.mark.parametrize("text", ["", "  ", "a" * 201, "a\0b"])
async def test_unusable_texts_are_refused(text: str, signed: Client) -> None:
    body = await signed.ask(SEARCH, actor=AUDITOR, text=text)
    assert body["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize("text", ["?!", '+ - && || ! ( ) { } [ ] ^ " ~ * ? : \\ /', "AND", "*"])
async def test_signs_of_the_index_mean_nothing(text: str, signed: Client) -> None:
    body = await signed.ask(SEARCH, actor=AUDITOR, text=text, types=["TICKET"])
    assert "errors" not in body
