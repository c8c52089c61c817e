"""One WebSocket in the protocol graphql-transport-ws: queries, mutations and subscriptions.

Closing codes are those of the protocol; 4403 is what a client answers by signing in again.
"""

import asyncio
import logging
import secrets
from collections.abc import Mapping
from typing import Any

import orjson
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState
from strawberry.types.graphql import OperationType

from api.answering import answer_of, execute
from api.bootstrap import Platform
from api.context import Context
from api.errors import ApiError, SignInUnavailableError, UnauthenticatedError, client_message
from api.errors import client_code as code_of
from api.live.hub import Hub
from api.live.message import PROTOCOL, Message, MessageError, read_message
from api.logs import request_id
from api.operation import Operation
from api.origin import is_foreign
from api.schema import DeskgraphSchema
from api.schema.limits import MOST_CHARACTERS, MOST_TOKENS
from api.schema.scan import is_subscription
from api.session import Session
from api.signin import SignIn
from graph.errors import EngineError, UnavailableError

log = logging.getLogger("deskgraph.live")
INIT_SECONDS = 10.0
MOST_OPERATIONS = 50
_BAD, _UNAUTHORIZED, _FORBIDDEN, _NO_PROTOCOL = 4400, 4401, 4403, 4406
_INIT_LATE, _ID_TAKEN, _INIT_TWICE, _TRY_LATER = 4408, 4409, 4429, 1013
_LONGEST_REASON = 123
_ALLOWED = frozenset({OperationType.QUERY, OperationType.MUTATION})
_CREDENTIALS = ("authorization", "x-api-key")


async def serve_socket(websocket: WebSocket) -> None:
    """One connection from handshake to end."""
    state = websocket.app.state
    platform: Platform = state.platform
    if is_foreign(websocket.headers, platform.settings.cors_origins):
        # Closed before it is accepted: the handshake is answered with 403.
        await websocket.close()
        return
    if PROTOCOL not in websocket["subprotocols"]:
        await websocket.accept()
        await websocket.close(_NO_PROTOCOL, "Subprotocol not acceptable")
        return
    await websocket.accept(PROTOCOL)
    socket = Socket(websocket, platform, hub=state.hub, schema=state.schema)
    await socket.serve(state.sign_in)


