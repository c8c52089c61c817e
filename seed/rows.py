"""Rows as they travel: raw from a reader, then checked. Places are worked out only when told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from seed.tables import Table


class Places(Protocol):
    """Where the rows of one sheet, file or table stand."""

    def place(self, row: "RawRow", column: str) -> str:
        """The place of a cell, or of the row when ``column`` is empty or absent."""


@dataclass(kw_only=True, slots=True)
class RawRow:
    """One row as written: text, lists of text, or nothing, under English column names.

    ``number`` is its line or row in the file; ``marks`` are places of cells where they differ.
    """

    table: Table
    file: str
    number: int
    values: dict[str, str | list[str]]
    places: Places
    marks: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def place(self, column: str = "") -> str:
        """See ``Places.place``."""
        return self.places.place(self, column)


class Reference(NamedTuple):
    """An id that a cell holds, and the properties of the relationship it becomes."""

    id: str
    properties: Mapping[str, Any]


@dataclass(kw_only=True, slots=True)
class Row:
    """One checked row. Values have their kind's type; absent ones are left out."""

    id: str
    table: Table
    values: dict[str, Any]
    raw: RawRow

    def references(self, column: str) -> list[Reference]:
        """What the cell refers to; a single reference is a list of one."""
        found = self.values.get(column)
        if found is None:
            return []
        return found if type(found) is list else [found]
