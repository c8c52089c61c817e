"""Driver errors in, the graph room's errors out. A message names the query, never a value."""

import re
from typing import TypeAlias

from neo4j.exceptions import (
    AuthError,
    ConfigurationError,
    ConnectionAcquisitionTimeoutError,
    ConstraintError,
    CypherSyntaxError,
    DriverError,
    IncompleteCommit,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
    TokenExpired,
)

from graph.errors import (
    ConstraintViolationError,
    EngineError,
    GraphError,
    UnavailableError,
)

Fault: TypeAlias = DriverError | Neo4jError
FAULTS = (DriverError, Neo4jError)
_LOST = (ServiceUnavailable, SessionExpired, ConnectionAcquisitionTimeoutError)
_PLACE = re.compile(r"line \d+, column \d+")
_NO_DATABASE = "Neo.ClientError.Database.DatabaseNotFound"


def is_lost(fault: Fault) -> bool:
    """The connection failed before a commit was sent: nothing has happened."""
    return isinstance(fault, _LOST) and not isinstance(fault, IncompleteCommit)


def is_retryable(fault: Fault) -> bool:
    """The engine asks for another try (a deadlock, a conflict, a leader that moved)."""
    return fault.is_retryable()


def is_taken_key(fault: Fault) -> bool:
    """A unique constraint refused the write."""
    return isinstance(fault, ConstraintError)


def translate(fault: Fault, *, name: str) -> GraphError:
    """The error that a caller of query ``name`` is to see.

    The driver's own text may quote parameter values, so only its code is passed on. A syntax error
    that points into the query is found before any value is looked at, so its text is, too.
    """
    code = getattr(fault, "code", None) or type(fault).__name__
    if isinstance(fault, ConstraintError):
        return ConstraintViolationError(f"{name}: a unique key is taken")
    if isinstance(fault, IncompleteCommit):
        return UnavailableError(
            f"{name}: the connection broke during the commit; whether it was kept is unknown, "
            "so repeat it under the same idempotency key"
        )
    if isinstance(fault, AuthError | TokenExpired):
        return EngineError("the graph refuses the user name or password")
    if isinstance(fault, ConfigurationError) or code == _NO_DATABASE:
        return EngineError(f"the graph cannot be used as configured ({code})")
    if is_lost(fault) or is_retryable(fault):
        return UnavailableError(f"{name}: the graph does not answer ({code}); try again later")
    if isinstance(fault, CypherSyntaxError) and _PLACE.search(fault.message or ""):
        return GraphError(f"{name}: {fault.message}")
    return GraphError(f"{name}: the graph refuses it ({code})")
