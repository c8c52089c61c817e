"""A desk with 50,000 tickets: bulk load, ingest, routes and answers over HTTP, memory."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from typing import Any

from api.bootstrap import Platform, open_platform
from api.cli.running import actor_with
from api.services.ingest import NewMessage, ingest
from api.services.seeding import load_files
from api.services.train import train
from graph.model import Actor
from seed.history import generate
from seed.plain import SAMPLE, company_rows
from tests.bench.engines import Ground, resident_mb
from tests.bench.server import percentiles, serving, timed
from tests.bench.value import Value

TICKETS = 50_000
_TRIED = 400
_WARM = 100
_WARM_INGEST = 500
"""A rate that lasts: Java compiles what it runs during the first hundreds."""
_INGESTED = 3_000
_CONCURRENT = 8
_CREATE = """
mutation Create($text: String!, $key: String!) {
  createTicket(input: {text: $text, idempotencyKey: $key}) {
    ticketId
    userErrors { code }
    route { confidence department { id } candidates { score contributions { points } } }
  }
}
"""
_ASK = """
query Ask($question: String!) {
  ask(question: $question) { answer kind confidence citations { id label path excerpt } handover }
}
"""


async def desk(ground: Ground) -> AsyncIterator[Value]:
    """All figures that need a filled graph, on one and the same."""
    actor = actor_with(("admin", "service"))
    rows = company_rows()
    async with open_platform(ground.settings()) as platform:
        yield await _bulk(platform, actor, ground)
        await train(platform, actor)
        yield await _ingest(platform, actor, rows)
        async for value in _over_http(ground, rows):
            yield value


async def _bulk(platform: Platform, actor: Actor, ground: Ground) -> Value:
    await load_files(platform, actor, SAMPLE)
    history = ground.history(TICKETS, random_seed=7)
    started = time.perf_counter()
    await load_files(platform, actor, history)
    seconds = time.perf_counter() - started
    return Value(name="bulk_load", value=TICKETS / seconds, rows=TICKETS)


async def _ingest(platform: Platform, actor: Actor, rows: dict[str, list[dict[str, Any]]]) -> Value:
    texts = [
        row["text"] for row in generate(rows, tickets=_INGESTED + _WARM_INGEST, random_seed=11)
    ]
    places = iter(enumerate(texts))

    async def worker(limit: int) -> None:
        for place, text in itertools.islice(places, limit):
            await ingest(platform, actor, NewMessage(text=text, idempotency_key=f"bench-{place}"))

    async def run(count: int) -> float:
        started = time.perf_counter()
        await asyncio.gather(*(worker(count // _CONCURRENT) for _ in range(_CONCURRENT)))
        return time.perf_counter() - started

    await run(_WARM_INGEST)
    done = _INGESTED // _CONCURRENT * _CONCURRENT
    seconds = await run(_INGESTED)
    return Value(name="ingest", value=done / seconds, rows=done, concurrency=_CONCURRENT)


async def _over_http(ground: Ground, rows: dict[str, list[dict[str, Any]]]) -> AsyncIterator[Value]:
    texts = [row["text"] for row in generate(rows, tickets=_TRIED + _WARM, random_seed=13)]
    creations = [{"text": text, "key": f"http-{at}"} for at, text in enumerate(texts)]
    asked = [{"question": one} for one in questions(rows)]
    with serving(ground) as server:
        routed = await asyncio.to_thread(timed, server.url, _CREATE, creations, warm=_WARM)
        answered = await asyncio.to_thread(timed, server.url, _ASK, asked, warm=_WARM)
        for name, times in (("route", routed), ("ask", answered)):
            p50, p99 = percentiles(times)
            yield Value(name=f"{name}_p50", value=p50, rows=len(times))
            yield Value(name=f"{name}_p99", value=p99, rows=len(times))
        yield Value(name="server_memory", value=resident_mb(server.process.pid))
        if process := ground.graph_process():
            yield Value(name="graph_memory", value=resident_mb(process))


def questions(rows: dict[str, list[dict[str, Any]]]) -> list[str]:
    """How-to, catalogue and order questions in turn, in both languages, none twice in a row."""
    asked = [
        *(text for issue in rows["issues"] for text in issue.get("examples_zh") or ()),
        *(text for issue in rows["issues"] for text in issue.get("examples_en") or ()),
        *(f"{product['name_zh']}多少钱？" for product in rows["products"]),
        *(f"How long is the warranty of {one['name_en']}?" for one in rows["products"]),
        *(f"{issue['name_zh']}归哪个部门管？" for issue in rows["issues"]),
        *(f"What is the status of order {one['number']}?" for one in rows["orders"][:100]),
    ]
    step = 7  # coprime to the length, so that kinds and languages mix
    while len(asked) % step == 0:
        asked.pop()
    return [asked[place * step % len(asked)] for place in range(_TRIED + _WARM)]
