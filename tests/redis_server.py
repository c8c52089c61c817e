"""A real Redis on a socket of its own, started and stopped by tests."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

_SECONDS = 10.0


class RedisServer:
    """Debian's ``redis-server``, keeping nothing."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "redis.sock"
        self._process: subprocess.Popen[bytes] | None = None
        found = shutil.which("redis-server")
        if found is None:
            reason = "redis-server is not on the PATH"
            if os.environ.get("CI") == "true":
                pytest.fail(reason)
            pytest.skip(reason)
        self._program = found

    @property
    def url(self) -> str:
        """As the setting names it."""
        return f"unix://{self._path}?db=3"

    def start(self) -> None:
        """Returns when it answers."""
        options = {"port": "0", "unixsocket": str(self._path), "save": "", "appendonly": "no"}
        command = [
            self._program,
            *(word for key, value in options.items() for word in (f"--{key}", value)),
        ]
        self._process = subprocess.Popen(
            command, cwd=self._path.parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        ends = time.monotonic() + _SECONDS
        while not self._answers():
            assert self._process.poll() is None, "redis-server ended"
            assert time.monotonic() < ends, "redis-server does not answer"
            time.sleep(0.01)

    def stop(self) -> None:
        """As a machine that fails: at once."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None
            self._path.unlink(missing_ok=True)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as found:
            found.settimeout(_SECONDS)
            try:
                found.connect(str(self._path))
                found.sendall(b"PING\r\n")
                return found.recv(16).startswith(b"+PONG")
            except OSError:
                return False
