"""Everything that is wrong with a policy text, all at once.

``load_policy`` refuses only what cannot be read. Here stands also what can be read and is still a
mistake. Whether a rule ever decides, and whether the order of lines does, is not guessed from the
text but asked of Casbin, for every role, class, action and scope.
"""

from collections.abc import Iterable, Iterator, Mapping

from graph.fields import TIERS
from graph.rights import Scope, Show
from graph.vocabulary import Tier
from policies.matrix import Judge, RoleMatrix, about, closure
from policies.objects import OBJECTS, TELLING, TIER, actions_of, is_value, maskable, scopes_of
from policies.text import ROLE, ROLES, Finding, Heir, PolicyText, Rule, read_policy

CODES: Mapping[str, str] = {
    "kind": "a line starts with neither p nor g",
    "columns": "columns are missing, or too many",
    "priority": "the priority is no whole number",
    "role": "no such role",
    "object": "no such tier, coordinate or resource; there is no wildcard",
    "action": "no such action",
    "scope": "no such scope",
    "show": "no such show",
    "effect": "neither allow nor deny",
    "outcome": "allow shows nothing, or deny shows something",
    "not-applicable": "the action or the scope means nothing for what the rule is about",
    "mask": "masked where nothing can be masked: only single texts that are read",
    "too-wide": "a whole sensitive or secret tier in scope any",
    "cycle": "a role is its own ancestor",
    "needs-read": "filter, sort or aggregate where no value is read in full",
    "never-decides": "other rules of lower priority numbers decide everything that the rule covers",
    "no-effect": "a mask, deny or allow for rows that a rule for any shows as much of anyway",
    "order": "two rules of equal priority disagree: the order of lines would decide",
}
"""Every code and what it means."""

_WHOLESALE = tuple(f"{TIER}{tier}" for tier in (Tier.SENSITIVE, Tier.SECRET))


def lint(policy_text: str, *, source: str = "policy.csv") -> list[Finding]:
    """Everything to mend, by line. An empty list is a policy that says what it means."""
    read = read_policy(policy_text, source=source)
    alone = [found for rule in read.rules for found in _alone(rule)]
    told = {one.line for one in alone}
    matrices = {role: RoleMatrix(role, read.rules, read.heirs) for role in ROLES}
    asked = (*_never(read, matrices), *_ineffective(read, matrices), *_unread(read, matrices))
    found = (
        *read.problems,
        *alone,
        *_cycles(read.heirs),
        *(one for one in asked if one.line not in told),
        *_ordered(read, matrices),
    )
    return sorted(found, key=lambda one: (one.line, one.code))


def covered(rule: Rule) -> list[str]:
    """The coordinates or resources that the rule can be about: itself, or those of its tier."""
    if rule.object.startswith(TIER):
        tier = rule.object.removeprefix(TIER)
        return [one for one in OBJECTS if TIERS.get(one) == tier]
    return [rule.object]


def _alone(rule: Rule) -> Iterator[Finding]:
    """What is wrong with a rule whatever the others say."""
    if (rule.effect == "deny") != (rule.show is Show.NONE):
        yield _finding(rule, "outcome", f"{rule.effect} with {rule.show}; deny goes with none")
    if rule.object in _WHOLESALE and rule.effect == "allow" and rule.scope is Scope.ANY:
        yield _finding(rule, "too-wide", f"all of {rule.object} in scope any; name coordinates")
    known = [one for one in covered(rule) if rule.action in actions_of(one)]
    if not known:
        yield _finding(rule, "not-applicable", f"{rule.action!r} means nothing on {rule.object}")
    elif not any(rule.scope in scopes_of(one) for one in known):
        here = ", ".join(dict.fromkeys(str(s) for one in known for s in scopes_of(one)))
        message = f"{rule.object} has no rows {rule.scope}; scopes: {here}"
        yield _finding(rule, "not-applicable", message)
    elif rule.show is Show.MASKED and not any(maskable(one, rule.action) for one in known):
        message = f"{rule.object} has no text to mask for {rule.action!r}"
        yield _finding(rule, "mask", message)


