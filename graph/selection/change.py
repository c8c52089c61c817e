"""The Cypher of changes: a row within reach, locked or looked at again, and what is written to it.

Every value is a parameter; identifiers come from the vocabulary and the field table. All run inside
one transaction, whose rules stand in ``graph/editing.py`` and ``graph/transition.py``.
"""

from collections.abc import Iterable, Sequence
from functools import cache

from graph.errors import ForbiddenArgumentError, ForbiddenError
from graph.fields import FIELDS, Field
from graph.queries import Mode, Query
from graph.rights import Action, Ladder, Rights, Scope, Show
from graph.schema import NODES, RELATIONSHIPS
from graph.selection.listing import where
from graph.selection.scope import GIVEN, arrow, predicate, visible
from graph.states import NAMED_ACTIONS
from graph.vocabulary import Label, RelationshipType

_STATE = FIELDS[Label.TICKET]["state"]
LOCK = "lock"


def ladders(
    label: Label, action: str, coordinates: Iterable[str], rights: Rights
) -> tuple[Ladder, ...]:
    """What bounds the rows of ``label`` to which ``action`` may be done, fields included.

    Raises:
        ForbiddenError: in no row at all.
        ForbiddenArgumentError: not to one of the fields.
    """
    rows = rights.cell(label, action)
    if not rows:
        raise ForbiddenError(f"your roles do not allow {str(action)!r} on {str(label)!r}")
    found = [rows]
    for coordinate in coordinates:
        ladder = rights.cell(coordinate, action)
        if not ladder:
            raise ForbiddenArgumentError(coordinate, action)
        if ladder not in found:
            found.append(ladder)
    return tuple(found)


def reached(label: Label, bounds: Sequence[Ladder], *, moves: str | None = None) -> Query:
    """The row ``id`` if all ``bounds`` reach it: ``properties``, and ``moves``.

    With ``lock`` in its parameters the row is locked first, so that nothing changes meanwhile:
    reading and then writing would lose updates.
    """
    lockable = NODES[label].find(LOCK) is not None
    found = dict.fromkeys(visible("row", label, ladder) for ladder in bounds)
    lines = [f"MATCH (row:{label} {{id: $id}})"]
    if lockable:
        lines.append("SET row.lock = $lock")
    lines += [where("WITH row", list(found)), "RETURN properties(row) AS properties"]
    lines.append(f", {moves or 'null'} AS moves")
    used = {"id", *(["lock"] if lockable else ()), *([GIVEN] if _scoped(*found, moves) else ())}
    return _query(f"change-{label.lower()}", lines, used, writes=lockable)


def _scoped(*texts: str | None) -> bool:
    return any(f"${GIVEN}" in text for text in texts if text)


def moves(variable: str, rights: Rights, *, rows: Ladder) -> str | None:
    """``[state, actions]`` of a ticket: what may be done to it by name as far as scopes go.

    ``None`` where the state is shown to nobody; no value in rows where it is not shown.
    """
    shown = rights.cell(_STATE.coordinate, Action.READ)
    full = {scope: show for scope, show in shown.items() if show is Show.FULL}
    if not full:
        return None
    by_reach: dict[str | None, list[str]] = {}
    for action in NAMED_ACTIONS:
        if ladder := rights.cell(Label.TICKET, action):
            by_reach.setdefault(visible(variable, Label.TICKET, ladder), []).append(action)
    lists = [
        f"CASE WHEN {reach} THEN {actions} ELSE [] END" if reach else str(actions)
        for reach, actions in by_reach.items()
    ]
    found = f"[{variable}.state, {' + '.join(lists) or '[]'}]"
    if Scope.ANY in full or (Scope.ANY not in rows and rows.keys() <= full.keys()):
        return found
    return f"CASE WHEN {predicate(variable, Label.TICKET, full)} THEN {found} END"


def seen(
    label: Label, rights: Rights, *, written: str | None = None, within: Ladder | None = None
) -> Query:
    """Which of ``ids`` are nodes of ``label`` that may be seen and, where a relationship to them is
    the coordinate ``written`` of theirs, changed so; and that lie ``within`` these scopes.

    Raises:
        ForbiddenError: nobody with these rights sees any.
        ForbiddenArgumentError: nor changes any so.
    """
    rows = rights.cell(label, Action.READ)
    if not rows:
        raise ForbiddenError(f"your roles show no {label}")
    found = [visible("row", label, rows)]
    if written:
        bounds = ladders(label, Action.UPDATE, [written], rights)
        found += [visible("row", label, ladder) for ladder in bounds]
    if within is not None:
        found.append(visible("row", label, within))
    found = list(dict.fromkeys(found))
    lines = ["UNWIND $ids AS id", where(f"MATCH (row:{label} {{id: id}})", found)]
    lines.append("RETURN DISTINCT row.id AS id")
    return _query(f"seen-{label.lower()}", lines, {"ids", *([GIVEN] if any(found) else ())})


@cache
def exists(label: Label) -> Query:
    """The node, whoever may see it."""
    lines = [f"MATCH (row:{label} {{id: $id}})", "RETURN row.id AS id"]
    return _query(f"exists-{label.lower()}", lines, {"id"})


@cache
def taken(label: Label, name: str) -> Query:
    """Another node whose property ``name`` is ``value``, whoever may see it."""
    lines = [f"MATCH (row:{label} {{{name}: $value}})", "WHERE row.id <> $id"]
    lines.append("RETURN row.id AS id LIMIT 1")
    return _query(f"taken-{label.lower()}", lines, {"id", "value"})


