"""The demo as its user starts it: from an empty folder, then again."""

import asyncio
import os
import shutil
import signal
import subprocess
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
from neo4j import AsyncGraphDatabase

from tests.bench.engines import Ground
from tests.bench.server import COMMAND
from tests.bench.value import Value

TICKETS = 5_000
_LIMIT_SECONDS = 180
_DELETE = "MATCH (n) WITH n LIMIT 5000 DETACH DELETE n RETURN count(*) AS count"


async def demo(ground: Ground) -> AsyncIterator[Value]:
    """Seconds from the command to an answering ``/readyz``.

    An embedded engine has ended between the two starts, with all that it does at its end. A Neo4j
    server has served before, as one that a user has would: its first demo is a note.
    """
    note = ""
    if ground.engine == "neo4j":
        note = f"{await asyncio.to_thread(_start, ground):.0f} s on a server just started"
        await _empty(ground)
    started = await asyncio.to_thread(_start, ground)
    yield Value(name="demo_start", value=started, rows=TICKETS, note=note)
    restarted = await asyncio.to_thread(_start, ground)
    yield Value(name="demo_restart", value=restarted, rows=TICKETS)


async def _empty(ground: Ground) -> None:
    """No node, no index, no model: as before the first demo."""
    address = await ground.address()
    async with AsyncGraphDatabase.driver(address.url) as driver:
        while (await driver.execute_query(_DELETE)).records[0]["count"]:
            pass
        for many, one in (("CONSTRAINTS", "CONSTRAINT"), ("INDEXES", "INDEX")):
            for row in (await driver.execute_query(f"SHOW {many} YIELD name")).records:
                await driver.execute_query(f"DROP {one} `{row['name']}` IF EXISTS")
    shutil.rmtree(ground.folder / "models", ignore_errors=True)


def _start(ground: Ground) -> float:
    started = time.perf_counter()
    process = subprocess.Popen(
        [str(COMMAND), "demo", "--port", "0", "--tickets", str(TICKETS)],
        # A second of linger, else the engine keeps no class archive for its next start.
        env={**ground.environ, "DESKGRAPH_GRAPH_LINGER_SECONDS": "1"},
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
        graph = ground.graph_process()
        os.kill(process.pid, signal.SIGINT)
        process.wait(30)
        while graph and Path(f"/proc/{graph}").exists():
            time.sleep(0.1)


def _ready(host: str) -> None:
    while True:
        try:
            if httpx.get(f"http://{host}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.02)
