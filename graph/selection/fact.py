"""A request becomes one Cypher text: the only place that builds Cypher from parts.

Identifiers come from the vocabulary and the schema table, every value is a parameter, and every
label in reach brings its scope.
"""

from dataclasses import dataclass
from functools import cache

from graph.errors import QueryError
from graph.queries import Mode, Query
from graph.schema import NODES, RELATIONSHIPS
from graph.vocabulary import Label, RelationshipType

LIMIT = 200
_CLIMB = 4
_SHOWN = ("name_zh", "name_en", "number")


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """Nodes reached from one anchor, or one property of the anchor.

    ``key`` is the anchor's property that the parameter ``key`` equals. Without ``type`` the anchor
    itself is selected. ``climb`` inherits: the relationship may start at any node the anchor
    reaches through ``climb``, at most four hops away. ``target_id`` narrows to one target.
    """

    anchor: Label
    key: str = "id"
    type: RelationshipType | None = None
    inverse: bool = False
    target: Label | None = None
    climb: RelationshipType | None = None
    property: str | None = None
    target_id: bool = False


@cache
def compile_selection(selection: Selection) -> Query:
    """The query for ``selection``.

    Rows: ``anchor`` (id), ``depth`` (hops climbed), ``id`` and the names of the selected node, and
    ``value``/``quantity`` where asked. Parameters: ``key``, the scope's, and ``target`` where
    ``target_id`` is set.

    Raises:
        QueryError: a property or relationship that the schema table does not have.
    """
    lines = [f"MATCH (a:{selection.anchor} {{{_known_key(selection)}: $key}})"]
    if scope := _scope(selection.anchor):
        lines.append(f"WHERE {scope}")
    node = "a"
    if selection.type:
        lines += _walk(selection)
        node = "n"
    lines.append(f"RETURN {', '.join(_columns(selection, node))}")
    lines.append(f"ORDER BY depth, id LIMIT {LIMIT}")
    text = "\n".join(lines)
    parameters = {"key"} | ({"target"} if selection.target_id else set())
    if scope:
        parameters |= {"everything", "customer_id"}
    return Query(
        name=f"selection-{selection.anchor.lower()}",
        mode=Mode.READ,
        parameters=frozenset(parameters),
        text=text,
    )


def _walk(selection: Selection) -> list[str]:
    start, lines = "a", []
    if selection.climb:
        lines.append(f"MATCH path = (a)-[:{selection.climb}*0..{_CLIMB}]->(c)")
        start = "c"
    arrow = f"<-[r:{selection.type}]-" if selection.inverse else f"-[r:{selection.type}]->"
    lines.append(f"MATCH ({start}){arrow}(n:{selection.target})")
    bounds = []
    if "valid_to_at" in _relationship_properties(selection):
        bounds.append("r.valid_to_at IS NULL")
    if selection.target_id:
        bounds.append("n.id = $target")
    if bounds:
        lines.append("WHERE " + " AND ".join(bounds))
    return lines


def _columns(selection: Selection, node: str) -> list[str]:
    label = selection.target if selection.type and selection.target else selection.anchor
    columns = ["a.id AS anchor", f"{node}.id AS id"]
    columns.append("length(path) AS depth" if selection.climb else "0 AS depth")
    for name in _SHOWN:
        columns.append(f"{node}.{name} AS {name}" if NODES[label].find(name) else f"null AS {name}")
    if selection.property:
        columns.append(f"{_owner(selection)}.{selection.property} AS value")
    else:
        columns.append("null AS value")
    has_quantity = "quantity" in _relationship_properties(selection)
    columns.append("r.quantity AS quantity" if has_quantity else "null AS quantity")
    return columns


def _owner(selection: Selection) -> str:
    if selection.type is None:
        known = NODES[selection.anchor].find(selection.property or "") is not None
    else:
        known = selection.property in _relationship_properties(selection)
    if not known:
        raise QueryError(f"selection: {selection.anchor} has no {selection.property!r}")
    return "r" if selection.type else "a"


def _known_key(selection: Selection) -> str:
    if NODES[selection.anchor].find(selection.key) is None:
        raise QueryError(f"selection: {selection.anchor} has no {selection.key!r}")
    return selection.key


def _relationship_properties(selection: Selection) -> frozenset[str]:
    if selection.type is None:
        return frozenset()
    return frozenset(item.name for item in RELATIONSHIPS[selection.type].properties)


def _scope(label: Label) -> str:
    """Which rows of ``label`` the caller may start from; knowledge has no rows of its own."""
    if label is not Label.ORDER:
        return ""
    return (
        "$everything OR EXISTS { MATCH (buyer:Customer)-[:PLACED]->(a) "
        "WHERE buyer.id = $customer_id }"
    )
