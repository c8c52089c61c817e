"""The shipped policy, what is refused of a misspelt one, and ``Rights`` against Casbin itself."""

from collections.abc import Mapping
from importlib.resources import files

import casbin
import pytest

from graph.errors import ForbiddenError
from graph.model import Actor
from graph.rights import Action, Scope
from policies.errors import PolicyTextError
from policies.policy import ACTIONS, EFFECTS, RESOURCES, ROLES, SHOWS, Policy, load_policy

ROW = "p, 50, role:agent, Ticket, read, own_department, full, allow"


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy()


def cells(policy: Policy, *roles: str) -> Mapping[tuple[str, str], frozenset[Scope]]:
    return policy.rights(roles).cells


def test_rights_equal_enforce_cell_by_cell(policy: Policy) -> None:
    """Asked of an enforcer that reads the shipped files by itself."""
    folder = files("policies")
    enforcer = casbin.Enforcer(str(folder / "model.conf"), str(folder / "policy.csv"))
    for role in ROLES:
        found = cells(policy, role)
        for resource in RESOURCES:
            for action in map(str, ACTIONS):
                expected = {
                    scope
                    for scope in Scope
                    if enforcer.enforce(f"role:{role}", resource, action, str(scope))
                }
                assert found.get((resource, action), frozenset()) == expected, (role, resource)


def test_several_roles_may_do_what_each_may_do_alone(policy: Policy) -> None:
    both, customer, editor = (
        cells(policy, *roles) for roles in (("customer", "editor"), ("customer",), ("editor",))
    )
    assert both == {
        cell: customer.get(cell, frozenset()) | editor.get(cell, frozenset())
        for cell in {*customer, *editor}
    }


@pytest.mark.parametrize("roles", [(), ("",), ("root",), ("role:agent",), ("Agent",)])
def test_nobody_and_unknown_roles_have_no_right(policy: Policy, roles: tuple[str, ...]) -> None:
    assert cells(policy, *roles) == {}


def test_an_unknown_role_adds_nothing_to_a_known_one(policy: Policy) -> None:
    assert cells(policy, "agent", "root") == cells(policy, "agent")


@pytest.mark.parametrize(
    ("heir", "ancestor"), [("specialist", "agent"), ("supervisor", "agent"), ("admin", "editor")]
)
def test_an_heir_may_do_all_that_its_ancestor_may(policy: Policy, heir: str, ancestor: str) -> None:
    theirs = cells(policy, heir)
    assert all(scopes <= theirs[cell] for cell, scopes in cells(policy, ancestor).items())


@pytest.mark.parametrize(
    ("role", "resource", "action", "scopes"),
    [
        ("customer", "Ticket", "read", {Scope.OWN_CUSTOMER}),
        ("agent", "Ticket", "read", {Scope.OWN_DEPARTMENT}),
        ("supervisor", "Ticket", "read", {Scope.OWN_DEPARTMENT, Scope.OWN_LINE}),
        ("service", "Ticket", "read", set(Scope)),
        ("analyst", "Ticket", "read", set()),
        ("editor", "Ticket", "read", set()),
        ("editor", "Knowledge", "update", set(Scope)),
        ("agent", "Knowledge", "update", set()),
        ("auditor", "Ticket", "create", set()),
        ("customer", "Route", "read", set()),
    ],
)
def test_the_shipped_policy_says(
    policy: Policy, role: str, resource: str, action: str, scopes: set[Scope]
) -> None:
    assert set(cells(policy, role).get((resource, action), frozenset())) == scopes


def test_rights_are_computed_once_for_a_set_of_roles(policy: Policy) -> None:
    assert policy.rights(["agent", "editor"]) is policy.rights(("editor", "agent", "agent"))


def test_a_deny_of_a_lower_number_wins_over_an_allow() -> None:
    policy = load_policy(f"{ROW}\np, 10, role:agent, Ticket, read, any, none, deny\n")
    assert cells(policy, "agent") == {}


