"""The policy replaced under load: no page is served under one that was replaced before it began."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, field, replace
from typing import Any

import httpx

from api.bearer import issue_token
from api.bootstrap import Platform, open_platform
from api.cli.running import actor_with
from api.services.seeding import load_files
from api.signin import local_actor
from graph.policy import Draft, save_policy
from policies.policy import shipped_policy
from seed.plain import SAMPLE
from tests.bench.engines import Ground
from tests.bench.server import serving
from tests.bench.value import Value

CHANGES, PAGES = 200, 10_000
_SERVERS, _CLIENTS = 2, 4
_TICKETS = 300
_SECRET = "for benchmarks only, " * 2
_PAGE = "{ tickets(first: 5) { edges { node { id subject } } } }"
_DENIED = "p, 10, role:agent, Ticket.subject, read, any, none, deny\n"


@dataclass(kw_only=True)
class _Load:
    """What was committed last, and what the pages said. ``more`` is set by every page."""

    more: asyncio.Event = field(default_factory=asyncio.Event)
    shown: bool = True
    changes: int = 0
    moves: int = 0
    pages: int = 0
    stale: int = 0


async def policy(ground: Ground) -> AsyncIterator[Value]:
    """Pages of two servers over one graph that still followed a replaced policy."""
    history = ground.history(_TICKETS, random_seed=3)
    actor = actor_with(("admin", "service"))
    load = _Load()
    async with open_platform(ground.settings()) as platform:
        await load_files(platform, actor, SAMPLE)
        await load_files(platform, actor, history)
        settings = replace(ground.settings(), token_secret=_SECRET)
        agent = local_actor(("agent",), name="a-1", department_ids=frozenset({"field-service"}))
        headers = {"authorization": f"Bearer {issue_token(agent, settings, seconds=3_600)}"}
        with ExitStack() as servers:
            urls = [
                servers.enter_context(serving(ground, DESKGRAPH_TOKEN_SECRET=_SECRET)).url
                for _ in range(_SERVERS)
            ]
            async with AsyncExitStack() as clients:
                every = [
                    await clients.enter_async_context(
                        httpx.AsyncClient(base_url=url, headers=headers, timeout=30)
                    )
                    for url in urls
                    for _ in range(_CLIENTS)
                ]
                await asyncio.gather(_change(platform, load), *(_ask(one, load) for one in every))
    note = f"{load.changes} changes"
    yield Value(
        name="policy_stale", value=load.stale, rows=load.pages, concurrency=len(every), note=note
    )


async def _change(platform: Platform, load: _Load) -> None:
    """Replace the policy each time so many more pages were served."""
    for number in range(1, CHANGES + 1):
        while load.pages < number * PAGES // (CHANGES + 1):
            load.more.clear()
            await load.more.wait()
        shown = not load.shown
        text = shipped_policy() + ("" if shown else _DENIED)
        load.moves += 1
        await save_policy(platform.store, Draft(text=text, author="bench", reason=str(number)))
        load.shown, load.changes = shown, number
        load.moves += 1


async def _ask(client: httpx.AsyncClient, load: _Load) -> None:
    while load.pages < PAGES:
        began, shown = load.moves, load.shown
        response = await client.post("/graphql", json={"query": _PAGE})
        seen = _subjects(response.json())
        load.pages += 1
        load.more.set()
        # A page during which the policy was replaced may follow either.
        load.stale += load.moves == began and began % 2 == 0 and seen is not shown


def _subjects(body: dict[str, Any]) -> bool | None:
    """Whether a page shows subjects; ``None`` if it is no page."""
    if body.get("errors") or not body["data"]["tickets"]["edges"]:
        raise RuntimeError(f"no page: {body}")
    subjects = [edge["node"]["subject"] for edge in body["data"]["tickets"]["edges"]]
    if any(subjects) is not all(subjects):
        return None
    return all(subjects)
