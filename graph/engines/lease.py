"""Both ends of a lease: a loopback connection that lasts as long as its user.

The user sends one line ``{"token", "linger"}`` and is told one line where the engine is.
"""

import json
import selectors
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

_LINE = 4096
_FIRST_LEASE_SECONDS = 30.0
_ANSWER_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Lease:
    """The user's end. Closed with ``close`` or by the end of the process."""

    connection: socket.socket
    address: Mapping[str, Any]

    def is_live(self) -> bool:
        """The other end is still there."""
        try:
            return self.connection.recv(1, socket.MSG_PEEK) != b""
        except BlockingIOError:
            return True
        except OSError:
            return False

    def close(self) -> None:
        """Give the lease back. Idempotent."""
        self.connection.close()


def take_lease(state: Mapping[str, Any], *, linger_seconds: float) -> Lease | None:
    """Ask the process that ``state`` names; ``None`` when it is gone or no longer takes leases."""
    try:
        connection = socket.create_connection(("127.0.0.1", state["port"]), _ANSWER_SECONDS)
    except OSError:
        return None
    try:
        request = {"token": state["token"], "linger": linger_seconds}
        connection.sendall(json.dumps(request).encode() + b"\n")
        answer = json.loads(_line(connection))
        connection.setblocking(False)
        return Lease(connection, answer)
    except (OSError, ValueError):
        connection.close()
        return None


def _line(connection: socket.socket) -> bytes:
    received = b""
    while not received.endswith(b"\n") and len(received) < _LINE:
        part = connection.recv(_LINE)
        if not part:
            raise ConnectionError
        received += part
    return received


class Leases:
    """The engine's end: who holds one, and since when nobody does."""

    def __init__(self, *, token: str, reply: Mapping[str, Any]) -> None:
        self._token = token
        self._reply = json.dumps(reply).encode() + b"\n"
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._listener.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._requests: dict[socket.socket, bytes] = {}
        self._lingers: dict[socket.socket, float] = {}
        self._end = time.monotonic() + _FIRST_LEASE_SECONDS

    @property
    def port(self) -> int:
        """Where leases are given, on loopback."""
        return int(self._listener.getsockname()[1])

    def serve(self) -> None:
        """Give leases until none is held and the last one's linger has passed."""
        while self._lingers or time.monotonic() < self._end:
            wait = None if self._lingers else max(0.0, self._end - time.monotonic())
            for key, _ in self._selector.select(wait):
                if key.fileobj is self._listener:
                    self._accept()
                else:
                    self._receive(key.fileobj)  # type: ignore[arg-type]
        # Whoever is still in the queue sees the connection break and starts a new process.
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            connection, _ = self._listener.accept()
            connection.setblocking(False)
            self._requests[connection] = b""
            self._selector.register(connection, selectors.EVENT_READ)

    def _receive(self, connection: socket.socket) -> None:
        try:
            part = connection.recv(_LINE)
        except OSError:
            part = b""
        if not part:
            self._drop(connection)
        elif connection in self._requests:
            self._requests[connection] += part
            if self._requests[connection].endswith(b"\n"):
                self._grant(connection, self._requests.pop(connection))

    def _grant(self, connection: socket.socket, line: bytes) -> None:
        try:
            request = json.loads(line)
            if request["token"] != self._token:
                raise ValueError
            linger = float(request["linger"])
            connection.sendall(self._reply)
        except (OSError, ValueError, KeyError, TypeError):
            self._drop(connection)
        else:
            self._lingers[connection] = linger

    def _drop(self, connection: socket.socket) -> None:
        self._selector.unregister(connection)
        connection.close()
        self._requests.pop(connection, None)
        linger = self._lingers.pop(connection, None)
        if linger is not None and not self._lingers:
            self._end = time.monotonic() + linger
