"""How many tickets each agent has open, as of some seconds ago, and our own choices since."""

from collections.abc import Mapping

from graph.remembered import Remembered
from graph.states import OPEN
from graph.store import Store

_FRESH_SECONDS, _GOOD_SECONDS = 3.0, 10.0


class Busy:
    """Counts of all agents, taken together: an agent may work for several departments. For one
    event loop.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._counts = Remembered(_counted, fresh=_FRESH_SECONDS, good=_GOOD_SECONDS)

    async def open(self) -> Mapping[str, int]:
        """The open tickets by agent; agents without any are not there.

        Raises:
            UnavailableError: the graph does not answer.
        """
        return await self._counts.of(self._store)

    def took(self, agent: str) -> None:
        """Count a ticket that was just given to ``agent``."""
        counts = self._counts.known(self._store)
        if counts is not None:
            counts[agent] = counts.get(agent, 0) + 1


async def _counted(store: Store) -> dict[str, int]:
    rows = await store.read("staff-open", states=OPEN)
    return {row["agent"]: row["count"] for row in rows}
