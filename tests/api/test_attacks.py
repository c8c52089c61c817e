"""Ways round the policy that other APIs leave open, each tried on every engine.

Filters, orders, groups, pages and random rights are judged against an evaluator of their own in
``tests/graph``; sockets, forms and overload in ``test_socket``, ``test_protocol``, ``test_cop``.
"""

import asyncio
import random
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, cast

import pytest

from api.bootstrap import Platform
from api.globalid import to_global
from api.schema.nodes import NOUNS
from api.signin import local_actor
from graph.fields import FIELDS, TYPES
from graph.model import Actor
from graph.rights import Action
from graph.store import Store
from tests.api.conftest import SECRET, Client, serving
from tests.api.documents import Rewriter, document, named_back, plain, settled
from tests.api.recording import Recorder
from tests.builders import run

ACTORS: dict[str, Actor] = {
    "customer": local_actor(("customer",), name="c-1", customer_id="c-0001"),
    "agent": local_actor(
        ("agent",), name="a-1", department_ids=frozenset({"field-service"}), agent_id="agent-07"
    ),
    "specialist": local_actor(("specialist",), name="sp-1", line_ids=frozenset({"appliances"})),
    "supervisor": local_actor(("supervisor",), name="s-1", department_ids=frozenset({"billing"})),
    "editor": local_actor(("editor",), name="e-1"),
    "analyst": local_actor(("analyst",), name="an-1"),
    "auditor": local_actor(("auditor",), name="au-1"),
    "admin": local_actor(("admin",), name="root"),
    "service": local_actor(("service",), name="srv"),
}
CODES = {"FORBIDDEN", "FORBIDDEN_ARGUMENT"}
_ALWAYS = {"id", "seq"}
"""Read for pages and scopes whoever asks; shown to nobody by that."""


def code(error: Any) -> str:
    return str(error["extensions"]["code"])


@pytest.fixture(scope="module")
async def recorder(platform: Platform) -> Recorder:
    return Recorder(platform.store)


@pytest.fixture(scope="module")
async def watched(platform: Platform, recorder: Recorder) -> AsyncIterator[Client]:
    """A server whose compiled reads are remembered."""
    own = replace(
        platform,
        store=cast("Store", recorder),
        settings=replace(platform.settings, token_secret=SECRET),
    )
    async with serving(own.settings, own) as client:
        yield client


@pytest.mark.parametrize("role", ACTORS)
async def test_the_graph_is_never_asked_for_what_is_denied(
    role: str, watched: Client, recorder: Recorder, platform: Platform
) -> None:
    actor = ACTORS[role]
    rights = platform.rights(actor)
    for label in TYPES:
        properties = [field for field in FIELDS[label].values() if field.property]
        names = " ".join(field.name for field in properties)
        recorder.seen.clear()
        query = f"{{ {NOUNS[label].root}(first: 3) {{ edges {{ node {{ {names} }} }} }} }}"
        body = await watched.ask(query, actor=actor)
        if not rights.permits(str(label), Action.READ):
            assert body["errors"][0]["extensions"]["code"] == "FORBIDDEN"
            assert not recorder.seen
            continue
        seen = recorder.seen[-1]
        asked = set(re.findall(r"\bn0\.(\w+)", seen.text))
        denied = [field for field in properties if not rights.cell(field.coordinate, Action.READ)]
        for field in denied:
            assert field.property
            assert asked.isdisjoint(set(field.property.stored) - _ALWAYS), (field, seen.text)
            for edge in body["data"][NOUNS[label].root]["edges"]:
                assert (edge["node"] or {}).get(field.name) is None
        shown = set(body.get("extensions", {}).get("authorization", {}).get("denied", ()))
        assert shown == {field.coordinate for field in denied}


@pytest.mark.parametrize("role", ACTORS)
async def test_an_answer_is_the_same_however_its_question_is_written(
    role: str, signed: Client
) -> None:
    chance = random.Random(role)
    told = 0
    for _ in range(8):
        label, chosen = document(chance)
        one = await signed.ask(plain(label, chosen), actor=ACTORS[role])
        other = await signed.ask(Rewriter(chance).write(label, chosen), actor=ACTORS[role])
        root = NOUNS[label].root
        if one.get("errors"):
            codes = [
                [error["extensions"]["code"] for error in body["errors"]] for body in (one, other)
            ]
            assert codes[0] == codes[1]
            continue
        assert "data" in other, other
        told += 1
        assert settled(one["data"][root]) == settled(named_back(other["data"]["renamed"]))
        assert settled(one.get("extensions")) == settled(other.get("extensions"))
    assert told or role == "analyst", "an analyst sees no rows of most types"


async def test_a_foreign_node_costs_what_an_absent_one_costs(
    watched: Client, recorder: Recorder, platform: Platform
) -> None:
    (row,) = await run(
        platform.store,
        "MATCH (t:Ticket)-[:ASSIGNED_TO]->(d:Department) WHERE d.id <> 'field-service' "
        "RETURN t.id AS id LIMIT 1",
    )
    query = "query ($id: ID!) { node(id: $id) { id ... on Ticket { subject customer { name } } } }"
    asked = []
    for id_ in (row["id"], "T-none"):
        recorder.seen.clear()
        body = await watched.ask(query, actor=ACTORS["agent"], id=to_global("Ticket", id_))
        asked.append((body, [seen.text for seen in recorder.seen]))
    assert asked[0] == asked[1]
    assert asked[0][0]["data"] == {"node": None}


