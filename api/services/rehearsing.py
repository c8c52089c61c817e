"""What a server tries before it is ready: nobody waits while an engine plans and compiles."""

import itertools
import logging
import time
from collections.abc import Iterator

from api.bootstrap import Platform
from api.services.route import preview_route
from graph.errors import GraphError
from graph.model import Actor
from graph.rehearsal import rehearse as ask_of_nothing
from graph.rehearsal import try_each
from graph.selection.asker import asker_of
from policies.text import ROLES

log = logging.getLogger("deskgraph.rehearsal")
_SECONDS = 5.0
_PREVIEWS = 200


async def rehearse(platform: Platform) -> None:
    """Preview what people write about the issues, and ask what they will ask most, within some
    seconds. Writes nothing, and never fails.
    """
    started = time.monotonic()
    actors = [Actor(id="", roles=frozenset({role})) for role in ROLES]
    askers = [asker_of(platform.rights(actor), actor) for actor in actors]
    try:
        previews = await _preview(platform, seconds=_SECONDS / 2)
        rest = _SECONDS - (time.monotonic() - started)
        shapes = await ask_of_nothing(platform.store, askers, seconds=rest)
    except GraphError as error:
        log.warning("rehearsal left: %s", error.code)
    except Exception:
        # A defect in one route is no reason to answer nobody.
        log.exception("rehearsal left")
    else:
        took = time.monotonic() - started
        log.info("rehearsed %d previews and %d shapes in %.1f s", previews, shapes, took)


async def _preview(platform: Platform, *, seconds: float) -> int:
    actor = Actor(id="", roles=frozenset({"service"}))
    texts = itertools.islice(_examples(platform), _PREVIEWS)
    return await try_each(texts, lambda text: preview_route(platform, actor, text), seconds=seconds)


def _examples(platform: Platform) -> Iterator[str]:
    """The first of each issue, then the second: of all issues, however short the time is."""
    rounds = itertools.zip_longest(
        *(name.examples for name in platform.extractor.knowledge.names.values())
    )
    return (text for some in rounds for text in some if text)
