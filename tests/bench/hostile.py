"""Documents that only cost: what the dearest of them costs before it is refused."""

from collections.abc import AsyncIterator

import httpx

from tests.api.test_limits import HOSTILE
from tests.bench.engines import Ground
from tests.bench.server import Server, serving
from tests.bench.value import Value

_TRIED, _WARM = 100, 20


async def hostile(ground: Ground) -> AsyncIterator[Value]:
    """CPU of the server per refused request, over HTTP."""
    with serving(ground) as server, httpx.Client(base_url=server.url) as http:
        dearest = max((_cost(server, http, query), name) for name, query in HOSTILE.items())
    yield Value(name="hostile_cpu", value=dearest[0], note=f"of {len(HOSTILE)}: {dearest[1]}")


def _cost(server: Server, http: httpx.Client, query: str) -> float:
    """Milliseconds of CPU. Every document is another one: what was refused is remembered."""
    before = 0.0
    for number in range(_WARM + _TRIED):
        if number == _WARM:
            before = server.cpu_seconds()
        body = http.post("/graphql", json={"query": f"#{number}\n{query}"}).json()
        if body["errors"][0]["extensions"]["code"] != "TOO_COMPLEX":
            raise RuntimeError(f"not refused: {body}")
    return (server.cpu_seconds() - before) * 1000 / _TRIED
