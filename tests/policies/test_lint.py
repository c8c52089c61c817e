"""Every mistake that the linter knows, with a text that makes it and the line it stands in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.lint import CODES, lint
from policies.policy import shipped_policy

READ = "p, 50, role:agent, tier:internal, read, own_department, full, allow"
NAME = "p, 50, role:agent, Customer.name, read, own_department, full, allow"
NONE = "none, deny"

BAD: dict[str, tuple[str, str, int, str]] = {
    "kind": ("kind", "q, 50", 1, "starts with 'q'; allowed: p, g"),
    "missing column": ("columns", READ.removesuffix(", allow"), 1, "6 columns; expected 7"),
    "extra column": ("columns", f"{READ}, allow", 1, "8 columns; expected 7"),
    "priority": ("priority", READ.replace("50", "high"), 1, "write a whole number"),
    "role": ("role", READ.replace("agent", "agnet"), 1, "'role:agnet'; allowed: role:customer"),
    "bare role": ("role", READ.replace("role:agent", "agent"), 1, "role is 'agent'"),
    "heir": ("role", "g, role:boss, role:agent", 1, "heir is 'role:boss'"),
    "ancestor": ("role", "g, role:agent, role:boss", 1, "ancestor is 'role:boss'"),
    "tier": ("object", READ.replace("internal", "inner"), 1, "tiers: tier:public, "),
    "type": ("object", NAME.replace("Customer.name", "Client"), 1, "allowed: Type.field, "),
    "field": ("object", NAME.replace("name", "nmae"), 1, "fields of Customer: id, name, "),
    "wildcard": ("object", NAME.replace("name", "*"), 1, "there is no wildcard"),
    "wildcard over all": ("object", READ.replace("tier:internal", "*"), 1, "no wildcard"),
    "hidden": ("object", NAME.replace("Customer.name", "Ticket.lock"), 1, "fields of Ticket"),
    "action": ("action", READ.replace("read", "see"), 1, "action is 'see'; allowed: read, "),
    "scope": ("scope", READ.replace("own_department", "mine"), 1, "scope is 'mine'"),
    "show": ("show", READ.replace("full", "half"), 1, "show is 'half'; allowed: full, masked"),
    "effect": ("effect", READ.replace("allow", "alow"), 1, "effect is 'alow'"),
    "deny that shows": ("outcome", READ.replace("allow", "deny"), 1, "deny with full"),
    "allow of nothing": ("outcome", READ.replace("full", "none"), 1, "allow with none"),
    "scope of a type": (
        "not-applicable",
        NAME.replace("Customer.name", "Product.price"),
        1,
        "Product.price has no rows own_department; scopes: any, own_line",
    ),
    "scope of a resource": (
        "not-applicable",
        NAME.replace("Customer.name", "Knowledge"),
        1,
        "Knowledge has no rows own_department; scopes: any",
    ),
    "action of a field": ("not-applicable", NAME.replace("read", "delete"), 1, "'delete' means"),
    "action of a type": (
        "not-applicable",
        NAME.replace("Customer.name, read", "Customer, resolve"),
        1,
        "'resolve' means nothing on Customer",
    ),
    "action of a tier": (
        "not-applicable",
        READ.replace("internal, read", "personal, sort"),
        1,
        "'sort' means nothing on tier:personal",
    ),
    "scope of a tier": (
        "not-applicable",
        READ.replace("internal, read, own_department", "public, delete, own_customer"),
        1,
        "tier:public has no rows own_customer",
    ),
    "tier without a field": (
        "not-applicable",
        READ.replace("internal", "sensitive"),
        1,
        "'read' means nothing on tier:sensitive",
    ),
    "mask of a number": (
        "mask",
        NAME.replace("Customer.name", "Order.total").replace("full", "masked"),
        1,
        "Order.total has no text to mask",
    ),
    "mask of rows": (
        "mask",
        NAME.replace("Customer.name", "Ticket").replace("full", "masked"),
        1,
        "Ticket has no text to mask",
    ),
    "mask of an update": (
        "mask",
        NAME.replace("read", "update").replace("full", "masked"),
        1,
        "for 'update'",
    ),
    "sensitive for any": (
        "too-wide",
        "p, 50, role:auditor, tier:sensitive, read, any, full, allow",
        1,
        "all of tier:sensitive in scope any",
    ),
    "secret for any": (
        "too-wide",
        "p, 50, role:admin, tier:secret, read, any, masked, allow",
        1,
        "all of tier:secret in scope any",
    ),
    "cycle": ("cycle", "g, role:agent, role:agent", 1, "role:agent is its own ancestor"),
    "filter unread": (
        "needs-read",
        f"{READ}\n{READ.replace('read', 'filter').replace('own_department', 'own_line')}",
        2,
        "filter needs read in full of tier:internal in own_line",
    ),
    "sort masked": (
        "needs-read",
        f"{NAME.replace('full', 'masked')}\n{NAME.replace('read', 'filter')}",
        2,
        "filter needs read in full of Customer.name",
    ),
    "twice": ("never-decides", f"{READ}\n{READ}", 2, "line 1 decides instead"),
    "shadowed by any": (
        "never-decides",
        f"{READ}\n{READ.replace('50', '40').replace('own_department', 'any')}",
        1,
        "line 2 decides instead",
    ),
    "shadowed by an ancestor": (
        "never-decides",
        (
            f"g, role:supervisor, role:agent\n{READ}\n"
            f"{READ.replace('50', '60').replace('role:agent', 'role:supervisor')}"
        ),
        3,
        "line 2 decides instead",
    ),
    "shadowed by two": (
        "never-decides",
        (
            "p, 60, role:agent, Department.nameZh, read, own_line, full, allow\n"
            "p, 50, role:agent, Department.nameZh, read, any, full, allow"
        ),
        1,
        "line 2 decides instead",
    ),
    "deny below any": (
        "no-effect",
        (
            f"{READ.replace('own_department', 'any')}\n"
            f"{READ.replace('50', '10').replace('full, allow', NONE)}"
        ),
        2,
        "a rule for any shows as much or more",
    ),
    "mask below any": (
        "no-effect",
        (
            f"{NAME.replace('own_department', 'any')}\n"
            f"{NAME.replace('50', '10').replace('full', 'masked')}"
        ),
        2,
        "a rule for any shows as much or more",
    ),
    "allow below any": (
        "no-effect",
        f"{NAME.replace('own_department', 'any')}\n{NAME.replace('50', '10')}",
        2,
        "a rule for any shows as much or more",
    ),
    "order of outcomes": (
        "order",
        f"{NAME}\n{NAME.replace('full', 'masked')}",
        2,
        "read of Customer.name in own_department for role:agent: line 1 says otherwise",
    ),
    "order of tier and coordinate": (
        "order",
        f"{READ}\np, 50, role:agent, Ticket.state, read, any, {NONE}",
        2,
        "read of Ticket.state in own_department for role:agent",
    ),
    "order over an ancestor": (
        "order",
        (
            f"g, role:supervisor, role:agent\n{NAME}\n"
            f"{NAME.replace('role:agent', 'role:supervisor').replace('full', 'masked')}"
        ),
        3,
        "for role:supervisor",
    ),
    "order between first and last": (
        "order",
        f"{NAME}\n{NAME.replace('full, allow', NONE)}\n{NAME.replace('own_department', 'any')}",
        2,
        "line 1 says otherwise",
    ),
}


@pytest.mark.parametrize(("code", "text", "line", "says"), BAD.values(), ids=BAD.keys())
def test_a_mistake_is_found_where_it_stands(code: str, text: str, line: int, says: str) -> None:
    found = [one for one in lint(text) if one.code == code]
    assert [one.line for one in found] == [line]
    assert says in found[0].message


def test_every_code_has_an_example_and_is_explained() -> None:
    assert {code for code, *_ in BAD.values()} == set(CODES)
    assert all(CODES.values())


def test_the_shipped_policy_has_nothing_to_mend() -> None:
    assert lint(shipped_policy()) == []


def test_what_only_an_heir_reads_may_be_filtered_by_a_rule_of_the_ancestor() -> None:
    heir = NAME.replace("role:agent", "role:supervisor")
    text = f"g, role:supervisor, role:agent\n{heir}\n{NAME.replace('read', 'filter')}"
    assert lint(text) == []


def test_every_link_of_a_cycle_is_told() -> None:
    text = (
        "g, role:agent, role:specialist\ng, role:specialist, role:agent\ng, role:admin, role:agent"
    )
    found = lint(text)
    assert [(one.line, one.code) for one in found] == [(1, "cycle"), (2, "cycle")]
    assert found[1].message == "role:specialist is its own ancestor through role:agent"


@pytest.mark.parametrize("text", ["", "# only a comment", READ])
def test_what_is_right_is_left_alone(text: str) -> None:
    assert lint(text) == []


def test_rows_that_disagree_at_different_priorities_are_no_mistake() -> None:
    text = f"{READ}\np, 40, role:agent, Ticket.state, read, any, {NONE}"
    assert lint(text) == []


def test_rows_that_agree_at_equal_priority_are_no_mistake() -> None:
    assert lint(f"{READ}\n{NAME.replace('own_department', 'any')}") == []


def test_a_deny_that_binds_an_heir_without_that_allow_has_an_effect() -> None:
    text = (
        "g, role:supervisor, role:agent\n"
        "p, 10, role:agent, Ticket, read, own_department, none, deny\n"
        "p, 50, role:agent, Ticket, read, own_line, full, allow\n"
        "p, 50, role:supervisor, Ticket, read, any, full, allow\n"
    )
    assert lint(text) == []


def test_everything_is_told_at_once_in_the_order_of_lines() -> None:
    text = "\n".join(("q", READ.replace("agent", "agnet"), READ, READ))
    assert [(one.line, one.code) for one in lint(text)] == [
        (1, "kind"),
        (2, "role"),
        (4, "never-decides"),
    ]


@given(st.lists(st.one_of(st.text(), st.sampled_from((READ, NAME, "g, role:agent, role:admin")))))
def test_any_text_is_read_to_its_end(lines: list[str]) -> None:
    """Whatever stands in a file, it is told line by line and never a crash."""
    text = "\n".join(lines)
    assert all(1 <= one.line <= text.count("\n") + 1 and one.code in CODES for one in lint(text))


def test_a_row_that_does_two_things_wrong_says_both() -> None:
    text = READ.replace("role:agent", "role:x").replace("full", "half")
    assert [one.code for one in lint(text)] == ["role", "show"]
