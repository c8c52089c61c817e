"""YAML: top-level keys are tables, each a list of rows.

Built from the parser's events, never from constructed objects: nothing is executed, numbers stay
as written, every value knows its line and column, and depth and size are bounded.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from yaml import events as ev

from seed.encoding import detect
from seed.headers import Tell, duplicate, find_column, find_table, unknown_table
from seed.problems import Problem
from seed.rows import RawRow
from seed.tables import Table

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LARGEST = 64 << 20
_DEEPEST = 20
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
Mark: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Marks:
    """Places of a file whose cells each stand somewhere of their own."""

    def place(self, row: RawRow, column: str) -> str:
        """See ``Places.place``."""
        return _place(row.marks.get(column) or row.marks[""])


class _BrokenError(Exception):
    """Reading cannot go on; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def read_yaml(path: Path, *, file: str, tell: Tell) -> Iterator[RawRow]:
    """Yield the rows of one YAML file.

    Raises:
        UnreadableError: not a text file in a known encoding.
    """
    encoding = detect(path)
    if path.stat().st_size > _LARGEST:
        tell(Problem(code="file_too_large", message="over 64 MiB; use CSV or JSON lines"))
        return
    parser = _Parser(path.read_text(encoding=encoding), file=file, tell=tell)
    try:
        yield from parser.tables()
    except _BrokenError as error:
        tell(error.problem)
    except yaml.YAMLError as error:
        tell(_invalid(error))


def _place(mark: Mark) -> str:
    return f"line {mark[0] + 1}, column {mark[1] + 1}"


def _invalid(error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"
    place = _place((mark.line, mark.column)) if mark else ""
    return Problem(code="yaml_invalid", message=str(what), place=place)


def _broken(code: str, message: str, event: Any) -> _BrokenError:
    return _BrokenError(Problem(code=code, message=message, place=_place(_mark(event))))


def _mark(event: Any) -> Mark:
    return event.start_mark.line, event.start_mark.column


class _Parser:
    """Walks the events of one file in order, never deeper than a row's lists."""

    def __init__(self, text: str, *, file: str, tell: Tell) -> None:
        self._events = iter(yaml.parse(text, Loader=_LOADER))
        self._file, self._tell, self._depth = file, tell, 0
        self._places = Marks()

    def tables(self) -> Iterator[RawRow]:
        """The rows of every table."""
        while not isinstance(event := self._next(), ev.StreamEndEvent):
            if isinstance(event, ev.MappingStartEvent):
                for key, value in self._pairs():
                    yield from self._table(key, value)
            elif isinstance(event, ev.SequenceStartEvent | ev.ScalarEvent):
                raise _broken("yaml_shape", "write tables as 'products:' and a list below", event)

    def _next(self) -> Any:
        event = next(self._events)
        if isinstance(event, ev.AliasEvent) or getattr(event, "anchor", None):
            raise _broken("yaml_alias", "anchors (&) and aliases (*) are not read", event)
        if isinstance(event, ev.CollectionStartEvent):
            self._depth += 1
            if self._depth > _DEEPEST:
                raise _broken("yaml_too_deep", f"nested over {_DEEPEST} levels deep", event)
        elif isinstance(event, ev.CollectionEndEvent):
            self._depth -= 1
        return event

    def _pairs(self) -> Iterator[tuple[Any, Any]]:
        """(key, the value's first event) of the mapping just entered."""
        while not isinstance(key := self._next(), ev.MappingEndEvent):
            if not isinstance(key, ev.ScalarEvent):
                raise _broken("yaml_shape", "a name is expected here", key)
            yield key, self._next()

    def _skip(self, event: Any) -> None:
        """Leave the value that ``event`` begins."""
        if isinstance(event, ev.CollectionStartEvent):
            outside = self._depth - 1
            while self._depth > outside:
                self._next()

    def _say(self, problem: Problem, event: Any) -> None:
        self._tell(replace(problem, place=_place(_mark(event))))

    def _table(self, key: Any, value: Any) -> Iterator[RawRow]:
        table = find_table(key.value)
        if table is None:
            self._say(unknown_table(key.value), key)
            self._skip(value)
        elif isinstance(value, ev.SequenceStartEvent):
            while not isinstance(event := self._next(), ev.SequenceEndEvent):
                yield from self._row(table, event)
        elif not _is_null(value):
            message = f"{table.name} is a list of rows; begin each with '-'"
            self._say(Problem(code="yaml_shape", message=message, table=table.name), value)
            self._skip(value)

    def _row(self, table: Table, event: Any) -> Iterator[RawRow]:
        if not isinstance(event, ev.MappingStartEvent):
            message = "a row is a mapping of columns to values"
            self._say(Problem(code="yaml_shape", message=message, table=table.name), event)
            self._skip(event)
            return
        values: dict[str, str | list[str]] = {}
        marks: dict[str, Mark] = {"": _mark(event)}
        for key, value in self._pairs():
            column = self._column(table, key, taken=marks)
            if column is None:
                self._skip(value)
                continue
            marks[column] = _mark(value)
            cell = self._cell(table, column, value)
            if cell:
                values[column] = cell
        yield RawRow(
            table=table,
            file=self._file,
            number=marks[""][0] + 1,
            values=values,
            places=self._places,
            marks=marks,
        )

    def _column(self, table: Table, key: Any, *, taken: dict[str, Mark]) -> str | None:
        column = find_column(table, key.value, tell=lambda problem: self._say(problem, key))
        if column is not None and column in taken:
            self._say(duplicate(table, column), key)
            return None
        return column

    def _cell(self, table: Table, column: str, event: Any) -> str | list[str] | None:
        if isinstance(event, ev.ScalarEvent):
            return None if _is_null(event) else str(event.value)
        if isinstance(event, ev.SequenceStartEvent):
            return self._list(table, column)
        self._nested(table, column, event)
        return None

    def _list(self, table: Table, column: str) -> list[str]:
        cells: list[str] = []
        while not isinstance(event := self._next(), ev.SequenceEndEvent):
            if isinstance(event, ev.ScalarEvent) and not _is_null(event):
                cells.append(event.value)
            else:
                self._nested(table, column, event)
        return cells

    def _nested(self, table: Table, column: str, event: Any) -> None:
        message = "a value is text, a number, or a list of those, without null"
        problem = Problem(code="value_nested", message=message, table=table.name, column=column)
        self._say(problem, event)
        self._skip(event)


def _is_null(event: Any) -> bool:
    return isinstance(event, ev.ScalarEvent) and event.implicit[0] and event.value in _NULLS
