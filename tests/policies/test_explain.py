"""What is explained is what ``Rights`` hold and what Casbin answered, everywhere."""

import pytest

from graph.rights import Action, Scope, Show
from policies.explain import REASONS, Cell, Step, explain, matrix, who
from policies.matrix import closure
from policies.objects import OBJECTS, actions_of, scopes_of
from policies.policy import ROLES, Policy, load_policy, shipped_policy
from policies.text import Heir, read_policy

TYPES = {one for one in OBJECTS if "." not in one}


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy()


def step(cell: Cell, scope: Scope) -> Step:
    (found,) = (one for one in cell.steps if one.scope is scope)
    return found


def test_every_explanation_shows_what_rights_show(policy: Policy) -> None:
    for role in ROLES:
        rights = policy.rights([role])
        for coordinate in OBJECTS[::3]:
            for action in actions_of(coordinate):
                cell = explain(policy, role, coordinate, action)
                assert [one.scope for one in cell.steps] == list(scopes_of(coordinate))
                ladder = rights.cell(coordinate, action)
                assert cell.permitted == bool(ladder)
                for one in cell.steps:
                    shows = {ladder.get(Scope.ANY), ladder.get(one.scope)} - {None}
                    assert one.show in (shows or {Show.NONE})
                    assert one.reason in REASONS


def test_the_matrix_has_every_permitted_cell_and_no_other(policy: Policy) -> None:
    cells = {(cell.coordinate, cell.action) for cell in matrix(policy, ["agent"], TYPES)}
    assert cells == set(policy.rights(["agent"]).cells)
    tickets = {cell.coordinate for cell in matrix(policy, ["agent"], ["Ticket"])}
    assert tickets == {one for one, _ in cells if one.partition(".")[0] == "Ticket"}


def test_a_rule_is_named_with_line_and_the_roles_it_came_through(policy: Policy) -> None:
    found = step(explain(policy, "supervisor", "Customer.name", "read"), Scope.ASSIGNED)
    assert (found.show, found.reason, found.rows) == (Show.FULL, "rule", True)
    assert found.rule is not None
    assert found.through == ("supervisor", "specialist", "agent")
    line = shipped_policy().splitlines()[found.rule.line - 1]
    assert [*map(str.strip, line.split(","))] == ["p", *found.rule.cells]
    own = step(explain(policy, "supervisor", "Customer.name", "read"), Scope.OWN_DEPARTMENT)
    assert own.through == ("supervisor",)


def test_who_may_read_a_name(policy: Policy) -> None:
    found = {cell.role: step(cell, Scope.ANY).show for cell in who(policy, "Customer.name", "read")}
    assert found == {
        "customer": Show.NONE,
        "agent": Show.NONE,
        "specialist": Show.NONE,
        "supervisor": Show.NONE,
        "auditor": Show.MASKED,
        "admin": Show.MASKED,
    }
    assert who(policy, "Customer.name", "aggregate") == []


def test_values_in_rows_that_are_not_seen_are_told_apart(policy: Policy) -> None:
    found = step(explain(policy, "analyst", "Ticket.state", "read"), Scope.ANY)
    assert (found.show, found.rows) == (Show.FULL, False)
    assert step(explain(policy, "auditor", "Ticket.state", "read"), Scope.ANY).rows


@pytest.mark.parametrize(
    ("rows", "coordinate", "action", "scope", "show", "reason"),
    [
        ("", "Ticket", "read", Scope.ANY, Show.NONE, "no-rule"),
        ("Ticket, read, any, none, deny", "Ticket", "read", Scope.ANY, Show.NONE, "rule"),
        ("Ticket, read, any, full, allow", "Ticket", "read", Scope.GRANTED, Show.FULL, "rule"),
        ("Ticket, read, any, masked, allow", "Ticket", "read", Scope.ANY, Show.NONE, "no-mask"),
        (
            "Ticket.state, filter, any, full, allow",
            "Ticket.state",
            "filter",
            Scope.ANY,
            Show.NONE,
            "unread",
        ),
        (
            "Ticket, read, any, full, allow\np, 10, role:agent, Ticket, read, assigned, none, deny",
            "Ticket",
            "read",
            Scope.ASSIGNED,
            Show.FULL,
            "anywhere",
        ),
    ],
)
def test_every_reason_has_its_case(
    rows: str, coordinate: str, action: str, scope: Scope, show: Show, reason: str
) -> None:
    policy = load_policy(f"p, 50, role:agent, {rows}" if rows else "")
    found = step(explain(policy, "agent", coordinate, action), scope)
    assert (found.show, found.reason) == (show, reason)


def test_ancestors_come_nearest_first_and_cycles_end() -> None:
    text = (
        "g, role:supervisor, role:specialist\n"
        "g, role:specialist, role:agent\n"
        "g, role:agent, role:supervisor\n"
    )
    heirs: tuple[Heir, ...] = read_policy(text, source="x").heirs
    assert closure("supervisor", heirs) == ("role:supervisor", "role:specialist", "role:agent")
    policy = load_policy(f"{text}\np, 50, role:agent, Ticket, read, any, full, allow")
    found = step(explain(policy, "supervisor", "Ticket", Action.READ), Scope.ANY)
    assert found.through == ("supervisor", "specialist", "agent")
