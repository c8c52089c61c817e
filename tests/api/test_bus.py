"""Several processes tell each other what changed, over a real Redis that also goes away."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from api.bootstrap import Platform
from api.bus import RELOAD, Changes, LocalBus, changed
from api.redisbus import CHANNEL, RedisBus
from api.settings import SettingsError, read_settings
from tests.api.conftest import Client, serving
from tests.api.test_following import FOLLOW, RESYNC, begun
from tests.api.wire import signed_in
from tests.redis_server import RedisServer

SECONDS = 10.0


class Heard:
    """What a bus tells."""

    def __init__(self, bus: LocalBus) -> None:
        self._queue: asyncio.Queue[Changes] = asyncio.Queue()
        bus.listen(self._queue.put_nowait)

    async def next(self) -> Changes:
        return await asyncio.wait_for(self._queue.get(), SECONDS)

    @property
    def silent(self) -> bool:
        return self._queue.empty()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.stop()


@asynccontextmanager
async def bus_of(server: RedisServer) -> AsyncIterator[RedisBus]:
    bus = RedisBus(server.url)
    try:
        await asyncio.wait_for(bus.hearing(), SECONDS)
        yield bus
    finally:
        await bus.close()


async def test_one_process_hears_itself_until_it_no_longer_listens() -> None:
    bus, found = LocalBus(), list[Changes]()
    stop = bus.listen(found.append)
    await bus.announce(changed(["T-1", "T-2", "T-1"]))
    await bus.announce(changed(f"T-{number}" for number in range(5_000)))
    stop()
    await bus.announce(RELOAD)
    assert found == [Changes(tickets=("T-1", "T-2")), RELOAD]


async def test_processes_hear_each_other_and_ids_are_all_that_travels(redis: RedisServer) -> None:
    async with bus_of(redis) as one, bus_of(redis) as two:
        first, second = Heard(one), Heard(two)
        async with Redis.from_url(redis.url) as plain, plain.pubsub() as wire:
            await wire.subscribe(f"{CHANNEL}.3")
            await one.announce(changed(["T-1"]))
            assert await first.next() == await second.next() == Changes(tickets=("T-1",))
            while (message := await wire.get_message(timeout=SECONDS))["type"] != "message":
                pass
            assert message["data"] == b'{"tickets":["T-1"],"reload":false}'
            for garbage in (b"{", b"[]", b'{"tickets": 7}'):
                await plain.publish(f"{CHANNEL}.3", garbage)
                assert await first.next() == RELOAD
        assert first.silent


async def test_a_redis_that_was_away_makes_everybody_load(redis: RedisServer) -> None:
    async with bus_of(redis) as one, bus_of(redis) as two:
        first, second = Heard(one), Heard(two)
        redis.stop()
        await one.announce(changed(["T-1"]))
        assert await first.next() == Changes(tickets=("T-1",))
        assert second.silent
        redis.start()
        assert await first.next() == RELOAD
        assert await second.next() == RELOAD
        await asyncio.wait_for(one.hearing(), SECONDS)
        await asyncio.wait_for(two.hearing(), SECONDS)
        await two.announce(changed(["T-2"]))
        while await first.next() != Changes(tickets=("T-2",)):
            pass


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"DESKGRAPH_WORKERS": "2"}, "DESKGRAPH_REDIS_URL is empty"),
        ({"DESKGRAPH_WORKERS": "0"}, "DESKGRAPH_WORKERS is '0'"),
        ({"DESKGRAPH_REDIS_URL": "http://x"}, "redis://HOST:PORT/NUMBER"),
    ],
)
def test_several_workers_without_redis_are_refused(given: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(says)):
        read_settings(given)
    assert read_settings({"DESKGRAPH_WORKERS": "2", "DESKGRAPH_REDIS_URL": "redis://localhost/1"})


async def test_two_servers_over_one_graph_tell_each_other(
    platform: Platform, redis: RedisServer
) -> None:
    async with bus_of(redis) as near, bus_of(redis) as far:
        here, there = replace(platform, bus=near), replace(platform, bus=far)
        async with (
            serving(platform.settings, here) as writing,
            serving(platform.settings, there) as reading,
            signed_in(reading) as wire,
        ):
            await begun(wire)
            made = await create(writing, "bus-1")
            assert (await wire.event())["ticketId"] == made
            redis.stop()
            assert await create(writing, "bus-2")
            assert await wire.silent()
            redis.start()
            assert await wire.event(SECONDS) == RESYNC


async def create(client: Client, key: str) -> Any:
    made = await client.data(
        """mutation ($input: CreateTicketInput!) { createTicket(input: $input) {
        ticket { id } } }""",
        input={"text": "My fridge is too warm", "idempotencyKey": key},
    )
    return made["createTicket"]["ticket"]["id"]


async def test_workers_of_one_command_serve_one_graph(
    neo4j_platform: Platform, redis: RedisServer, tmp_path: Path
) -> None:
    settings = neo4j_platform.settings
    names = ("graph_url", "graph_user", "graph_password", "master_key_file", "models")
    given = {f"DESKGRAPH_{name.upper()}": str(getattr(settings, name)) for name in names}
    environment = {**os.environ, **given, "DESKGRAPH_REDIS_URL": redis.url}
    command = Path(sys.executable).with_name("deskgraph")
    process = await asyncio.create_subprocess_exec(
        *(str(command), "serve", "--workers", "2", "--port", "0"),
        cwd=tmp_path,
        env=environment,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stderr is not None
        url = re.search(r"http://127.0.0.1:\d+", (await process.stderr.readline()).decode())
        assert url
        async with (
            httpx.AsyncClient(base_url=url[0], timeout=60) as http,
            bus_of(redis) as bus,
        ):
            await http.get("/readyz")
            await _serve_both(Client(http, settings), bus)
    finally:
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 2 * SECONDS) == 0


async def _serve_both(client: Client, bus: RedisBus) -> None:
    """Each of several sockets hears of what is loaded and written, whichever worker has it."""
    async with (
        signed_in(client) as one,
        signed_in(client) as two,
        signed_in(client) as three,
        signed_in(client) as four,
    ):
        wires = (one, two, three, four)
        for wire in wires:
            await begun(wire, FOLLOW)
        await bus.announce(RELOAD)
        for wire in wires:
            assert await wire.event(SECONDS) == RESYNC
        made = await create(client, "workers")
        for wire in wires:
            event = await wire.until(
                lambda one: one["payload"]["data"]["ticketChanged"]["kind"] == "CHANGED", SECONDS
            )
            assert event["payload"]["data"]["ticketChanged"]["ticketId"] == made
