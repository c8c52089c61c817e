"""``Rights`` against Casbin, asked of enforcers that were given every coordinate's tier."""

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.fields import TIERS
from graph.rights import ACTIONS, RESOURCES, Scope, Show
from policies.policy import ROLES, load_policy, shipped_policy
from tests.policies.independent import (
    ANY,
    asking,
    enforcer_of,
    expected,
    has_rows,
    means_something,
    requests,
    told,
)


def test_five_thousand_requests_are_answered_as_casbin_does(tmp_path: Path) -> None:
    policy, ask = load_policy(), asking(shipped_policy().splitlines(), tmp_path)
    shows = []
    for request in requests(5_000, seed=4):
        found = told(policy.rights(request[0]), *request[1:])
        assert found is expected(ask, *request), request
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
        changed = load_policy("\n".join(with_flipped(lines, number))).rights([role])
        assert changed.cells != policy.rights([role]).cells, lines[number]


def with_flipped(lines: Sequence[str], number: int) -> list[str]:
    return [flipped(line) if at == number else line for at, line in enumerate(lines)]
