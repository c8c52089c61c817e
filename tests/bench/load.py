"""Requests from several clients at once, each over one connection, and how long each took."""

import http.client
import json
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

_IDLE_SECONDS = 3.0


@dataclass(kw_only=True, slots=True)
class Load:
    """Milliseconds of each request, and what went wrong, by what it was."""

    times: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class Connection:
    """One keep-alive connection of one client."""

    def __init__(self, url: str, headers: Mapping[str, str] = {}) -> None:
        parts = urlsplit(url)
        self._headers = {"content-type": "application/json", **headers}
        self._connection = http.client.HTTPConnection(
            str(parts.hostname), parts.port or 80, timeout=60
        )
        self._used = time.perf_counter()

    def ask(self, query: str, variables: Mapping[str, Any], load: Load) -> dict[str, Any] | None:
        """The data of the answer; errors are counted and give ``None``."""
        body = json.dumps({"query": query, "variables": variables})
        started = time.perf_counter()
        if started - self._used > _IDLE_SECONDS:
            # A server closes what is idle; clients open another.
            self._connection.close()
        self._used = started
        try:
            self._connection.request("POST", "/graphql", body, self._headers)
            answer = json.loads(self._connection.getresponse().read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._connection.close()
            load.errors.append(type(error).__name__)
            return None
        load.times.append((time.perf_counter() - started) * 1000)
        if answer.get("errors"):
            first = answer["errors"][0]
            load.errors.append(f"{first['extensions'].get('code')}: {first['message']}")
            return None
        data: dict[str, Any] = answer["data"]
        return data

    def close(self) -> None:
        """Close it."""
        self._connection.close()


def together(
    url: str, query: str, variables: Sequence[Mapping[str, Any]], *, clients: int, warm: int
) -> Load:
    """Each of ``variables`` once, by ``clients`` at once; the first ``warm`` are left out.

    Raises:
        RuntimeError: an answer with errors; a slow right answer is a figure, a wrong one is not.
    """

    def work(some: Sequence[Mapping[str, Any]]) -> Load:
        load, connection = Load(), Connection(url)
        for one in some:
            connection.ask(query, one, load)
        connection.close()
        return load

    def run(some: Sequence[Mapping[str, Any]]) -> Load:
        with ThreadPoolExecutor(clients) as pool:
            loads = list(pool.map(work, [some[place::clients] for place in range(clients)]))
        return Load(
            times=[one for load in loads for one in load.times],
            errors=[one for load in loads for one in load.errors],
        )

    run(variables[:warm])
    load = run(variables[warm:])
    if load.errors:
        raise RuntimeError(f"the server answered {load.errors[0]}")
    return load
