"""The one store: named queries over Bolt, through the official asynchronous driver.

Knows no engine by name: what differs lies in the dialect, and where to connect in the link.
"""

import asyncio
import datetime
import logging
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import neo4j
import neo4j.time

from graph.engines import Opening
from graph.engines.connection import Attempt, Connection, fetch
from graph.engines.dialect import NEO4J, ORDERED_IDS, Dialect, Language, Statement, index_names
from graph.engines.faults import FAULTS, Fault, is_lost, is_retryable, is_taken_key, translate
from graph.engines.link import Address, FixedLink, Link
from graph.errors import QueryError, UnavailableError
from graph.queries import Mode, Query
from graph.store import Rows, SchemaItem, Store, Transaction, Walk

T = TypeVar("T")
log = logging.getLogger(__name__)

_TEMPORAL = (datetime.datetime, datetime.time, neo4j.time.DateTime, neo4j.time.Time)


@dataclass(frozen=True, kw_only=True, slots=True)
class Patience:
    """How long to try again. Delays are jittered, so that the losers of a race part ways."""

    lost_seconds: float = 5.0
    conflict_seconds: float = 15.0
    taken_tries: int = 12
    first_delay: float = 0.005
    last_delay: float = 0.1

    def delay(self, attempt: int) -> float:
        """Seconds to wait after the ``attempt``-th failure, from 1."""
        ceiling = min(self.last_delay, self.first_delay * 1.7**attempt)
        return random.uniform(ceiling / 4, ceiling)  # noqa: S311 - spreads retries, no secret


