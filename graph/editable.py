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
_ALL = (Action.CREATE, Action.UPDATE, Action.DELETE)
_TICKET_FIELDS = ("subject", "issues", "mentions", "agent")
"""Everything else of a ticket is moved by its named actions, or stamped."""
HISTORY = frozenset(set(Label) - set(KNOWN))
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
        elif set(one.targets) <= set(KNOWN) and _keeps_one(one):
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
        if label in KNOWN
    },
    _L.CUSTOMER: Editable(
        label=_L.CUSTOMER,
        actions=(Action.UPDATE,),
        fields={one.name: one for one in _written(_L.CUSTOMER) if one.property},
    ),
    _L.TICKET: Editable(
        label=_L.TICKET,
        actions=(Action.UPDATE,),
        fields={name: FIELDS[_L.TICKET][name] for name in _TICKET_FIELDS},
    ),
}
