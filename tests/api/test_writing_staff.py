"""Staff, working calendars, orders and handles of customers, written over GraphQL on every engine:
what is written is what routes and answers go by at once.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.bootstrap import Platform
from api.globalid import to_global
from api.schema.edit_mutation import SAYING
from api.signin import local_actor
from graph.editable import SAID
from graph.fields import camel
from graph.model import Actor
from graph.vocabulary import Label
from tests.api.conftest import Client
from tests.api.test_writing import (
    CUSTOMER,
    EDITOR,
    FIELD,
    SERVICE,
    STRANGER,
    done,
    nodes,
    plain,
    send,
    write,
    wrong,
)
from tests.builders import run

ADMIN = local_actor(("admin",), name="root")
LEAD = local_actor(("supervisor",), name="lead", department_ids=frozenset({"field-service"}))
OTHER = local_actor(("supervisor",), name="other", department_ids=frozenset({"billing"}))
TEXT = "空调漏水，请派人来修。"
EVERY_HOUR = ["mon-sun 00:00-24:00"]
AGENT = """agent { nameEn capacity languages roles calendar { id }
  departments { edges { node { id } } } skills { edges { node { id } } }
  skillLevels { skill { id } level } }"""
CHOICE = "query ($text: String!) { previewRoute(text: $text) { choice { agentId reason } } }"
ASK = "query ($q: String!) { ask(question: $q) { answer kind citations { id } } }"
HANDLE = "identity { kind value customer { id } }"
ORDER = """order { number status total customer { id } products { edges { node { id } } }
  items { product { id } quantity price: unitPrice variant __typename } }"""
ITEMS = [{"id": "breeze-wall-15", "quantity": 2, "unitPrice": 10.5, "variant": "white"}]


async def chosen(client: Client) -> tuple[str | None, str | None]:
    """The agent who would work on the next such ticket, or why there is none."""
    found = (await client.data(CHOICE, actor=SERVICE, text=TEXT))["previewRoute"]["choice"]
    return plain({"id": found["agentId"]}) if found["agentId"] else None, found["reason"]


@pytest.fixture(scope="module")
async def ann(signed: Client, platform: Platform) -> AsyncIterator[str]:
    """The only one who has what a leaking air conditioner asks for, always on shift. Every test
    leaves her so.
    """
    days = [str((datetime.now(UTC) + timedelta(days=day)).date()) for day in (-1, 0, 1)]
    begins: tuple[tuple[str, dict[str, Any]], ...] = (
        ("createSkill", {"id": "leak-tracing", "nameEn": "Leak tracing"}),
        ("createCalendar", {"id": "always", "nameEn": "Always", "hours": EVERY_HOUR}),
        ("createCalendar", {"id": "away", "nameEn": "Away", "hours": EVERY_HOUR, "holidays": days}),
    )
    for name, given in begins:
        await done(signed, name, ADMIN, "__typename", **given, idempotencyKey=f"ann-{given['id']}")
    asked: dict[str, Any] = {"add": [{"id": "leak-tracing", "level": 3}]}
    await done(signed, "updateIssue", EDITOR, "issue { id }", id="ac-leaking-water", skills=asked)
    made = await done(
        signed, "createAgent", ADMIN, AGENT,
        id="ann", nameEn="Ann", languages=["zh", "en"], capacity=2, roles=["agent"],
        departments=["field-service"], calendar="always", idempotencyKey="ann",
        skills=[{"id": "leak-tracing", "level": 3}, {"id": "hvac", "level": 3}],
    )  # fmt: skip
    assert (made["capacity"], plain(made["calendar"])) == (2, "always")
    levels = {plain(one["skill"]): one["level"] for one in made["skillLevels"]}
    assert levels == {"leak-tracing": 3, "hvac": 3}
    query = (
        "query ($id: ID!) { node(id: $id) { ... on Issue { skillLevels { skill { id } level } } } }"
    )
    for who, seen in ((EDITOR, True), (CUSTOMER, False)):
        found = await signed.data(query, actor=who, id=to_global(Label.ISSUE, "ac-leaking-water"))
        told = found["node"]["skillLevels"]
        assert (told is not None) == seen
        assert not seen or ("leak-tracing", 3) in {
            (plain(one["skill"]), one["level"]) for one in told
        }
    yield "ann"
    ends: tuple[tuple[str, dict[str, Any]], ...] = (
        ("deleteAgent", {"id": "ann"}),
        ("updateIssue", {"id": "ac-leaking-water", "skills": {"remove": ["leak-tracing"]}}),
        ("deleteSkill", {"id": "leak-tracing"}),
        ("deleteCalendar", {"id": "always"}),
        ("deleteCalendar", {"id": "away"}),
    )
    for name, given in ends:
        await done(signed, name, ADMIN, "__typename", **given)
    await run(platform.store, "MATCH (r:Request) WHERE r.id CONTAINS '|ann' DETACH DELETE r")
    await platform.refresh(force=True)


async def test_what_is_edited_of_an_agent_is_what_the_next_ticket_goes_by(
    ann: str, signed: Client
) -> None:
    assert await chosen(signed) == (ann, None)
    leak: dict[str, Any] = {"id": "leak-tracing"}
    for changed, reason, back in (
        ({"capacity": 0}, "all-full", {"capacity": 2}),
        ({"languages": ["en"]}, "no-language", {"languages": ["zh"]}),
        ({"calendar": "away"}, "off-shift", {"calendar": "always"}),
        ({"skills": {"add": [{**leak, "level": 2}]}}, "no-skill", None),
        ({"skills": {"remove": ["leak-tracing"]}}, "no-skill", None),
        ({"skills": {"add": [leak]}}, "no-skill", {"skills": {"add": [{**leak, "level": 3}]}}),
    ):
        shown = await done(signed, "updateAgent", LEAD, AGENT, id=ann, **changed)
        assert shown["nameEn"] == "Ann"
        assert await chosen(signed) == (None, reason)
        if back:
            await done(signed, "updateAgent", LEAD, AGENT, id=ann, **back)
            assert await chosen(signed) == (ann, None)
    away = {"add": ["billing"], "remove": ["field-service"]}
    moved = await done(signed, "updateAgent", ADMIN, AGENT, id=ann, departments=away)
    assert [plain(one) for one in nodes(moved["departments"])] == ["billing"]
    assert await chosen(signed) == (None, "no-skill")
    home = {"add": away["remove"], "remove": away["add"]}
    await done(signed, "updateAgent", ADMIN, AGENT, id=ann, departments=home)
    assert await chosen(signed) == (ann, None)


async def test_a_shift_that_is_edited_is_in_force_at_once(ann: str, signed: Client) -> None:
    shown = "calendar { hours holidays agents { edges { node { id } } } }"
    today = [str(datetime.now(UTC).date())]
    for holidays, expected in ((today, (None, "off-shift")), (None, (ann, None))):
        found = await done(signed, "updateCalendar", LEAD, shown, id="always", holidays=holidays)
        assert [plain(one) for one in nodes(found["agents"])] == [ann]
        assert await chosen(signed) == expected
    held = await write(signed, "deleteCalendar", EDITOR, id="always")
    assert held["userErrors"][0]["message"] == "Calendar is still held by: Agent"


async def test_supervisors_see_to_their_own_departments(ann: str, signed: Client) -> None:
    """Nobody makes anybody a member of departments that are not theirs, or moves them out of
    reach; a foreign agent is as good as absent.
    """
    foreign = await write(signed, "updateAgent", OTHER, id=ann, capacity=9)
    absent = await write(signed, "updateAgent", OTHER, id="nobody", capacity=9)
    assert foreign == absent
    assert wrong(foreign) == ("id", "NOT_FOUND")
    for change, field in (
        ({"add": ["billing"]}, "departments.add"),
        ({"remove": ["field-service"]}, "id"),
    ):
        refused = await write(signed, "updateAgent", LEAD, id=ann, departments=change)
        assert wrong(refused) == (field, "NOT_FOUND")
    both = await done(signed, "updateAgent", ADMIN, AGENT, id=ann, departments={"add": ["billing"]})
    assert len(nodes(both["departments"])) == 2
    # What is foreign is not removed either.
    await done(signed, "updateAgent", LEAD, AGENT, id=ann, departments={"remove": ["billing"]})
    left = await done(signed, "updateAgent", ADMIN, AGENT, id=ann)
    assert len(nodes(left["departments"])) == 2
    only = {"remove": ["billing"]}
    await done(signed, "updateAgent", ADMIN, AGENT, id=ann, departments=only)
    for who, name, given, code in (
        (LEAD, "updateAgent", {"id": ann, "roles": ["supervisor"]}, "FORBIDDEN_ARGUMENT"),
        (LEAD, "createAgent", {"nameEn": "X", "idempotencyKey": "x"}, "FORBIDDEN"),
        (LEAD, "deleteAgent", {"id": ann}, "FORBIDDEN"),
        (FIELD, "updateAgent", {"id": ann, "capacity": 1}, "FORBIDDEN"),
        (EDITOR, "updateAgent", {"id": ann, "capacity": 1}, "FORBIDDEN"),
        (FIELD, "updateCalendar", {"id": "always", "hours": []}, "FORBIDDEN"),
        (CUSTOMER, "createOrder", {"number": "1", "idempotencyKey": "x"}, "FORBIDDEN"),
        (LEAD, "updateOrder", {"id": "o-0001", "status": "shipped"}, "FORBIDDEN"),
        (FIELD, "deleteIdentity", {"id": "c-0001-email"}, "FORBIDDEN"),
    ):
        (error,) = (await send(signed, name, who, **given))["errors"]
        assert error["extensions"]["code"] == code, name


async def test_what_routing_could_not_read_is_refused(signed: Client) -> None:
    key = {"idempotencyKey": "staff-rules"}
    named = {"nameEn": "X", "hours": EVERY_HOUR}
    for name, given, field in (
        ("createCalendar", {**named, "timezone": "Mars/Olympus"}, "timezone"),
        ("createCalendar", {**named, "holidays": ["2026-02-31"]}, "holidays"),
        ("createCalendar", {**named, "hours": ["always"]}, "hours"),
        ("createCalendar", {"hours": EVERY_HOUR}, "nameZh"),
        ("createAgent", {"nameEn": "X", "languages": ["fr"]}, "languages"),
        ("createAgent", {"nameEn": "X", "capacity": -1}, "capacity"),
        ("createAgent", {"nameEn": "X", "roles": ["No Role"]}, "roles"),
        ("createAgent", {"nameEn": "X", "skills": [{"id": "hvac", "level": 6}]}, "skills"),
        ("createAgent", {"nameEn": "X", "skills": [{"id": "hvac"}, {"id": "hvac"}]}, "skills"),
    ):
        payload = await write(signed, name, ADMIN, **given, **key)
        assert wrong(payload) == (field, "BAD_USER_INPUT"), payload
    nowhere = await write(signed, "createAgent", ADMIN, nameEn="X", departments=["no"], **key)
    assert wrong(nowhere) == ("departments", "NOT_FOUND")


def test_whatever_a_relationship_says_has_an_input() -> None:
    assert SAYING.keys() == SAID.keys()
    for type_, (item, _) in SAYING.items():
        assert set(item.__annotations__) == {"id", *map(camel, SAID[type_])}


async def asked(client: Client, who: Actor, number: str) -> Mapping[str, Any]:
    """What somebody is told of an order."""
    question = f"What is the status of order {number}?"
    found: Mapping[str, Any] = (await client.data(ASK, actor=who, q=question))["ask"]
    return found


async def test_an_order_that_was_written_is_answered_to_whom_it_belongs(
    signed: Client, platform: Platform
) -> None:
    number = "W-2026-900001"
    given: dict[str, Any] = {
        "id": "o-new", "number": number, "status": "shipped", "customer": "c-0001", "total": 21.0,
        "currency": "CNY", "placedAt": "2026-07-01T08:00:00+08:00", "products": ITEMS,
        "idempotencyKey": "o-new",
    }  # fmt: skip
    before = await asked(signed, CUSTOMER, number)
    assert before["citations"] == []
    try:
        made = await done(signed, "createOrder", SERVICE, ORDER, **given)
        assert (made["status"], made["total"], plain(made["customer"])) == (
            "shipped",
            21.0,
            "c-0001",
        )
        assert await done(signed, "createOrder", SERVICE, ORDER, **given) == made
        told = await asked(signed, CUSTOMER, number)
        assert [one["id"] for one in told["citations"]] == [to_global(Label.ORDER, "o-new")]
        assert await asked(signed, STRANGER, number) == before
        twice = {**given, "id": "o-other", "number": "w 2026-900001", "idempotencyKey": "other"}
        assert wrong(await write(signed, "createOrder", SERVICE, **twice)) == ("number", "CONFLICT")
        changed = await done(
            signed, "updateOrder", SERVICE, ORDER, id="o-new", status="delivered",
            products={"add": [{"id": "breeze-wall-15", "quantity": 3, "unitPrice": 7.0}]},
        )  # fmt: skip
        assert changed["status"] == "delivered"
        (line,) = changed["items"]
        assert (plain(line.pop("product")), line) == (
            "breeze-wall-15",
            {"quantity": 3, "price": 7.0, "variant": "white", "__typename": "OrderLine"},
        )
        query = "query ($id: ID!) { node(id: $id) { ... on Order { items { quantity } } } }"
        for who, lines in ((CUSTOMER, [{"quantity": 3}]), (STRANGER, None)):
            found = await signed.data(query, actor=who, id=to_global(Label.ORDER, "o-new"))
            assert (found["node"] or {"items": None})["items"] == lines
        again = await asked(signed, CUSTOMER, number)
        assert again["answer"] != told["answer"]
        (line,) = await run(
            platform.store,
            """MATCH (:Order {id: 'o-new'})-[r:CONTAINS]->(p)
            RETURN p.id AS id, r.quantity AS count, r.unit_price AS price, r.variant AS variant""",
        )
        assert line == {"id": "breeze-wall-15", "count": 3, "price": 7.0, "variant": "white"}
    finally:
        await run(platform.store, "MATCH (o:Order {id: 'o-new'}) DETACH DELETE o")


async def test_orders_keep_the_rules_of_files(signed: Client, platform: Platform) -> None:
    right: dict[str, Any] = {"number": "W-2026-900009", "customer": "c-0001", "products": ITEMS}
    (item,) = ITEMS
    for given, field, code in (
        ({"number": None}, "number", "BAD_USER_INPUT"),
        ({"customer": None}, "customer", "BAD_USER_INPUT"),
        ({"customer": "c-none"}, "customer", "NOT_FOUND"),
        ({"status": "lost"}, "status", "BAD_USER_INPUT"),
        ({"currency": "yuan"}, "currency", "BAD_USER_INPUT"),
        ({"products": [{**item, "quantity": 0}]}, "products", "BAD_USER_INPUT"),
        ({"products": [{**item, "unitPrice": -1.0}]}, "products", "BAD_USER_INPUT"),
        ({"products": [{**item, "id": "no-such"}]}, "products", "NOT_FOUND"),
    ):
        payload = await write(
            signed, "createOrder", SERVICE, **{**right, **given}, idempotencyKey="o-rules"
        )
        assert wrong(payload) == (field, code), payload
    gone = await write(signed, "updateOrder", SERVICE, id="o-0001", customer=None)
    assert wrong(gone) == ("customer", "BAD_USER_INPUT")
    text = "MATCH (o:Order {number_key: $key}) RETURN count(o) AS n"
    assert await run(platform.store, text, key="w-2026-900009") == [{"n": 0}]


async def test_a_customer_who_was_written_has_orders_and_reads_what_nobody_else_does(
    signed: Client, platform: Platform
) -> None:
    given: dict[str, Any] = {
        "id": "c-new", "name": "Ann Harbour", "address": "1 Quay", "birthDate": "1990-02-03",
        "language": "en", "region": "EU", "tier": "gold", "idempotencyKey": "c-new",
    }  # fmt: skip
    own = Actor(id="ann", roles=frozenset({"customer"}), customer_id="c-new")
    shown = "customer { id name tier }"
    query = """query ($id: ID!) { node(id: $id) { ... on Customer {
      name address birthDate orders(first: 5) { edges { node { number } } } } } }"""
    try:
        made = await done(signed, "createCustomer", SERVICE, shown, **given)
        assert (plain(made), made["name"], made["tier"]) == ("c-new", None, "gold")
        assert await done(signed, "createCustomer", SERVICE, shown, **given) == made
        twice = {**given, "idempotencyKey": "other"}
        assert wrong(await write(signed, "createCustomer", SERVICE, **twice)) == ("id", "CONFLICT")
        for name, value in (("birthDate", "yesterday"), ("language", "fr"), ("tier", "best")):
            bad = {**given, "id": "c-bad", name: value, "idempotencyKey": f"bad-{name}"}
            refused = await write(signed, "createCustomer", SERVICE, **bad)
            assert wrong(refused) == (name, "BAD_USER_INPUT")
            assert value not in str(refused)
        order = {"id": "o-ann", "number": "W-2026-900021", "customer": "c-new", "products": ITEMS}
        await done(signed, "createOrder", SERVICE, ORDER, **order, idempotencyKey="o-ann")
        found = (await signed.data(query, actor=own, id=to_global(Label.CUSTOMER, "c-new")))["node"]
        assert [one["number"] for one in nodes(found.pop("orders"))] == ["W-2026-900021"]
        assert found == {name: given[name] for name in found}
        await done(signed, "updateCustomer", SERVICE, shown, id="c-new", name="Ann Quay")
        found = (await signed.data(query, actor=own, id=to_global(Label.CUSTOMER, "c-new")))["node"]
        assert (found["name"], found["address"]) == ("Ann Quay", "1 Quay")
        stored = await run(
            platform.store, "MATCH (c:Customer {id: 'c-new'}) RETURN properties(c) AS c"
        )
        assert not [one for one in ("Ann Quay", "1 Quay", "1990-02-03") if one in str(stored)]
        (error,) = (await send(signed, "createCustomer", LEAD, **twice))["errors"]
        assert error["extensions"]["code"] == "FORBIDDEN"
    finally:
        text = "MATCH (n) WHERE n.id IN ['c-new', 'o-ann'] DETACH DELETE n"
        await run(platform.store, text)


VALUE = "ann.harbour@example.test"


async def kinds_of(client: Client, who: Actor, customer: str) -> list[str]:
    """The kinds under which somebody sees ``VALUE`` as a handle of a customer."""
    query = """query ($id: ID!) { node(id: $id) { ... on Customer {
      identities(first: 50) { edges { node { kind value } } } } } }"""
    found = await client.data(query, actor=who, id=to_global(Label.CUSTOMER, customer))
    return [one["kind"] for one in nodes(found["node"]["identities"]) if one["value"] == VALUE]


async def test_a_handle_goes_from_one_customer_to_another(
    signed: Client, platform: Platform
) -> None:
    """Its value is sealed anew under the key of whose it is now; nobody else ever reads it."""
    given = {"id": "i-new", "system": "desk", "kind": "email", "value": VALUE}
    try:
        made = await done(
            signed, "createIdentity", SERVICE, HANDLE,
            **given, customer="c-0001", idempotencyKey="i-new",
        )  # fmt: skip
        assert (made["kind"], made["value"]) == ("email", None), "a program does not read it"
        assert await kinds_of(signed, CUSTOMER, "c-0001") == ["email"]
        await asyncio.gather(
            *(
                done(signed, "updateIdentity", SERVICE, HANDLE, id="i-new", customer=customer)
                for customer in ("c-0001", "c-0002")
            )
        )
        owners = "MATCH (c:Customer)-[:IDENTIFIED_BY]->(:Identity {id: 'i-new'}) RETURN c.id AS id"
        (owner,) = await run(platform.store, owners)
        holder = {"c-0001": CUSTOMER, "c-0002": STRANGER}[owner["id"]]
        assert await kinds_of(signed, holder, owner["id"]) == ["email"]
        await done(signed, "updateIdentity", SERVICE, HANDLE, id="i-new", customer="c-0002")
        assert await kinds_of(signed, STRANGER, "c-0002") == ["email"]
        assert await kinds_of(signed, CUSTOMER, "c-0001") == []
        await done(signed, "updateIdentity", SERVICE, HANDLE, id="i-new", kind="crm")
        assert await kinds_of(signed, STRANGER, "c-0002") == ["crm"]
        stored = await run(
            platform.store, "MATCH (i:Identity {id: 'i-new'}) RETURN properties(i) AS i"
        )
        assert "harbour" not in str(stored)
        for field in ("customer", "value"):
            none: dict[str, Any] = {field: None}
            refused = await write(signed, "updateIdentity", SERVICE, id="i-new", **none)
            assert wrong(refused) == (field, "BAD_USER_INPUT")
            assert VALUE not in str(refused)
        gone = await done(signed, "deleteIdentity", SERVICE, "deletedId", id="i-new")
        assert gone == "i-new"
        assert await kinds_of(signed, STRANGER, "c-0002") == []
    finally:
        await run(platform.store, "MATCH (i:Identity {id: 'i-new'}) DETACH DELETE i")


async def test_supervisors_put_right_the_handles_of_their_own_customers(
    signed: Client, platform: Platform
) -> None:
    serving = """MATCH (d:Department)-[:SERVES]->(c:Customer)
    OPTIONAL MATCH (c)-[:RAISED]->(t:Ticket)
    WITH c, collect(DISTINCT d.id) + collect(DISTINCT t.department_id) AS places
    WHERE ('field-service' IN places) = $mine RETURN min(c.id) AS id"""
    (mine,), (theirs,) = [
        await run(platform.store, serving, mine=is_mine) for is_mine in (True, False)
    ]
    given = {"system": "desk", "kind": "app", "value": "u-771", "idempotencyKey": "handles"}
    foreign = await write(signed, "createIdentity", LEAD, **given, customer=theirs["id"])
    absent = await write(signed, "createIdentity", LEAD, **given, customer="c-none")
    assert foreign == absent
    assert wrong(foreign) == ("customer", "NOT_FOUND")
    made = await done(signed, "createIdentity", LEAD, HANDLE, **given, customer=mine["id"])
    assert made["value"] == "u-771"
    text = "MATCH (i:Identity {system: 'desk'}) RETURN i.id AS id"
    (found,) = await run(platform.store, text)
    away = await write(signed, "updateIdentity", LEAD, id=found["id"], customer=theirs["id"])
    assert wrong(away) == ("customer", "NOT_FOUND")
    assert await done(signed, "deleteIdentity", LEAD, "deletedId", id=found["id"]) == found["id"]
