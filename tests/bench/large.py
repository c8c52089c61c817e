"""A desk with 200,000 tickets: routes and answers over HTTP, eight clients at once."""

import asyncio
from collections.abc import AsyncIterator

from api.bootstrap import open_platform
from api.cli.running import actor_with
from api.services.seeding import load_files
from api.services.train import train
from seed.history import generate
from seed.plain import SAMPLE, company_rows
from tests.bench.desk import questions
from tests.bench.engines import Ground
from tests.bench.load import together
from tests.bench.server import percentiles, serving
from tests.bench.value import Value

TICKETS, LEARNED = 200_000, 5_000
_CLIENTS = 8
_TRIED, _WARM = 1_600, 400
_ROUTE = """query ($text: String!) { previewRoute(text: $text) {
  confidence margin reason department { id nameEn } candidates { score contributions { points } }
  counterfactuals { relationship confidence } words { en } } }"""
_ASK = """query ($question: String!) { ask(question: $question) {
  answer kind confidence citations { id label path excerpt } handover } }"""


async def large(ground: Ground) -> AsyncIterator[Value]:
    """Learned from the first tickets only: what training costs is measured elsewhere."""
    actor = actor_with(("admin", "service"))
    rows = company_rows()
    async with open_platform(ground.settings()) as platform:
        await load_files(platform, actor, SAMPLE)
        await load_files(platform, actor, ground.history(LEARNED, random_seed=7))
        await train(platform, actor)
        await load_files(platform, actor, ground.history(TICKETS, random_seed=7))
    texts = [row["text"] for row in generate(rows, tickets=_TRIED + _WARM, random_seed=13)]
    asked = questions(rows)
    repeated = [asked[place % len(asked)] for place in range(_TRIED + _WARM)]
    with serving(ground) as server:
        for name, query, given in (
            ("large_route", _ROUTE, [{"text": one} for one in texts]),
            ("large_ask", _ASK, [{"question": one} for one in repeated]),
        ):
            load = await asyncio.to_thread(
                together, server.url, query, given, clients=_CLIENTS, warm=_WARM
            )
            p50, p99 = percentiles(load.times)
            rows_ = len(load.times)
            yield Value(name=f"{name}_p50", value=p50, rows=rows_, concurrency=_CLIENTS)
            yield Value(name=f"{name}_p99", value=p99, rows=rows_, concurrency=_CLIENTS)
