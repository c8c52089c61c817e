"""The embedded engine's own HTTP port: SQL, for what its Cypher cannot do, and Cypher that reads.

On the event loop, over connections that stay open: a thread and a new connection each cost more
than the question. A read costs us a fifth of what it costs over the driver.
"""

import asyncio
import base64
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import httptools
import orjson

from graph.engines.child import DATABASE
from graph.errors import EngineError, UnavailableError
from graph.store import Rows

_SECONDS = 60.0
_READ = 1 << 16
_OK = 200
_COMMAND, _QUERY = b"POST /api/v1/command", b"POST /api/v1/query"
_LOST = (OSError, httptools.HttpParserError)
_AS_THEY_ARE = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
"""Refused instead of made into text."""
_Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Port:
    """Asks one engine. For one event loop."""

    def __init__(self, address: Mapping[str, Any]) -> None:
        self._number = int(address["http"])
        login = base64.b64encode(f"root:{address['password']}".encode()).decode()
        self._rest = (
            f"/{DATABASE} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic {login}\r\n"
            "Content-Type: application/json\r\nContent-Length: "
        ).encode()
        self._idle: list[_Streams] = []
        self._closed = False

    async def ask(self, statement: str, values: Mapping[str, Any]) -> Rows:
        """The rows of one SQL statement.

        Raises:
            EngineError: the engine refuses the statement.
            UnavailableError: it does not answer.
        """
        body = orjson.dumps({"language": "sql", "command": statement, "params": values})
        try:
            async with asyncio.timeout(_SECONDS):
                status, content = await self._sent(_COMMAND, body)
        except _LOST:  # a timeout is an OSError, too
            raise UnavailableError("the embedded graph does not answer; try again later") from None
        if status != _OK:
            detail = content.decode(errors="replace")[:300]
            raise EngineError(f"schema: the engine refuses {statement!r}: {detail}")
        rows: Rows = orjson.loads(content)["result"]
        return rows

    async def read(self, text: str, values: Mapping[str, Any]) -> Rows | None:
        """The rows of Cypher that reads; ``None`` where the engine does not say them: the driver,
        asked the same, says why.
        """
        asked = {"language": "opencypher", "command": text, "params": values, "limit": -1}
        try:
            body = orjson.dumps(asked, option=_AS_THEY_ARE)
            status, content = await self._sent(_QUERY, body)
            rows: Rows | None = orjson.loads(content)["result"] if status == _OK else None
        except (TypeError, ValueError, *_LOST):  # the first two: JSON has no such value
            return None
        return rows

    def close(self) -> None:
        """Close what is idle, and the rest as soon as it is."""
        self._closed = True
        while self._idle:
            _, writer = self._idle.pop()
            with suppress(OSError, RuntimeError):  # the loop that it belongs to may have ended
                writer.close()

    async def _sent(self, way: bytes, body: bytes) -> tuple[int, bytes]:
        request = b"".join((way, self._rest, str(len(body)).encode(), b"\r\n\r\n", body))
        while self._idle:
            with suppress(ConnectionError):  # it was closed while it was idle
                return await self._over(self._idle.pop(), request)
        return await self._over(await asyncio.open_connection("127.0.0.1", self._number), request)

    async def _over(self, streams: _Streams, request: bytes) -> tuple[int, bytes]:
        reader, writer = streams
        answer = _Answer()
        try:
            writer.write(request)
            while not answer.is_whole:
                answer.feed(await reader.read(_READ))
        except BaseException:
            writer.close()  # half an answer may still come over it
            raise
        if self._closed:
            writer.close()
        else:
            self._idle.append(streams)
        return answer.status, b"".join(answer.parts)


class _Answer:
    """One response, as the parser tells of it."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.is_whole = False
        self._parser = httptools.HttpResponseParser(self)

    @property
    def status(self) -> int:
        return int(self._parser.get_status_code())

    def feed(self, data: bytes) -> None:
        if not data:
            raise ConnectionResetError
        self._parser.feed_data(data)

    def on_body(self, part: bytes) -> None:
        self.parts.append(part)

    def on_message_complete(self) -> None:
        self.is_whole = True
