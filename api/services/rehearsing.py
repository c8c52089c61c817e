"""What a server tries before it is ready: nobody waits while an engine plans and compiles."""

import asyncio
import itertools
import logging
import time
from collections.abc import Iterator

from api.bootstrap import Platform
from api.services.route import preview_route
from graph.errors import GraphError
from graph.model import Actor
from graph.rehearsal import rehearse as ask_of_nothing
from graph.selection.asker import asker_of
from policies.text import ROLES

log = logging.getLogger("deskgraph.rehearsal")
_SECONDS = 5.0
_PREVIEWS = 200
_AT_ONCE = 2


async def rehearse(platform: Platform) -> None:
    """Preview what people write about the issues, and ask what they will ask most, within some
    seconds. Writes nothing, and never fails.
    """
    started = time.monotonic()
    actors = [Actor(id="", roles=frozenset({role})) for role in ROLES]
    askers = [asker_of(platform.rights(actor), actor) for actor in actors]
    try:
        previews = await _preview(platform, until=started + _SECONDS / 2)
        rest = _SECONDS - (time.monotonic() - started)
        shapes = await ask_of_nothing(platform.store, askers, seconds=rest)
    except GraphError as error:
        log.warning("rehearsal left: %s", error.code)
    else:
        took = time.monotonic() - started
        log.info("rehearsed %d previews and %d shapes in %.1f s", previews, shapes, took)


async def _preview(platform: Platform, *, until: float) -> int:
    texts = itertools.islice(_examples(platform), _PREVIEWS)
    actor = Actor(id="", roles=frozenset({"service"}))
    done = 0

    async def some() -> None:
        nonlocal done
        for text in texts:
            if time.monotonic() >= until:
                return
            await preview_route(platform, actor, text)
            done += 1

    await asyncio.gather(*(some() for _ in range(_AT_ONCE)))
    return done


def _examples(platform: Platform) -> Iterator[str]:
    """The first of each issue, then the second: of all issues, however short the time is."""
    rounds = itertools.zip_longest(
        *(name.examples for name in platform.extractor.knowledge.names.values())
    )
    return (text for some in rounds for text in some if text)
