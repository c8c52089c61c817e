"""How many tickets agents have open: counted behind the back, one department at a time."""

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
    await asyncio.gather(*counts._takers.values(), return_exceptions=True)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch, store: Store) -> list[str]:
    """Departments in the order in which they were counted, ``together`` if two were at once."""
    found: list[str] = []
    running = 0
    read = store.read

    async def noted(query: str, /, **parameters: Any) -> Rows:
        nonlocal running
        running += 1
        found.append("together" if running > 1 else parameters["department"])
        try:
            return await read(query, **parameters)
        finally:
            running -= 1

    monkeypatch.setattr(store, "read", noted)
    return found


async def test_open_tickets_are_counted_by_agent_and_our_own_added(store: Store) -> None:
    await tickets(store, "a", "b", "a")
    counts = Busy(store)
    assert await counts.open("d") == {"a": 2, "b": 1}
    counts.took("d", "b")
    counts.took("d", "c")
    counts.took("elsewhere", "c")
    assert await counts.open("d") == {"a": 2, "b": 2, "c": 1}
    assert await counts.open("elsewhere") == {}


async def test_what_is_no_longer_fresh_is_counted_behind_the_back(
    store: Store, counted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    await tickets(store, "a")
    counts = Busy(store)
    await counts.open("d")
    await tickets(store, "a", first=2)
    assert (await counts.open("d"), counted) == ({"a": 1}, ["d"])
    monkeypatch.setattr(busy, "_FRESH_SECONDS", 0.0)
    assert await counts.open("d") == {"a": 1}
    await settled(counts)
    assert (await counts.open("d"), counted) == ({"a": 2}, ["d", "d"])


async def test_what_is_no_longer_good_is_waited_for(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tickets(store, "a")
    counts = Busy(store)
    await counts.open("d")
    await tickets(store, "a", first=2)
    monkeypatch.setattr(busy, "_FRESH_SECONDS", 0.0)
    monkeypatch.setattr(busy, "_GOOD_SECONDS", 0.0)
    assert await counts.open("d") == {"a": 2}


async def test_many_who_need_counts_have_them_taken_once_and_one_at_a_time(
    store: Store, counted: list[str]
) -> None:
    counts = Busy(store)
    await asyncio.gather(*(counts.open(f"d{number % 3}") for number in range(30)))
    assert sorted(counted) == ["d0", "d1", "d2"]


async def test_a_graph_that_is_away_is_told_to_whoever_waits_and_to_nobody_else(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tickets(store, "a")
    counts = Busy(store)
    await counts.open("d")

    async def away(*_: object, **__: object) -> Rows:
        raise UnavailableError("away")

    with monkeypatch.context() as patched:
        patched.setattr(store, "read", away)
        patched.setattr(busy, "_FRESH_SECONDS", 0.0)
        assert await counts.open("d") == {"a": 1}
        await settled(counts)
        patched.setattr(busy, "_GOOD_SECONDS", 0.0)
        with pytest.raises(UnavailableError):
            await counts.open("d")
        with pytest.raises(UnavailableError):
            await counts.open("other")
    assert await counts.open("d") == {"a": 1}
    await counts.close()
