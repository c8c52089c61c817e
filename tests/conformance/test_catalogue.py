"""Every shipped query compiles on every engine, and on Neo4j none scans without a reason."""

from collections.abc import Iterator
from typing import Any

import neo4j
import pytest

from graph.queries import Query, load_catalogue
from graph.schema import INDEXES
from tests.conftest import Engine

CATALOGUE = load_catalogue()
SCANS = ("AllNodesScan", "CartesianProduct", "NodeByLabelScan")
NUMBERS = ("limit", "skip", "first", "count", "size", "seq", "version", "depth")


@pytest.mark.parametrize("name", sorted(CATALOGUE))
async def test_a_named_query_compiles(
    planner: neo4j.AsyncDriver, engine: Engine, name: str
) -> None:
    query = CATALOGUE[name]
    async with planner.session(default_access_mode="READ", database=_database(engine)) as session:
        result = await session.run("EXPLAIN " + query.text, _values(query))
        summary = await result.consume()
    if engine.name == "neo4j":
        assert summary.plan
        scans = {kind for kind in _operators(summary.plan) if kind.startswith(SCANS)}
        assert query.scan or not scans, f"{name}: {sorted(scans)}; index it or say '// scan: why'"


@pytest.fixture(scope="module")
async def planner(engine: Engine) -> Any:
    """The driver itself: a store hands out no plan."""
    store = await engine.open()
    await store.apply(INDEXES)
    connection = await store._connected()  # type: ignore[attr-defined]
    yield connection._driver
    await store.close()


def _database(engine: Engine) -> str | None:
    return "graph" if engine.name == "embedded" else None


def _values(query: Query) -> dict[str, Any]:
    values = {name: _value(name) for name in query.parameters}
    return values | ({"index": "ticket_text"} if query.index else {})


def _value(name: str) -> Any:
    """Only what a plan may depend on: a number where Cypher wants one."""
    return 1 if name.endswith(NUMBERS) else None


def _operators(plan: dict[str, Any]) -> Iterator[str]:
    yield str(plan["operatorType"]).partition("@")[0]
    for child in plan.get("children", ()):
        yield from _operators(child)
