"""Everything that is read over GraphQL, over HTTP, on every engine."""

import asyncio
import base64
import random
import re
from pathlib import Path
from typing import Any

import pytest

from api.bootstrap import Platform
from api.globalid import from_global, to_global
from api.signin import local_actor
from graph.model import Actor
from tests.api.conftest import Client
from tests.builders import run

ROOT = Path(__file__).parents[2]
PAGE = """query ($first: Int, $after: String, $last: Int, $before: String,
  $orderBy: [TicketOrder!], $where: TicketWhere) {
  tickets(first: $first, after: $after, last: $last, before: $before,
    orderBy: $orderBy, where: $where) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { id seq createdAt state } } } }"""
SUPERVISOR = local_actor(("supervisor",), name="s-1", department_ids=frozenset({"billing"}))
AGENT = local_actor(("agent",), name="a-1", department_ids=frozenset({"field-service"}))
CUSTOMER = local_actor(("customer",), name="c-1", customer_id="c-0001")
ADMIN = local_actor(("admin",), name="root")
EARLY = {"lt": "2026-02-01T00:00:00Z"}


def code(body: Any) -> str:
    """The code of the only error."""
    (error,) = body["errors"]
    return str(error["extensions"]["code"])


async def pages(client: Client, size: int, *, forward: bool, **given: Any) -> list[Any]:
    """Every edge, page by page, in the order of the list."""
    found: list[Any] = []
    cursor = None
    while True:
        way = {"first": size, "after": cursor} if forward else {"last": size, "before": cursor}
        page = (await client.data(PAGE, actor=ADMIN, **way, **given))["tickets"]
        info, edges = page["pageInfo"], page["edges"]
        assert info["startCursor"] == edges[0]["cursor"]
        assert info["endCursor"] == edges[-1]["cursor"]
        assert info["hasPreviousPage" if forward else "hasNextPage"] == (cursor is not None)
        found = found + edges if forward else edges + found
        if not info["hasNextPage" if forward else "hasPreviousPage"]:
            assert len(found) == page["totalCount"]
            return found
        cursor = info["endCursor" if forward else "startCursor"]


@pytest.mark.parametrize("order", [None, [{"createdAt": "ASC"}], [{"id": "DESC"}]])
async def test_pages_forward_and_backward_are_the_whole_list(
    order: Any, signed: Client, platform: Platform
) -> None:
    (row,) = await run(platform.store, "MATCH (t:Ticket) RETURN count(t) AS count")
    there = await pages(signed, 100, forward=True, orderBy=order)
    back = await pages(signed, 83, forward=False, orderBy=order)
    assert there == back
    assert len({edge["node"]["id"] for edge in there}) == len(there) == row["count"]
    keys = [edge["node"] for edge in there]
    if order is None:
        assert [one["seq"] for one in keys] == sorted((one["seq"] for one in keys), reverse=True)
    elif "createdAt" in order[0]:
        assert [one["createdAt"] for one in keys] == sorted(one["createdAt"] for one in keys)
    else:
        ids = [str(from_global(one["id"])) for one in keys]
        assert ids == sorted(ids, reverse=True)


async def test_aliases_and_fragments_change_nothing(client: Client) -> None:
    plain = """{ tickets(first: 7) { edges { node {
      __typename id state customer { id language } issues(first: 2) { edges { node { id nameZh } } }
    } } } }"""
    rewritten = """query ($yes: Boolean = true, $no: Boolean = false) {
      x: tickets(first: 7) { ...Page
        edges @include(if: $yes) { node { ... on Node { __typename } } } } }
    fragment Page on TicketConnection { edges { node { ...One customer { language } } } }
    fragment One on Ticket { ... on Ticket { id } s: state r: rating @skip(if: $yes)
      customer { id }
      a: issues(first: 2) { edges { node { id nameZh @include(if: $yes) } } }
      b: issues(first: 1) { edges { node { id } } }
      c: issues @include(if: $no) { edges { node { id } } } }"""
    one = (await client.data(plain))["tickets"]["edges"]
    other = (await client.data(rewritten))["x"]["edges"]
    for left, right in zip(one, other, strict=True):
        node, again = left["node"], right["node"]
        assert list(again) == ["id", "s", "customer", "a", "b", "__typename"]
        first = [{"node": {"id": each["node"]["id"]}} for each in node["issues"]["edges"][:1]]
        assert again["b"]["edges"] == first
        assert (again["__typename"], again["id"], again["s"]) == (
            "Ticket", node["id"], node["state"],
        )  # fmt: skip
        assert (again["customer"], again["a"]) == (node["customer"], node["issues"])


