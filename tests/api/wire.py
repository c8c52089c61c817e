"""A WebSocket client that shows the protocol as it is: every message, and how it was closed."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from api.live.message import PROTOCOL
from tests.api.conftest import Client

SECONDS = 5.0


class Wire:
    """One connection."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.log: list[Any] = []

    async def send(self, message: object) -> None:
        """A message; texts and bytes as they are."""
        plain = isinstance(message, str | bytes)
        await self.connection.send(message if plain else json.dumps(message))  # type: ignore[arg-type]

    async def next(self, seconds: float = SECONDS) -> Any:
        """The next message, which is text."""
        async with asyncio.timeout(seconds):
            message = await self.connection.recv()
        assert isinstance(message, str), "binary frames are not read by clients"
        self.log.append(json.loads(message))
        return self.log[-1]

    async def until(self, wanted: Callable[[Any], bool], seconds: float = SECONDS) -> Any:
        """The next message that is ``wanted``."""
        async with asyncio.timeout(seconds):
            while not wanted(message := await self.next(seconds)):
                pass
        return message

    async def event(self, seconds: float = SECONDS) -> Any:
        """The next event of ``ticketChanged``."""
        message = await self.next(seconds)
        assert message["type"] == "next", message
        return message["payload"]["data"]["ticketChanged"]

    async def closed(self, seconds: float = SECONDS) -> int | None:
        """The code that the server closes with."""
        async with asyncio.timeout(seconds):
            try:
                while True:
                    await self.next(seconds)
            except ConnectionClosed:
                return self.connection.close_code

    async def silent(self, seconds: float = 0.3) -> bool:
        """Whether nothing comes for so long."""
        try:
            await self.next(seconds)
        except TimeoutError:
            return True
        return False

    async def init(self, **payload: Any) -> None:
        """Sign in."""
        await self.send({"type": "connection_init", "payload": payload})
        assert (await self.next())["type"] == "connection_ack"

    async def subscribe(self, query: str, *, id_: str = "1", **variables: Any) -> None:
        """Begin an operation."""
        payload = {"query": query, "variables": variables}
        await self.send({"id": id_, "type": "subscribe", "payload": payload})


@asynccontextmanager
async def wired(
    client: Client,
    *,
    protocols: Sequence[str] = (PROTOCOL,),
    origin: str | None = None,
    headers: dict[str, str] | None = None,
) -> AsyncIterator[Wire]:
    """A connection, not yet signed in."""
    url = str(client.http.base_url.copy_with(scheme="ws")).rstrip("/")
    async with connect(
        f"{url}/graphql",
        subprotocols=[Subprotocol(one) for one in protocols] or None,
        origin=Origin(origin) if origin else None,
        additional_headers=headers,
        proxy=None,
        close_timeout=1,
    ) as connection:
        yield Wire(connection)


@asynccontextmanager
async def signed_in(client: Client, **payload: Any) -> AsyncIterator[Wire]:
    """A connection that was acknowledged."""
    async with wired(client) as wire:
        await wire.init(**payload)
        yield wire
