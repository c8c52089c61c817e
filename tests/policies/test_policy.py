"""The shipped policy, what is refused of a misspelt one, and what several roles may do together."""

import logging
from collections.abc import Iterator, Mapping
from typing import Any

import casbin
import pytest

from graph.errors import ForbiddenError
from graph.fields import TIERS
from graph.model import Actor
from graph.rights import ACTIONS, RESOURCES, Action, Ladder, Scope, Show, strongest
from graph.vocabulary import Tier
from policies.errors import PolicyTextError
from policies.policy import ROLES, Policy, load_policy
from policies.text import EFFECTS

ROW = "p, 50, role:agent, Ticket, read, own_department, full, allow"
ANY, LINE, DEPARTMENT, CUSTOMER, ASSIGNED, GRANTED = Scope
FULL, MASKED, NONE = Show


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy()


def cells(policy: Policy, *roles: str) -> Mapping[tuple[str, str], Ladder]:
    return policy.rights(roles).cells


def shown(ladder: Ladder, scope: Scope) -> Show:
    return strongest(ladder[one] for one in (ANY, scope) if one in ladder)


@pytest.mark.parametrize("roles", [(), ("",), ("root",), ("role:agent",), ("Agent",)])
def test_nobody_and_unknown_roles_have_no_right(policy: Policy, roles: tuple[str, ...]) -> None:
    assert cells(policy, *roles) == {}


def test_an_unknown_role_adds_nothing_to_a_known_one(policy: Policy) -> None:
    assert cells(policy, "agent", "root") == cells(policy, "agent")


@pytest.mark.parametrize(
    ("heir", "ancestor"), [("specialist", "agent"), ("supervisor", "agent"), ("admin", "editor")]
)
def test_an_heir_may_do_all_that_its_ancestor_may(policy: Policy, heir: str, ancestor: str) -> None:
    theirs = policy.rights([heir])
    for (coordinate, action), ladder in cells(policy, ancestor).items():
        for scope in Scope:
            inherited = shown(theirs.cell(coordinate, action), scope)
            assert inherited.strength >= shown(ladder, scope).strength, (coordinate, action)


@pytest.mark.parametrize(
    ("role", "coordinate", "action", "ladder"),
    [
        ("customer", "Ticket", "read", {CUSTOMER: FULL}),
        ("customer", "Ticket.agent", "read", {}),
        ("customer", "Comment.text", "read", {}),
        ("customer", "Product.price", "read", {ANY: FULL}),
        ("agent", "Ticket", "read", {DEPARTMENT: FULL, ASSIGNED: FULL, GRANTED: FULL}),
        ("agent", "Customer.name", "read", {DEPARTMENT: MASKED, ASSIGNED: FULL, GRANTED: FULL}),
        ("agent", "Customer.name", "filter", {ASSIGNED: FULL}),
        ("agent", "Customer.name", "sort", {}),
        ("agent", "Product.orders", "read", {}),
        ("specialist", "Ticket", "comment", {LINE: FULL, DEPARTMENT: FULL, ASSIGNED: FULL}),
        (
            "supervisor",
            "Customer.name",
            "read",
            {LINE: MASKED, DEPARTMENT: FULL, ASSIGNED: FULL, GRANTED: FULL},
        ),
        ("service", "Ticket", "read", {ANY: FULL}),
        ("service", "Customer.name", "read", {}),
        ("analyst", "Ticket", "read", {}),
        ("analyst", "Ticket", "aggregate", {ANY: FULL}),
        ("analyst", "Ticket.state", "aggregate", {ANY: FULL}),
        ("analyst", "Ticket.subject", "aggregate", {}),
        ("editor", "Ticket", "read", {}),
        ("editor", "Product", "delete", {ANY: FULL}),
        ("editor", "Product.orders", "update", {}),
        ("editor", "Knowledge", "update", {ANY: FULL}),
        ("agent", "Knowledge", "update", {}),
        ("auditor", "Policy", "read", {ANY: FULL}),
        ("auditor", "Customer.name", "read", {ANY: MASKED}),
        ("auditor", "Ticket", "create", {}),
        ("admin", "Policy", "update", {ANY: FULL}),
        ("customer", "Route", "read", {}),
    ],
)
def test_the_shipped_policy_says(
    policy: Policy, role: str, coordinate: str, action: str, ladder: Ladder
) -> None:
    rights = policy.rights([role])
    assert rights.cell(coordinate, action) == ladder
    assert rights.permits(coordinate, action) == bool(ladder)


