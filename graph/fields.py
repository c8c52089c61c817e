"""What can be selected of the graph: every type, its fields, and the tier of each coordinate.

A *coordinate* is ``Type.field``, or ``Type`` alone: whether a row may be seen at all. Property
fields follow from the schema table, relationship fields stand below. Tiers live nowhere else: the
policies are handed ``TIERS``.
"""

import builtins
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from graph.schema import NAMED, NODES, NUMBERS, RELATIONSHIPS, Kind, Property
from graph.vocabulary import Label, RelationshipType, Tier

_L, _T = Label, RelationshipType

TYPES: tuple[Label, ...] = (
    _L.CUSTOMER, _L.IDENTITY, _L.ORDER,
    _L.PRODUCT, _L.CATEGORY, _L.ISSUE, _L.RESOLUTION, _L.ALIAS,
    _L.DEPARTMENT, _L.BUSINESS_LINE, _L.AGENT, _L.SKILL, _L.CALENDAR, _L.CHANNEL,
    _L.TICKET, _L.MESSAGE, _L.COMMENT, _L.ROUTE, _L.HANDOVER,
)  # fmt: skip
"""The types of the API, people and silos first, work last."""

_PEOPLE_AND_WORK = frozenset(
    {
        _L.CUSTOMER, _L.IDENTITY, _L.ORDER, _L.AGENT,
        _L.TICKET, _L.MESSAGE, _L.COMMENT, _L.ROUTE, _L.HANDOVER,
    }
)  # fmt: skip

HIDDEN: Mapping[str, str] = {
    "Customer.data_key": "a wrapped key: shown to nobody",
    "Ticket.data_key": "a wrapped key: shown to nobody",
    "Ticket.lock": "written only to order concurrent writers",
    "Ticket.department_id": "repeats the relationship to its department, only to be indexed",
    "Ticket.agent_id": "repeats the relationship to its agent, only to be indexed",
    "Ticket.search_text": "tokens of the full-text index, not a text for people",
    "Order.number_key": "normal form of the number, only to find it",
    "Route.receipt": "the receipt as stored; its parts are served as fields of their own",
    "Message.text_sealed": "cipher text; opening it is an operation of its own",
}
"""Stored properties that are no fields, each with its reason."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hop:
    """One relationship, walked from source to target or ``inverse``."""

    type: RelationshipType
    inverse: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One field of ``type``: a stored ``property``, or the nodes that ``hops`` lead to.

    ``name`` is camelCase as in GraphQL. ``targets`` are the labels reached (several: a union);
    ``many`` says a list of nodes. A property has neither hops nor targets. With ``said`` it shows
    what the relationships of the field ``along`` say, each beside the node that it leads to.
    """

    type: Label
    name: str
    tier: Tier
    property: Property | None = None
    hops: tuple[Hop, ...] = ()
    targets: tuple[Label, ...] = ()
    many: bool = False
    said: tuple[Property, ...] = ()
    along: str = ""

    @builtins.property
    def coordinate(self) -> str:
        """``Ticket.state``."""
        return f"{self.type}.{self.name}"

    @builtins.property
    def maskable(self) -> bool:
        """Only single texts have a masked form."""
        return self.property is not None and self.property.kind is Kind.TEXT


