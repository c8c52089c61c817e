"""CSV, one row at a time: comma, semicolon or tab; the file's name is the table."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TextIO

from seed.encoding import detect
from seed.headers import Tell, find_table, read_header, unknown_table
from seed.problems import Problem
from seed.rows import RawRow
from seed.tables import LISTS, Table

_DELIMITERS = ",;\t"
_CELL_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True)
class Grid:
    """Places of a file with a header line: a cell's column is its number among the cells."""

    columns: Sequence[str | None]

    def place(self, row: RawRow, column: str) -> str:
        """See ``Places.place``."""
        if column in self.columns:
            return f"line {row.number}, column {self.columns.index(column) + 1}"
        return f"line {row.number}"


def read_csv(path: Path, *, file: str, tell: Tell) -> Iterator[RawRow]:
    """Yield the rows of one CSV file.

    Raises:
        UnreadableError: not a text file in a known encoding.
    """
    encoding = detect(path)
    table = find_table(path.stem)
    if table is None:
        tell(unknown_table(path.stem))
        return
    csv.field_size_limit(_CELL_LIMIT)
    with path.open(encoding=encoding, newline="") as stream:
        yield from _rows(stream, table=table, file=file, tell=tell)


def _rows(stream: TextIO, *, table: Table, file: str, tell: Tell) -> Iterator[RawRow]:
    delimiter = _sniff(stream)
    reader = csv.reader(stream, delimiter=delimiter, strict=True)
    header: list[str | None] | None = None
    width = start = 0
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            tell(_broken(error, line=start))
            return
        if not any(cells):
            continue
        if header is None:
            header = _header(table, cells, line=start, tell=tell)
            grid, width = Grid(header), len(cells)
        elif len(cells) != width:
            tell(_uneven(len(cells), width, line=start, table=table))
        else:
            values = cells_to_values(table, header, cells)
            yield RawRow(table=table, file=file, number=start, values=values, places=grid)


def _header(table: Table, cells: list[str], *, line: int, tell: Tell) -> list[str | None]:
    def placed(problem: Problem, index: int) -> None:
        tell(replace(problem, place=f"line {line}, column {index + 1}"))

    return read_header(table, cells, tell=placed)


def cells_to_values(
    table: Table, header: Sequence[str | None], cells: Sequence[str]
) -> dict[str, str | list[str]]:
    """Cells that are not empty, under their columns; lists split at ``|`` or else ``;``."""
    lists = _lists(table)
    return {
        column: split(cell) if column in lists else cell
        for column, cell in zip(header, cells, strict=False)
        if column and cell and not cell.isspace()
    }


def split(cell: str) -> list[str]:
    """The parts of a list written in one cell."""
    parts = cell.split("|") if "|" in cell else cell.replace("；", ";").split(";")
    return [part.strip() for part in parts if part.strip()]


@cache
def _lists(table: Table) -> frozenset[str]:
    return frozenset(column.name for column in table.columns if column.kind in LISTS)


def _sniff(stream: TextIO) -> str:
    """The delimiter that the first line that says anything uses most."""
    line = next((line for line in stream if line.strip()), "")
    stream.seek(0)
    return max(_DELIMITERS, key=line.count)


def _broken(error: csv.Error, *, line: int) -> Problem:
    if "unexpected end" in str(error):
        message = "the file ends within a quoted cell that begins here"
        return Problem(code="file_truncated", message=message, place=f"line {line}")
    return Problem(code="csv_invalid", message=str(error), place=f"line {line}")


def _uneven(found: int, width: int, *, line: int, table: Table) -> Problem:
    return Problem(
        code="row_uneven",
        message=f"the row has {found} cells, the header {width}",
        place=f"line {line}",
        table=table.name,
        found=str(found),
        allowed=str(width),
    )