def test_personal_values_in_full_are_never_for_everybodys(policy: Policy) -> None:
    personal = [one for one, tier in TIERS.items() if tier is Tier.PERSONAL]
    assert personal
    for one in personal:
        for role in ROLES:
            assert policy.rights([role]).cell(one, "read").get(ANY) is not FULL, (role, one)


def test_auditors_and_admins_see_people_masked_at_most(policy: Policy) -> None:
    for (coordinate, action), ladder in cells(policy, "auditor", "admin").items():
        if TIERS.get(coordinate) is Tier.PERSONAL:
            assert (action, dict(ladder)) == ("read", {ANY: MASKED})


def test_rights_are_computed_once_for_a_set_of_roles(policy: Policy) -> None:
    assert policy.rights(["agent", "editor"]) is policy.rights(("editor", "agent", "agent"))


def test_a_deny_of_a_lower_number_wins_over_an_allow() -> None:
    policy = load_policy(f"{ROW}\np, 10, role:agent, Ticket, read, any, none, deny\n")
    assert cells(policy, "agent") == {}


def test_priorities_are_numbers_and_not_texts() -> None:
    policy = load_policy(f"{ROW}\np, 9, role:agent, Ticket, read, any, none, deny\n")
    assert cells(policy, "agent") == {}


def test_the_order_of_lines_is_nothing_where_priorities_differ() -> None:
    rows = [ROW, "p, 10, role:agent, Ticket, read, own_department, none, deny"]
    assert cells(load_policy("\n".join(rows)), "agent") == {}
    assert cells(load_policy("\n".join(reversed(rows))), "agent") == {}


def test_a_coordinate_of_a_lower_number_wins_over_its_tier() -> None:
    policy = load_policy(
        "p, 50, role:agent, tier:personal, read, any, full, allow\n"
        "p, 40, role:agent, Customer.name, read, any, masked, allow\n"
    )
    rights = policy.rights(["agent"])
    assert rights.cell("Customer.name", "read") == {ANY: MASKED}
    assert rights.cell("Customer.address", "read") == {ANY: FULL}


def test_a_set_of_roles_has_the_strongest_show_of_each_per_scope() -> None:
    policy = load_policy(
        "p, 50, role:agent, Customer.name, read, own_department, full, allow\n"
        "p, 50, role:auditor, Customer.name, read, any, masked, allow\n"
        "p, 50, role:editor, Customer.name, read, own_customer, masked, allow\n"
        "p, 10, role:editor, Customer.name, read, own_department, none, deny\n"
    )
    ladder = policy.rights(["agent", "auditor", "editor"]).cell("Customer.name", "read")
    assert ladder == {ANY: MASKED, DEPARTMENT: FULL}


@pytest.mark.parametrize("action", ["filter", "aggregate"])
def test_what_tells_of_a_value_shrinks_to_where_it_is_read_in_full(action: str) -> None:
    policy = load_policy(
        f"p, 50, role:agent, Customer.region, {action}, any, full, allow\n"
        "p, 50, role:agent, Customer.region, read, own_line, masked, allow\n"
        "p, 50, role:agent, Customer.region, read, own_department, full, allow\n"
    )
    assert policy.rights(["agent"]).cell("Customer.region", action) == {DEPARTMENT: FULL}


def test_the_rows_of_a_type_may_be_counted_without_being_seen() -> None:
    policy = load_policy("p, 50, role:agent, Ticket, aggregate, any, full, allow")
    assert cells(policy, "agent") == {("Ticket", "aggregate"): {ANY: FULL}}


