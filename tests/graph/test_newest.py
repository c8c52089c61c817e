"""Tickets found by words, newest first: looked for among the newest of all, then everywhere."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from graph.fields import FIELDS, TIERS
from graph.queries import Mode, Query
from graph.rights import Rights, Scope, Show
from graph.schema import KNOWLEDGE_INDEX
from graph.selection import newest
from graph.selection.compiler import compile_request
from graph.selection.reading import read_request
from graph.selection.request import Matches, Page, Request, Selected, words_of
from graph.sequence import Sequence, ages
from graph.store import Row, Store
from graph.vocabulary import Label
from tests.builders import forget, make_nodes, run

SEEN = Rights(
    roles=frozenset({"tester"}),
    epoch=1,
    cells={
        (name, action): {Scope.ANY: Show.FULL} for name in TIERS for action in ("read", "filter")
    },
)
FOUND = Query(
    name="found",
    mode=Mode.READ,
    parameters=frozenset({"search"}),
    text="CALL db.index.fulltext.queryNodes($index, $search) YIELD node RETURN node.id AS id",
    index=KNOWLEDGE_INDEX,
)
ID = FIELDS[Label.TICKET]["id"]
NODES = Selected(label=Label.TICKET, parts=(ID,))


def history(tickets: int) -> list[Row]:
    """Tickets at uneven distances, from seconds to weeks; ``rare``, ``some`` and ``every``."""
    random, numbers, at, rows = Random(7), Sequence(), 1_700_000_000_000, []
    for number in range(tickets):
        at += int(10 ** random.uniform(0, 9))
        seq = numbers.next(at)
        said = ["every", *(["some"] if number % 3 == 0 else []), *(["rare"] if number < 9 else [])]
        text = f"{' '.join(said)} {ages(seq)}"
        rows.append({"id": f"T-{number:03}", "seq": seq, "search_text": text})
    return rows


async def pages(store: Store, word: str, *, size: int) -> list[str]:
    """Ids of every page in turn, from the first to the last."""
    found: list[str] = []
    after: list[Any] | None = None
    while True:
        page = Page(size="size", after="after" if after else None, filter=Matches(slot="said"))
        compiled = compile_request(Request(nodes=NODES, page=page), SEEN)
        given = {"size": size, "after": after or [], **words_of("said", [word])}
        row = await read_request(store, compiled, given)
        rows = row["page"][0]
        if not rows:
            return found
        found += [node[0] for _, node in rows]
        after = rows[-1][0]


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(newest, "AMONG", 12)
    monkeypatch.setattr(newest, "_RECENT", 12)
    forget()
    yield
    forget()


@pytest.fixture
async def told(desk: Store) -> list[Row]:
    rows = history(90)
    await make_nodes(desk, Label.TICKET, rows)
    await desk.settle()
    return rows


@pytest.mark.parametrize("word", ["every", "some", "rare", "none"])
@pytest.mark.parametrize("size", [1, 4, 50])
async def test_pages_have_every_ticket_once_and_newest_first(
    desk: Store, told: list[Row], word: str, size: int
) -> None:
    expected = [row["id"] for row in reversed(told) if f"{word} " in row["search_text"]]
    assert await pages(desk, word, size=size) == expected


async def test_what_is_not_rare_is_found_among_the_newest(desk: Store, told: list[Row]) -> None:
    words = await newest.among_newest(desk, "+every", behind=None)
    assert words is not None
    found = await desk.read(FOUND, search=words)
    assert 12 <= len(found) < len(told)
    assert {row["id"] for row in found} == {row["id"] for row in told[-len(found) :]}


async def test_a_short_list_is_read_whole(desk: Store) -> None:
    assert await newest.among_newest(desk, "+every", behind=None) is None


async def test_where_there_are_none_there_are_no_more(desk: Store) -> None:
    await run(desk, "MATCH (t:Ticket) DETACH DELETE t")
    assert not await newest.has_more(desk, 0)


async def test_whether_there_are_more_is_known(desk: Store, told: list[Row]) -> None:
    assert await newest.has_more(desk, len(told) - 1)
    assert not await newest.has_more(desk, len(told))


async def test_the_newest_are_found_by_few_words(desk: Store, told: list[Row]) -> None:
    words = await newest.recent_ages(desk)
    assert words is not None
    assert len(words.split()) <= 4
    found = await desk.read(FOUND, search=f"+every +({words})")
    assert len(found) >= 12
    assert {row["id"] for row in found} >= {row["id"] for row in told[-12:]}


async def test_of_few_tickets_all_are_looked_at(
    desk: Store, told: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newest, "_RECENT", len(told))
    assert await newest.recent_ages(desk) is None