async def test_a_union_is_told_by_its_type(client: Client) -> None:
    query = """{ tickets(first: 60) { edges { node { mentions { edges { node { __typename
      ... on Product { id price } ... on Order { id number } ... on Category { nameEn }
      ... on Department { id } } } } } } } }"""
    kinds = set()
    for edge in (await client.data(query))["tickets"]["edges"]:
        for one in edge["node"]["mentions"]["edges"]:
            kinds.add(one["node"]["__typename"])
            if one["node"]["__typename"] == "Product":
                assert set(one["node"]) == {"__typename", "id", "price"}
                assert from_global(one["node"]["id"])
    assert "Product" in kinds


@pytest.mark.parametrize(
    ("where", "text"),
    [
        ({"state": {"eq": "solved"}}, "t.state = 'solved'"),
        ({"NOT": {"state": {"in": ["solved", "new"]}}}, "NOT t.state IN ['solved', 'new']"),
        ({"rating": {"gte": 4}, "language": {"eq": "zh"}}, "t.rating >= 4 AND t.language = 'zh'"),
        ({"OR": [{"rating": {"isNull": True}}, {"rating": {"lt": 2}}]},
         "t.rating IS NULL OR t.rating < 2"),
        ({"createdAt": EARLY}, "t.created_at < 1769904000000"),
        ({"customer": {"id": {"eq": to_global("Customer", "c-0001")}}},
         "EXISTS { MATCH (c:Customer {id: 'c-0001'})-[:RAISED]->(t) }"),
        ({"issues": {"AND": [{"nameEn": {"startsWith": "A"}}, {"nameEn": {"contains": "o"}}]}},
         "EXISTS { MATCH (t)-[:CONCERNS]->(i) WHERE i.name_en =~ 'A.*o.*' }"),
    ],
)  # fmt: skip
async def test_a_filter_counts_what_the_graph_counts(
    where: Any, text: str, signed: Client, platform: Platform
) -> None:
    query = "query ($w: TicketWhere) { tickets(first: 1, where: $w) { totalCount } }"
    (row,) = await run(platform.store, f"MATCH (t:Ticket) WHERE {text} RETURN count(t) AS count")
    assert (await signed.data(query, actor=ADMIN, w=where))["tickets"] == {
        "totalCount": row["count"]
    }


SEALED = """query ($w: CustomerWhere) { customers(first: 30, where: $w) { edges { node {
  id name identities { edges { node { kind value } } } } } } }"""


async def customers(client: Client, actor: Actor, **where: Any) -> list[Any]:
    """The customers that the actor finds."""
    found = await client.data(SEALED, actor=actor, w=where or None)
    return [edge["node"] for edge in found["customers"]["edges"]]


async def test_sealed_values_are_opened_for_whom_they_are(signed: Client) -> None:
    body = await signed.ask(SEALED, actor=AGENT)
    assert "Customer.name" in body["extensions"]["authorization"]["masked"]
    assert body["data"]["customers"]["edges"]
    for edge in body["data"]["customers"]["edges"]:
        assert "*" in edge["node"]["name"]
    (own,) = await customers(signed, CUSTOMER)
    assert own["id"] == to_global("Customer", "c-0001")
    assert "*" not in own["name"]
    assert all("*" not in one["node"]["value"] for one in own["identities"]["edges"])


async def test_sealed_values_are_found_by_equality(signed: Client) -> None:
    for one in (await customers(signed, SUPERVISOR))[:4]:
        same = [
            other["id"] for other in await customers(signed, SUPERVISOR, name={"eq": one["name"]})
        ]
        assert one["id"] in same
        handles = [each["node"]["value"] for each in one["identities"]["edges"]]
        where = {"name": {"in": ["nobody", one["name"]]}, "identities": {"value": {"in": handles}}}
        assert [each["id"] for each in await customers(signed, SUPERVISOR, **where)] == [one["id"]]
    assert await customers(signed, SUPERVISOR, name={"eq": "nobody at all"}) == []


