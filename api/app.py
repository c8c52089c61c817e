"""The ASGI application: GraphQL, health, the explorer page, and what every request passes."""

import gc
import logging
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.bootstrap import Platform, open_platform
from api.door import Door, refusal
from api.errors import ApiError, InputError, client_message
from api.examples import Examples
from api.explorer import BUILT, page
from api.live.hub import Hub
from api.live.socket import serve_socket
from api.logs import request_id
from api.schema import build_schema
from api.services.rehearsing import rehearse
from api.settings import Settings
from api.signin import SignIn
from graph.errors import EngineError, GraphError, UnavailableError

log = logging.getLogger("deskgraph.http")
MAX_BODY = 1 << 20
_TOO_LARGE = InputError("body", f"a body has at most {MAX_BODY} bytes", status=413)
_LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]", "::1"]


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
                await _answered(_TOO_LARGE, scope)(scope, receive, noting)
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
        except (ApiError, UnavailableError, EngineError) as error:
            await _answered(error, scope)(scope, receive, send)


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
            raise _TOO_LARGE
        return message

    return counting


def _answered(error: Exception, scope: Scope) -> Response:
    accept = dict(scope["headers"]).get(b"accept", b"").decode("latin-1")
    return refusal(error, client_message(error), accept=accept)


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

    schema = build_schema()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        if platform:
            async with _settled(app, settings, platform):
                yield
            return
        async with open_platform(settings, watch=True) as opened:
            await rehearse(opened)
            async with _settled(app, settings, opened):
                keep_for_good()
                yield

    routes: list[BaseRoute] = [
        Route("/", explorer),
        Route("/graphql", Door(schema)),
        WebSocketRoute("/graphql", serve_socket),
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Mount("/explorer", StaticFiles(directory=BUILT, check_dir=False)),
    ]
    if not settings.production:
        routes.append(Mount("/examples", Examples()))
    app = Starlette(routes=routes, middleware=_middleware(settings), lifespan=lifespan)
    app.state.schema = schema
    return app


def keep_for_good() -> None:
    """What is here when serving begins stays: the collector of cycles need not walk it again."""
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def _settled(app: Starlette, settings: Settings, platform: Platform) -> AsyncIterator[None]:
    """What requests find in ``app.state``; subscriptions are served until the context ends."""
    sign_in = SignIn(settings, platform.store, epoch=lambda: platform.extractor.knowledge.epoch)
    hub = Hub(platform, app.state.schema, sign_in)
    app.state.platform, app.state.sign_in, app.state.hub = platform, sign_in, hub
    hub.start()
    try:
        yield
    finally:
        await hub.close()


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
