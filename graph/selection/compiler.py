"""A request and rights → one Cypher text, and how its rows lie.

Rows are positional lists, one record in all. What may not be seen is not in the text: not in what
is returned, not in what is compared or ordered by. Every node in reach is bounded by its label's
scopes, and the epoch of the policy is read last: reading it first would cost the order of an index.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from graph.errors import ForbiddenError
from graph.fields import FIELDS, Field
from graph.queries import Mode, Query
from graph.rights import Action, Ladder, Rights, Show
from graph.schema import KNOWLEDGE_INDEX
from graph.selection.change import moves
from graph.selection.filter import condition, permitted
from graph.selection.grouping import Grouped, group
from graph.selection.lead import (
    BEHIND,
    MOST,
    NEWEST,
    Known,
    Lead,
    by_ids,
    found_by,
    leads,
    searched,
)
from graph.selection.listing import Listing, behind, where
from graph.selection.request import (
    MOST_SAID,
    Anchor,
    Branch,
    Moves,
    Order,
    Page,
    Request,
    Selected,
)
from graph.selection.scope import GIVEN, arrow, slot, visible
from graph.selection.value import guarded, value
from graph.vocabulary import Label

_OWN_ORDER = {Label.TICKET: Order(field=FIELDS[Label.TICKET]["seq"], descending=True)}
"""Labels that have an order of their own; others go by id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """Where a part lies in its node's list. ``nodes`` are the shapes of a branch, by label;
    ``groups`` those of the nodes that its page is grouped by.
    """

    place: int
    nodes: "tuple[Shape, ...]" = ()
    groups: "GroupShapes" = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """A node's list: ``columns`` by the parts of the request, ``None`` where a part is denied.

    Behind a branch the list begins with the node's label. A page is ``[rows, total, groups]``,
    each row ``[sort values, node]``, each grouping a list of ``[count, keys, measures]``; a single
    branch is a node or null.
    """

    label: Label
    columns: tuple[Column | None, ...]


