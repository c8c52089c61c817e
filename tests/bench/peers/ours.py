"""Our application over rows that were read before: all that a request costs but for the graph.

``python -m tests.bench.peers.ours FOLDER KIND`` prints its port and serves until it is ended.
"""

import json
import os
import socket
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from api.app import keep_for_good
from api.bootstrap import Platform
from api.cli.serve import server_for
from api.logs import configure_logs
from api.sealing import Vault
from api.settings import Settings, read_settings
from extractors.pipeline import Extractor
from graph.fields import TIERS
from graph.intake import Intake
from graph.knowledge import Knowledge
from graph.queries import Query
from graph.rights import RESOURCES, Action, Rights, Scope, Show
from graph.store import Row, Rows, Store
from policies.policy import Policy, load_policy, shipped_policy
from policies.sealing import Sealer

KEY = bytes(32)
SECRET = "for benchmarks only, " * 2
SHIPPED, OFF, FEW, MANY = "shipped", "off", "10", "10000"
KINDS = (SHIPPED, OFF, FEW, MANY)
_ROWS = 10_000
_TIERS = {"public": "any", "internal": "own_department", "personal": "own_department"}


class Unguarded(Policy):
    """Everything is shown to everybody: what authorization costs is measured beside it."""

    def rights(self, roles: Iterable[str]) -> Rights:
        """All cells in full; computed once for each set, as others are."""
        key = frozenset(roles)
        if key not in self._known:
            everywhere = {Scope.ANY: Show.FULL}
            subjects = (*TIERS, *RESOURCES)
            cells = {(one, str(action)): everywhere for one in subjects for action in Action}
            self._known[key] = Rights(roles=key, epoch=self.epoch, cells=cells)
        return self._known[key]


def policy_of(kind: str) -> Policy:
    """Epoch 1, as in a graph whose policy was never replaced."""
    if kind == SHIPPED:
        return load_policy(shipped_policy())
    if kind == OFF:
        return Unguarded(rules=())
    few = [
        "p, 50, role:agent, Knowledge, read, any, full, allow",
        *(
            f"p, 50, role:agent, tier:{tier}, {action}, {scope}, full, allow"
            for tier, scope in _TIERS.items()
            for action in ("read", "filter", "sort")
        ),
    ]
    return load_policy("\n".join(few if kind == FEW else _many(few)))


def _many(rows: list[str]) -> list[str]:
    """``rows`` with so many others that say the same of single coordinates, in another order of
    priority each.
    """
    coordinates = [one for one in TIERS if "." in one]
    more = (
        f"p, {60 + priority}, role:agent, {one}, read, own_department, full, allow"
        for priority in range(_ROWS)
        for one in coordinates
    )
    return [*rows, *(one for one, _ in zip(more, range(_ROWS - len(rows)), strict=False))]


@dataclass(frozen=True, kw_only=True, slots=True)
class Recording:
    """A store that keeps what was read, by the text of the query."""

    store: Store
    found: dict[str, Rows] = field(default_factory=dict)

    async def read(self, query: str | Query, /, **parameters: Any) -> Rows:
        """As the store reads it."""
        rows = await self.store.read(query, **parameters)
        self.found[_text(query)] = rows
        return rows

    async def ordered_ids(self, walks: Any, *, limit: int) -> None:
        """One query reads all."""

    async def order_at(self, walk: Any, *, place: int) -> None:
        """Nobody knows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Replaying:
    """A store of what was recorded."""

    found: Mapping[str, Rows]

    async def read(self, query: str | Query, /, **_: Any) -> Rows:
        """What the query read once; of the named ones that look for changes, nothing."""
        return self.found.get(_text(query), [])

    async def ordered_ids(self, walks: Any, *, limit: int) -> None:
        """One query reads all."""

    async def order_at(self, walk: Any, *, place: int) -> None:
        """Nobody knows."""

    async def describe(self) -> Row:
        """Ready."""
        return {"engine": "none", "version": "", "address": ""}


def _text(query: str | Query) -> str:
    return query if isinstance(query, str) else query.text


def platform_on(store: Any, settings: Settings, kind: str) -> Platform:
    """The platform of one kind of policy."""
    return Platform(
        settings=settings,
        store=store,
        intake=Intake(store),
        policy=policy_of(kind),
        vault=Vault(Sealer.from_key(KEY)),
        extractor=Extractor(Knowledge()),
    )


def main() -> None:
    """Serve on a free port of loopback."""
    folder, kind = Path(sys.argv[1]), sys.argv[2]
    settings = read_settings({**os.environ, "DESKGRAPH_TOKEN_SECRET": SECRET})
    configure_logs("WARNING")
    found = json.loads((folder / f"{kind}.json").read_text("utf-8"))
    platform = platform_on(Replaying(found=found), settings, kind)
    listener = socket.create_server(("127.0.0.1", 0))
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    server = server_for(settings, platform)
    keep_for_good()
    server.run(sockets=[listener])


if __name__ == "__main__":
    main()
