"""Ways into a long list, so that a page costs the same however long the list has become.

Tickets lie in indexes by department, state and seq: whoever sees some departments, or asks for
them, begins there and takes the newest of each. Other scopes begin at what they go by. Whatever
the way, every predicate is applied to each row again.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from graph.fields import FIELDS
from graph.rights import Ladder, Scope
from graph.scopes import SCOPES, Walk
from graph.selection.request import All, Compare, Filter, Operator, Related
from graph.selection.scope import arrow, slot
from graph.vocabulary import Label

_TICKET = FIELDS[Label.TICKET]
_DEPARTMENT, _CUSTOMER, _STATE = "department_id", "customer", "state"


@dataclass(frozen=True, kw_only=True, slots=True)
class Lead:
    """``bind`` lines name what the way begins with; ``equal`` are properties of a row and the
    names they equal, in the order of an index; ``pattern`` is what leads from a name to a row.
    """

    bind: tuple[str, ...]
    equal: tuple[tuple[str, str], ...] = ()
    pattern: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """What the lines bind that the rows depend on."""
        return tuple(name for _, name in self.equal) or ("lead",)


def leads(variable: str, label: Label, *, rows: Ladder, filter_: Filter | None) -> list[Lead]:
    """The ways that together reach every row; none where the list's own order is way enough."""
    if label is not Label.TICKET:
        return []
    asked = dict(_asked(filter_))
    states = [asked[_STATE]] if _STATE in asked else []
    equal = [(_STATE, "state")] if states else []
    if department := asked.get(_DEPARTMENT):
        return [_by_department(f"{department} AS department", states, equal)]
    if customer := asked.get(_CUSTOMER):
        walk = SCOPES[Label.TICKET][Scope.OWN_CUSTOMER][0]
        return [_along(variable, walk, f"{customer} AS lead")]
    if Scope.ANY in rows:
        return [Lead(bind=(f"{states[0]} AS state",), equal=tuple(equal))] if states else []
    return [_by_scope(variable, scope, states, equal) for scope in sorted(rows)]


def _by_scope(variable: str, scope: Scope, states: list[str], equal: list[tuple[str, str]]) -> Lead:
    mine = f"UNWIND {slot(scope)} AS lead"
    (walk,) = SCOPES[Label.TICKET][scope]
    if scope is Scope.OWN_DEPARTMENT:
        return _by_department(f"UNWIND {slot(scope)} AS department", states, equal)
    if scope is Scope.OWN_LINE:
        found = (
            f"MATCH (own:{Label.BUSINESS_LINE})<-[:BELONGS_TO]-(place:{Label.DEPARTMENT}) "
            f"WHERE own.id IN {slot(scope)} WITH DISTINCT place.id AS department"
        )
        return _by_department(found, states, equal)
    return _along(variable, walk, mine)


def _by_department(first: str, states: list[str], equal: list[tuple[str, str]]) -> Lead:
    return Lead(
        bind=(first, *(f"{state} AS state" for state in states)),
        equal=((_DEPARTMENT, "department"), *equal),
    )


def _along(variable: str, walk: Walk, first: str) -> Lead:
    """From the node that a scope goes by to its rows."""
    if not walk.hops:
        return Lead(bind=(first,), pattern=f"({variable}:{Label.TICKET} {{id: lead}})")
    (step,) = walk.hops
    pattern = f"({variable}:{Label.TICKET}){arrow(step)}(:{step.label} {{{walk.key}: lead}})"
    return Lead(bind=(first,), pattern=pattern)


def _asked(filter_: Filter | None) -> Iterator[tuple[str, str]]:
    """What every row must equal: the way to begin, by what it goes by."""
    match filter_:
        case All(parts=parts):
            for part in parts:
                yield from _asked(part)
        case Compare(field=field) if field == _TICKET["state"]:
            if begin := _begin(filter_):
                yield _STATE, begin
        case Related(field=field, label=other, filter=Compare(field=key) as inner):
            if key == FIELDS[other]["id"] and (begin := _begin(inner)):
                if field == _TICKET["department"]:
                    yield _DEPARTMENT, begin
                elif field == _TICKET["customer"]:
                    yield _CUSTOMER, begin


def _begin(compare: Compare) -> str | None:
    if compare.operator is Operator.EQ:
        return f"UNWIND [{slot(compare.slot)}]"
    return f"UNWIND {slot(compare.slot)}" if compare.operator is Operator.IN else None
