"""XLSX, one row at a time: each sheet's title is its table. Formulas count as their last result."""

import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from seed.delimited import cells_to_values
from seed.headers import Tell, find_table, read_header, unknown_table
from seed.problems import Problem
from seed.rows import RawRow
from seed.tables import Table

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    InvalidFileException,
    KeyError,
    ValueError,
    EOFError,
    OSError,
)
_UNPACKED_LIMIT = 1 << 30


@dataclass(frozen=True, slots=True)
class Sheet:
    """Places of a sheet: ``产品!B7``."""

    title: str
    columns: Sequence[str | None]

    def place(self, row: RawRow, column: str) -> str:
        """See ``Places.place``."""
        index = self.columns.index(column) if column in self.columns else 0
        return _place(self.title, index, row.number)


def read_xlsx(path: Path, *, file: str, tell: Tell) -> Iterator[RawRow]:
    """Yield the rows of every sheet. A workbook that cannot be read is one problem."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of styles and extensions not kept
        try:
            if _unpacked(path) > _UNPACKED_LIMIT:
                tell(Problem(code="file_too_large", message="the workbook unpacks to over 1 GiB"))
                return
            workbook = load_workbook(path, read_only=True, data_only=True)
        except _BROKEN:
            tell(_invalid())
            return
        try:
            for sheet in workbook.worksheets:
                yield from _sheet(sheet, file=file, tell=tell)
        except _BROKEN:
            tell(_invalid())
        finally:
            workbook.close()


def _unpacked(path: Path) -> int:
    with zipfile.ZipFile(path) as archive:
        return sum(entry.file_size for entry in archive.infolist())


def _invalid() -> Problem:
    return Problem(code="workbook_invalid", message="this is no whole XLSX workbook; save it again")


def _sheet(sheet: Any, *, file: str, tell: Tell) -> Iterator[RawRow]:
    sheet.reset_dimensions()  # some programs write wrong ones
    title, table = sheet.title, find_table(sheet.title)
    header: list[str | None] | None = None
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        if all(cell is None for cell in cells):
            continue
        if table is None:
            tell(replace(unknown_table(title), place=_place(title, 0, number)))
            return
        texts = [_to_text(cell) for cell in cells]
        if header is None:
            header = _header(table, texts, title=title, number=number, tell=tell)
            places = Sheet(title, header)
        else:
            values = cells_to_values(table, header, texts)
            yield RawRow(table=table, file=file, number=number, values=values, places=places)


def _header(
    table: Table, cells: list[str], *, title: str, number: int, tell: Tell
) -> list[str | None]:
    def placed(problem: Problem, index: int) -> None:
        tell(replace(problem, place=_place(title, index, number)))

    return read_header(table, cells, tell=placed)


def _place(title: str, index: int, number: int) -> str:
    return f"{title}!{get_column_letter(index + 1)}{number}"


def _to_text(cell: Any) -> str:
    """A cell as a person would write it in CSV."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat() if cell.time() != time() else cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)
