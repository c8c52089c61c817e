"""JSON lines, one object at a time: the table is the file's name, or each object's ``table``."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

from seed.encoding import detect
from seed.headers import Tell, duplicate, find_column, find_table, unknown_table
from seed.problems import Problem
from seed.rows import RawRow
from seed.tables import Table

_TABLE = "table"


@dataclass(frozen=True, slots=True)
class Lines:
    """Places of a file with one row on each line."""

    def place(self, row: RawRow, column: str) -> str:  # noqa: ARG002 - a line has no columns
        """See ``Places.place``."""
        return f"line {row.number}"


class _NotPlainError(ValueError):
    """A value that no cell can hold."""


def read_jsonl(path: Path, *, file: str, tell: Tell) -> Iterator[RawRow]:
    """Yield the rows of one file of JSON lines.

    Raises:
        UnreadableError: not a text file in a known encoding.
    """
    reader = _Reader(file=file, table=find_table(path.stem), stem=path.stem, tell=tell)
    with path.open(encoding=detect(path), newline="\n") as stream:
        for number, line in enumerate(stream, start=1):
            if line.strip():
                row = reader.read(line, number)
                if row is not None:
                    yield row


class _Reader:
    """Remembers which keys it has looked up; a file has few of them and many rows."""

    def __init__(self, *, file: str, table: Table | None, stem: str, tell: Tell) -> None:
        self._file, self._table, self._stem, self._tell = file, table, stem, tell
        self._columns: dict[tuple[str, str], str | None] = {}
        self._places = Lines()

    def read(self, line: str, number: int) -> RawRow | None:
        def tell(problem: Problem) -> None:
            self._tell(replace(problem, place=f"line {number}"))

        pairs = _parse(line, tell=tell)
        if pairs is None:
            return None
        table = self._find(pairs, tell=tell)
        if table is None:
            return None
        values: dict[str, str | list[str]] = {}
        for key, value in pairs:
            column = None if key == _TABLE else self._column(table, key, tell=tell)
            if column is None or value is None:
                continue
            if column in values:
                tell(duplicate(table, column))
                continue
            self._keep(values, column, value, tell=tell)
        return RawRow(
            table=table, file=self._file, number=number, values=values, places=self._places
        )

    def _find(self, pairs: list[tuple[str, Any]], *, tell: Tell) -> Table | None:
        written = next((value for key, value in pairs if key == _TABLE), None)
        if written is None and self._table is not None:
            return self._table
        name = written if isinstance(written, str) else self._stem
        table = find_table(name)
        if table is None:
            tell(unknown_table(name))
        return table

    def _column(self, table: Table, key: str, *, tell: Tell) -> str | None:
        """Look a key up; an unknown one is told once."""
        at = (table.name, key)
        if at not in self._columns:
            self._columns[at] = find_column(table, key, tell=tell)
        return self._columns[at]

    def _keep(
        self, values: dict[str, str | list[str]], column: str, value: Any, *, tell: Tell
    ) -> None:
        try:
            plain = _plain(value)
        except _NotPlainError as error:
            tell(Problem(code="value_nested", message=str(error), column=column))
            return
        if plain:
            values[column] = plain


def _plain(value: Any) -> str | list[str]:
    if isinstance(value, list):
        if any(not isinstance(item, str | bool) for item in value):
            raise _NotPlainError("a list holds texts or numbers only, no null, list or object")
        return [_text(item) for item in value]
    if isinstance(value, str | bool):
        return _text(value)
    raise _NotPlainError("an object is no value here")


def _text(value: str | bool) -> str:
    return value if isinstance(value, str) else str(value).lower()


class _Object(list[tuple[str, Any]]):
    """A JSON object with its keys in order, doubles included."""


def _refuse(constant: str) -> NoReturn:
    raise _NotPlainError(f"{constant} is not a JSON value")


# Numbers stay as written: an order number may begin with a zero or be very long.
_DECODER = json.JSONDecoder(
    parse_int=str, parse_float=str, parse_constant=_refuse, object_pairs_hook=_Object
)


def _parse(line: str, *, tell: Tell) -> list[tuple[str, Any]] | None:
    try:
        found = _DECODER.decode(line)
    except RecursionError:
        tell(Problem(code="json_invalid", message="nested too deeply"))
        return None
    except _NotPlainError as error:
        tell(Problem(code="json_invalid", message=str(error)))
        return None
    except json.JSONDecodeError as error:
        tell(_broken(error, cut=not line.endswith("\n")))
        return None
    if isinstance(found, _Object):
        return found
    tell(Problem(code="json_invalid", message="each line holds one object, {…}"))
    return None


def _broken(error: json.JSONDecodeError, *, cut: bool) -> Problem:
    if cut:
        return Problem(code="file_truncated", message="the last line is cut off within its object")
    return Problem(code="json_invalid", message=f"{error.msg}, at character {error.colno}")
