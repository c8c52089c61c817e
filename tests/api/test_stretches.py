"""One query or several: what is answered is the same, and never of two policies."""

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import pytest

from api.bootstrap import Platform
from api.plan import stretch
from api.plan.cache import Memory
from graph.queries import Query
from graph.store import Rows, Store
from tests.api.conftest import SECRET, Client, serving
from tests.api.documents import document, plain, settled
from tests.api.recording import Recorder
from tests.api.test_attacks import ACTORS
from tests.builders import run

SHARED = """{ tickets(first: %d) { edges { node { id department { nameEn
  agents(first: 20) { totalCount edges { cursor node { nameEn skills(first: 5) {
    edges { node { id nameZh } } } } } } } } } } }"""
FANNED = (
    SHARED % 40,
    """{ products(first: 20) { edges { node { id tickets(first: 5) { totalCount edges {
      cursor node { customer { name identities(first: 3) { edges { node { kind value } } } }
      mentions(first: 3) { edges { node { __typename ... on Product { nameEn
        issues(first: 5) { edges { node { id departments(first: 2) { groups(by: [TRIAGE]) {
          count } edges { node { id } } } } } } } } } }
      receipt { confidence } } } } } } } }""",
    """{ tickets(first: 30) { groups(by: [DEPARTMENT]) { count key { department { nameEn
      agents(first: 9) { edges { node { id } } } } } } edges { node { allowedTransitions
      messages(last: 2) { pageInfo { hasPreviousPage } edges { node { text ticket { id } } } }
      other: messages(first: 1) { edges { node { createdAt } } } } } } }""",
)
NEVER, ALWAYS = 1_000_000_000, -1


def begin(patch: pytest.MonkeyPatch, *, most: float) -> None:
    """A query begins where more than so many nodes are expected once more."""
    patch.setattr(stretch, "AGAIN", most)


@pytest.mark.parametrize("role", ACTORS)
async def test_several_queries_answer_what_one_does(
    role: str, signed: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(role)
    drawn = [plain(*document(chance)) for _ in range(3)]
    for text in (*FANNED, *drawn):
        begin(monkeypatch, most=NEVER)
        one = await signed.ask(text, actor=ACTORS[role])
        begin(monkeypatch, most=ALWAYS)
        several = await signed.ask(text, actor=ACTORS[role])
        for body in (one, several):
            for error in body.get("errors", ()):
                del error["extensions"]["requestId"]
        assert settled(one) == settled(several), text


MOVE = "MATCH (e:Epoch {id: 'policy'}) SET e.value = e.value + $by"


class Moving(Recorder):
    """Another policy comes into force, and the former again: by how much after which read."""

    moves: Mapping[int, int] = {}

    async def read(self, query: str | Query, /, **parameters: Any) -> Rows:
        before = len(self.seen)
        rows = await super().read(query, **parameters)
        if len(self.seen) > before and (by := self.moves.get(len(self.seen))):
            await run(self.store, MOVE, by=by)
        return rows


async def test_what_several_rows_lead_to_is_read_once_and_under_one_policy(
    platform: Platform,
) -> None:
    moving = Moving(platform.store)
    own = replace(
        platform,
        store=cast("Store", moving),
        settings=replace(platform.settings, token_secret=SECRET),
        memory=Memory(),
    )
    await own.measure()
    text, actor = SHARED % 60, ACTORS["service"]
    async with serving(own.settings, own) as client:
        whole = await client.data(SHARED % 3, actor=actor)
        assert len(moving.seen) == 1, "few nodes are no reason for another query"
        moving.seen.clear()
        found = await client.data(text, actor=actor)
        assert [one.name for one in moving.seen] == ["request-ticket", "request-department"]
        ids = moving.seen[1].given["ids"]
        assert len(ids) == len(set(ids)) < 60
        assert found["tickets"]["edges"][:3] == whole["tickets"]["edges"]
        # Replaced between the two, and back by the time it is tried again.
        moving.seen.clear()
        moving.moves = {1: 1, 2: -1}
        assert await client.data(text, actor=actor) == found
        assert [one.name for one in moving.seen] == ["request-ticket", "request-department"] * 2
        moving.seen.clear()
        moving.moves = {1: 1}
        try:
            body = await client.ask(text, actor=actor)
        finally:
            await run(platform.store, MOVE, by=-1)
        assert body["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
        assert body["data"] == {"tickets": None}
