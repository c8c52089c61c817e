"""What is known already, and what is proposed: rows by table, as the composition passes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from extractors.building.register import Evidence

Row = Mapping[str, Any]
"""English column names to a text or a list of texts."""
Rows = Mapping[str, Sequence[Row]]
VERSION = "build.v2"


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposed:
    """One row and where everything of it is said. ``is_new`` is false where it adds to a known."""

    table: str
    row: Row
    evidence: tuple[Evidence, ...]
    is_new: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """Rows by table, ids that a reviewer has taken out, and identities by comparable form."""

    rows: Rows = field(default_factory=dict)
    rejected: frozenset[tuple[str, str]] = frozenset()

    def of(self, table: str) -> Sequence[Row]:
        """The rows of a table."""
        return self.rows.get(table, ())


def merged(row: Row | None, added: Mapping[str, Any]) -> dict[str, Any] | None:
    """A known row with what is new in it, or ``None`` where nothing is.

    Texts that are there stay; lists grow at their end.
    """
    if row is None:
        return {name: value for name, value in added.items() if value}
    result, changed = dict(row), False
    for name, value in added.items():
        if not value or name == "id":
            continue
        if isinstance(value, list):
            old = list(row.get(name) or ())
            more = [one for one in value if one not in old]
            if more:
                result[name], changed = old + more, True
        elif not row.get(name):
            result[name], changed = value, True
    return result if changed else None