@pytest.mark.parametrize(
    ("object_", "action", "scope"),
    [
        ("Ticket.createdAt", "read", "any"),
        ("Agent.languages", "read", "any"),
        ("Ticket.customer", "read", "any"),
        ("Ticket", "read", "any"),
        ("Customer.name", "update", "any"),
    ],
)
def test_what_has_no_masked_form_is_not_shown_masked(object_: str, action: str, scope: str) -> None:
    row = f"p, 50, role:agent, {object_}, {action}, {scope}, masked, allow"
    assert cells(load_policy(row), "agent") == {}


def test_a_scope_counts_only_where_a_type_has_such_rows() -> None:
    policy = load_policy("p, 50, role:agent, tier:public, read, own_department, full, allow")
    assert {one.partition(".")[0] for one, _ in cells(policy, "agent")} == {
        "Agent", "Calendar", "Comment", "Customer", "Department", "Handover",
        "Identity", "Message", "Order", "Route", "Ticket",
    }  # fmt: skip


def test_casbin_is_asked_little_and_never_of_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Any, ...]] = []
    enforce_ex = casbin.Enforcer.enforce_ex

    def listening(self: casbin.Enforcer, *request: Any) -> Any:
        asked.append(request)
        return enforce_ex(self, *request)

    monkeypatch.setattr(casbin.Enforcer, "enforce_ex", listening)
    policy = load_policy()
    for role in ROLES:
        asked.clear()
        policy.rights([role])
        assert 0 < len(asked) < 300
        objects = {*TIERS, *RESOURCES, *(f"tier:{tier}" for tier in Tier)}
        for sub, object_, action, scope in asked:
            assert sub == f"role:{role}"
            assert object_ in objects
            assert action in ACTIONS
            assert scope in set(Scope)
    asked.clear()
    policy.rights(ROLES)
    assert asked == []


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        yield caplog


def test_nothing_is_said_while_asking(said: pytest.LogCaptureFixture) -> None:
    load_policy().rights(["agent"])
    assert said.records == []


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


@pytest.mark.parametrize("ending", ["\u2028", "\x0b", "\x0c", "\x1c", "\x85", "\r"])
def test_a_rule_does_not_hide_in_a_comment(ending: str) -> None:
    assert load_policy(f"# harmless{ending}{ROW}").rules == ()


def test_lines_may_end_as_on_windows() -> None:
    assert load_policy(f"# why\r\n{ROW}\r\n").rules == load_policy(f"# why\n{ROW}\n").rules


def test_comments_and_empty_lines_are_passed_over() -> None:
    assert len(load_policy(f"# why\n\n  # and why\n{ROW}\n").rules) == 1


@pytest.mark.parametrize(
    ("row", "says"),
    [
        pytest.param(ROW.replace("role:agent", "role:agnet"), "role is 'role:agnet'", id="role"),
        pytest.param(ROW.replace("role:agent", "agent"), "role is 'agent'", id="bare role"),
        pytest.param(ROW.replace("Ticket", "Tickets"), "object is 'Tickets'", id="object"),
        pytest.param(ROW.replace("Ticket", "Ticket.stat"), "object is 'Ticket.stat'", id="field"),
        pytest.param(ROW.replace("Ticket", "tier:top"), "object is 'tier:top'", id="tier"),
        pytest.param(ROW.replace("Ticket", "Ticket.*"), "there is no wildcard", id="wildcard"),
        pytest.param(ROW.replace("Ticket", "Ticket.lock"), "object is 'Ticket.lock'", id="hidden"),
        pytest.param(ROW.replace("read", "raed"), "action is 'raed'", id="action"),
        pytest.param(ROW.replace("own_department", "own_dept"), "scope is 'own_dept'", id="scope"),
        pytest.param(ROW.replace("full", "ful"), "show is 'ful'", id="show"),
        pytest.param(ROW.replace("allow", "Deny"), "effect is 'Deny'", id="effect"),
        pytest.param(ROW.replace("50", "5O"), "priority is '5O'; write a whole", id="priority"),
        pytest.param(ROW.replace("50", "٣"), "priority is '٣'; write a whole", id="digit"),
        pytest.param(ROW.replace("50", "9" * 5_000), "write a whole number", id="endless"),
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
        ("read", ACTIONS),
        ("own_department", list(Scope)),
        ("full", list(Show)),
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
