"""A real Neo4j Community server for the tests, from its published Java artifacts.

    python tests/neo4j_server.py setup            fetch the jars once (needs mvn)
    python tests/neo4j_server.py start DIRECTORY  run until interrupted; prints the URL
    python tests/neo4j_server.py stop DIRECTORY   end one that was started elsewhere

The server is a process of its own that dies with its starter, listens on loopback without a
password, and reports nothing to anyone. Its Java is the one the embedded engine brings.
"""

import argparse
import atexit
import ctypes
import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

VERSION = "5.26.30"
NEWEST = "2026.08.1"
_START_SECONDS = 90.0
_LINUX = sys.platform == "linux"
_CHECKOUT = Path(__file__).resolve().parents[1]
_POM = """\
<project><modelVersion>4.0.0</modelVersion>
<groupId>local</groupId><artifactId>neo4j-run</artifactId><version>1</version>
<dependencies><dependency>
<groupId>org.neo4j</groupId><artifactId>neo4j</artifactId><version>{version}</version>
</dependency></dependencies></project>
"""
# The last three make a stop take 0.3 s, not 10.
_CONFIGURATION = """\
server.bolt.enabled=true
server.bolt.listen_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
dbms.security.auth_enabled=false
dbms.usage_report.enabled=false
server.memory.pagecache.size=256m
db.tx_log.preallocate=false
server.config.strict_validation.enabled=false
internal.dbms.bolt.netty_server_shutdown_quiet_period=0
internal.server.bolt.thread_pool_shutdown_wait_time=1s
internal.server.bolt.connection_shutdown_wait_time=1s
"""
_OPENED = ("nio", "io", "lang", "util.concurrent")
_FLAGS = (
    "-Xms128m",
    "-XX:+UseSerialGC",
    "-Dfile.encoding=UTF-8",
    "-Dlog4j2.disable.jmx=true",
    "-Dio.netty.tryReflectionSetAccessible=true",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    *(f"--add-opens=java.base/java.{name}=ALL-UNNAMED" for name in _OPENED),
)


_SHORT = ("-Xmx512m", "-XX:TieredStopAtLevel=1")
"""Tests end before the second compiler pays."""
_LONG = ("-Xmx1g", "-XX:MaxInlineLevel=6", "-XX:FreqInlineSize=60", "-XX:InlineSmallCode=500")
"""The second compiler within limits: on two cores it would take more than the server's work."""


class SetupError(Exception):
    """The server cannot be provisioned or started; the message says what to do."""


def cache() -> Path:
    """Where ``setup`` puts the jars: ``DESKGRAPH_NEO4J_CACHE`` or ``var/neo4j``."""
    return Path(os.environ.get("DESKGRAPH_NEO4J_CACHE") or _CHECKOUT / "var" / "neo4j")


def is_provisioned(version: str) -> bool:
    """``setup`` has run for ``version``."""
    return (cache() / version / "complete").exists()


def setup(version: str) -> Path:
    """Fetch the jars of one version by Maven, once.

    Raises:
        SetupError: there is no mvn, or it cannot resolve the version.
    """
    folder = cache() / version
    if is_provisioned(version):
        return folder
    maven = shutil.which("mvn")
    if maven is None:
        raise SetupError("mvn is not on the PATH; it is needed once, to fetch Neo4j")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pom.xml").write_text(_POM.format(version=version), encoding="utf-8")
    command = [maven, "-q", "-B", "-f", str(folder / "pom.xml"), "dependency:copy-dependencies"]
    command += ["-DincludeScope=runtime", f"-DoutputDirectory={folder / 'lib'}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SetupError(
            f"mvn cannot fetch Neo4j {version}:\n{(done.stdout + done.stderr)[-2000:]}"
        )
    (folder / "complete").touch()
    return folder


