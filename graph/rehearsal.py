"""What is asked most, asked once of nothing before anybody waits for it.

An engine may take fifty milliseconds to plan a question of a new shape, and two to answer it.
"""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import TypeVar

from graph.errors import ForbiddenError
from graph.naming import TOLD
from graph.ontology import askable
from graph.queries import Query
from graph.selection.asker import Asker
from graph.selection.walk import Start, Trail, Walk, compile_walk
from graph.store import Store
from graph.telling import STATES
from graph.vocabulary import Label

T = TypeVar("T")
_SLOT = "key0"
_NOTHING = ""
_AT_ONCE = 2


async def rehearse(store: Store, askers: Iterable[Asker], *, seconds: float) -> int:
    """Ask what these askers will ask most; returns how many shapes within ``seconds``.

    Raises:
        StalePolicyError: the policy is being replaced.
        UnavailableError: the graph does not answer.
    """
    shapes = {query.text: (asker, query) for asker in askers for query in _shapes(asker)}

    async def ask(shape: tuple[Asker, Query]) -> None:
        asker, query = shape
        await asker.select(store, query, **{_SLOT: _NOTHING})

    return await try_each(shapes.values(), ask, seconds=seconds)


async def try_each(
    things: Iterable[T], work: Callable[[T], Awaitable[object]], *, seconds: float
) -> int:
    """``work`` on each of ``things``, some at once, until ``seconds`` have passed; returns how many
    were done. Raises what ``work`` raises.
    """
    until = time.monotonic() + seconds
    rest = iter(things)
    done = 0

    async def some() -> None:
        nonlocal done
        for thing in rest:
            if time.monotonic() >= until:
                return
            await work(thing)
            done += 1

    await asyncio.gather(*(some() for _ in range(_AT_ONCE)))
    return done


def _shapes(asker: Asker) -> Iterator[Query]:
    for walk in itertools.chain(_states(), _values(), _ways()):
        try:
            yield compile_walk(walk, asker)
        except ForbiddenError:
            continue


def _states() -> Iterator[Walk]:
    """How far the order or ticket with a number is."""
    for one in askable():
        if (one.holder, one.property) in STATES:
            key, found_by = ("number_key", "number") if one.anchor is Label.ORDER else ("id", "id")
            start = Start(label=one.anchor, key=key, slot=_SLOT, found_by=(found_by,))
            yield Walk(label=one.anchor, trails=(_trail(start),), value=one)


def _values() -> Iterator[Walk]:
    """A value of a named node that people have words for."""
    for one in askable():
        if one.holder in TOLD and one.common:
            yield Walk(label=one.anchor, trails=(_trail(_named(one.anchor)),), value=one)


def _ways() -> Iterator[Walk]:
    """Where a relationship that people have words for leads from a named node."""
    for one in askable():
        if one.common and one.property is None and one.target and one.anchor in TOLD:
            start = _named(one.anchor)
            trail = Trail(label=one.anchor, start=start, steps=(one,))
            yield Walk(label=one.target, trails=(trail,))


def _named(label: Label) -> Start:
    return Start(label=label, key="id", slot=_SLOT)


def _trail(start: Start) -> Trail:
    return Trail(label=start.label, start=start, steps=())
