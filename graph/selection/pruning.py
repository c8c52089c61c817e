"""What keeps knowledge in the graph when its file no longer has it: the rules of deletion, asked
for many nodes at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from graph.editable import HISTORY, PARTS
from graph.queries import Mode, Query
from graph.schema import NODES, RELATIONSHIPS
from graph.vocabulary import Label, RelationshipType

_STAFF = frozenset({Label.AGENT, Label.CALENDAR})
"""They come from files, too: they hold only where a file still says so."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hold:
    """One way to be held. ``always``: by any such node; else where a person wrote the relationship
    or, with ``part``, where the other node stays.

    ``query`` takes ``ids`` and returns ``id``, and ``other`` and ``source`` unless ``always``.
    """

    other: Label
    type: RelationshipType
    always: bool
    part: bool
    query: Query


@cache
def holds(label: Label) -> tuple[Hold, ...]:
    """Every way in which a node of ``label`` may be held."""
    return tuple(_holds(label))


def _holds(label: Label) -> Iterator[Hold]:
    for kind in RELATIONSHIPS.values():
        ends = [(True, other) for other in kind.sources if label in kind.targets]
        ends += [(False, other) for other in kind.targets if label in kind.sources]
        for incoming, other in ends:
            is_part = incoming and (str(kind.type) in PARTS or other in _STAFF)
            always = other in HISTORY - _STAFF
            yield Hold(
                other=other,
                type=kind.type,
                always=always,
                part=is_part,
                query=_query(label, kind.type, other, incoming=incoming, always=always),
            )


def _query(
    label: Label, type_: RelationshipType, other: Label, *, incoming: bool, always: bool
) -> Query:
    left, right = ("<-", "-") if incoming else ("-", "->")
    lines = ["UNWIND $ids AS id"]
    if always:
        pattern = f"(row){left}[:{type_}]{right}(:{other})"
        lines += [f"MATCH (row:{label} {{id: id}})", f"WHERE EXISTS {{ MATCH {pattern} }}"]
        lines.append("RETURN id")
    else:
        pattern = f"(row:{label} {{id: id}}){left}[link:{type_}]{right}(other:{other})"
        lines += [f"MATCH {pattern}", "RETURN id, other.id AS other, link.source AS source"]
    return Query(
        name=f"held-{label.lower()}-{type_.lower()}",
        mode=Mode.READ,
        parameters=frozenset({"ids"}),
        text="\n".join(lines),
    )


@cache
def lock(label: Label) -> Query:
    """Hold the nodes ``ids``: whatever is being related to them meanwhile waits."""
    return _write(label, "lock", "SET row.id = id")


@cache
def remove(label: Label) -> Query:
    """The nodes ``ids`` with their relationships."""
    return _write(label, "remove", "DETACH DELETE row")


@cache
def remove_aliases(label: Label) -> Query:
    """The aliases that name one of the nodes ``ids`` and nothing else."""
    lines = [
        "UNWIND $ids AS id",
        f"MATCH (row:{label} {{id: id}})<-[:ALIAS_OF]-(alias:{Label.ALIAS})",
        "WHERE COUNT { MATCH (alias)-[:ALIAS_OF]->(named) RETURN named } = 1",
        "DETACH DELETE alias",
    ]
    return _made(f"prune-aliases-{label.lower()}", lines)


def _write(label: Label, what: str, clause: str) -> Query:
    lines = ["UNWIND $ids AS id", f"MATCH (row:{NODES[label].label} {{id: id}})", clause]
    return _made(f"prune-{what}-{label.lower()}", lines)


def _made(name: str, lines: list[str]) -> Query:
    return Query(name=name, mode=Mode.WRITE, parameters=frozenset({"ids"}), text="\n".join(lines))
