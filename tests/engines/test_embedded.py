"""The embedded graph's process: shared, never orphaned, never half-dead, clear when it refuses."""

import asyncio
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from graph.engines import open_store
from graph.engines.child import DATABASE
from graph.engines.embedded import Folder
from graph.engines.lock import file_lock
from graph.engines.port import Port
from graph.errors import EngineError, GraphError, UnavailableError
from graph.queries import Mode, Query
from graph.store import Rows, Store, Transaction
from tests.engines.user import ADD

ROOT = Path(__file__).resolve().parents[2]
COUNT = Query(
    name="count",
    mode=Mode.READ,
    parameters=frozenset(),
    text="MATCH (n:Thing) RETURN count(n) AS count",
)
WIPE = Query(name="wipe", mode=Mode.WRITE, parameters=frozenset(), text="MATCH (n) DETACH DELETE n")
needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")


class User:
    """Another process with the graph open."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.engines.user", f"embedded:{folder}", name],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def wait_open(self) -> None:
        assert self._line() == "open"

    def add(self) -> None:
        assert self.process.stdin
        self.process.stdin.write("add\n")
        self.process.stdin.flush()
        assert self._line() == self.name

    def leave(self) -> None:
        self.process.communicate(timeout=20)

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=20)

    def _line(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()


@pytest.fixture
def user(folder: Path) -> Iterator[Callable[[str], User]]:
    users: list[User] = []

    def start(name: str) -> User:
        users.append(User(folder, name))
        return users[-1]

    yield start
    for each in users:
        if each.process.poll() is None:
            each.kill()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One graph for all that do not damage it."""
    return tmp_path_factory.mktemp("engines") / "graph"


@pytest.fixture
async def store(folder: Path) -> AsyncIterator[Store]:
    opened = await open_store(f"embedded:{folder}", catalogue={}, linger_seconds=0)
    await opened.write(WIPE)
    yield opened
    await opened.close()


def child(folder: Path) -> int:
    """The process id of the one that serves ``folder``."""
    return int(json.loads((folder / "server.json").read_text())["pid"])


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


