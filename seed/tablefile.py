"""Tables to files, in exactly the form that ``readers`` take: the same rows give the same bytes.

Small tables become YAML that a person can review, tables of many rows CSV. Every file is whole or
not there: it is written beside its place and then moved into it.
"""

import csv
import io
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from seed.tables import LARGE, TABLES, Table

EVIDENCE = "evidence.jsonl"
"""Where everything of a folder of proposals is said: for reviewers, never loaded."""
ORDER = (
    "business_lines", "channels", "calendars", "skills", "categories", "products", "issues",
    "departments", "agents", "resolutions", "customers", "identities", "orders", "tickets",
)  # fmt: skip
"""Tables after those that they refer to, so that whoever stops us leaves no reference to nothing.

Departments and resolutions refer to what stands before them; nothing refers further on.
"""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_SEPARATOR = "|"

Row = Mapping[str, Any]


def file_of(table: str) -> str:
    """The name of the file that holds a table."""
    return f"{table}.csv" if table in LARGE else f"{table}.yaml"


def write_tables(folder: Path, tables: Mapping[str, Iterable[Row]]) -> list[str]:
    """Write each table to its file; return the names of those whose content changed.

    Rows are in order of their ids, cells in order of the table's columns; empty ones are left out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    changed: list[str] = []
    for name in ORDER:
        if name in tables:
            rows = sorted(tables[name], key=lambda row: str(row["id"]))
            write = _csv if name in LARGE else _yaml
            if replace_file(folder / file_of(name), write(TABLES[name], rows)):
                changed.append(file_of(name))
    return changed


def replace_file(path: Path, content: str) -> bool:
    """Put ``content`` in place of the file, whole or not at all; false if it is there already."""
    data = content.encode()
    if path.is_file() and path.read_bytes() == data:
        return False
    aside = path.with_name(f".{path.name}.{os.getpid()}.new")
    with aside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    return True


def _cells(table: Table, row: Row) -> dict[str, Any]:
    found = ((column.name, _clean(row.get(column.name))) for column in table.columns)
    return {name: value for name, value in found if value not in ("", [], None)}


def _clean(value: Any) -> Any:
    """Without characters that no cell may hold."""
    if isinstance(value, list | tuple):
        return [_CONTROL.sub("", str(one)).strip() for one in value]
    return _CONTROL.sub("", value).strip() if isinstance(value, str) else value


def _yaml(table: Table, rows: Sequence[Row]) -> str:
    body: str = yaml.dump(
        {table.name: [_cells(table, row) for row in rows]},
        Dumper=_DUMPER,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=False,
        width=1 << 20,
    )
    return body


def _csv(table: Table, rows: Sequence[Row]) -> str:
    filled = [_cells(table, row) for row in rows]
    used = [column.name for column in table.columns if any(column.name in row for row in filled)]
    stream = io.StringIO()
    writer = csv.DictWriter(stream, fieldnames=used or ["id"], lineterminator="\n")
    writer.writeheader()
    for row in filled:
        writer.writerow(
            {
                name: _SEPARATOR.join(value) if isinstance(value, list) else value
                for name, value in row.items()
            }
        )
    return stream.getvalue()
