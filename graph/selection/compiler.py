"""A request and rights → one Cypher text, and how its rows lie.

Rows are positional lists, one record in all. What may not be seen is not in the text: not in what
is returned, not in what is compared or ordered by. Every node in reach is bounded by its label's
scopes, and the epoch of the policy is read last: reading it first would cost the order of an index.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from graph.errors import ForbiddenError
from graph.fields import FIELDS, Field
from graph.queries import Mode, Query
from graph.rights import Action, Ladder, Rights, Show
from graph.selection.filter import condition, permitted
from graph.selection.lead import NEWEST, Known, by_ids, leads
from graph.selection.listing import Listing, behind, where
from graph.selection.request import Branch, Order, Page, Request, Selected
from graph.selection.scope import GIVEN, arrow, slot, visible
from graph.selection.value import guarded, value
from graph.vocabulary import Label

_OWN_ORDER = {Label.TICKET: Order(field=FIELDS[Label.TICKET]["seq"], descending=True)}
"""Labels that have an order of their own; others go by id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """Where a part lies in its node's list. ``nodes`` are the shapes of a branch, by label."""

    place: int
    nodes: "tuple[Shape, ...]" = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """A node's list: ``columns`` by the parts of the request, ``None`` where a part is denied.

    Behind a branch the list begins with the node's label. A page is ``[rows, total]``, each row
    ``[sort values, node]``; a single branch is a node or null.
    """

    label: Label
    columns: tuple[Column | None, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ordered:
    """The same page for an engine whose Cypher takes no order from an index: ``ways`` are walked
    outside, each by what its properties equal, and ``query`` takes the ids that were found.
    """

    query: Query
    label: Label
    order: Order
    page: Page
    ways: tuple[tuple[tuple[str, Known], ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Compiled:
    """``query`` returns one record: ``epoch`` and ``page`` (``[rows, total]``), or ``nodes``.

    ``denied`` and ``masked`` are coordinates: not shown at all, or not in full in every row.
    """

    query: Query
    shape: Shape
    denied: tuple[str, ...]
    masked: tuple[str, ...]
    ordered: Ordered | None = None


def compile_request(request: Request, rights: Rights) -> Compiled:
    """The query of ``request`` for whoever has ``rights``.

    Raises:
        ForbiddenError: the label's rows are shown to nobody with these rights.
        ForbiddenArgumentError: a filter or an order uses what may not be used so.
    """
    return _Compiler(rights).root(request)


@dataclass
class _Compiler:
    rights: Rights
    denied: dict[str, None] = field(default_factory=dict)
    masked: dict[str, None] = field(default_factory=dict)
    count: int = 0

    def root(self, request: Request) -> Compiled:
        label = request.nodes.label
        rows = self._rows(label)
        if not rows:
            raise ForbiddenError(f"your roles show no {label}")
        variable = self._variable()
        bounds = [visible(variable, label, rows)]
        match = f"MATCH ({variable}:{label})"
        if request.page is None:
            bounds.insert(0, f"{variable}.id IN {slot(request.ids or 'ids')}")
            shape, node = self._node(variable, request.nodes)
            lines = [f"WITH {node} AS node", "WITH collect(node) AS nodes"]
            query = _query(label, [where(match, bounds), *lines], answer="nodes")
            return self._compiled(query, shape)
        page = request.page
        ways = [] if page.order else leads(variable, label, rows=rows, filter_=page.filter)
        listing = self._listing(variable, label, match, bounds, page)
        shape, node = self._node(variable, request.nodes)
        lines = [
            f"WITH [{listing.cursor}, {node}] AS row",
            "WITH collect(row) AS rows",
            # Beside collect() it would be a key to group by: no rows, no record.
            f"WITH rows, {listing.total} AS total",
        ]
        led = [way for way in ways if way is not NEWEST]
        start = listing.led(led) if led else listing.text
        compiled = self._compiled(
            _query(label, [start, *lines], answer="[rows, total] AS page"), shape
        )
        if not ways or any(way.known is None for way in ways):
            return compiled
        start = listing.led([by_ids(variable, label)])
        return replace(
            compiled,
            ordered=Ordered(
                query=_query(label, [start, *lines], answer="[rows, total] AS page"),
                label=label,
                order=_own_order(label),
                page=page,
                ways=tuple(way.known for way in ways if way.known is not None),
            ),
        )

    def _compiled(self, query: Query, shape: Shape) -> Compiled:
        return Compiled(
            query=query, shape=shape, denied=tuple(self.denied), masked=tuple(self.masked)
        )

    def _variable(self) -> str:
        self.count += 1
        return f"n{self.count - 1}"

    def _rows(self, label: Label) -> Ladder:
        return self.rights.cell(str(label), Action.READ)

    def _node(self, variable: str, selected: Selected, *, named: bool = False) -> tuple[Shape, str]:
        """A node's shape, and the list of its shown parts."""
        expressions = [f"'{selected.label}'"] if named else []
        columns: list[Column | None] = []
        for part in selected.parts:
            found = (
                self._branch(variable, part, selected.label)
                if isinstance(part, Branch)
                else self._value(variable, part, selected.label)
            )
            if found is None:
                self.denied[(part.field if isinstance(part, Branch) else part).coordinate] = None
                columns.append(None)
                continue
            expression, nodes = found
            columns.append(Column(place=len(expressions), nodes=nodes))
            expressions.append(expression)
        shape = Shape(label=selected.label, columns=tuple(columns))
        return shape, f"[{', '.join(expressions)}]"

    def _value(
        self, variable: str, part: Field, label: Label
    ) -> tuple[str, tuple[Shape, ...]] | None:
        ladder = self.rights.cell(part.coordinate, Action.READ)
        if not ladder:
            return None
        if Show.MASKED in ladder.values():
            self.masked[part.coordinate] = None
        return value(variable, part, ladder=ladder, rows=self._rows(label)), ()

    def _branch(
        self, variable: str, branch: Branch, label: Label
    ) -> tuple[str, tuple[Shape, ...]] | None:
        ladder = self.rights.cell(branch.field.coordinate, Action.READ)
        seen = [selected for selected in branch.nodes if self._rows(selected.label)]
        if not ladder or not seen:
            return None
        other = self._variable()
        (hop,) = branch.field.hops
        match, bound = self._reach(variable, arrow(hop), other, seen)
        page = branch.page
        if page is None:
            shapes, node = self._union(other, seen)
            inner = f"{where(match, [bound])} WITH DISTINCT {other} ORDER BY {other}.id LIMIT 1"
            expression = f"head(COLLECT {{ {inner} RETURN {node} }})"
        else:
            listing = self._listing(other, seen[0].label, match, [bound], page)
            shapes, node = self._union(other, seen)
            rows_ = f"COLLECT {{ {listing.text} RETURN [{listing.cursor}, {node}] }}"
            expression = f"[{rows_}, {listing.total}]"
        rows = self._rows(label)
        return guarded(variable, branch.field, expression, ladder=ladder, rows=rows), shapes

    def _reach(
        self, variable: str, way: str, other: str, seen: Sequence[Selected]
    ) -> tuple[str, str | None]:
        """The pattern to the nodes of a branch, and which of them are seen."""
        if len(seen) == 1:
            label = seen[0].label
            return f"MATCH ({variable}){way}({other}:{label})", visible(
                other, label, self._rows(label)
            )
        kinds = []
        for selected in seen:
            bound = visible(other, selected.label, self._rows(selected.label))
            is_one = f"{other}:{selected.label}"
            kinds.append(f"({is_one} AND {bound})" if bound else is_one)
        return f"MATCH ({variable}){way}({other})", f"({' OR '.join(kinds)})"

    def _union(self, variable: str, seen: Sequence[Selected]) -> tuple[tuple[Shape, ...], str]:
        if len(seen) == 1:
            shape, node = self._node(variable, seen[0], named=True)
            return (shape,), node
        shapes, cases = [], []
        for selected in seen:
            shape, node = self._node(variable, selected, named=True)
            shapes.append(shape)
            cases.append(f"WHEN {variable}:{selected.label} THEN {node}")
        return tuple(shapes), f"CASE {' '.join(cases)} END"

    def _listing(
        self,
        variable: str,
        label: Label,
        match: str,
        bounds: Sequence[str | None],
        page: Page,
    ) -> Listing:
        held = [bound for bound in bounds if bound]
        if page.filter:
            held += condition(variable, label, page.filter, rights=self.rights)
        total = "null"
        if page.total:
            total = f"COUNT {{ {where(match, held)} RETURN DISTINCT {variable} }}"
        orders = self._orders(label, page)
        names = [f"{variable}.{one.field.property.name}" for one in orders if one.field.property]
        falling = [one.descending is not page.backwards for one in orders]
        if page.after:
            held += behind(names, falling, slot(page.after))
        else:
            # Tells the planner that an index on the first criterion has every row.
            held.append(f"{names[0]} IS NOT NULL")
        return Listing(
            variable=variable,
            match=match,
            bounds=tuple(held),
            order=tuple(zip(names, falling, strict=True)),
            size=slot(page.size),
            total=total,
        )

    def _orders(self, label: Label, page: Page) -> list[Order]:
        """What was asked for, and then what makes the order total."""
        for one in page.order:
            permitted(self.rights, one.field, Action.SORT)
        last = _own_order(label)
        if any(one.field == last.field for one in page.order):
            return list(page.order)
        return [*page.order, last]


def _own_order(label: Label) -> Order:
    return _OWN_ORDER.get(label) or Order(field=FIELDS[label]["id"])


def _query(label: Label, lines: Sequence[str], *, answer: str) -> Query:
    end = ["MATCH (epoch:Epoch {id: 'policy'})", f"RETURN epoch.value AS epoch, {answer}"]
    return Query(
        name=f"request-{label.lower()}",
        mode=Mode.READ,
        parameters=frozenset({GIVEN}),
        text="\n".join([*lines, *end]),
    )
