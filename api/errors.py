"""One mapping from every room's errors to what a client sees.

Client codes are those of the API's contract; the text of an unexpected error never leaves.
"""

from collections.abc import Mapping

from api.settings import SettingsError
from extractors.errors import ExtractorError
from graph.errors import (
    ConflictError,
    ConstraintViolationError,
    EngineError,
    ForbiddenArgumentError,
    ForbiddenError,
    GraphError,
    NotFoundError,
    StalePolicyError,
    TransitionError,
    UnavailableError,
    UnfitError,
)
from policies.errors import PoliciesError
from seed.errors import SeedError


class ApiError(Exception):
    """Base of the room."""

    code = "api_error"


class InputError(ApiError):
    """The caller's input cannot be used. ``field`` is its path in the input."""

    code = "input_invalid"

    def __init__(self, field: str, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.field = field
        self.status = status


class MethodError(ApiError):
    """A method of HTTP that does not serve what was asked; ``allow`` are those that do."""

    code = "method_wrong"
    status = 405

    def __init__(self, message: str, *, allow: str) -> None:
        super().__init__(message)
        self.allow = allow


class ForeignError(ApiError):
    """A page of an origin that may not call sent this."""

    code = "origin_foreign"


class TimeLimitError(ApiError):
    """A request took longer than it may; what it was about to write was rolled back."""

    code = "time_limit"

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"it took longer than {seconds:g} seconds and was stopped: ask for less, or try again, "
            "a mutation with the same idempotency key"
        )


class UnauthenticatedError(ApiError):
    """No token, or one that is not ours, not valid yet, or no longer."""

    code = "unauthenticated"


class SignInUnavailableError(ApiError):
    """The identity provider's keys cannot be fetched now; trying again later may succeed."""

    code = "sign_in_unavailable"


class TooComplexError(ApiError):
    """A request beyond what is served. ``field`` is where it went beyond."""

    code = "too_complex"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


CLIENT_CODES: Mapping[type[Exception], str] = {
    InputError: "BAD_USER_INPUT",
    MethodError: "BAD_USER_INPUT",
    UnfitError: "BAD_USER_INPUT",
    TooComplexError: "TOO_COMPLEX",
    UnauthenticatedError: "UNAUTHENTICATED",
    ForbiddenError: "FORBIDDEN",
    ForeignError: "FORBIDDEN",
    ForbiddenArgumentError: "FORBIDDEN_ARGUMENT",
    NotFoundError: "NOT_FOUND",
    TransitionError: "TRANSITION_NOT_ALLOWED",
    ConflictError: "CONFLICT",
    ConstraintViolationError: "CONFLICT",
    UnavailableError: "UNAVAILABLE",
    StalePolicyError: "UNAVAILABLE",
    SignInUnavailableError: "UNAVAILABLE",
    TimeLimitError: "UNAVAILABLE",
    EngineError: "UNAVAILABLE",
}
INTERNAL = "INTERNAL_SERVER_ERROR"
DOMAIN = (ApiError, GraphError, ExtractorError, PoliciesError, SeedError, SettingsError)


def client_code(error: BaseException | None) -> str:
    """The API's code for ``error``; ``INTERNAL_SERVER_ERROR`` for anything unforeseen."""
    return next((code for kind, code in CLIENT_CODES.items() if isinstance(error, kind)), INTERNAL)


def client_message(error: BaseException | None) -> str:
    """What a client may read: our own words for foreseen errors, none of the others'."""
    if client_code(error) == INTERNAL or error is None:
        return "something went wrong on our side; the request id leads to it"
    if isinstance(error, EngineError | StalePolicyError | UnavailableError):
        return "the graph does not answer now; nothing was half-written, try again"
    return str(error)