def camel(name: str) -> str:
    """``created_at`` as ``createdAt``."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Way:
    """A relationship field before it has a type: where it leads."""

    hop: Hop
    targets: tuple[Label, ...]
    many: bool


def _one(type_: RelationshipType, *targets: Label) -> _Way:
    return _Way(hop=Hop(type=type_), targets=targets, many=False)


def _many(type_: RelationshipType, *targets: Label) -> _Way:
    return _Way(hop=Hop(type=type_), targets=targets, many=True)


def _one_back(type_: RelationshipType, *targets: Label) -> _Way:
    return _Way(hop=Hop(type=type_, inverse=True), targets=targets, many=False)


def _many_back(type_: RelationshipType, *targets: Label) -> _Way:
    return _Way(hop=Hop(type=type_, inverse=True), targets=targets, many=True)


_GOODS = (_L.PRODUCT, _L.CATEGORY)
_WAYS: Mapping[Label, Mapping[str, _Way]] = {
    _L.CUSTOMER: {
        "identities": _many(_T.IDENTIFIED_BY, _L.IDENTITY),
        "orders": _many(_T.PLACED, _L.ORDER),
        "tickets": _many(_T.RAISED, _L.TICKET),
        "departments": _many_back(_T.SERVES, _L.DEPARTMENT),
    },
    _L.IDENTITY: {"customer": _one_back(_T.IDENTIFIED_BY, _L.CUSTOMER)},
    _L.ORDER: {
        "customer": _one_back(_T.PLACED, _L.CUSTOMER),
        "products": _many(_T.CONTAINS, _L.PRODUCT),
        "tickets": _many_back(_T.MENTIONS, _L.TICKET),
    },
    _L.PRODUCT: {
        "category": _one(_T.PART_OF, _L.CATEGORY),
        "lines": _many(_T.BELONGS_TO, _L.BUSINESS_LINE),
        "issues": _many_back(_T.AFFECTS, _L.ISSUE),
        "resolutions": _many_back(_T.APPLIES_TO, _L.RESOLUTION),
        "departments": _many_back(_T.SUPPORTS, _L.DEPARTMENT),
        "aliases": _many_back(_T.ALIAS_OF, _L.ALIAS),
        "orders": _many_back(_T.CONTAINS, _L.ORDER),
        "tickets": _many_back(_T.MENTIONS, _L.TICKET),
    },
    _L.CATEGORY: {
        "parent": _one(_T.PART_OF, _L.CATEGORY),
        "children": _many_back(_T.PART_OF, _L.CATEGORY),
        "products": _many_back(_T.PART_OF, _L.PRODUCT),
        "issues": _many_back(_T.AFFECTS, _L.ISSUE),
        "resolutions": _many_back(_T.APPLIES_TO, _L.RESOLUTION),
        "departments": _many_back(_T.SUPPORTS, _L.DEPARTMENT),
        "aliases": _many_back(_T.ALIAS_OF, _L.ALIAS),
        "tickets": _many_back(_T.MENTIONS, _L.TICKET),
    },
    _L.ISSUE: {
        "parent": _one(_T.SUBTYPE_OF, _L.ISSUE),
        "children": _many_back(_T.SUBTYPE_OF, _L.ISSUE),
        "affects": _many(_T.AFFECTS, *_GOODS),
        "skills": _many(_T.REQUIRES, _L.SKILL),
        "departments": _many_back(_T.HANDLES, _L.DEPARTMENT),
        "resolutions": _many_back(_T.RESOLVES, _L.RESOLUTION),
        "aliases": _many_back(_T.ALIAS_OF, _L.ALIAS),
        "tickets": _many_back(_T.CONCERNS, _L.TICKET),
    },
    _L.RESOLUTION: {
        "issues": _many(_T.RESOLVES, _L.ISSUE),
        "appliesTo": _many(_T.APPLIES_TO, *_GOODS),
        "tickets": _many_back(_T.SOLVED_BY, _L.TICKET),
    },
    _L.ALIAS: {"names": _many(_T.ALIAS_OF, *NAMED)},
    _L.DEPARTMENT: {
        "parent": _one(_T.PART_OF, _L.DEPARTMENT),
        "children": _many_back(_T.PART_OF, _L.DEPARTMENT),
        "lines": _many(_T.BELONGS_TO, _L.BUSINESS_LINE),
        "issues": _many(_T.HANDLES, _L.ISSUE),
        "supports": _many(_T.SUPPORTS, *_GOODS),
        "aliases": _many_back(_T.ALIAS_OF, _L.ALIAS),
        "customers": _many(_T.SERVES, _L.CUSTOMER),
        "agents": _many_back(_T.MEMBER_OF, _L.AGENT),
        "tickets": _many_back(_T.ASSIGNED_TO, _L.TICKET),
    },
    _L.BUSINESS_LINE: {
        "departments": _many_back(_T.BELONGS_TO, _L.DEPARTMENT),
        "products": _many_back(_T.BELONGS_TO, _L.PRODUCT),
        "aliases": _many_back(_T.ALIAS_OF, _L.ALIAS),
    },
    _L.AGENT: {
        "departments": _many(_T.MEMBER_OF, _L.DEPARTMENT),
        "skills": _many(_T.HAS_SKILL, _L.SKILL),
        "calendar": _one(_T.WORKS_BY, _L.CALENDAR),
        "tickets": _many_back(_T.WORKED_BY, _L.TICKET),
    },
    _L.CALENDAR: {"agents": _many_back(_T.WORKS_BY, _L.AGENT)},
    _L.SKILL: {
        "agents": _many_back(_T.HAS_SKILL, _L.AGENT),
        "issues": _many_back(_T.REQUIRES, _L.ISSUE),
    },
    _L.CHANNEL: {"tickets": _many_back(_T.RECEIVED_VIA, _L.TICKET)},
    _L.TICKET: {
        "customer": _one_back(_T.RAISED, _L.CUSTOMER),
        "channel": _one(_T.RECEIVED_VIA, _L.CHANNEL),
        "department": _one(_T.ASSIGNED_TO, _L.DEPARTMENT),
        "agent": _one(_T.WORKED_BY, _L.AGENT),
        "issues": _many(_T.CONCERNS, _L.ISSUE),
        "mentions": _many(_T.MENTIONS, *_GOODS, _L.ORDER, _L.DEPARTMENT),
        "messages": _many(_T.HAS_MESSAGE, _L.MESSAGE),
        "comments": _many(_T.HAS_COMMENT, _L.COMMENT),
        "handovers": _many(_T.HANDED_OVER, _L.HANDOVER),
        "route": _one(_T.ROUTED_BY, _L.ROUTE),
        "resolution": _one(_T.SOLVED_BY, _L.RESOLUTION),
    },
    _L.MESSAGE: {"ticket": _one_back(_T.HAS_MESSAGE, _L.TICKET)},
    _L.COMMENT: {"ticket": _one_back(_T.HAS_COMMENT, _L.TICKET)},
    _L.ROUTE: {
        "ticket": _one_back(_T.ROUTED_BY, _L.TICKET),
        "proposed": _many(_T.PROPOSED, _L.DEPARTMENT),
    },
    _L.HANDOVER: {
        "ticket": _one_back(_T.HANDED_OVER, _L.TICKET),
        "source": _one(_T.HANDED_FROM, _L.DEPARTMENT),
        "target": _one(_T.HANDED_TO, _L.DEPARTMENT),
    },
}


def _row_tier(*labels: Label) -> Tier:
    """Internal as soon as people or work are touched."""
    return Tier.INTERNAL if _PEOPLE_AND_WORK & set(labels) else Tier.PUBLIC


def _fields(label: Label) -> Iterator[Field]:
    for item in NODES[label].properties:
        if f"{label}.{item.name}" not in HIDDEN:
            yield Field(type=label, name=camel(item.name), tier=item.tier, property=item)
    for name, way in _WAYS[label].items():
        yield Field(
            type=label,
            name=name,
            tier=_row_tier(label, *way.targets),
            hops=(way.hop,),
            targets=way.targets,
            many=way.many,
        )


FIELDS: Mapping[Label, Mapping[str, Field]] = {
    label: {field.name: field for field in _fields(label)} for label in TYPES
}
_SAYING: Mapping[Label, Mapping[str, str]] = {
    _L.ORDER: {"items": "products"},
    _L.ISSUE: {"skillLevels": "skills"},
    _L.AGENT: {"skillLevels": "skills"},
}


def _shown_as(one: Field, name: str) -> Field:
    """What the relationships of ``one`` say; no more open than the closest of it."""
    said = RELATIONSHIPS[one.hops[0].type].properties
    tier = max((one.tier, *(item.tier for item in said)), key=tuple(Tier).index)
    return replace(one, name=name, tier=tier, said=said, along=one.name)


SAID: Mapping[Label, Mapping[str, Field]] = {
    label: {name: _shown_as(FIELDS[label][along], name) for name, along in names.items()}
    for label, names in _SAYING.items()
}
"""Fields that show what relationships say. Nothing is filtered, ordered or grouped by them."""
ROW_TIERS: Mapping[Label, Tier] = {label: _row_tier(label) for label in TYPES}
TIERS: Mapping[str, Tier] = {
    **{str(label): tier for label, tier in ROW_TIERS.items()},
    **{
        field.coordinate: field.tier
        for fields in (*FIELDS.values(), *SAID.values())
        for field in fields.values()
    },
}
"""Every coordinate and its tier."""


def find_field(coordinate: str) -> Field | None:
    """The field called ``Type.field``, or ``None``: also for a type alone."""
    label, _, name = coordinate.partition(".")
    if label not in FIELDS:
        return None
    of = Label(label)
    return FIELDS[of].get(name) or SAID.get(of, {}).get(name)


_DATED = (_L.TICKET, _L.MESSAGE, _L.COMMENT, _L.ROUTE, _L.HANDOVER)
ORDERABLE: Mapping[Label, tuple[str, ...]] = {
    label: (
        "id",
        *(("seq",) if label is _L.TICKET else ()),
        *(("createdAt",) if label in _DATED else ()),
    )
    for label in TYPES
}
"""Fields that lists may be ordered by: those that every node of the type has."""


def leading(
    anchor: Label, type_: RelationshipType, target: Label, *, inverse: bool
) -> Field | None:
    """The field that leads from ``anchor`` along a relationship to ``target``, if there is one."""
    for field in FIELDS.get(anchor, {}).values():
        for hop in field.hops:
            if (hop.type, hop.inverse) == (type_, inverse) and target in field.targets:
                return field
    return None


def saying(label: Label, type_: RelationshipType) -> Field | None:
    """The field of ``label`` that shows what its relationships of a type say, if there is one."""
    return next((one for one in SAID.get(label, {}).values() if one.hops[0].type is type_), None)


def _groupable(field: Field) -> bool:
    """Values and single nodes that several rows can have in common."""
    if field.property is None:
        return len(field.targets) == 1
    plain = field.property.kind not in {Kind.TEXTS, Kind.NUMBERS} and not field.property.sealed
    return plain and field.name not in {"id", "seq"}


GROUPABLE: Mapping[Label, tuple[str, ...]] = {
    label: tuple(name for name, field in FIELDS[label].items() if _groupable(field))
    for label in TYPES
}
"""Fields that rows may be counted by."""


def _measurable(label: Label, *kinds: Kind) -> tuple[str, ...]:
    fields = FIELDS[label].items()
    return tuple(
        name
        for name, field in fields
        if field.property and field.property.kind in kinds and name != "seq"
    )


_EXTREMES = {label: _measurable(label, *NUMBERS, Kind.INSTANT) for label in TYPES}
_MEANS = {label: _measurable(label, *NUMBERS) for label in TYPES}
MEASURABLE: Mapping[Label, Mapping[str, tuple[str, ...]]] = {
    label: {"min": _EXTREMES[label], "max": _EXTREMES[label], "avg": _MEANS[label]}
    for label in TYPES
}
"""Fields whose least, greatest and mean value over rows may be asked for."""
