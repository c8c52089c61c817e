"""GraphQL over HTTP: one operation per request, as the specification of that name has it.

What a form or a page elsewhere can send is refused before who asks is settled; a batch is no
request. An error of the request itself carries no ``data``.
"""

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from api.answering import answer_of, execute
from api.context import Context
from api.errors import ForeignError, InputError, MethodError, client_code
from api.logs import request_id
from api.media import RESPONSE, answer_type, is_json
from api.operation import Operation, read_operation
from api.origin import is_foreign
from api.schema import DeskgraphSchema

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
        result = await execute(self._schema, operation, context, allowed=_ALLOWED[request.method])
        return _response(result, answer_type(request.headers.get("accept", "")))


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


def _parsed(data: bytes, field: str) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        raise InputError(field, f"the {field} is no JSON") from None
