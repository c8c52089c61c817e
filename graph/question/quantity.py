"""What a number or a time in a question says a value has to be."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

DAY_MS = 86_400_000


class Comparison(StrEnum):
    """How a value is bounded."""

    OVER = ">"
    FROM = ">="
    UNDER = "<"
    UP_TO = "<="
    EQUAL = "="
    ONE_OF = "IN"


@dataclass(frozen=True, kw_only=True, slots=True)
class Quantity:
    """What a value has to be: every bound holds. ``is_time`` where the values are instants,
    ``is_now`` where this is one of them, ``to_come`` where none of them has come.

    ``bare`` is a number that nothing compares with.
    """

    bounds: tuple[tuple[Comparison, float], ...]
    start: int
    end: int
    is_time: bool = False
    is_now: bool = False
    to_come: bool = False
    bare: bool = False
    text: str = ""


def day_of(quantity: Quantity, zone: tzinfo) -> str | None:
    """The day that a time is, as 2026-10-01; ``None`` where it is longer, or no time."""
    values = [value for _, value in quantity.bounds]
    if not quantity.is_time or len(values) != 2 or values[1] - values[0] != DAY_MS:
        return None
    return f"{datetime.fromtimestamp(values[0] / 1000, zone):%Y-%m-%d}"
