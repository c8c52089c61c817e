"""What every reader makes of a file: its text, its blocks, its records. Spans count characters.

The text is the file's own where it is text, and otherwise what a person reads in it; every block
and cell stands in it verbatim.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a block is to its reader. A ``label`` is a line that ends in a colon."""

    HEADING = "heading"
    TEXT = "text"
    STEP = "step"
    ITEM = "item"
    ROW = "row"
    LABEL = "label"
    QUESTION = "question"


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """Some words and the place in the document's text where they begin."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the words end."""
        return self.start + len(self.text)


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """One heading, paragraph, list item or row of a table. ``level`` is a heading's, from 1."""

    kind: Kind
    words: Cell
    level: int = 0
    cells: tuple[Cell, ...] = ()


Record = Mapping[str, Cell]
"""One ticket, message or row by the fields of ``columns.yaml``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """One file as read. ``file`` is the name that people know it by."""

    file: str
    text: str
    blocks: tuple[Block, ...] = ()
    records: tuple[Record, ...] = ()