@cache
def keeper(field: Field, target: Label) -> Query:
    """Whose the row is by the single relationship ``field``: ``id`` and ``data_key``."""
    lines = [_linked(field, f"other:{target}"), "RETURN other.id AS id, other.data_key AS data_key"]
    lines.append("ORDER BY id LIMIT 1")
    return _query(f"keeper-{field.type.lower()}", lines, {"id"})


@cache
def data_key(label: Label) -> Query:
    """The key of a node's sealed values."""
    lines = [f"MATCH (row:{label} {{id: $id}})", "RETURN row.data_key AS data_key"]
    return _query(f"data-key-{label.lower()}", lines, {"id"})


@cache
def create(label: Label) -> Query:
    """A new node with ``properties``."""
    lines = [f"CREATE (row:{label} {{id: $id}})", "SET row += $properties", "RETURN row.id AS id"]
    return _query(f"create-{label.lower()}", lines, {"id", "properties"}, writes=True)


@cache
def update(label: Label) -> Query:
    """Set ``properties``; null takes one away."""
    lines = [f"MATCH (row:{label} {{id: $id}})", "SET row += $properties", "RETURN row.id AS id"]
    return _query(f"update-{label.lower()}", lines, {"id", "properties"}, writes=True)


@cache
def delete(label: Label) -> Query:
    """The node with its relationships."""
    lines = [f"MATCH (row:{label} {{id: $id}})", "DETACH DELETE row"]
    return _query(f"delete-{label.lower()}", lines, {"id"}, writes=True)


@cache
def delete_aliases(label: Label) -> Query:
    """The aliases that name this node and nothing else."""
    lines = [
        f"MATCH (row:{label} {{id: $id}})<-[:ALIAS_OF]-(alias:{Label.ALIAS})",
        "WHERE COUNT { MATCH (alias)-[:ALIAS_OF]->(named) RETURN named } = 1",
        "DETACH DELETE alias",
    ]
    return _query(f"delete-aliases-{label.lower()}", lines, {"id"}, writes=True)


@cache
def link(field: Field, target: Label) -> Query:
    """Relate the row to ``others`` (``id`` and ``said``, the properties of its own); all take
    ``properties``, new ones ``fresh`` too.
    """
    (hop,) = field.hops
    lines = [
        "UNWIND $others AS one",
        f"MATCH (row:{field.type} {{id: $id}})",
        f"MATCH (other:{target} {{id: one.id}})",
        f"MERGE (row){arrow(hop).replace('[:', '[link:')}(other)",
        "ON CREATE SET link += $fresh",
        "SET link += $properties",
        "SET link += one.said",
        "RETURN other.id AS id",
    ]
    used = {"id", "others", "properties", "fresh"}
    return _query(f"link-{field.type.lower()}-{hop.type.lower()}", lines, used, writes=True)


@cache
def unlink(field: Field, target: Label) -> Query:
    """Relate the row no longer to the nodes ``ids``."""
    lines = ["UNWIND $ids AS id", _linked(field, f"other:{target} {{id: id}}"), "DELETE link"]
    return _query(f"unlink-{field.type.lower()}", lines, {"id", "ids"}, writes=True)


@cache
def unlink_all(field: Field, target: Label) -> Query:
    """Relate the row to no node of ``target`` any more."""
    lines = [_linked(field, f"other:{target}"), "DELETE link"]
    return _query(f"unlink-all-{field.type.lower()}", lines, {"id"}, writes=True)


def _linked(field: Field, other: str) -> str:
    (hop,) = field.hops
    way = arrow(hop).replace("[:", "[link:")
    return f"MATCH (row:{field.type} {{id: $id}}){way}({other})"


@cache
def holders(
    label: Label,
    held_by: frozenset[Label],
    structure: frozenset[str],
    owner: RelationshipType | None = None,
) -> Query:
    """What keeps a node from being deleted: labels among ``held_by`` that are related to it, and
    its own parts, by relationships of the types ``structure``. Whose it is (``owner``) does not.
    """
    cases = []
    for kind in RELATIONSHIPS.values():
        if kind.type is owner:
            continue
        ends = [("<-", "-", one, kind.targets) for one in kind.sources]
        ends += [("-", "->", one, kind.sources) for one in kind.targets]
        for left, right, other, own in ends:
            is_part = str(kind.type) in structure and left == "<-"
            if label in own and (other in held_by or is_part):
                pattern = f"(row){left}[:{kind.type}]{right}(:{other})"
                cases.append(f"CASE WHEN EXISTS {{ MATCH {pattern} }} THEN '{other}' END")
    lines = [f"MATCH (row:{label} {{id: $id}})", f"RETURN [{', '.join(cases)}] AS holders"]
    return _query(f"holders-{label.lower()}", lines, {"id"})


@cache
def hierarchy(label: Label, above: RelationshipType, flags: tuple[str, ...]) -> Query:
    """Every node of ``label`` with its parents and ``flags``."""
    shown = "".join(f", row.{name} AS {name}" for name in flags)
    lines = [
        f"MATCH (row:{label})",
        f"OPTIONAL MATCH (row)-[:{above}]->(above:{label})",
        f"RETURN row.id AS id, collect(above.id) AS above{shown}",
        "ORDER BY id",
    ]
    return _query(f"hierarchy-{label.lower()}", lines, set())


def _query(name: str, lines: Sequence[str], used: set[str], *, writes: bool = False) -> Query:
    mode = Mode.WRITE if writes else Mode.READ
    return Query(name=name, mode=mode, parameters=frozenset(used), text="\n".join(lines))
