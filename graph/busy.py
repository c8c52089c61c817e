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


@dataclass(kw_only=True, slots=True)
class _Count:
    """Of one department, by agent; ``at`` is monotonic."""

    at: float
    open: dict[str, int]


class Busy:
    """Counts by department, taken one at a time: all of them at once would hold up whatever else
    is asked. For one event loop.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._counts: dict[str, _Count] = {}
        self._takers: dict[str, asyncio.Task[None]] = {}
        self._turn = asyncio.Lock()

    async def open(self, department: str) -> Mapping[str, int]:
        """The open tickets of a department by agent; agents without any are not there.

        Raises:
            UnavailableError: the graph does not answer.
        """
        count = self._counts.get(department)
        age = time.monotonic() - count.at if count else _GOOD_SECONDS
        if age >= _FRESH_SECONDS:
            taker = self._takers.get(department)
            if taker is None:
                taker = self._takers[department] = asyncio.create_task(self._take(department))
                taker.add_done_callback(_seen)
            if age >= _GOOD_SECONDS:
                await asyncio.shield(taker)
        return self._counts[department].open

    def took(self, department: str, agent: str) -> None:
        """Count a ticket that was just given to ``agent``."""
        if count := self._counts.get(department):
            count.open[agent] = count.open.get(agent, 0) + 1

    async def close(self) -> None:
        """Stop counting."""
        takers = list(self._takers.values())
        for taker in takers:
            taker.cancel()
        await asyncio.gather(*takers, return_exceptions=True)

    async def _take(self, department: str) -> None:
        try:
            async with self._turn:
                rows = await self._store.read("staff-open", department=department, states=OPEN)
        finally:
            del self._takers[department]
        counts = {row["agent"]: row["count"] for row in rows}
        self._counts[department] = _Count(at=time.monotonic(), open=counts)


def _seen(taker: asyncio.Task[None]) -> None:
    """Nobody may have waited: who needs the count next asks again, and is told then."""
    if not taker.cancelled():
        taker.exception()
