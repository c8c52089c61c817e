"""kill -9 of the server and of the graph while tickets arrive: what was acknowledged stays, whole.

Clients retry with the same idempotency key until they are told an id, as the API asks of them.
"""

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, suppress
from typing import Any

import httpx

from api.bootstrap import open_platform
from api.cli.running import actor_with
from api.services.seeding import load_files
from graph.queries import Mode, Query
from seed.plain import SAMPLE
from tests.bench.engines import Ground
from tests.bench.server import Server, serving
from tests.bench.value import Value

ROUNDS = 20
_CLIENTS = 8
_MUTATION = """
mutation Create($text: String!, $key: String!) {
  createTicket(input: {text: $text, idempotencyKey: $key}) { ticketId userErrors { code } }
}
"""
_WHOLE = Query(
    name="whole",
    mode=Mode.READ,
    parameters=frozenset(),
    text="""
MATCH (ticket:Ticket)
OPTIONAL MATCH (ticket)-[:HAS_MESSAGE]->(message:Message)
OPTIONAL MATCH (ticket)-[:ROUTED_BY]->(route:Route)
OPTIONAL MATCH (ticket)-[:ASSIGNED_TO]->(department:Department)
OPTIONAL MATCH (request:Request {result_id: ticket.id})
RETURN ticket.id AS id, request.id AS request, count(DISTINCT message) AS messages,
       count(DISTINCT route) AS routes, count(DISTINCT department) AS departments
""",
)


async def kill(ground: Ground) -> AsyncIterator[Value]:
    """Half of the rounds kill the server; the others the embedded graph, where there is one."""
    async with open_platform(ground.settings()) as platform:
        await load_files(platform, actor_with(("admin",)), SAMPLE)
    chance = random.Random(3)
    promised: dict[str, str] = {}
    with ExitStack() as servers:
        server = servers.enter_context(serving(ground))
        for place in range(ROUNDS):
            waiting = await _round(ground, server, promised, place, chance=chance)
            server = servers.enter_context(serving(ground))
            await _retry(server.url, waiting, promised)
    async with open_platform(ground.settings()) as platform:
        rows = await platform.store.read(_WHOLE)
    found = {row["id"] for row in rows}
    requests = Counter(row["request"] for row in rows)
    half = [
        row for row in rows if (row["messages"], row["routes"], row["departments"]) != (1, 1, 1)
    ]
    note = f"{len(promised)} acknowledged, {len(rows)} in the graph"
    lost = [id_ for id_ in promised.values() if id_ not in found]
    twice = sum(count - 1 for request, count in requests.items() if request)
    stray = sum(row["request"] is None for row in rows)
    yield Value(name="killed_lost", value=len(lost), rows=len(promised), note=note)
    yield Value(name="killed_half", value=len(half) + stray, rows=len(rows))
    yield Value(name="killed_duplicates", value=twice, rows=len(rows))


async def _round(
    ground: Ground,
    server: Server,
    promised: dict[str, str],
    place: int,
    *,
    chance: random.Random,
) -> set[str]:
    """The keys of requests that nobody was told an id for."""
    stop = asyncio.Event()
    waiting: set[str] = set()
    clients = [
        asyncio.create_task(_client(server.url, f"{place}-{number}", promised, waiting, stop))
        for number in range(_CLIENTS)
    ]
    await asyncio.sleep(chance.uniform(0.3, 1.2))
    if place % 2 and (process := ground.graph_process()):
        os.kill(process, signal.SIGKILL)
        await asyncio.sleep(chance.uniform(2.0, 4.0))
        server.kill()
    else:
        server.kill()
    stop.set()
    await asyncio.gather(*clients)
    return waiting


async def _client(
    url: str, name: str, promised: dict[str, str], waiting: set[str], stop: asyncio.Event
) -> None:
    async with httpx.AsyncClient(base_url=url, timeout=10) as client:
        number = 0
        while not stop.is_set():
            key = f"{name}-{number}"
            waiting.add(key)
            with suppress(httpx.TransportError):
                if id_ := await _create(client, key):
                    promised[key] = id_
                    waiting.discard(key)
                    number += 1


async def _retry(url: str, waiting: set[str], promised: dict[str, str]) -> None:
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        for key in sorted(waiting):
            for _ in range(20):
                if id_ := await _create(client, key):
                    promised[key] = id_
                    break
                await asyncio.sleep(0.2)


async def _create(client: httpx.AsyncClient, key: str) -> str | None:
    variables: Mapping[str, Any] = {"text": f"空调不制冷 the AC is warm {key}", "key": key}
    body = {"query": _MUTATION, "variables": variables}
    answer = (await client.post("/graphql", json=body)).json()
    made = (answer.get("data") or {}).get("createTicket") or {}
    id_: str | None = made.get("ticketId")
    return id_
