"""How many tickets agents have open: counted behind the back, for all departments at once."""

import asyncio
from typing import Any

import pytest

from graph import busy
from graph.busy import Busy
from graph.errors import UnavailableError
from graph.store import Rows, Store
from graph.vocabulary import Label
from tests.builders import make_nodes


async def tickets(store: Store, *agents: str, department: str = "d", first: int = 1) -> None:
    rows = [
        {
            "id": f"{department}-{seq}",
            "seq": seq,
            "state": "assigned",
            "department_id": department,
            "agent_id": agent,
        }
        for seq, agent in enumerate(agents, start=first)
    ]
    await make_nodes(store, Label.TICKET, rows)


async def settled(counts: Busy) -> None:
    if taker := counts._taker:
        await asyncio.gather(taker, return_exceptions=True)


def stale(counts: Busy, *, seconds: float = 4.0) -> None:
    """As if ``seconds`` had passed."""
    assert counts._count is not None
    counts._count.at -= seconds


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch, store: Store) -> list[str]:
    """What was read, in order."""
    found: list[str] = []
    read = store.read

    async def noted(query: str, /, **parameters: Any) -> Rows:
        found.append(query)
        return await read(query, **parameters)

    monkeypatch.setattr(store, "read", noted)
    return found


async def test_open_tickets_are_counted_by_agent_and_our_own_added(store: Store) -> None:
    await tickets(store, "a", "b", "a")
    await tickets(store, "a", department="e")
    counts = Busy(store)
    assert await counts.open() == {"a": 3, "b": 1}
    counts.took("b")
    counts.took("c")
    assert await counts.open() == {"a": 3, "b": 2, "c": 1}


async def test_what_is_no_longer_fresh_is_counted_behind_the_back(
    store: Store, counted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(busy, "_RESTS", 0.0)
    await tickets(store, "a")
    counts = Busy(store)
    await counts.open()
    await tickets(store, "a", first=2)
    assert (await counts.open(), len(counted)) == ({"a": 1}, 1)
    stale(counts)
    assert await counts.open() == {"a": 1}
    await settled(counts)
    assert (await counts.open(), len(counted)) == ({"a": 2}, 2)


async def test_what_is_no_longer_good_is_waited_for(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(busy, "_RESTS", 0.0)
    await tickets(store, "a")
    counts = Busy(store)
    await counts.open()
    await tickets(store, "a", first=2)
    stale(counts, seconds=11.0)
    assert await counts.open() == {"a": 2}


async def test_what_takes_long_to_count_is_counted_less_often(
    store: Store, counted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(busy, "_RESTS", 1e9)
    counts = Busy(store)
    await counts.open()
    stale(counts, seconds=60.0)
    await counts.open()
    await settled(counts)
    assert len(counted) == 1


async def test_many_who_need_counts_have_them_taken_once(store: Store, counted: list[str]) -> None:
    counts = Busy(store)
    await asyncio.gather(*(counts.open() for _ in range(30)))
    assert len(counted) == 1


async def test_a_graph_that_is_away_is_told_to_whoever_waits_and_to_nobody_else(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(busy, "_RESTS", 0.0)
    await tickets(store, "a")
    counts = Busy(store)
    await counts.open()

    async def away(*_: object, **__: object) -> Rows:
        raise UnavailableError("away")

    with monkeypatch.context() as patched:
        patched.setattr(store, "read", away)
        stale(counts)
        assert await counts.open() == {"a": 1}
        await settled(counts)
        stale(counts, seconds=11.0)
        with pytest.raises(UnavailableError):
            await counts.open()
        with pytest.raises(UnavailableError):
            await Busy(store).open()
    assert await counts.open() == {"a": 1}
    await counts.close()
