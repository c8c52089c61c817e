"""One measured figure."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Value:
    """``name`` is a row of ``bars.csv``; ``note`` says what else was seen."""

    name: str
    value: float
    rows: int | None = None
    concurrency: int = 1
    note: str = ""
