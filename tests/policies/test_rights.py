"""``Rights`` against Casbin, asked of enforcers that were given every coordinate's tier."""

import random
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

import casbin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.fields import FIELDS, TIERS
from graph.rights import ACTIONS, RESOURCES, Rights, Scope, Show
from graph.schema import Kind
from graph.scopes import SCOPES
from graph.vocabulary import Label, Tier
from policies.policy import ROLES, Policy, load_policy, shipped_policy

ANY = Scope.ANY
PERSONAL = [one for one, tier in TIERS.items() if tier is Tier.PERSONAL] * 10
TELLING = ("filter", "sort", "aggregate")
TICKETS_ONLY = (
    "delete",
    "assign",
    "triage",
    "answer",
    "handover",
    "resolve",
    "reopen",
    "comment",
    "rate",
)
MODEL = files("policies").joinpath("model.conf")
Ask = Callable[[str, str, str, Scope], Show]


def enforcer_of(lines: Iterable[str], folder: Path) -> casbin.Enforcer:
    """Casbin's own reading of a file: these lines, and a tier for every coordinate there is."""
    file = folder / "policy.csv"
    tiers = (f"g2, {coordinate}, tier:{tier}" for coordinate, tier in TIERS.items())
    file.write_text("\n".join((*lines, *tiers)), encoding="utf-8")
    return casbin.Enforcer(str(MODEL), str(file))


def asking(lines: Sequence[str], folder: Path) -> Ask:
    """``enforce_ex`` over ``lines``.

    One enforcer per role and action, so that this ends today: Casbin says who inherits from whom,
    and rows of other roles and actions cannot match. The next test asks all rows at once.
    """
    rows = [[*map(str.strip, line.split(","))] for line in lines if line.startswith("p,")]
    heirs = [line for line in lines if line.startswith("g,")]
    inheriting = enforcer_of(heirs, folder)

    @cache
    def enforcer(role: str, action: str) -> casbin.Enforcer | None:
        mine = {f"role:{role}", *inheriting.get_implicit_roles_for_user(f"role:{role}")}
        kept = [", ".join(row) for row in rows if row[2] in mine and row[4] == action]
        return enforcer_of((*heirs, *kept), folder) if kept else None

    @cache
    def ask(role: str, coordinate: str, action: str, scope: Scope) -> Show:
        request = (f"role:{role}", coordinate, action, str(scope))
        if judge := enforcer(role, action):
            allowed, row = judge.enforce_ex(*request)
            return Show(row[5]) if allowed else Show.NONE
        return Show.NONE

    return ask


def is_text(coordinate: str) -> bool:
    label, _, name = coordinate.partition(".")
    field = FIELDS[Label(label)][name] if name else None
    return bool(field and field.property and field.property.kind is Kind.TEXT)


def has_rows(coordinate: str, scope: Scope) -> bool:
    """Whether there are rows of the scope at all."""
    label = coordinate.partition(".")[0]
    return scope is ANY or (label in SCOPES and scope in SCOPES[Label(label)])


def means_something(coordinate: str, action: str) -> bool:
    """Whether the action can be done to it, in words of our own."""
    label, dot, name = coordinate.partition(".")
    if coordinate in RESOURCES:
        return action in ("read", "create", "update", "run")
    if not dot:
        known = ("read", "aggregate", "create", "update", "delete")
        return action in known or (label == "Ticket" and action in TICKETS_ONLY)
    field = FIELDS[Label(label)][name]
    if field.property is None:
        return action in ("read", "filter", "aggregate", "create", "update")
    if field.property.sealed:
        return action in ("read", "filter", "create", "update")
    return action in ("read", "filter", "sort", "aggregate", "create", "update")


def expected(ask: Ask, roles: Iterable[str], coordinate: str, action: str, scope: Scope) -> Show:
    """What rows of ``scope`` show to these roles; whatever is shown anywhere is shown there."""
    if not means_something(coordinate, action):
        return Show.NONE
    asked = [(role, one) for role in roles for one in {ANY, scope} if has_rows(coordinate, one)]
    found = [ask(role, coordinate, action, one) for role, one in asked]
    found = [show for show in found if show is not Show.NONE]
    if action != "read" or not is_text(coordinate):
        found = [show for show in found if show is not Show.MASKED]
    if found and action in TELLING and "." in coordinate:
        read = any(ask(role, coordinate, "read", one) is Show.FULL for role, one in asked)
        found = found if read else []
    return next((show for show in (Show.FULL, Show.MASKED) if show in found), Show.NONE)


def told(rights: Rights, coordinate: str, action: str, scope: Scope) -> Show:
    ladder = rights.cell(coordinate, action)
    shows = {ladder.get(ANY), ladder.get(scope)}
    return next((show for show in (Show.FULL, Show.MASKED) if show in shows), Show.NONE)


