"""One page, 50 tickets × 11 values + 4 objects as a Relay connection: what it costs a server.

CPU is the kernel's account of each server's process, over real HTTP, from several connections.
Rounds of all servers take turns, so that what else the machine does meets them alike; medians.
What a server uses while nobody asks (ours looks for changes) is no part of a request.
"""

import http.client
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from strawberry.types.graphql import OperationType

from api.answering import execute
from api.bearer import issue_token
from api.bootstrap import open_platform
from api.context import Context
from api.globalid import to_global
from api.operation import Operation
from api.schema import build_schema
from api.settings import Settings
from graph.model import Actor
from graph.queries import Mode, Query
from graph.store import Store
from tests.bench.engines import Ground, ground
from tests.bench.peers.ours import FEW, KINDS, MANY, OFF, SECRET, SHIPPED, Recording, platform_on
from tests.bench.server import serving
from tests.bench.value import Value

PEERS = Path(__file__).with_name("peers")
TICKETS, SIZE = 1_000, 50
CONCURRENT = 8
_IDLE_SECONDS = 4
_ROUNDS, _REQUESTS, _WARM = 7, 64, 160
_NODE = """id seq state subject language createdAt assignedAt solvedAt version reopenedCount rating
  department { id } customer { id } channel { id } agent { id }"""
PAGE = f"""query ($first: Int!) {{ tickets(first: $first) {{
  pageInfo {{ hasNextPage endCursor }} edges {{ cursor node {{ {_NODE} }} }} }} }}"""
LIST = f"query ($first: Int!) {{ tickets(first: $first) {{ edges {{ node {{ {_NODE} }} }} }} }}"
NEO4J = f"""query ($first: Int!) {{ ticketsConnection(first: $first, sort: [{{seq: DESC}}]) {{
  pageInfo {{ hasNextPage endCursor }} edges {{ cursor node {{ {_NODE} }} }} }} }}"""
