"""What a reading asks for, as one Cypher text under the asker's rights.

Nodes of one label that named nodes lead to, within bounds, ordered by a value. Every row walked,
every field walked and every value told, compared, ordered or counted by is bounded by the right to
do so; what the asker may not see is as if it were not there. Identifiers come from the vocabulary
and the schema table, every value is a parameter.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from graph.errors import ForbiddenError
from graph.fields import FIELDS, Field, camel, saying
from graph.ontology import Asked
from graph.queries import Mode, Query
from graph.rights import Action, Scope
from graph.schema import RELATIONSHIPS, Kind, Property
from graph.selection.asker import Asker, full, walked
from graph.selection.scope import GIVEN, predicate, slot, visible
from graph.vocabulary import Label, Tier

_NAMES = ("name_zh", "name_en")
_NUMBER = "number"
_CALLED = {Label.ALIAS: "text"}
"""By which property a node is called that has no name: by its number, but for these."""
MOST = 200
"""Rows that are read; there is one more where there are more."""
_HOPS = 4
_TIERS = tuple(Tier)
COMPARISONS = frozenset({">", ">=", "<", "<=", "=", "IN"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Start:
    """A named node: by the property ``key``, whose value stands in ``slot``."""

    label: Label
    key: str
    slot: str
    found_by: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A property compared with the value in ``slot``, or one of the values there (``IN``), which is
    in small letters where the property is to be read so (``folded``); of a list of texts, one of
    them, or the only one (``alone``).
    """

    asked: Asked
    comparison: str
    slot: str
    negated: bool = False
    folded: bool = False
    alone: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Trail:
    """From a named node, or any of ``label``, along ``steps`` to what is asked for; what of the
    nodes on the way is ``held`` bounds the way.
    """

    label: Label
    start: Start | None
    steps: tuple[Asked, ...]
    negated: bool = False
    held: tuple[Held, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Walk:
    """Nodes of ``label``. Of the ``trails`` the first from a named node is told, the others only
    bound. ``value`` is what is told of each; ``order`` is by which value, and
    whether the greatest come first; ``counted`` says that only numbers will be told; ``ids`` is the
    slot of the only nodes asked for, by their ``key``. Where nodes are told, or bounded, by how
    many others a relationship leads to, those are counted of which is true what is ``counted_of``
    them; where ``along`` leads to them, their values are added up.
    """

    label: Label
    trails: tuple[Trail, ...] = ()
    held: tuple[Held, ...] = ()
    value: Asked | None = None
    order: tuple[Asked, bool] | None = None
    counted: bool = False
    ids: str | None = None
    key: str = "id"
    found_by: tuple[str, ...] = ()
    counted_of: tuple[Held, ...] = ()
    along: Asked | None = None


def compile_walk(walk: Walk, asker: Asker, *, totals: bool = False) -> Query:
    """The query: ``rows`` of ``[id, names…, value, quantity, depth, via]`` and ``epoch``; with
    ``totals`` one row of ``[count, quantity, sum, mean]``.

    ``via`` lists ``[id, names…]`` of the nodes walked, the named one first.

    Raises:
        ForbiddenError: nobody with these rights can select it.
    """
    return _Walk(walk, asker).query(totals=totals)


@dataclass(slots=True)
class _Path:
    """One way as Cypher: what it begins with, patterns to match, predicates, and the variables by
    what they are.
    """

    binds: list[str] = field(default_factory=list)
    patterns: list[str] = field(default_factory=list)
    bounds: list[str | None] = field(default_factory=list)
    nodes: list[tuple[str, Label]] = field(default_factory=list)
    relationships: list[tuple[str, Asked]] = field(default_factory=list)
    depths: list[str] = field(default_factory=list)


class _Walk:
    def __init__(self, walk: Walk, asker: Asker) -> None:
        self._w, self._asker = walk, asker
        self._count = 0

    def query(self, *, totals: bool) -> Query:
        w = self._w
        main = self._main() or self._back(self._w.trails)
        rest = [trail for trail in w.trails if trail is not main]
        path = self._path(main, "n", found=True) if main else self._asked_for(rest)
        bounds = [*path.bounds]
        bounds.append(self._asker.guard("n", FIELDS[w.label]["id"]))
        if w.ids:
            bounds += [self._asker.guard("n", FIELDS[w.label][name]) for name in w.found_by]
            bounds.append(f"n.{w.key} IN {slot(w.ids)}")
        for trail in rest:
            bounds.append(self._exists(trail) if trail.steps else self._is(trail))
        bounds += [self._compared(one, path) for one in (*w.held, *(main.held if main else ()))]
        if w.counted:
            bounds.append(self._countable(main))
        measured = self._measured()
        if measured and not totals and (w.along or self._back([main])):
            lines = [*path.binds, *path.patterns, *self._added_up(measured, path, main, bounds)]
        else:
            value = self._told(path)
            order, ordered = self._ordered(path)
            lines = [*path.binds, *path.patterns, _where([*bounds, *ordered])]
            lines += self._totals(value, path) if totals else self._rows(value, order, path)
        lines += ["MATCH (epoch:Epoch {id: 'policy'})", "RETURN epoch.value AS epoch, rows"]
        return Query(
            name=f"walk-{w.label.lower()}",
            mode=Mode.READ,
            parameters=frozenset({GIVEN}),
            text="\n".join(filter(None, lines)),
        )

    def _asked_for(self, trails: Sequence[Trail]) -> _Path:
        """The nodes asked for themselves, where no way is told that leads to them."""
        w = self._w
        path = _Path(nodes=[("n", w.label)], bounds=[self._seen("n", w.label)])
        named = next((one.start for one in trails if not one.steps and not one.negated), None)
        if named:
            path.patterns.append(f"MATCH {_found(path, 'n', named)}")
        elif w.ids:
            path.binds.append(f"UNWIND {slot(w.ids)} AS found")
            path.patterns.append(f"MATCH (n:{w.label} {{{w.key}: found}})")
        else:
            path.patterns.append(f"MATCH (n:{w.label})")
        return path

    def _main(self) -> Trail | None:
        """The way that is matched and told: the first from a named node."""
        ways = (one for one in self._w.trails if one.steps and one.start and not one.negated)
        return next(ways, None)

    def _rows(self, value: str, order: str | None, path: _Path) -> Iterator[str]:
        depth = " + ".join(path.depths) or "0"
        quantity = next(
            (f"{name}.quantity" for name, step in path.relationships if _own(step, "quantity")),
            "null",
        )
        via = ", ".join(
            f"[{name}.id, {', '.join(self._names(name, label))}]"
            for name, label in path.nodes
            if name != "n"
        )
        names = ", ".join(self._names("n", self._w.label))
        kept = ["n", *(name for name, _ in path.nodes if name != "n")]
        kept += [name for name, _ in path.relationships]
        yield f"WITH DISTINCT {', '.join(kept)}, {depth} AS depth, {value} AS value"
        first = f"{order}, " if order else "depth, "
        yield f"ORDER BY {first}n.id LIMIT {MOST + 1}"
        yield f"WITH collect([n.id, {names}, value, {quantity}, depth, [{via}]]) AS rows"

    def _measured(self) -> Asked | None:
        """What leads to the nodes by which those asked for are ordered."""
        asked = self._w.order[0] if self._w.order else None
        if self._w.value not in {None, asked}:
            return None
        return self._w.along or (asked if asked and asked.property is None else None)

    def _back(self, trails: Iterable[Trail | None]) -> Trail | None:
        """The way that comes from the nodes that are counted, or added up: of the orders of one
        customer those that hold a product.
        """
        step = self._measured()
        for trail in trails:
            last = trail.steps[-1] if trail and trail.steps and not trail.negated else None
            if step and last and (last.type, last.anchor) == (step.type, step.target):
                return trail if last.inverse is not step.inverse else None
        return None

    def _added_up(
        self, step: Asked, path: _Path, main: Trail | None, bounds: Sequence[str | None]
    ) -> Iterator[str]:
        """Nodes by how many others they lead to, or by what a value of those comes to: of all
        others, or of those alone over which the way comes.
        """
        if self._w.order is None or step.type is None or step.target is None:
            raise ForbiddenError("nothing is added up")
        asked, falling = self._w.order
        self._counts(step)
        back = self._back([main]) is not None
        there = path.nodes[-2][0] if back else self._variable()
        relation = path.relationships[-1][0] if back else f"r{there}"
        over = _Path(nodes=[(there, step.target)], relationships=[(relation, step)])
        value, of = self._sum_of(asked, over, there)
        start = path.nodes[0] if main and main.start else None
        kept, via = "n", ""
        if start:
            kept = f"n, {start[0]}"
            via = f"[{start[0]}.id, {', '.join(self._names(*start))}]"
        # However many ways lead to a node, what it has counts once.
        if back:
            yield _where([*bounds, *of])
            yield f"WITH DISTINCT {kept}, {there}, {relation}"
        else:
            yield _where(bounds)
            yield f"WITH DISTINCT {kept}"
            way = f"-[{relation}:{step.type}]-"
            yield f"MATCH (n){f'<{way}' if step.inverse else f'{way}>'}({there}:{step.target})"
            yield _where([*of, *(self._compared(one, over) for one in self._w.counted_of)])
        yield f"WITH {kept}, {value} AS value"
        yield f"ORDER BY value {'DESC' if falling else 'ASC'}, n.id LIMIT {MOST + 1}"
        names = ", ".join(self._names("n", self._w.label))
        yield f"WITH collect([n.id, {names}, value, null, 0, [{via}]]) AS rows"

    def _sum_of(self, asked: Asked, over: _Path, there: str) -> tuple[str, list[str | None]]:
        """What is counted or added up as Cypher, and where it may be."""
        if asked.property is None:
            return f"count(DISTINCT {there})", []
        name, way = self._place(asked, over)
        value = f"{name}.{asked.property}"
        may: list[str | None] = [f"{value} IS NOT NULL"]
        if way is not None:
            if not self._asker.everywhere(way.coordinate):
                raise ForbiddenError(f"your roles do not show all of {asked.property!r}")
            may += [self._allowed(name, way, one) for one in (Action.SORT, Action.AGGREGATE)]
        return f"sum({value})", may

    def _totals(self, value: str, path: _Path) -> Iterator[str]:
        quantity = next(
            (f"{name}.quantity" for name, step in path.relationships if _own(step, "quantity")),
            "1",
        )
        yield f"WITH DISTINCT n, {value} AS value, {quantity} AS quantity"
        yield "WITH [[count(DISTINCT n), sum(quantity), sum(value), avg(value)]] AS rows"

    # Ways

    def _path(self, trail: Trail, end: str, *, found: bool = False) -> _Path:
        """From the named node to ``end``; the first pattern of a way binds its start, which is
        ``found`` first where nothing else is known.
        """
        path = _Path()
        here, label = self._variable(), trail.label
        path.nodes.append((here, label))
        start = f"({here}:{label})"
        if trail.start and found:
            start = _found(path, here, trail.start)
        elif trail.start:
            path.bounds.append(_is(here, trail.start))
        if trail.start:
            path.bounds += self._started(here, trail.start)
        else:
            path.bounds.append(self._seen(here, label))
        for place, step in enumerate(trail.steps):
            if step.target is None:
                raise ForbiddenError(f"{label} leads nowhere along {step.type}")
            last = place == len(trail.steps) - 1
            there = end if last else self._variable()
            self._step(path, start, label, step, there, here=here)
            here, label, start = there, step.target, f"({there})"
            path.nodes.append((here, label))
        return path

    def _step(
        self, path: _Path, start: str, label: Label, step: Asked, there: str, *, here: str
    ) -> None:
        asker = self._asker
        if step.type is None or step.target is None:
            raise ForbiddenError(f"{label} leads nowhere")
        way, leads_back = asker.way(label, step.type, step.target, inverse=step.inverse)
        relation = f"r{len(path.relationships)}{here}"
        arrow = f"<-[{relation}:{step.type}]-" if step.inverse else f"-[{relation}:{step.type}]->"
        along = step.climb or step.spread
        if along and asker.everywhere(way.coordinate) and self._hands_down(label, step):
            middle, whole = f"c{relation}", f"p{relation}"
            if step.climb:
                path.patterns.append(f"MATCH {whole} = {start}-[:{along}*0..{_HOPS}]->({middle})")
                path.patterns.append(f"MATCH ({middle}){arrow}({there}:{step.target})")
                path.depths.append(f"length({whole})")
            else:
                path.patterns.append(f"MATCH {start}{arrow}({middle})")
                path.patterns.append(
                    f"MATCH ({middle})<-[:{along}*0..{_HOPS}]-({there}:{step.target})"
                )
                path.bounds.append(
                    f"({middle} = {there} OR NOT EXISTS {{ MATCH ({there})<-[:{step.type}]-() }})"
                )
        elif step.deep and step.inverse and label is not step.target and self._deep(label, step):
            path.patterns.append(
                f"MATCH {start}<-[:{step.type}*1..{_HOPS}]-({there}:{step.target})"
            )
            path.bounds += [self._seen(there, step.target)]
            return
        else:
            path.patterns.append(f"MATCH {start}{arrow}({there}:{step.target})")
            path.bounds.append(asker.guard(there if leads_back else here, way))
        path.relationships.append((relation, step))
        if _own(step, "valid_to_at"):
            path.bounds.append(f"{relation}.valid_to_at IS NULL")
        path.bounds.append(self._seen(there, step.target))

    def _hands_down(self, label: Label, step: Asked) -> bool:
        """Whether everything on the way that a relationship is inherited along may be walked."""
        along = step.climb or step.spread
        held = step.target if step.spread else label
        holder = label if step.spread else step.target
        if along is None or held is None or holder is None or step.type is None:
            return False
        for middle in {Label.PRODUCT: (Label.CATEGORY,)}.get(held, (held,)):
            needed = (
                str(middle),
                walked(held, along, middle).coordinate,
                walked(middle, along, middle).coordinate,
                walked(holder, step.type, middle).coordinate
                if step.spread
                else (walked(middle, step.type, holder, inverse=True).coordinate),
            )
            if not self._asker.everywhere(*needed):
                return False
        return True

    def _deep(self, label: Label, step: Asked) -> bool:
        if step.type is None or step.target is None:
            return False
        ways = (
            walked(label, step.type, step.target, inverse=True),
            walked(label, step.type, label, inverse=True),
        )
        return self._asker.everywhere(str(label), *(way.coordinate for way in ways))

    def _exists(self, trail: Trail) -> str:
        path = self._path(trail, "n")
        path.bounds += [self._compared(one, path) for one in trail.held]
        pattern = ", ".join(one.removeprefix("MATCH ") for one in path.patterns)
        for name, _ in path.relationships:
            pattern = pattern.replace(f"p{name} = ", "")
        text = f"EXISTS {{ MATCH {pattern} {_where(path.bounds)} }}"
        if not trail.negated:
            return text
        if trail.start and trail.label is self._w.label and trail.start.key == "id":
            return f"NOT {text} AND n.id <> {slot(trail.start.slot)}"
        return f"NOT {text}"

    def _is(self, trail: Trail) -> str | None:
        if trail.start is None:
            return None
        return " AND ".join(filter(None, [_is("n", trail.start), *self._started("n", trail.start)]))

    def _started(self, variable: str, start: Start) -> Iterator[str | None]:
        yield self._seen(variable, start.label)
        for name in start.found_by:
            yield self._asker.guard(variable, FIELDS[start.label][name])

    def _seen(self, variable: str, label: Label) -> str | None:
        rows = self._asker.rows(label)
        if not rows:
            raise ForbiddenError(f"your roles show no {label}")
        return visible(variable, label, rows)

    def _variable(self) -> str:
        self._count += 1
        return f"v{self._count}"

    # Values

    def _allowed(self, variable: str, way: Field, action: Action) -> str | None:
        """Where a value may be used for ``action``, among the rows in which it is read in full."""
        read = self._asker.guard(variable, way)
        ladder = full(self._asker.rights.cell(way.coordinate, action))
        if not ladder:
            raise ForbiddenError(f"your roles do not allow {action} on {way.coordinate!r}")
        bound = None if Scope.ANY in ladder else predicate(variable, way.type, ladder)
        return " AND ".join(filter(None, (read, bound))) or None

    def _place(self, asked: Asked, path: _Path) -> tuple[str, Field | None]:
        """The variable that has a property, and the field it is; relationships have none."""
        if asked.type is not None:
            for name, step in path.relationships:
                if step.type is asked.type:
                    self._no_closer(step, asked)
                    return name, None
            raise ForbiddenError(f"{asked.type} is not walked")
        for name, label in reversed(path.nodes):
            if label is asked.anchor:
                found = FIELDS[label].get(camel(asked.property or ""))
                if found is None or found.property is None or found.property.sealed:
                    raise ForbiddenError(f"{label} has no {asked.property!r} to be told")
                return name, found
        raise ForbiddenError(f"no {asked.anchor} is walked")

    def _no_closer(self, step: Asked, asked: Asked) -> None:
        """A relationship's own value is told with the field walked; where it is guarded closer, to
        those alone who read everywhere what such relationships say.
        """
        known = _own(step, asked.property or "")
        if known is None or step.target is None or step.type is None:
            raise ForbiddenError(f"{asked.type} has no {asked.property!r} to be told")
        way = walked(step.anchor, step.type, step.target, inverse=step.inverse)
        if _TIERS.index(known.tier) <= _TIERS.index(way.tier):
            return
        said = saying(step.target if step.inverse else step.anchor, step.type)
        if said is None or not self._asker.everywhere(said.coordinate):
            raise ForbiddenError(f"{asked.type} has no {asked.property!r} to be told")

    def _compared(self, held: Held, path: _Path) -> str:
        if held.comparison not in COMPARISONS:
            raise ForbiddenError("no such comparison")
        if held.asked.property is None:
            counted = self._degree(held.asked)
            text = f"{counted} {held.comparison} {slot(held.slot)}"
            return f"NOT {text}" if held.negated else text
        variable, way = self._place(held.asked, path)
        bound = self._allowed(variable, way, Action.FILTER) if way else None
        kind = way.property.kind if way and way.property else None
        text = f"{variable}.{held.asked.property} {held.comparison} {slot(held.slot)}"
        if kind is Kind.TEXTS:
            text = f"{slot(held.slot)} IN {variable}.{held.asked.property}"
            if held.alone:
                text = f"({text} AND size({variable}.{held.asked.property}) = 1)"
        elif held.folded:
            text = f"toLower({variable}.{held.asked.property}) = {slot(held.slot)}"
        if held.negated:
            text = f"NOT coalesce({text}, false)"
        return " AND ".join(filter(None, (text, bound)))

    def _told(self, path: _Path) -> str:
        if self._w.value is None:
            return "null"
        if self._w.value.property is None:
            return self._degree(self._w.value)
        variable, way = self._place(self._w.value, path)
        name = f"{variable}.{self._w.value.property}"
        if way is None:
            return name
        bound = self._asker.guard(variable, way)
        return f"CASE WHEN {bound} THEN {name} END" if bound else name

    def _degree(self, step: Asked) -> str:
        """How many nodes a relationship of ``n`` leads to: counting them is a right of its own."""
        self._counts(step)
        arrow = f"<-[:{step.type}]-" if step.inverse else f"-[:{step.type}]->"
        if not self._w.counted_of:
            return f"COUNT {{ MATCH (n){arrow}(:{step.target}) }}"
        if step.target is None:
            raise ForbiddenError("nothing leads there")
        there = self._variable()
        path = _Path(nodes=[(there, step.target)])
        bounds = _where([self._compared(one, path) for one in self._w.counted_of])
        return f"COUNT {{ MATCH (n){arrow}({there}:{step.target}) {bounds} }}"

    def _counts(self, step: Asked) -> None:
        """Who may not count what a relationship leads to adds nothing up, either.

        Raises:
            ForbiddenError: some of it is not shown, or may not be counted.
        """
        if step.type is None or step.target is None:
            raise ForbiddenError("nothing leads there")
        way = walked(self._w.label, step.type, step.target, inverse=step.inverse)
        said = (f"{step.target}.{camel(one.asked.property or '')}" for one in self._w.counted_of)
        if not self._asker.everywhere(way.coordinate, str(step.target), *said):
            raise ForbiddenError(f"your roles do not show all of {way.coordinate!r}")
        if Scope.ANY not in self._asker.rights.cell(way.coordinate, Action.AGGREGATE):
            raise ForbiddenError(f"your roles do not allow 'aggregate' on {way.coordinate!r}")

    def _ordered(self, path: _Path) -> tuple[str | None, list[str | None]]:
        if self._w.order is None:
            return None, []
        asked, falling = self._w.order
        if asked.property is None:
            return f"value {'DESC' if falling else 'ASC'}", []
        variable, way = self._place(asked, path)
        bound = self._allowed(variable, way, Action.SORT) if way else None
        name = f"{variable}.{asked.property}"
        return f"{name} {'DESC' if falling else 'ASC'}", [f"{name} IS NOT NULL", bound]

    def _countable(self, main: Trail | None) -> str | None:
        """Counting is a right of its own: of the field that leads there, or of the rows."""
        rights = self._asker.rights
        if main is None:
            coordinate, variable, label = str(self._w.label), "n", self._w.label
        else:
            last = main.steps[-1]
            if last.type is None or last.target is None:
                raise ForbiddenError("nothing leads there")
            way, leads_back = self._asker.way(
                last.anchor, last.type, last.target, inverse=last.inverse
            )
            coordinate, label = way.coordinate, way.type
            variable = "n" if leads_back else f"v{len(main.steps)}"
        ladder = rights.cell(coordinate, Action.AGGREGATE)
        if not ladder:
            raise ForbiddenError(f"your roles do not allow 'aggregate' on {coordinate!r}")
        return None if Scope.ANY in ladder else predicate(variable, label, ladder)

    def _names(self, variable: str, label: Label) -> Iterator[str]:
        """What a node is called, as far as it may be told."""
        for name in (*_NAMES, _CALLED.get(label, _NUMBER)):
            way = FIELDS[label].get(camel(name))
            if way is None or way.property is None or way.property.sealed:
                yield "null"
                continue
            try:
                bound = self._asker.guard(variable, way)
            except ForbiddenError:
                yield "null"
                continue
            yield f"CASE WHEN {bound} THEN {variable}.{name} END" if bound else f"{variable}.{name}"


def _own(step: Asked, name: str) -> Property | None:
    """The relationship's own property."""
    if step.type is None:
        return None
    return next((one for one in RELATIONSHIPS[step.type].properties if one.name == name), None)


def _found(path: _Path, variable: str, start: Start) -> str:
    """The pattern of a named node. Its key is bound first: the embedded engine does not look into
    a map of parameters for what an index could find.
    """
    path.binds.append(f"UNWIND [{slot(start.slot)}] AS key")
    return f"({variable}:{start.label} {{{start.key}: key}})"


def _is(variable: str, start: Start) -> str:
    return f"{variable}.{start.key} = {slot(start.slot)}"


def _where(bounds: Sequence[str | None]) -> str:
    held = [bound for bound in bounds if bound]
    return f"WHERE {' AND '.join(held)}" if held else ""
