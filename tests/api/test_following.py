"""Subscriptions to tickets: who is told of what, under which rights, and when they are closed."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from api.bearer import issue_token
from api.bootstrap import Platform, following
from api.globalid import to_global
from api.live import group
from api.plan import cost
from api.services.keys import create_api_key, revoke_api_key
from api.signin import local_actor
from graph.model import Actor
from graph.policy import Draft, save_policy
from policies.policy import shipped_policy
from tests.api.conftest import ADMIN, SECRET, Client, serving
from tests.api.wire import Wire, signed_in, wired
from tests.builders import run

FOLLOW = """subscription ($where: TicketWhere) { ticketChanged(where: $where) {
  kind ticketId ticket { id state version customer { name } } } }"""
MOVE = """MATCH (t:Ticket {id: $id})-[old:ASSIGNED_TO]->(:Department)
MATCH (d:Department {id: $department}) DELETE old
CREATE (t)-[:ASSIGNED_TO]->(d) SET t.department_id = $department"""
RESYNC = {"kind": "RESYNC", "ticketId": None, "ticket": None}
SECOND = 2.0
"""A second on a machine of its own; the tests share theirs with two engines and each other."""
BILLING, SERVICE = "billing", "field-service"


def agent(department: str, name: str = "a-1") -> Actor:
    return local_actor(("agent",), name=name, department_ids=frozenset({department}))


def bearer(actor: Actor, platform: Platform, seconds: int = 60) -> str:
    settings = replace(platform.settings, token_secret=SECRET)
    return f"Bearer {issue_token(actor, settings, seconds=seconds)}"


async def begun(wire: Wire, query: str = FOLLOW, **variables: Any) -> Wire:
    """Subscribed and told to load."""
    await wire.subscribe(query, **variables)
    assert (await wire.event())["kind"] == "RESYNC"
    return wire


async def ticket_of(platform: Platform, department: str, place: int = 0) -> str:
    """The newest ticket of a department, or one of those before."""
    rows = await run(
        platform.store,
        """MATCH (t:Ticket)-[:ASSIGNED_TO]->(:Department {id: $department})
        RETURN t.id AS id ORDER BY t.seq DESC LIMIT 20""",
        department=department,
    )
    return str(rows[place]["id"])


async def move(platform: Platform, ticket: str, department: str) -> None:
    await run(platform.store, MOVE, id=ticket, department=department)
    await platform.announce([ticket])


async def apply(platform: Platform, text: str) -> None:
    """Put a policy in force as another process does: nobody here is told."""
    await save_policy(platform.store, Draft(text=text, author="test", reason="test"))


@pytest.fixture(scope="module")
async def live(platform: Platform) -> AsyncIterator[Client]:
    """With sign-in, on a platform that follows the epochs as a server's own does."""
    settings = replace(platform.settings, token_secret=SECRET)
    async with serving(settings, platform) as client:
        await client.http.get("/healthz")
        async with following(client.state.platform):
            yield client


async def test_a_new_ticket_is_told_to_who_may_see_it(live: Client, platform: Platform) -> None:
    customer = local_actor(("customer",), name="c-1", customer_id="c-0001")
    other = local_actor(("customer",), name="c-2", customer_id="c-0002")
    async with (
        signed_in(live, authorization=bearer(customer, platform)) as mine,
        signed_in(live, Authorization=bearer(other, platform)) as theirs,
    ):
        await begun(mine)
        await begun(theirs)
        made = await live.data(
            """mutation ($input: CreateTicketInput!) { createTicket(input: $input) {
            ticket { id } } }""",
            actor=customer,
            input={"text": "My fridge is too warm", "idempotencyKey": f"live-{time.time()}"},
        )
        event = await mine.event()
        assert event["kind"] == "CHANGED"
        assert event["ticketId"] == made["createTicket"]["ticket"]["id"]
        assert event["ticket"]["id"] == event["ticketId"]
        assert await theirs.silent()


