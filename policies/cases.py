"""Whether a policy does what its cases say.

A value is read only if its row is; whatever else is asked of a value says only that it may be
named where the actor's rows are concerned.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from graph.rights import Action, Rights, Scope, Show, strongest
from graph.scopes import scope_values
from policies.casefile import Case, read_cases
from policies.objects import scopes_of
from policies.policy import Policy


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """A case that comes to something else; ``rule`` is the place of a rule that says so."""

    case: Case
    found: Show
    rule: str | None

    @property
    def message(self) -> str:
        """One line for people, with file and line of the case and of the rule."""
        case = self.case
        by = f" ({self.rule})" if self.rule else ""
        return (
            f"{case.file}:{case.line}: {case.who} {case.action} {case.what}:"
            f" expected {case.expected}, found {self.found}{by}"
        )


def run_cases(policy: Policy, folder: Path) -> list[Failure]:
    """Every case of ``folder`` that does not hold under ``policy``.

    Raises:
        CaseFileError: a file cannot be read, or there is no case at all.
    """
    return list(failing(policy, read_cases(folder)))


def failing(policy: Policy, cases: Iterable[Case]) -> Iterator[Failure]:
    """The cases that do not hold."""
    for case in cases:
        found = effect(policy.rights(case.actor.roles), case)
        if found is not case.expected:
            yield Failure(case=case, found=found, rule=_deciding(policy, case, found))


def effect(rights: Rights, case: Case) -> Show:
    """What the case comes to: the strongest show over the scopes the actor is in."""
    scopes = _scopes(case)
    show = _strongest(rights, case.coordinate, case.action, scopes)
    if case.action == Action.READ and "." in case.coordinate:
        row = _strongest(rights, case.resource.type, Action.READ, scopes)
        return show if row is Show.FULL else Show.NONE
    return show


def _strongest(rights: Rights, coordinate: str, action: str, scopes: tuple[Scope, ...]) -> Show:
    ladder = rights.cell(coordinate, action)
    return strongest(ladder[scope] for scope in scopes if scope in ladder)


def _scopes(case: Case) -> tuple[Scope, ...]:
    mine, its = scope_values(case.actor), case.resource.values
    return tuple(
        scope
        for scope in scopes_of(case.coordinate)
        if scope is Scope.ANY or its[scope].intersection(mine[scope])
    )


def _deciding(policy: Policy, case: Case, found: Show) -> str | None:
    for role in sorted(case.actor.roles):
        for scope in _scopes(case):
            decision = policy.decide(role, case.coordinate, case.action, scope)
            if decision.rule and decision.show is found:
                return decision.rule.place
    return None
