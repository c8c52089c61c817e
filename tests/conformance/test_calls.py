"""A call that breaks the rules is refused before anything reaches the engine."""

import datetime

import pytest

from graph.errors import GraphError, QueryError
from graph.store import Store, Transaction
from tests.conformance.things import COUNT, CREATE, GET, SAVE, query, writing

NOW = datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC)


async def test_an_unknown_query_is_named(things: Store) -> None:
    with pytest.raises(QueryError, match="no query is called 'thing-lost'"):
        await things.read("thing-lost")


@pytest.mark.parametrize("given", [{}, {"id": "a", "other": 1}, {"other": 1}])
async def test_parameters_missing_or_extra_are_named(
    things: Store, given: dict[str, object]
) -> None:
    missing, extra = sorted({"id"} - given.keys()), sorted(given.keys() - {"id"})
    says = f"probe: parameters missing {missing}, not declared {extra}"
    with pytest.raises(QueryError) as error:
        await things.read(GET, **given)
    assert str(error.value) == says


async def test_read_refuses_a_query_declared_write(things: Store) -> None:
    with pytest.raises(QueryError, match="declared 'write'"):
        await things.read(CREATE, id="a", value=1)
    assert await things.read(COUNT) == [{"count": 0}]


async def test_write_runs_a_query_of_either_mode(things: Store) -> None:
    await things.write(SAVE, id="a", value=1)
    assert await things.write(GET, id="a") == [{"id": "a", "value": 1}]


@pytest.mark.parametrize("value", [NOW, NOW.replace(tzinfo=None), NOW.time()])
async def test_instants_are_integers_so_datetimes_are_refused(things: Store, value: object) -> None:
    with pytest.raises(QueryError, match="value is a datetime"):
        await things.write(SAVE, id="a", value=value)

    async def work(transaction: Transaction) -> None:
        await transaction.run(SAVE, id="a", value=value)

    with pytest.raises(QueryError, match="value is a datetime"):
        await things.transaction(work)
    assert await things.read(COUNT) == [{"count": 0}]


async def test_a_query_for_an_index_that_no_item_declares_is_refused(things: Store) -> None:
    lost = query("RETURN $index AS name", index="lost")
    with pytest.raises(QueryError, match=r"index 'lost' is not in \['thing_words'\]"):
        await things.read(lost)


async def test_an_error_names_the_query_and_no_value(things: Store) -> None:
    bad = writing("CREATE (n:Thing {id: $id}) RETURN date($id) AS day")
    with pytest.raises(GraphError) as error:
        await things.write(bad, id="ada@example.org")
    assert str(error.value).startswith("probe: ")
    assert "ada@example.org" not in str(error.value)
    assert error.value.__cause__ is None
    assert await things.read(COUNT) == [{"count": 0}]


async def test_a_syntax_error_says_where(things: Store) -> None:
    with pytest.raises(GraphError, match="probe: "):
        await things.read(query("MATCH (n:Thing RETURN n"))
