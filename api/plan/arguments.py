"""The arguments of every list of an outline: pages without values, and the values beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from graphql import get_argument_values
from graphql.execution.values import VariableValues

from api.errors import InputError, TooComplexError
from api.plan.cost import DEEPEST, Spending
from api.plan.cursors import read_cursor
from api.plan.grouping import read_grouping
from api.plan.stretch import beginnings
from api.plan.tree import Argued, Grouped
from api.plan.where import Where
from api.sealing import Vault
from graph.fields import FIELDS
from graph.selection.request import MOST_SAID, Filter, Order, Page
from graph.vocabulary import Label

DEFAULT_SIZE, LARGEST = 20, 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Arguments:
    """Of all lists of one outline, by number. ``given`` are the values of their slots; at the
    lists ``begins`` a query of their own begins.
    """

    pages: tuple[Page, ...]
    sizes: tuple[int, ...]
    given: Mapping[str, Any]
    begins: frozenset[int] = frozenset()


def read_arguments(
    lists: Sequence[Argued],
    variables: Mapping[str, Any],
    vault: Vault,
    *,
    roots: int = 1,
    spending: Spending | None = None,
) -> Arguments:
    """Everything that the document's values say. ``roots`` is how many nodes lie at the root;
    what the lists would read is added to ``spending``.

    Raises:
        InputError: a value that cannot be used; the text names the argument, never the value.
        TooComplexError: more lists within lists, or more nodes in them, than are served.
    """
    spending = spending or Spending()
    coerced = VariableValues(coerced=dict(variables), sources={})
    pages: list[Page] = []
    sizes: list[int] = []
    reached: list[float] = []
    paths: list[str] = []
    given: dict[str, Any] = {}
    grouped: list[tuple[int, Argued, Grouped, Mapping[str, Any]]] = []
    for number, one in enumerate(lists):
        name = one.node.name.value
        values = get_argument_values(one.definition, one.node, coerced)
        size, backwards = (MOST_SAID, False) if one.told else _size(values, name)
        parents, above = (
            (float(roots), "") if one.within is None else (reached[one.within], paths[one.within])
        )
        paths.append(f"{above}.{name}" if above else name)
        if one.depth > DEEPEST:
            raise TooComplexError(name, f"{name}: at most {DEEPEST} lists within each other")
        reached.append(spending.listed(paths[-1], one.coordinate, size=size, parents=parents))
        sizes.append(size)
        if one.told:
            pages.append(Page(size=""))
            continue
        if one.grouping:
            given[f"size{number}"] = size
            pages.append(Page(size=f"size{number}"))
            grouped.append((number, one, one.grouping, values))
            continue
        # One more than asked for tells whether there is another page.
        given[f"size{number}"] = size + 1
        page, more = _page(one, number, values, vault, backwards=backwards)
        spending.filtered(f"{paths[-1]}.where", page.filter, rows=reached[-1])
        given |= more
        pages.append(page)
    # The last first: what a group shows may be grouped, too.
    for number, one, grouping, values in reversed(grouped):
        found = read_grouping(one, grouping, values, pages, size=f"size{number}")
        of = pages[grouping.of]
        pages[grouping.of] = replace(of, groups=(found, *of.groups))
    begins = beginnings(lists, reached, spending.degrees)
    return Arguments(pages=tuple(pages), sizes=tuple(sizes), given=given, begins=begins)


def order_of(label: Label, page: Page) -> str:
    """Of which lists a cursor is: the label and the order that was asked for."""
    orders = (f"{one.field.name}{'-' if one.descending else '+'}" for one in page.order)
    return f"{label}:{','.join(orders)}"


def _size(values: Mapping[str, Any], name: str) -> tuple[int, bool]:
    first, last = values.get("first"), values.get("last")
    if first is not None and last is not None:
        raise InputError(name, f"{name}: first or last, not both")
    backwards = last is not None or (first is None and values.get("before") is not None)
    wrong = "after" if backwards else "before"
    if values.get(wrong) is not None:
        raise InputError(name, f"{name}: after goes with first, before with last")
    size = last if last is not None else first
    if size is None:
        return DEFAULT_SIZE, backwards
    if not 1 <= size <= LARGEST:
        raise InputError(name, f"{name}: first and last are 1 to {LARGEST}, not {size}")
    return int(size), backwards


def _page(
    one: Argued, number: int, values: Mapping[str, Any], vault: Vault, *, backwards: bool
) -> tuple[Page, dict[str, Any]]:
    name, label = one.node.name.value, one.labels[0]
    filter_: Filter | None = None
    given: dict[str, Any] = {}
    if where := values.get("where"):
        reader = Where(vault, f"where{number}_")
        filter_ = reader.read(label, where, f"{name}.where")
        given |= reader.given
    argument = "before" if backwards else "after"
    cursor = values.get(argument)
    page = Page(
        size=f"size{number}",
        after=None if cursor is None else f"after{number}",
        backwards=backwards,
        order=_orders(label, values.get("orderBy") or (), name),
        filter=filter_,
        total=one.total,
        rows=one.rows,
    )
    if cursor is not None:
        order = order_of(label, page)
        given[f"after{number}"] = read_cursor(vault.sealer, order, cursor, argument=argument)
    return page, given


def _orders(label: Label, asked: Sequence[Mapping[str, Any]], name: str) -> tuple[Order, ...]:
    found: dict[str, Order] = {}
    for one in asked:
        if len(one) != 1 or None in one.values():
            raise InputError(name, f"{name}.orderBy: one field each")
        ((field, direction),) = one.items()
        if field in found:
            raise InputError(name, f"{name}.orderBy: {field} stands twice")
        falling = str(getattr(direction, "value", direction)) == "DESC"
        found[field] = Order(field=FIELDS[label][field], descending=falling)
    return tuple(found.values())
