"""Rows as RDF and back: a node of the ontology is a row, its relationships are the row's columns.

Catalogue, organisation and staff only; people's data are no RDF here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph.rdf.terms import Finding, Link, Node
from graph.vocabulary import Label
from seed.encoding import detect
from seed.headers import Tell
from seed.problems import Problem
from seed.rows import RawRow
from seed.tables import ALIASES, LARGE, TABLES, Column, Kind, Table

_TAKEN: Mapping[Label, Table] = {
    table.label: table for table in TABLES.values() if table.name not in LARGE
}
_LEVEL = "level"
Write = Callable[[Sequence[Node]], str]


@dataclass(frozen=True, slots=True)
class _Subjects:
    """Places of a file whose rows stand anywhere: where the subject begins."""

    def place(self, row: RawRow, column: str) -> str:  # noqa: ARG002 - a subject has no columns
        """See ``Places.place``."""
        return f"line {row.number}" if row.number else ""


def read_rdf(path: Path, *, file: str, tell: Tell) -> Iterator[RawRow]:
    """Yield the rows of one Turtle or JSON-LD file.

    Raises:
        UnreadableError: not a text file in a known encoding.
    """
    # Imported here: reading RDF takes half a second to import, and most folders hold none.
    from graph.rdf.parsing import LARGEST, RdfError, parse_jsonld, parse_turtle  # noqa: PLC0415
    from graph.rdf.reading import read_nodes  # noqa: PLC0415

    encoding = detect(path)
    if path.stat().st_size > LARGEST:
        message = f"over {LARGEST >> 20} MiB; use several files, or CSV or JSON lines"
        tell(Problem(code="file_too_large", message=message))
        return
    parse = parse_turtle if path.suffix.lower() == ".ttl" else parse_jsonld
    try:
        nodes, findings = read_nodes(parse(path.read_text(encoding=encoding)), set(_TAKEN))
    except RdfError as error:
        tell(_problem(error.finding))
        return
    for finding in findings:
        tell(_problem(finding))
    for node in nodes:
        yield _raw(node, file=file, tell=tell)


def _problem(finding: Finding) -> Problem:
    about = " ".join(part for part in (finding.node, finding.path) if part)
    allowed = f"; allowed: {finding.allowed}" if finding.allowed else ""
    return Problem(
        code=finding.code,
        message=f"{about}: {finding.message}{allowed}" if about else finding.message,
        place=f"line {finding.line}" if finding.line else "",
        row=finding.node,
        column=finding.path,
        allowed=finding.allowed,
    )


def _raw(node: Node, *, file: str, tell: Tell) -> RawRow:
    table = _TAKEN[node.label]
    values: dict[str, str | list[str]] = {"id": node.id}
    for name, value in node.values.items():
        if name in table.by_name:
            values[name] = list(value) if isinstance(value, list) else str(value)
        else:
            tell(_unkept(node, f"desk:{node.label}.{name}"))
    if node.aliases and ALIASES in table.by_name:
        values[ALIASES] = list(node.aliases)
    elif node.aliases:
        tell(_unkept(node, "skos:altLabel"))
    for link in node.links:
        column = _column(table, link)
        if column is None:
            tell(_unkept(node, f"desk:{link.type}"))
        else:
            _refer(values, column, link)
            for name in link.properties.keys() - ({_LEVEL} if _has_level(column) else set()):
                tell(_unkept(node, f"desk:{link.type}.{name}"))
    return RawRow(table=table, file=file, number=node.line, values=values, places=_Subjects())


def _refer(values: dict[str, str | list[str]], column: Column, link: Link) -> None:
    level = link.properties.get(_LEVEL)
    written = f"{link.id}:{level}" if level is not None and _has_level(column) else link.id
    held = values.get(column.name)
    if held is None:
        values[column.name] = [written] if column.kind is Kind.REFERENCES else written
    else:
        values[column.name] = [*(held if isinstance(held, list) else [held]), written]


def _has_level(column: Column) -> bool:
    return bool(column.link and column.link.has_level)


def _unkept(node: Node, path: str) -> Problem:
    return _problem(
        Finding(
            code="property_unknown",
            message="this is not taken from files",
            line=node.line,
            node=f"{node.label}/{node.id}",
            path=path,
        )
    )


def _column(table: Table, link: Link) -> Column | None:
    for column in table.links:
        if column.link and column.link.outgoing and column.link.type is link.type:
            labels = [TABLES[name].label for name in column.link.targets]
            return column if link.label in labels else None
    return None


def to_nodes(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Node]:
    """Exported rows as nodes, in the order of the tables."""
    labels = {
        (name, row["id"]): TABLES[name].label for name, rows in tables.items() for row in rows
    }
    return [_node(TABLES[name], row, labels) for name, rows in tables.items() for row in rows]


def _node(table: Table, row: Mapping[str, Any], labels: Mapping[tuple[str, str], Label]) -> Node:
    values = {
        column.name: row[column.name]
        for column in table.columns
        if column.name in row and column.is_stored and not column.link and column.name != "id"
    }
    links = [
        _link(column, written, labels)
        for column in table.links
        for written in _listed(row.get(column.name))
    ]
    kept = {name: value for name, value in values.items() if value not in ("", [], None)}
    return Node(
        label=table.label,
        id=row["id"],
        values={name: _numbered(table.by_name[name], value) for name, value in kept.items()},
        aliases=row.get(ALIASES, ()),
        links=links,
    )


def _numbered(column: Column, value: Any) -> Any:
    """Numbers that were written in digits only, as numbers."""
    return float(value) if column.kind is Kind.NUMBER else value


def _listed(value: Any) -> list[str]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _link(column: Column, written: str, labels: Mapping[tuple[str, str], Label]) -> Link:
    if column.link is None:
        raise TypeError(f"{column.name} is no link")
    id_, _, level = written.partition(":") if column.link.has_level else (written, "", "")
    homes = [labels[name, id_] for name in column.link.targets if (name, id_) in labels]
    return Link(
        type=column.link.type,
        label=homes[0] if homes else TABLES[column.link.targets[0]].label,
        id=id_,
        properties={_LEVEL: int(level)} if level else {},
    )