LISTED = """query ($w: TicketWhere, $o: [TicketOrder!]) {
  tickets(first: 5, where: $w, orderBy: $o) { edges { node { id state agent { id }
    department { id } customer { id name } } } } }"""
NODE = "query ($id: ID!) { node(id: $id) { ... on Ticket { id agent { id } customer { name } } } }"
WHERES: tuple[Any, ...] = (
    None,
    {"state": {"eq": "solved"}},
    {"NOT": {"state": {"eq": "solved"}}},
    {"state": {"in": ["assigned", "triage"]}},
)
ORDERS: tuple[Any, ...] = (None, [{"createdAt": "ASC"}], [{"createdAt": "DESC"}])


async def test_a_thousand_requests_of_two_roles_share_plans_and_nothing_else(
    signed: Client, platform: Platform
) -> None:
    allowed: dict[str, set[str]] = {}
    for role, pattern in (
        ("agent", "(t)-[:ASSIGNED_TO]->(:Department {id: 'field-service'})"),
        ("customer", "(:Customer {id: 'c-0001'})-[:RAISED]->(t)"),
    ):
        rows = await run(platform.store, f"MATCH {pattern} MATCH (t) RETURN t.id AS id")
        allowed[role] = {to_global("Ticket", row["id"]) for row in rows}
    everything = sorted(allowed["agent"] | allowed["customer"])
    chance = random.Random(9)
    leaks = 0

    def check(role: str, node: Any) -> None:
        nonlocal leaks
        leaks += node["id"] not in allowed[role]
        leaks += role == "customer" and node["agent"] is not None
        name = (node["customer"] or {}).get("name")
        leaks += role == "agent" and name is not None and "*" not in name and node["agent"] is None

    async def one(role: str) -> None:
        if chance.random() < 0.3:
            id_ = chance.choice(everything)
            body = await signed.ask(NODE, actor=ACTORS[role], id=id_)
            node = body["data"]["node"]
            assert (node is not None) == (id_ in allowed[role])
            if node:
                check(role, node)
            return
        order = chance.choice(ORDERS)
        if role == "customer" and order is None:
            order = ORDERS[1]
        where = WHERES[chance.randrange(4)]
        body = await signed.ask(LISTED, actor=ACTORS[role], w=where, o=order)
        for edge in body["data"]["tickets"]["edges"]:
            check(role, edge["node"])

    for _ in range(125):
        await asyncio.gather(*(one(chance.choice(("agent", "customer"))) for _ in range(8)))
    assert leaks == 0


@pytest.mark.parametrize("role", ACTORS)
async def test_every_door_to_a_node_shows_the_same(
    role: str, signed: Client, platform: Platform
) -> None:
    """``node``, ``nodes``, the type's list, ``search`` and a way through another node."""
    actor = ACTORS[role]
    rows = await run(
        platform.store,
        "MATCH (c:Customer {id: 'c-0001'})-[:RAISED]->(t:Ticket) RETURN t.id AS id "
        "UNION MATCH (t:Ticket)-[:ASSIGNED_TO]->(:Department {id: 'field-service'}) "
        "RETURN t.id AS id LIMIT 3",
    )
    fields = "id state subject rating customer { id name } agent { id }"
    for row in rows[:4]:
        id_ = to_global("Ticket", row["id"])
        doors = []
        for query, path in (
            ("node(id: $id) { ... on Ticket { %s } }", ("node",)),
            ("nodes(ids: [$id]) { ... on Ticket { %s } }", ("nodes", 0)),
            ("ticket(id: $id) { %s }", ("ticket",)),
        ):
            body = await signed.ask(f"query ($id: ID!) {{ {query % fields} }}", actor=actor, id=id_)
            found = body["data"]
            for step in path:
                found = None if found is None else found[step]
            doors.append(settled(found))
        assert len(set(doors)) == 1, doors


@pytest.mark.parametrize(
    "query",
    [
        "{ tickets(orderBy: [{seq: ASC}]) { totalCount } }",
        '{ customers(where: {name: {eq: "a"}}) { totalCount } }',
        '{ tickets(where: {customer: {tier: {eq: "gold"}}}) { totalCount } }',
        '{ tickets(where: {OR: [{state: {eq: "new"}}, {agent: {}}]}) { totalCount } }',
        '{ tickets(where: {NOT: {subject: {contains: "a"}}}) { totalCount } }',
        '{ tickets(where: {search: "a"}) { totalCount } }',
        "{ tickets { groups(by: STATE) { count } } }",
        '{ orders(where: {tracking: {eq: "a"}}) { totalCount } }',
    ],
)
async def test_no_argument_asks_of_what_is_kept_from_a_customer(
    query: str, watched: Client, recorder: Recorder
) -> None:
    recorder.seen.clear()
    body = await watched.ask(query, actor=ACTORS["customer"])
    assert [one["extensions"]["code"] for one in body["errors"]] == ["FORBIDDEN_ARGUMENT"]
    assert not recorder.seen
