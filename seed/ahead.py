"""Make the next batch ready while the last one is written."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")


async def ahead(prepare: Callable[[], Coroutine[Any, Any, R | None]]) -> AsyncGenerator[R, None]:
    """Yield what ``prepare`` returns until it returns ``None``, always preparing one further.

    Close it when leaving early: ``aclosing``.
    """
    following = asyncio.create_task(prepare())
    try:
        while (ready := await following) is not None:
            following = asyncio.create_task(prepare())
            yield ready
    finally:
        following.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await following


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of ``size``, the last one shorter."""
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch
