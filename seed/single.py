"""One row that comes from elsewhere than a file, under the same rules as the rows of files."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from graph.vocabulary import Label
from seed.checks import check_tables
from seed.problems import Problem, Severity
from seed.rows import RawRow, Reference, Row
from seed.tables import ALIASES, LEVELS, TABLES, Column, Kind, Table
from seed.validate import read_row

_ALIAS = Table(
    name=ALIASES,
    zh="别名",
    label=Label.ALIAS,
    columns=(
        Column(name="id", zh=("编号",), is_required=True, limit=700),
        Column(name="text", zh=("文字",), is_required=True, limit=500),
    ),
)
"""Files write aliases into the rows of what they name, and name them after it."""


_MOST_ITEMS, _DEAREST = 999_999, 10**12
_VARIANT = Column(name="variant", zh=())


class _Nowhere:
    """The place of a row that stands in no file."""

    def place(self, row: RawRow, column: str) -> str:  # noqa: ARG002 - see ``Places``
        return ""


@cache
def table_of(label: Label) -> Table:
    """The table whose rows become nodes of ``label``.

    Raises:
        KeyError: there is none.
    """
    return {**{table.label: table for table in TABLES.values()}, Label.ALIAS: _ALIAS}[label]


def check_single(
    label: Label, properties: Mapping[str, Any], changed: Sequence[str]
) -> tuple[Mapping[str, Any], Sequence[Problem]]:
    """The row's values as a file's would be stored (absent ones left out), and its problems.

    ``properties`` are typed; what no column holds is not looked at. Relationships are looked at
    elsewhere, as are sealed values that are not among the ``changed``.
    """
    table = table_of(label)
    written = {
        column.name: _written(column, properties[column.name])
        for column in table.columns
        if column.link is None and properties.get(column.name) is not None
    }
    row, problems = read_row(_raw(table, written))
    elsewhere = {
        column.name
        for column in table.columns
        if column.link or (column.seals and column.name not in changed)
    }
    return row.values, [one for one in problems if one.column not in elsewhere]


def check_said(said: Mapping[str, Any]) -> str:
    """What is wrong with what a relationship says (``level``; ``quantity``, ``unit_price`` and
    ``variant`` of an order's item), in words without the value; nothing where it will do.
    """
    for name, value in said.items():
        if name == "level" and value not in LEVELS:
            return f"needs a level of {LEVELS.start} to {LEVELS.stop - 1}"
        if name == "quantity" and not 1 <= value <= _MOST_ITEMS:
            return f"needs a quantity of 1 to {_MOST_ITEMS:,}"
        if name == "unit_price" and not 0 <= value < _DEAREST:
            return f"needs a unit price of 0 to less than {_DEAREST:,}"
        if name == "variant" and not (len(value) <= _VARIANT.limit and value.isprintable()):
            return f"needs a variant of at most {_VARIANT.limit} characters, all printable"
    return ""


def check_together(label: Label, rows: Sequence[Mapping[str, Any]]) -> Sequence[Problem]:
    """What rows say together: each has ``id``, ``above`` (ids of its parents) and maybe others."""
    table = table_of(label)
    found = [_row(table, one) for one in rows]
    problems = check_tables({table.name: found})
    return [one for one in problems if one.severity is Severity.ERROR]


def _row(table: Table, one: Mapping[str, Any]) -> Row:
    values: dict[str, Any] = {
        column.name: [Reference(id_, {}) for id_ in one["above"]]
        for column in table.links
        if column.kind is Kind.REFERENCE and column.link and column.link.targets == (table.name,)
    }
    values |= {name: value for name, value in one.items() if name in table.by_name and value}
    return Row(id=one["id"], table=table, values=values, raw=_raw(table, {}))


def _raw(table: Table, values: dict[str, str | list[str]]) -> RawRow:
    return RawRow(table=table, file="", number=0, values=values, places=_Nowhere())


def _written(column: Column, value: Any) -> str | list[str]:
    if column.kind is Kind.INSTANT:
        return datetime.fromtimestamp(value / 1000, UTC).isoformat()
    if isinstance(value, list | tuple):
        return [str(one) for one in value]
    if isinstance(value, bool):
        return str(value).lower()
    return format(Decimal(repr(value)), "f") if isinstance(value, float) else str(value)
