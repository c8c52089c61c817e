"""Versions of the policy in the graph, on every engine."""

import asyncio

import pytest

from graph.errors import EngineError
from graph.policy import (
    Draft,
    Epochs,
    find_policy,
    get_policy,
    list_policies,
    read_epochs,
    save_policy,
)
from graph.schema import INDEXES
from graph.store import Store
from tests.conftest import WIPE, Engine

FIRST = Draft(text="# shipped\n", author="deskgraph", reason="shipped")


@pytest.fixture
async def empty(indexed: Store) -> Store:
    await indexed.write(WIPE)
    return indexed


def draft(text: str) -> Draft:
    return Draft(text=text, author="ann", reason=f"because of {text}")


async def test_an_empty_graph_has_no_policy_until_the_first_is_given(empty: Store) -> None:
    assert await find_policy(empty) is None
    assert await read_epochs(empty) == Epochs(knowledge=0, policy=0)
    first = await get_policy(empty, FIRST)
    assert (first.id, first.epoch, first.text) == ("policy-1", 1, FIRST.text)
    assert (first.author, first.reason) == ("deskgraph", "shipped")
    assert await get_policy(empty, draft("other")) == first
    assert await read_epochs(empty) == Epochs(knowledge=0, policy=1)


async def test_eight_processes_that_start_at_once_write_one_first_version(
    empty: Store, engine: Engine
) -> None:
    stores = [await engine.open(INDEXES) for _ in range(8)]
    try:
        drafts = [draft(f"of process {number}") for number in range(8)]
        found = await asyncio.gather(*map(get_policy, stores, drafts))
    finally:
        for store in stores:
            await store.close()
    assert len(set(found)) == 1
    assert [one.epoch for one in await list_policies(empty)] == [1]
    assert (await read_epochs(empty)).policy == 1


async def test_eight_concurrent_writers_get_consecutive_epochs(empty: Store) -> None:
    await get_policy(empty, FIRST)
    drafts = [draft(f"text {number}") for number in range(8)]
    written = await asyncio.gather(*(save_policy(empty, one) for one in drafts))
    assert sorted(one.epoch for one in written if one) == list(range(2, 10))
    assert {one.text for one in written if one} == {one.text for one in drafts}
    listed = await list_policies(empty)
    assert [one.epoch for one in listed] == list(range(9, 0, -1))
    assert [one.id for one in listed] == [f"policy-{one.epoch}" for one in listed]
    in_force = await find_policy(empty)
    assert in_force
    assert in_force in written
    assert in_force.epoch == (await read_epochs(empty)).policy == 9


async def test_the_same_text_from_eight_writers_is_written_once(empty: Store) -> None:
    await get_policy(empty, FIRST)
    written = await asyncio.gather(*(save_policy(empty, draft("same")) for _ in range(8)))
    assert [one.epoch for one in written if one] == [2]
    assert await save_policy(empty, draft("same")) is None
    assert (await read_epochs(empty)).policy == 2


async def test_a_former_text_may_come_back_and_instants_are_told(empty: Store) -> None:
    await get_policy(empty, FIRST)
    await save_policy(empty, draft("b"))
    again = await save_policy(empty, FIRST)
    assert again
    assert again.epoch == 3
    notes = await list_policies(empty)
    assert [one.reason for one in notes] == ["shipped", "because of b", "shipped"]
    assert notes[0].created_at >= notes[1].created_at >= notes[2].created_at > 1_700_000_000_000


async def test_an_epoch_that_exists_before_the_first_version_only_counts_on(empty: Store) -> None:
    await empty.write("epoch-move", id="policy")
    assert (await get_policy(empty, FIRST)).id == "policy-2"


async def test_an_epoch_without_its_version_is_a_damaged_graph(empty: Store) -> None:
    await get_policy(empty, FIRST)
    await empty.write("epoch-move", id="policy")
    with pytest.raises(EngineError, match=r"no version policy-2 .* newest is policy-1"):
        await find_policy(empty)
