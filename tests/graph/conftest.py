"""The tiny company, on every engine."""

import pytest

from graph.schema import INDEXES
from graph.store import Store
from tests.builders import make_company
from tests.conftest import WIPE


@pytest.fixture(scope="session")
async def indexed(session_store: Store) -> Store:
    """A store whose constraints and indexes exist."""
    await session_store.apply(INDEXES)
    return session_store


@pytest.fixture
async def desk(indexed: Store) -> Store:
    """The tiny company and nothing else."""
    await indexed.write(WIPE)
    await make_company(indexed)
    return indexed
