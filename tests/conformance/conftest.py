"""A store on an empty graph whose schema has the suite's own things."""

from collections.abc import AsyncIterator

import pytest

from graph.store import Store
from tests.conformance.things import ITEMS
from tests.conftest import WIPE, Engine


@pytest.fixture(scope="session")
async def prepared(engine: Engine) -> AsyncIterator[Store]:
    store = await engine.open(ITEMS)
    await store.apply(ITEMS)
    yield store
    await store.close()


@pytest.fixture
async def things(prepared: Store) -> Store:
    await prepared.write(WIPE)
    return prepared
