"""What is asked most has been asked before anybody waits for it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

import pytest

from api.bootstrap import Platform
from api.cli.running import actor_with
from api.services.ask import ask
from graph.queries import Query
from graph.rehearsal import rehearse
from graph.selection.asker import Asker, asker_of
from graph.store import Rows, Store

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

    @property
    def store(self) -> Store:
        """Itself, as what it stands before."""
        return cast("Store", self)

    async def read(self, query: str | Query, /, **parameters: Any) -> Rows:
        if isinstance(query, Query):
            self.texts.append(query.text)
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