async def test_what_is_denied_is_null_and_named_once(signed: Client) -> None:
    query = """{ tickets(first: 5) { edges { node { id comments { edges { node { text } } }
      again: comments { totalCount } agent { id } } } } }"""
    body = await signed.ask(query, actor=CUSTOMER)
    assert "errors" not in body
    assert body["extensions"]["authorization"]["denied"] == ["Ticket.agent", "Ticket.comments"]
    for edge in body["data"]["tickets"]["edges"]:
        assert edge["node"]["comments"] is edge["node"]["again"] is edge["node"]["agent"] is None


async def test_a_denied_root_is_null_with_one_error(signed: Client) -> None:
    body = await signed.ask("{ tickets { totalCount } skills { totalCount } }")
    assert body["data"] == {"tickets": None, "skills": None}
    assert [error["extensions"]["code"] for error in body["errors"]] == ["FORBIDDEN"] * 2


@pytest.mark.parametrize(
    "argument",
    [
        'where: {comments: {text: {contains: "hidden"}}}',
        'where: {NOT: {OR: [{agent: {id: {eq: "QWdlbnQ6YS0x"}}}]}}',
        "orderBy: [{seq: ASC}]",
    ],
)
async def test_a_forbidden_argument_is_refused_before_the_graph_is_asked(
    argument: str, signed: Client, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    async def read(query: Any, /, **_: Any) -> Any:
        asked.append(query)
        return []

    monkeypatch.setattr(platform.store, "read", read)
    body = await signed.ask(f"{{ tickets({argument}) {{ totalCount }} }}", actor=CUSTOMER)
    assert code(body) == "FORBIDDEN_ARGUMENT"
    assert "hidden" not in str(body)
    assert "Ticket." in body["errors"][0]["message"] or "Comment" in body["errors"][0]["message"]
    assert asked == []


async def test_cursors_are_ours_and_of_this_list(client: Client) -> None:
    page = (await client.data(PAGE, first=2))["tickets"]
    cursor = page["pageInfo"]["endCursor"]
    assert cursor == (await client.data(PAGE, first=2))["tickets"]["pageInfo"]["endCursor"]
    content = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    assert b"Ticket" not in content
    forged = base64.urlsafe_b64encode(content[:-1] + bytes([content[-1] ^ 1])).decode()
    wrongs = ("", "x", "é", "=", cursor[:-4], forged, forged.rstrip("="))
    for wrong in wrongs:
        assert code(await client.ask(PAGE, after=wrong)) == "BAD_USER_INPUT"
    other = "query ($c: String) { %s(after: $c) { totalCount } }"
    assert code(await client.ask(PAGE, after=cursor, orderBy=[{"id": "ASC"}])) == "BAD_USER_INPUT"
    assert code(await client.ask(other % "messages", c=cursor)) == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("first: 0", "BAD_USER_INPUT"),
        ("first: -1", "BAD_USER_INPUT"),
        ("first: 101", "BAD_USER_INPUT"),
        ("first: 1, last: 1", "BAD_USER_INPUT"),
        ('first: 1, before: "x"', "BAD_USER_INPUT"),
        ("where: {state: {eq: null}}", "BAD_USER_INPUT"),
        ("where: {customer: null}", "BAD_USER_INPUT"),
        ('where: {id: {eq: "T-1"}}', "BAD_USER_INPUT"),
        ("where: {id: {eq: \"" + to_global("Customer", "c-1") + "\"}}", "BAD_USER_INPUT"),
        ('where: {createdAt: {lt: "yesterday"}}', "BAD_USER_INPUT"),
        ('where: {createdAt: {lt: "2026-01-31T08:00:00"}}', "BAD_USER_INPUT"),
        ("orderBy: [{seq: ASC}, {seq: DESC}]", "BAD_USER_INPUT"),
        ("orderBy: [{seq: ASC, id: DESC}]", "GRAPHQL_VALIDATION_FAILED"),
        ("where: {" + "NOT: {" * 12 + "}" * 13, "TOO_COMPLEX"),
    ],
)  # fmt: skip
async def test_an_unusable_argument_is_refused(
    arguments: str, expected: str, client: Client
) -> None:
    assert code(await client.ask(f"{{ tickets({arguments}) {{ totalCount }} }}")) == expected


async def test_an_unusable_variable_is_refused_without_its_value(client: Client) -> None:
    for where in ({"createdAt": {"lt": "secret"}}, {"seq": {"lt": 2**60 + 1}}):
        body = await client.ask(PAGE, where=where)
        assert code(body) == "BAD_USER_INPUT"
        assert "secret" not in str(body)
        assert str(2**60 + 1) not in str(body)


