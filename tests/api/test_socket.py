"""graphql-transport-ws, checked message by message over a real WebSocket."""

import asyncio
import json
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from api.live import socket
from tests.api.conftest import Client
from tests.api.node import run_node
from tests.api.wire import signed_in, wired

FOLLOW = "subscription { ticketChanged { kind } }"
TYPENAME = {"id": "1", "type": "subscribe", "payload": {"query": "{ __typename }"}}


async def test_a_connection_is_acknowledged(client: Client) -> None:
    async with wired(client) as wire:
        assert wire.connection.subprotocol == "graphql-transport-ws"
        await wire.send({"type": "connection_init", "payload": {"anything": 1}})
        assert await wire.next() == {"type": "connection_ack"}


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        pytest.param([TYPENAME], 4401, id="before init"),
        pytest.param([{"type": "connection_init"}] * 2, 4429, id="two inits"),
        pytest.param([{"type": "connection_init", "payload": "x"}], 4400, id="payload of init"),
        pytest.param([{"type": "connection_init", "payload": []}], 4400, id="list of init"),
        pytest.param(
            [{"type": "connection_init", "payload": {"authorization": 7}}], 4400, id="number"
        ),
    ],
)
async def test_a_connection_that_begins_wrong_is_closed(
    messages: list[Any], code: int, client: Client
) -> None:
    async with wired(client) as wire:
        for message in messages:
            await wire.send(message)
        assert await wire.closed() == code


@pytest.mark.parametrize(
    "message",
    [
        "not json",
        "[]",
        "null",
        "7",
        '"text"',
        b"\x01\x02",
        b"{}",
        {},
        {"type": "what"},
        {"type": 7},
        {"type": ["ping"]},
        {"id": "1"},
        {"type": "ping", "payload": "x"},
        {"type": "complete"},
        {"type": "subscribe", "payload": {"query": "{ __typename }"}},
        {"type": "subscribe", "id": "", "payload": {"query": "{ __typename }"}},
        {"type": "subscribe", "id": 1, "payload": {"query": "{ __typename }"}},
        {"type": "subscribe", "id": "1"},
        {"type": "subscribe", "id": "1", "payload": "x"},
        {"type": "subscribe", "id": "1", "payload": None},
        {"type": "subscribe", "id": "1", "payload": {}},
        {"type": "subscribe", "id": "1", "payload": {"query": 7}},
        {"type": "subscribe", "id": "1", "payload": {"query": "{a}", "variables": "x"}},
        {"type": "subscribe", "id": "1", "payload": {"query": "{a}", "operationName": 7}},
        {"type": "subscribe", "id": "1", "payload": {"query": "{a}", "extensions": []}},
    ],
    ids=repr,
)
async def test_what_is_no_message_closes_the_socket(message: Any, client: Client) -> None:
    async with signed_in(client) as wire:
        await wire.send(message)
        assert await wire.closed() == 4400
        assert wire.connection.close_reason
        assert wire.log == [{"type": "connection_ack"}]


async def test_an_id_is_taken_until_its_operation_ends(client: Client) -> None:
    async with signed_in(client) as wire:
        await wire.subscribe(FOLLOW, id_="编号" * 50)
        await wire.event()
        await wire.subscribe("{ __typename }", id_="编号" * 50)
        assert await wire.closed() == 4409


async def test_an_id_is_free_again_after_its_end(client: Client) -> None:
    async with signed_in(client) as wire:
        for query in ("{ __typename }", "{", "{ nope }", "{ __typename }"):
            await wire.subscribe(query)
            await wire.until(lambda message: message["type"] in {"complete", "error"})
        types = [message["type"] for message in wire.log]
    assert types == ["connection_ack", *("next", "complete"), "error", "error", "next", "complete"]


async def test_pings_are_answered_at_any_time_and_pongs_are_not(client: Client) -> None:
    async with wired(client) as wire:
        await wire.send({"type": "ping", "payload": {"x": 1}})
        assert await wire.next() == {"type": "pong"}
        await wire.init()
        await wire.send({"type": "pong"})
        await wire.send({"id": "unknown", "type": "complete"})
        await wire.send({"type": "ping"})
        assert await wire.next() == {"type": "pong"}


