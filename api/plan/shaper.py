"""From the positional lists of a compiled query to the response: one generated function per plan.

The source is built once from the outline and the compiled shapes: a function per node and per
list, which says only where each part lies. Names and texts of the document are constants beside
it, never source.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from graphql import FieldNode

from api.globalid import to_global
from api.plan.arguments import order_of
from api.plan.cursors import write_cursor
from api.plan.tree import Connection, Node, Outline, Shown, Wrapped
from graph.fields import FIELDS, Field, camel
from graph.schema import Kind
from graph.selection.compiler import Column, Compiled, GroupShapes, Shape
from graph.selection.request import Branch, Grouping, Measure, Page
from graph.states import possible
from graph.vocabulary import Label
from policies.errors import SealError
from policies.sealing import Sealer

log = logging.getLogger("deskgraph.graphql")
_OWNER = Label.CUSTOMER
_EPOCH = datetime.fromtimestamp(0, UTC)
_SECONDS = [f":{second:02}." for second in range(60)]
_RESTS = [f"{rest:03}+00:00" for rest in range(1_000)]
_INSTANTS = frozenset(
    item.coordinate
    for items in FIELDS.values()
    for item in items.values()
    if item.property and item.property.kind is Kind.INSTANT
)


@dataclass(frozen=True, slots=True)
class Hole:
    """A receipt that is still to be read: where it goes, of which route, and what is asked."""

    into: dict[str, Any]
    key: str
    route: str
    nodes: tuple[FieldNode, ...]


@dataclass(frozen=True, slots=True)
class PutOff:
    """A list that is still to be read: where it goes, of which node, and by which query."""

    into: dict[str, Any]
    key: str
    id: str
    number: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Shaping:
    """What one response needs beside its rows: keys, page sizes; once shaped, what is missing."""

    sealer: Sealer
    sizes: Sequence[int]
    holes: list[Hole] = field(default_factory=list)
    later: list[PutOff] = field(default_factory=list)

    def cursor(self, order: str, values: list[Any]) -> str:
        """See ``write_cursor``."""
        return write_cursor(self.sealer, order, values)

    def opened(self, name: str, value: Any) -> str | None:
        """A sealed value as ``[key, sealed, owner]``, or the hint where it is masked.

        A value whose key is gone was erased; one that does not open is not shown either.
        """
        if not isinstance(value, list):
            return None if value is None else str(value)
        key, sealed, owner = value
        if key is None or sealed is None:
            return None
        try:
            return self.sealer.unseal(sealed, owner=f"{_OWNER}:{owner}", field=name, data_key=key)
        except SealError:
            log.error("a value of %s does not open", name)
            return None

    def receipt(self, into: dict[str, Any], key: str, route: Any, nodes: Any) -> None:
        """Leave a hole for the receipt of a route that may be seen."""
        into[key] = None
        if route is not None and route[1] is not None:
            self.holes.append(Hole(into, key, route[1], nodes))

    def put_off(self, into: dict[str, Any], key: str, id_: str, number: int) -> None:
        """Leave the list ``key`` of a node to a later query."""
        self.later.append(PutOff(into, key, id_, number))


@lru_cache(maxsize=20_000)
def instant(milliseconds: int) -> str:
    """ISO 8601 in UTC, to the millisecond. Everybody reads the newest rows, again and again."""
    second, rest = divmod(milliseconds, 1_000)
    minute, second = divmod(second, 60)
    return _minute(minute) + _SECONDS[second] + _RESTS[rest]


@lru_cache(maxsize=10_000)
def _minute(minute: int) -> str:
    return (_EPOCH + timedelta(minutes=minute)).isoformat()[:16]


Shape_ = Callable[[Any, Shaping], Any]


def build_shaper(
    outline: Outline, compiled: Compiled, pages: Sequence[Page], *, receipts: bool
) -> tuple[Shape_, frozenset[int]]:
    """``[rows, total, groups]`` → a connection; a list of nodes → those nodes by their own id. And
    the numbers of the later queries that it may leave lists to.

    Without ``receipts`` no receipt is shown, whatever routes are.
    """
    orders = [order_of(one.labels[0], page) for one, page in zip(outline.lists, pages, strict=True)]
    writer = _Writer(pages, orders, receipts=receipts)
    if outline.connection:
        labels = {outline.parts.label: compiled.shape}
        root = writer.connection(outline.connection, labels, compiled.groups)
        return writer.function(f"return {root}(v, s)"), frozenset(writer.later)
    if outline.node is None:
        raise TypeError("an outline has a connection or a node")
    node = writer.node(outline.node, compiled.shape)
    own = compiled.shape.columns[0]
    if own is None:
        return writer.function("return {}"), frozenset()
    body = f"return {{one[{own.place}]: {node}(one, s) for one in v}}"
    return writer.function(body), frozenset(writer.later)


def allowed(found: list[Any] | None) -> list[str] | None:
    """``[state, actions]`` as the enum has it: what is possible in the state."""
    return None if found is None else [one.upper() for one in possible(found[0], found[1])]


class _Writer:
    """Writes functions of ``v`` (lists as they came) and ``s`` (a ``Shaping``)."""

    def __init__(self, pages: Sequence[Page], orders: Sequence[str], *, receipts: bool) -> None:
        self._pages, self._orders, self._receipts = pages, orders, receipts
        self._names: dict[str, Any] = {"gid": to_global, "instant": instant, "allowed": allowed}
        self._source: list[str] = []
        self.later: set[int] = set()

    def function(self, body: str) -> Shape_:
        """The finished function, with all those it calls."""
        source = "\n".join([*self._source, "def shape(v, s):", f" {body}"])
        # Built from places and from constants named here; nothing that a client wrote.
        exec(compile(source, "<shape>", "exec"), self._names)  # noqa: S102
        shape: Shape_ = self._names["shape"]
        return shape

    def node(self, node: Node, shape: Shape) -> str:
        """The function of one node, or of none."""
        lines, entries, rest = [" if v is None: return None"], [], []
        for shown in node.shown:
            column = shape.columns[shown.place] if shown.place >= 0 else None
            place = None if column is None else column.place
            if shown.field and shown.field.name == "id":
                # An id is never null: a node whose id is kept from the reader is none.
                lines.append(" return None" if place is None else f" if v[{place}] is None: return")
            if shown.receipt and place is not None and self._receipts:
                key, nodes = self._constant(shown.key), self._constant(shown.receipt)
                rest.append(f" s.receipt(r, {key}, v[{place}], {nodes})")
            if shown.later >= 0:
                self.later.add(shown.later)
                key = self._constant(shown.key)
                rest.append(f" s.put_off(r, {key}, v[{place}], {shown.later})")
            entries.append(f"{self._constant(shown.key)}: {self._shown(node, shown, column)}")
        lines += [f" r = {{{', '.join(entries)}}}", *rest, " return r"]
        return self._define(lines)

    def connection(
        self, connection: Connection, shapes: Mapping[Label, Shape], groups: GroupShapes
    ) -> str:
        """The function of one page, or of none."""
        page = self._pages[connection.page]
        lines = [
            " if v is None: return None",
            " rows, total, groups = v" if page.groups else " rows, total = v",
            f" size = s.sizes[{connection.page}]",
            " more = len(rows) > size",
            " if more: rows = rows[:size]",
        ]
        if page.backwards:
            lines.append(" rows = rows[::-1]")
        order = self._constant(self._orders[connection.page])
        fields = [
            f"{self._constant(one.key)}: {self._groups(one, page.groups, groups)}"
            if one.name == "groups"
            else self._wrapped(one, page, order, shapes)
            for one in connection.fields
        ]
        return self._define([*lines, f" return {{{', '.join(fields)}}}"])

    def _shown(self, node: Node, shown: Shown, column: Column | None) -> str:
        if shown.receipt:
            return "None"
        if shown.moves:
            return "None" if column is None else f"allowed(v[{column.place}])"
        if shown.field is None:
            return self._constant(str(node.label))
        if column is None or shown.later >= 0:
            return "None"
        shapes = {one.label: one for one in column.nodes}
        if shown.said:
            return self._said(shown.field, shown.said, f"v[{column.place}]", shapes)
        if shown.connection:
            name = self.connection(shown.connection, shapes, column.groups)
            return f"{name}(v[{column.place}], s)"
        if shown.nodes:
            return f"{self._any_of(shown.nodes, shapes)}(v[{column.place}], s)"
        return self._value(shown.field, f"v[{column.place}]")

    def _said(
        self, said: Field, entries: Sequence[Wrapped], text: str, shapes: Mapping[Label, Shape]
    ) -> str:
        """Each relationship ``one`` is ``[node, *said]``."""
        places = {camel(item.name): place for place, item in enumerate(said.said, start=1)}
        shown = []
        for entry in entries:
            value = f"one[{places.get(entry.name, 0)}]"
            if entry.name == "__typename":
                value = self._constant(entry.type)
            elif entry.nodes:
                value = f"{self._any_of(entry.nodes, shapes)}(one[0], s)"
            shown.append(f"{self._constant(entry.key)}: {value}")
        return f"(None if (t := {text}) is None else [{{{', '.join(shown)}}} for one in t])"

    def _groups(self, one: Wrapped, page: Sequence[Grouping], groups: GroupShapes) -> str:
        """Each group ``g`` is ``[count, keys, measures]``."""
        grouping, shapes = page[one.place], groups[one.place]
        entries = [
            f"{self._constant(each.key)}: {self._of_group(each, grouping, shapes)}"
            for each in one.inner
        ]
        return f"[{{{', '.join(entries)}}} for g in groups[{one.place}]]"

    def _of_group(self, one: Wrapped, grouping: Grouping, shapes: Sequence[Shape | None]) -> str:
        if one.name == "count":
            return "g[0]"
        if one.name == "__typename":
            return self._constant(one.type)
        entries = [
            f"{self._constant(each.key)}: {self._in_group(one.name, each, grouping, shapes)}"
            for each in one.shown
        ]
        return f"{{{', '.join(entries)}}}"

    def _in_group(
        self, name: str, shown: Shown, grouping: Grouping, shapes: Sequence[Shape | None]
    ) -> str:
        if shown.field is None:
            return self._constant(shown.typename)
        if name != "key":
            value = f"g[2][{shown.place}]"
            return value if name == Measure.AVG else self._value(shown.field, value)
        keys = [key.field if isinstance(key, Branch) else key for key in grouping.by]
        if shown.field not in keys:
            return "None"
        place = keys.index(shown.field)
        if shape := shapes[place]:
            return f"{self._any_of(shown.nodes, {shape.label: shape})}(g[1][{place}], s)"
        return self._value(shown.field, f"g[1][{place}]")

    def _value(self, field_: Field, text: str) -> str:
        stored = field_.property
        if stored is not None and stored.sealed:
            return f"s.opened({self._constant(f'{field_.type}.{stored.name}')}, {text})"
        if field_.name == "id":
            return f"gid({self._constant(str(field_.type))}, {text})"
        if field_.coordinate in _INSTANTS:
            return f"(None if (t := {text}) is None else instant(t))"
        return text

    def _any_of(self, nodes: Sequence[Node], shapes: Mapping[Label, Shape]) -> str:
        """The function of a node behind a branch: it begins with its label."""
        seen = [
            (one.label, self.node(one, shapes[one.label])) for one in nodes if one.label in shapes
        ]
        if len(seen) == 1:
            return seen[0][1]
        lines = [" if v is None: return None"]
        lines += [
            f" if v[0] == {self._constant(str(one))}: return {name}(v, s)" for one, name in seen
        ]
        return self._define(lines)

    def _wrapped(self, one: Wrapped, page: Page, order: str, shapes: Mapping[Label, Shape]) -> str:
        return f"{self._constant(one.key)}: {self._envelope(one, page, order, shapes)}"

    def _envelope(self, one: Wrapped, page: Page, order: str, shapes: Mapping[Label, Shape]) -> str:
        inner = ", ".join(self._wrapped(each, page, order, shapes) for each in one.inner)
        ahead, behind = ("more", str(page.after is not None))
        match one.name:
            case "__typename":
                return self._constant(one.type)
            case "totalCount":
                return "total"
            case "edges":
                return f"[{{{inner}}} for row in rows]"
            case "pageInfo":
                return f"{{{inner}}}"
            case "cursor":
                return f"s.cursor({order}, row[0])"
            case "node":
                return f"{self._any_of(one.nodes, shapes)}(row[1], s)"
            case "hasNextPage":
                return behind if page.backwards else ahead
            case "hasPreviousPage":
                return ahead if page.backwards else behind
            case "startCursor" | "endCursor":
                place = 0 if one.name == "startCursor" else -1
                return f"(s.cursor({order}, rows[{place}][0]) if rows else None)"
        raise TypeError(f"{one.type}.{one.name} is no field of a page")

    def _constant(self, value: Any) -> str:
        name = f"c{len(self._names)}"
        self._names[name] = value
        return name

    def _define(self, lines: Sequence[str]) -> str:
        name = f"f{len(self._source)}"
        self._source.append("\n".join([f"def {name}(v, s):", *lines]))
        return name
