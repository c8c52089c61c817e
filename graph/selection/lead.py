"""Ways into a long list, so that a page costs the same however long the list has become.

Tickets lie in indexes by department, agent, state and seq: whoever sees some departments, or asks
for them, begins there and takes the newest of each. Other scopes begin at what they go by. Whatever
the way, every predicate is applied to each row again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from graph.fields import Hop
from graph.rights import Ladder, Scope
from graph.scopes import SCOPES, Walk
from graph.selection.request import (
    All,
    Compare,
    Filter,
    Matches,
    Operator,
    Related,
    index_slot,
)
from graph.selection.scope import arrow, slot
from graph.vocabulary import Label

_DEPARTMENT, _AGENT, _CUSTOMER, _STATE = "department_id", "agent_id", "customer", "state"
_ID, _VALUE = "id", "value"
_PLACES = "own_line_departments"
MOST, BEHIND = "most", "behind"
"""Slots: how many rows that are somebody's own are put in order without an index, and behind what
sort values.
"""
ORDERED = "ordered"
"""The slot of ids that an index outside Cypher has put in order."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What a property has to equal: the value in ``slot``, or one of the values there."""

    slot: str
    is_list: bool = True

    def bind(self, name: str) -> str:
        """Each of the values as ``name``."""
        given = slot(self.slot)
        return f"UNWIND {given if self.is_list else f'[{given}]'} AS {name}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Lead:
    """``bind`` lines name what the way begins with; ``equal`` are properties of a row and the
    names they equal, in the order of an index; ``pattern`` is what leads from a name to a row.

    ``known`` are the same properties with their values, where these are known before the rows are
    read: such a way can be walked by an index outside Cypher, too. ``found`` first fills a slot of
    them by the ids that a text returns. ``begins`` is the slot of what a pattern begins with.
    """

    bind: tuple[str, ...]
    equal: tuple[tuple[str, str], ...] = ()
    pattern: str = ""
    begins: str = ""
    known: tuple[tuple[str, Known], ...] | None = None
    found: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What the lines bind that the rows depend on."""
        return tuple(name for _, name in self.equal) or ("lead",)


NEWEST = Lead(bind=(), known=())
"""The list's own order, which needs no way."""


def leads(
    variable: str, label: Label, *, rows: Ladder, filter_: Filter | None, is_own_order: bool
) -> list[Lead]:
    """The ways that together reach every row; none where all of them have to be looked at.

    Most keep the rows in the list's own order, and are of use only where that is asked for.
    """
    asked = dict(_asked(filter_))
    if found := _by_key(variable, label, asked):
        return [found]
    if label is not Label.TICKET or not is_own_order:
        return []
    states = {_STATE: asked[_STATE]} if _STATE in asked else {}
    if _DEPARTMENT in asked:
        return [_by_index({_DEPARTMENT: asked[_DEPARTMENT]} | states)]
    if _AGENT in asked:
        return [_by_index({_AGENT: asked[_AGENT]})]
    if _CUSTOMER in asked:
        (walk,) = SCOPES[Label.TICKET][Scope.OWN_CUSTOMER]
        return [_along(variable, walk, asked[_CUSTOMER])]
    if Scope.ANY in rows:
        return [_by_index(states) if states else NEWEST]
    return [_by_scope(variable, scope, states) for scope in sorted(rows)]


def _by_key(variable: str, label: Label, asked: Mapping[str, Known]) -> Lead | None:
    """By what few nodes have, whatever order is asked for."""
    if _ID in asked:
        return _along(variable, Walk(), asked[_ID], label=label)
    if _VALUE in asked:
        back = "" if label is Label.IDENTITY else f"<-[:IDENTIFIED_BY]-({variable}:{label})"
        end = variable if label is Label.IDENTITY else ""
        known = asked[_VALUE]
        pattern = f"({end}:{Label.IDENTITY} {{value_index: lead}}){back}"
        return Lead(bind=(known.bind("lead"),), pattern=pattern, begins=known.slot)
    return None


