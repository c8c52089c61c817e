"""What documents become, as files to read: ``compiled/NAME.graphql`` and ``compiled/NAME.cypher``.

A document's first line names its role, its last one holds its variables. ``pytest
tests/api/test_compiled.py --write-compiled`` writes the answers anew; read the difference.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from api.bootstrap import Platform
from api.plan.cache import Memory
from graph.selection.lead import ORDERED
from graph.store import Store
from tests.api.conftest import SECRET, Client, serving
from tests.api.recording import Recorder
from tests.api.test_attacks import ACTORS

FOLDER = Path(__file__).with_name("compiled")
DOCUMENTS = sorted(path.stem for path in FOLDER.glob("*.graphql"))


@pytest.fixture(scope="module")
async def own(embedded_platform: Platform) -> Platform:
    """A platform that remembers what it compiled here and asked of the graph."""
    return replace(
        embedded_platform,
        store=cast("Store", Recorder(embedded_platform.store)),
        settings=replace(embedded_platform.settings, token_secret=SECRET),
        memory=Memory(),
    )


@pytest.fixture(scope="module")
async def watched(own: Platform) -> AsyncIterator[Client]:
    async with serving(own.settings, own) as client:
        yield client


@pytest.mark.parametrize("name", DOCUMENTS)
async def test_a_document_becomes_the_query_that_was_read(
    name: str, watched: Client, own: Platform, pytestconfig: pytest.Config
) -> None:
    query = (FOLDER / f"{name}.graphql").read_text("utf-8")
    first, *_, last = query.strip().splitlines()
    role = first.removeprefix("# role:").strip()
    await watched.data(query, actor=ACTORS[role], **json.loads(last.removeprefix("#")))
    found = compiled(own)
    path = FOLDER / f"{name}.cypher"
    if pytestconfig.getoption("--write-compiled"):
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text("utf-8")


def compiled(own: Platform) -> str:
    """The query compiled last, as any engine can run it, below the values it was given."""
    plan: Any = next(reversed(own.memory.plans._kept.values()))
    seen = cast("Recorder", own.store).seen[-1]
    given = {key: value for key, value in sorted(seen.given.items()) if key != ORDERED}
    values = json.dumps(given, ensure_ascii=False, indent=1).replace("\n", "\n// ")
    return f"// given = {values}\n\n{plan.compiled.query.text}\n"