async def test_a_query_has_one_result_and_then_completes(client: Client) -> None:
    async with signed_in(client) as wire:
        await wire.subscribe("query ($n: Int) { tickets(first: $n) { edges { cursor } } }", n=2)
        first, last = await wire.next(), await wire.next()
        assert (first["id"], first["type"]) == ("1", "next")
        assert len(first["payload"]["data"]["tickets"]["edges"]) == 2
        assert last == {"id": "1", "type": "complete"}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription {", "GRAPHQL_VALIDATION_FAILED"),
        ("{ nope }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { nope }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { ticketChanged { kind } a: ticketChanged { kind } }",
         "GRAPHQL_VALIDATION_FAILED"),
        ('subscription { ticketChanged(where: {seq: {eq: "secret"}}) { kind } }',
         "BAD_USER_INPUT"),
        ("subscription { ticketChanged(where: {subject: {eq: null}}) { kind } }",
         "BAD_USER_INPUT"),
        ("{ " + "a { " * 40 + "}" * 41, "TOO_COMPLEX"),
        ("subscription { " + "a { " * 40 + "}" * 41, "TOO_COMPLEX"),
        ("subscription { ticketChanged { kind } } " + " " * 20_000, "TOO_COMPLEX"),
        ("fragment F on Query { __typename }", "BAD_USER_INPUT"),
        ("subscription { ticketChanged { ticket { issues(first: -1) { totalCount } } } }",
         "BAD_USER_INPUT"),
    ],
)  # fmt: skip
async def test_a_wrong_document_is_an_error_and_nothing_else(
    query: str, code: str, client: Client
) -> None:
    async with signed_in(client) as wire:
        await wire.subscribe(query)
        message = await wire.until(lambda message: message["type"] == "error")
        assert message["id"] == "1"
        assert {one["extensions"]["code"] for one in message["payload"]} == {code}
        assert "secret" not in json.dumps(message)
        await wire.send({"type": "ping"})
        assert await wire.next() == {"type": "pong"}


async def test_a_subscription_ends_when_the_client_completes_it(client: Client) -> None:
    async with signed_in(client) as wire:
        await wire.subscribe(FOLLOW)
        await wire.event()
        await wire.send({"id": "1", "type": "complete"})
        await wire.subscribe(FOLLOW)
        assert await wire.event() == {"kind": "RESYNC"}


async def test_operations_at_a_time_are_bounded(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "MOST_OPERATIONS", 2)
    async with signed_in(client) as wire:
        for id_ in ("1", "2"):
            await wire.subscribe(FOLLOW, id_=id_)
            await wire.event()
        await wire.subscribe(FOLLOW, id_="3")
        message = await wire.next()
        assert (message["id"], message["type"]) == ("3", "error")
        await wire.send({"id": "1", "type": "complete"})
        await wire.subscribe(FOLLOW, id_="3")
        assert await wire.event()


async def test_who_does_not_sign_in_is_closed(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "INIT_SECONDS", 0.05)
    async with wired(client) as wire:
        assert await wire.closed() == 4408


@pytest.mark.parametrize("protocols", [[], ["graphql-ws"], ["chat", "graphql-ws"]])
async def test_another_protocol_is_not_served(protocols: list[str], client: Client) -> None:
    async with wired(client, protocols=protocols) as wire:
        assert await wire.closed() == 4406


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:3000.evil"])
async def test_pages_elsewhere_open_no_socket(origin: str, client: Client) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with wired(client, origin=origin):
            pass
    assert refused.value.response.status_code == 403


async def test_pages_that_may_call_open_sockets(client: Client) -> None:
    own = str(client.http.base_url).rstrip("/")
    for origin in ("http://localhost:3000", own):
        async with wired(client, origin=origin) as wire:
            await wire.init()


async def test_a_message_that_is_too_large_closes_the_socket(client: Client) -> None:
    async with signed_in(client) as wire:
        await wire.send("x" * (2 << 20))
        assert await wire.closed() in {1009, 1006}


async def test_the_client_of_the_reference_implementation_is_served(client: Client) -> None:
    url = str(client.http.base_url.copy_with(scheme="ws")).rstrip("/")
    found = await asyncio.wait_for(run_node("client.mjs", f"{url}/graphql"), 30)
    assert found == {"viewer": "local", "event": "RESYNC", "error": "GRAPHQL_VALIDATION_FAILED"}