async def test_whatever_is_written_to_a_ticket_is_told(live: Client, platform: Platform) -> None:
    """A transition, a correction, and a handover by which it leaves; a replay is nothing new."""
    customer = local_actor(("customer",), name="c-1", customer_id="c-0001")
    made = await live.data(
        "mutation ($i: CreateTicketInput!) { createTicket(input: $i) { ticketId } }",
        actor=customer,
        i={"text": "空调漏水，请派人来修。", "idempotencyKey": f"told-{time.time()}"},
    )
    ticket = made["createTicket"]["ticketId"]
    changes = (
        ("commentOnTicket", "CHANGED", {"text": "rang", "idempotencyKey": "told-1"}),
        ("updateTicket", "CHANGED", {"subject": "A leak"}),
        (
            "handOverTicket",
            "LEFT",
            {"departmentId": BILLING, "reason": "x", "idempotencyKey": "told-2"},
        ),
    )
    async with signed_in(live, authorization=bearer(agent(SERVICE), platform)) as wire:
        await begun(wire)
        for name, kind, given in changes:
            query = f"""mutation ($i: {name[0].upper()}{name[1:]}Input!) {{
              {name}(input: $i) {{ userErrors {{ code }} }} }}"""
            input_ = {"ticketId": ticket, **given}
            done = await live.data(query, actor=agent(SERVICE), i=input_)
            assert done[name]["userErrors"] == []
            event = await wire.event()
            assert (event["kind"], event["ticketId"]) == (kind, to_global("Ticket", ticket))
        await live.data(query, actor=agent(SERVICE), i=input_)
        assert await wire.silent()


async def test_who_saw_a_ticket_is_told_that_it_left_and_nobody_else(
    live: Client, platform: Platform
) -> None:
    ticket = await ticket_of(platform, SERVICE)
    async with (
        signed_in(live, authorization=bearer(agent(SERVICE), platform)) as service,
        signed_in(live, authorization=bearer(agent(BILLING), platform)) as billing,
        signed_in(live, authorization=bearer(agent("logistics"), platform)) as logistics,
    ):
        for wire in (service, billing, logistics):
            await begun(wire)
        await move(platform, ticket, BILLING)
        left = await service.event()
        assert (left["kind"], left["ticket"]) == ("LEFT", None)
        came = await billing.event()
        assert (came["kind"], came["ticketId"]) == ("CHANGED", left["ticketId"])
        assert await logistics.silent()
        # Told once: what left is gone.
        await platform.announce([ticket])
        assert (await billing.event())["kind"] == "CHANGED"
        assert await service.silent()
        await move(platform, ticket, SERVICE)
        assert (await service.event())["kind"] == "CHANGED"
        assert (await billing.event())["kind"] == "LEFT"


async def test_only_what_passes_the_filter_is_told(live: Client, platform: Platform) -> None:
    ticket, other = await ticket_of(platform, SERVICE), await ticket_of(platform, SERVICE, 1)
    set_state = "MATCH (t:Ticket {id: $id}) SET t.state = $state"
    await run(platform.store, set_state, id=ticket, state="open")
    await run(platform.store, set_state, id=other, state="solved")
    async with signed_in(live, authorization=bearer(agent(SERVICE), platform)) as wire:
        await begun(wire, where={"state": {"eq": "open"}})
        await platform.announce([other, ticket])
        assert (await wire.event())["ticket"]["state"] == "open"
        await run(platform.store, set_state, id=ticket, state="solved")
        await platform.announce([ticket])
        assert (await wire.event())["kind"] == "LEFT"
        await platform.announce([ticket, other, "T-nowhere"])
        assert await wire.silent()
        await run(platform.store, set_state, id=ticket, state="open")
        await platform.announce([ticket])
        assert (await wire.event())["kind"] == "CHANGED"


async def test_equal_subscribers_share_one_reading_and_others_do_not(
    live: Client, platform: Platform
) -> None:
    ticket = await ticket_of(platform, SERVICE)
    actors = [agent(SERVICE, "a-1"), agent(SERVICE, "a-2"), agent(BILLING, "a-3")]
    supervisor = local_actor(("supervisor",), name="s", department_ids=frozenset({SERVICE}))
    async with (
        signed_in(live, authorization=bearer(actors[0], platform)) as one,
        signed_in(live, authorization=bearer(actors[1], platform)) as two,
        signed_in(live, authorization=bearer(actors[2], platform)) as other,
        signed_in(live, authorization=bearer(supervisor, platform)) as over,
    ):
        for wire in (one, two, other, over):
            await begun(wire)
        assert live.state.hub.groups == 3
        await platform.announce([ticket])
        first, second, third = await one.next(), await two.next(), await over.next()
        assert first == second
        assert first["payload"]["extensions"] == {
            "authorization": {"denied": [], "masked": ["Customer.name"]}
        }
        masked, full = (
            one["payload"]["data"]["ticketChanged"]["ticket"]["customer"]["name"]
            for one in (first, third)
        )
        assert "*" in masked
        assert "*" not in full
        await one.send({"id": "1", "type": "complete"})
        await platform.announce([ticket])
        assert (await two.event())["kind"] == "CHANGED"
    assert live.state.hub.groups == 0


