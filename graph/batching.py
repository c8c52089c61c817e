"""Calls that arrive while one is under way go together in the next: group commit."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from graph.errors import GraphError, UnavailableError

A = TypeVar("A")
B = TypeVar("B")


class Batching(Generic[A, B]):
    """Calls ``run`` with the items of all callers that wait, at most ``limit``, in order.

    A single caller never waits for others. ``run`` returns one result for each item, in order, and
    does all or nothing. Where it fails with several items, each is tried alone: nobody fails for a
    neighbour's item. Only a graph that does not answer fails them all.
    """

    def __init__(self, run: Callable[[Sequence[A]], Awaitable[Sequence[B]]], *, limit: int) -> None:
        self._run = run
        self._limit = limit
        self._waiting: deque[tuple[A, asyncio.Future[B]]] = deque()
        self._worker: asyncio.Task[None] | None = None

    async def __call__(self, item: A) -> B:
        """The result for ``item``. A caller cancelled while it runs does not stop the run.

        Raises:
            GraphError: whatever ``run`` raised for this item.
        """
        future: asyncio.Future[B] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._worker is None:
            self._worker = asyncio.create_task(self._work())
        return await future

    async def _work(self) -> None:
        try:
            while batch := self._next():
                try:
                    await self._settle(batch)
                finally:
                    for _, future in batch:
                        future.cancel()  # does nothing to those that are settled
        finally:
            self._worker = None

    def _next(self) -> list[tuple[A, asyncio.Future[B]]]:
        batch: list[tuple[A, asyncio.Future[B]]] = []
        while self._waiting and len(batch) < self._limit:
            item, future = self._waiting.popleft()
            if not future.done():
                batch.append((item, future))
        return batch

    async def _settle(self, batch: Sequence[tuple[A, asyncio.Future[B]]]) -> None:
        try:
            results = await self._run([item for item, _ in batch])
        except Exception as error:
            if len(batch) > 1 and _is_one_items(error):
                for alone in batch:
                    await self._settle([alone])
                return
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), result in zip(batch, results, strict=True):
            if not future.done():
                future.set_result(result)


def _is_one_items(error: Exception) -> bool:
    """Whether another batch than this one might have gone through."""
    return isinstance(error, GraphError) and not isinstance(error, UnavailableError)
