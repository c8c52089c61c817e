"""Cursors: the sort values of a row and the order they belong to, signed so none is made up."""

import base64
import binascii
from typing import Any

import orjson

from api.errors import InputError
from policies.sealing import Sealer

_SIGNATURE = 12


def write_cursor(sealer: Sealer, order: str, values: list[Any]) -> str:
    """The cursor of a row with these sort values, in lists of this order only."""
    content = orjson.dumps([order, values])
    return base64.urlsafe_b64encode(sealer.sign(content)[:_SIGNATURE] + content).decode()


def read_cursor(sealer: Sealer, order: str, cursor: str, *, argument: str) -> list[Any]:
    """The sort values of a cursor that we wrote for ``order``.

    Raises:
        InputError: it is not ours, was altered, or belongs to another list.
    """
    try:
        found = base64.b64decode(cursor.encode("ascii"), b"-_", validate=True)
    except (UnicodeError, binascii.Error):
        found = b""
    signature, content = found[:_SIGNATURE], found[_SIGNATURE:]
    if not content or not sealer.is_signed(content, signature):
        raise InputError(argument, f"{argument} is no cursor of this API")
    of, values = orjson.loads(content)
    if of != order:
        raise InputError(argument, f"{argument} is a cursor of another list or order")
    return list(values)
