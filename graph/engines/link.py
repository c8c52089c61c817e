"""Where an engine is, and what keeps it reachable."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from graph.errors import EngineError
from graph.store import Rows


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """Where a driver connects. ``repr`` shows no password."""

    url: str
    user: str | None = None
    password: str | None = None
    database: str | None = None
    engine: str = "neo4j"
    version: str = ""

    def __repr__(self) -> str:
        return f"Address({self.url!r}, database={self.database!r})"


class Link(Protocol):
    """Keeps an engine reachable; ``open`` is called at first and after every lost connection."""

    async def open(self) -> Address:
        """Where the engine is now. Starts it where that is the link's business.

        Raises:
            EngineError, UnavailableError: it cannot be reached.
        """

    async def sql(self, statement: str, **values: Any) -> Rows:
        """Run one statement in the engine's own language, where it has one."""

    async def read(self, text: str, values: Mapping[str, Any], /) -> Rows | None:
        """The rows of Cypher that reads, by a shorter way than the driver's; ``None`` where there
        is none, or where it did not serve: then the driver is to be asked.
        """

    async def close(self) -> None:
        """Let go. Idempotent."""


@dataclass(frozen=True, slots=True)
class FixedLink:
    """A server that somebody else runs."""

    address: Address

    async def open(self) -> Address:
        """The address that was configured."""
        return self.address

    async def sql(self, statement: str, **_: Any) -> Rows:
        """Refused: such a server speaks Cypher only."""
        raise EngineError(f"{self.address.url} takes no statement but Cypher: {statement[:40]!r}")

    async def read(self, _text: str, _values: Mapping[str, Any], /) -> Rows | None:
        """The driver's way is the only one."""
        return None

    async def close(self) -> None:
        """Nothing to let go of."""
