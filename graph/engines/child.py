"""The process that holds an embedded graph: ``python -m graph.engines.child FOLDER``.

It serves Bolt on loopback to whoever holds a lease, and stops when the last lease has gone and
its linger has passed. A lease is a connection, so the operating system ends it with its user.
Nobody waits for this process: its last words stand in ``server.log``.
"""

import argparse
import gc
import hashlib
import importlib.metadata
import json
import os
import secrets
import socket
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from graph.engines.integrity import check_files
from graph.engines.lease import Leases
from graph.engines.lock import file_lock
from graph.errors import EngineError

DISTRIBUTION = "arcadedb-embedded"
DATABASE = "graph"
STATE = "server.json"
_PATIENCE_SECONDS = 30.0
_FLAGS = (
    "-XX:+UseSerialGC",
    "-XX:MinHeapFreeRatio=10",
    "-XX:MaxHeapFreeRatio=30",
    "-Darcadedb.txWalFlush=1",  # else an acknowledged write may not survive a power failure
    # Within these limits the compiler needs a third of the time and its code is as fast. Without
    # them it takes more than the graph's own work in the first minutes, on two cores.
    "-XX:MaxInlineLevel=6",
    "-XX:FreqInlineSize=60",
    "-XX:InlineSmallCode=500",
    "-XX:LoopUnrollLimit=0",
    "-XX:-DoEscapeAnalysis",
    "-Darcadedb.polyglotEngineEnabled=false",
    "-Darcadedb.serverMetrics=false",
    # The password is 32 random bytes of this start, so stretching it only costs a second.
    "-Darcadedb.server.saltIterations=1",
)


class Engine:
    """The server inside this process's Java machine."""

    def __init__(self, folder: Path, *, heap: str, records: bool) -> None:
        # The bridge to Java would load numpy for arrays that are never passed: 0.3 s, 20 MB.
        sys.modules["numpy"] = None  # type: ignore[assignment]
        from arcadedb_embedded import create_server  # noqa: PLC0415 - a second of import
        from arcadedb_embedded.jvm import start_jvm  # noqa: PLC0415

        self.bolt, self.http = _free_port(), _free_port()
        self.password = secrets.token_urlsafe(32)
        self._archive = _Archive(folder, heap=heap, records=records)
        start_jvm(heap_size=heap, jvm_args=[*_FLAGS, *self._archive.flags])
        # Users are made anew with each start's password.
        (folder / "config" / "server-users.jsonl").unlink(missing_ok=True)
        self._server = create_server(
            root_path=str(folder),
            root_password=self.password,
            config={
                "mode": "production",
                "host": "127.0.0.1",
                "http_port": self.http,
                "bolt_port": self.bolt,
                "server_plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
            },
        )
        self._server.start()
        self._open(folder / "databases" / DATABASE)

    def _open(self, database: Path) -> None:
        if database.exists():
            self._server.get_database(DATABASE)
        else:
            self._server.create_database(DATABASE)

    def stop(self) -> None:
        """Close the database."""
        self._server.stop()

    def keep_classes(self) -> None:
        """For the next start. Takes seconds, so it comes when the graph is free again."""
        self._archive.keep()


class _Archive:
    """Loaded classes kept for the next start, which then takes half the time.

    Written by the first run that ends in good order, named after all that it depends on.
    """

    def __init__(self, folder: Path, *, heap: str, records: bool) -> None:
        from arcadedb_embedded.jvm import get_jar_path  # noqa: PLC0415

        depends = (version(), heap, get_jar_path(), sys.executable, *_FLAGS)
        digest = hashlib.sha256("\n".join(depends).encode()).hexdigest()[:12]
        self._path = folder / "cache" / f"classes-{digest}.aot"
        self._part = self._path.with_suffix(f".{os.getpid()}")
        self._records = records and not self._path.exists()

    @property
    def flags(self) -> tuple[str, ...]:
        """What the Java machine must be told."""
        if self._path.exists():
            return (f"-XX:AOTCache={self._path}",)
        if not self._records:
            return ()
        self._path.parent.mkdir(exist_ok=True)
        return (f"-XX:AOTCacheOutput={self._part}",)

    def keep(self) -> None:
        """End the Java machine, which writes the archive, then put it in its place."""
        if not self._records:
            return
        import jpype  # type: ignore[import-untyped]  # noqa: PLC0415

        jpype.shutdownJVM()
        with suppress(OSError):
            self._part.replace(self._path)
        for stale in set(self._path.parent.iterdir()) - {self._path}:
            stale.unlink(missing_ok=True)


def version() -> str:
    """Of the engine that this installation brings."""
    return importlib.metadata.version(DISTRIBUTION)


def serve(folder: Path, *, heap: str, records: bool) -> None:
    """Hold the graph in ``folder`` until nobody needs it."""
    with file_lock(folder / "serving.lock", wait_seconds=_PATIENCE_SECONDS):
        if (folder / "engine.json").exists():
            check_files(folder / "databases" / DATABASE)
        engine = Engine(folder, heap=heap, records=records)
        _write(folder / "engine.json", {"engine": "arcadedb", "version": version()})
        token = secrets.token_urlsafe(32)
        address = {
            "pid": os.getpid(),
            "bolt": engine.bolt,
            "http": engine.http,
            "password": engine.password,
        }
        leases = Leases(token=token, reply=address)
        state = folder / STATE
        _write(state, {"pid": os.getpid(), "port": leases.port, "token": token})
        leases.serve()
        state.unlink(missing_ok=True)
        # If the engine hangs while it stops, its write-ahead log still has every commit.
        watchdog = threading.Timer(_PATIENCE_SECONDS, os._exit, args=(1,))
        watchdog.daemon = True
        watchdog.start()
        engine.stop()
    engine.keep_classes()


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point. Ends the process by itself: the engine's threads would keep it alive."""
    parser = argparse.ArgumentParser(prog="graph.engines.child", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--heap", default="384m")
    parser.add_argument("--records", action="store_true", help="keep classes for the next start")
    options = parser.parse_args(arguments)
    os.umask(0o077)
    # The bridge to Java collects there too whenever Python collects here, which stops all queries
    # for 50 ms; this process makes hardly anything that would have to be collected.
    gc.disable()
    code = 0
    try:
        serve(options.folder, heap=options.heap, records=options.records)
    except TimeoutError:
        code = _fail("another process serves this graph and does not answer")
    except EngineError as error:
        code = _fail(str(error))
    except Exception as error:
        code = _fail(f"{type(error).__name__}: {error}")
    sys.stdout.flush()
    os._exit(code)


def _fail(reason: str) -> int:
    first = " ".join(reason.split())[:400]
    print(f"\nerror: {first}", file=sys.stderr, flush=True)  # noqa: T201 - to server.log
    return 3


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _write(path: Path, content: dict[str, Any]) -> None:
    """Put ``content`` at ``path`` whole, readable by its owner alone (see the umask)."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps(content), encoding="utf-8")
    part.replace(path)


if __name__ == "__main__":
    main()
