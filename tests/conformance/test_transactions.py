"""All or nothing, and no lost update."""

import asyncio

import pytest

from graph.errors import ConstraintViolationError
from graph.store import Store, Transaction
from tests.conformance.things import COUNT, CREATE, GET, SAVE, query, writing


async def test_what_a_transaction_wrote_is_there_when_it_returns(things: Store) -> None:
    async def work(transaction: Transaction) -> int:
        await transaction.run(CREATE, id="a", value=1)
        await transaction.run(CREATE, id="b", value=2)
        (row,) = await transaction.run(COUNT)
        return int(row["count"])

    assert await things.transaction(work) == 2
    assert await things.read(COUNT) == [{"count": 2}]


async def test_an_error_of_the_caller_leaves_nothing_and_comes_through(things: Store) -> None:
    async def work(transaction: Transaction) -> None:
        await transaction.run(CREATE, id="a", value=1)
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        await things.transaction(work)
    assert await things.read(COUNT) == [{"count": 0}]


async def test_a_cancelled_transaction_leaves_nothing(things: Store) -> None:
    written = asyncio.Event()

    async def work(transaction: Transaction) -> None:
        await transaction.run(CREATE, id="a", value=1)
        written.set()
        await asyncio.sleep(60)

    task = asyncio.create_task(things.transaction(work))
    await written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await things.write(SAVE, id="b", value=1)
    assert await things.read(COUNT) == [{"count": 1}]


async def test_a_failing_statement_leaves_nothing_even_if_the_caller_goes_on(things: Store) -> None:
    await things.write(CREATE, id="taken", value=1)

    async def work(transaction: Transaction) -> None:
        await transaction.run(CREATE, id="a", value=1)
        try:
            await transaction.run(CREATE, id="taken", value=2)
            await transaction.run(COUNT)
        except ConstraintViolationError:
            return

    with pytest.raises(ConstraintViolationError):
        await things.transaction(work)
    assert await things.read(COUNT) == [{"count": 1}]


async def test_one_statement_is_whole_or_nothing(things: Store) -> None:
    await things.write(CREATE, id="id-40", value=1)
    many = writing("UNWIND range(1, 50) AS n CREATE (:Thing {id: 'id-' + toString(n)})")
    with pytest.raises(ConstraintViolationError):
        await things.write(many)
    assert await things.read(COUNT) == [{"count": 1}]


async def test_a_taken_key_is_a_typed_error_without_the_key(things: Store) -> None:
    await things.write(CREATE, id="secret-id", value=1)
    with pytest.raises(ConstraintViolationError) as error:
        await things.write(CREATE, id="secret-id", value=2)
    assert str(error.value) == "probe: a unique key is taken"
    assert await things.read(GET, id="secret-id") == [{"id": "secret-id", "value": 1}]


async def test_a_merge_that_truly_violates_a_key_ends_in_the_same_error(things: Store) -> None:
    await things.write(CREATE, id="a", value=1)
    steal = writing("MERGE (n:Thing {value: $value}) SET n.id = $id")
    with pytest.raises(ConstraintViolationError):
        await things.write(steal, value=2, id="a")


async def test_concurrent_merges_of_one_new_key_make_one_node(things: Store) -> None:
    save = writing(
        "MERGE (n:Thing {id: $id}) ON CREATE SET n.value = 1 ON MATCH SET n.value = n.value + 1"
    )
    for number in range(5):
        await asyncio.gather(*(things.write(save, id=f"new-{number}") for _ in range(8)))
        assert await things.read(GET, id=f"new-{number}") == [{"id": f"new-{number}", "value": 8}]
    assert await things.read(COUNT) == [{"count": 5}]


async def test_a_transaction_that_merges_is_run_again_as_a_whole(things: Store) -> None:
    async def work(transaction: Transaction) -> None:
        await transaction.run(SAVE, id="shared", value=1)
        await transaction.run(writing("MERGE (n:Thing {id: 'sum'}) SET n.value = 1"))

    await asyncio.gather(*(things.transaction(work) for _ in range(8)))
    assert await things.read(COUNT) == [{"count": 2}]


async def test_locking_first_lets_exactly_one_of_eight_versions_win(things: Store) -> None:
    step = writing(
        "MATCH (n:Thing {id: 'a'}) SET n.lock = $worker WITH n WHERE n.version = $version "
        "SET n.version = n.version + 1, n.winner = $worker RETURN n.version AS version"
    )
    await things.write(writing("CREATE (:Thing {id: 'a', version: 0})"))
    for version in range(15):
        calls = (things.write(step, worker=worker, version=version) for worker in range(8))
        won = [rows for rows in await asyncio.gather(*calls) if rows]
        assert won == [[{"version": version + 1}]]


async def test_a_counter_in_one_statement_loses_nothing(things: Store) -> None:
    await things.write(SAVE, id="a", value=0)
    add = writing("MATCH (n:Thing {id: 'a'}) SET n.value = n.value + 1")
    await asyncio.gather(*(things.write(add) for _ in range(40)))
    assert await things.read(GET, id="a") == [{"id": "a", "value": 40}]


async def test_reads_run_beside_each_other(things: Store) -> None:
    answers = await asyncio.gather(
        *(things.read(query("RETURN $n AS n"), n=number) for number in range(64))
    )
    assert answers == [[{"n": number}] for number in range(64)]