class BoltStore:
    """See ``graph.store.Store``. Build with ``open_bolt``."""

    def __init__(
        self,
        link: Link,
        *,
        catalogue: Mapping[str, Query],
        items: Sequence[SchemaItem],
        dialect: Dialect,
        patience: Patience = Patience(),
    ) -> None:
        self._link = link
        self._catalogue = catalogue
        self._dialect = dialect
        self._indexes = index_names(dialect, items)
        self._patience = patience
        self._connection: Connection | None = None
        self._renewal = asyncio.Lock()
        self._closed = False

    async def read(self, query: str | Query, /, **parameters: Any) -> Rows:
        """See ``Store.read``."""
        found = self._find(query)
        if found.mode is Mode.WRITE:
            raise QueryError(f"{found.name}: declared 'write', so read() refuses it")
        text, values = self._bind(found, parameters)
        rows = await self._link.read(text, values)
        if rows is not None:
            return rows

        async def work(connection: Connection, _: Attempt) -> Rows:
            # One statement, so one read is whole by itself: a transaction around it would
            # cost two more round trips. Only writes need one.
            return await connection.read(text, values)

        return await self._persist(work, name=found.name)

    async def write(self, query: str | Query, /, **parameters: Any) -> Rows:
        """See ``Store.write``."""
        found = self._find(query)
        self._bind(found, parameters)  # a wrong call fails before anything is sent

        async def work(transaction: Transaction) -> Rows:
            return await transaction.run(found, **parameters)

        return await self._transact(work, name=found.name)

    async def ordered_ids(
        self, walks: Sequence[Walk], *, limit: int
    ) -> list[tuple[str, int]] | None:
        """See ``Store.ordered_ids``."""
        if ORDERED_IDS not in self._dialect.capabilities:
            return None
        if not walks:
            return []
        await self._connected()
        statement, values = self._dialect.ordered(walks, limit=limit)
        rows = await self._link.sql(statement.text, **values)
        return [(row["id"], row["place"]) for row in rows]

    async def order_at(self, walk: Walk, *, place: int) -> int | None:
        """See ``Store.order_at``."""
        statement, values = self._dialect.at(walk, place=place)
        if statement.language is Language.SQL:
            await self._connected()
            rows = await self._link.sql(statement.text, **values)
        else:
            names = frozenset(values)
            query = Query(name="order-at", mode=Mode.READ, parameters=names, text=statement.text)
            rows = await self.read(query, **values)
        return rows[0]["place"] if rows else None

    async def transaction(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """See ``Store.transaction``."""
        return await self._transact(work, name="transaction")

    async def apply(self, items: Sequence[SchemaItem]) -> None:
        """See ``Store.apply``."""
        for statement in self._dialect.statements(items):
            await self._ddl(statement)

    async def settle(self) -> None:
        """See ``Store.settle``."""
        if text := self._dialect.settling:
            query = Query(name="settle", mode=Mode.READ, parameters=frozenset(), text=text)
            await self.read(query)

    async def describe(self) -> Mapping[str, str]:
        """See ``Store.describe``."""

        async def work(connection: Connection, _: Attempt) -> str:
            return await connection.agent()

        agent = await self._persist(work, name="describe")
        address = (await self._connected()).address
        version = address.version or agent.partition("/")[2]
        return {"engine": address.engine, "version": version, "address": address.url}

    async def close(self) -> None:
        """See ``Store.close``."""
        self._closed = True
        connection, self._connection = self._connection, None
        if connection:
            await connection.close()
        await self._link.close()

    def _find(self, query: str | Query) -> Query:
        if isinstance(query, Query):
            return query
        try:
            return self._catalogue[query]
        except KeyError:
            raise QueryError(f"no query is called {query!r}") from None

    def _bind(self, query: Query, parameters: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Text and values as they go to the engine."""
        log.debug("run %s", query.name)
        if parameters.keys() != query.parameters:
            missing = sorted(query.parameters - parameters.keys())
            extra = sorted(parameters.keys() - query.parameters)
            raise QueryError(f"{query.name}: parameters missing {missing}, not declared {extra}")
        for name, value in parameters.items():
            if isinstance(value, _TEMPORAL):
                raise QueryError(f"{query.name}: {name} is a datetime; instants are integers")
        if query.index is not None:
            return query.text, {**parameters, "index": self._index(query)}
        return query.text, parameters

    def _index(self, query: Query) -> str:
        try:
            return self._indexes[query.index or ""]
        except KeyError:
            known = sorted(self._indexes)
            raise QueryError(f"{query.name}: index {query.index!r} is not in {known}") from None

    async def _transact(self, work: Callable[[Transaction], Awaitable[T]], *, name: str) -> T:
        async def within(connection: Connection, attempt: Attempt) -> T:
            return await connection.transact(lambda raw: work(_Bound(self, raw, attempt)), attempt)

        return await self._persist(within, name=name)

    async def _ddl(self, statement: Statement) -> None:
        if statement.language is Language.SQL:
            await self._link.sql(statement.text)
            return
        query = Query(name="schema", mode=Mode.WRITE, parameters=frozenset(), text=statement.text)
        await self.write(query)

    async def _persist(
        self, work: Callable[[Connection, Attempt], Awaitable[T]], *, name: str
    ) -> T:
        """Run ``work`` until it succeeds, fails for good, or patience ends."""
        started, tries = time.monotonic(), 0
        while True:
            connection = await self._connected()
            attempt = Attempt()
            try:
                return await work(connection, attempt)
            except Exception as error:
                fault = attempt.cause(error)
                if fault is None:
                    raise
                tries += 1
                elapsed = time.monotonic() - started
                if not self._may_retry(fault, merges=attempt.merges, tries=tries, seconds=elapsed):
                    raise translate(fault, name=name) from None
            await asyncio.sleep(self._patience.delay(tries))
            if is_lost(fault):
                await self._renew(connection)

    def _may_retry(self, fault: Fault, *, merges: bool, tries: int, seconds: float) -> bool:
        if is_taken_key(fault):
            retries = self._dialect.retries_taken_keys and merges
            return retries and tries < self._patience.taken_tries
        if is_lost(fault):
            return seconds < self._patience.lost_seconds
        return is_retryable(fault) and seconds < self._patience.conflict_seconds

    async def _connected(self) -> Connection:
        if self._connection is not None:
            return self._connection
        async with self._renewal:
            self._check_open()
            if self._connection is None:
                address = await self._link.open()
                try:
                    self._check_open()  # still
                except UnavailableError:
                    await self._link.close()
                    raise
                self._connection = Connection(address, dialect=self._dialect)
            return self._connection

    def _check_open(self) -> None:
        if self._closed:
            raise UnavailableError("the store is closed")

    async def _renew(self, lost: Connection) -> None:
        """After a lost connection: ask the link again, once for all who lost the same one."""
        async with self._renewal:
            if self._connection is not lost or self._closed:
                return
            address = await self._link.open()
            if address == lost.address:
                return
            self._connection = Connection(address, dialect=self._dialect)
        await asyncio.shield(lost.close())  # nobody else ever does


class _Bound:
    """A transaction in a caller's hands: checks each statement, hides driver errors."""

    __slots__ = ("_attempt", "_raw", "_store")

    def __init__(self, store: BoltStore, raw: neo4j.AsyncTransaction, attempt: Attempt) -> None:
        self._store, self._raw, self._attempt = store, raw, attempt

    async def run(self, query: str | Query, /, **parameters: Any) -> Rows:
        """See ``Transaction.run``."""
        found = self._store._find(query)
        text, values = self._store._bind(found, parameters)
        self._attempt.merges = self._attempt.merges or "MERGE" in text
        try:
            return await fetch(await self._raw.run(text, values))
        except FAULTS as fault:
            self._attempt.fault = fault
            self._attempt.shown = translate(fault, name=found.name)
            raise self._attempt.shown from None


async def open_bolt(
    link: Link, opening: Opening, *, dialect: Dialect, patience: Patience | None = None
) -> Store:
    """A store that has answered once.

    Raises:
        EngineError, UnavailableError: as ``graph.engines.open_store``.
    """
    store = BoltStore(
        link,
        catalogue=opening.catalogue,
        items=opening.items,
        dialect=dialect,
        patience=patience or Patience(),
    )
    try:
        await store.describe()
    except BaseException:
        await store.close()
        raise
    return store


async def open_neo4j(opening: Opening) -> Store:
    """A Neo4j server at ``opening.url``."""
    address = Address(
        url=opening.url,
        user=opening.user,
        password=opening.password,
        database=opening.database,
    )
    return await open_bolt(FixedLink(address), opening, dialect=NEO4J)