async def ended(pid: int, *, seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while is_running(pid) and time.monotonic() < deadline:  # noqa: ASYNC110 - no event from outside
        await asyncio.sleep(0.05)
    return not is_running(pid)


@needs_posix
async def test_users_share_one_process_that_outlives_its_starter(
    folder: Path, user: Callable[[str], User]
) -> None:
    starter, other = user("starter"), user("other")  # at the same moment
    starter.wait_open()
    other.wait_open()
    pid = child(folder)
    starter.add()
    starter.kill()
    other.add()
    assert is_running(pid)
    other.leave()
    assert await ended(pid)
    assert not (folder / "server.json").exists()


@needs_posix
async def test_a_killed_user_leaves_no_orphan(folder: Path, user: Callable[[str], User]) -> None:
    only = user("only")
    only.wait_open()
    pid = child(folder)
    only.kill()
    assert await ended(pid)


@needs_posix
async def test_the_graph_comes_back_when_its_process_is_killed(folder: Path, store: Store) -> None:
    await store.write(ADD, id="kept")
    pid = child(folder)
    os.kill(pid, signal.SIGKILL)
    assert await store.read(COUNT) == [{"count": 1}]
    assert child(folder) != pid


async def test_reads_take_the_short_way_and_what_that_refuses_is_told_by_the_driver(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.write(ADD, id="kept")
    ways: list[bool] = []
    short = Port.read

    async def told(port: Port, text: str, values: Mapping[str, Any]) -> Rows | None:
        rows = await short(port, text, values)
        ways.append(rows is not None)
        return rows

    monkeypatch.setattr(Port, "read", told)
    assert await store.read(COUNT) == [{"count": 1}]
    wrong = Query(name="wrong", mode=Mode.READ, parameters=frozenset(), text="MATCH n RETURN m")
    with pytest.raises(GraphError, match="wrong"):
        await store.read(wrong)
    assert await store.read(COUNT) == [{"count": 1}]
    assert ways == [True, False, True]


@needs_posix
async def test_all_users_of_a_killed_process_meet_again_in_one(folder: Path, store: Store) -> None:
    other = await open_store(f"embedded:{folder}", catalogue={}, linger_seconds=0)
    os.kill(child(folder), signal.SIGKILL)
    stores = (store, other, store, other)
    await asyncio.gather(*(each.write(ADD, id=f"n{n}") for n, each in enumerate(stores)))
    assert await store.read(COUNT) == await other.read(COUNT) == [{"count": 4}]
    await other.close()


@needs_posix
async def test_a_transaction_cut_in_the_middle_is_run_again_and_leaves_no_half(
    folder: Path, store: Store
) -> None:
    tries: list[int] = []

    async def work(transaction: Transaction) -> None:
        await transaction.run(ADD, id=f"try-{len(tries)}")
        tries.append(child(folder))
        if len(tries) == 1:
            os.kill(tries[0], signal.SIGKILL)
        await transaction.run(ADD, id="second")

    await store.transaction(work)
    assert len(tries) == 2
    assert await store.read(COUNT) == [{"count": 2}]


@needs_posix
async def test_only_its_owner_may_read_the_folder(folder: Path, store: Store) -> None:
    assert mode(folder) == 0o700
    assert mode(folder / "server.json") == 0o600
    assert not readable(folder)


def readable(folder: Path) -> list[Path]:
    """What others than its owner may open."""
    return [path for path in folder.rglob("*") if mode(path) & 0o077]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_it_serves_this_machine_only_to_whoever_knows_the_token(
    folder: Path, store: Store
) -> None:
    state = json.loads((folder / "server.json").read_text())
    reader, writer = await asyncio.open_connection("127.0.0.1", state["port"])
    writer.write(b'{"token": "guess", "linger": 60}\n')
    assert await reader.read() == b""
    writer.close()
    assert (await store.describe())["address"].startswith("bolt://127.0.0.1:")


def refused(path: Path) -> str:
    """The message with which ``path`` is refused."""

    async def attempt() -> None:
        await open_store(f"embedded:{path}", catalogue={}, linger_seconds=0)

    with pytest.raises(EngineError) as error:
        asyncio.run(attempt())
    assert str(path) in str(error.value)
    return str(error.value)


def test_a_file_is_not_a_folder(tmp_path: Path) -> None:
    path = tmp_path / "graph"
    path.write_text("x")
    assert "is not a folder" in refused(path)


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("x")
    assert "holds other files (thesis.txt) and no graph" in refused(tmp_path)


def test_what_a_start_that_was_cut_short_left_behind_is_no_obstacle(
    sound: Path, tmp_path: Path
) -> None:
    for path in sound.iterdir():
        if path.name != "engine.json":
            (tmp_path / path.name).touch()
    Folder(path=tmp_path).prepare()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write all")
def test_a_folder_without_write_access_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert "is not writable" in refused(tmp_path)


def test_a_graph_of_a_newer_engine_is_refused(tmp_path: Path) -> None:
    (tmp_path / "engine.json").write_text('{"engine": "arcadedb", "version": "99.1.2.post1"}')
    assert "was written by engine 99.1.2.post1, newer than the installed" in refused(tmp_path)


def test_a_damaged_marker_is_named(tmp_path: Path) -> None:
    (tmp_path / "engine.json").write_text("{")
    assert "engine.json is damaged" in refused(tmp_path)


def test_a_platform_without_java_is_told_what_to_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    async def attempt() -> None:
        await open_store(f"embedded:{tmp_path}", catalogue={}, linger_seconds=0)

    with pytest.raises(EngineError, match="has no Java runtime for"):
        asyncio.run(attempt())


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("schema.json", "not json", "schema.json is damaged; restore this graph from a backup"),
        ("schema.json", None, "schema.json is missing; restore this graph from a backup"),
        ("Thing_0.*", None, "the file of Thing_0 is missing; restore this graph from a backup"),
        ("configuration.json", "not json", "did not start: .*Invalid JSON"),
    ],
)
async def test_a_damaged_graph_is_refused_and_not_opened_empty(
    sound: Path, tmp_path: Path, name: str, content: str | None, says: str
) -> None:
    copy = shutil.copytree(sound, tmp_path / "graph")
    for path in (copy / "databases" / DATABASE).glob(name):
        path.write_text(content) if content else path.unlink()
    with pytest.raises(EngineError, match=says) as error:
        await open_store(f"embedded:{copy}", catalogue={}, linger_seconds=0)
    assert len(str(error.value)) < 700


@pytest.fixture(scope="module")
async def sound(folder: Path) -> Path:
    """A graph with one node that nobody serves."""
    opened = await open_store(f"embedded:{folder}", catalogue={}, linger_seconds=0)
    await opened.write(ADD, id="kept")
    pid = child(folder)
    await opened.close()
    assert await ended(pid)
    return folder


async def test_a_graph_locked_by_another_program_says_so(sound: Path, folder: Path) -> None:
    holder = subprocess.Popen(  # noqa: ASYNC220 - starts at once
        [sys.executable, "-c", HOLD, str(folder / "databases" / DATABASE)],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert holder.stdout
    while "held" not in holder.stdout.readline():
        assert holder.poll() is None
    try:
        with pytest.raises(EngineError, match="locked by another process"):
            await open_store(f"embedded:{folder}", catalogue={}, linger_seconds=0)
    finally:
        holder.communicate(timeout=20)


HOLD = """
import sys
from arcadedb_embedded import open_database
with open_database(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


async def test_a_closed_store_does_not_start_the_engine_again(folder: Path) -> None:
    opened = await open_store(f"embedded:{folder}", catalogue={}, linger_seconds=0)
    pid = child(folder)
    await opened.close()
    assert await ended(pid)
    with pytest.raises(UnavailableError, match="closed"):
        await opened.read(COUNT)
    assert not (folder / "server.json").exists()


def test_a_lock_is_held_by_one_and_given_back(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with file_lock(path, wait_seconds=0), pytest.raises(TimeoutError):  # noqa: SIM117
        with file_lock(path, wait_seconds=0.05):
            pass
    with file_lock(path, wait_seconds=0):
        pass
