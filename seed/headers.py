"""From what people write at the head of a table to the table and its columns."""

import unicodedata
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import TypeAlias

from graph.text import fold
from seed.problems import Problem, closest, shorten
from seed.tables import TABLES, Table

Tell: TypeAlias = Callable[[Problem], None]


def folded(text: str) -> str:
    """The form in which headers are compared: no case, width, outer space; one kind of joint."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return fold(plain).replace(" ", "_").replace("-", "_")


def find_table(written: str) -> Table | None:
    """The table of this English or Chinese name, or ``None``."""
    return _tables().get(folded(written))


def unknown_table(written: str) -> Problem:
    """What to say of a name that is no table's."""
    allowed = ", ".join(f"{table.name} ({table.zh})" for table in TABLES.values())
    near = closest(folded(written), set(_tables()))
    return Problem(
        code="table_unknown",
        message=f"there is no table {shorten(written)!r}{near}",
        found=shorten(written),
        allowed=allowed,
    )


@cache
def columns_of(table: Table) -> dict[str, str]:
    """Folded header → English column name."""
    return {
        folded(header): column.name
        for column in table.columns
        for header in (column.name, *column.zh)
    }


def read_header(
    table: Table, cells: Sequence[str], *, tell: Callable[[Problem, int], None]
) -> list[str | None]:
    """The column of each header cell, ``None`` where it is not to be read.

    ``tell`` gets each problem with the index of its cell.
    """
    found: list[str | None] = []
    for index, cell in enumerate(cells):
        column = find_column(table, cell, tell=partial(_at, tell, index)) if cell.strip() else None
        if column is not None and column in found:
            tell(duplicate(table, column), index)
            column = None
        found.append(column)
    return found


def _at(tell: Callable[[Problem, int], None], index: int, problem: Problem) -> None:
    tell(problem, index)


def find_column(table: Table, written: str, *, tell: Tell) -> str | None:
    """The English name of a column, or ``None`` after telling what would do."""
    known = columns_of(table)
    column = known.get(folded(written))
    if column is None:
        names = ", ".join(column.name for column in table.columns)
        near = closest(folded(written), known)
        tell(
            Problem(
                code="column_unknown",
                message=f"{table.name} has no column {shorten(written)!r}{near}",
                table=table.name,
                found=shorten(written),
                allowed=names,
            )
        )
    return column


def duplicate(table: Table, column: str) -> Problem:
    """What to say of a column that stands twice."""
    return Problem(
        code="header_duplicate",
        message=f"column {column!r} stands twice; the second is not read",
        table=table.name,
        column=column,
        found=column,
    )


@cache
def _tables() -> dict[str, Table]:
    return {folded(name): table for table in TABLES.values() for name in (table.name, table.zh)}
