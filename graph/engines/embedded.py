"""An embedded graph: a folder, and one process of ours that all its users share.

Starts that process when no one has, attaches to it otherwise, and comes back to it when it has
gone. The engine itself lives in ``graph.engines.child``.
"""

import asyncio
import importlib.metadata
import importlib.util
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph.engines import Opening
from graph.engines.child import DATABASE, DISTRIBUTION, STATE, version
from graph.engines.dialect import ARCADE
from graph.engines.lease import Lease, take_lease
from graph.engines.link import Address
from graph.engines.lock import file_lock
from graph.engines.port import Port
from graph.errors import EngineError, UnavailableError
from graph.store import Rows, Store

_START_SECONDS = 120.0
_LOG_BYTES = 4_000_000
_SQL_DELAYS = (0.05, 0.1, 0.2, 0.4)
_LEFTOVERS = frozenset(
    {"backups", "cache", "config", "databases", "log"}
    | {"engine.part", "server.log", "serving.lock", "start.lock"}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Folder:
    """Where a graph lies on disk, and what is checked before an engine may touch it."""

    path: Path

    def prepare(self) -> None:
        """Make the folder ours alone.

        Raises:
            EngineError: it is no folder, not writable, not a graph, or from a newer engine.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._check()
            self.path.chmod(0o700)
        except FileExistsError:
            raise EngineError(f"{self.path} is not a folder") from None
        except OSError as error:
            raise EngineError(f"{self.path} cannot be used: {error.strerror}") from None

    def state(self) -> Mapping[str, Any] | None:
        """What the serving process wrote about itself, if there is one."""
        return _read(self.path / STATE)

    def _check(self) -> None:
        if not os.access(self.path, os.W_OK | os.X_OK):
            raise EngineError(f"{self.path} is not writable")
        marker = self.path / "engine.json"
        if not marker.exists():
            self._check_new()
            return
        made = (_read(marker) or {}).get("version")
        if not isinstance(made, str):
            raise EngineError(f"{marker} is damaged; restore this graph from a backup")
        if _numbers(made) > _numbers(version()):
            raise EngineError(
                f"{self.path} was written by engine {made}, newer than the installed "
                f"{version()}; install {DISTRIBUTION} {made} or newer"
            )

    def _check_new(self) -> None:
        # Leftovers of a first start that never became ready are ours as well.
        others = sorted({entry.name for entry in self.path.iterdir()} - _LEFTOVERS)
        if others:
            raise EngineError(
                f"{self.path} holds other files ({others[0]}) and no graph; name an empty folder"
            )


class EmbeddedLink:
    """Keeps a lease on the process that serves a folder."""

    def __init__(self, path: Path, *, linger_seconds: float, heap: str = "384m") -> None:
        self._folder = Folder(path=path.absolute())
        self._linger = linger_seconds
        self._heap = heap
        self._lease: Lease | None = None
        self._port: Port | None = None

    async def open(self) -> Address:
        """Attach to the serving process, starting it where there is none."""
        if self._lease is None or not self._lease.is_live():
            await self.close()
            self._lease = await asyncio.to_thread(self._attach)
            self._port = Port(self._lease.address)
        given = self._lease.address
        return Address(
            url=f"bolt://127.0.0.1:{given['bolt']}",
            user="root",
            password=given["password"],
            database=DATABASE,
            engine="arcadedb",
            version=version(),
        )

    async def sql(self, statement: str, **values: Any) -> Rows:
        """One statement over the engine's own port.

        Two processes that make the same item at once may both be refused, so it is tried again:
        every statement reads, or makes only what is not there.
        """
        port = self._port
        if port is None:
            raise UnavailableError("the embedded graph is not open")
        for delay in _SQL_DELAYS:
            try:
                return await port.ask(statement, values)
            except EngineError:
                await asyncio.sleep(delay)
        return await port.ask(statement, values)

    async def read(self, text: str, values: Mapping[str, Any], /) -> Rows | None:
        """Over the engine's own port."""
        return await self._port.read(text, values) if self._port else None

    async def close(self) -> None:
        """Give the lease back."""
        lease, self._lease = self._lease, None
        port, self._port = self._port, None
        if port:
            port.close()
        if lease:
            lease.close()

    def _attach(self) -> Lease:
        lease = self._take()
        if lease:
            return lease
        _check_platform()
        self._folder.prepare()
        try:
            with file_lock(self._folder.path / "start.lock", wait_seconds=_START_SECONDS):
                return self._take() or self._start()
        except TimeoutError:
            raise EngineError(f"{self._folder.path}: another start does not end") from None

    def _take(self) -> Lease | None:
        state = self._folder.state()
        return take_lease(state, linger_seconds=self._linger) if state else None

    def _start(self) -> Lease:
        log = self._folder.path / "server.log"
        if log.exists() and log.stat().st_size > _LOG_BYTES:
            log.unlink()
        offset = log.stat().st_size if log.exists() else 0
        process = _spawn(self._folder.path, log=log, heap=self._heap, records=self._linger > 0)
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            ended = process.poll() is not None
            lease = self._take()
            if lease:
                self._reap(process, ours=lease.address["pid"] == process.pid)
                return lease
            if ended:
                raise EngineError(f"{self._folder.path}: {_last_words(log, offset)}")
            time.sleep(0.01)
        process.kill()
        process.wait()
        raise EngineError(
            f"{self._folder.path}: no answer in {_START_SECONDS:.0f} s; {_last_words(log, offset)}"
        )

    def _reap(self, process: subprocess.Popen[bytes], *, ours: bool) -> None:
        # A start that was killed half-way can have left a process that became ready first.
        if not ours:
            process.kill()
        threading.Thread(target=process.wait, name="embedded-graph", daemon=True).start()


async def open_embedded(opening: Opening) -> Store:
    """The graph in the folder of ``embedded:PATH``; made where there is none."""
    path = opening.url.partition(":")[2].removeprefix("//")
    if not path:
        raise EngineError("graph URL: no folder; write embedded:PATH")
    link = EmbeddedLink(Path(path), linger_seconds=opening.linger_seconds)
    starting = asyncio.create_task(link.open())
    await asyncio.sleep(0)
    # The driver takes half a second to import, which passes while the engine starts.
    from graph.engines.bolt import open_bolt  # noqa: PLC0415

    await starting
    return await open_bolt(link, opening, dialect=ARCADE)


def _check_platform() -> None:
    found = importlib.util.find_spec("arcadedb_embedded")
    places = found.submodule_search_locations if found else None
    if not places or not (Path(places[0]) / "jre").is_dir():
        raise EngineError(
            f"the embedded engine has no Java runtime for {sys.platform} on this processor; "
            "use a Neo4j server: neo4j://host:7687"
        )


def _spawn(path: Path, *, log: Path, heap: str, records: bool) -> "subprocess.Popen[bytes]":
    """Start the child in a session of its own, so that it outlives us and our terminal."""
    command = [sys.executable, "-m", "graph.engines.child", str(path), "--heap", heap]
    detached: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        flags = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
        detached = {"creationflags": flags}
    with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as output:
        return subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command + (["--records"] if records else []),
            cwd=path,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            **detached,
        )


def _environment() -> dict[str, str]:
    """Ours without the product's settings, which hold keys the engine has no use for."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DESKGRAPH_")}
    root = str(Path(__file__).resolve().parents[2])
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, (root, kept.get("PYTHONPATH"))))}


def _last_words(log: Path, offset: int) -> str:
    """Why the child ended, from what it wrote since ``offset``; one line."""
    with log.open("rb") as file:
        file.seek(offset)
        lines = file.read().decode(errors="replace").strip().splitlines()
    said = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
    reason = (said or lines or ["it said nothing"])[-1][:300]
    if "lock" in reason.lower() and "another process" in reason.lower():
        return f"locked by another process; stop it first ({reason})"
    return f"the embedded engine did not start: {reason} (see {log})"


def _read(path: Path) -> Mapping[str, Any] | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def _numbers(text: str) -> tuple[int, ...]:
    """``26.10.2.post1`` → ``(26, 10, 2)``."""
    release = re.match(r"\d+(?:\.\d+)*", text)
    return tuple(map(int, release[0].split("."))) if release else ()
