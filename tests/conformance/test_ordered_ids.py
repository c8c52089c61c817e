"""Order from an index, for the engine whose Cypher takes none from there."""

import pytest

from graph.schema import INDEXES
from graph.store import Store, Walk
from graph.vocabulary import Label
from tests.builders import make_nodes
from tests.conftest import WIPE, Engine

ROWS = [
    {
        "id": f"T-{seq}",
        "seq": seq,
        "department_id": f"d-{seq % 2}",
        "state": "solved",
        "agent_id": f"a-{seq % 3}",
    }
    for seq in (8, 9, 10, 11, 100, 101)
]


@pytest.fixture
async def tickets(store: Store) -> Store:
    await store.write(WIPE)
    await store.apply(INDEXES)
    await make_nodes(store, Label.TICKET, ROWS)
    return store


def walk(*, falling: bool = True, behind: int | None = None, **equal: str) -> Walk:
    return Walk(
        label=Label.TICKET,
        order="seq",
        is_falling=falling,
        equal=tuple(equal.items()),
        behind=behind,
    )


@pytest.mark.parametrize(
    ("way", "place", "expected"),
    [
        pytest.param(walk(), 0, 101, id="the newest"),
        pytest.param(walk(), 3, 10, id="the fourth"),
        pytest.param(walk(falling=False), 1, 9, id="rising"),
        pytest.param(walk(behind=100), 0, 11, id="behind"),
        pytest.param(walk(department_id="d-1"), 1, 11, id="of one department"),
        pytest.param(walk(), 6, None, id="there are no seven"),
    ],
)
async def test_the_order_at_a_place(
    tickets: Store, way: Walk, place: int, expected: int | None
) -> None:
    assert await tickets.order_at(way, place=place) == expected


@pytest.mark.parametrize(
    ("walks", "limit", "expected"),
    [
        pytest.param([walk()], 3, [101, 100, 11], id="numbers, not digits"),
        pytest.param([walk(falling=False)], 3, [8, 9, 10], id="rising"),
        pytest.param([walk(behind=100)], 2, [11, 10], id="behind"),
        pytest.param([walk(behind=9, falling=False)], 2, [10, 11], id="behind, rising"),
        pytest.param([walk(department_id="d-1")], 9, [101, 11, 9], id="of one department"),
        pytest.param(
            [walk(department_id="d-1"), walk(department_id="d-0")],
            4,
            [101, 100, 11, 10],
            id="of two, merged",
        ),
        pytest.param(
            [walk(department_id="d-1"), walk(agent_id="a-2")],
            4,
            [101, 11, 9, 8],
            id="of two that share, each once",
        ),
        pytest.param([walk(department_id="d-1", state="solved")], 1, [101], id="and a state"),
        pytest.param([walk(department_id="d-1", state="new")], 9, [], id="none"),
        pytest.param([walk(department_id="d-1' OR 1=1 --")], 9, [], id="a value is a value"),
        pytest.param([], 9, [], id="no walk"),
    ],
)
async def test_ids_come_in_the_order_of_numbers(
    engine: Engine, tickets: Store, walks: list[Walk], limit: int, expected: list[int]
) -> None:
    found = await tickets.ordered_ids(walks, limit=limit)
    if engine.name == "neo4j":
        assert found is None, "its Cypher takes order from an index"
    else:
        assert found == [(f"T-{seq}", seq) for seq in expected]
