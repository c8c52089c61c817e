"""Reads a selection of a GraphQL document into a tree without values.

Fragments, aliases, interfaces, unions, ``@skip`` and ``@include`` end here. One outline serves
everybody who sends the document with the same boolean variables.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
)
from graphql.language import DirectiveNode, SelectionNode

from api.plan.tree import (
    Argued,
    Connection,
    Grouped,
    Later,
    Node,
    Outline,
    Parts,
    Shown,
    Stub,
    Wrapped,
)
from graph.fields import FIELDS, SAID, Field
from graph.selection.request import Anchor, Measure, Moves
from graph.vocabulary import Label

RECEIPT = "receipt"
"""The one field of a node that the compiler does not know: the receipt of ``Ticket.route``."""
MOVES = Moves().coordinate.partition(".")[2]
"""The one field that stands for no property and no relationship: what the viewer may do."""


class Reader:
    """Reads one root field of a validated document."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, object],
        *,
        begins: Container[int] = (),
    ) -> None:
        """``begins`` are the lists that a later query reads; see ``api/plan/stretch.py``."""
        self._schema, self._fragments, self._variables = schema, fragments, variables
        self._begins = begins
        self._lists: list[Argued] = []
        self._later: list[Later] = []
        self._receipts = False

    def connection(self, label: Label, field_: GraphQLField, nodes: Sequence[FieldNode]) -> Outline:
        """A root field that is a connection."""
        parts = Parts(label=label)
        connection = self._connection(
            field_, nodes, {label: parts}, coordinate=str(label), within=None
        )
        return self._outline(parts, connection=connection)

    def node(self, label: Label, nodes: Sequence[FieldNode]) -> Outline:
        """A root field that is a node of ``label``, or a list of them; its id is always asked."""
        parts = Parts(label=label)
        parts.add(FIELDS[label]["id"])
        node = self._node(parts, nodes, within=None)
        return self._outline(parts, node=node)

    def selected(
        self, nodes: Sequence[FieldNode], type_: GraphQLObjectType
    ) -> Mapping[str, Sequence[FieldNode]]:
        """The fields of ``type_`` that ``nodes`` select, by response key."""
        return self._collect(nodes, type_)

    def _outline(
        self, parts: Parts, *, node: Node | None = None, connection: Connection | None = None
    ) -> Outline:
        return Outline(
            parts=parts,
            lists=tuple(self._lists),
            receipts=self._receipts,
            node=node,
            connection=connection,
            later=tuple(self._later),
        )

    def _node(self, parts: Parts, nodes: Iterable[FieldNode], *, within: int | None) -> Node:
        type_ = self._type(parts.label)
        shown = []
        for key, group in self._collect(nodes, type_).items():
            name = group[0].name.value
            if name == "__typename":
                shown.append(Shown(key=key))
            elif parts.label is Label.TICKET and name == RECEIPT:
                self._receipts = True
                shown.append(_receipt(parts, key, group))
            elif parts.label is Label.TICKET and name == MOVES:
                shown.append(Shown(key=key, place=parts.add(Moves()), moves=True))
            elif name in SAID.get(parts.label, ()):
                shown.append(self._said(parts, key, group, within=within))
            else:
                shown.append(self._field(parts, key, group, within=within))
        return Node(label=parts.label, shown=tuple(shown))

    def _field(
        self, parts: Parts, key: str, group: Sequence[FieldNode], *, within: int | None
    ) -> Shown:
        name = group[0].name.value
        asked = FIELDS[parts.label][name]
        if asked.property:
            return Shown(key=key, place=parts.add(asked), field=asked)
        targets = {label: Parts(label=label) for label in asked.targets}
        if not asked.many:
            nodes = tuple(self._node(one, group, within=within) for one in targets.values())
            place = parts.add(Stub(field=asked, nodes=tuple(targets.values())))
            return Shown(key=key, place=place, field=asked, nodes=nodes)
        definition = self._type(parts.label).fields[name]
        connection = self._connection(
            definition, group, targets, coordinate=asked.coordinate, within=within
        )
        stub = Stub(field=asked, nodes=tuple(targets.values()), page=connection.page)
        if connection.page not in self._begins:
            return Shown(key=key, place=parts.add(stub), field=asked, connection=connection)
        return self._put_off(parts, stub, Shown(key=key, field=asked, connection=connection))

    def _said(
        self, parts: Parts, key: str, group: Sequence[FieldNode], *, within: int | None
    ) -> Shown:
        """What each relationship says, and the node that it leads to."""
        asked = SAID[parts.label][group[0].name.value]
        (label,) = asked.targets
        target = Parts(label=label)
        definition = self._type(parts.label).fields[asked.name]
        type_ = _object(definition.type)
        number = len(self._lists)
        self._lists.append(
            Argued(
                definition=definition,
                node=group[0],
                labels=(label,),
                coordinate=f"{asked.type}.{asked.along}",
                within=within,
                depth=self._depth(within),
                told=True,
            )
        )
        said = []
        for alias, nodes in self._collect(group, type_).items():
            name = nodes[0].name.value
            below: tuple[Node, ...] = ()
            if name == end_of(asked):
                below = (self._node(target, nodes, within=number),)
            said.append(Wrapped(key=alias, name=name, type=type_.name, nodes=below))
        place = parts.add(Stub(field=asked, nodes=(target,)))
        return Shown(key=key, place=place, field=asked, said=tuple(said))

    def _put_off(self, parts: Parts, stub: Stub, shown: Shown) -> Shown:
        """A list that the next query begins with, from this node's id."""
        own = Parts(label=parts.label, fields=[Anchor()])
        node = Node(label=parts.label, shown=(replace(shown, place=own.add(stub)),))
        self._later.append(Later(parts=own, node=node))
        number = len(self._later) - 1
        return Shown(key=shown.key, place=parts.add(Anchor()), field=shown.field, later=number)

    def _connection(
        self,
        definition: GraphQLField,
        group: Sequence[FieldNode],
        targets: Mapping[Label, Parts],
        *,
        coordinate: str,
        within: int | None,
    ) -> Connection:
        page = len(self._lists)
        type_ = _object(definition.type)
        asked = {nodes[0].name.value for nodes in self._collect(group, type_).values()}
        argued = Argued(
            definition=definition,
            node=group[0],
            labels=tuple(targets),
            coordinate=coordinate,
            within=within,
            depth=self._depth(within),
            total="totalCount" in asked,
            # Whoever asks for nothing of a list asks whether its rows may be seen.
            rows=bool(asked & {"edges", "pageInfo"}) or not asked & {"totalCount", "groups"},
        )
        self._lists.append(argued)
        return Connection(page=page, fields=self._wrapped(type_, group, targets, page=page))

    def _depth(self, within: int | None) -> int:
        """Of a list within another."""
        return 1 if within is None else self._lists[within].depth + 1

    def _wrapped(
        self,
        type_: GraphQLObjectType,
        group: Iterable[FieldNode],
        targets: Mapping[Label, Parts],
        *,
        page: int,
    ) -> tuple[Wrapped, ...]:
        found = []
        for key, nodes in self._collect(group, type_).items():
            name = nodes[0].name.value
            inner: tuple[Wrapped, ...] = ()
            below: tuple[Node, ...] = ()
            if name == "groups":
                found.append(self._grouping(type_, key, nodes, page=page))
                continue
            if name in {"edges", "pageInfo"}:
                under = _object(type_.fields[name].type)
                inner = self._wrapped(under, nodes, targets, page=page)
            elif name == "node":
                below = tuple(self._node(one, nodes, within=page) for one in targets.values())
            found.append(Wrapped(key=key, name=name, type=type_.name, inner=inner, nodes=below))
        return tuple(found)

    def _grouping(
        self, type_: GraphQLObjectType, key: str, group: Sequence[FieldNode], *, page: int
    ) -> Wrapped:
        """The groups of list ``page``: a list, too, of what its rows have in common."""
        definition, of = type_.fields["groups"], self._lists[page]
        place = sum(one.grouping is not None and one.grouping.of == page for one in self._lists)
        number, grouped = len(self._lists), Grouped(of=page)
        self._lists.append(
            Argued(
                definition=definition,
                node=group[0],
                labels=of.labels,
                within=of.within,
                depth=of.depth,
                grouping=grouped,
            )
        )
        (label,) = of.labels
        under = _object(definition.type)
        inner = []
        for alias, nodes in self._collect(group, under).items():
            name = nodes[0].name.value
            shown: tuple[Shown, ...] = ()
            if name == "key" or name in set(Measure):
                shown = self._of_group(label, name, nodes, grouped, number=number)
            inner.append(Wrapped(key=alias, name=name, type=under.name, shown=shown))
        return Wrapped(key=key, name="groups", type=under.name, inner=tuple(inner), place=place)

    def _of_group(
        self, label: Label, name: str, group: Sequence[FieldNode], grouped: Grouped, *, number: int
    ) -> tuple[Shown, ...]:
        """The fields of a group's key, or of one of its measures."""
        type_ = self._schema.type_map[f"{label}Group{name.capitalize()}"]
        found = []
        for alias, nodes in self._collect(group, _object(type_)).items():
            field_ = FIELDS[label].get(nodes[0].name.value)
            if field_ is None:
                found.append(Shown(key=alias, typename=type_.name))
            elif name != "key":
                measure = (Measure(name), field_)
                if measure not in grouped.measures:
                    grouped.measures.append(measure)
                place = grouped.measures.index(measure)
                found.append(Shown(key=alias, place=place, field=field_))
            elif field_.property:
                found.append(Shown(key=alias, field=field_))
            else:
                # Selected twice, a node is read once, with all that is asked of it.
                parts = (Parts(label=field_.targets[0]),)
                stub = grouped.keys.setdefault(field_.name, Stub(field=field_, nodes=parts))
                node = self._node(stub.nodes[0], nodes, within=number)
                found.append(Shown(key=alias, field=field_, nodes=(node,)))
        return tuple(found)

    def _type(self, label: Label) -> GraphQLObjectType:
        return _object(self._schema.type_map[str(label)])

    def _collect(
        self, nodes: Iterable[FieldNode], type_: GraphQLObjectType
    ) -> dict[str, list[FieldNode]]:
        found: dict[str, list[FieldNode]] = {}
        for node in nodes:
            if node.selection_set:
                self._into(found, node.selection_set, type_)
        return found

    def _into(
        self, found: dict[str, list[FieldNode]], set_: SelectionSetNode, type_: GraphQLObjectType
    ) -> None:
        for one in set_.selections:
            if not self._included(one):
                continue
            if isinstance(one, FieldNode):
                key = one.alias.value if one.alias else one.name.value
                found.setdefault(key, []).append(one)
                continue
            fragment = one if isinstance(one, InlineFragmentNode) else self._named(one)
            if self._applies(fragment, type_):
                self._into(found, fragment.selection_set, type_)

    def _named(self, spread: SelectionNode) -> FragmentDefinitionNode:
        return self._fragments[spread.name.value]  # type: ignore[attr-defined]

    def _applies(
        self, fragment: InlineFragmentNode | FragmentDefinitionNode, type_: GraphQLObjectType
    ) -> bool:
        condition = fragment.type_condition
        if condition is None or condition.name.value == type_.name:
            return True
        other = self._schema.type_map[condition.name.value]
        return not isinstance(other, GraphQLObjectType) and self._schema.is_sub_type(
            other,  # type: ignore[arg-type]
            type_,
        )

    def _included(self, node: SelectionNode) -> bool:
        return all(self._passes(one) for one in node.directives or ())

    def _passes(self, directive: DirectiveNode) -> bool:
        if directive.name.value not in {"skip", "include"}:
            return True
        value = directive.arguments[0].value if directive.arguments else None
        held = (
            self._variables.get(value.name.value)
            if isinstance(value, VariableNode)
            else getattr(value, "value", None)
        )
        if not isinstance(held, bool):
            raise GraphQLError(f"@{directive.name.value} needs a Boolean that is not null", value)
        return held is (directive.name.value == "include")


def end_of(said: Field) -> str:
    """What the node is called beside what its relationship says: ``product``."""
    (label,) = said.targets
    return label[0].lower() + label[1:]


def _receipt(parts: Parts, key: str, group: Sequence[FieldNode]) -> Shown:
    # Whoever sees the route of a ticket may see its receipt: the id tells whether they do.
    route = Parts(label=Label.ROUTE, fields=[FIELDS[Label.ROUTE]["id"]])
    stub = Stub(field=FIELDS[Label.TICKET]["route"], nodes=(route,))
    return Shown(key=key, place=parts.add(stub), receipt=tuple(group))


def _object(type_: object) -> GraphQLObjectType:
    named = get_named_type(type_)  # type: ignore[call-overload]
    if not isinstance(named, GraphQLObjectType):
        raise TypeError(f"{named} is no object type")
    return named
