"""The compiler against an evaluator that shares no code with it, on every engine."""

import random
from typing import Any

import pytest

from graph.errors import ForbiddenArgumentError, ForbiddenError
from graph.rights import Rights
from graph.scopes import scope_values
from graph.selection.compiler import Compiled, compile_request
from graph.selection.request import Request
from graph.store import Store
from tests.conftest import WIPE
from tests.graph.evaluator import Evaluator, World, refused
from tests.graph.worlds import Asker, make_actor, make_rights, make_world, write_world

WORLD = make_world(seed=3)


@pytest.fixture(scope="module")
async def world(indexed: Store) -> Store:
    await indexed.write(WIPE)
    await write_world(indexed, WORLD)
    return indexed


def compiled(request: Request, rights: Rights) -> Compiled | None:
    try:
        return compile_request(request, rights)
    except (ForbiddenError, ForbiddenArgumentError):
        return None


@pytest.mark.parametrize("seed", range(8))
async def test_every_answer_is_what_rights_and_data_give(world: Store, seed: int) -> None:
    answered = 0
    chance = random.Random(seed)
    for _ in range(25):
        answered += await compare(world, WORLD, chance)
    assert answered > 5


async def compare(store: Store, world: World, chance: random.Random) -> bool:
    """Ask one random question of both; whether it was one that may be asked."""
    rights, actor, asker = make_rights(chance), make_actor(chance), Asker(chance, world)
    request = asker.request()
    found = compiled(request, rights)
    assert (found is None) == refused(request, rights), request
    if found is None:
        return False
    given = {**asker.values, **{str(scope): ids for scope, ids in scope_values(actor).items()}}
    (row,) = await store.read(found.query, given=given)
    judge = Evaluator(world=world, rights=rights, actor=actor, values=asker.values)
    expected = judge.answer(request)
    assert row["epoch"] == 7
    actual = row["page"] if request.page else row["nodes"]
    if request.ids:
        actual, expected = sorted(actual, key=repr), sorted(expected, key=repr)
    assert _plain(actual) == _plain(expected), (found.query.text, given)
    return True


def _plain(value: Any) -> Any:
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
