"""What every test may use: engines, an empty store, and no network but this machine's."""

import os
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from graph.engines import open_store
from graph.queries import Mode, Query, load_catalogue
from graph.schema import INDEXES
from graph.store import SchemaItem, Store
from tests.neo4j_server import VERSION, Neo4jServer, SetupError, is_provisioned

WIPE = Query(name="wipe", mode=Mode.WRITE, parameters=frozenset(), text="MATCH (n) DETACH DELETE n")
_PREFIX = "DESKGRAPH_TEST_NEO4J_"
_URL = f"{_PREFIX}URL"
_PULL_SECONDS = 60
_SHARING = "tests/api/"
_HALF = "tests/api/test_k"
_ON_NEO4J = ("engine", "neo4j")
_SEEN_VERSION = pytest.StashKey[str]()
_OUTPUT = "neo4j_version"


@dataclass(frozen=True, kw_only=True, slots=True)
class Engine:
    """One running engine; ``open`` gives another store on the same data."""

    name: str
    url: str
    user: str | None = None
    password: str | None = None

    async def open(self, items: Sequence[SchemaItem] = INDEXES) -> Store:
        """A store of its own, to be closed by who opened it."""
        return await open_store(
            self.url,
            catalogue=load_catalogue(),
            items=items,
            user=self.user,
            password=self.password,
            linger_seconds=0,
        )


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--neo4j-version``: which of the versions that were set up; ``--write-compiled``."""
    parser.addoption("--neo4j-version", default=VERSION, help=f"default {VERSION}")
    parser.addoption("--write-compiled", action="store_true", help="see tests/api/test_compiled.py")


def pytest_configure() -> None:
    """Close the network: a test that reaches out fails, wherever it runs."""
    # Busy machines are no bugs, and the same commit finds the same examples everywhere.
    settings.register_profile("desk", deadline=None, derandomize=True)
    settings.load_profile("desk")
    allowed = {"127.0.0.1", "::1", "localhost"}
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def refuse(address: Any) -> None:
        outside = isinstance(address, tuple) and address[0] not in allowed
        if outside and address[0] not in os.environ.get(_URL, ""):
            raise PermissionError(f"tests reach this machine only, not {address[0]}")

    def guarded(self: socket.socket, address: Any) -> None:
        refuse(address)
        connect(self, address)

    def guarded_ex(self: socket.socket, address: Any) -> int:
        refuse(address)
        return connect_ex(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign, assignment]
    socket.socket.connect_ex = guarded_ex  # type: ignore[method-assign, assignment]


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Two processes for the whole suite; none for a part of it, or where a server is shared."""
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS and not config.option.keyword
    return 2 if whole and _URL not in os.environ and (os.cpu_count() or 1) > 1 else 0


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Hands out files; in two halves those of the folder whose fixtures are dear."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(_SHARING):
            return f"{_SHARING}{nodeid < _HALF}"
        return nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    """See ``Scheduling``."""
    return Scheduling(config, log)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what runs on a real Neo4j."""
    parameters = (
        item.callspec.params
        if isinstance(item, pytest.Function) and hasattr(item, "callspec")
        else {}
    )
    fixtures = getattr(item, "fixturenames", ())
    if parameters.get("engine") == "neo4j" or "neo4j_engine" in fixtures:
        item.user_properties.append(_ON_NEO4J)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A process of the suite has ended: which Neo4j it ran on."""
    if version := getattr(node, "workeroutput", {}).get(_OUTPUT):
        node.config.stash[_SEEN_VERSION] = version


def pytest_terminal_summary(terminalreporter: Any, exitstatus: int, config: pytest.Config) -> None:
    """One line on the real Neo4j, so that a skipped engine cannot pass unnoticed."""
    counts = {
        kind: len(
            {
                report.nodeid
                for report in terminalreporter.stats.get(kind, ())
                if _ON_NEO4J in report.user_properties
            }
        )
        for kind in ("passed", "skipped")
    }
    if any(counts.values()):
        version = config.stash.get(_SEEN_VERSION, config.getoption("--neo4j-version"))
        terminalreporter.write_line(
            f"neo4j {version}: {counts['passed']} passed, {counts['skipped']} skipped"
        )


@pytest.fixture(scope="session")
async def embedded_engine(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Engine]:
    """One embedded graph for the session; a store of ours holds its lease."""
    engine = Engine(name="embedded", url=f"embedded:{tmp_path_factory.mktemp('graph')}")
    holder = await engine.open()
    yield engine
    await holder.close()


@pytest.fixture(scope="session")
async def neo4j_engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Engine]:
    """A real Neo4j: the one named by the environment, set up here, or in a container."""
    version = request.config.getoption("--neo4j-version")
    for engine in _neo4j(version, tmp_path_factory.mktemp("neo4j")):
        store = await engine.open()
        found = (await store.describe())["version"]
        request.config.stash[_SEEN_VERSION] = found
        getattr(request.config, "workeroutput", {})[_OUTPUT] = found
        await store.close()
        yield engine


@pytest.fixture(scope="session", params=["embedded", "neo4j"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Every engine in turn."""
    found = request.getfixturevalue(f"{request.param}_engine")
    assert isinstance(found, Engine)
    return found


@pytest.fixture(scope="session")
async def session_store(engine: Engine) -> AsyncIterator[Store]:
    """One store per engine, for the tests that do not close it."""
    store = await engine.open()
    yield store
    await store.close()


@pytest.fixture
async def store(session_store: Store) -> Store:
    """An empty graph. Constraints and indexes of earlier tests may still be there."""
    await session_store.write(WIPE)
    return session_store


def _neo4j(version: str, directory: Path) -> Iterator[Engine]:
    url = os.environ.get(_URL)
    if url:
        user, password = (
            os.environ.get(f"{_URL[:-4]}_USER"),
            os.environ.get(f"{_URL[:-4]}_PASSWORD"),
        )
        yield Engine(name="neo4j", url=url, user=user, password=password)
    elif is_provisioned(version):
        yield from _provisioned(version, directory)
    else:
        yield from _container(version)


def _provisioned(version: str, directory: Path) -> Iterator[Engine]:
    server = Neo4jServer(directory, version)
    try:
        server.start()
    except SetupError as error:
        pytest.fail(str(error))
    try:
        yield Engine(name="neo4j", url=server.url)
    finally:
        server.stop()


def _container(version: str) -> Iterator[Engine]:
    image = f"neo4j:{version}-community"
    reason = _missing(image)
    if reason:
        _absent(f"no Neo4j: {reason}; run 'make setup-neo4j' or set {_URL}")
    # Imported here: the library looks for a Docker engine when it is imported.
    from testcontainers.neo4j import Neo4jContainer  # noqa: PLC0415

    with Neo4jContainer(image) as container:
        yield Engine(
            name="neo4j",
            url=container.get_connection_url(),
            user=container.username,
            password=container.password,
        )


def _missing(image: str) -> str:
    """Why ``image`` cannot be run here, or nothing."""
    for command, limit in (
        (["docker", "info"], 10),
        (["docker", "pull", "--quiet", image], _PULL_SECONDS),
    ):
        try:
            if command[1] == "pull" and not _run(["docker", "image", "inspect", image], 10):
                return ""
            problem = _run(command, limit)
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"{' '.join(command)}: {type(error).__name__}"
        if problem:
            return f"{' '.join(command)}: {problem}"
    return ""


def _run(command: list[str], limit: int) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False)
    return (done.stderr.strip().splitlines() or ["failed"])[-1] if done.returncode else ""


def _absent(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
