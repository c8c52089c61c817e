"""How many tickets each agent has open, as of some seconds ago, and our own choices since."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass

from graph.states import OPEN
from graph.store import Store

_FRESH_SECONDS, _GOOD_SECONDS = 3.0, 10.0
"""A count is taken anew behind the back of whoever needs it when it is no longer fresh; when it is
no longer good they wait for it.
"""
_RESTS = 50.0
"""A count stays fresh for this many times as long as it took: a long list of open tickets must not
keep a graph counting.
"""


@dataclass(kw_only=True, slots=True)
class _Count:
    """By agent. ``at`` is monotonic, ``fresh`` in seconds from there."""

    at: float
    fresh: float
    open: dict[str, int]


class Busy:
    """Counts of all agents, taken together: an agent may work for several departments. For one
    event loop.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._count: _Count | None = None
        self._taker: asyncio.Task[_Count] | None = None

    async def open(self) -> Mapping[str, int]:
        """The open tickets by agent; agents without any are not there.

        Raises:
            UnavailableError: the graph does not answer.
        """
        count = self._count
        age = time.monotonic() - count.at if count else 0.0
        if count and age < count.fresh:
            return count.open
        if self._taker is None:
            self._taker = asyncio.create_task(self._take())
            self._taker.add_done_callback(_seen)
        if count and age < count.fresh + _GOOD_SECONDS - _FRESH_SECONDS:
            return count.open
        return (await asyncio.shield(self._taker)).open

    def took(self, agent: str) -> None:
        """Count a ticket that was just given to ``agent``."""
        if count := self._count:
            count.open[agent] = count.open.get(agent, 0) + 1

    async def close(self) -> None:
        """Stop counting."""
        if taker := self._taker:
            taker.cancel()
            await asyncio.gather(taker, return_exceptions=True)

    async def _take(self) -> _Count:
        started = time.monotonic()
        try:
            rows = await self._store.read("staff-open", states=OPEN)
        finally:
            self._taker = None
        now = time.monotonic()
        fresh = max(_FRESH_SECONDS, _RESTS * (now - started))
        counts = {row["agent"]: row["count"] for row in rows}
        self._count = _Count(at=now, fresh=fresh, open=counts)
        return self._count


def _seen(taker: "asyncio.Task[_Count]") -> None:
    """Nobody may have waited: who needs the count next asks again, and is told then."""
    if not taker.cancelled():
        taker.exception()
