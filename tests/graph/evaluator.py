"""What a request should give, worked out in memory row by row: the judge of the compiler.

Shares nothing with it but the words of the question (requests, ladders): scopes, masks, filters,
orders and pages are stated here a second time, in plain Python.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, product
from typing import Any

import pytest

from graph.fields import Field
from graph.model import Actor
from graph.rights import Rights, Scope, Show
from graph.schema import Kind
from graph.selection.request import (
    All,
    Anchor,
    Branch,
    Compare,
    Filter,
    Grouping,
    Matches,
    Measure,
    Moves,
    Not,
    Operator,
    Page,
    Related,
    Request,
    Selected,
    Some,
)
from graph.states import NAMED_ACTIONS

Node = tuple[str, str]
"""Label and id."""


@dataclass(frozen=True, kw_only=True)
class World:
    """Nodes with their properties, and relationships as (source, type, target)."""

    nodes: Mapping[Node, Mapping[str, Any]]
    relationships: Sequence[tuple[Node, str, Node]]

    def to(self, node: Node, type_: str) -> set[Node]:
        return {end for start, name, end in self.relationships if (start, name) == (node, type_)}

    def back(self, node: Node, type_: str) -> set[Node]:
        return {start for start, name, end in self.relationships if (end, name) == (node, type_)}


@dataclass(frozen=True, kw_only=True)
class Evaluator:
    world: World
    rights: Rights
    actor: Actor
    values: Mapping[str, Any]

    def answer(self, request: Request) -> Any:
        """``[rows, total, groups]`` of a page, or the nodes asked for by id, in no order."""
        label = request.nodes.label
        rows = [node for node in self.world.nodes if node[0] == label]
        if request.ids is not None:
            wanted = [node for node in rows if node[1] in self.values[request.ids]]
            return [self._node(node, request.nodes) for node in wanted if self._seen(node)]
        assert request.page
        return self._page(rows, request.page, [request.nodes], named=False)

    # Whose a row is

    def _tickets(self, node: Node) -> set[Node]:
        """The ticket that a row of work belongs to, or those a customer raised."""
        world, label = self.world, node[0]
        ways = {
            "Message": "HAS_MESSAGE",
            "Comment": "HAS_COMMENT",
            "Route": "ROUTED_BY",
            "Handover": "HANDED_OVER",
        }
        if label in ways:
            return world.back(node, ways[label])
        if label == "Customer":
            return world.to(node, "RAISED")
        return {node} if label == "Ticket" else set()

    def _customers(self, node: Node) -> set[Node]:
        label = node[0]
        if label == "Customer":
            return {node}
        if label == "Identity":
            return self.world.back(node, "IDENTIFIED_BY")
        if label == "Order":
            return self.world.back(node, "PLACED")
        raised = (self.world.back(ticket, "RAISED") for ticket in self._tickets(node))
        return set().union(*raised)

    def _departments(self, node: Node) -> set[Node]:
        world, label = self.world, node[0]
        if label == "Department":
            return {node}
        if label == "Agent":
            return world.to(node, "MEMBER_OF")
        if label == "Calendar":
            return set().union(*map(self._departments, world.back(node, "WORKS_BY")))
        if label in {"Order", "Identity"}:
            return set().union(*map(self._departments, self._customers(node)))
        assigned = (world.to(ticket, "ASSIGNED_TO") for ticket in self._tickets(node))
        serving = world.back(node, "SERVES") if label == "Customer" else set()
        return serving.union(*assigned)

    def _lines(self, node: Node) -> set[Node]:
        if node[0] == "BusinessLine":
            return {node}
        if node[0] == "Product":
            return self.world.to(node, "BELONGS_TO")
        belonging = (self.world.to(one, "BELONGS_TO") for one in self._departments(node))
        return set().union(*belonging)

    def _agents(self, node: Node) -> set[Node]:
        if node[0] in {"Order", "Identity"}:
            return set().union(*map(self._agents, self._customers(node)))
        return set().union(*(self.world.to(one, "WORKED_BY") for one in self._tickets(node)))

    def _granted(self, node: Node) -> set[Node]:
        if node[0] in {"Order", "Identity", "Customer"}:
            return self._customers(node)
        return self._tickets(node)

    def _inside(self, node: Node, scope: Scope) -> bool:
        actor = self.actor
        if scope is Scope.ANY:
            return True
        ways: dict[Scope, tuple[Callable[[Node], set[Node]], set[str | None]]] = {
            Scope.OWN_LINE: (self._lines, set(actor.line_ids)),
            Scope.OWN_DEPARTMENT: (self._departments, set(actor.department_ids)),
            Scope.OWN_CUSTOMER: (self._customers, {actor.customer_id}),
            Scope.ASSIGNED: (self._agents, {actor.agent_id}),
            Scope.GRANTED: (self._granted, set(actor.granted_ids)),
        }
        way, mine = ways[scope]
        return any(id_ in mine for _, id_ in way(node))

    def _show(self, node: Node, coordinate: str, action: str = "read") -> Show:
        shows = {
            show
            for scope, show in self.rights.cell(coordinate, action).items()
            if self._inside(node, scope)
        }
        return next((show for show in (Show.FULL, Show.MASKED) if show in shows), Show.NONE)

    def _seen(self, node: Node) -> bool:
        return self._show(node, node[0]) is not Show.NONE

    # What is shown of it

    def _node(self, node: Node, selected: Selected, *, named: bool = False) -> list[Any]:
        shown: list[Any] = [node[0]] if named else []
        for part in selected.parts:
            if isinstance(part, Branch):
                labels = seen_nodes(part, self.rights)
                if all(self.rights.cell(way, "read") for way in _ways(part)) and labels:
                    shown.append(self._branch(node, part, labels))
            elif isinstance(part, Anchor):
                shown.append(node[1])
            elif isinstance(part, Moves):
                if Show.FULL in self.rights.cell("Ticket.state", "read").values():
                    shown.append(self._moves(node))
            elif self.rights.cell(part.coordinate, "read"):
                shown.append(self._value(node, part))
        return shown

    def _moves(self, node: Node) -> Any:
        """State and actions within reach; actions of equal reach stand together."""
        if self._show(node, "Ticket.state") is not Show.FULL:
            return None
        reaches: dict[frozenset[Scope], list[str]] = {}
        for action in NAMED_ACTIONS:
            if scopes := frozenset(self.rights.cell("Ticket", action)):
                own = frozenset({Scope.ANY}) if Scope.ANY in scopes else scopes
                found = reaches.setdefault(own, [])
                if self._show(node, "Ticket", action) is Show.FULL:
                    found.append(action)
        actions = [action for found in reaches.values() for action in found]
        return [self.world.nodes[node].get("state"), actions]

    def _value(self, node: Node, field: Field) -> Any:
        assert field.property
        show = self._show(node, field.coordinate)
        name, stored = field.property.name, self.world.nodes[node]
        if show is Show.NONE:
            return None
        if field.property.sealed:
            if show is Show.MASKED:
                return stored.get(f"{name}_hint")
            owner = min(self._customers(node), default=None)
            if owner is None:
                return None
            return [self.world.nodes[owner].get("data_key"), stored.get(f"{name}_sealed"), owner[1]]
        whole = stored.get(name)
        return whole if show is Show.FULL or whole is None else f"{whole[:1]}***"

    def _branch(self, node: Node, branch: Branch, nodes: Sequence[Selected]) -> Any:
        if self._show(node, branch.field.coordinate) is not Show.FULL:
            return None
        labels = {str(one.label) for one in nodes}
        (hop,) = branch.field.hops
        walk = self.world.back if hop.inverse else self.world.to
        found = [one for one in walk(node, hop.type) if one[0] in labels]
        if branch.field.said:
            if self._show(node, f"{branch.field.type}.{branch.field.along}") is not Show.FULL:
                return None
            rows = sorted(filter(self._seen, found), key=lambda one: one[1])
            # The world's relationships say nothing.
            return [[self._named(one, nodes), *[None] * len(branch.field.said)] for one in rows]
        if branch.page is not None:
            return self._page(found, branch.page, nodes, named=True)
        first = min(filter(self._seen, found), key=lambda one: one[1], default=None)
        return None if first is None else self._named(first, nodes)

    def _named(self, node: Node, nodes: Sequence[Selected]) -> list[Any]:
        (selected,) = (one for one in nodes if one.label == node[0])
        return self._node(node, selected, named=True)

    # Lists

    def _page(
        self, found: Sequence[Node], page: Page, nodes: Sequence[Selected], *, named: bool
    ) -> list[Any]:
        label = str(nodes[0].label)
        groups = [[self._groups(found, page, one, label) for one in page.groups]]
        rows = list(filter(self._seen, found))
        if page.filter is not None:
            rows = [node for node in rows if self._passes(node, page.filter, nodes[0].label)]
        total = len(rows) if page.total else None
        names = [(one.field.name, one.descending) for one in page.order]
        last = ("seq", True) if nodes[0].label == "Ticket" else ("id", False)
        if last[0] not in [name for name, _ in names]:
            names.append(last)
        ordered = list(rows)
        for name, descending in reversed(names):
            ordered.sort(
                key=lambda node, name=name: self._plain(node, name),  # type: ignore[misc]
                reverse=descending is not page.backwards,
            )
        keys = [[self._plain(node, name) for name, _ in names] for node in ordered]
        if page.after is not None:
            falling = [descending is not page.backwards for _, descending in names]
            behind = [_is_behind(key, self.values[page.after], falling) for key in keys]
            ordered, keys = list(compress(ordered, behind)), list(compress(keys, behind))
        shown = [
            [key, self._named(node, nodes) if named else self._node(node, nodes[0])]
            for key, node in zip(keys, ordered, strict=True)
        ]
        return [
            shown[: self.values[page.size]] if page.rows else [],
            total,
            *groups[: len(page.groups)],
        ]

    def _groups(
        self, found: Sequence[Node], page: Page, grouping: Grouping, label: str
    ) -> list[Any]:
        """``[count, keys, measures]`` of each group, the largest first."""
        fields = [one.field if isinstance(one, Branch) else one for one in grouping.by]
        counted = [
            node
            for node in found
            if self._may_count(node, node[0])
            and all(self._may_count(node, field.coordinate) for field in fields)
            and (page.filter is None or self._passes(node, page.filter, node[0]))
        ]
        groups: dict[tuple[Any, ...], set[Node]] = {}
        for node in counted:
            for key in product(*(self._keys(node, one) for one in grouping.by)):
                groups.setdefault(key, set()).add(node)
        if not grouping.by:
            groups.setdefault((), set())
        reads = self.rights.cell(label, "read")
        counts = self.rights.cell(label, "aggregate")
        hides = Scope.ANY not in reads and (Scope.ANY in counts or not set(counts) <= set(reads))
        kept = [(key, rows) for key, rows in groups.items() if len(rows) >= (5 if hides else 0)]
        kept.sort(key=lambda one: (-len(one[1]), [(key is None, key) for key in one[0]]))
        return [
            [
                len(rows),
                [self._key(key, one) for key, one in zip(keys, grouping.by, strict=True)],
                [self._measure(rows, *one) for one in grouping.measures],
            ]
            for keys, rows in kept[: self.values[grouping.size]]
        ]

    def _may_count(self, node: Node, coordinate: str) -> bool:
        return self._show(node, coordinate, "aggregate") is Show.FULL

    def _keys(self, node: Node, by: Field | Branch) -> Sequence[Any]:
        if isinstance(by, Branch):
            (hop,) = by.field.hops
            walk = self.world.back if hop.inverse else self.world.to
            label = by.nodes[0].label
            found = {one for one in walk(node, hop.type) if one[0] == label and self._seen(one)}
            return sorted(found) or [None]
        assert by.property
        value = self.world.nodes[node].get(by.property.name)
        if by.property.kind is Kind.INSTANT and value is not None:
            value -= value % 86_400_000
        return [value]

    def _key(self, key: Any, by: Field | Branch) -> Any:
        return key if key is None or not isinstance(by, Branch) else self._named(key, by.nodes)

    def _measure(self, rows: set[Node], measure: Measure, field: Field) -> Any:
        assert field.property
        name = field.property.name
        values = [
            value
            for node in rows
            if self._may_count(node, field.coordinate)
            and (value := self.world.nodes[node].get(name)) is not None
        ]
        if not values:
            return None
        if measure is Measure.AVG:
            return pytest.approx(sum(values) / len(values))
        return min(values) if measure is Measure.MIN else max(values)

    def _plain(self, node: Node, name: str) -> Any:
        snake = "".join(f"_{char.lower()}" if char.isupper() else char for char in name)
        return self.world.nodes[node][snake]

    def _passes(self, node: Node, filter_: Filter, label: str) -> bool:
        for coordinate in _mentioned(filter_):
            if self._show(node, coordinate, "filter") is not Show.FULL:
                return False
        return self._holds(node, filter_)

    def _holds(self, node: Node, filter_: Filter) -> bool:
        match filter_:
            case All(parts=parts):
                return all(self._holds(node, part) for part in parts)
            case Some(parts=parts):
                return any(self._holds(node, part) for part in parts)
            case Not(part=part):
                return not self._holds(node, part)
            case Related():
                return self._related(node, filter_)
            case Compare():
                return self._compares(node, filter_)
            case Matches():
                said = self.world.nodes[node].get("search_text", "").split()
                return {word.strip() for word in self.values[filter_.slot]} <= set(said)

    def _related(self, node: Node, part: Related) -> bool:
        (hop,) = part.field.hops
        walk = self.world.back if hop.inverse else self.world.to
        return any(
            other[0] == part.label
            and self._seen(other)
            and (part.filter is None or self._passes(other, part.filter, part.label))
            for other in walk(node, hop.type)
        )

    def _compares(self, node: Node, part: Compare) -> bool:
        assert part.field.property
        name, given = part.field.property.name, self.values[part.slot]
        if part.field.property.sealed:
            index = self.world.nodes[node].get(f"{name}_index")
            if part.operator is Operator.IS_NULL:
                return (index is None) is given
            indexes = index if isinstance(index, list) else [index]
            return index is not None and any(one in given for one in indexes)
        value = self.world.nodes[node].get(name)
        if part.operator is Operator.IS_NULL:
            return (value is None) is given
        if value is None:
            return False
        return _compares(part.operator, value, given)


def _compares(operator: Operator, value: Any, given: Any) -> bool:
    ways: dict[Operator, Callable[[Any, Any], bool]] = {
        Operator.EQ: lambda a, b: bool(a == b),
        Operator.IN: lambda a, b: a in b,
        Operator.LT: lambda a, b: bool(a < b),
        Operator.LTE: lambda a, b: bool(a <= b),
        Operator.GT: lambda a, b: bool(a > b),
        Operator.GTE: lambda a, b: bool(a >= b),
        Operator.CONTAINS: lambda a, b: b in a,
        Operator.STARTS_WITH: lambda a, b: bool(a.startswith(b)),
        Operator.ENDS_WITH: lambda a, b: bool(a.endswith(b)),
        Operator.HAS: lambda a, b: b in a,
    }
    return ways[operator](value, given)


def refused(request: Request, rights: Rights) -> bool:
    """Whether the question may not be asked at all: of rows that nobody sees, or by what is kept
    from the asker. What stands below a field that is not shown anyway is not looked at.
    """
    page = request.page
    counts = page is not None and only_groups(page)
    if not counts and not rights.cell(str(request.nodes.label), "read"):
        return True
    if page is not None and not (page.rows or page.total):
        return _page_refused(page, rights, request.nodes.label)
    label = request.nodes.label
    parts = page is None or page.rows
    return _page_refused(page, rights, label) or (parts and _parts_refused(request.nodes, rights))


def only_groups(page: Page) -> bool:
    return bool(page.groups) and not (page.rows or page.total)


def _ways(branch: Branch) -> list[str]:
    """Coordinates without which a branch is not there."""
    of = branch.field
    return [of.coordinate, *([f"{of.type}.{of.along}"] if of.said else [])]


def seen_nodes(branch: Branch, rights: Rights) -> list[Selected]:
    """Labels a branch leads to whose rows are shown, or counted where no more is asked."""
    counts = branch.page is not None and only_groups(branch.page)
    action = "aggregate" if counts else "read"
    return [one for one in branch.nodes if rights.cell(str(one.label), action)]


def _parts_refused(selected: Selected, rights: Rights) -> bool:
    return any(
        _page_refused(part.page, rights, seen[0].label)
        or (
            (part.page is None or part.page.rows)
            and any(_parts_refused(one, rights) for one in seen)
        )
        for part in selected.parts
        if isinstance(part, Branch)
        if all(rights.cell(way, "read") for way in _ways(part))
        if (seen := seen_nodes(part, rights))
    )


def _page_refused(page: Page | None, rights: Rights, label: str) -> bool:
    if page is None:
        return False
    looks = page.rows or page.total
    unsorted = looks and any(not rights.cell(one.field.coordinate, "sort") for one in page.order)
    uncounted = any(_grouping_refused(one, rights, label) for one in page.groups)
    return unsorted or uncounted or _filter_refused(page.filter, rights)


def _grouping_refused(grouping: Grouping, rights: Rights, label: str) -> bool:
    if not rights.cell(label, "aggregate"):
        return True
    for one in grouping.by:
        field = one.field if isinstance(one, Branch) else one
        if not rights.cell(field.coordinate, "aggregate"):
            return True
        if isinstance(one, Branch):
            (node,) = one.nodes
            if not rights.cell(str(node.label), "read") or _parts_refused(node, rights):
                return True
    return False


def _filter_refused(filter_: Filter | None, rights: Rights) -> bool:
    match filter_:
        case All(parts=parts) | Some(parts=parts):
            return any(_filter_refused(part, rights) for part in parts)
        case Not(part=part):
            return _filter_refused(part, rights)
        case Related(field=field, label=other, filter=inner):
            allowed = rights.cell(field.coordinate, "filter") and rights.cell(str(other), "read")
            return not allowed or _filter_refused(inner, rights)
        case Compare(field=field):
            return not rights.cell(field.coordinate, "filter")
        case Matches():
            return not rights.cell("Message.text", "filter")
        case None:
            return False


def _is_behind(key: Sequence[Any], mark: Sequence[Any], falling: Sequence[bool]) -> bool:
    for one, other, down in zip(key, mark, falling, strict=True):
        if one != other:
            return bool(one < other) is down
    return False


def _mentioned(filter_: Filter) -> list[str]:
    match filter_:
        case All(parts=parts) | Some(parts=parts):
            return [field for part in parts for field in _mentioned(part)]
        case Not(part=part):
            return _mentioned(part)
        case Matches():
            return ["Message.text"]
        case Compare(field=field) | Related(field=field):
            return [field.coordinate]
