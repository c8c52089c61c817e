"""What a reading of the graph told, kept for a while: read once for all who need it, and mostly
behind their backs.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from graph.store import Store

T = TypeVar("T")
_RESTS = 50.0
"""What was read stays fresh for this many times as long as it took: a graph must not be kept busy
by what changes faster than it can be read.
"""
_readers: WeakKeyDictionary[Store, "set[asyncio.Task[Any]]"] = WeakKeyDictionary()


@dataclass(kw_only=True, slots=True)
class _Known(Generic[T]):
    """``at`` is monotonic; ``fresh`` and ``good`` are seconds from there."""

    value: T
    at: float
    fresh: float
    good: float


class Remembered(Generic[T]):
    """What ``read`` tells of each graph. It is read again when it is no longer ``fresh`` (seconds);
    whoever needs it waits for that only when it is no longer ``good``.
    """

    def __init__(self, read: Callable[[Store], Awaitable[T]], *, fresh: float, good: float) -> None:
        self._read, self._fresh, self._good = read, fresh, good
        self._known: WeakKeyDictionary[Store, _Known[T]] = WeakKeyDictionary()
        self._reading: WeakKeyDictionary[Store, asyncio.Task[T]] = WeakKeyDictionary()

    async def of(self, store: Store) -> T:
        """As of some seconds ago.

        Raises:
            UnavailableError: the graph does not answer, and what is known is no longer good.
        """
        known = self._known.get(store)
        age = time.monotonic() - known.at if known else 0.0
        if known and age < known.fresh:
            return known.value
        task = self._reading.get(store)
        if task is None or task.done():
            task = self._reading[store] = asyncio.create_task(self._again(store))
            _readers.setdefault(store, set()).add(task)
            task.add_done_callback(_readers[store].discard)
            task.add_done_callback(_seen)
        if known and age < known.good:
            return known.value
        return await asyncio.shield(task)

    def known(self, store: Store) -> T | None:
        """What was told last, if anything was."""
        known = self._known.get(store)
        return known.value if known else None

    async def _again(self, store: Store) -> T:
        started = time.monotonic()
        value = await self._read(store)
        now = time.monotonic()
        rests = _RESTS * (now - started)
        fresh, good = max(self._fresh, rests), max(self._good, 2 * rests)
        self._known[store] = _Known(value=value, at=now, fresh=fresh, good=good)
        return value


async def stop_reading(store: Store) -> None:
    """End what is read of a graph behind the backs, before it is closed."""
    tasks = list(_readers.pop(store, ()))
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _seen(task: "asyncio.Task[Any]") -> None:
    """Nobody may have waited: who needs it next asks again, and is told then."""
    if not task.cancelled():
        task.exception()