async def test_lists_of_values_and_of_lists_are_bounded(client: Client) -> None:
    both = [{"seq": "ASC", "id": "ASC"}]
    assert code(await client.ask(PAGE, orderBy=both)) == "GRAPHQL_VALIDATION_FAILED"
    long = {"state": {"in": ["x"] * 1_001}}
    assert code(await client.ask(PAGE, where=long)) == "BAD_USER_INPUT"
    deep = """{ departments(first: 1) { edges { node { issues(first: 1) { edges { node {
      resolutions(first: 1) { edges { node { issues(first: 1) { edges { node {
        departments(first: 1) { %s } } } } } } } } } } } } } }"""
    assert await client.data(deep % "totalCount")
    body = await client.ask(deep % "edges { node { agents(first: 1) { totalCount } } }")
    assert code(body) == "TOO_COMPLEX"
    wide = "{ tickets(first: 100) { edges { node { messages(first: 21) { totalCount } } } } }"
    assert code(await client.ask(wide)) == "TOO_COMPLEX"


async def test_nodes_come_in_order_and_wrong_ids_are_null(client: Client) -> None:
    ticket = (await client.data(PAGE, first=1))["tickets"]["edges"][0]["node"]["id"]
    wrong = ["", "x", "é", to_global("Ticket", "no"), to_global("Migration", "1"), "T-1"]
    ids = [to_global("Product", "p-01"), *wrong, ticket, to_global("Customer", "c-0001"), ticket]
    query = """query ($ids: [ID!]!) { nodes(ids: $ids) { id __typename
      ... on Ticket { state issues { totalCount } } ... on Customer { language } } }"""
    found = (await client.data(query, ids=ids))["nodes"]
    assert [one and one["id"] for one in found[1:]] == [None] * 6 + [ticket, ids[-2], ticket]
    assert set(found[-1]) == {"id", "__typename", "state", "issues"}
    assert set(found[-2]) == {"id", "__typename", "language"}
    for id_ in wrong:
        assert await client.data("query ($id: ID!) { node(id: $id) { id } }", id=id_) == {
            "node": None
        }


async def test_a_foreign_node_looks_absent(signed: Client, platform: Platform) -> None:
    (row,) = await run(
        platform.store,
        "MATCH (c:Customer)-[:RAISED]->(t:Ticket) WHERE c.id <> 'c-0001' RETURN min(t.id) AS id",
    )
    query = "query ($id: ID!) { node(id: $id) { id } ticket(id: $id) { id } }"
    foreign = await signed.ask(query, actor=CUSTOMER, id=to_global("Ticket", row["id"]))
    absent = await signed.ask(query, actor=CUSTOMER, id=to_global("Ticket", "T-no"))
    assert foreign == absent == {"data": {"node": None, "ticket": None}}


async def test_a_receipt_is_seen_by_those_who_see_the_route(signed: Client) -> None:
    query = """{ tickets(first: 30) { edges { node {
      a: receipt { margin model department { id } } receipt { model candidates { score } }
      route { margin model } } } } }"""
    edges = (await signed.data(query, actor=ADMIN))["tickets"]["edges"]
    routed = [edge["node"] for edge in edges if edge["node"]["route"]]
    for node in routed:
        receipt = node["a"]
        if receipt is not None:
            assert {one: receipt[one] for one in ("margin", "model")} == node["route"]
            assert receipt["department"]["id"]
            assert node["receipt"]["model"] == receipt["model"]
    body = await signed.ask(query, actor=CUSTOMER)
    assert "Ticket.route" in body["extensions"]["authorization"]["denied"]
    assert all(edge["node"]["receipt"] is None for edge in body["data"]["tickets"]["edges"])


async def test_a_creator_is_not_told_of_routes_that_they_may_not_read(signed: Client) -> None:
    query = """mutation ($input: CreateTicketInput!) { createTicket(input: $input) {
      ticketId route { confidence } ticket { id receipt { confidence } } } }"""
    given = {"text": "My oven smokes", "idempotencyKey": "untold"}
    body = await signed.ask(query, actor=CUSTOMER, input=given)
    made = body["data"]["createTicket"]
    assert made["ticketId"]
    assert made["route"] is made["ticket"]["receipt"] is None
    assert "CreateTicketPayload.route" in body["extensions"]["authorization"]["denied"]


