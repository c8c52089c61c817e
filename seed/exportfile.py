"""Exported tables to files: one per table as YAML, or one in all as RDF. Same rows, same bytes."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

from graph.rdf.writing import to_jsonld, to_turtle
from seed.export import EXPORTED
from seed.rdffile import Write, to_nodes
from seed.tablefile import file_of, replace_file, write_tables


class Format(StrEnum):
    """Of exported files."""

    YAML = "yaml"
    TURTLE = "turtle"
    JSON_LD = "json-ld"


_RDF: Mapping[Format, tuple[str, Write]] = {
    Format.TURTLE: ("knowledge.ttl", to_turtle),
    Format.JSON_LD: ("knowledge.jsonld", to_jsonld),
}
Tables = Mapping[str, Sequence[Mapping[str, Any]]]


def names_of(format_: Format) -> set[str]:
    """Every file that an export of the format may write."""
    return {_RDF[format_][0]} if format_ in _RDF else {file_of(name) for name in EXPORTED}


def write_export(folder: Path, tables: Tables, *, format_: Format) -> list[str]:
    """Write; return the names of files whose content changed. Each is old or new, never half.

    The file of a table that has no rows any more is taken away.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if format_ in _RDF:
        name, write = _RDF[format_]
        return [name] if replace_file(folder / name, write(to_nodes(tables))) else []
    changed = write_tables(folder, {name: rows for name, rows in tables.items() if rows})
    for name, rows in tables.items():
        file = folder / file_of(name)
        if not rows and file.exists():
            file.unlink()
            changed.append(file.name)
    return changed