def searched(filter_: Filter | None) -> str | None:
    """The slot of a query of the full-text index that finds every row; else ``None``.

    Tickets alone have such an index.
    """
    match filter_:
        case All(parts=parts):
            return next(filter(None, map(searched, parts)), None)
        case Matches(slot=words):
            return index_slot(words)
    return None


def found_by(words: str, variable: str) -> str:
    """Rows that the full-text index finds by the query in the slot ``words``."""
    found = f"CALL db.index.fulltext.queryNodes($index, {slot(words)})"
    return f"{found} YIELD node WITH node AS {variable}"


def by_ids(variable: str, label: Label) -> Lead:
    """Nodes whose ids are given."""
    return _along(variable, Walk(), Known(slot=ORDERED), label=label)


def _by_scope(variable: str, scope: Scope, states: Mapping[str, Known]) -> Lead:
    mine = Known(slot=scope)
    if scope is Scope.OWN_DEPARTMENT:
        return _by_index({_DEPARTMENT: mine, **states})
    if scope is Scope.ASSIGNED:
        return _by_index({_AGENT: mine})
    if scope is Scope.OWN_LINE:
        found = (
            f"MATCH (own:{Label.BUSINESS_LINE})<-[:BELONGS_TO]-(place:{Label.DEPARTMENT}) "
            f"WHERE own.id IN {slot(scope)} WITH DISTINCT place.id AS {_DEPARTMENT}"
        )
        by_state = _by_index({_DEPARTMENT: Known(slot=_PLACES), **states})
        ids = f"{found} RETURN collect({_DEPARTMENT}) AS ids"
        return replace(by_state, bind=(found, *by_state.bind[1:]), found=((_PLACES, ids),))
    (walk,) = SCOPES[Label.TICKET][scope]
    return _along(variable, walk, mine)


def _by_index(known: Mapping[str, Known]) -> Lead:
    return Lead(
        bind=tuple(values.bind(name) for name, values in known.items()),
        equal=tuple((name, name) for name in known),
        known=tuple(known.items()),
    )


def _along(variable: str, walk: Walk, mine: Known, *, label: Label = Label.TICKET) -> Lead:
    """From the node that a scope goes by to its rows; from the row itself if there is no hop."""
    bind = (mine.bind("lead"),)
    if not walk.hops:
        pattern = f"({variable}:{label} {{id: lead}})"
        return Lead(bind=bind, pattern=pattern, begins=mine.slot)
    (step,) = walk.hops
    # Written from where it begins: one engine walks a pattern as it stands.
    back = arrow(Hop(type=step.type, inverse=not step.inverse))
    pattern = f"(:{step.label} {{{walk.key}: lead}}){back}({variable}:{label})"
    return Lead(bind=bind, pattern=pattern, begins=mine.slot)


def _asked(filter_: Filter | None) -> Iterator[tuple[str, Known]]:
    """What every row must equal, by what a way can begin with."""
    match filter_:
        case All(parts=parts):
            for part in parts:
                yield from _asked(part)
        case Compare(field=field) if filter_.operator in _EQUAL:
            name = _ID if field.name == _ID else _OWN.get(field.coordinate)
            if name:
                yield name, _known(filter_)
        case Related(field=field, filter=Compare() as one) if one.operator in _EQUAL:
            if name := _OF_OTHERS.get((field.coordinate, one.field.name)):
                yield name, _known(one)


_OWN = {"Ticket.state": _STATE, "Identity.value": _VALUE}
_OF_OTHERS = {
    ("Ticket.department", "id"): _DEPARTMENT,
    ("Ticket.agent", "id"): _AGENT,
    ("Ticket.customer", "id"): _CUSTOMER,
    ("Customer.identities", "value"): _VALUE,
}
_EQUAL = frozenset({Operator.EQ, Operator.IN})


def _known(compare: Compare) -> Known:
    # Of a sealed value there is a list of indexes.
    stored = compare.field.property
    is_list = compare.operator is Operator.IN or (stored is not None and stored.sealed)
    return Known(slot=compare.slot, is_list=is_list)