def _cycles(heirs: Iterable[Heir]) -> Iterator[Finding]:
    heirs = tuple(heirs)
    for one in heirs:
        if one.heir in closure(one.ancestor.removeprefix(ROLE), heirs):
            message = f"{one.heir} is its own ancestor through {one.ancestor}"
            yield Finding(line=one.line, code="cycle", message=message)


def _never(read: PolicyText, matrices: Mapping[str, RoleMatrix]) -> Iterator[Finding]:
    deciding = {
        decision.rule.line
        for matrix in matrices.values()
        for decision in matrix.counted.values()
        if decision.rule
    }
    for rule in read.rules:
        if rule.line not in deciding:
            before = _instead(rule, matrices[rule.role.removeprefix(ROLE)])
            yield _finding(rule, "never-decides", f"line {before} decides instead")


def _instead(rule: Rule, matrix: RoleMatrix) -> str:
    """The lines that decide where ``rule`` might have."""
    lines = {
        decision.rule.line
        for one in covered(rule)
        for scope, decision in matrix.decisions(one, rule.action).items()
        if decision.rule and rule.scope in (Scope.ANY, scope)
    }
    return " and ".join(map(str, sorted(lines)))


def _ineffective(read: PolicyText, matrices: Mapping[str, RoleMatrix]) -> Iterator[Finding]:
    """Rules for narrower rows that are shown as much or more anyway, for whichever roles."""
    effective: dict[int, bool] = {}
    for matrix in matrices.values():
        decided = matrix.counted
        for (class_, action, _), decision in decided.items():
            rule = decision.rule
            if rule and rule.scope is not Scope.ANY:
                anywhere = decided[class_, action, Scope.ANY].show
                adds = anywhere is Show.NONE or rule.outcome.strength > anywhere.strength
                effective[rule.line] = effective.get(rule.line, False) or adds
    for rule in read.rules:
        if effective.get(rule.line) is False:
            yield _finding(rule, "no-effect", "a rule for any shows as much or more of these rows")


def _unread(read: PolicyText, matrices: Mapping[str, RoleMatrix]) -> Iterator[Finding]:
    """Rules that tell of values which neither their role nor any heir reads in full there."""
    for rule in read.rules:
        values = [one for one in covered(rule) if is_value(one) and rule.action in actions_of(one)]
        if rule.action not in TELLING or rule.effect == "deny" or not values:
            continue
        read_there = (
            decision.show is Show.FULL
            for matrix in matrices.values()
            if rule in matrix.rules
            for one in values
            for scope, decision in matrix.decisions(one, "read").items()
            if scope in scopes_of(one) and rule.scope in (Scope.ANY, scope)
        )
        if not any(read_there):
            message = f"{rule.action} needs read in full of {rule.object} in {rule.scope}"
            yield _finding(rule, "needs-read", message)


def _ordered(read: PolicyText, matrices: Mapping[str, RoleMatrix]) -> Iterator[Finding]:
    """Each pair of rules that disagrees on some question at the priority that decides it."""
    told: set[tuple[int, int]] = set()
    for role, matrix in matrices.items():
        for (class_, action, scope), decision in matrix.counted.items():
            for pair in _disagreeing(decision.rule, matrix, (role, class_, scope), read.heirs):
                if pair not in told:
                    told.add(pair)
                    message = (
                        f"{action} of {class_} in {scope} for {ROLE}{role}: line {pair[0]} says"
                        " otherwise at equal priority; give one of them a lower number"
                    )
                    yield Finding(line=pair[1], code="order", message=message)


def _disagreeing(
    winner: Rule | None,
    matrix: RoleMatrix,
    asked: tuple[str, str, Scope],
    heirs: Iterable[Heir],
) -> Iterator[tuple[int, int]]:
    """The winner's line and a rival's, the smaller first, for each rule that could have won."""
    if winner is None:
        return
    role, class_, scope = asked
    for rule in matrix.rules:
        alike = (rule.priority, rule.action) == (winner.priority, winner.action)
        if alike and rule.outcome is not winner.outcome and rule.object in about(class_):
            judge = Judge((rule,), heirs, named=(class_,))
            if judge.decide(role, class_, rule.action, scope).rule:
                yield min(winner.line, rule.line), max(winner.line, rule.line)


def _finding(rule: Rule, code: str, message: str) -> Finding:
    return Finding(line=rule.line, code=code, message=message)
