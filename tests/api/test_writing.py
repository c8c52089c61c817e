"""Everything that is written over GraphQL, over HTTP, on every engine."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from api.bootstrap import Platform
from api.globalid import from_global, to_global
from api.signin import local_actor
from graph.knowledge import knowledge_epoch
from graph.model import Actor
from graph.vocabulary import Label
from tests.api.conftest import Client
from tests.builders import run

FIELD = local_actor(("agent",), name="a-1", department_ids=frozenset({"field-service"}))
BILLING = local_actor(("agent",), name="a-2", department_ids=frozenset({"billing"}))
EDITOR = local_actor(("editor",), name="e-1")
SERVICE = local_actor(("service",), name="bot")
CUSTOMER = local_actor(("customer",), name="c-1", customer_id="c-0001")
SUPERVISOR = local_actor(("supervisor",), name="s", department_ids=frozenset({"returns-refunds"}))
STRANGER = local_actor(("customer",), name="c-2", customer_id="c-0002")
TICKET = """ticket { state version rating reopenedCount firstResponseAt solvedAt allowedTransitions
  subject department { id } agent { id } resolution { id }
  messages { edges { node { text author } } } comments { edges { node { text author } } }
  handovers { edges { node { reason source { id } target { id } } } }
  issues { edges { node { id } } } }"""
PHONE = "13800138000"
ISSUE = to_global(Label.ISSUE, "no-power")
HERE = {"departmentId": "field-service", "reason": "x"}
NAMELESS = {"id": "breeze-wall-15", "nameEn": None, "nameZh": ""}
STEPS = {"nameEn": "X", "actionsEn": ["a", "b"], "expectedEn": ["c"]}


async def send(client: Client, name: str, who: Actor, /, shown: str = "", **given: Any) -> Any:
    """The whole response of one mutation."""
    type_ = f"{name[0].upper()}{name[1:]}Input!"
    query = f"""mutation ($input: {type_}) {{
      {name}(input: $input) {{ {shown} userErrors {{ field message code }} }} }}"""
    return await client.ask(query, actor=who, input=given)


async def write(client: Client, name: str, who: Actor, /, shown: str = "", **given: Any) -> Any:
    """The payload of one mutation that was not refused as a whole."""
    body = await send(client, name, who, shown, **given)
    assert "errors" not in body, body
    return body["data"][name]


async def done(client: Client, name: str, who: Actor, /, shown: str = TICKET, **given: Any) -> Any:
    """The node of a mutation that worked."""
    payload = await write(client, name, who, shown, **given)
    assert payload.pop("userErrors") == [], payload
    (node,) = payload.values()
    return node


def wrong(payload: Mapping[str, Any]) -> tuple[str, str]:
    """Field and code of the only error."""
    (error,) = payload["userErrors"]
    return error["field"], error["code"]


def plain(node: Mapping[str, Any] | None) -> str | None:
    """The own id of a node."""
    found = from_global(node["id"]) if node else None
    return found[1] if found else None


def nodes(connection: Mapping[str, Any]) -> list[Any]:
    """The nodes of a page."""
    return [edge["node"] for edge in connection["edges"]]


@pytest.fixture
async def ticket(signed: Client, request: pytest.FixtureRequest) -> str:
    """A new ticket of customer c-0001, assigned to field-service."""
    text = "空调漏水，请派人来修。"
    key = f"{request.node.name}-ticket"
    given = {"text": text, "idempotencyKey": key, "customerId": "c-0001"}
    id_ = str(await done(signed, "createTicket", SERVICE, "ticketId", **given))
    assert plain((await read(signed, FIELD, id_))["department"]) == "field-service"
    return id_


async def read(client: Client, who: Actor, id_: str) -> Any:
    """The ticket, or nothing."""
    query = f"query ($id: ID!) {{ ticket(id: $id) {TICKET.removeprefix('ticket')} }}"
    return (await client.data(query, actor=who, id=id_))["ticket"]


async def test_a_ticket_goes_from_hand_to_hand(
    ticket: str, signed: Client, platform: Platform
) -> None:
    """Answered, handed over, solved, reopened, rated: with every stamp, sealed and redacted."""
    text = f"Call me at {PHONE}, please."
    answered = await done(
        signed, "answerTicket", FIELD, ticketId=ticket, text=text, idempotencyKey="1"
    )
    assert (answered["state"], answered["version"]) == ("answered", 2)
    assert answered["allowedTransitions"] == ["HANDOVER", "CORRECT", "RESOLVE", "COMMENT"]
    said = nodes(answered["messages"])[-1]
    assert said == {"text": "Call me at [phone], please.", "author": "desk"}
    commented = await done(
        signed, "commentOnTicket", FIELD, ticketId=ticket, text=f"rang {PHONE}", idempotencyKey="2"
    )
    assert nodes(commented["comments"]) == [{"text": "rang [phone]", "author": FIELD.id}]
    given = {"ticketId": ticket, "departmentId": "billing", "reason": "charged twice"}
    away = await done(signed, "handOverTicket", FIELD, **given, idempotencyKey="3")
    assert away is None
    assert await read(signed, FIELD, ticket) is None
    there = await read(signed, BILLING, ticket)
    (handover,) = nodes(there["handovers"])
    assert handover["reason"] == "charged twice"
    assert [plain(handover[end]) for end in ("source", "target")] == ["field-service", "billing"]
    assert there["state"] == "assigned"
    assert there["firstResponseAt"] == answered["firstResponseAt"] is not None
    solved = await done(
        signed, "resolveTicket", BILLING, ticketId=ticket, resolutionId="r-001", expectedVersion=4
    )
    assert solved["solvedAt"]
    assert plain(solved["resolution"]) == "r-001"
    shown = "ticket { state rating allowedTransitions }"
    rated = await done(signed, "rateTicket", CUSTOMER, shown, ticketId=ticket, rating=2)
    assert rated == {
        "state": "solved", "rating": 2, "allowedTransitions": ["REOPEN", "RATE"],
    }  # fmt: skip
    reopened = await done(signed, "reopenTicket", BILLING, ticketId=ticket)
    assert (reopened["state"], reopened["reopenedCount"]) == ("reopened", 1)
    again = await done(
        signed, "assignTicket", BILLING, ticketId=ticket, agentId=await member(platform, "billing")
    )
    assert again["state"] == "assigned"
    assert again["agent"]
    (kept,) = await run(
        platform.store,
        """MATCH (t:Ticket {id: $id})-[:HAS_MESSAGE]->(m) WHERE m.author = 'desk'
        MATCH (t)-[:ASSIGNED_TO]->(d) MATCH (c:Customer)-[:RAISED]->(t)
        RETURN m.text_sealed AS sealed, d.id = t.department_id AS equal, c.data_key AS key""",
        id=ticket,
    )
    opened = platform.vault.sealer.unseal(
        kept["sealed"], owner="Customer:c-0001", field="Message.text", data_key=kept["key"]
    )
    assert opened == text
    assert kept["equal"] is True


async def member(platform: Platform, department: str) -> str:
    """Some agent of the department."""
    text = "MATCH (a:Agent)-[:MEMBER_OF]->(:Department {id: $id}) RETURN min(a.id) AS id"
    (row,) = await run(platform.store, text, id=department)
    return str(row["id"])


async def test_absent_and_out_of_scope_fail_alike(ticket: str, signed: Client) -> None:
    payloads = [
        await write(signed, "resolveTicket", BILLING, TICKET, ticketId=id_)
        for id_ in (ticket, "T-0", to_global(Label.TICKET, ticket), to_global(Label.TICKET, "T-0"))
    ]
    assert all(one == payloads[0] for one in payloads)
    assert wrong(payloads[0]) == ("ticketId", "NOT_FOUND")
    assert (await read(signed, FIELD, ticket))["version"] == 1


async def test_a_refused_change_leaves_nothing(
    ticket: str, signed: Client, platform: Platform
) -> None:
    text = """MATCH (t:Ticket {id: $id}) OPTIONAL MATCH (t)--(n)
    RETURN properties(t) AS t, count(n) AS n"""
    before = await run(platform.store, text, id=ticket)
    keys = "MATCH (r:Request) RETURN count(r) AS n, max(r.at) AS at"
    claimed = await run(platform.store, keys)
    stranger = await member(platform, "billing")
    common = {"ticketId": ticket, "idempotencyKey": "refused"}
    for name, given, field, code in (
        ("reopenTicket", {}, "ticketId", "TRANSITION_NOT_ALLOWED"),
        ("answerTicket", {"text": " "}, "text", "BAD_USER_INPUT"),
        ("answerTicket", {"text": "hi", "expectedVersion": 9}, "expectedVersion", "CONFLICT"),
        ("commentOnTicket", {"text": "x\0"}, "text", "BAD_USER_INPUT"),
        ("resolveTicket", {"resolutionId": "nothing"}, "resolutionId", "NOT_FOUND"),
        ("resolveTicket", {"resolutionId": ISSUE}, "resolutionId", "BAD_USER_INPUT"),
        ("handOverTicket", HERE, "departmentId", "BAD_USER_INPUT"),
        ("handOverTicket", {"departmentId": "nowhere", "reason": "x"}, "departmentId", "NOT_FOUND"),
        ("updateTicket", {"agent": stranger}, "agent", "NOT_FOUND"),
        ("updateTicket", {"subject": None}, "subject", "BAD_USER_INPUT"),
        ("updateTicket", {"issues": {"add": ["no-such-issue"]}}, "issues.add", "NOT_FOUND"),
        ("updateTicket", {"mentions": {"add": ["plain"]}}, "mentions.add", "BAD_USER_INPUT"),
        ("updateTicket", {"subject": "x", "expectedVersion": 9}, "expectedVersion", "CONFLICT"),
    ):  # fmt: skip
        payload = await write(signed, name, FIELD, **common, **given)
        assert wrong(payload) == (field, code), name
    assert await run(platform.store, text, id=ticket) == before
    assert await run(platform.store, keys) == claimed


@pytest.mark.parametrize("rating", [0, 6, -1])
async def test_a_rating_is_one_to_five(rating: int, ticket: str, signed: Client) -> None:
    await done(signed, "resolveTicket", FIELD, ticketId=ticket)
    payload = await write(signed, "rateTicket", CUSTOMER, ticketId=ticket, rating=rating)
    assert wrong(payload) == ("rating", "BAD_USER_INPUT")
    assert str(rating) not in payload["userErrors"][0]["message"].split()


async def test_a_repeated_request_does_nothing_twice(ticket: str, signed: Client) -> None:
    given = {"ticketId": ticket, "text": "We are on our way.", "idempotencyKey": "once"}
    first, second = await asyncio.gather(
        *(done(signed, "answerTicket", FIELD, **given) for _ in range(2))
    )
    assert first["version"] == second["version"] == 2
    assert len(nodes(second["messages"])) == 2
    altered = await write(signed, "answerTicket", FIELD, **(given | {"text": "Never mind."}))
    assert wrong(altered) == ("idempotencyKey", "CONFLICT")
    other = await write(signed, "answerTicket", BILLING, **given)
    assert wrong(other) == ("ticketId", "NOT_FOUND")
    empty = await write(signed, "answerTicket", FIELD, **(given | {"idempotencyKey": ""}))
    assert wrong(empty) == ("idempotencyKey", "BAD_USER_INPUT")
    await done(
        signed, "handOverTicket", FIELD,
        ticketId=ticket, departmentId="billing", reason="x", idempotencyKey="away",
    )  # fmt: skip
    # Out of reach by now: still a replay, and nothing is shown of the ticket.
    assert await done(signed, "answerTicket", FIELD, **given) is None


async def test_of_eight_who_saw_one_version_one_wins(ticket: str, signed: Client) -> None:
    payloads = await asyncio.gather(
        *(
            write(
                signed, "commentOnTicket", FIELD,
                ticketId=ticket, text=str(n), expectedVersion=1, idempotencyKey=f"race-{n}",
            )
            for n in range(8)
        )
    )  # fmt: skip
    lost = [wrong(one) for one in payloads if one["userErrors"]]
    assert lost == [("expectedVersion", "CONFLICT")] * 7
    assert len(nodes((await read(signed, FIELD, ticket))["comments"])) == 1


async def test_an_agent_corrects_what_was_understood(
    ticket: str, signed: Client, platform: Platform
) -> None:
    changed = await done(
        signed, "updateTicket", FIELD,
        ticketId=ticket, subject=f"Ring {PHONE}", agent=await member(platform, "field-service"),
        issues={"add": ["ac-noise"], "remove": ["ac-leaking-water"]},
        mentions={"add": [to_global(Label.CATEGORY, "air-conditioners")]}, expectedVersion=1,
    )  # fmt: skip
    assert changed["subject"] == "Ring [phone]"
    assert changed["version"] == 2
    found = [plain(one) for one in nodes(changed["issues"])]
    assert "ac-noise" in found
    assert "ac-leaking-water" not in found
    (row,) = await run(
        platform.store,
        """MATCH (:Ticket {id: $id})-[r:CONCERNS]->(:Issue {id: 'ac-noise'})
        RETURN properties(r) AS r""",
        id=ticket,
    )
    assert row["r"]["confidence"] == 1.0
    assert row["r"]["extractor"] == "person.v1"


async def test_roles_that_may_not_write_are_refused_before_the_graph(
    ticket: str, signed: Client
) -> None:
    for who, name, given, code in (
        (CUSTOMER, "resolveTicket", {"ticketId": ticket}, "FORBIDDEN"),
        (FIELD, "rateTicket", {"ticketId": ticket, "rating": 1}, "FORBIDDEN"),
        (FIELD, "updateProduct", {"id": "breeze-wall-15", "price": 1.0}, "FORBIDDEN"),
        (EDITOR, "updateTicket", {"ticketId": ticket, "subject": "x"}, "FORBIDDEN"),
        (FIELD, "updateCustomer", {"id": "c-0001", "name": "x"}, "FORBIDDEN"),
        (CUSTOMER, "updateCustomer", {"id": "c-0001", "tier": "gold"}, "FORBIDDEN_ARGUMENT"),
    ):
        (error,) = (await send(signed, name, who, **given))["errors"]
        assert error["extensions"]["code"] == code


async def test_nothing_is_written_under_another_policy(
    ticket: str, signed: Client, platform: Platform
) -> None:
    move = "MATCH (e:Epoch {id: 'policy'}) SET e.value = e.value + $by RETURN e.value AS value"
    given = {"ticketId": ticket, "text": "x", "idempotencyKey": "stale"}
    await run(platform.store, move, by=1)
    try:
        (error,) = (await send(signed, "commentOnTicket", FIELD, **given))["errors"]
    finally:
        await run(platform.store, move, by=-1)
    assert error["extensions"]["code"] == "UNAVAILABLE"
    assert (await done(signed, "commentOnTicket", FIELD, **given))["version"] == 2


async def test_customers_keep_their_own_values(signed: Client, platform: Platform) -> None:
    shown = "customer { name address birthDate }"
    (former,) = await run(
        platform.store, "MATCH (c:Customer {id: 'c-0001'}) RETURN properties(c) AS c"
    )
    try:
        changed = await done(
            signed, "updateCustomer", CUSTOMER, shown,
            id="c-0001", name="Ann Harbour", address=None, birthDate="1990-02-28",
        )  # fmt: skip
        assert changed == {"name": "Ann Harbour", "address": None, "birthDate": "1990-02-28"}
        found = await signed.data(
            '{ customers(where: {name: {eq: "harbour"}}) { edges { node { id } } } }',
            actor=SUPERVISOR,
        )
        assert [plain(one) for one in nodes(found["customers"])] == ["c-0001"]
        stored = await run(
            platform.store, "MATCH (c:Customer {id: 'c-0001'}) RETURN properties(c) AS c"
        )
        assert "Harbour" not in str(stored)
        bad = await write(signed, "updateCustomer", CUSTOMER, id="c-0001", birthDate="yesterday")
        assert wrong(bad) == ("birthDate", "BAD_USER_INPUT")
        assert "yesterday" not in str(bad)
        alien = await write(signed, "updateCustomer", STRANGER, id="c-0001", name="Mine")
        absent = await write(signed, "updateCustomer", STRANGER, id="c-none", name="Mine")
        assert alien == absent
        assert wrong(alien) == ("id", "NOT_FOUND")
    finally:
        await run(platform.store, "MATCH (c:Customer {id: 'c-0001'}) SET c += $c", c=former["c"])


ROUTE = "query ($text: String!) { previewRoute(text: $text) { department { id } } }"


async def goes_to(client: Client, text: str) -> str | None:
    """The department that a text would go to."""
    found = await client.data(ROUTE, actor=SERVICE, text=text)
    return plain(found["previewRoute"]["department"])


async def test_one_mutation_moves_the_next_ticket(signed: Client) -> None:
    text = "I was charged twice for my order"
    assert await goes_to(signed, text) == "billing"
    shown = "issue { departments { edges { node { id } } } }"
    given = {"id": "double-charge", "departments": {"add": ["logistics"], "remove": ["billing"]}}
    moved = await done(signed, "updateIssue", EDITOR, shown, **given)
    assert [plain(one) for one in nodes(moved["departments"])] == ["logistics"]
    assert await goes_to(signed, text) == "logistics"
    for department, change in (("billing", "add"), ("logistics", "remove")):
        given = {"id": department, "issues": {change: ["double-charge"]}}
        await done(signed, "updateDepartment", EDITOR, "department { id }", **given)
    assert await goes_to(signed, text) == "billing"


async def test_knowledge_comes_and_goes(signed: Client, platform: Platform) -> None:
    """A product is made, named, understood in texts at once, changed, and deleted."""
    shown = (
        "product { id nameEn price warrantyMonths category { id } lines { edges { node { id } } } }"
    )
    given: dict[str, Any] = {
        "id": "zephyr-9", "nameEn": "Zephyr Nine", "price": 99.5, "warrantyMonths": 12,
        "category": "air-conditioners", "lines": ["home-appliances"], "idempotencyKey": "zephyr",
    }  # fmt: skip
    made = await done(signed, "createProduct", EDITOR, shown, **given)
    assert (plain(made), made["price"]) == ("zephyr-9", 99.5)
    assert plain(made["category"]) == "air-conditioners"
    assert await done(signed, "createProduct", EDITOR, shown, **given) == made
    for altered, field in (({"price": 1.0}, "idempotencyKey"), ({"idempotencyKey": "z"}, "id")):
        refused = await write(signed, "createProduct", EDITOR, **(given | altered))
        assert wrong(refused) == (field, "CONFLICT")
    alias = {"text": "zed nine", "names": [to_global(Label.PRODUCT, "zephyr-9")]}
    named = await done(signed, "createAlias", EDITOR, "alias { id }", **alias, idempotencyKey="zed")
    again = await done(signed, "createAlias", EDITOR, "alias { id }", **alias, idempotencyKey="zed")
    assert named == again
    walked = "previewRoute(text: $text) { candidates { contributions { walked } } }"
    found = await signed.data(
        f"query ($text: String!) {{ {walked} }}", actor=SERVICE, text="my zed nine broke"
    )
    assert "Product:zephyr-9" in str(found)
    changed = await done(
        signed, "updateProduct", EDITOR, shown,
        id="zephyr-9", nameZh="和风九号", price=None, category=None,
        lines={"remove": ["home-appliances"]},
    )  # fmt: skip
    assert (changed["price"], changed["category"], changed["warrantyMonths"]) == (None, None, 12)
    assert nodes(changed["lines"]) == []
    gone = await done(signed, "deleteProduct", EDITOR, "deletedId", id="zephyr-9")
    assert gone == "zephyr-9"
    left = "MATCH (n) WHERE n.id = 'zephyr-9' OR n.text = 'zed nine' RETURN count(n) AS n"
    assert await run(platform.store, left) == [{"n": 0}]


async def test_the_rules_of_files_hold_for_edits(signed: Client, platform: Platform) -> None:
    epoch = await knowledge_epoch(platform.store)
    for name, given, field, code in (
        ("createProduct", {"price": 1.0}, "nameZh", "BAD_USER_INPUT"),
        ("createProduct", {"id": "no spaces", "nameEn": "X"}, "id", "BAD_USER_INPUT"),
        ("createProduct", {"nameEn": "X\u0007"}, "nameEn", "BAD_USER_INPUT"),
        ("createProduct", {"nameEn": "X", "lines": ["nowhere"]}, "lines", "NOT_FOUND"),
        ("createProduct", {"nameEn": "X", "category": ISSUE}, "category", "BAD_USER_INPUT"),
        ("createAlias", {"text": " "}, "text", "BAD_USER_INPUT"),
        ("createResolution", STEPS, "expectedEn", "BAD_USER_INPUT"),
        ("updateProduct", NAMELESS, "nameZh", "BAD_USER_INPUT"),
        ("updateProduct", {"id": "no-such-product", "nameEn": "X"}, "id", "NOT_FOUND"),
        ("updateIssue", {"id": "ac-fault", "parent": "ac-not-cooling"}, "parent", "BAD_USER_INPUT"),
        ("updateCategory", {"id": "kitchen", "parent": "kitchen"}, "parent", "BAD_USER_INPUT"),
        ("updateDepartment", {"id": "billing", "triage": True}, "triage", "BAD_USER_INPUT"),
        ("deleteIssue", {"id": "ac-leaking-water"}, "id", "CONFLICT"),
        ("deleteIssue", {"id": "ac-fault"}, "id", "CONFLICT"),
        ("deleteSkill", {"id": "hvac"}, "id", "CONFLICT"),
        ("deleteSkill", {"id": "no-such-skill"}, "id", "NOT_FOUND"),
    ):  # fmt: skip
        key = {"idempotencyKey": "rules"}
        payload = await write(signed, name, EDITOR, **given, **key)
        assert wrong(payload) == (field, code), (name, payload)
    held = await write(signed, "deleteIssue", EDITOR, id="ac-leaking-water")
    assert held["userErrors"][0]["message"] == "Issue is still held by: Ticket"
    assert await knowledge_epoch(platform.store) == epoch


async def test_two_editors_do_not_undo_each_other(signed: Client) -> None:
    shown = "skill { id issues { edges { node { id } } } }"
    given = {"id": "two-hands", "nameEn": "Two hands", "idempotencyKey": "hands"}
    await done(signed, "createSkill", EDITOR, "skill { id }", **given)
    await asyncio.gather(
        *(
            done(
                signed,
                "updateSkill",
                EDITOR,
                shown,
                id="two-hands",
                issues={"add": [{"id": issue}]},
            )
            for issue in ("no-power", "ac-noise", "app-login")
        )
    )
    made = await done(signed, "updateSkill", EDITOR, shown, id="two-hands", nameZh="双手")
    assert [plain(one) for one in nodes(made["issues"])] == ["ac-noise", "app-login", "no-power"]
    await done(signed, "deleteSkill", EDITOR, "deletedId", id="two-hands")


async def test_what_can_be_written_is_told(signed: Client) -> None:
    can = (await signed.data("{ viewer { can } }", actor=EDITOR))["viewer"]["can"]
    assert {"Product:create", "Product:update", "Product:delete"} <= set(can)
    assert "Ticket:update" not in can
