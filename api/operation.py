"""What a client asks for, before anything of it is parsed: the same over HTTP and WebSocket."""

from dataclasses import dataclass
from typing import Any, TypeGuard

from api.errors import InputError


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """A document, its variables, and which of its operations is meant."""

    query: str
    variables: dict[str, Any] | None
    name: str | None


def read_operation(given: Any) -> Operation:
    """The parameters of a request, or of a message over WebSocket.

    Raises:
        InputError: one of them is not what it must be.
    """
    if not is_object(given):
        raise InputError("body", "the request body must be a JSON object; batches are not served")
    query, name = given.get("query"), given.get("operationName")
    if not isinstance(query, str) or not query:
        raise InputError("query", "query must be a text")
    if not isinstance(name, str | None):
        raise InputError("operationName", "operationName must be a text or null")
    for key in ("variables", "extensions"):
        if given.get(key) is not None and not is_object(given[key]):
            raise InputError(key, f"{key} must be an object or null")
    return Operation(query=query, variables=given.get("variables"), name=name or None)


def is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    """Whether a JSON value is an object."""
    return isinstance(value, dict)
