"""Constraints, indexes and search mean the same on every engine."""

import asyncio

import pytest

from graph.schema import INDEXES
from graph.store import Store
from tests.conformance.things import FILL, ITEMS, SEARCH
from tests.conftest import Engine


async def test_applying_the_schema_again_changes_nothing(things: Store) -> None:
    await things.apply(ITEMS)
    await things.apply(ITEMS)


async def test_the_shipped_schema_applies(engine: Engine) -> None:
    store = await engine.open()
    await store.apply(INDEXES)
    await store.apply(INDEXES)
    await store.close()


@pytest.fixture
async def shelf(things: Store) -> Store:
    rows = [
        {"id": "ac", "words": "空 调 空调 不 制 冷 制冷 漏 水"},
        {"id": "purifier", "words": "净 化 器 净化 化器 pro 滤 芯"},
        {"id": "twice", "words": "漏 水 漏水 漏水 漏水"},
        {"id": "once", "words": "漏 水 漏水 的 洗 衣 机 洗衣 衣机 在 厨 房 里 面"},
    ]
    await things.write(FILL, rows=rows)
    await things.settle()
    return things


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("空调", {"ac"}),
        ("调", {"ac"}),
        ("净化", {"purifier"}),
        ("pro", {"purifier"}),
        ("调不", set()),
        ("空调 OR 滤", {"ac", "purifier"}),
        ("空调 AND 滤", set()),
        ("水 AND NOT 空调", {"twice", "once"}),
    ],
)
async def test_words_are_found_whole_and_as_they_were_split(
    shelf: Store, words: str, found: set[str]
) -> None:
    rows = await shelf.read(SEARCH, words=words)
    assert {row["id"] for row in rows} == found


async def test_the_better_match_comes_first(shelf: Store) -> None:
    rows = await shelf.read(SEARCH, words="漏水")
    assert [row["id"] for row in rows] == ["twice", "once"]


async def test_search_sees_what_was_written_before_it_settled(shelf: Store) -> None:
    await shelf.write(FILL, rows=[{"id": "new", "words": "冰 箱 冰箱"}])
    await shelf.settle()
    assert await shelf.read(SEARCH, words="冰箱") == [{"id": "new"}]


async def test_search_sees_what_was_written_a_second_ago(shelf: Store) -> None:
    await shelf.write(FILL, rows=[{"id": "new", "words": "冰 箱 冰箱"}])
    await asyncio.sleep(1)
    assert await shelf.read(SEARCH, words="冰箱") == [{"id": "new"}]
