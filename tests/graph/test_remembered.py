"""What a graph told is read once for all, and mostly behind the backs."""

import asyncio

import pytest

from graph import remembered
from graph.errors import UnavailableError
from graph.remembered import Remembered, stop_reading
from graph.store import Store


class Told:
    """Numbers from 1, one with each reading; ``away`` is a graph that does not answer."""

    def __init__(self) -> None:
        self.readings, self.away, self.last = 0, False, asyncio.Event()
        self.last.set()

    async def read(self, _: Store) -> int:
        self.readings += 1
        await self.last.wait()
        if self.away:
            raise UnavailableError("away")
        return self.readings


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def numbers(told: Told, monkeypatch: pytest.MonkeyPatch) -> Remembered[int]:
    monkeypatch.setattr(remembered, "_RESTS", 0.0)
    return Remembered(told.read, fresh=3.0, good=10.0)


def pass_time(numbers: Remembered[int], store: Store, seconds: float) -> None:
    numbers._known[store].at -= seconds


async def settled(store: Store) -> None:
    await asyncio.gather(*remembered._readers[store], return_exceptions=True)


async def test_what_is_fresh_is_not_read_again(
    store: Store, numbers: Remembered[int], told: Told
) -> None:
    assert numbers.known(store) is None
    assert [await numbers.of(store) for _ in range(3)] == [1, 1, 1]
    assert (numbers.known(store), told.readings) == (1, 1)


async def test_what_is_no_longer_fresh_is_read_behind_the_back(
    store: Store, numbers: Remembered[int]
) -> None:
    await numbers.of(store)
    pass_time(numbers, store, 4.0)
    assert await numbers.of(store) == 1
    await settled(store)
    assert await numbers.of(store) == 2


async def test_what_is_no_longer_good_is_waited_for(store: Store, numbers: Remembered[int]) -> None:
    await numbers.of(store)
    pass_time(numbers, store, 11.0)
    assert await numbers.of(store) == 2


async def test_what_takes_long_to_read_is_read_less_often(
    store: Store, numbers: Remembered[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered, "_RESTS", 1e9)
    await numbers.of(store)
    pass_time(numbers, store, 60.0)
    assert await numbers.of(store) == 1
    await settled(store)
    assert await numbers.of(store) == 1


async def test_many_who_need_it_have_it_read_once(
    store: Store, numbers: Remembered[int], told: Told
) -> None:
    assert set(await asyncio.gather(*(numbers.of(store) for _ in range(30)))) == {1}
    assert told.readings == 1


async def test_a_graph_that_is_away_is_told_to_whoever_waits_and_to_nobody_else(
    store: Store, numbers: Remembered[int], told: Told
) -> None:
    await numbers.of(store)
    told.away = True
    pass_time(numbers, store, 4.0)
    assert await numbers.of(store) == 1
    await settled(store)
    pass_time(numbers, store, 11.0)
    with pytest.raises(UnavailableError):
        await numbers.of(store)
    told.away = False
    assert await numbers.of(store) == 4


async def test_whoever_stops_waiting_stops_nobody_else(
    store: Store, numbers: Remembered[int], told: Told
) -> None:
    told.last.clear()
    one, other = (asyncio.create_task(numbers.of(store)) for _ in range(2))
    await asyncio.sleep(0)
    one.cancel()
    told.last.set()
    assert await other == 1


async def test_nothing_is_read_of_a_graph_that_is_about_to_be_closed(
    store: Store, numbers: Remembered[int], told: Told
) -> None:
    told.last.clear()
    waiting = asyncio.create_task(numbers.of(store))
    await asyncio.sleep(0.01)
    await stop_reading(store)
    with pytest.raises(asyncio.CancelledError):
        await waiting
    told.last.set()
    assert await numbers.of(store) == 2