async def test_several_selections_and_aliases_of_a_ticket_are_each_their_own(
    live: Client, platform: Platform
) -> None:
    ticket = await ticket_of(platform, SERVICE)
    query = """subscription ($no: Boolean = false) { ticketChanged { kind
      a: ticket { state } ...F ticket @include(if: $no) { version } } }
      fragment F on TicketEvent { b: ticket { id ...G } }
      fragment G on Ticket { receipt { model } customer { id } }"""
    async with signed_in(live, authorization=bearer(agent(SERVICE), platform)) as wire:
        await begun(wire, query)
        await platform.announce([ticket])
        event = await wire.event()
    assert set(event) == {"kind", "a", "b"}
    assert set(event["a"]) == {"state"}
    assert set(event["b"]) == {"id", "receipt", "customer"}


async def test_every_event_has_a_budget_of_its_own(
    live: Client, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = await ticket_of(platform, SERVICE)
    query = "subscription { ticketChanged { kind ticket { messages(first: 100) { totalCount } } } }"
    monkeypatch.setattr(cost, "MOST_NODES", 150)
    monkeypatch.setattr(live.state.platform, "degrees", {})
    async with signed_in(live, authorization=bearer(agent(SERVICE), platform)) as wire:
        await begun(wire, query)
        for _ in range(3):
            await platform.announce([ticket])
            assert (await wire.event())["ticket"]["messages"]["totalCount"] >= 1
        part = "ticket { messages(first: 100) { totalCount } }"
        both = f"subscription {{ ticketChanged {{ kind a: {part} b: {part} }} }}"
        await wire.subscribe(both, id_="2")
        message = await wire.next()
        assert message["payload"][0]["extensions"]["code"] == "TOO_COMPLEX"


async def test_many_changes_at_once_are_read_together_and_told_in_order(
    live: Client, platform: Platform
) -> None:
    rows = await run(
        platform.store,
        """MATCH (t:Ticket)-[:ASSIGNED_TO]->(:Department {id: $department})
        RETURN t.id AS id ORDER BY t.seq LIMIT 50""",
        department=SERVICE,
    )
    ids = [row["id"] for row in rows]
    async with signed_in(live, authorization=bearer(agent(SERVICE), platform)) as wire:
        await begun(wire, "subscription { ticketChanged { ticketId ticket { id } kind } }")
        reads = live.state.platform.memory.plans.hits + live.state.platform.memory.plans.misses
        await platform.announce(ids)
        events = [await wire.event() for _ in ids]
        assert [one["ticketId"] for one in events] == [to_global("Ticket", id_) for id_ in ids]
        assert all(one["ticket"]["id"] == one["ticketId"] for one in events)
        after = live.state.platform.memory.plans.hits + live.state.platform.memory.plans.misses
        assert after - reads <= 3


async def test_a_slow_socket_loses_the_oldest_events_and_is_told_to_load() -> None:
    sent: list[str] = []
    gate = asyncio.Event()

    async def send(text: str) -> None:
        await gate.wait()
        sent.append(text)

    member = group.Member('"1', send)
    running = asyncio.create_task(member.run())
    for number in range(group.MOST_WAITING + 50):
        member.next(str(number), resync='"load"')
    member.end("[]")
    gate.set()
    assert await running == "[]"
    payloads = [json.loads(text)["payload"] for text in sent]
    assert payloads == ["load", *range(50, group.MOST_WAITING + 50)]
    assert {json.loads(text)["id"] for text in sent} == {'"1'}


async def test_very_many_changes_become_one_reload(live: Client, platform: Platform) -> None:
    async with signed_in(live, authorization=bearer(agent(SERVICE), platform)) as wire:
        await begun(wire)
        await platform.announce(f"T-{number}" for number in range(2_000))
        assert await wire.event() == RESYNC
        assert await wire.silent()


async def test_a_bulk_load_tells_everybody_to_load(live: Client, platform: Platform) -> None:
    async with signed_in(live, authorization=bearer(agent(SERVICE), platform)) as wire:
        await begun(wire)
        # Another process, whose bus nobody here hears: only the epoch tells.
        await platform.store.write("epoch-move", id="knowledge")
        assert await wire.event(2) == RESYNC


async def test_another_policy_is_followed_within_a_second(live: Client, platform: Platform) -> None:
    ticket, text = await ticket_of(platform, SERVICE), shipped_policy()
    rule = "p, 5, role:agent, Ticket.version, read, any, none, deny\n"
    shut = "p, 5, role:agent, Ticket, read, any, none, deny\n"
    async with signed_in(live, authorization=bearer(agent(SERVICE), platform)) as wire:
        await begun(wire)
        await platform.announce([ticket])
        assert (await wire.event())["ticket"]["version"] is not None
        try:
            await apply(platform, text + rule)
            started = time.monotonic()
            assert await wire.event(2) == RESYNC
            assert time.monotonic() - started < SECOND
            await platform.announce([ticket])
            assert (await wire.event())["ticket"]["version"] is None
            await apply(platform, text + shut)
            started = time.monotonic()
            message = await wire.next(2)
            assert time.monotonic() - started < SECOND
            assert message["type"] == "error"
            assert message["payload"][0]["extensions"]["code"] == "FORBIDDEN"
        finally:
            await apply(platform, text)
            await live.state.platform.refresh_policy()
            await platform.refresh_policy()


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
async def test_the_subscription_of_the_readme_works(
    name: str, live: Client, platform: Platform
) -> None:
    text = (Path(__file__).parents[2] / name).read_text("utf-8")
    _, query, *_ = re.findall(r"```graphql\n(.*?)```", text, re.DOTALL)
    ticket = await ticket_of(platform, SERVICE)
    await run(platform.store, "MATCH (t:Ticket {id: $id}) SET t.state = 'assigned'", id=ticket)
    async with signed_in(live, authorization=bearer(agent(SERVICE), platform)) as wire:
        await begun(wire, query)
        await platform.announce([ticket])
        event = await wire.event()
        while event["kind"] == "RESYNC":  # what other tests wrote may be followed, too
            event = await wire.event()
        assert event["ticket"]["state"] == "assigned"


async def test_who_may_see_no_ticket_follows_none(live: Client) -> None:
    async with signed_in(live) as wire:
        await wire.subscribe(FOLLOW)
        message = await wire.next()
        assert message["payload"][0]["extensions"]["code"] == "FORBIDDEN"
        await wire.subscribe("{ viewer { id } }")
        assert (await wire.next())["payload"]["data"] == {"viewer": {"id": "anonymous"}}


@pytest.mark.parametrize(
    "payload", [{"authorization": "Bearer x"}, {"x-api-key": "dgk_x"}, {"Authorization": "Basic x"}]
)
async def test_wrong_credentials_are_closed(payload: dict[str, str], live: Client) -> None:
    async with wired(live) as wire:
        await wire.send({"type": "connection_init", "payload": payload})
        assert await wire.closed() == 4403
    headers = {name.lower(): value for name, value in payload.items()}
    async with wired(live, headers=headers) as wire:
        await wire.send({"type": "connection_init"})
        assert await wire.closed() == 4403


async def test_credentials_may_stand_in_the_handshake(live: Client, platform: Platform) -> None:
    headers = {"authorization": bearer(agent(SERVICE), platform)}
    async with wired(live, headers=headers) as wire:
        await wire.init()
        await begun(wire)


async def test_a_socket_ends_with_its_token(live: Client, platform: Platform) -> None:
    token = bearer(agent(SERVICE), platform, seconds=1)
    async with signed_in(live, authorization=token) as wire:
        started = time.monotonic()
        assert await wire.closed() == 4403
        assert time.monotonic() - started < 2


async def test_a_socket_ends_within_a_second_of_its_key(live: Client, platform: Platform) -> None:
    made = await create_api_key(platform, ADMIN, name="live", roles=("service",), days=1)
    async with signed_in(live, **{"x-api-key": made.text}) as wire:
        await begun(wire)
        await revoke_api_key(platform, ADMIN, made.key.id)
        started = time.monotonic()
        assert await wire.closed() == 4403
        assert time.monotonic() - started < SECOND


async def test_a_server_that_is_told_to_stop_closes_its_sockets(platform: Platform) -> None:
    async with serving(platform.settings, platform) as client, signed_in(client) as wire:
        await begun(wire)
        stopping = time.monotonic()
    assert time.monotonic() - stopping < 3
    with pytest.raises(ConnectionClosed):
        await wire.connection.recv()
