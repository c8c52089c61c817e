"""A live board: 200 sockets in five groups, every event read again once per group."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace

import httpx
import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from api.bearer import issue_token
from api.bootstrap import open_platform
from api.bus import changed
from api.cli.running import actor_with
from api.globalid import from_global
from api.live.message import PROTOCOL
from api.redisbus import RedisBus
from api.services.seeding import load_files
from seed.plain import SAMPLE
from tests.bench.engines import Ground
from tests.bench.server import Server, serving
from tests.bench.value import Value
from tests.redis_server import RedisServer

TICKETS = 5_000
SOCKETS, GROUPS = 200, 5
EVENTS, WARM = 100, 20
_SECRET = "for benchmarks only, " * 2
_FOLLOW = """subscription ($from: Long) { ticketChanged(where: {seq: {gte: $from}}) {
  kind ticketId ticket { id state subject createdAt version
    customer { id name } department { id nameZh nameEn } } } }"""
_NEWEST = "{ tickets(first: 100) { edges { node { id } } } }"


async def board(ground: Ground) -> AsyncIterator[Value]:
    """CPU of the server per event and socket; events come as other processes announce them."""
    history = ground.history(TICKETS, random_seed=3)
    actor = actor_with(("admin", "service"))
    async with open_platform(ground.settings()) as platform:
        await load_files(platform, actor, SAMPLE)
        await load_files(platform, actor, history)
    settings = replace(ground.settings(), token_secret=_SECRET)
    token = issue_token(actor_with(("service",)), settings, seconds=3_600)
    redis = RedisServer(ground.folder)
    redis.start()
    more = {"DESKGRAPH_REDIS_URL": redis.url, "DESKGRAPH_TOKEN_SECRET": _SECRET}
    try:
        with serving(ground, **more) as server:
            yield await _measured(server, f"Bearer {token}", redis.url)
    finally:
        redis.stop()


async def _measured(server: Server, token: str, url: str) -> Value:
    async with httpx.AsyncClient(base_url=server.url, headers={"authorization": token}) as http:
        found = (await http.post("/graphql", json={"query": _NEWEST})).json()
    named = [from_global(edge["node"]["id"]) for edge in found["data"]["tickets"]["edges"]]
    ids = [one[1] for one in named if one]
    bus = RedisBus(url)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(bus.close)
        await bus.hearing()
        sockets = [await stack.enter_async_context(_socket(server)) for _ in range(SOCKETS)]
        await asyncio.gather(*(_begin(one, n % GROUPS, token) for n, one in enumerate(sockets)))
        took: list[float] = []
        before = 0.0
        for number in range(WARM + EVENTS):
            if number == WARM:
                before = server.cpu_seconds()
            began = time.perf_counter()
            await bus.announce(changed([ids[number % len(ids)]]))
            frames = await asyncio.gather(*(one.recv() for one in sockets))
            took.append((time.perf_counter() - began) * 1000)
            if not all('"CHANGED"' in str(frame) for frame in frames):
                raise RuntimeError("not every socket was told")
        used = server.cpu_seconds() - before
    middle = sorted(took[WARM:])[EVENTS // 2]
    return Value(
        name="board_cpu",
        value=used * 1000 / (EVENTS * SOCKETS),
        rows=TICKETS,
        concurrency=SOCKETS,
        note=f"{GROUPS} groups, {len(str(frames[0]))} bytes, all told within {middle:.0f} ms (p50)",
    )


def _socket(server: Server) -> connect:
    url = server.url.replace("http", "ws", 1)
    return connect(
        f"{url}/graphql", subprotocols=[Subprotocol(PROTOCOL)], compression=None, proxy=None
    )


async def _begin(socket: ClientConnection, group: int, token: str) -> None:
    init = {"type": "connection_init", "payload": {"authorization": token}}
    follow = {"query": _FOLLOW, "variables": {"from": group}}
    for message in (init, {"id": "1", "type": "subscribe", "payload": follow}):
        await socket.send(orjson.dumps(message).decode())
        await socket.recv()