GroupShapes: TypeAlias = tuple[tuple[Shape | None, ...], ...]
"""By grouping and key: the shape of the node, or ``None`` where a value is the key."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ordered:
    """The same page for an engine whose Cypher takes no order from an index: ``ways`` are walked
    outside, each by what its properties equal, and ``query`` takes the ids that were found.

    ``found`` are queries that fill slots of the ways first; ``others`` reads id and order of the
    rows of all other ways, which are somebody's own and few, and begin with what is in ``slots``.
    """

    query: Query
    label: Label
    order: Order
    page: Page
    ways: tuple[tuple[tuple[str, Known], ...], ...]
    found: tuple[tuple[str, Query], ...] = ()
    others: Query | None = None
    slots: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Newest:
    """A page of the newest rows that the index of words finds by the query in slot ``words``."""

    words: str
    page: Page


@dataclass(frozen=True, kw_only=True, slots=True)
class Compiled:
    """``query`` returns one record: ``epoch`` and ``page`` (see ``Shape``), or ``nodes``.

    ``denied`` and ``masked`` are coordinates: not shown at all, or not in full in every row.
    """

    query: Query
    shape: Shape
    denied: tuple[str, ...]
    masked: tuple[str, ...]
    ordered: Ordered | None = None
    newest: Newest | None = None
    groups: GroupShapes = ()


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
    calls: list[str] = field(default_factory=list)
    """Subqueries that must stand before the expression being written."""

    def root(self, request: Request) -> Compiled:
        label, page = request.nodes.label, request.page
        rows = self._rows(label)
        if not rows and not (page and _only_groups(page)):
            raise ForbiddenError(f"your roles show no {label}")
        variable = self._variable()
        bounds = [visible(variable, label, rows)]
        match = f"MATCH ({variable}:{label})"
        if page is not None:
            words = searched(page.filter)
            match = found_by(words, variable) if words else match
            return self._page(variable, request.nodes, page, match, bounds)
        # Each by the unique index: one of the engines finds no list that lies in a map so, and
        # tries every node (of 6,500 tickets 17 ms for one id, 2 ms this way).
        one_by_one = f"UNWIND {slot(request.ids or 'ids')} AS id"
        match = f"{one_by_one} MATCH ({variable}:{label} {{id: id}})"
        if request.filter:
            bounds += condition(variable, label, request.filter, rights=self.rights, rows=rows)
        with self._before() as calls:
            shape, node = self._node(variable, request.nodes)
        lines = [*calls, f"WITH {node} AS node", "WITH collect(node) AS nodes"]
        query = _query(label, [where(match, bounds), *lines], answer="nodes")
        return self._compiled(query, shape)

    def _page(
        self,
        variable: str,
        nodes: Selected,
        page: Page,
        match: str,
        bounds: Sequence[str | None],
    ) -> Compiled:
        label = nodes.label
        with self._before() as grouped:
            groups, names = self._groups(variable, label, match, page)
        answer = f"[rows, total, {names}] AS page" if groups else "[rows, total] AS page"
        if not page.rows:
            total = "null"
            if page.total:
                total = self._listing(variable, label, match, bounds, page, once=True).total
            head = f"WITH [] AS rows, {total} AS total"
            shape = Shape(label=label, columns=())
            query = _query(label, [head, *grouped], answer=answer)
            return self._compiled(query, shape, groups=groups)
        listing = self._listing(variable, label, match, bounds, page, once=True)
        with self._before() as calls:
            shape, node = self._node(variable, nodes)
        lines = [
            *calls,
            f"WITH [{listing.cursor}, {node}] AS row",
            "WITH collect(row) AS rows",
            # Beside collect() it would be a key to group by: no rows, no record.
            f"WITH rows, {listing.total} AS total",
            *grouped,
        ]
        rows = self._rows(label)
        ways: list[Lead] = []
        words = searched(page.filter)
        if words is None:
            own = not page.order
            ways = leads(variable, label, rows=rows, filter_=page.filter, is_own_order=own)
        led = [way for way in ways if way is not NEWEST]
        start = listing.led(led) if led else listing.text
        query = _query(label, [start, *lines], answer=answer)
        compiled = self._compiled(query, shape, groups=groups)
        known = [way for way in ways if way.known is not None]
        if not known:
            held = Newest(words=words, page=page) if words and _only_newest(page) else None
            return replace(compiled, newest=held)
        others = [way for way in ways if way.known is None]
        stretch = self._listing(variable, label, match, bounds, replace(page, after=BEHIND))
        place = f"collect([{variable}.id, {listing.order[0][0]}]) AS ids"
        start = listing.led([by_ids(variable, label)])
        ordered = Ordered(
            query=_query(label, [start, *lines], answer=answer),
            label=label,
            order=_own_order(label),
            page=page,
            ways=tuple(way.known for way in known if way.known is not None),
            found=tuple(
                (name, _ids_query(label, text)) for way in known for name, text in way.found
            ),
            others=_ids_query(label, f"{stretch.led(others, size=slot(MOST))} RETURN {place}")
            if others
            else None,
            slots=tuple(way.begins for way in others),
        )
        return replace(compiled, ordered=ordered)

    def _compiled(self, query: Query, shape: Shape, *, groups: GroupShapes = ()) -> Compiled:
        return Compiled(
            query=query,
            shape=shape,
            denied=tuple(self.denied),
            masked=tuple(self.masked),
            groups=groups,
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
            if isinstance(part, Anchor):
                columns.append(Column(place=len(expressions)))
                expressions.append(f"{variable}.id")
                continue
            found = self._part(variable, part, selected.label)
            if found is None:
                self.denied[(part.field if isinstance(part, Branch) else part).coordinate] = None
                columns.append(None)
                continue
            expression, nodes, groups = found
            columns.append(Column(place=len(expressions), nodes=nodes, groups=groups))
            expressions.append(expression)
        shape = Shape(label=selected.label, columns=tuple(columns))
        return shape, f"[{', '.join(expressions)}]"

    def _part(
        self, variable: str, part: Field | Branch | Moves, label: Label
    ) -> tuple[str, tuple[Shape, ...], GroupShapes] | None:
        """The expression of one part, and the shapes behind it; ``None`` where it is denied."""
        if isinstance(part, Branch):
            return self._branch(variable, part, label)
        if isinstance(part, Moves):
            found = moves(variable, self.rights, rows=self._rows(label))
            return (found, (), ()) if found else None
        return self._value(variable, part, label)

    def _value(
        self, variable: str, part: Field, label: Label
    ) -> tuple[str, tuple[Shape, ...], GroupShapes] | None:
        ladder = self.rights.cell(part.coordinate, Action.READ)
        if not ladder:
            return None
        if Show.MASKED in ladder.values():
            self.masked[part.coordinate] = None
        return value(variable, part, ladder=ladder, rows=self._rows(label)), (), ()

    def _branch(
        self, variable: str, branch: Branch, label: Label
    ) -> tuple[str, tuple[Shape, ...], GroupShapes] | None:
        ladder = self.rights.cell(branch.field.coordinate, Action.READ)
        page = branch.page
        action = Action.AGGREGATE if page and _only_groups(page) else Action.READ
        seen = [one for one in branch.nodes if self.rights.cell(str(one.label), action)]
        if not ladder or not seen:
            return None
        if branch.field.said:
            return self._said(variable, branch, seen, label)
        other = self._variable()
        (hop,) = branch.field.hops
        match, bound = self._reach(variable, arrow(hop), other, seen)
        groups: GroupShapes = ()
        if page is None:
            shapes, expression = self._single(other, match, bound, seen, outer=variable)
        else:
            shapes, parts = self._rows_of(other, match, bound, seen, page, outer=variable)
            groups, names = self._groups(other, seen[0].label, match, page, outer=variable)
            expression = f"[{', '.join([*parts, names] if groups else parts)}]"
        rows = self._rows(label)
        expression = guarded(variable, branch.field, expression, ladder=ladder, rows=rows)
        return expression, shapes, groups

    def _said(
        self, variable: str, branch: Branch, seen: Sequence[Selected], label: Label
    ) -> tuple[str, tuple[Shape, ...], GroupShapes] | None:
        """``[node, *said]`` of each relationship, for those who may read where they lead, too."""
        field_, rows = branch.field, self._rows(label)
        along = FIELDS[label][field_.along]
        ladders = [self.rights.cell(one.coordinate, Action.READ) for one in (field_, along)]
        if not all(ladders):
            return None
        other, link = self._variable(), self._variable()
        (hop,) = field_.hops
        match, bound = self._reach(variable, arrow(hop, link), other, seen)
        with self._before() as calls:
            shapes, node = self._union(other, seen)
        first = f"WITH {other}, {link} ORDER BY {other}.id LIMIT {MOST_SAID}"
        row = f"[{', '.join([node, *(f'{link}.{one.name}' for one in field_.said)])}]"
        lines = [where(match, [bound]), first]
        expression = self._collected(other, lines, calls, row, outer=variable)
        for one, ladder in zip((field_, along), ladders, strict=True):
            expression = guarded(variable, one, expression, ladder=ladder, rows=rows)
        return expression, shapes, ()

    def _single(
        self,
        variable: str,
        match: str,
        bound: str | None,
        seen: Sequence[Selected],
        *,
        outer: str,
    ) -> tuple[tuple[Shape, ...], str]:
        with self._before() as calls:
            shapes, node = self._union(variable, seen)
        first = f"WITH DISTINCT {variable} ORDER BY {variable}.id LIMIT 1"
        lines = [where(match, [bound]), first]
        return shapes, f"head({self._collected(variable, lines, calls, node, outer=outer)})"

    def _rows_of(
        self,
        variable: str,
        match: str,
        bound: str | None,
        seen: Sequence[Selected],
        page: Page,
        *,
        outer: str,
    ) -> tuple[tuple[Shape, ...], list[str]]:
        """The rows of a nested page, and how many there are."""
        if _only_groups(page):
            return (), ["[]", "null"]
        listing = self._listing(variable, seen[0].label, match, [bound], page)
        if not page.rows:
            return (), ["[]", listing.total]
        with self._before() as calls:
            shapes, node = self._union(variable, seen)
        row = f"[{listing.cursor}, {node}]"
        rows = self._collected(variable, [listing.text], calls, row, outer=outer)
        return shapes, [rows, listing.total]

    def _collected(
        self,
        variable: str,
        lines: Sequence[str],
        calls: Sequence[str],
        row: str,
        *,
        outer: str,
    ) -> str:
        """The list of ``row`` over ``lines``. With ``calls`` it is a subquery of its own: one
        engine takes what counts within an expression for a part of the query around it.
        """
        text = " ".join([*lines, *calls])
        if not calls:
            return f"COLLECT {{ {text} RETURN {row} }}"
        self.calls.append(f"CALL ({outer}) {{ {text} RETURN collect({row}) AS {variable}r }}")
        return f"{variable}r"

    @contextmanager
    def _before(self) -> Iterator[list[str]]:
        """Collects what must stand before the expressions that are written within."""
        outer, self.calls = self.calls, []
        try:
            yield self.calls
        finally:
            self.calls = outer

    def _groups(
        self, variable: str, label: Label, match: str, page: Page, *, outer: str = ""
    ) -> tuple[GroupShapes, str]:
        """The shapes of the nodes that a page is grouped by, and the list of its groupings."""
        shapes: list[tuple[Shape | None, ...]] = []
        names = [f"{variable}g{place}" for place in range(len(page.groups))]
        for name, grouping in zip(names, page.groups, strict=True):
            reached: list[Shape] = []

            def node(at: str, selected: Selected, reached: list[Shape] = reached) -> str:
                shape, text = self._node(at, selected, named=True)
                reached.append(shape)
                return text

            rows = Grouped(variable=variable, label=label, match=match, filter=page.filter)
            with self._before() as calls:
                text, line = group(rows, grouping, rights=self.rights, reached=node)
            lines = [text, *calls, f"RETURN collect({line}) AS {name}"]
            self.calls.append(f"CALL ({outer}) {{ {' '.join(lines)} }}")
            for _, field_ in grouping.measures:
                if not self.rights.permits(field_.coordinate, Action.AGGREGATE):
                    self.denied[field_.coordinate] = None
            found = iter(reached)
            keys = (next(found) if isinstance(one, Branch) else None for one in grouping.by)
            shapes.append(tuple(keys))
        return tuple(shapes), f"[{', '.join(names)}]"

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
        *,
        once: bool = False,
    ) -> Listing:
        """``once``: no pattern matches a row twice, and counting all of them costs nothing."""
        held = [bound for bound in bounds if bound]
        if page.filter:
            rows = self._rows(label)
            held += condition(variable, label, page.filter, rights=self.rights, rows=rows)
        total = "null"
        if page.total:
            is_plain = once and match.startswith("MATCH")
            told = "" if is_plain else f" RETURN DISTINCT {variable}"
            total = f"COUNT {{ {where(match, held)}{told} }}"
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


def _only_groups(page: Page) -> bool:
    """Nothing is asked of single rows, nor how many of them may be read."""
    return bool(page.groups) and not (page.rows or page.total)


def _only_newest(page: Page) -> bool:
    """Nothing is asked but the first rows in the list's own order."""
    return not (page.order or page.backwards or page.total or page.groups)


def _own_order(label: Label) -> Order:
    return _OWN_ORDER.get(label) or Order(field=FIELDS[label]["id"])


def _ids_query(label: Label, text: str) -> Query:
    return Query(
        name=f"request-{label.lower()}-ids",
        mode=Mode.READ,
        parameters=frozenset({GIVEN}),
        text=text,
    )


def _query(label: Label, lines: Sequence[str], *, answer: str) -> Query:
    text = "\n".join(lines)
    end = ["MATCH (epoch:Epoch {id: 'policy'})", f"RETURN epoch.value AS epoch, {answer}"]
    return Query(
        name=f"request-{label.lower()}",
        mode=Mode.READ,
        parameters=frozenset({GIVEN}),
        text="\n".join([text, *end]),
        index=KNOWLEDGE_INDEX if "$index" in text else None,
    )
