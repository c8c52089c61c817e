"""Everything that may go wrong in the graph room. ``code`` is stable; the text is for a person."""


class GraphError(Exception):
    """Base of the room. Each child names one condition a caller may act on."""

    code = "graph_error"


class QueryError(GraphError):
    """A query file, or a call of a named query, breaks the catalogue's rules."""

    code = "query_invalid"


class EngineError(GraphError):
    """The engine cannot serve this folder or address: locked, damaged, newer, or misconfigured."""

    code = "engine_unusable"


class UnavailableError(GraphError):
    """The graph does not answer now. Trying again later may succeed; nothing was half-written."""

    code = "graph_unavailable"


class ConstraintViolationError(GraphError):
    """A unique key exists already, after the engine's own retries."""

    code = "constraint_violated"


class ConflictError(GraphError):
    """An idempotency key came back with another body, or a version is no longer the current one."""

    code = "conflict"


class NotFoundError(GraphError):
    """No such node within the caller's scope. Absent and out of scope read the same."""

    code = "not_found"


class ForbiddenError(GraphError):
    """The actor's roles do not allow this action on this resource in any scope."""

    code = "forbidden"


class ForbiddenArgumentError(GraphError):
    """A filter or an order uses a coordinate that the asker may not use so. No value is told."""

    code = "forbidden_argument"

    def __init__(self, coordinate: str, action: str) -> None:
        super().__init__(f"your roles do not allow {str(action)!r} on {coordinate}")
        self.coordinate, self.action = coordinate, action
