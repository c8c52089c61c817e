"""Cursors: the sort values of a row and the order they belong to.

They are closed, not only signed: a row may be ordered by what its reader may not see.
"""

from functools import lru_cache
from typing import Any

import orjson

from api.errors import InputError
from policies.errors import SealError
from policies.sealing import Sealer

_PURPOSE = "cursor"


def write_cursor(sealer: Sealer, order: str, values: list[Any]) -> str:
    """The cursor of a row with these sort values, in lists of this order only."""
    return _written(sealer, order, *values)


# By type, too: 1, 1.0 and true are equal, and not the same cursor. The newest rows are read again
# and again, by everybody.
@lru_cache(maxsize=20_000, typed=True)
def _written(sealer: Sealer, order: str, *values: Any) -> str:
    return sealer.close(orjson.dumps([order, list(values)]), purpose=_PURPOSE)


def read_cursor(sealer: Sealer, order: str, cursor: str, *, argument: str) -> list[Any]:
    """The sort values of a cursor that we wrote for ``order``.

    Raises:
        InputError: it is not ours, was altered, or belongs to another list.
    """
    try:
        of, values = orjson.loads(sealer.reopen(cursor, purpose=_PURPOSE))
    except SealError:
        raise InputError(argument, f"{argument} is no cursor of this API") from None
    if of != order:
        raise InputError(argument, f"{argument} is a cursor of another list or order")
    return list(values)
