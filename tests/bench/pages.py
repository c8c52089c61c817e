"""Newest-50 pages of tickets as the compiler writes them, at 10,000 and at 200,000 tickets.

Each row with eleven values and four objects, scopes on every hop, the epoch behind it. What is
measured is the graph and the driver, not GraphQL.
"""

import time
from collections.abc import AsyncIterator, Mapping
from typing import Any

import numpy as np

from api.bootstrap import open_platform
from graph.fields import FIELDS, TIERS
from graph.queries import Mode, Query
from graph.rights import Rights, Scope, Show
from graph.selection.compiler import compile_request
from graph.selection.reading import read_request
from graph.selection.request import (
    All,
    Branch,
    Compare,
    Filter,
    Matches,
    Operator,
    Page,
    Related,
    Request,
    Selected,
    words_of,
)
from graph.sequence import ages
from graph.store import Store
from graph.vocabulary import Label
from tests.bench.engines import Ground
from tests.bench.value import Value

_FEW, _MANY = 10_000, 200_000
_DEPARTMENTS, _CUSTOMERS = 20, 2_000
_WARM, _TIMED = 40, 60
_BATCH = 5_000
_TICKET = FIELDS[Label.TICKET]
_VALUES = (
    "id", "seq", "state", "subject", "language", "createdAt", "assignedAt", "solvedAt", "version",
    "reopenedCount", "rating",
)  # fmt: skip
_OBJECTS = ("department", "customer", "channel", "agent")
_GIVEN: Mapping[str, Any] = {
    "size": 50,
    "state": "assigned",
    "one": "d-3",
    "own_department": ["d-3"],
    "own_customer": ["c-7"],
    "own_line": [],
    "assigned": [],
    "granted": [],
}


async def pages(ground: Ground) -> AsyncIterator[Value]:
    """How the slowest page grows, and how long it takes."""
    async with open_platform(ground.settings()) as platform:
        store = platform.store
        await _people(store)
        await _tickets(store, range(_FEW))
        few = {name: await _time(store, *shape) for name, shape in _shapes().items()}
        await _tickets(store, range(_FEW, _MANY))
        many = {name: await _time(store, *shape) for name, shape in _shapes().items()}
    growth = {name: many[name] / few[name] for name in few}
    worst, slowest = max(growth, key=growth.__getitem__), max(many, key=many.__getitem__)
    told = ", ".join(f"{name} {few[name]:.1f} → {many[name]:.1f}" for name in few)
    yield Value(name="page_growth", value=growth[worst], rows=_MANY, note=f"{worst}; ms: {told}")
    yield Value(name="page_p50", value=many[slowest], rows=_MANY, note=f"{slowest}; ms: {told}")


def _shapes() -> dict[str, tuple[tuple[Scope, ...], Filter | None, Mapping[str, Any]]]:
    """Scopes of tickets, filter, and values, by what the page is of."""
    state = Compare(field=_TICKET["state"], operator=Operator.EQ, slot="state")
    id_ = Compare(field=FIELDS[Label.DEPARTMENT]["id"], operator=Operator.EQ, slot="one")
    place = Related(field=_TICKET["department"], label=Label.DEPARTMENT, filter=id_)
    three = {"own_department": ["d-1", "d-2", "d-3"]}
    said = words_of("said", ["leak"])
    return {
        "all": ((Scope.ANY,), None, {}),
        "one department": ((Scope.OWN_DEPARTMENT,), None, {}),
        "three departments": ((Scope.OWN_DEPARTMENT,), None, three),
        "an agent's": (
            (Scope.OWN_DEPARTMENT, Scope.ASSIGNED, Scope.GRANTED),
            None,
            {"assigned": ["a-7"], "granted": ["T-5"]},
        ),
        "a line": ((Scope.OWN_LINE,), None, {"own_line": ["l-1"]}),
        "department and state": ((Scope.ANY,), All(parts=(place, state)), {}),
        "own customer": ((Scope.OWN_CUSTOMER,), None, {}),
        "full text": ((Scope.ANY,), Matches(slot="said"), said),
    }


