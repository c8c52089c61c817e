"""The sample company with a history and a model, opened as the product opens it."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.bearer import issue_token
from api.bootstrap import Platform, open_platform
from api.cli.listening import listen
from api.cli.serve import server_for
from api.services.seeding import load_files
from api.services.train import train
from api.settings import Settings, read_settings
from api.signin import local_actor
from graph.model import Actor
from seed.history import generate
from seed.plain import SAMPLE, company_rows
from tests.conftest import WIPE, Engine

TICKETS = 600
SECRET = "for tests only, " * 3
ADMIN = local_actor(("admin", "service"))


class Client:
    """Speaks GraphQL to one real server."""

    def __init__(self, http: httpx.AsyncClient, settings: Settings, state: Any = None) -> None:
        self.http, self.state = http, state
        self._settings = settings

    async def send(
        self, query: str, *, actor: Actor | None = None, **variables: Any
    ) -> httpx.Response:
        """One request; with ``actor``, under a token of theirs."""
        headers = {}
        if actor:
            token = issue_token(actor, self._settings, seconds=60)
            headers["authorization"] = f"Bearer {token}"
        body = {"query": query, "variables": variables}
        return await self.http.post("/graphql", json=body, headers=headers)

    async def ask(self, query: str, *, actor: Actor | None = None, **variables: Any) -> Any:
        """The whole body of a request that the server could read."""
        response = await self.send(query, actor=actor, **variables)
        assert response.status_code == 200, response.text
        return response.json()

    async def data(self, query: str, *, actor: Actor | None = None, **variables: Any) -> Any:
        """The data of a request without errors."""
        body = await self.ask(query, actor=actor, **variables)
        assert "errors" not in body, body
        return body["data"]


def write_history(target: Path, *, tickets: int = TICKETS) -> Path:
    """The same generated past for everybody."""
    rows = generate(company_rows(SAMPLE), tickets=tickets, random_seed=7)
    with target.open("w", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
    return target


@asynccontextmanager
async def serving(settings: Settings, platform: Platform) -> AsyncIterator[Client]:
    """A server on a free port, as ``deskgraph serve`` runs it, on a platform that is open."""
    own = replace(settings, port=0)
    listener = listen(own)
    server = server_for(own, replace(platform, settings=own))
    app: Any = server.config.app
    task = asyncio.create_task(server.serve(sockets=[listener]))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    try:
        async with httpx.AsyncClient(base_url=url, timeout=60) as http:
            yield Client(http, own, app.state)
    finally:
        server.should_exit = True
        await task


@asynccontextmanager
async def _loaded(settings: Settings, history: Path) -> AsyncIterator[Platform]:
    async with open_platform(settings) as platform:
        await load_files(platform, ADMIN, SAMPLE)
        await load_files(platform, ADMIN, history)
        yield platform


def settings_in(folder: Path, *, url: str, given: Sequence[str | None] = ()) -> Settings:
    """What a platform of its own needs, whose keys and models stay in ``folder``."""
    user, password = given or (None, None)
    return read_settings(
        {},
        graph_url=url,
        graph_user=user or "",
        graph_password=password or "",
        graph_linger_seconds=0.0,
        master_key_file=folder / "master.key",
        models=folder / "models",
    )


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six hundred tickets in a file."""
    return write_history(tmp_path_factory.mktemp("history") / "tickets.jsonl")


@pytest.fixture(scope="package")
async def embedded_platform(
    tmp_path_factory: pytest.TempPathFactory, history: Path
) -> AsyncIterator[Platform]:
    """On an embedded graph of its own."""
    folder = tmp_path_factory.mktemp("platform")
    settings = settings_in(folder, url=f"embedded:{folder / 'graph'}")
    async with _loaded(settings, history) as platform:
        await train(platform, ADMIN)
        yield platform


@pytest.fixture(scope="package")
async def neo4j_platform(
    neo4j_engine: Engine,
    embedded_platform: Platform,
    tmp_path_factory: pytest.TempPathFactory,
    history: Path,
) -> AsyncIterator[Platform]:
    """On the real Neo4j, which is left empty; training is slow, so the model is the other's."""
    store = await neo4j_engine.open()
    await store.write(WIPE)
    settings = settings_in(
        tmp_path_factory.mktemp("platform"),
        url=neo4j_engine.url,
        given=(neo4j_engine.user, neo4j_engine.password),
    )
    settings = replace(settings, models=embedded_platform.settings.models)
    async with _loaded(settings, history) as platform:
        yield platform
    await store.write(WIPE)
    await store.close()


@pytest.fixture(scope="package", params=["embedded", "neo4j"])
def engine(request: pytest.FixtureRequest) -> str:
    """Name of the engine; here it selects a platform."""
    return str(request.param)


@pytest.fixture(scope="package")
def platform(engine: str, request: pytest.FixtureRequest) -> Platform:
    """Every engine's platform in turn."""
    found = request.getfixturevalue(f"{engine}_platform")
    assert isinstance(found, Platform)
    return found


@pytest.fixture(scope="package")
async def client(platform: Platform) -> AsyncIterator[Client]:
    """Without sign-in: every request is the local actor with the role ``service``."""
    async with serving(platform.settings, platform) as found:
        yield found


@pytest.fixture(scope="package")
async def signed(platform: Platform) -> AsyncIterator[Client]:
    """With sign-in: a request without a token is anonymous."""
    async with serving(replace(platform.settings, token_secret=SECRET), platform) as found:
        yield found
