"""Random small graphs, actors and questions, the same for the same seed."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

from graph.fields import FIELDS, ORDERABLE, SAID, TYPES, Field
from graph.model import Actor
from graph.rights import ACTIONS, Ladder, Rights, Scope, Show
from graph.schema import NODES, RELATIONSHIPS, Kind, Property
from graph.scopes import applies
from graph.selection.request import (
    All,
    Branch,
    Compare,
    Filter,
    Grouping,
    Matches,
    Measure,
    Moves,
    Not,
    Operator,
    Order,
    Page,
    Part,
    Related,
    Request,
    Selected,
    Some,
    words_of,
)
from graph.store import Store
from graph.vocabulary import Label, RelationshipType
from tests.builders import make_nodes, run
from tests.graph.evaluator import Node, World

_TEXTS = ("a", "ab", "b", "空调", "空调漏水", "Zoë's")
_COUNTS = {Label.TICKET: 14, Label.MESSAGE: 14, Label.CUSTOMER: 6, Label.DEPARTMENT: 4}
_FEW = 5
_DEPTH = 3
_MOVES = 0.3
_OPERATORS: Mapping[Kind, tuple[Operator, ...]] = {
    Kind.TEXT: (
        Operator.EQ,
        Operator.IN,
        Operator.CONTAINS,
        Operator.STARTS_WITH,
        Operator.ENDS_WITH,
        Operator.LT,
    ),
    Kind.TEXTS: (Operator.HAS,),
    Kind.NUMBERS: (Operator.HAS,),
    Kind.BOOLEAN: (Operator.EQ,),
    **dict.fromkeys(
        (Kind.INTEGER, Kind.NUMBER, Kind.INSTANT),
        (Operator.EQ, Operator.IN, Operator.LT, Operator.LTE, Operator.GT, Operator.GTE),
    ),
}

_REPEATED = {
    RelationshipType.ASSIGNED_TO: "department_id",
    RelationshipType.WORKED_BY: "agent_id",
}


def make_world(seed: int) -> World:
    """Every label and relationship type of the API, some properties absent."""
    chance = random.Random(seed)
    nodes: dict[Node, dict[str, Any]] = {}
    for label in TYPES:
        for number in range(_COUNTS.get(label, _FEW)):
            nodes[str(label), f"{label.lower()}-{number}"] = _properties(label, number, chance)
    relationships = []
    for kind in RELATIONSHIPS.values():
        pairs = [
            (source, target)
            for source in nodes
            for target in nodes
            if source[0] in kind.sources and target[0] in kind.targets and source != target
        ]
        for source, target in chance.sample(pairs, min(len(pairs), 12)):
            if repeated := _REPEATED.get(kind.type):
                if repeated in nodes[source]:
                    continue
                nodes[source][repeated] = target[1]
            relationships.append((source, str(kind.type), target))
    return World(nodes=nodes, relationships=relationships)


def _properties(label: Label, number: int, chance: random.Random) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in NODES[label].properties:
        if item.name == "id":
            found["id"] = f"{label.lower()}-{number}"
        elif item.name == "seq":
            found["seq"] = 100 + number
        elif item.name == "search_text":
            found["search_text"] = " ".join(chance.sample(_TEXTS, 3))
        elif item.name == "created_at":
            found["created_at"] = 10 + number // 2
        elif item.sealed and chance.random() < 0.8:
            index = f"index-{chance.choice('xyz')}"
            found[f"{item.name}_sealed"] = f"sealed-{label}-{number}-{item.name}"
            found[f"{item.name}_hint"] = "***"
            found[f"{item.name}_index"] = [index, "index-w"] if item.name == "name" else index
        elif not item.sealed and item.name not in _REPEATED.values() and chance.random() < 0.8:
            found[item.name] = _value(item, chance)
    if label is Label.CUSTOMER:
        found["data_key"] = f"key-{number}"
    return found


def _value(item: Property, chance: random.Random) -> Any:
    match item.kind:
        case Kind.TEXTS:
            return chance.sample(_TEXTS, 2)
        case Kind.NUMBERS:
            return [1.5, 2.5]
        case Kind.BOOLEAN:
            return chance.random() < 0.5
        case Kind.NUMBER:
            return chance.choice((0.5, 1.5, 2.5))
        case Kind.INTEGER | Kind.INSTANT:
            return chance.randrange(4)
        case _:
            return chance.choice(_TEXTS)


def groupable(stored: Property) -> bool:
    return not stored.sealed and stored.kind not in {Kind.TEXTS, Kind.NUMBERS}


async def write_world(store: Store, world: World) -> None:
    """Into an empty graph, with the epoch that every answer carries."""
    for label in TYPES:
        rows = [dict(row) for (name, _), row in world.nodes.items() if name == label]
        await make_nodes(store, label, rows)
    await make_nodes(store, Label.EPOCH, [{"id": "policy", "value": 7}])
    for type_ in dict.fromkeys(name for _, name, _ in world.relationships):
        for source, target in dict.fromkeys(
            (start[0], end[0]) for start, name, end in world.relationships if name == type_
        ):
            rows = [
                {"from": start[1], "to": end[1]}
                for start, name, end in world.relationships
                if (start[0], name, end[0]) == (source, type_, target)
            ]
            await run(
                store,
                f"UNWIND $rows AS row MATCH (a:{source} {{id: row.from}}) "
                f"MATCH (b:{target} {{id: row.to}}) CREATE (a)-[:{type_}]->(b)",
                rows=rows,
            )


def make_rights(chance: random.Random) -> Rights:
    """Any ladders that scopes and kinds allow, not only those of a shipped policy."""
    cells: dict[tuple[str, str], Ladder] = {}
    for label in TYPES:
        scopes = [scope for scope in Scope if applies(scope, label)]
        for coordinate in (str(label), *(field.coordinate for field in FIELDS[label].values())):
            field = FIELDS[label].get(coordinate.partition(".")[2])
            for action in ("read", "filter", "sort", "aggregate"):
                masks = action == "read" and field is not None and field.maskable
                if ladder := _ladder(scopes, chance, masks=masks):
                    cells[coordinate, action] = ladder
    assert all(action in ACTIONS for _, action in cells)
    return Rights(roles=frozenset({"any"}), epoch=7, cells=cells)


def _ladder(scopes: Sequence[Scope], chance: random.Random, *, masks: bool) -> Ladder:
    drawn = chance.random()
    if drawn < 0.1:
        return {}
    if drawn < 0.45:
        return {Scope.ANY: Show.FULL}
    shows = [Show.FULL, Show.MASKED] if masks else [Show.FULL]
    ladder = {scope: chance.choice(shows) for scope in scopes if chance.random() < 0.5}
    if ladder.get(Scope.ANY) is Show.FULL:
        return {Scope.ANY: Show.FULL}
    if Scope.ANY in ladder:
        return {s: show for s, show in ladder.items() if s is Scope.ANY or show is Show.FULL}
    return ladder


def make_actor(chance: random.Random) -> Actor:
    return Actor(
        id="somebody",
        customer_id=chance.choice((None, "customer-1", "customer-2")),
        department_ids=frozenset(chance.sample(("department-0", "department-1"), 1)),
        line_ids=frozenset(chance.sample(("businessline-0", "businessline-1"), 1)),
        agent_id=chance.choice((None, "agent-1")),
        granted_ids=frozenset({"ticket-3", "customer-3"}),
    )


class Asker:
    """Random requests, and the values of their slots."""

    def __init__(self, chance: random.Random, world: World) -> None:
        self._chance, self._world = chance, world
        self.values: dict[str, Any] = {}

    def request(self) -> Request:
        # Tickets are asked for most, and have ways of their own into long lists.
        label = self._chance.choice((*TYPES, *[Label.TICKET] * 12))
        nodes = self._selected(label, depth=0)
        if self._chance.random() < 0.2:
            ids = [f"{label.lower()}-{number}" for number in (0, 2, 3, 77)]
            return Request(nodes=nodes, ids=self._slot(ids))
        return Request(nodes=nodes, page=self._page(label))

    def _slot(self, value: Any) -> str:
        name = f"s{len(self.values)}"
        self.values[name] = value
        return name

    def _selected(self, label: Label, *, depth: int) -> Selected:
        fields = [*FIELDS[label].values(), *SAID.get(label, {}).values()]
        parts: list[Part] = []
        if label is Label.TICKET and self._chance.random() < _MOVES:
            parts.append(Moves())
        for field in self._chance.sample(fields, min(len(fields), self._chance.randint(1, 5))):
            if field.property is not None:
                parts.append(field)
            elif depth < _DEPTH:
                parts.append(self._branch(field, depth=depth))
        return Selected(label=label, parts=tuple(parts))

    def _branch(self, field: Field, *, depth: int) -> Branch:
        nodes = tuple(self._selected(label, depth=depth + 1) for label in field.targets)
        is_union = len(field.targets) > 1
        is_page = field.many and not field.said
        page = self._page(field.targets[0], plain=is_union) if is_page else None
        return Branch(field=field, nodes=nodes, page=page)

    def _page(self, label: Label, *, plain: bool = False) -> Page:
        chance = self._chance
        order: tuple[Order, ...] = ()
        if not plain and chance.random() < 0.5:
            names = chance.sample(ORDERABLE[label], chance.randint(1, len(ORDERABLE[label])))
            order = tuple(
                Order(field=FIELDS[label][name], descending=chance.random() < 0.5) for name in names
            )
        filter_ = None if plain or chance.random() < 0.4 else self._filter(label, depth=0)
        after = self._slot(self._behind(label, order)) if chance.random() < 0.3 else None
        is_grouped = not plain and chance.random() < 0.25
        groups = self._groups(label, depth=_DEPTH) if is_grouped else ()
        return Page(
            size=self._slot(chance.randint(1, 6)),
            after=None if plain else after,
            backwards=not plain and chance.random() < 0.3,
            order=order,
            filter=filter_,
            total=chance.random() < 0.3,
            rows=not groups or chance.random() < 0.5,
            groups=groups,
        )

    def _groups(self, label: Label, *, depth: int) -> tuple[Grouping, ...]:
        fields = [
            field
            for field in FIELDS[label].values()
            if (field.property is None and len(field.targets) == 1)
            or (field.property is not None and groupable(field.property))
        ]
        numbers = [
            field
            for field in FIELDS[label].values()
            if field.property and field.property.kind in {Kind.INTEGER, Kind.NUMBER, Kind.INSTANT}
        ]
        by = self._chance.sample(fields, self._chance.randint(0, min(2, len(fields))))
        measured = self._chance.sample(numbers, self._chance.randint(0, min(2, len(numbers))))
        grouping = Grouping(
            size=self._slot(self._chance.randint(1, 6)),
            by=tuple(self._key(field, depth=depth) for field in by),
            measures=tuple((self._chance.choice(list(Measure)), field) for field in measured),
        )
        return (grouping,)

    def _key(self, field: Field, *, depth: int) -> Field | Branch:
        if field.property is not None:
            return field
        nodes = tuple(self._selected(label, depth=depth + 2) for label in field.targets)
        return Branch(field=field, nodes=nodes)

    def _behind(self, label: Label, order: tuple[Order, ...]) -> list[Any]:
        """The sort values of some row, whether the asker sees it or not."""
        node = self._chance.choice([key for key in self._world.nodes if key[0] == label])
        names = [one.field.name for one in order]
        last = "seq" if label is Label.TICKET else "id"
        keys = names if last in names else [*names, last]
        row = self._world.nodes[node]
        return [row["created_at" if name == "createdAt" else name] for name in keys]

    def _filter(self, label: Label, *, depth: int) -> Filter:
        drawn = self._chance.random()
        if depth < _DEPTH and drawn < 0.3:
            parts = [self._filter(label, depth=depth + 1) for _ in range(2)]
            return self._chance.choice((All, Some))(parts=tuple(parts))
        if depth < _DEPTH and drawn < 0.45:
            return Not(part=self._filter(label, depth=depth + 1))
        if label is Label.TICKET and drawn < 0.55:
            return self._matches()
        field = self._chance.choice(list(FIELDS[label].values()))
        if field.property is not None:
            return self._compare(field, field.property)
        other = self._chance.choice(field.targets)
        inner = self._filter(other, depth=depth + 1) if depth < _DEPTH else None
        return Related(field=field, label=other, filter=inner)

    def _matches(self) -> Matches:
        slot = self._slot(None)
        chosen = self._chance.sample(_TEXTS, self._chance.randint(1, 2))
        self.values |= words_of(slot, chosen)
        return Matches(slot=slot)

    def _compare(self, field: Field, stored: Property) -> Compare:
        chance = self._chance
        if chance.random() < 0.15:
            is_absent = self._slot(chance.random() < 0.5)
            return Compare(field=field, operator=Operator.IS_NULL, slot=is_absent)
        if stored.sealed:
            slot = self._slot([f"index-{chance.choice('xyzw')}"])
            return Compare(field=field, operator=Operator.EQ, slot=slot)
        operator = chance.choice(_OPERATORS[stored.kind])
        value: Any
        if operator is Operator.HAS:
            value = chance.choice(_TEXTS) if stored.kind is Kind.TEXTS else 2.5
        elif operator is Operator.IN:
            value = [_value(stored, chance), _value(stored, chance)]
        else:
            value = _value(stored, chance)
        return Compare(field=field, operator=operator, slot=self._slot(value))
