"""Exported tables to files: one per table as YAML, or one in all as RDF. Same rows, same bytes."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

from seed.export import EXPORTED
from seed.tablefile import file_of, write_tables


class Format(StrEnum):
    """Of exported files."""

    YAML = "yaml"


def names_of(format_: Format) -> set[str]:
    """Every file that an export of the format may write."""
    return {file_of(name) for name in EXPORTED}


def write_export(
    folder: Path, tables: Mapping[str, Sequence[Mapping[str, Any]]], *, format_: Format
) -> list[str]:
    """Write; return the names of files whose content changed. Each is old or new, never half.

    The file of a table that has no rows any more is taken away.
    """
    changed = write_tables(folder, {name: rows for name, rows in tables.items() if rows})
    for name, rows in tables.items():
        file = folder / file_of(name)
        if not rows and file.exists():
            file.unlink()
            changed.append(file.name)
    return changed