@dataclass
class Neo4jServer:
    """One server on ``directory``, which keeps its data.

    ``lasts`` gives it the memory and the second compiler of a server that runs for more than tests.
    """

    directory: Path
    version: str = VERSION
    lasts: bool = False
    port: int = field(default=0, init=False)
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"bolt://127.0.0.1:{self.port}"

    def start(self) -> "Neo4jServer":
        """Start and wait for Bolt.

        Raises:
            SetupError: not provisioned, or it did not come up; with its last words.
        """
        if not is_provisioned(self.version):
            raise SetupError(f"Neo4j {self.version} is not here; run tests/neo4j_server.py setup")
        for name in ("conf", "data", "logs"):
            (self.directory / name).mkdir(parents=True, exist_ok=True)
        self.port = _free_port()
        configuration = _CONFIGURATION.format(port=self.port)
        (self.directory / "conf" / "neo4j.conf").write_text(configuration, encoding="utf-8")
        self.process = self._spawn()
        atexit.register(self.stop)
        self._wait()
        state = {"pid": self.process.pid, "url": self.url}
        (self.directory / "server.json").write_text(json.dumps(state), encoding="utf-8")
        return self

    def stop(self) -> None:
        """Stop in good order, by force after 20 s. Idempotent."""
        process, self.process = self.process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        (self.directory / "server.json").unlink(missing_ok=True)
        atexit.unregister(self.stop)

    def _spawn(self) -> "subprocess.Popen[bytes]":
        jars = sorted((cache() / self.version / "lib").glob("*.jar"))
        limits = _LONG if self.lasts else _SHORT
        command = [
            _java(),
            *limits,
            *_FLAGS,
            "-cp",
            os.pathsep.join(map(str, jars)),
            _main_class(jars),
        ]
        command += [f"--home-dir={self.directory}", f"--config-dir={self.directory / 'conf'}"]
        with (self.directory / "logs" / "out.log").open("wb") as log:
            return subprocess.Popen(
                command,
                cwd=self.directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=_die_with_starter if _LINUX else None,  # noqa: PLW1509 - one call
            )

    def _wait(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            if _answers(self.port):
                return
            time.sleep(0.05)
        log = (self.directory / "logs" / "out.log").read_text(errors="replace")
        self.stop()
        raise SetupError(f"Neo4j {self.version} did not come up; its last words:\n{log[-1500:]}")


def _java() -> str:
    spec = importlib.util.find_spec("arcadedb_embedded")
    if spec is None or spec.origin is None:
        raise SetupError("arcadedb-embedded is not installed; its Java runs Neo4j too")
    return str(Path(spec.origin).parent / "jre" / "bin" / "java")


def _main_class(jars: list[Path]) -> str:
    """The jar names its own entry point, which differs between major versions."""
    (jar,) = (path for path in jars if re.fullmatch(r"neo4j-\d.*\.jar", path.name))
    with zipfile.ZipFile(jar) as archive:
        entry = archive.read("META-INF/services/org.neo4j.server.startup.EntryPoint")
    return entry.decode().split()[0]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    """The Bolt handshake returns a version that is not zero."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as connection:
        connection.settimeout(2)
        connection.sendall(bytes.fromhex("6060b0170004040500000004" + "00" * 8))
        return connection.recv(4).strip(b"\0") != b""
    return False


def _die_with_starter() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def _stop(directory: Path) -> None:
    """End the server of ``directory``: only the process that stands in its ``server.json``."""
    try:
        pid = int(json.loads((directory / "server.json").read_text(encoding="utf-8"))["pid"])
        os.kill(pid, signal.SIGTERM)
    except (OSError, ValueError):
        print("not running")


def _run(directory: Path, version: str) -> None:
    server = Neo4jServer(directory.absolute(), version).start()
    print(server.url, flush=True)
    assert server.process is not None
    with suppress(KeyboardInterrupt):
        server.process.wait()


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=("setup", "start", "stop"))
    parser.add_argument("directory", type=Path, nargs="?", default=cache() / "run")
    parser.add_argument("--version", default=VERSION, help=f"{VERSION} (long-term) or {NEWEST}")
    options = parser.parse_args()
    try:
        if options.command == "setup":
            print(f"Neo4j {options.version} in {setup(options.version)}")
        elif options.command == "start":
            _run(options.directory, options.version)
        else:
            _stop(options.directory)
    except SetupError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
