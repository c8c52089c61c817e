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
    """An idempotency key came back with another body, a version is no longer the current one, an id
    is taken, or something depends on what was to go. ``field`` is what the caller has to change.
    """

    code = "conflict"

    def __init__(self, message: str, *, field: str = "idempotencyKey") -> None:
        super().__init__(message)
        self.field = field


class NotFoundError(GraphError):
    """No such node within the caller's scope. Absent and out of scope read the same."""

    code = "not_found"


class ForbiddenError(GraphError):
    """The actor's roles do not allow this action on this resource in any scope."""

    code = "forbidden"


class ForbiddenArgumentError(GraphError):
    """A filter, an order or a change uses a coordinate that the asker may not use so. No value is
    told.
    """

    code = "forbidden_argument"

    def __init__(self, coordinate: str, action: str) -> None:
        super().__init__(f"your roles do not allow {str(action)!r} on {coordinate}")
        self.coordinate, self.action = coordinate, action


class StalePolicyError(GraphError):
    """The policy in force is not the one that was judged by. Nothing was written; judge again."""

    code = "policy_stale"


class TransitionError(GraphError):
    """The ticket's state does not allow this. The text names what the caller may do to it now."""

    code = "transition_not_allowed"


class TargetNotFoundError(NotFoundError):
    """What a change refers to is not there, or not to be seen. ``field`` refers to it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class UnfitError(GraphError):
    """The row would break a rule. ``field`` is where; the text says what is allowed."""

    code = "unfit"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