_FILL = Query(
    name="fill",
    mode=Mode.WRITE,
    parameters=frozenset({"rows"}),
    text="""
MERGE (department:Department {id: 'd-0'})
MERGE (channel:Channel {id: 'mail'})
MERGE (agent:Agent {id: 'agent-0'})
MERGE (agent)-[:MEMBER_OF]->(department)
MERGE (e:Epoch {id: 'policy'}) ON CREATE SET e.value = 1
WITH department, channel, agent
UNWIND $rows AS row
CREATE (customer:Customer {id: row.customer})-[:RAISED]->(ticket:Ticket)
SET ticket = row.properties
CREATE (department)-[:SERVES]->(customer)
CREATE (ticket)-[:ASSIGNED_TO]->(department)
CREATE (ticket)-[:RECEIVED_VIA]->(channel)
CREATE (ticket)-[:WORKED_BY]->(agent)
""",
)
AGENT = Actor(
    id="bench", roles=frozenset({"agent"}), department_ids=frozenset({"d-0"}), agent_id="agent-0"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A server that is asked the same over and over."""

    process: int
    port: int
    body: bytes
    headers: Mapping[str, str]

    def cost(self, requests: int, *, idle: float = 0.0) -> float:
        """CPU milliseconds of each request, beyond ``idle`` milliseconds per second."""
        before, began = _cpu_ms(self.process), time.perf_counter()
        with ThreadPoolExecutor(CONCURRENT) as pool:
            each = requests // CONCURRENT
            for answer in pool.map(self._last, [each] * CONCURRENT):
                if b'"errors"' in answer or answer.count(b"createdAt") != SIZE:
                    raise RuntimeError(f"not the page: {answer[:500]!r}")
        took = time.perf_counter() - began
        return (_cpu_ms(self.process) - before - idle * took) / (each * CONCURRENT)

    def _last(self, requests: int) -> bytes:
        """The last of so many answers over one connection."""
        headers = {"content-type": "application/json", **self.headers}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        for _ in range(requests):
            connection.request("POST", "/graphql", self.body, headers)
            answer = connection.getresponse().read()
        connection.close()
        return answer


async def page(place: Ground) -> AsyncIterator[Value]:
    """Without the graph: rows that were read once are served again and again."""
    settings = replace(place.settings(), token_secret=SECRET)
    await _recorded(settings, place.folder)
    token = {"authorization": f"Bearer {issue_token(AGENT, settings, seconds=3_600)}"}
    rows = str(place.folder / "rows.json")
    with ExitStack() as stack:
        asked = {}
        for kind in KINDS:
            command = (sys.executable, "-m", "tests.bench.peers.ours", str(place.folder), kind)
            asked[kind] = stack.enter_context(_asked(command, PAGE, token, first=SIZE))
        asked["list"] = replace(asked[SHIPPED], body=_body(LIST, first=SIZE))
        plain = (sys.executable, "-m", "tests.bench.peers.plain", rows)
        asked["strawberry"] = stack.enter_context(_asked(plain, PAGE, {}, first=SIZE))
        mercurius = (node(), "mercurius.mjs", rows)
        asked["mercurius"] = stack.enter_context(_asked(mercurius, PAGE, {}, first=SIZE))
        costs = _costs(asked)
    told = ", ".join(f"{name} {statistics.median(each):.3f}" for name, each in costs.items())
    middle = {name: statistics.median(each) for name, each in costs.items()}
    yield Value(name="page_cpu", value=middle[SHIPPED], rows=SIZE, note=f"ms: {told}")
    yield Value(name="list_cpu", value=middle["list"], rows=SIZE)
    for name, above, below in (
        ("page_strawberry", SHIPPED, "strawberry"),
        ("page_mercurius", SHIPPED, "mercurius"),
        ("page_guarded", SHIPPED, OFF),
        ("page_policy", MANY, FEW),
    ):
        yield Value(name=name, value=_ratio(costs, above, below), rows=SIZE)


async def driver(place: Ground) -> AsyncIterator[Value]:
    """With the driver, on Neo4j and on an embedded graph, beside @neo4j/graphql on that Neo4j."""
    with ExitStack() as stack:
        other = stack.enter_context(ground("embedded"))
        asked = {}
        for own in (place, other):
            settings = replace(own.settings(), token_secret=SECRET)
            async with open_platform(settings) as platform:
                await _fill(platform.store)
            server = stack.enter_context(serving(own, DESKGRAPH_TOKEN_SECRET=SECRET))
            token = {"authorization": f"Bearer {issue_token(AGENT, settings, seconds=3_600)}"}
            asked[own.engine] = Asked(
                process=server.process.pid,
                port=int(server.url.rpartition(":")[2]),
                body=_body(PAGE, first=SIZE),
                headers=token,
            )
        command = (node(), "neo4j.mjs", place.url)
        asked["peer"] = stack.enter_context(_asked(command, NEO4J, {}, first=SIZE))
        costs = _costs(asked)
    told = ", ".join(f"{name} {statistics.median(each):.3f}" for name, each in costs.items())
    yield Value(
        name="driver_neo4j", value=_ratio(costs, "neo4j", "peer"), rows=TICKETS, note=f"ms: {told}"
    )
    yield Value(name="driver_embedded", value=_ratio(costs, "embedded", "peer"), rows=TICKETS)


def node() -> str:
    """Node, with the peers that the lock file names installed.

    Raises:
        RuntimeError: it is not on the PATH.
    """
    found, npm = shutil.which("node"), shutil.which("npm")
    if found is None or npm is None:
        raise RuntimeError("the peers need Node and npm on the PATH")
    lock, installed = PEERS / "package-lock.json", PEERS / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(command, cwd=PEERS, check=True)
    return found


def _costs(asked: Mapping[str, Asked]) -> dict[str, list[float]]:
    for one in asked.values():
        one.cost(_WARM)
    idle = _idle(asked)
    costs: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(_ROUNDS):
        for name, one in asked.items():
            costs[name].append(one.cost(_REQUESTS, idle=idle[name]))
    return costs


def _idle(asked: Mapping[str, Asked]) -> dict[str, float]:
    """CPU milliseconds per second of servers that nobody asks."""
    before = {name: _cpu_ms(one.process) for name, one in asked.items()}
    time.sleep(_IDLE_SECONDS)
    return {
        name: (_cpu_ms(one.process) - before[name]) / _IDLE_SECONDS for name, one in asked.items()
    }


def _ratio(costs: Mapping[str, list[float]], above: str, below: str) -> float:
    """Median over the rounds, each within itself."""
    pairs = zip(costs[above], costs[below], strict=True)
    return statistics.median(one / other for one, other in pairs)


def _body(query: str, **variables: Any) -> bytes:
    return json.dumps({"query": query, "variables": variables}).encode()


@contextmanager
def _asked(
    command: tuple[str, ...], query: str, headers: Mapping[str, str], **variables: Any
) -> Iterator[Asked]:
    """A server that prints its port, until the block ends."""
    root = PEERS.parents[2]
    environ = {**os.environ, "NODE_ENV": "production", "PYTHONPATH": str(root)}
    cwd = PEERS if command[1].endswith(".mjs") else root
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=cwd, env=environ)
    try:
        assert process.stdout
        port = process.stdout.readline().strip()
        if not port.isdigit():
            raise RuntimeError(f"{command} did not start")
        yield Asked(
            process=process.pid, port=int(port), body=_body(query, **variables), headers=headers
        )
    finally:
        process.terminate()
        process.wait(30)


def _cpu_ms(process: int) -> float:
    """Of all its threads, from the kernel's own account in nanoseconds."""
    tasks = Path(f"/proc/{process}/task").iterdir()
    return sum(int((one / "schedstat").read_text().split()[0]) for one in tasks) / 1e6


async def _fill(store: Store) -> None:
    await store.write(_FILL, rows=[_row(n) for n in range(TICKETS)])


def _row(n: int) -> dict[str, Any]:
    return {
        "customer": f"c-{n}",
        "properties": {
            "id": f"T-{n}",
            "seq": 1_000_000 + n,
            "state": "solved",
            "subject": f"The machine {n} does not start any more",
            "language": "en",
            "created_at": 1_700_000_000_000 + n * 61_001,
            "assigned_at": 1_700_000_100_000 + n * 61_001,
            "solved_at": 1_700_000_200_000 + n * 61_001,
            "version": 3,
            "reopened_count": 0,
            "rating": 4,
            "department_id": "d-0",
            "agent_id": "agent-0",
        },
    }


async def _recorded(settings: Settings, folder: Path) -> None:
    """Write what each kind of policy reads, and the rows for others."""
    schema = build_schema()
    async with open_platform(settings) as opened:
        await _fill(opened.store)
        for kind in KINDS:
            store = Recording(store=opened.store)
            platform = platform_on(store, settings, kind)
            data = await _data(schema, platform, PAGE, first=SIZE)
            nodes = [edge["node"] for edge in data["tickets"]["edges"]]
            ids = [one["id"] for one in nodes]
            if kind == SHIPPED:
                await _data(schema, platform, LIST, first=SIZE)
            (folder / f"{kind}.json").write_text(json.dumps(store.found), "utf-8")
    rows = [_plain(TICKETS - 1 - n) for n in range(SIZE + 1)]
    if [to_global("Ticket", row["id"]) for row in rows[:SIZE]] != ids:
        raise RuntimeError("the peers would serve other rows")
    (folder / "rows.json").write_text(json.dumps(rows), "utf-8")


async def _data(schema: Any, platform: Any, query: str, **variables: Any) -> Any:
    operation = Operation(query=query, variables=variables, name=None)
    context = Context(platform=platform, actor=AGENT, request_id="bench")
    result = await execute(schema, operation, context, allowed=[OperationType.QUERY])
    if result.errors or not result.data or result.extensions:
        raise RuntimeError(f"not the whole page: {result.errors} {result.extensions}")
    return result.data


def _plain(n: int) -> dict[str, Any]:
    row = _row(n)
    names = {"created_at": "createdAt", "assigned_at": "assignedAt", "solved_at": "solvedAt"}
    own = {**names, "reopened_count": "reopenedCount"}
    values = {own.get(key, key): value for key, value in row["properties"].items()}
    objects = {"department": "d-0", "customer": row["customer"], "channel": "mail"}
    return {
        **values,
        **{key: {"id": id_} for key, id_ in objects.items()},
        "agent": {"id": "agent-0"},
    }
