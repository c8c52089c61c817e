"""Which rows a scope reaches: per label, the walks from a row to what must be the actor's.

A row is in a scope when one of its walks ends at a node whose ``key`` is among the actor's values
for that scope. A scope that a label does not list does not apply to it; ``any`` always does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graph.fields import Hop
from graph.model import Actor
from graph.rights import Scope
from graph.vocabulary import Label, RelationshipType

_L, _T = Label, RelationshipType


@dataclass(frozen=True, kw_only=True, slots=True)
class Step(Hop):
    """A hop with the label it reaches."""

    label: Label


@dataclass(frozen=True, kw_only=True, slots=True)
class Walk:
    """From a row along ``hops`` to a node, whose ``key`` is compared; no hops: the row itself."""

    hops: tuple[Step, ...] = ()
    key: str = "id"

    def after(self, *steps: Step) -> "Walk":
        """The same walk from where ``steps`` begin."""
        return Walk(hops=(*steps, *self.hops), key=self.key)


Scopes = Mapping[Scope, tuple[Walk, ...]]


def _to(type_: RelationshipType, label: Label) -> Step:
    return Step(type=type_, label=label)


def _back(type_: RelationshipType, label: Label) -> Step:
    return Step(type=type_, inverse=True, label=label)


def _through(step: Step, scopes: Scopes) -> Scopes:
    """The scopes of the node that ``step`` leads to, for a row that is seen with it."""
    return {scope: _after((step,), walks) for scope, walks in scopes.items()}


def _after(steps: tuple[Step, ...], walks: Iterable[Walk]) -> tuple[Walk, ...]:
    return tuple(walk.after(*steps) for walk in walks)


_ITSELF = Walk()
_IN_LINE = Walk(hops=(_to(_T.BELONGS_TO, _L.BUSINESS_LINE),))
_ASSIGNED = _to(_T.ASSIGNED_TO, _L.DEPARTMENT)
_TICKET: Scopes = {
    Scope.OWN_LINE: (_IN_LINE.after(_ASSIGNED),),
    Scope.OWN_DEPARTMENT: (_ITSELF.after(_ASSIGNED),),
    Scope.OWN_CUSTOMER: (_ITSELF.after(_back(_T.RAISED, _L.CUSTOMER)),),
    Scope.ASSIGNED: (_ITSELF.after(_to(_T.WORKED_BY, _L.AGENT)),),
    Scope.GRANTED: (_ITSELF,),
}
_SERVING = _back(_T.SERVES, _L.DEPARTMENT)
_RAISED = (_to(_T.RAISED, _L.TICKET),)
_CUSTOMER: Scopes = {
    Scope.OWN_LINE: (_IN_LINE.after(_SERVING), *_after(_RAISED, _TICKET[Scope.OWN_LINE])),
    Scope.OWN_DEPARTMENT: (
        _ITSELF.after(_SERVING),
        *_after(_RAISED, _TICKET[Scope.OWN_DEPARTMENT]),
    ),
    Scope.OWN_CUSTOMER: (_ITSELF,),
    Scope.ASSIGNED: _after(_RAISED, _TICKET[Scope.ASSIGNED]),
    Scope.GRANTED: (_ITSELF,),
}
_MEMBER = _to(_T.MEMBER_OF, _L.DEPARTMENT)
_AGENT: Scopes = {
    Scope.OWN_LINE: (_IN_LINE.after(_MEMBER),),
    Scope.OWN_DEPARTMENT: (_ITSELF.after(_MEMBER),),
}
_OWN: Mapping[Label, Scopes] = {
    _L.CUSTOMER: _CUSTOMER,
    _L.IDENTITY: _through(_back(_T.IDENTIFIED_BY, _L.CUSTOMER), _CUSTOMER),
    _L.ORDER: _through(_back(_T.PLACED, _L.CUSTOMER), _CUSTOMER),
    _L.TICKET: _TICKET,
    _L.MESSAGE: _through(_back(_T.HAS_MESSAGE, _L.TICKET), _TICKET),
    _L.COMMENT: _through(_back(_T.HAS_COMMENT, _L.TICKET), _TICKET),
    _L.ROUTE: _through(_back(_T.ROUTED_BY, _L.TICKET), _TICKET),
    _L.HANDOVER: _through(_back(_T.HANDED_OVER, _L.TICKET), _TICKET),
    _L.PRODUCT: {Scope.OWN_LINE: (_IN_LINE,)},
    _L.DEPARTMENT: {Scope.OWN_LINE: (_IN_LINE,), Scope.OWN_DEPARTMENT: (_ITSELF,)},
    _L.BUSINESS_LINE: {Scope.OWN_LINE: (_ITSELF,)},
    _L.AGENT: _AGENT,
    _L.CALENDAR: _through(_back(_T.WORKS_BY, _L.AGENT), _AGENT),
}

SCOPES: Mapping[Label, Scopes] = {label: _OWN.get(label, {}) for label in Label}
"""Every label; most knowledge has no rows of anybody's own."""


def applies(scope: Scope, label: Label) -> bool:
    """Whether rows of ``label`` can be in ``scope``."""
    return scope is Scope.ANY or scope in SCOPES[label]


def bounds_rows(label: Label, hop: Hop) -> bool:
    """Whether rows of ``label`` are somebody's own by where ``hop`` leads from them."""
    walks = (walk for walks in SCOPES[label].values() for walk in walks if walk.hops)
    return any(
        (walk.hops[0].type, walk.hops[0].inverse) == (hop.type, hop.inverse) for walk in walks
    )


def scope_values(actor: Actor) -> Mapping[Scope, tuple[str, ...]]:
    """What the walks of each scope must end at for ``actor``: sorted, ``any`` left out."""
    return {
        Scope.OWN_LINE: tuple(sorted(actor.line_ids)),
        Scope.OWN_DEPARTMENT: tuple(sorted(actor.department_ids)),
        Scope.OWN_CUSTOMER: (actor.customer_id,) if actor.customer_id else (),
        Scope.ASSIGNED: (actor.agent_id,) if actor.agent_id else (),
        Scope.GRANTED: tuple(sorted(actor.granted_ids)),
    }
