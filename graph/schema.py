"""What every label and relationship type carries: the table that loader, ontology and tests walk.

A *sealed* property is never stored in clear: the graph holds ``x_sealed``, ``x_hint`` and
``x_index`` in its place (see ``policies/sealing.py``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from graph.store import FullText, Range, SchemaItem, Unique
from graph.vocabulary import Label, RelationshipType, Tier


class Kind(StrEnum):
    """How a value is stored. Instants are integers: milliseconds since the epoch, UTC."""

    TEXT = "text"
    TEXTS = "texts"
    INTEGER = "integer"
    NUMBER = "number"
    NUMBERS = "numbers"
    BOOLEAN = "boolean"
    INSTANT = "instant"


NUMBERS = (Kind.INTEGER, Kind.NUMBER)
"""What can be added up."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Property:
    """One named value of a node or relationship."""

    name: str
    kind: Kind = Kind.TEXT
    tier: Tier = Tier.PUBLIC
    sealed: bool = False

    @property
    def stored(self) -> tuple[str, ...]:
        """The property names that lie in the graph."""
        return (
            tuple(f"{self.name}_{part}" for part in SEALED_PARTS) if self.sealed else (self.name,)
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class NodeKind:
    """A label and its properties; ``id`` is always among them, unique, a string."""

    label: Label
    properties: tuple[Property, ...]

    def find(self, name: str) -> Property | None:
        """The property called ``name``, or ``None``."""
        return next((item for item in self.properties if item.name == name), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class RelationshipKind:
    """A type, the labels it leads from and to, and its properties."""

    type: RelationshipType
    sources: tuple[Label, ...]
    targets: tuple[Label, ...]
    properties: tuple[Property, ...] = ()


SEALED_PARTS = ("sealed", "hint", "index")
KNOWLEDGE_INDEX = "ticket_text"
WRITER = "source"
"""On every relationship that a load wrote: ``seed``, or the source of a ticket file; ``api`` on
relationships and knowledge that people wrote.

A later load takes back only what carries it. Bookkeeping: outside extracted relationships nobody
can select it, so it is no property of theirs below.
"""


def _some(names: str, kind: Kind = Kind.TEXT, tier: Tier = Tier.PUBLIC) -> tuple[Property, ...]:
    return tuple(Property(name=name, kind=kind, tier=tier) for name in names.split())


def _sealed(names: str, tier: Tier = Tier.PERSONAL) -> tuple[Property, ...]:
    return tuple(Property(name=name, tier=tier, sealed=True) for name in names.split())


def _node(label: Label, *groups: Iterable[Property]) -> NodeKind:
    return NodeKind(label=label, properties=(ID, *(item for group in groups for item in group)))


def _between(
    type_: RelationshipType,
    sources: Label | tuple[Label, ...],
    targets: Label | tuple[Label, ...],
    *groups: Iterable[Property],
) -> RelationshipKind:
    return RelationshipKind(
        type=type_,
        sources=sources if isinstance(sources, tuple) else (sources,),
        targets=targets if isinstance(targets, tuple) else (targets,),
        properties=tuple(item for group in groups for item in group),
    )


ID = Property(name="id")
_NAMES = _some("name_zh name_en")
_DESCRIPTIONS = _some("description_zh description_en")
_INTERNAL = Tier.INTERNAL
PROVENANCE = (
    *_some("extractor source", tier=_INTERNAL),
    *_some("confidence", Kind.NUMBER, _INTERNAL),
    *_some("start end", Kind.INTEGER, _INTERNAL),
    *_some("recorded_at", Kind.INSTANT, _INTERNAL),
)
"""On every relationship that an extractor proposed: who, how sure, where in which text, when."""

_LIFE = _some(
    "created_at first_response_at assigned_at handed_over_at solved_at reopened_at",
    Kind.INSTANT,
    _INTERNAL,
)
_STEPS = _some(
    "actions_zh conditions_zh expected_zh actions_en conditions_en expected_en", Kind.TEXTS
)

_L = Label
NODES: Mapping[Label, NodeKind] = {
    kind.label: kind
    for kind in (
        _node(
            _L.AGENT,
            _some("name_zh name_en", tier=_INTERNAL),
            _some("languages", Kind.TEXTS, _INTERNAL),
            _some("capacity", Kind.INTEGER, _INTERNAL),
            _some("roles", Kind.TEXTS, _INTERNAL),
        ),
        _node(_L.ALIAS, _some("text")),
        _node(
            _L.API_KEY,
            _some("name author", tier=_INTERNAL),
            _some("roles", Kind.TEXTS, _INTERNAL),
            _some("secret_hash", tier=Tier.SECRET),
            _some("created_at expires_at revoked_at", Kind.INSTANT, _INTERNAL),
        ),
        _node(_L.BUSINESS_LINE, _NAMES, _DESCRIPTIONS),
        _node(_L.CALENDAR, _NAMES, _some("timezone"), _some("hours holidays", Kind.TEXTS)),
        _node(_L.CATEGORY, _NAMES),
        _node(_L.CHANNEL, _NAMES),
        _node(
            _L.COMMENT,
            _some("text author", tier=_INTERNAL),
            _some("created_at", Kind.INSTANT, _INTERNAL),
        ),
        _node(
            _L.CUSTOMER,
            _sealed("name address birth_date"),
            _some("language region tier", tier=_INTERNAL),
            _some("data_key", tier=Tier.SECRET),
        ),
        _node(_L.DEPARTMENT, _NAMES, _DESCRIPTIONS, _some("triage", Kind.BOOLEAN)),
        _node(_L.EPOCH, _some("value", Kind.INTEGER, _INTERNAL)),
        _node(
            _L.FEEDBACK,
            _some("kind actor question answer note", tier=_INTERNAL),
            _some("rating", Kind.INTEGER, _INTERNAL),
            _some("created_at", Kind.INSTANT, _INTERNAL),
            _some("fingerprint", tier=Tier.SECRET),
        ),
        _node(
            _L.HANDOVER,
            _some("reason actor", tier=_INTERNAL),
            _some("created_at", Kind.INSTANT, _INTERNAL),
        ),
        _node(_L.IDENTITY, _some("system kind", tier=_INTERNAL), _sealed("value")),
        _node(
            _L.ISSUE,
            _NAMES,
            _DESCRIPTIONS,
            _some("examples_zh examples_en", Kind.TEXTS),
            _some("needs", Kind.TEXTS, _INTERNAL),
        ),
        _node(
            _L.MESSAGE,
            _some("text author", tier=_INTERNAL),
            _some("text_sealed", tier=Tier.SENSITIVE),
            _some("created_at", Kind.INSTANT, _INTERNAL),
        ),
        _node(_L.MIGRATION, _some("applied_at", Kind.INSTANT, _INTERNAL)),
        _node(
            _L.ORDER,
            _some("number number_key status currency payment_method tracking", tier=_INTERNAL),
            _some("total", Kind.NUMBER, _INTERNAL),
            _some("placed_at", Kind.INSTANT, _INTERNAL),
        ),
        _node(
            _L.POLICY_VERSION,
            _some("text author reason", tier=_INTERNAL),
            _some("created_at", Kind.INSTANT, _INTERNAL),
            _some("epoch", Kind.INTEGER, _INTERNAL),
        ),
        _node(
            _L.PRODUCT,
            _NAMES,
            _DESCRIPTIONS,
            _some("price", Kind.NUMBER),
            _some("warranty_months", Kind.INTEGER),
        ),
        _node(
            _L.REQUEST,
            _some("fingerprint result_id", tier=Tier.SECRET),
            _some("at", Kind.INSTANT, Tier.SECRET),
        ),
        _node(_L.RESOLUTION, _NAMES, _STEPS),
        _node(
            _L.ROUTE,
            _some("receipt model reason", tier=_INTERNAL),
            _some("confidence margin", Kind.NUMBER, _INTERNAL),
            _some("policy_epoch knowledge_epoch", Kind.INTEGER, _INTERNAL),
            _some("created_at", Kind.INSTANT, _INTERNAL),
        ),
        _node(_L.SKILL, _NAMES),
        _node(_L.SOURCE, _some("name kind", tier=_INTERNAL)),
        _node(
            _L.TICKET,
            _some("state subject language search_text department_id agent_id", tier=_INTERNAL),
            _LIFE,
            _some("corrected_at", Kind.INSTANT, _INTERNAL),
            _some("seq version reopened_count rating", Kind.INTEGER, _INTERNAL),
            _some("lock data_key", tier=Tier.SECRET),
        ),
    )
}

_T = RelationshipType
_WEIGHT = _some("weight", Kind.NUMBER, _INTERNAL)
_VALID = _some("valid_from_at valid_to_at", Kind.INSTANT, _INTERNAL)
_LEVEL = _some("level", Kind.INTEGER, _INTERNAL)
_GOODS = (_L.PRODUCT, _L.CATEGORY)
NAMED = (_L.BUSINESS_LINE, _L.CATEGORY, _L.DEPARTMENT, _L.ISSUE, _L.PRODUCT)
"""Labels whose nodes may be called by an alias."""

RELATIONSHIPS: Mapping[RelationshipType, RelationshipKind] = {
    kind.type: kind
    for kind in (
        _between(_T.AFFECTS, _L.ISSUE, _GOODS),
        _between(_T.ALIAS_OF, _L.ALIAS, NAMED),
        _between(_T.APPLIES_TO, _L.RESOLUTION, _GOODS),
        _between(_T.ASSIGNED_TO, _L.TICKET, _L.DEPARTMENT, _some("at", Kind.INSTANT, _INTERNAL)),
        _between(_T.BELONGS_TO, (_L.PRODUCT, _L.DEPARTMENT), _L.BUSINESS_LINE),
        _between(
            _T.CONCERNS, _L.TICKET, _L.ISSUE, PROVENANCE, _some("rank", Kind.INTEGER, _INTERNAL)
        ),
        _between(
            _T.CONTAINS,
            _L.ORDER,
            _L.PRODUCT,
            _some("quantity", Kind.INTEGER, _INTERNAL),
            _some("unit_price", Kind.NUMBER, _INTERNAL),
            _some("variant", tier=_INTERNAL),
        ),
        _between(_T.DERIVED_FROM, _L.TICKET, _L.SOURCE),
        _between(_T.HANDED_FROM, _L.HANDOVER, _L.DEPARTMENT),
        _between(_T.HANDED_OVER, _L.TICKET, _L.HANDOVER),
        _between(_T.HANDED_TO, _L.HANDOVER, _L.DEPARTMENT),
        _between(_T.HANDLES, _L.DEPARTMENT, _L.ISSUE, _WEIGHT, _VALID),
        _between(_T.HAS_COMMENT, _L.TICKET, _L.COMMENT),
        _between(_T.HAS_MESSAGE, _L.TICKET, _L.MESSAGE),
        _between(_T.HAS_SKILL, _L.AGENT, _L.SKILL, _LEVEL),
        _between(_T.IDENTIFIED_BY, _L.CUSTOMER, _L.IDENTITY),
        _between(_T.MEMBER_OF, _L.AGENT, _L.DEPARTMENT),
        _between(_T.MENTIONS, _L.TICKET, (*_GOODS, _L.ORDER, _L.DEPARTMENT), PROVENANCE),
        _between(_T.PART_OF, (*_GOODS, _L.DEPARTMENT), (_L.CATEGORY, _L.DEPARTMENT)),
        _between(_T.PLACED, _L.CUSTOMER, _L.ORDER),
        _between(
            _T.PROPOSED,
            _L.ROUTE,
            _L.DEPARTMENT,
            _some("rank", Kind.INTEGER, _INTERNAL),
            _some("score", Kind.NUMBER, _INTERNAL),
            _some("path_kinds", Kind.TEXTS, _INTERNAL),
            _some("contributions", Kind.NUMBERS, _INTERNAL),
        ),
        _between(_T.RAISED, _L.CUSTOMER, _L.TICKET),
        _between(_T.RECEIVED_VIA, _L.TICKET, _L.CHANNEL),
        _between(_T.REQUIRES, _L.ISSUE, _L.SKILL, _LEVEL),
        _between(_T.RESOLVES, _L.RESOLUTION, _L.ISSUE),
        _between(_T.ROUTED_BY, _L.TICKET, _L.ROUTE),
        _between(_T.SERVES, _L.DEPARTMENT, _L.CUSTOMER),
        _between(_T.SOLVED_BY, _L.TICKET, _L.RESOLUTION),
        _between(_T.SUBTYPE_OF, _L.ISSUE, _L.ISSUE),
        _between(_T.SUPPORTS, _L.DEPARTMENT, _GOODS, _WEIGHT, _VALID),
        _between(_T.WORKED_BY, _L.TICKET, _L.AGENT),
        _between(_T.WORKS_BY, _L.AGENT, _L.CALENDAR),
    )
}


def _order(*properties: str) -> Range:
    return Range(label=_L.TICKET, properties=properties, integers=frozenset({"seq"}))


TICKET_ORDERS: tuple[SchemaItem, ...] = (
    _order("department_id", "seq"),
    _order("state", "seq"),
    _order("department_id", "state", "seq"),
)
"""The orders in which pages of tickets are read, so that they cost the same however many there are.
``department_id`` repeats whom the ticket is ASSIGNED_TO, ``agent_id`` who it is WORKED_BY; each is
always written together with the relationship.
"""
AGENT_ORDERS: tuple[SchemaItem, ...] = (_order("agent_id", "seq"),)

INDEXES: tuple[SchemaItem, ...] = (
    *(Unique(label=label, property="id") for label in NODES),
    Unique(label=_L.TICKET, property="seq", is_integer=True),
    Range(label=_L.ORDER, properties=("number_key",)),
    Range(label=_L.IDENTITY, properties=("value_index",)),
    Range(label=_L.TICKET, properties=("state",)),
    *TICKET_ORDERS,
    *AGENT_ORDERS,
    FullText(name=KNOWLEDGE_INDEX, label=_L.TICKET, property="search_text"),
)