def test_a_deny_binds_its_role_and_its_heirs_only() -> None:
    policy = load_policy(
        "g, role:supervisor, role:agent\n"
        "p, 50, role:agent, Ticket, read, any, full, allow\n"
        "p, 50, role:service, Ticket, read, any, full, allow\n"
        "p, 10, role:agent, Ticket, read, any, none, deny\n"
    )
    assert [bool(cells(policy, role)) for role in ("agent", "supervisor", "service")] == [
        False,
        False,
        True,
    ]


def test_comments_and_empty_lines_are_passed_over() -> None:
    assert len(load_policy(f"# why\n\n  # and why\n{ROW}\n").rows) == 1


@pytest.mark.parametrize(
    ("row", "says"),
    [
        pytest.param(ROW.replace("role:agent", "role:agnet"), "role is 'role:agnet'", id="role"),
        pytest.param(ROW.replace("role:agent", "agent"), "role is 'agent'", id="bare role"),
        pytest.param(ROW.replace("Ticket", "Tickets"), "resource is 'Tickets'", id="resource"),
        pytest.param(ROW.replace("read", "raed"), "action is 'raed'", id="action"),
        pytest.param(ROW.replace("own_department", "own_dept"), "scope is 'own_dept'", id="scope"),
        pytest.param(ROW.replace("full", "ful"), "show is 'ful'", id="show"),
        pytest.param(ROW.replace("allow", "Deny"), "effect is 'Deny'", id="effect"),
        pytest.param(ROW.replace("50", "5O"), "priority is '5O'; write a whole", id="priority"),
        pytest.param(ROW.replace("50", "-1"), "priority is '-1'; write a whole", id="negative"),
        pytest.param(ROW.removesuffix(", allow"), "6 columns; expected 7", id="too few"),
        pytest.param(f"{ROW}, allow", "8 columns; expected 7", id="too many"),
        pytest.param("q, 50", "starts with 'q'; allowed: p, g", id="kind"),
        pytest.param("g, role:admin, role:edtior", "ancestor is 'role:edtior'", id="ancestor"),
        pytest.param("g, admin, role:editor", "heir is 'admin'", id="heir"),
        pytest.param("g, role:admin", "1 columns; expected 2: heir, ancestor", id="short g"),
    ],
)
def test_a_typo_is_refused_with_file_line_and_what_is_allowed(row: str, says: str) -> None:
    with pytest.raises(PolicyTextError) as error:
        load_policy(f"# a comment\n{ROW}\n{row}\n", source="mine.csv")
    assert str(error.value).startswith("mine.csv:3: ")
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("column", "allowed"),
    [
        ("role:agent", [f"role:{role}" for role in ROLES]),
        ("Ticket", RESOURCES),
        ("own_department", list(Scope)),
        ("full", SHOWS),
        ("allow", EFFECTS),
    ],
)
def test_the_message_lists_what_is_allowed(column: str, allowed: list[str]) -> None:
    with pytest.raises(PolicyTextError, match="; allowed: ") as error:
        load_policy(ROW.replace(column, "wrong"))
    assert str(error.value).endswith("allowed: " + ", ".join(allowed))


@pytest.mark.parametrize("text", ["", "\n", "# nothing but a comment\n"])
def test_a_policy_without_rows_allows_nothing(text: str) -> None:
    policy = load_policy(text)
    assert all(cells(policy, role) == {} for role in ROLES)


def test_reach_carries_only_the_attributes_that_a_scope_needs(policy: Policy) -> None:
    actor = Actor(
        id="a",
        roles=frozenset({"agent"}),
        customer_id="c-1",
        department_ids=frozenset({"billing"}),
        line_ids=frozenset({"home"}),
    )
    reach = policy.rights(actor.roles).reach(actor, Action.READ, "Ticket")
    assert reach.parameters() == {
        "everything": False,
        "customer_id": None,
        "department_ids": ["billing"],
        "line_ids": [],
    }


def test_a_right_in_no_scope_is_forbidden_by_action_and_resource_alone(policy: Policy) -> None:
    nobody = Actor(id="anonymous")
    with pytest.raises(ForbiddenError, match="do not allow 'read' on 'Ticket'") as error:
        policy.rights(nobody.roles).reach(nobody, "read", "Ticket")
    assert "anonymous" not in str(error.value)
