"""Who may do what, and by which rule: ``Rights`` told with their reasons.

Nothing is decided here: shows are those of ``Rights``, rules those that Casbin answered with.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graph.rights import Action, Ladder, Rights, Scope, Show, strongest
from policies.objects import OBJECTS, actions_of, maskable, scopes_of
from policies.policy import ROLES, Policy
from policies.text import ROLE, Rule

REASONS: tuple[str, ...] = ("rule", "no-rule", "anywhere", "no-mask", "unread")
"""Why a scope shows what it shows: the rule says so; no rule does; the rule for ``any`` shows it
anyway; the rule masks what has no mask; the value is not read in full here."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One scope of a cell.

    ``show`` is what counts; ``rule`` is what Casbin answered with, or ``None``; ``through`` are
    the roles from the one asked about to the one the rule names, bare, both included. ``rows``
    says whether rows of the type are seen there at all: where they are not, a value may be
    counted, never read.
    """

    scope: Scope
    rows: bool
    show: Show
    reason: str
    rule: Rule | None
    through: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One role, coordinate and action, and what each scope shows."""

    role: str
    coordinate: str
    action: str
    steps: tuple[Step, ...]

    @property
    def permitted(self) -> bool:
        """Whether anything is shown in any scope."""
        return any(step.show is not Show.NONE for step in self.steps)


def explain(policy: Policy, role: str, coordinate: str, action: str) -> Cell:
    """Every scope that there is for ``coordinate``, each with its show and reason."""
    rights = policy.rights([role])
    steps = tuple(
        _step(policy, rights, (role, coordinate, action), scope) for scope in scopes_of(coordinate)
    )
    return Cell(role=role, coordinate=coordinate, action=action, steps=steps)


Place = tuple[str, str, str]
"""A role, a coordinate or resource, and an action."""


def places(roles: Iterable[str], types: Iterable[str]) -> Iterator[Place]:
    """Every cell that there can be of these roles on these types, their fields, or resources."""
    wanted = frozenset(types)
    objects = [one for one in OBJECTS if one.partition(".")[0] in wanted]
    for role in roles:
        for coordinate in objects:
            for action in sorted(actions_of(coordinate)):
                yield role, coordinate, action


def permitted(policy: Policy, place: Place) -> bool:
    """Whether anything is shown in any scope, without saying why."""
    role, coordinate, action = place
    return policy.rights([role]).permits(coordinate, action)


def matrix(policy: Policy, roles: Iterable[str], types: Iterable[str]) -> Iterator[Cell]:
    """Every permitted cell of ``places``."""
    for place in places(roles, types):
        if permitted(policy, place):
            yield explain(policy, *place)


def who(policy: Policy, coordinate: str, action: str) -> list[Cell]:
    """Every role that may do ``action`` on ``coordinate`` in some scope."""
    cells = (explain(policy, role, coordinate, action) for role in ROLES)
    return [cell for cell in cells if cell.permitted]


def shown(ladder: Ladder, scope: Scope) -> Show:
    """What ``ladder`` shows in rows of ``scope``: at least what it shows anywhere."""
    return strongest((ladder.get(Scope.ANY, Show.NONE), ladder.get(scope, Show.NONE)))


def _step(policy: Policy, rights: Rights, cell: tuple[str, str, str], scope: Scope) -> Step:
    role, coordinate, action = cell
    decision = policy.decide(role, coordinate, action, scope)
    show = shown(rights.cell(coordinate, action), scope)
    row = shown(rights.cell(coordinate.partition(".")[0], Action.READ), scope)
    return Step(
        scope=scope,
        rows=row is Show.FULL,
        show=show,
        reason=_reason(decision.show, show, coordinate, action, ruled=decision.rule is not None),
        rule=decision.rule,
        through=_through(policy, role, decision.rule) if decision.rule else (),
    )


def _reason(decided: Show, show: Show, coordinate: str, action: str, *, ruled: bool) -> str:
    if decided is show:
        return "rule" if ruled else "no-rule"
    if show is not Show.NONE:
        return "anywhere"
    if decided is Show.MASKED and not maskable(coordinate, action):
        return "no-mask"
    return "unread"


def _through(policy: Policy, role: str, rule: Rule) -> tuple[str, ...]:
    """The shortest line of heirs from ``role`` to the role that ``rule`` names."""
    lines: list[tuple[str, ...]] = [(f"{ROLE}{role}",)]
    for line in lines:
        ancestors = [one.ancestor for one in policy.heirs if one.heir == line[-1]]
        lines += [(*line, one) for one in ancestors if one not in line]
    found = min((line for line in lines if line[-1] == rule.role), key=len)
    return tuple(one.removeprefix(ROLE) for one in found)