def test_five_thousand_requests_are_answered_as_casbin_does(tmp_path: Path) -> None:
    policy, ask = load_policy(), asking(shipped_policy().splitlines(), tmp_path)
    draw = random.Random(4)
    shows = []
    for _ in range(5_000):
        roles = draw.sample(ROLES, k=draw.choice((1, 1, 2, 3)))
        coordinate = draw.choice((*TIERS, *RESOURCES, *PERSONAL))
        action = draw.choice(("read", "read", *ACTIONS))
        scope = draw.choice(tuple(Scope))
        found = told(policy.rights(roles), coordinate, action, scope)
        assert found is expected(ask, roles, coordinate, action, scope), (
            roles, coordinate, action, scope,
        )  # fmt: skip
        shows.append(found)
    assert {show: shows.count(show) > 20 for show in Show} == dict.fromkeys(Show, True)


def test_some_requests_over_the_whole_policy_at_once(tmp_path: Path) -> None:
    """As above, of one enforcer that has every row: what was left out there changes nothing."""
    policy = load_policy()
    whole = enforcer_of(shipped_policy().splitlines(), tmp_path)
    draw = random.Random(5)
    for _ in range(400):
        role, coordinate = draw.choice(ROLES), draw.choice((*TIERS, *RESOURCES))
        action, scope = draw.choice(("read", *ACTIONS)), draw.choice(tuple(Scope))
        allowed, row = whole.enforce_ex(f"role:{role}", coordinate, action, str(scope))
        decision = policy.decide(role, coordinate, action, scope)
        assert decision.show is (Show(row[5]) if allowed else Show.NONE)
        assert (decision.rule.cells if decision.rule else []) == row


SOME = (
    "Ticket", "Ticket.state", "Ticket.department", "Customer.name", "Customer.region",
    "Customer.id", "Product.price", "Order.total", "Knowledge",
)  # fmt: skip
OBJECTS = (*SOME, "tier:public", "tier:internal", "tier:personal")
PAIR = st.sampled_from(
    (("full", "allow"), ("full", "allow"), ("masked", "allow"), ("none", "deny"))
)
RULES = st.lists(
    st.builds(
        lambda priority, role, about, action, scope, pair: (
            f"p, {priority}, role:{role}, {about}, {action}, {scope}, {pair[0]}, {pair[1]}"
        ),
        st.sampled_from((9, 10, 40)),
        st.sampled_from(("agent", "supervisor", "editor")),
        st.sampled_from(OBJECTS),
        st.sampled_from(("read", "read", "filter", "aggregate", "update")),
        st.sampled_from(tuple(Scope)),
        PAIR,
    ),
    min_size=1,
    max_size=9,
)
HEIRS = st.sampled_from(
    ((), ("g, role:supervisor, role:agent",), ("g, role:editor, role:supervisor",))
)


@settings(max_examples=60)
@given(
    rules=RULES,
    heirs=HEIRS,
    roles=st.sets(st.sampled_from(ROLES[:5]), min_size=1, max_size=3),
    coordinates=st.sets(st.sampled_from(SOME), min_size=2, max_size=3),
)
def test_any_policy_is_answered_as_casbin_does(
    rules: list[str],
    heirs: tuple[str, ...],
    roles: set[str],
    coordinates: set[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Denies, equal priorities, inheritance: whatever the rows, in whatever order."""
    lines = [*heirs, *rules]
    ask = asking(lines, tmp_path_factory.getbasetemp())
    rights = load_policy("\n".join(lines)).rights(roles)
    for coordinate in sorted(coordinates):
        for action in sorted({line.split(", ")[4] for line in rules}):
            for scope in Scope:
                found = told(rights, coordinate, action, scope)
                assert found is expected(ask, roles, coordinate, action, scope), (
                    coordinate,
                    action,
                )


@pytest.mark.parametrize("roles", [(role,) for role in ROLES] + [ROLES, ("agent", "analyst")])
def test_ladders_hold_nothing_that_adds_nothing(roles: tuple[str, ...]) -> None:
    cells = load_policy().rights(roles).cells
    assert cells
    for (coordinate, action), ladder in cells.items():
        assert ladder, (coordinate, action)
        assert Show.NONE not in ladder.values()
        anywhere = ladder.get(ANY, Show.NONE).strength
        assert all(show.strength > anywhere for scope, show in ladder.items() if scope is not ANY)
        assert means_something(coordinate, action)
        assert all(has_rows(coordinate, scope) for scope in ladder)


def flipped(line: str) -> str:
    """The rule saying the opposite."""
    *kept, _, _ = line.split(",")
    return ",".join((*kept, " none", " deny"))


def test_flipping_a_row_changes_what_its_role_may_do() -> None:
    lines = shipped_policy().splitlines()
    policy = load_policy()
    rules = [number for number, line in enumerate(lines) if line.startswith("p,")]
    for number in random.Random(6).sample(rules, k=len(rules) // 5):
        role = lines[number].split(",")[2].strip().removeprefix("role:")
        changed = Policy.rights(load_policy("\n".join(with_flipped(lines, number))), [role])
        assert changed.cells != policy.rights([role]).cells, lines[number]


def with_flipped(lines: Sequence[str], number: int) -> list[str]:
    return [flipped(line) if at == number else line for at, line in enumerate(lines)]
