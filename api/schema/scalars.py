"""Scalars of our own: instants, and integers beyond 32 bits."""

from datetime import UTC, datetime
from typing import NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

from api.errors import InputError
from api.plan.shaper import instant

Instant = NewType("Instant", int)
Long = NewType("Long", int)
_MOST = 2**53 - 1


def _milliseconds(value: object) -> int:
    wrong = InputError("DateTime", "an instant is ISO 8601 with an offset: 2026-01-31T08:00:00Z")
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
        if found is None or found.tzinfo is None:
            raise wrong
        return round(found.astimezone(UTC).timestamp() * 1000)
    except (ValueError, OverflowError):
        raise wrong from None


def _long(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _MOST:
        raise InputError("Long", f"a whole number between {-_MOST} and {_MOST}")
    return value


SCALARS: dict[object, ScalarDefinition] = {
    Instant: strawberry.scalar(
        name="DateTime",
        description="An instant: ISO 8601, served in UTC to the millisecond. 时间",
        serialize=instant,
        parse_value=_milliseconds,
    ),
    Long: strawberry.scalar(
        name="Long",
        description="A whole number of up to 53 bits. 长整数",
        serialize=_long,
        parse_value=_long,
    ),
}
