"""One role's part of the policy, asked of Casbin once per class, action and scope.

A *class* is a tier, a resource, or a coordinate that one of the role's rules names with that
action: whatever else belongs to the tier is decided alike, so one answer serves them all. Casbin
sees only the rules that can match the question (the role's own and its ancestors', about the class
or its tier, of that action), in Casbin's own order, which leaves its answer what it would be over
the whole policy; a question that no rule can match is not asked. Casbin is never told of a person.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

import casbin
from casbin import persist

from graph.fields import TIERS
from graph.rights import Scope, Show
from policies.objects import OBJECTS, TIER, actions_of, scopes_of
from policies.text import COLUMNS, ROLE, Heir, Rule


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What is shown and the rule that says so; ``None`` where no rule says anything: denied."""

    show: Show
    rule: Rule | None


DENIED = Decision(show=Show.NONE, rule=None)
_NOTHING: Mapping[Scope, Decision] = dict.fromkeys(Scope, DENIED)


class RoleMatrix:
    """Every decision for one role, by class and action; scopes that do not apply included."""

    def __init__(self, role: str, rules: Sequence[Rule], heirs: Sequence[Heir]) -> None:
        line = closure(role, heirs)
        self.rules = tuple(rule for rule in rules if rule.role in line)
        self._named = frozenset((rule.object, rule.action) for rule in self.rules)
        self._objects = frozenset(rule.object for rule in self.rules)
        self._table = _ask(role, self.rules, [one for one in heirs if one.heir in line])

    def alike(self, coordinate: str) -> str:
        """Coordinates of which this is the same are decided alike, whatever the action."""
        named = coordinate in self._objects or coordinate not in TIERS
        return coordinate if named else f"{TIER}{TIERS[coordinate]}"

    def _class(self, coordinate: str, action: str) -> str:
        named = (coordinate, action) in self._named or coordinate not in TIERS
        return coordinate if named else f"{TIER}{TIERS[coordinate]}"

    def decisions(self, coordinate: str, action: str) -> Mapping[Scope, Decision]:
        """Every scope's decision, as Casbin gave it."""
        return self._table.get((self._class(coordinate, action), action), _NOTHING)

    @cached_property
    def counted(self) -> Mapping[tuple[str, str, Scope], Decision]:
        """The decisions that some coordinate or resource is under, by class, action and scope.

        Without those that no rule can be about.
        """
        return {
            (self._class(one, action), action, scope): decisions[scope]
            for one in (OBJECTS if self.rules else ())
            for action in actions_of(one)
            if (decisions := self._table.get((self._class(one, action), action)))
            for scope in scopes_of(one)
        }


def closure(role: str, heirs: Iterable[Heir]) -> tuple[str, ...]:
    """``role`` and its ancestors as written in the policy, nearest first; cycles end."""
    found = [f"{ROLE}{role}"]
    heirs = tuple(heirs)
    for one in found:
        found += [
            link.ancestor for link in heirs if link.heir == one and link.ancestor not in found
        ]
    return tuple(found)


def _ask(
    role: str, rules: Sequence[Rule], heirs: Sequence[Heir]
) -> Mapping[tuple[str, str], Mapping[Scope, Decision]]:
    judge = Judge(rules, heirs, named=[rule.object for rule in rules if rule.object in TIERS])
    table = {}
    for class_, action in dict.fromkeys((rule.object, rule.action) for rule in rules):
        objects = about(class_)
        judge.hear(rule for rule in rules if rule.action == action and rule.object in objects)
        table[class_, action] = judge.ladder(role, class_, action)
    return table


def about(class_: str) -> tuple[str, ...]:
    """What a rule names to be about ``class_``: itself and, of a coordinate, its tier."""
    return (class_, f"{TIER}{TIERS[class_]}") if class_ in TIERS else (class_,)


class Judge:
    """A Casbin enforcer over some rules, narrowed to those a question can be about.

    It knows the tiers of the coordinates ``named``.
    """

    def __init__(
        self, rules: Sequence[Rule], heirs: Iterable[Heir], *, named: Iterable[str]
    ) -> None:
        model = casbin.Model()
        model.load_model_from_text(_model_text())
        rows = [["p", *rule.cells] for rule in rules]
        rows += [["g", one.heir, one.ancestor] for one in heirs]
        rows += [["g2", one, f"{TIER}{TIERS[one]}"] for one in dict.fromkeys(named) if one in TIERS]
        self._enforcer = _Enforcer(model, _Rows(rows))
        self._sorted = tuple(tuple(row) for row in self._enforcer.get_policy())
        self._rules: dict[tuple[str, ...], Rule] = {}
        for rule in rules:
            self._rules.setdefault(tuple(rule.cells), rule)
        self._scopes = frozenset(row[_SCOPE] for row in self._sorted)

    def hear(self, rules: Iterable[Rule]) -> None:
        """From now on only ``rules`` are in force, in the order that Casbin gave them."""
        kept = {tuple(rule.cells) for rule in rules}
        heard = [list(row) for row in self._sorted if row in kept]
        self._enforcer.model["p"]["p"].policy = heard
        self._scopes = frozenset(row[_SCOPE] for row in heard)

    def ladder(self, role: str, object_: str, action: str) -> Mapping[Scope, Decision]:
        """Every scope's decision. A scope that no rule names matches what ``any`` matches."""
        anywhere = self.decide(role, object_, action, Scope.ANY)
        return {
            scope: self.decide(role, object_, action, scope) if scope in self._scopes else anywhere
            for scope in Scope
        }

    def decide(self, role: str, object_: str, action: str, scope: Scope) -> Decision:
        """One question."""
        if not self._scopes:
            return DENIED
        allowed, row = self._enforcer.enforce_ex(f"{ROLE}{role}", object_, action, str(scope))
        rule = self._rules[tuple(row)] if row else None
        return Decision(show=rule.show if allowed and rule else Show.NONE, rule=rule)


_SCOPE = COLUMNS.index("scope")


@cache
def _model_text() -> str:
    return files("policies").joinpath("model.conf").read_text("utf-8")


class _Enforcer(casbin.Enforcer):  # type: ignore[misc]
    """Casbin's own, reading its one matcher once instead of at every question (half the time)."""

    _matcher = None

    def _get_expression(self, expr: str, functions: object = None) -> object:
        # Heirs and tiers never change here, so the functions of the first question stay right.
        if self._matcher is None:
            self._matcher = super()._get_expression(expr, functions)
        return self._matcher


class _Rows(persist.Adapter):  # type: ignore[misc]
    """Hands checked rows to Casbin; nothing is ever written back."""

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        self._rows = rows

    def load_policy(self, model: casbin.Model) -> None:
        for kind, *cells in self._rows:
            model[kind[0]][kind].policy.append(cells)
