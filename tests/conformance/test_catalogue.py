"""Every shipped query compiles on every engine, and on Neo4j none scans without a reason."""

from collections.abc import Iterator
from typing import Any

import neo4j
import pytest

from graph.editable import EDITABLE, KNOWN
from graph.queries import Query, load_catalogue
from graph.rights import Action, Show
from graph.schema import INDEXES
from graph.scopes import SCOPES
from graph.selection.change import (
    create,
    delete,
    delete_aliases,
    exists,
    holders,
    link,
    moves,
    reached,
    seen,
    unlink,
    unlink_all,
    update,
)
from graph.vocabulary import Label
from policies.policy import load_policy
from tests.conftest import Engine

CATALOGUE = load_catalogue()
SCANS = ("AllNodesScan", "CartesianProduct", "NodeByLabelScan")
NUMBERS = ("limit", "skip", "first", "count", "size", "seq", "version", "depth")


@pytest.mark.parametrize("name", sorted(CATALOGUE))
async def test_a_named_query_compiles(
    planner: neo4j.AsyncDriver, engine: Engine, name: str
) -> None:
    query = CATALOGUE[name]
    scans = await _scans(planner, engine, query)
    assert query.scan or not scans, f"{name}: {sorted(scans)}; index it or say '// scan: why'"


async def test_whatever_changes_a_node_begins_at_its_id(
    planner: neo4j.AsyncDriver, engine: Engine
) -> None:
    """Every text that an edit is built of, on every engine."""
    for name, query in _changes():
        scans = await _scans(planner, engine, query) - {"CartesianProduct"}
        assert not scans, f"{name}: {sorted(scans)}"


def _changes() -> Iterator[tuple[str, Query]]:
    rights = load_policy().rights(["agent", "supervisor", "editor", "customer"])
    for label, one in EDITABLE.items():
        bounds = [{scope: Show.FULL} for scope in SCOPES[label]]
        rows = rights.cell(label, Action.READ)
        found = [reached(label, bounds), exists(label), update(label), seen(label, rights)]
        if label is Label.TICKET:
            found.append(reached(label, bounds, moves=moves("row", rights, rows=rows)))
        if label in KNOWN:
            found += [create(label), delete(label), delete_aliases(label)]
            found.append(
                holders(label, frozenset(Label) - frozenset(KNOWN), frozenset({"PART_OF"}))
            )
        for field in one.fields.values():
            for target in field.targets:
                found += [link(field, target), unlink(field, target), unlink_all(field, target)]
        yield from ((f"{label} {query.name}", query) for query in found)


async def _scans(planner: neo4j.AsyncDriver, engine: Engine, query: Query) -> set[str]:
    """What of its plan looks at more than it has to; known on Neo4j only."""
    async with planner.session(default_access_mode="READ", database=_database(engine)) as session:
        result = await session.run("EXPLAIN " + query.text, _values(query))
        summary = await result.consume()
    if engine.name != "neo4j":
        return set()
    assert summary.plan
    return {kind for kind in _operators(summary.plan) if kind.startswith(SCANS)}


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
