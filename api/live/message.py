"""Messages of graphql-transport-ws, read strictly: what is none closes the socket with 4400."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from api.errors import InputError
from api.operation import Operation, is_object, read_operation

PROTOCOL = "graphql-transport-ws"
TYPES = ("connection_init", "ping", "pong", "subscribe", "complete")


class MessageError(Exception):
    """No message of the protocol. The text is the reason that the client is told."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One message: ``id`` and ``operation`` only where the type has them."""

    type: str
    id: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)
    operation: Operation | None = None


def read_message(text: str) -> Message:
    """The message in ``text``.

    Raises:
        MessageError: it is none.
    """
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise MessageError("a message is JSON") from None
    if not is_object(found):
        raise MessageError("a message is a JSON object")
    type_ = found.get("type")
    if type_ not in TYPES:
        raise MessageError(f"a message has a type: {', '.join(TYPES)}")
    if type_ in {"subscribe", "complete"}:
        return _of_operation(type_, found)
    payload = found.get("payload")
    if payload is not None and not is_object(payload):
        raise MessageError("a payload is a JSON object")
    return Message(type=type_, payload=payload or {})


def _of_operation(type_: str, found: Mapping[str, Any]) -> Message:
    id_ = found.get("id")
    if not isinstance(id_, str) or not id_:
        raise MessageError(f"{type_} has an id that is not empty")
    if type_ == "complete":
        return Message(type=type_, id=id_)
    try:
        return Message(type=type_, id=id_, operation=read_operation(found.get("payload")))
    except InputError as error:
        raise MessageError(str(error)) from None
