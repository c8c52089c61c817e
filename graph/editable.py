"""What people write, where the policy allows it: labels, their fields, and what holds a node.

Follows from the field table. A relationship between knowledge is a field of both its nodes, and may
be written at both.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graph.fields import FIELDS, TYPES, Field, Hop
from graph.rights import Action
from graph.vocabulary import Label, RelationshipType

_L, _T = Label, RelationshipType
KNOWN = (
    _L.BUSINESS_LINE, _L.CATEGORY, _L.PRODUCT, _L.ISSUE, _L.RESOLUTION,
    _L.DEPARTMENT, _L.SKILL, _L.ALIAS, _L.CHANNEL,
)  # fmt: skip
"""Knowledge that people write here."""
MANAGED = (*KNOWN, _L.AGENT, _L.CALENDAR)
"""What every process keeps a copy of, and reads again when the epoch of knowledge moves."""
OWNED: Mapping[Label, str] = {_L.IDENTITY: "customer", _L.ORDER: "customer"}
"""By the field that says whose a row is: it always leads to somebody."""
NUMBERED: Mapping[Label, tuple[str, str]] = {_L.ORDER: ("number", "number_key")}
"""By the field and the stored property, of which no two rows have the same."""
SAID: Mapping[RelationshipType, tuple[str, ...]] = {
    _T.HAS_SKILL: ("level",),
    _T.REQUIRES: ("level",),
    _T.CONTAINS: ("quantity", "unit_price", "variant"),
}
"""What people say of a relationship that they write."""
_ALL = (Action.CREATE, Action.UPDATE, Action.DELETE)
_TICKET_FIELDS = ("subject", "issues", "mentions", "agent")
"""Everything else of a ticket is moved by its named actions, or stamped."""
HISTORY = frozenset(set(Label) - {*KNOWN, _L.CALENDAR})
"""Whatever is no knowledge keeps the knowledge that it is related to."""
ABOVE: Mapping[Label, RelationshipType] = {
    _L.CATEGORY: _T.PART_OF,
    _L.DEPARTMENT: _T.PART_OF,
    _L.ISSUE: _T.SUBTYPE_OF,
}
"""By which a node of the label hangs from another of it."""
PARTS = frozenset({str(_T.PART_OF), str(_T.SUBTYPE_OF)})
"""A node is held by what hangs from it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Editable:
    """What may be written of a label, where the policy allows it."""

    label: Label
    actions: tuple[Action, ...]
    fields: Mapping[str, Field]


def _written(label: Label) -> Iterator[Field]:
    for one in FIELDS[label].values():
        if one.property:
            if one.name != "id":
                yield one
        elif one.name == OWNED.get(label) or (
            set(one.targets) <= {*KNOWN, _L.CALENDAR} and _keeps_one(one)
        ):
            yield one


def _keeps_one(one: Field) -> bool:
    """Not the far end of what leads to one node: whose parent it is, is said by the child."""
    if not one.hops[0].inverse:
        return True
    return all(far.many for target in one.targets if (far := mirror(one, target)))


def mirror(one: Field, target: Label) -> Field | None:
    """The same relationship as a field of ``target``."""
    (hop,) = one.hops
    back = Hop(type=hop.type, inverse=not hop.inverse)
    found = (each for each in FIELDS[target].values() if each.hops == (back,))
    return next((each for each in found if one.type in each.targets), None)


EDITABLE: Mapping[Label, Editable] = {
    **{
        label: Editable(
            label=label, actions=_ALL, fields={one.name: one for one in _written(label)}
        )
        for label in TYPES
        if label in {*MANAGED, _L.IDENTITY}
    },
    _L.ORDER: Editable(
        label=_L.ORDER,
        actions=(Action.CREATE, Action.UPDATE),
        fields={one.name: one for one in _written(_L.ORDER)},
    ),
    _L.CUSTOMER: Editable(
        label=_L.CUSTOMER,
        actions=(Action.CREATE, Action.UPDATE),
        fields={one.name: one for one in _written(_L.CUSTOMER) if one.property},
    ),
    _L.TICKET: Editable(
        label=_L.TICKET,
        actions=(Action.UPDATE,),
        fields={name: FIELDS[_L.TICKET][name] for name in _TICKET_FIELDS},
    ),
}