async def _time(
    store: Store, scopes: tuple[Scope, ...], filter_: Filter | None, more: Mapping[str, Any]
) -> float:
    """Median milliseconds."""
    cells = {
        (one, action): {Scope.ANY: Show.FULL} for one in TIERS for action in ("read", "filter")
    }
    cells["Ticket", "read"] = dict.fromkeys(scopes, Show.FULL)
    rights = Rights(roles=frozenset({"bench"}), epoch=1, cells=cells)
    compiled = compile_request(_request(filter_), rights)
    given, times = {**_GIVEN, **more}, []
    for place in range(_WARM + _TIMED):
        started = time.perf_counter()
        row = await read_request(store, compiled, given)
        if place >= _WARM:
            times.append((time.perf_counter() - started) * 1000)
        if not row["page"][0]:
            raise RuntimeError("an empty page is no measurement")
    return float(np.median(times))


def _request(filter_: Filter | None) -> Request:
    objects = tuple(_branch(name) for name in _OBJECTS)
    values = tuple(_TICKET[name] for name in _VALUES)
    nodes = Selected(label=Label.TICKET, parts=(*values, *objects))
    return Request(nodes=nodes, page=Page(size="size", filter=filter_))


def _branch(name: str) -> Branch:
    field = _TICKET[name]
    (label,) = field.targets
    return Branch(field=field, nodes=(Selected(label=label, parts=(FIELDS[label]["id"],)),))


async def _people(store: Store) -> None:
    for text in (
        f"UNWIND range(0, {_DEPARTMENTS - 1}) AS n CREATE (:Department {{id: 'd-' + n}})",
        f"UNWIND range(0, {_CUSTOMERS - 1}) AS n CREATE (:Customer {{id: 'c-' + n}})",
        (
            "MATCH (place:Department) WHERE place.id IN ['d-1', 'd-4', 'd-9', 'd-12'] "
            "MERGE (line:BusinessLine {id: 'l-1'}) CREATE (place)-[:BELONGS_TO]->(line)"
        ),
        "CREATE (:Agent {id: 'a-7'})",
        "CREATE (:Channel {id: 'mail'}) MERGE (e:Epoch {id: 'policy'}) ON CREATE SET e.value = 1",
    ):
        await store.write(Query(name="fill", mode=Mode.WRITE, parameters=frozenset(), text=text))


_FILL = Query(
    name="fill",
    mode=Mode.WRITE,
    parameters=frozenset({"rows"}),
    text="""
UNWIND $rows AS row
CREATE (ticket:Ticket)
SET ticket = row.properties
WITH ticket, row
MATCH (department:Department {id: row.properties.department_id})
MATCH (customer:Customer {id: row.customer})
MATCH (channel:Channel {id: 'mail'})
CREATE (ticket)-[:ASSIGNED_TO]->(department)
CREATE (customer)-[:RAISED]->(ticket)
CREATE (ticket)-[:RECEIVED_VIA]->(channel)
WITH ticket, row
UNWIND row.agent AS id
MATCH (agent:Agent {id: id})
CREATE (ticket)-[:WORKED_BY]->(agent)
""",
)


async def _tickets(store: Store, numbers: range) -> None:
    """A customer keeps few tickets however many there are: the first of all."""
    for start in range(numbers.start, numbers.stop, _BATCH):
        await store.write(_FILL, rows=[_row(n) for n in range(start, start + _BATCH)])


def _row(n: int) -> dict[str, Any]:
    at = 1_700_000_000_000 + n * 60_000
    seq = at << 20
    agent = ["a-7"] if n % 20 == 0 else []
    return {
        "agent": agent,
        "customer": f"c-{n % 20 if n < _FEW // 10 else 20 + n % (_CUSTOMERS - 20)}",
        "properties": {
            "id": f"T-{n}",
            "seq": seq,
            "state": "assigned" if n % 9 == 0 else "solved",
            "subject": f"Subject {n}",
            "language": "en",
            "created_at": at,
            "assigned_at": at,
            "version": 1,
            "reopened_count": 0,
            "department_id": f"d-{n * 7 % _DEPARTMENTS}",
            **({"agent_id": agent[0]} if agent else {}),
            "search_text": f"order machine w{n % 997}{' leak' if n % 100 == 0 else ''} {ages(seq)}",
        },
    }
