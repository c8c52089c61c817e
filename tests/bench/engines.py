"""The engines that benchmarks run on, each empty and in its own processes."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson

from api.settings import Settings, read_settings
from graph.engines.embedded import EmbeddedLink
from graph.engines.link import Address
from seed.history import generate
from seed.plain import company_rows
from tests.neo4j_server import VERSION, Neo4jServer


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """One empty engine and a folder of its own; both go at the end."""

    engine: str
    folder: Path
    url: str

    @property
    def environ(self) -> dict[str, str]:
        """The environment of a ``deskgraph`` command on this ground."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("DESKGRAPH_")}
        return {**kept, **self._settings()}

    def settings(self) -> Settings:
        """The same as settings."""
        return read_settings(self._settings())

    def _settings(self) -> Mapping[str, str]:
        return {
            "DESKGRAPH_GRAPH_URL": self.url,
            "DESKGRAPH_GRAPH_LINGER_SECONDS": "0",
            "DESKGRAPH_MASTER_KEY_FILE": str(self.folder / "key"),
            "DESKGRAPH_MODELS": str(self.folder / "models"),
        }

    async def address(self) -> Address:
        """Where the running engine answers, for a driver of the benchmark's own."""
        if self.engine == "neo4j":
            return Address(url=self.url)
        link = EmbeddedLink(self.folder / "graph", linger_seconds=0)
        found = await link.open()
        await link.close()
        return found

    def history(self, tickets: int, *, random_seed: int) -> Path:
        """A file of generated tickets of the sample company."""
        path = self.folder / "tickets.jsonl"
        with path.open("wb") as file:
            for row in generate(company_rows(), tickets=tickets, random_seed=random_seed):
                file.write(orjson.dumps(row) + b"\n")
        return path

    def graph_process(self) -> int | None:
        """The embedded graph's process, while it runs."""
        state = self.folder / "graph" / "server.json"
        return int(json.loads(state.read_text())["pid"]) if state.exists() else None


@contextmanager
def ground(engine: str) -> Iterator[Ground]:
    """An empty engine: ``embedded``, ``neo4j``, or ``none``."""
    folder = Path(tempfile.mkdtemp(prefix="deskgraph-bench-"))
    try:
        if engine != "neo4j":
            yield Ground(engine=engine, folder=folder, url=f"embedded:{folder / 'graph'}")
            return
        server = Neo4jServer(folder / "neo4j", VERSION, lasts=True)
        server.start()
        try:
            yield Ground(engine=engine, folder=folder, url=server.url)
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def resident_mb(process: int) -> float:
    """Resident memory of a process, from the kernel's own account."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024
