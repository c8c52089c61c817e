"""A fact as one Cypher text under the asker's rights: what may not be seen is not in it.

Bounded are the anchor's row, what it was found and is called by, every field walked, the target's
row, id and names; a value is told in full or not at all. Identifiers come from the vocabulary and
the schema table, every value is a parameter.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from graph.errors import ForbiddenError
from graph.fields import FIELDS, Field, camel
from graph.queries import Mode, Query
from graph.rights import Action, Scope
from graph.schema import NODES, RELATIONSHIPS, Property
from graph.selection.asker import Asker, walked
from graph.selection.scope import GIVEN, arrow, predicate, slot, visible
from graph.vocabulary import Label, RelationshipType, Tier

LIMIT = 200
_CLIMB = 4
NAMES = ("name_zh", "name_en", "number")
COLUMNS = (*(f"anchor_{name}" for name in NAMES), "id", "depth", *NAMES, "value", "quantity")
"""What each row lists, in order."""
_TIERS = tuple(Tier)


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """Nodes reached from one anchor, or one property of the anchor.

    ``key`` is the anchor's property that the slot ``key`` equals. Without ``type`` the anchor
    itself is selected. ``climb`` inherits: the relationship may start at any node the anchor
    reaches through ``climb``, at most four hops away. ``target_id`` narrows to one target, in the
    slot ``target``. ``found_by`` are fields of the anchor by whose values it was found.
    ``counted`` says that only the number of targets will be told.
    """

    anchor: Label
    key: str = "id"
    type: RelationshipType | None = None
    inverse: bool = False
    target: Label | None = None
    climb: RelationshipType | None = None
    property: str | None = None
    target_id: bool = False
    found_by: tuple[str, ...] = ()
    counted: bool = False


def compile_selection(selection: Selection, asker: Asker) -> Query:
    """The query for ``selection``: ``rows`` of ``COLUMNS``, nearest first, and ``epoch``.

    Raises:
        ForbiddenError: nobody with these rights can select it.
    """
    return _Fact(selection, asker).query()


class _Fact:
    def __init__(self, selection: Selection, asker: Asker) -> None:
        self._s, self._asker = selection, asker

    def query(self) -> Query:
        s = self._s
        lines = [f"MATCH (a:{s.anchor})", _where(self._anchored())]
        if s.type and s.target:
            lines += self._walk(s.type, s.target)
        depth = "length(path)" if s.climb else "0"
        node = "n" if s.type else "a"
        lines += [
            f"WITH {', '.join(self._carried())}, {depth} AS depth",
            f"ORDER BY depth, {node}.id LIMIT {LIMIT}",
            f"WITH collect([{', '.join(self._columns(node))}]) AS rows",
            "MATCH (epoch:Epoch {id: 'policy'})",
            "RETURN epoch.value AS epoch, rows",
        ]
        return Query(
            name=f"fact-{s.anchor.lower()}",
            mode=Mode.READ,
            parameters=frozenset({GIVEN}),
            text="\n".join(filter(None, lines)),
        )

    def _carried(self) -> Iterator[str]:
        yield "a"
        if self._s.type:
            yield from ("r", "n")

    def _anchored(self) -> Iterator[str | None]:
        s = self._s
        if NODES[s.anchor].find(s.key) is None:
            raise ForbiddenError(f"{s.anchor} is not found by {s.key!r}")
        yield f"a.{s.key} = {slot('key')}"
        yield self._seen("a", s.anchor)
        for name in s.found_by:
            yield self._asker.guard("a", FIELDS[s.anchor][name])
        if s.type is None:
            yield self._asker.guard("a", FIELDS[s.anchor]["id"])
            yield self._asker.guard("a", self._own())

    def _seen(self, variable: str, label: Label) -> str | None:
        """The predicate of the rows that are seen.

        Raises:
            ForbiddenError: none is.
        """
        rows = self._asker.rows(label)
        if not rows:
            raise ForbiddenError(f"your roles show no {label}")
        return visible(variable, label, rows)

    def _own(self) -> Field:
        field = FIELDS[self._s.anchor].get(camel(self._s.property or ""))
        if field is None or field.property is None or field.property.sealed:
            raise ForbiddenError(f"{self._s.anchor} has no {self._s.property!r} to be told")
        return field

    def _walk(self, type_: RelationshipType, target: Label) -> Iterator[str]:
        s = self._s
        field = walked(s.anchor, type_, target, inverse=s.inverse)
        (hop,) = field.hops
        bounds: list[str | None] = []
        start = "a"
        if s.climb:
            low, high, bounds = self._climb(s.climb, type_, target)
            yield f"MATCH path = (a)-[:{s.climb}*{low}..{high}]->(c)"
            start = "c"
        else:
            bounds.append(self._asker.guard("a", field))
            if s.counted:
                bounds.append(self._counted(field))
        yield f"MATCH ({start}){arrow(hop).replace('[', '[r')}(n:{target})"
        if self._related("valid_to_at"):
            bounds.append("r.valid_to_at IS NULL")
        if s.target_id:
            bounds.append(f"n.id = {slot('target')}")
        bounds += [self._seen("n", target), self._asker.guard("n", FIELDS[target]["id"])]
        yield _where(bounds)

    def _counted(self, field: Field) -> str | None:
        ladder = self._asker.rights.cell(field.coordinate, Action.AGGREGATE)
        if not ladder:
            raise ForbiddenError(f"your roles do not allow 'aggregate' on {field.coordinate!r}")
        return None if Scope.ANY in ladder else predicate("a", field.type, ladder)

    def _climb(
        self, climb: RelationshipType, type_: RelationshipType, target: Label
    ) -> tuple[int, int, list[str | None]]:
        """From how far up the relationship may start, at least and at most, and what bounds that.

        What is climbed to belongs to everybody or to nobody: categories and issues are in no
        scope but ``any``.
        """
        s, asker = self._s, self._asker
        (middle,) = {Label.PRODUCT: (Label.CATEGORY,)}.get(s.anchor, (s.anchor,))
        up, further = walked(s.anchor, climb, middle), walked(middle, climb, middle)
        near = walked(s.anchor, type_, target, inverse=s.inverse)
        far = walked(middle, type_, target, inverse=s.inverse)
        counting = Action.AGGREGATE if s.counted else Action.READ
        here = bool(asker.rights.cell(near.coordinate, counting))
        there = asker.everywhere(str(middle), far.coordinate)
        there = there and bool(asker.rights.cell(far.coordinate, counting))
        bounds: list[str | None] = []
        if here:
            here, bound = self._granted(near)
            bounds += [f"(length(path) > 0 OR {bound})"] if bound else []
        if there:
            there, bound = self._granted(up)
            bounds += [f"(length(path) = 0 OR {bound})"] if bound else []
        if not here and not there:
            raise ForbiddenError(f"your roles do not allow 'read' on {near.coordinate!r}")
        if s.counted and not (there and here):
            raise ForbiddenError("a count of some of them only would mislead")
        high = (_CLIMB if asker.everywhere(further.coordinate) else 1) if there else 0
        return (0 if here else 1), high, bounds

    def _granted(self, field: Field) -> tuple[bool, str | None]:
        try:
            return True, self._asker.guard("a", field)
        except ForbiddenError:
            return False, None

    def _columns(self, node: str) -> Iterator[str]:
        s = self._s
        label = s.target if s.type and s.target else s.anchor
        yield from self._names("a", s.anchor)
        yield f"{node}.id"
        yield "depth"
        yield from self._names(node, label)
        yield self._value()
        yield "r.quantity" if self._related("quantity") else "null"

    def _names(self, variable: str, label: Label) -> Iterator[str]:
        """What a node is called, as far as it may be told."""
        for name in NAMES:
            field = FIELDS[label].get(camel(name))
            if field is None or field.property is None or field.property.sealed:
                yield "null"
                continue
            granted, bound = True, None
            try:
                bound = self._asker.guard(variable, field)
            except ForbiddenError:
                granted = False
            text = f"{variable}.{name}"
            yield (f"CASE WHEN {bound} THEN {text} END" if bound else text) if granted else "null"

    def _value(self) -> str:
        s = self._s
        if s.property is None:
            return "null"
        if s.type is None:
            return f"a.{s.property}"
        known = self._related(s.property)
        if known is None or s.target is None:
            raise ForbiddenError(f"{s.type} has no {s.property!r} to be told")
        field = walked(s.anchor, s.type, s.target, inverse=s.inverse)
        if _TIERS.index(known.tier) > _TIERS.index(field.tier):
            raise ForbiddenError(f"{s.type} has no {s.property!r} to be told")
        return f"r.{s.property}"

    def _related(self, name: str) -> Property | None:
        """The relationship's own property; it has no coordinate, so it is told with the field that
        is walked, unless it is more closely guarded.
        """
        if self._s.type is None:
            return None
        known = RELATIONSHIPS[self._s.type].properties
        return next((one for one in known if one.name == name), None)


def _where(bounds: Iterator[str | None] | list[str | None]) -> str:
    held = [bound for bound in bounds if bound]
    return f"WHERE {' AND '.join(held)}" if held else ""
