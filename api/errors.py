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
    UnavailableError,
)
from policies.errors import PoliciesError
from seed.errors import SeedError


class ApiError(Exception):
    """Base of the room."""

    code = "api_error"


class InputError(ApiError):
    """The caller's input cannot be used. ``field`` is its path in the input."""

    code = "input_invalid"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class UnauthenticatedError(ApiError):
    """No token, or one that is not ours, not valid yet, or no longer."""

    code = "unauthenticated"


class SignInUnavailableError(ApiError):
    """The identity provider's keys cannot be fetched now; trying again later may succeed."""

    code = "sign_in_unavailable"


class TooComplexError(ApiError):
    """A request beyond the budget of nested lists. ``field`` is where it went beyond."""

    code = "too_complex"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


CLIENT_CODES: Mapping[type[Exception], str] = {
    InputError: "BAD_USER_INPUT",
    TooComplexError: "TOO_COMPLEX",
    UnauthenticatedError: "UNAUTHENTICATED",
    ForbiddenError: "FORBIDDEN",
    ForbiddenArgumentError: "FORBIDDEN_ARGUMENT",
    NotFoundError: "NOT_FOUND",
    ConflictError: "CONFLICT",
    ConstraintViolationError: "CONFLICT",
    UnavailableError: "UNAVAILABLE",
    SignInUnavailableError: "UNAVAILABLE",
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
    if isinstance(error, EngineError | UnavailableError):
        return "the graph does not answer now; nothing was half-written, try again"
    return str(error)
