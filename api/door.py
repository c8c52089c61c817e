"""GraphQL over HTTP: one operation per request, as the specification of that name has it.

What a form or a page elsewhere can send is refused before who asks is settled; a batch is no
request. An error of the request itself carries no ``data``.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from api.context import Context
from api.errors import ForeignError, InputError, MethodError, TimeLimitError, client_code
from api.logs import request_id
from api.media import RESPONSE, answer_type, is_json
from api.origin import is_foreign
from api.schema import DeskgraphSchema, formatted

_ALLOWED: Mapping[str, frozenset[OperationType]] = {
    "GET": frozenset({OperationType.QUERY}),
    "POST": frozenset({OperationType.QUERY, OperationType.MUTATION}),
}
STATUSES: Mapping[str, int] = {
    "BAD_USER_INPUT": 400,
    "UNAUTHENTICATED": 401,
    "FORBIDDEN": 403,
    "UNAVAILABLE": 503,
    "INTERNAL_SERVER_ERROR": 500,
}
"""Of errors that are met before GraphQL is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """What a request asks for, before anything of it is parsed."""

    query: str
    variables: dict[str, Any] | None
    name: str | None


class Door:
    """The endpoint, as an ASGI application."""

    def __init__(self, schema: DeskgraphSchema) -> None:
        self._schema = schema

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        response = await self._answer(request)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        state = request.app.state
        settings = state.platform.settings
        if request.method not in _ALLOWED:
            raise MethodError("GraphQL is served by GET and POST", allow="GET, POST")
        if is_foreign(request.headers, settings.cors_origins):
            raise ForeignError("pages of this origin may not call; see the setting CORS_ORIGINS")
        actor = await state.sign_in.actor(request.headers)
        operation = await _operation(request)
        context = Context(platform=state.platform, actor=actor, request_id=request_id.get())
        try:
            async with asyncio.timeout(settings.request_seconds or None):
                result = await self._run(operation, context, _ALLOWED[request.method])
        except TimeoutError:
            raise TimeLimitError(settings.request_seconds) from None
        return _response(result, answer_type(request.headers.get("accept", "")))

    async def _run(
        self, operation: Operation, context: Context, allowed: frozenset[OperationType]
    ) -> ExecutionResult:
        try:
            return await self._schema.execute(
                operation.query,
                variable_values=operation.variables,
                context_value=context,
                operation_name=operation.name,
                allowed_operation_types=allowed,
            )
        except MissingQueryError:
            raise InputError("query", "query is empty") from None
        except CannotGetOperationTypeError:
            raise InputError("operationName", "operationName names no operation here") from None
        except InvalidOperationTypeError as error:
            if error.operation_type is OperationType.SUBSCRIPTION:
                raise InputError("query", "subscriptions are served over WebSocket") from None
            raise MethodError("mutations are sent by POST", allow="POST") from None


def answer_of(result: ExecutionResult) -> dict[str, Any]:
    """A result as clients get it: errors in our words, no ``data`` where nothing was executed."""
    shown: dict[str, Any] = {}
    if result.errors:
        id_ = request_id.get()
        shown["errors"] = [formatted(error, request_id=id_) for error in result.errors]
    if result.data is not None or not result.errors or any(one.path for one in result.errors):
        shown["data"] = result.data
    if result.extensions:
        shown["extensions"] = result.extensions
    return shown


def refusal(error: Exception, message: str, *, accept: str = "") -> Response:
    """The answer to a request that never became an operation."""
    code = client_code(error)
    extensions = {"code": code, "requestId": request_id.get()}
    body = {"errors": [{"message": message, "extensions": extensions}]}
    status = getattr(error, "status", None) or STATUSES[code]
    response = _json(body, answer_type(accept), status)
    if isinstance(error, MethodError):
        response.headers["allow"] = error.allow
    return response


def _response(result: ExecutionResult, media: str) -> Response:
    shown = answer_of(result)
    status = 400 if media == RESPONSE and "data" not in shown else 200
    return _json(shown, media, status)


def _json(body: Mapping[str, Any], media: str, status: int) -> Response:
    headers = {
        "content-type": f"{media}; charset=utf-8",
        "x-content-type-options": "nosniff",
        "vary": "accept",
    }
    return Response(orjson.dumps(body), status_code=status, headers=headers)


async def _operation(request: Request) -> Operation:
    if request.method == "GET":
        given: Any = dict(request.query_params)
        for name in ("variables", "extensions"):
            if name in given:
                given[name] = _parsed(given[name].encode(), name)
    elif is_json(request.headers.get("content-type", "")):
        given = _parsed(await request.body(), "body")
    else:
        raise InputError("content-type", "send application/json in UTF-8", status=415)
    return read_operation(given)


def read_operation(given: Any) -> Operation:
    """The parameters of a request, or of a message over WebSocket.

    Raises:
        InputError: one of them is not what it must be.
    """
    if not _is_object(given):
        raise InputError("body", "the request body must be a JSON object; batches are not served")
    query, name = given.get("query"), given.get("operationName")
    if not isinstance(query, str) or not query:
        raise InputError("query", "query must be a text")
    if not isinstance(name, str | None):
        raise InputError("operationName", "operationName must be a text or null")
    for key in ("variables", "extensions"):
        if given.get(key) is not None and not _is_object(given[key]):
            raise InputError(key, f"{key} must be an object or null")
    return Operation(query=query, variables=given.get("variables"), name=name or None)


def _is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def _parsed(data: bytes, field: str) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        raise InputError(field, f"the {field} is no JSON") from None
