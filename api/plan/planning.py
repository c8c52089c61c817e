"""Plans: what was compiled for a document, a set of roles and a policy, kept for the next time.

A plan depends on (document, operation, path of the field, type, boolean variables) through its
outline, and on the set of roles, the epoch of the policy and the pages through its query. Pages
hold every filter and order without its values, so no value is part of a key or a plan.
"""

import hashlib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any, TypeAlias, cast

from graphql import GraphQLResolveInfo

from api.plan.arguments import Arguments, read_arguments
from api.plan.cache import Memory
from api.plan.cost import Spending
from api.plan.outline import RECEIPT, Reader
from api.plan.shaper import Shape_, build_shaper
from api.plan.tree import Outline
from api.sealing import Vault
from graph.fields import FIELDS
from graph.rights import Action, Ladder, Rights, Show
from graph.selection.compiler import Compiled, compile_request
from graph.selection.request import Filter, Page, Request
from graph.selection.scope import covers
from graph.vocabulary import Label

IDS = "ids"
Info: TypeAlias = GraphQLResolveInfo[Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """One query, and the function that shapes its row, for whoever has ``rights``.

    ``later`` go on from the ids it finds, by number; to those in ``leaves`` its own rows lead.
    What nobody reaches with these rights is not there: nothing is said of it.
    """

    rights: Rights
    compiled: Compiled
    denied: tuple[str, ...]
    masked: tuple[str, ...]
    shape: Shape_
    leaves: frozenset[int] = frozenset()
    later: Mapping[int, "Plan"] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """The field being resolved: its outline, the key that it goes by, and its arguments."""

    key: Hashable
    outline: Outline
    arguments: Arguments


def read_asked(
    memory: Memory,
    info: Info,
    label: Label,
    *,
    many: bool,
    vault: Vault,
    spending: Spending,
    roots: int = 1,
) -> Asked:
    """See ``outline_of`` and ``read_arguments``: where several queries are better than one, the
    outline says so.

    Raises:
        InputError, TooComplexError: as ``read_arguments``.
    """
    values = variables_of(info)
    key, outline = outline_of(memory, info, label, many=many)
    arguments = read_arguments(outline.lists, values, vault, roots=roots, spending=spending)
    if begins := arguments.begins:
        key, outline = outline_of(memory, info, label, many=many, begins=begins)
        # What groups show of their keys is part of a page. Paid for already.
        spent = Spending(degrees=spending.degrees)
        arguments = read_arguments(outline.lists, values, vault, roots=roots, spending=spent)
    return Asked(key=key, outline=outline, arguments=arguments)


def outline_of(
    memory: Memory,
    info: Info,
    label: Label,
    *,
    many: bool,
    begins: frozenset[int] = frozenset(),
) -> tuple[Hashable, Outline]:
    """The outline of the field being resolved, and the key that it goes by.

    ``many`` says a list of ``label``; without, the field is a node of it, or several. At the lists
    ``begins`` a query of their own begins.
    """
    key = (*_document(info), tuple(info.path.as_list()), label, _booleans(info), begins)

    def read() -> Outline:
        reader = Reader(info.schema, info.fragments, variables_of(info), begins=begins)
        definition = info.parent_type.fields[info.field_name]
        if many:
            return reader.connection(label, definition, info.field_nodes)
        return reader.node(label, info.field_nodes)

    found: Outline = memory.outlines.get(key, read)
    return key, found


def plan_of(memory: Memory, asked: Asked, rights: Rights, *, filter_: Filter | None = None) -> Plan:
    """The plan for whoever has ``rights``; of nodes by their ids those that pass ``filter_``.

    Raises:
        ForbiddenError, ForbiddenArgumentError: see ``compile_request``.
    """
    # The plan holds its rights, so that their identity is theirs as long as the plan is kept.
    pages = asked.arguments.pages
    own = (asked.key, id(rights), rights.roles, rights.epoch, pages, filter_)
    found: Plan = memory.plans.get(own, lambda: _compiled(asked.outline, pages, rights, filter_))
    return found


def _compiled(
    outline: Outline, pages: Sequence[Page], rights: Rights, filter_: Filter | None
) -> Plan:
    nodes = outline.parts.selected(pages)
    request = (
        Request(nodes=nodes, page=pages[0])
        if outline.connection
        else Request(nodes=nodes, ids=IDS, filter=filter_)
    )
    # A route is in the scopes of its ticket.
    rows = rights.cell(f"{Label.TICKET}.route", Action.READ)
    receipts = shows_receipts(rights, rows=rows)
    plan = _plan(outline, request, pages, rights, receipts=receipts)
    denied = dict.fromkeys(plan.denied)
    if outline.receipts and not receipts:
        denied[f"{Label.TICKET}.{RECEIPT}"] = None
    later: dict[int, Plan] = {}
    waiting = set(plan.leaves)
    while waiting:
        one = outline.later[number := waiting.pop()]
        later[number] = _plan(
            Outline(parts=one.parts, lists=outline.lists, receipts=False, node=one.node),
            Request(nodes=one.parts.selected(pages), ids=IDS),
            pages,
            rights,
            receipts=receipts,
        )
        waiting |= later[number].leaves
    every = [plan, *(later[number] for number in sorted(later))]
    masked = dict.fromkeys(chain.from_iterable(one.masked for one in every))
    denied |= dict.fromkeys(chain.from_iterable(one.denied for one in every))
    return replace(plan, denied=tuple(denied), masked=tuple(masked), later=later)


def _plan(
    outline: Outline, request: Request, pages: Sequence[Page], rights: Rights, *, receipts: bool
) -> Plan:
    compiled = compile_request(request, rights)
    shape, leaves = build_shaper(outline, compiled, pages, receipts=receipts)
    return Plan(
        rights=rights,
        compiled=compiled,
        denied=compiled.denied,
        masked=compiled.masked,
        shape=shape,
        leaves=leaves,
    )


def shows_receipts(rights: Rights, *, rows: Ladder) -> bool:
    """Whether every field of a route is shown wherever ``rows`` let it through: a receipt tells
    them all.
    """
    return all(
        covers(rights.cell(field.coordinate, Action.READ), rows, Show.FULL)
        for field in FIELDS[Label.ROUTE].values()
        if field.name != "ticket"
    )


def _document(info: Info) -> tuple[bytes, str]:
    operation = info.operation
    text = operation.loc.source.body if operation.loc else ""
    name = operation.name.value if operation.name else ""
    return hashlib.sha256(text.encode()).digest(), name


def _booleans(info: Info) -> tuple[tuple[str, Any], ...]:
    values = variables_of(info).items()
    return tuple(sorted((name, value) for name, value in values if isinstance(value, bool)))


def variables_of(info: Info) -> Mapping[str, Any]:
    """The values of a document's variables."""
    # Coerced already; strawberry hands resolvers the plain map.
    return cast("Mapping[str, Any]", info.variable_values)
