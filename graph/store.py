"""What every engine promises. The law is in the docstrings; ``tests/conformance`` holds it.

Domain code sees this protocol and never learns which engine runs behind it.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, TypeVar

from graph.queries import Query

T = TypeVar("T")
Row: TypeAlias = dict[str, Any]
Rows: TypeAlias = list[Row]


@dataclass(frozen=True, kw_only=True, slots=True)
class Unique:
    """No two nodes of ``label`` share ``property``; also the index a MERGE key needs.

    ``is_integer`` says so where it is no text: an engine that is not told orders by digits.
    """

    label: str
    property: str
    is_integer: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Range:
    """Equality, range and (where the engine can) order over one or more properties.

    ``integers`` are those of them that are no texts.
    """

    label: str
    properties: tuple[str, ...]
    integers: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class FullText:
    """Search over text that is stored tokenised; split at white space only, on every engine.

    It may follow a write by a moment: ``Store.settle`` waits for it.
    """

    name: str
    label: str
    property: str


SchemaItem: TypeAlias = Unique | Range | FullText


@dataclass(frozen=True, kw_only=True, slots=True)
class Walk:
    """A stretch of an index: nodes of ``label`` whose properties ``equal`` these values, in the
    order of the integer property ``order``, behind the value ``behind`` if there is one.
    """

    label: str
    order: str
    is_falling: bool
    equal: tuple[tuple[str, str], ...] = ()
    behind: int | None = None


class Transaction(Protocol):
    """One managed transaction. All its statements are durable together, or none is."""

    async def run(self, query: str | Query, /, **parameters: Any) -> Rows:
        """Run one statement; see ``Store.read`` for parameters and rows."""


class Store(Protocol):
    """A property graph behind named queries."""

    async def read(self, query: str | Query, /, **parameters: Any) -> Rows:
        """Run one read query in a transaction of its own and return its rows in order.

        ``query`` is a name of the catalogue or a ``Query``. ``parameters`` are exactly those it
        declares. They, and what rows hold by returned name, are plain values (text, integers,
        finite floats, booleans, lists and maps of them, or ``None``).

        Raises:
            QueryError: unknown name, parameters missing or too many, or the query's mode is
                ``write`` (nothing reaches the engine).
            UnavailableError: the engine does not answer after the retries that are its own.
        """

    async def write(self, query: str | Query, /, **parameters: Any) -> Rows:
        """Run one query of either mode in a transaction of its own; durable when it returns.

        Retried by the store when the engine says so (deadlock, lost connection before commit,
        a concurrent MERGE of one new key): the text must give the same result when run again.

        Raises:
            QueryError, UnavailableError: as in ``read``.
            ConstraintViolationError: a unique key is taken, after the engine's retries.
        """

    async def ordered_ids(
        self, walks: Sequence[Walk], *, limit: int
    ) -> list[tuple[str, int]] | None:
        """The first ``limit`` nodes of all ``walks`` together as (id, order), in their order, none
        twice.

        ``None`` where the engine's Cypher takes order from an index itself. ``walks`` go one way;
        a range index covers each: ``equal``, then ``order``.

        Raises:
            UnavailableError: the engine does not answer.
        """

    async def order_at(self, walk: Walk, *, place: int) -> int | None:
        """The order of the node at ``place`` of a walk, from 0; ``None`` where it is shorter.

        Raises:
            UnavailableError: the engine does not answer.
        """

    async def transaction(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run ``work`` in one write transaction; commit when it returns, roll back if it raises.

        ``work`` may be called again on a retryable error, so it keeps no state of its own.

        Raises:
            as ``write``; and whatever ``work`` raises.
        """

    async def apply(self, items: Sequence[SchemaItem]) -> None:
        """Make constraints and indexes exist; returns when they are usable. Idempotent."""

    async def settle(self) -> None:
        """Return when search by full text sees all that was written before the call.

        Everything else is seen at once. Search may follow a write by up to a second: an engine
        that kept its index within each transaction would spend most of the commit on it.
        """

    async def describe(self) -> Mapping[str, str]:
        """``{"engine", "version", "address"}`` for people; nothing decides by it.

        Raises:
            UnavailableError: the engine does not answer. This is the readiness probe.
        """

    async def close(self) -> None:
        """Let go of every resource. Idempotent."""
