"""What a rule may be about, and which actions, scopes and masks mean anything there."""

from functools import cache

from graph.fields import ROW_TIERS, TIERS, find_field
from graph.rights import RESOURCES, Action, Scope
from graph.scopes import applies
from graph.states import NAMED_ACTIONS
from graph.vocabulary import Label

TIER = "tier:"
OBJECTS: tuple[str, ...] = (*TIERS, *RESOURCES)
"""Every coordinate and resource: what a decision is about."""

SUBJECTS: tuple[str, ...] = (*map(str, ROW_TIERS), *RESOURCES)
"""Types and resources."""

TELLING = frozenset(map(str, (Action.FILTER, Action.SORT, Action.AGGREGATE)))
"""Actions that tell of a value without showing it: they need it read in full."""

_RESOURCE_ACTIONS = frozenset(map(str, (Action.READ, Action.CREATE, Action.UPDATE, Action.RUN)))
_ROW_ACTIONS = frozenset(
    map(str, (Action.READ, Action.AGGREGATE, Action.CREATE, Action.UPDATE, Action.DELETE))
)
_TICKET_ACTIONS = _ROW_ACTIONS | frozenset(NAMED_ACTIONS)
_FIELD_ACTIONS = frozenset(map(str, Action)) - {Action.DELETE, Action.RUN}


@cache
def actions_of(object_: str) -> frozenset[str]:
    """The actions that a coordinate or resource knows; any other would decide nothing."""
    if object_ in RESOURCES:
        return _RESOURCE_ACTIONS
    if object_ in ROW_TIERS:
        return _TICKET_ACTIONS if object_ == Label.TICKET else _ROW_ACTIONS
    field = find_field(object_)
    if field is None:
        return frozenset()
    if field.said:
        return frozenset({Action.READ})
    if field.hops:
        return _FIELD_ACTIONS - {Action.SORT}
    if field.property and field.property.sealed:
        # A sealed value can be compared for equality, and nothing else.
        return _FIELD_ACTIONS - {Action.SORT, Action.AGGREGATE}
    return _FIELD_ACTIONS


@cache
def scopes_of(object_: str) -> tuple[Scope, ...]:
    """The scopes in which there are rows of it; a resource knows only ``any``."""
    if object_ not in TIERS:
        return (Scope.ANY,)
    label = Label(object_.partition(".")[0])
    return tuple(scope for scope in Scope if applies(scope, label))


@cache
def maskable(object_: str, action: str) -> bool:
    """Whether ``masked`` means anything: reading a single text."""
    field = find_field(object_)
    return action == Action.READ and field is not None and field.maskable


def is_value(object_: str) -> bool:
    """A field, whose value is kept from some; a row may be counted without being shown."""
    return "." in object_
