"""Every problem of a seed folder in one run, without a graph.

Tables are kept as checked rows; tickets, of which there may be any number, are checked and let go.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from seed.cells import CellError, convert
from seed.checks import about, check_row, check_tables
from seed.problems import Problem, Report, shorten
from seed.readers import find_files, read_file
from seed.references import Known, References, number_key, space_of
from seed.rows import RawRow, Row
from seed.tables import TABLES, TICKETS

_NUMBER = space_of("orders", "number")


def validate(path: Path, *, known: Known | None = None) -> Report:
    """Check a file or folder. ``known`` are ids that the graph has already, by table.

    Order numbers go by ``orders.number`` in their folded form. Raises nothing: an unreadable file
    is a problem like any other.
    """
    return examine(path).report(known)


@dataclass(kw_only=True)
class Examination:
    """What a run over the files found; ``files`` are those that hold tickets."""

    tables: dict[str, list[Row]]
    counts: Counter[str]
    references: References
    problems: list[Problem]
    files: dict[str, Path]

    def report(self, known: Known | None = None) -> Report:
        """All findings, in the order of files and places."""
        problems = [*self.problems, *self.references.problems(known or {})]
        order = {file: number for number, file in enumerate(sorted({p.file for p in problems}))}
        problems.sort(key=lambda problem: order[problem.file])
        return Report(
            problems=tuple(problems),
            rows=dict(self.counts),
            missing=self.references.missing(),
        )


def examine(path: Path) -> Examination:
    """Read and check everything that needs no knowledge of the graph."""
    found = Examination(
        tables={name: [] for name in TABLES if name != TICKETS},
        counts=Counter(),
        references=References(),
        problems=[],
        files={},
    )
    tell = found.problems.append
    for file, place in find_files(path, tell=tell).items():
        for raw in read_file(place, file=file, tell=tell):
            _take(found, raw, place)
    found.problems.extend(check_tables(found.tables))
    return found


def _take(found: Examination, raw: RawRow, place: Path) -> None:
    row, problems = read_row(raw)
    found.problems.extend(problems)
    name = raw.table.name
    found.counts[name] += 1
    if row.id:
        _register(found, row)
    found.references.note(row)
    if name == TICKETS:
        found.files[raw.file] = place
    else:
        found.tables[name].append(row)


def _register(found: Examination, row: Row) -> None:
    """Note the row's id; a second one is told with the place of the first."""
    ids = found.references.ids[row.table.name]
    if row.id in ids:
        message = f"id {shorten(row.id)!r} stands already at {ids[row.id]}"
        found.problems.append(
            about(row, "id", code="id_duplicate", message=message, found=shorten(row.id))
        )
        return
    ids[row.id] = f"{row.raw.file}, {row.raw.place('id')}"
    if row.table.name == "orders" and "number" in row.values:
        found.references.ids[_NUMBER].setdefault(number_key(row.values["number"]), row.id)


def read_row(raw: RawRow) -> tuple[Row, list[Problem]]:
    """A row with the values that are right, and a problem for each that is not."""
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    row = Row(id="", table=raw.table, values=values, raw=raw)
    columns = raw.table.by_name
    for name, written in raw.values.items():
        try:
            value = convert(columns[name], written)
        except CellError as error:
            problems.append(_cell(row, name, error))
        else:
            if value is not None:
                values[name] = value
    row.id = values.get("id", "")
    for name in raw.table.required:
        if name not in values and not any(problem.column == name for problem in problems):
            message = f"{raw.table.name} needs a value in {name}"
            problems.append(about(row, name, code="value_missing", message=message))
    problems.extend(check_row(row))
    return row, [replace(problem, row=row.id) for problem in problems] if problems else problems


def rows_of(file: str, place: Path) -> Iterator[Row]:
    """The tickets of a file that was examined, read again, one at a time."""
    for raw in read_file(place, file=file, tell=_ignore):
        if raw.table.name == TICKETS:
            yield read_row(raw)[0]


def _ignore(_: Problem) -> None:
    """Told already."""


def _cell(row: Row, column: str, error: CellError) -> Problem:
    return about(
        row, column, code=error.code, message=str(error), found=error.found, allowed=error.allowed
    )
