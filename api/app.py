"""The ASGI application: GraphQL, health, the explorer page, and what every request passes."""

import logging
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import orjson
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse
from strawberry.types import ExecutionResult

from api.bootstrap import Platform, open_platform
from api.context import Context
from api.errors import (
    InputError,
    SignInUnavailableError,
    UnauthenticatedError,
    client_code,
    client_message,
)
from api.explorer import BUILT, page
from api.logs import request_id
from api.schema import build_schema, formatted
from api.settings import Settings
from api.signin import SignIn
from graph.errors import EngineError, GraphError, UnavailableError

log = logging.getLogger("deskgraph.http")
MAX_BODY = 1 << 20
_LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]", "::1"]


class Door(GraphQL[Context, None]):
    """strawberry's view with our context, our error shape, and orjson."""

    async def get_context(
        self,
        request: Request | WebSocket,
        response: Response | WebSocket,  # noqa: ARG002 - strawberry passes it
    ) -> Context:
        """Who asks is settled here, before anything is parsed."""
        platform: Platform = request.app.state.platform
        actor = await request.app.state.sign_in.actor(request.headers)
        return Context(platform=platform, actor=actor, request_id=request_id.get())

    async def process_result(
        self,
        request: Request,  # noqa: ARG002 - strawberry passes it
        result: ExecutionResult,
    ) -> GraphQLHTTPResponse:
        """Data and errors as the contract has them."""
        shown: GraphQLHTTPResponse = {"data": result.data}
        if result.errors:
            id_ = request_id.get()
            shown["errors"] = [formatted(error, request_id=id_) for error in result.errors]
        if result.extensions:
            shown["extensions"] = result.extensions
        return shown

    def parse_json(self, data: str | bytes) -> object:
        """An object or a list; anything else, and what is no JSON at all, is the caller's error."""
        try:
            parsed = orjson.loads(data)
        except orjson.JSONDecodeError:
            raise InputError("body", "the request body is no JSON") from None
        if not isinstance(parsed, dict | list):
            raise InputError("body", "the request body must be a JSON object")
        return parsed

    def encode_json(self, data: object) -> bytes:
        """orjson, which is as strict and several times as fast."""
        return orjson.dumps(data)


class RequestLine:
    """Gives every request an id, bounds its body, and logs one line when it ends."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """HTTP only; lifespan and WebSocket pass through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        token = request_id.set(secrets.token_hex(8))
        started, status = time.perf_counter(), 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"].append((b"x-request-id", request_id.get().encode()))
            await send(message)

        try:
            if _too_large(scope):
                refusal = _error("BAD_USER_INPUT", f"at most {MAX_BODY} bytes", 413)
                await refusal(scope, receive, noting)
            else:
                await self._answer(scope, _bounded(receive), noting)
        finally:
            ms = round((time.perf_counter() - started) * 1000, 1)
            extra = {"method": scope["method"], "path": scope["path"], "status": status, "ms": ms}
            log.info("request", extra=extra)
            request_id.reset(token)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except UnauthenticatedError as error:
            await _error(client_code(error), str(error), 401)(scope, receive, send)
        except (SignInUnavailableError, UnavailableError, EngineError) as error:
            await _error(client_code(error), client_message(error), 503)(scope, receive, send)
        except InputError as error:
            await _error(client_code(error), str(error), 400)(scope, receive, send)
        except _TooLargeError:
            refusal = _error("BAD_USER_INPUT", f"at most {MAX_BODY} bytes", 413)
            await refusal(scope, receive, send)


class _TooLargeError(Exception):
    pass


def _too_large(scope: Scope) -> bool:
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return not length.isdigit() or int(length) > MAX_BODY


def _bounded(receive: Receive) -> Receive:
    """A body without a declared length is counted as it comes."""
    seen = 0

    async def counting() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > MAX_BODY:
            raise _TooLargeError
        return message

    return counting


def _error(code: str, message: str, status: int) -> JSONResponse:
    extensions = {"code": code, "requestId": request_id.get()}
    body = {"data": None, "errors": [{"message": message, "extensions": extensions}]}
    return JSONResponse(body, status_code=status)


async def healthz(_: Request) -> Response:
    """The process runs."""
    return JSONResponse({"status": "ok"})


async def readyz(request: Request) -> Response:
    """The graph answers. 503 while it does not."""
    platform: Platform = request.app.state.platform
    try:
        found = await platform.store.describe()
    except GraphError as error:
        return JSONResponse({"status": "unavailable", "code": error.code}, status_code=503)
    knowledge = platform.extractor.knowledge
    body = {
        "status": "ok",
        "engine": found["engine"],
        "knowledge_epoch": knowledge.epoch,
        "model": platform.extractor.model,
    }
    return JSONResponse(body)


async def explorer(_: Request) -> Response:
    """GraphiQL where it was built at set-up, else our own plain page."""
    return HTMLResponse(page())


def create_app(settings: Settings, *, platform: Platform | None = None) -> Starlette:
    """The application; opens its own platform at start unless one is given."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        if platform:
            _settle(app, settings, platform)
            yield
            return
        async with open_platform(settings, watch=True) as opened:
            _settle(app, settings, opened)
            yield

    door = Door(build_schema(), graphql_ide=None, allow_queries_via_get=True)
    routes = [
        Route("/", explorer),
        Route("/graphql", door),
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Mount("/explorer", StaticFiles(directory=BUILT, check_dir=False)),
    ]
    return Starlette(routes=routes, middleware=_middleware(settings), lifespan=lifespan)


def _settle(app: Starlette, settings: Settings, platform: Platform) -> None:
    app.state.platform = platform
    app.state.sign_in = SignIn(
        settings, platform.store, epoch=lambda: platform.extractor.knowledge.epoch
    )


def _middleware(settings: Settings) -> list[Middleware]:
    cors = Middleware(
        CORSMiddleware,
        allow_origins=list(settings.cors_origins),
        allow_methods=["GET", "POST"],
        allow_headers=["authorization", "content-type", "x-api-key"],
        expose_headers=["x-request-id"],
    )
    found = [Middleware(RequestLine), cors]
    if not settings.signed_in:
        # Without sign-in a page elsewhere must not reach us under a name that points here.
        found.append(Middleware(TrustedHostMiddleware, allowed_hosts=_LOCAL_HOSTS))
    return found