class Socket:
    """Reads messages one after the other; every operation is a task of its own."""

    def __init__(
        self, websocket: WebSocket, platform: Platform, *, hub: Hub, schema: DeskgraphSchema
    ) -> None:
        self.session: Session | None = None
        self._websocket, self._platform = websocket, platform
        self._hub, self._schema = hub, schema
        self._begun = False
        self._running: dict[str, asyncio.Task[None]] = {}

    async def serve(self, sign_in: SignIn) -> None:
        """Until either side closes."""
        late = asyncio.get_running_loop().call_later(INIT_SECONDS, self._late)
        try:
            while self._websocket.application_state is WebSocketState.CONNECTED:
                await self._handle(read_message(await self._received()), sign_in)
                if self.session:
                    late.cancel()
        except MessageError as error:
            await self._close(_BAD, str(error))
        except WebSocketDisconnect:
            pass
        finally:
            late.cancel()
            self._hub.release(self)
            await self._stop()

    async def expire(self) -> None:
        """See ``hub.Guarded``."""
        self._hub.release(self)
        await self._close(_FORBIDDEN, "Forbidden")
        await self._stop()

    async def _received(self) -> str:
        message = await self._websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect
        text = message.get("text")
        if text is None:
            raise MessageError("a message is a text")
        return str(text)

    async def _handle(self, message: Message, sign_in: SignIn) -> None:
        match message.type:
            case "connection_init":
                await self._init(message.payload, sign_in)
            case "ping":
                await self._send('{"type":"pong"}')
            case "subscribe":
                await self._subscribe(message)
            case "complete":
                if task := self._running.pop(message.id, None):
                    task.cancel()

    async def _init(self, payload: Mapping[str, Any], sign_in: SignIn) -> None:
        if self._begun:
            await self._close(_INIT_TWICE, "Too many initialisation requests")
            return
        self._begun = True
        shown = {name.lower(): value for name, value in payload.items()}
        credentials = {name: shown[name] for name in _CREDENTIALS if shown.get(name) is not None}
        if not all(isinstance(one, str) for one in credentials.values()):
            raise MessageError("credentials are texts")
        if not credentials:
            headers = self._websocket.headers
            credentials = {name: headers[name] for name in _CREDENTIALS if name in headers}
        try:
            self.session = await sign_in.session(credentials)
        except UnauthenticatedError:
            await self._close(_FORBIDDEN, "Forbidden")
        except (SignInUnavailableError, UnavailableError, EngineError):
            await self._close(_TRY_LATER, "Try again later")
        else:
            self._hub.guard(self)
            await self._send('{"type":"connection_ack"}')

    async def _subscribe(self, message: Message) -> None:
        if self.session is None:
            await self._close(_UNAUTHORIZED, "Unauthorized")
        elif message.id in self._running:
            await self._close(_ID_TAKEN, f"Subscriber for {message.id} already exists")
        elif len(self._running) >= MOST_OPERATIONS:
            text = f"at most {MOST_OPERATIONS} operations at a time"
            await self._refuse(message.id, "TOO_COMPLEX", text)
        elif message.operation:
            task = asyncio.create_task(self._operate(message.id, message.operation, self.session))
            self._running[message.id] = task

    async def _operate(self, id_: str, operation: Operation, session: Session) -> None:
        request_id.set(secrets.token_hex(8))
        try:
            if _follows(operation):
                await self._follow(id_, operation, session)
            else:
                await self._answer(id_, operation, session)
        except (WebSocketDisconnect, RuntimeError):
            # Starlette says so when it is asked to send on a closed socket.
            if self._websocket.application_state is WebSocketState.CONNECTED:
                raise
        finally:
            if self._running.get(id_) is asyncio.current_task():
                del self._running[id_]

    async def _follow(self, id_: str, operation: Operation, session: Session) -> None:
        member = self._hub.join(id_, operation, session.actor, send=self._send)
        try:
            errors = await member.run()
        finally:
            await self._hub.leave(member)
        await self._finish(id_, f'"error","payload":{errors}')

    async def _answer(self, id_: str, operation: Operation, session: Session) -> None:
        context = Context(platform=self._platform, actor=session.actor, request_id=request_id.get())
        try:
            result = await execute(self._schema, operation, context, allowed=_ALLOWED)
        except ApiError as error:
            await self._refuse(id_, code_of(error), client_message(error))
            return
        answer = answer_of(result)
        if "data" not in answer:
            await self._finish(id_, f'"error","payload":{_text(answer["errors"])}')
            return
        await self._send(f'{{"id":{_text(id_)},"type":"next","payload":{_text(answer)}}}')
        await self._finish(id_, '"complete"')

    async def _refuse(self, id_: str, code: str, message: str) -> None:
        extensions = {"code": code, "requestId": request_id.get()}
        errors = _text([{"message": message, "extensions": extensions}])
        await self._finish(id_, f'"error","payload":{errors}')

    async def _finish(self, id_: str, rest: str) -> None:
        # Free again before the client is told so.
        if self._running.get(id_) is asyncio.current_task():
            del self._running[id_]
        await self._send(f'{{"id":{_text(id_)},"type":{rest}}}')

    async def _send(self, text: str) -> None:
        # Text, never bytes: clients of the protocol do not read binary frames.
        await self._websocket.send_text(text)

    def _late(self) -> None:
        self._running[""] = asyncio.create_task(
            self._close(_INIT_LATE, "Connection initialisation timeout")
        )

    async def _close(self, code: int, reason: str) -> None:
        if self._websocket.application_state is WebSocketState.CONNECTED:
            await self._websocket.close(
                code, reason.encode()[:_LONGEST_REASON].decode("utf-8", "ignore")
            )

    async def _stop(self) -> None:
        tasks = [task for task in self._running.values() if task is not asyncio.current_task()]
        self._running.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _follows(operation: Operation) -> bool:
    # A document beyond the limits is refused by whoever executes it.
    return len(operation.query) <= MOST_CHARACTERS and is_subscription(
        operation.query, operation.name, most=MOST_TOKENS
    )


def _text(value: object) -> str:
    return orjson.dumps(value).decode()
