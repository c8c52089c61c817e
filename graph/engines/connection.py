"""One driver, its idle sessions, and what one try on them saw."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, TypeVar

import neo4j

from graph.engines.dialect import Dialect
from graph.engines.faults import FAULTS, Fault
from graph.engines.link import Address
from graph.errors import EngineError, GraphError
from graph.store import Row, Rows

T = TypeVar("T")


class Attempt:
    """What one try saw: the driver's error and what it was shown as; whether it ran a MERGE."""

    __slots__ = ("fault", "merges", "shown")

    def __init__(self) -> None:
        self.fault: Fault | None = None
        self.shown: GraphError | None = None
        self.merges = False

    def cause(self, error: Exception) -> Fault | None:
        """The driver's error behind ``error``; ``None`` when the caller's own work raised it."""
        if isinstance(error, FAULTS):
            return error
        return self.fault if error is self.shown else None


class Connection:
    """One driver and its idle sessions.

    A session is used by one task at a time and put back only after success, so each use finds
    it as new; opening one per call would cost a fifth of a read.
    """

    def __init__(self, address: Address, *, dialect: Dialect) -> None:
        self.address = address
        auth = (address.user or "neo4j", address.password) if address.password else None
        settings = dict(dialect.driver_settings)
        try:
            self._driver = neo4j.AsyncGraphDatabase.driver(
                address.url,
                auth=auth,
                connection_timeout=5.0,
                connection_acquisition_timeout=15.0,
                telemetry_disabled=True,
                **settings,
            )
        except (*FAULTS, ValueError) as error:  # says what is wrong with the URL or a setting
            raise EngineError(f"graph URL {address.url}: {error}") from None
        self._sessions: dict[str, list[neo4j.AsyncSession]] = {"READ": [], "WRITE": []}
        # A cluster's members lag behind each other: what this store wrote, it also reads.
        routed = address.url.startswith("neo4j")
        self._bookmarks = neo4j.AsyncGraphDatabase.bookmark_manager() if routed else None

    async def read(self, text: str, values: dict[str, Any]) -> Rows:
        """One statement in read access."""
        session = self._borrow("READ")
        try:
            rows = await fetch(await session.run(text, values))
        except BaseException as error:
            await _discard(session, because=error)
            raise
        self._sessions["READ"].append(session)
        return rows

    async def transact(
        self, work: Callable[[neo4j.AsyncTransaction], Awaitable[T]], attempt: Attempt
    ) -> T:
        """``work`` in one transaction: committed when it returns, else rolled back."""
        session = self._borrow("WRITE")
        try:
            transaction = await session.begin_transaction()
            result = await work(transaction)
            if attempt.fault is not None:
                raise attempt.fault  # work went on after a statement failed: nothing may commit
            await transaction.commit()
        except BaseException as error:
            await _discard(session, because=error)
            raise
        self._sessions["WRITE"].append(session)
        return result

    async def agent(self) -> str:
        """How the server names itself; asks it one question."""
        session = self._borrow("READ")
        try:
            result = await session.run("RETURN 1 AS one")
            summary = await result.consume()
        except BaseException as error:
            await _discard(session, because=error)
            raise
        self._sessions["READ"].append(session)
        return str(summary.server.agent)

    async def close(self) -> None:
        """Close the sessions and the driver."""
        for sessions in self._sessions.values():
            while sessions:
                await _discard(sessions.pop())
        with suppress(*FAULTS):
            await self._driver.close()

    def _borrow(self, access: str) -> neo4j.AsyncSession:
        idle = self._sessions[access]
        if idle:
            return idle.pop()
        return self._driver.session(
            database=self.address.database,
            default_access_mode=access,
            fetch_size=-1,  # all rows come in one answer; pages are small
            bookmark_manager=self._bookmarks,
        )


async def fetch(result: neo4j.AsyncResult) -> Rows:
    """All rows of ``result``, in order."""
    names = result.keys()
    rows: list[Row] = [dict(zip(names, row, strict=True)) for row in await result.values()]
    return rows


async def _discard(session: neo4j.AsyncSession, *, because: BaseException | None = None) -> None:
    """Close a session in any state; an open transaction in it is rolled back."""
    if isinstance(because, asyncio.CancelledError):
        session.cancel()  # a cancelled task may not wait for the server's word
    with suppress(*FAULTS):
        await session.close()