async def test_roles_never_share_what_they_see(signed: Client, platform: Platform) -> None:
    query = """query ($first: Int, $s: String, $seen: Boolean!) {
      tickets(first: $first, where: {state: {eq: $s}}) { edges { node { id
        customer { id name @include(if: $seen) } department { id } agent { id } } } } }"""
    allowed: dict[str, set[str]] = {}
    for actor, pattern in (
        (AGENT, "(t)-[:ASSIGNED_TO]->(:Department {id: 'field-service'})"),
        (CUSTOMER, "(:Customer {id: 'c-0001'})-[:RAISED]->(t)"),
    ):
        rows = await run(platform.store, f"MATCH {pattern} MATCH (t) RETURN t.id AS id")
        allowed[actor.id] = {to_global("Ticket", row["id"]) for row in rows}
    chance = random.Random(5)
    leaks = 0

    async def one(actor: Actor, first: int, seen: bool) -> None:
        nonlocal leaks
        state = chance.choice(["solved", "new", "assigned"])
        body = await signed.ask(query, actor=actor, first=first, s=state, seen=seen)
        edges = body["data"]["tickets"]["edges"]
        assert len(edges) <= first
        for edge in edges:
            node = edge["node"]
            leaks += node["id"] not in allowed[actor.id]
            leaks += actor is CUSTOMER and node["agent"] is not None
            leaks += ("name" in (node["customer"] or {})) and not seen
            if seen and actor is AGENT and node["customer"]:
                leaks += "*" not in (node["customer"]["name"] or "*")

    for _ in range(25):
        await asyncio.gather(
            *(
                one(chance.choice((AGENT, CUSTOMER)), chance.randint(1, 9), chance.random() < 0.5)
                for _ in range(8)
            )
        )
    assert leaks == 0


async def test_a_plan_is_made_once_for_values_that_differ(
    signed: Client, platform: Platform
) -> None:
    query = """query Planned($n: Int, $s: String) {
      tickets(first: $n, where: {state: {eq: $s}}) { totalCount } }"""
    await signed.data(query, actor=ADMIN, n=1, s="new")
    before = platform.memory.plans.misses
    for size in range(2, 9):
        await signed.data(query, actor=ADMIN, n=size, s="x" * size)
    assert platform.memory.plans.misses == before
    await signed.data(query.replace("eq", "startsWith"), actor=ADMIN, n=1, s="new")
    assert platform.memory.plans.misses == before + 1


async def test_nothing_is_served_under_another_policy(client: Client, platform: Platform) -> None:
    move = "MATCH (e:Epoch {id: 'policy'}) SET e.value = e.value + $by RETURN e.value AS value"
    await run(platform.store, move, by=1)
    try:
        body = await client.ask("{ products(first: 1) { totalCount } }")
    finally:
        await run(platform.store, move, by=-1)
    assert code(body) == "UNAVAILABLE"
    assert await client.data("{ products(first: 1) { totalCount } }")


BELOW = """issues(first: 2) { edges { node { id departments(first: 2) {
  totalCount edges { cursor node { id nameEn } } } } } }"""


@pytest.mark.parametrize("actor", [ADMIN, CUSTOMER])
async def test_lists_that_lie_deep_are_read_by_a_second_query(
    actor: Actor, signed: Client, platform: Platform
) -> None:
    deep = f"""{{ departments(first: 3) {{ edges {{ node {{ issues(first: 3) {{ edges {{ node {{
      resolutions(first: 2) {{ edges {{ node {{ id {BELOW} }} }} }} }} }} }} }} }} }} }}"""
    found = await signed.data(deep, actor=actor)
    nodes = [
        last["node"]
        for first in found["departments"]["edges"]
        for second in first["node"]["issues"]["edges"]
        for last in second["node"]["resolutions"]["edges"]
    ]
    assert len(nodes) > 3
    for node in nodes:
        (same,) = (
            await signed.data(
                f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on Resolution {{ id {BELOW} "
                "} } }",
                actor=actor,
                ids=[node["id"]],
            )
        )["nodes"]
        assert node == same
        assert node["issues"]["edges"][0]["node"]["departments"]["edges"]


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
async def test_the_query_of_the_readme_works(name: str, client: Client) -> None:
    query, *_ = re.findall(r"```graphql\n(.*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL)
    found = await client.data(query, first=3)
    assert found["products"]["edges"]
