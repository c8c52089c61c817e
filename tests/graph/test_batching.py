"""Calls that wait go together, and nobody fails for a neighbour."""

import asyncio
from collections.abc import Sequence

import pytest

from graph.batching import Batching
from graph.errors import GraphError, UnavailableError


class Slow:
    """Doubles numbers; refuses odd ones if told to; keeps what it was called with."""

    def __init__(self, *, refuses: type[GraphError] | None = None) -> None:
        self.calls: list[list[int]] = []
        self._refuses = refuses

    async def __call__(self, items: Sequence[int]) -> list[int]:
        self.calls.append(list(items))
        await asyncio.sleep(0.001)
        if self._refuses and any(item % 2 for item in items):
            raise self._refuses("odd")
        return [item * 2 for item in items]


async def test_one_caller_goes_alone_and_at_once() -> None:
    slow = Slow()
    double = Batching(slow, limit=10)
    assert [await double(1), await double(2)] == [2, 4]
    assert slow.calls == [[1], [2]]


async def test_callers_that_come_meanwhile_go_together_up_to_the_limit() -> None:
    slow = Slow()
    double = Batching(slow, limit=3)
    first = asyncio.create_task(double(0))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert await asyncio.gather(first, *map(double, range(1, 8))) == list(range(0, 16, 2))
    assert slow.calls == [[0], [1, 2, 3], [4, 5, 6], [7]]


async def test_only_the_item_at_fault_fails() -> None:
    slow = Slow(refuses=GraphError)
    double = Batching(slow, limit=10)
    found = await asyncio.gather(*map(double, range(4)), return_exceptions=True)
    assert found[0] == 0
    assert found[2] == 4
    assert all(isinstance(found[at], GraphError) for at in (1, 3))
    assert slow.calls == [[0, 1, 2, 3], [0], [1], [2], [3]]


async def test_a_graph_that_is_away_is_asked_once_for_all() -> None:
    slow = Slow(refuses=UnavailableError)
    double = Batching(slow, limit=10)
    found = await asyncio.gather(*map(double, range(4)), return_exceptions=True)
    assert all(isinstance(one, UnavailableError) for one in found)
    assert slow.calls == [[0, 1, 2, 3]]
    with pytest.raises(UnavailableError):
        await double(5)
    assert await double(6) == 12


async def test_a_caller_who_leaves_stops_nobody() -> None:
    slow = Slow()
    double = Batching(slow, limit=1)
    tasks = [asyncio.create_task(double(at)) for at in range(3)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    tasks[0].cancel()
    tasks[1].cancel()
    assert await tasks[2] == 4
    assert slow.calls == [[0], [2]]


async def test_a_fault_of_the_code_reaches_every_caller() -> None:
    async def broken(_: Sequence[int]) -> list[int]:
        raise ZeroDivisionError

    found = await asyncio.gather(*map(Batching(broken, limit=5), range(2)), return_exceptions=True)
    assert all(isinstance(one, ZeroDivisionError) for one in found)
