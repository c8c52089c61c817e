"""What goes in comes out, on every engine alike."""

from typing import Any

import pytest

from graph.store import Store
from tests.conformance.things import FILL, GET, SAVE, query, writing

INSTANT = 1_767_225_600_123


@pytest.mark.parametrize(
    "value",
    [
        "空调 AC-1 \u0000\U0001f4a1 'quoted' \"twice\" \\",
        INSTANT,
        -1,
        2**53 + 1,
        0.1,
        True,
        False,
        ["a", "空"],
        [1, 2, 3],
        [0.5, 1.5],
        [],
    ],
    ids=repr,
)
async def test_a_value_round_trips_exactly(things: Store, value: Any) -> None:
    await things.write(SAVE, id="a", value=value)
    ((row),) = await things.read(GET, id="a")
    assert (row["value"], type(row["value"])) == (value, type(value))


async def test_none_removes_a_property_and_reads_as_none(things: Store) -> None:
    await things.write(SAVE, id="a", value=1)
    await things.write(SAVE, id="a", value=None)
    assert await things.read(GET, id="a") == [{"id": "a", "value": None}]
    assert await things.read(query("RETURN $x AS x, $x IS NULL AS none"), x=None) == [
        {"x": None, "none": True}
    ]


async def test_maps_and_nested_lists_are_returned_as_plain_values(things: Store) -> None:
    await things.write(FILL, rows=[{"id": "a", "rank": 1}, {"id": "b", "rank": 2}])
    rows = await things.read(
        query("MATCH (n:Thing) WITH n ORDER BY n.rank RETURN collect([n.id, {rank: n.rank}]) AS x")
    )
    assert rows == [{"x": [["a", {"rank": 1}], ["b", {"rank": 2}]]}]


async def test_no_match_is_no_row(things: Store) -> None:
    assert await things.read(GET, id="absent") == []


async def test_many_thousands_of_rows_come_in_order(things: Store) -> None:
    rows = await things.read(query("UNWIND range(1, 25000) AS n RETURN n ORDER BY n DESC"))
    assert [row["n"] for row in rows] == list(range(25000, 0, -1))


async def test_a_value_read_is_what_was_given(things: Store) -> None:
    given = {"a": [1, 2.0, None, '空"\\', True], "b": [], "c": {"d": [2**53 + 1, -1]}, "e": 1e300}
    assert await things.read(
        query("RETURN $x AS x, $y AS y, [v IN $z | v + 1] AS z"), x=given, y=[0.5, 1.0], z=[1, 2]
    ) == [{"x": given, "y": [0.5, 1.0], "z": [2, 3]}]


async def test_none_comes_last_ascending_and_first_descending(things: Store) -> None:
    await things.write(FILL, rows=[{"id": "a", "rank": 2}, {"id": "b"}, {"id": "c", "rank": 1}])
    up = await things.read(query("MATCH (n:Thing) RETURN n.id AS id ORDER BY n.rank"))
    down = await things.read(query("MATCH (n:Thing) RETURN n.id AS id ORDER BY n.rank DESC"))
    assert [row["id"] for row in up] == ["c", "a", "b"]
    assert [row["id"] for row in down] == ["b", "a", "c"]


async def test_text_is_ordered_by_code_point(things: Store) -> None:
    ids = ["空", "b", "B", "_", "é", "a", "9", "A", "调"]
    await things.write(FILL, rows=[{"id": id_} for id_ in ids])
    rows = await things.read(query("MATCH (n:Thing) RETURN n.id AS id ORDER BY n.id"))
    assert [row["id"] for row in rows] == sorted(ids)


async def test_labels_properties_and_ids_keep_their_case(things: Store) -> None:
    await things.write(writing("CREATE (:Thing {id: 'a', Value: 1}), (:THING {id: 'a', value: 2})"))
    await things.write(SAVE, id="A", value=3)
    assert await things.read(GET, id="a") == [{"id": "a", "value": None}]
    assert await things.read(GET, id="A") == [{"id": "A", "value": 3}]
    assert await things.read(query("MATCH (n:THING) RETURN n.value AS value")) == [{"value": 2}]


async def test_keyset_pages_meet_without_gap_or_repeat(things: Store) -> None:
    ids = [f"t{number:03}" for number in range(95)]
    await things.write(FILL, rows=[{"id": id_, "rank": int(id_[1:]) // 10} for id_ in ids])
    page = query(
        "MATCH (n:Thing) WHERE n.rank <= $rank AND (n.rank < $rank OR n.id < $id) "
        "RETURN n.id AS id, n.rank AS rank ORDER BY n.rank DESC, n.id DESC LIMIT 10"
    )
    seen: list[str] = []
    last: dict[str, Any] = {"id": "~", "rank": 1_000}
    while rows := await things.read(page, **last):
        seen += [row["id"] for row in rows]
        last = rows[-1]
    assert seen == sorted(ids, reverse=True)
