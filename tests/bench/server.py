"""A real ``deskgraph serve`` and a client that times it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from tests.bench.engines import Ground

COMMAND = Path(sys.executable).with_name("deskgraph")
_START_SECONDS = 90


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """A serving process."""

    process: "subprocess.Popen[str]"
    url: str

    def cpu_seconds(self) -> float:
        """CPU that it has used so far, from the kernel's own account."""
        fields = (
            Path(f"/proc/{self.process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        )
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        """kill -9."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def serving(ground: Ground, **more: str) -> Iterator[Server]:
    """Serve on a free port until the block ends; ready when the block begins. ``more`` is added to
    the environment.
    """
    log = (ground.folder / "serve.log").open("a+", encoding="utf-8")
    process = subprocess.Popen(
        [str(COMMAND), "serve", "--port", "0"],
        env={**ground.environ, "DESKGRAPH_LOG_LEVEL": "WARNING", **more},
        stderr=subprocess.PIPE,
        stdout=log,
        text=True,
        cwd=ground.folder,
    )
    try:
        assert process.stderr
        line = process.stderr.readline()
        if "http://" not in line:
            raise RuntimeError(f"the server did not start: {line}{process.stderr.read()}")
        url = line.split("http://")[1].split("/")[0]
        server = Server(process=process, url=f"http://{url}")
        _wait(server)
        yield server
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(30)
        log.close()


def _wait(server: Server) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        try:
            if httpx.get(f"{server.url}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise TimeoutError("the server did not become ready")


def timed(url: str, query: str, variables: Sequence[dict[str, Any]], *, warm: int) -> list[float]:
    """Milliseconds of each request, one at a time, the first ``warm`` left out.

    Raises:
        RuntimeError: an answer with errors; a slow right answer is a figure, a wrong one is not.
    """
    times = []
    with httpx.Client(base_url=url, timeout=30) as client:
        for values in variables:
            started = time.perf_counter()
            response = client.post("/graphql", json={"query": query, "variables": values})
            times.append((time.perf_counter() - started) * 1000)
            body = response.json()
            if body.get("errors"):
                raise RuntimeError(f"the server answered {body['errors']}")
    return times[warm:]


def percentiles(times: Sequence[float]) -> tuple[float, float]:
    """p50 and p99."""
    return float(np.percentile(times, 50)), float(np.percentile(times, 99))
