"""What is asked most has been asked before anybody waits for it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

import pytest

from api.bootstrap import Platform
from api.cli.running import actor_with
from api.services import rehearsing
from api.services.ask import ask
from graph.errors import UnavailableError
from graph.queries import Query
from graph.rehearsal import rehearse
from graph.selection.asker import Asker, asker_of
from graph.store import Rows, Store
from tests.builders import run

ASKED = (
    "How much is the Air Purifier Pro 2?",
    "空气净化器 Pro 2 保修多久？",
    "Which department handles double charge?",
    "重复扣款归哪个部门管？",
)


class Listening:
    """A store that remembers the texts it reads by."""

    def __init__(self, platform: Platform) -> None:
        self._store = platform.store
        self.texts: list[str] = []
        self.names: list[str] = []

    @property
    def store(self) -> Store:
        """Itself, as what it stands before."""
        return cast("Store", self)

    async def read(self, query: str | Query, /, **parameters: Any) -> Rows:
        if isinstance(query, Query):
            self.texts.append(query.text)
        else:
            self.names.append(query)
        return await self._store.read(query, **parameters)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def askers(platform: Platform, roles: Sequence[str]) -> list[Asker]:
    actors = [actor_with((role,)) for role in roles]
    return [asker_of(platform.rights(actor), actor) for actor in actors]


@pytest.mark.parametrize("role", ["agent", "customer", "service"])
async def test_plain_questions_are_read_as_they_were_rehearsed(
    platform: Platform, role: str
) -> None:
    before, after = Listening(platform), Listening(platform)
    shapes = await rehearse(before.store, askers(platform, [role]), seconds=60)
    assert shapes == len(before.texts) == len(set(before.texts)) > 0
    for question in ASKED:
        listening = replace(platform, store=after.store)
        answer = await ask(listening, actor_with((role,)), question)
        assert answer.kind == "fact", question
    assert set(after.texts) <= set(before.texts)


async def test_a_shape_that_roles_share_is_rehearsed_once(platform: Platform) -> None:
    listening = Listening(platform)
    shapes = await rehearse(
        listening.store, askers(platform, ["agent", "analyst", "service"]), seconds=60
    )
    assert shapes == len(listening.texts) == len(set(listening.texts))


async def test_rehearsal_ends_when_its_time_is_over(platform: Platform) -> None:
    assert await rehearse(platform.store, askers(platform, ["service"]), seconds=0) == 0


async def test_routes_are_rehearsed_by_what_people_write_about_every_issue(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    issues = [one for one in platform.extractor.knowledge.names.values() if one.examples]
    monkeypatch.setattr(rehearsing, "_PREVIEWS", len(issues))
    listening = Listening(platform)
    before = await run(platform.store, "MATCH (n) RETURN count(n) AS count")
    await rehearsing.rehearse(replace(platform, store=listening.store))
    assert listening.names.count("route-candidates") == len(issues) > 30
    assert listening.texts, "and what is asked is rehearsed, too"
    assert await run(platform.store, "MATCH (n) RETURN count(n) AS count") == before


@pytest.mark.parametrize(
    ("error", "level"), [(UnavailableError("away"), "WARNING"), (KeyError("Ticket"), "ERROR")]
)
async def test_a_rehearsal_that_fails_lets_the_server_start(
    platform: Platform,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    level: str,
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise error

    listening = Listening(platform)
    monkeypatch.setattr(listening, "read", away)
    await rehearsing.rehearse(replace(platform, store=listening.store))
    assert [one.levelname for one in caplog.records if one.name == "deskgraph.rehearsal"] == [level]
