"""The demo as its user starts it: from an empty folder, then again."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import AsyncIterator

import httpx

from tests.bench.engines import Ground
from tests.bench.server import COMMAND
from tests.bench.value import Value

TICKETS = 5_000
_LIMIT_SECONDS = 180


async def demo(ground: Ground) -> AsyncIterator[Value]:
    """Seconds from the command to an answering ``/readyz``."""
    yield Value(name="demo_start", value=await asyncio.to_thread(_start, ground), rows=TICKETS)
    yield Value(name="demo_restart", value=await asyncio.to_thread(_start, ground), rows=TICKETS)


def _start(ground: Ground) -> float:
    started = time.perf_counter()
    process = subprocess.Popen(
        [str(COMMAND), "demo", "--port", "0", "--tickets", str(TICKETS)],
        env=ground.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ground.folder,
    )
    assert process.stdout
    assert process.stderr
    try:
        for line in process.stdout:
            if "http://" in line:
                break
            if time.perf_counter() - started > _LIMIT_SECONDS:
                raise TimeoutError("the demo takes too long")
        else:
            raise RuntimeError(f"the demo did not serve: {process.stderr.read()}")
        _ready(line.split("http://")[1].split("/")[0])
        return time.perf_counter() - started
    finally:
        os.kill(process.pid, signal.SIGINT)
        process.wait(30)


def _ready(host: str) -> None:
    while True:
        try:
            if httpx.get(f"http://{host}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.02)
