"""The shipped cases hold, cover every action both ways, and a broken file says what is wrong."""

from pathlib import Path

import pytest

from graph.rights import ACTIONS, Show
from policies.casefile import read_cases
from policies.cases import run_cases
from policies.errors import CaseFileError
from policies.policy import ROLES, load_policy, shipped_policy

SHIPPED = Path(__file__).parents[2] / "policies" / "cases"
ROWS = (
    "p, 50, role:agent, Customer, read, own_department, full, allow\n"
    "p, 50, role:agent, Customer.name, read, own_department, masked, allow\n"
    "p, 50, role:agent, Customer.name, read, assigned, full, allow\n"
)
CAST = """
principals:
  kim: {roles: [agent], departments: [billing], agent: agent-07}
resources:
  ours: {type: Customer, departments: [billing]}
  client: {type: Customer, departments: [billing], agent: agent-07}
  others: {type: Customer, agent: agent-07}
  theirs: {type: Customer, departments: [fleet]}
"""


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_every_shipped_case_holds() -> None:
    assert [one.message for one in run_cases(load_policy(), SHIPPED)] == []


def test_every_action_is_allowed_in_one_case_and_denied_in_another() -> None:
    cases = read_cases(SHIPPED)
    for action in ACTIONS:
        found = {case.expected for case in cases if case.action == action}
        assert {Show.FULL, Show.NONE} <= found, action


def test_every_role_acts_in_some_case_and_every_name_is_used() -> None:
    cases = read_cases(SHIPPED)
    assert {role for case in cases for role in case.actor.roles} == set(ROLES)
    assert Show.MASKED in {case.expected for case in cases}
    text = (SHIPPED / "cast.yaml").read_text(encoding="utf-8")
    named = {line.split(":")[0].strip() for line in text.splitlines() if line.startswith("  ")}
    used = {word for case in cases for word in (case.who, case.what.partition(".")[0])}
    assert {one for one in named if not one.startswith("#")} == used


def test_taking_a_rule_away_fails_the_case_it_was_for() -> None:
    row = next(
        line for line in shipped_policy().splitlines() if "Ticket,          handover" in line
    )
    policy = load_policy(shipped_policy().replace(row, ""))
    assert [one.message.split(": ", 1)[1] for one in run_cases(policy, SHIPPED)] == [
        "kim handover ticket: expected full, found none"
    ]


@pytest.mark.parametrize(
    ("case", "found"),
    [
        ("[kim, read, ours, full]", None),
        ("[kim, read, ours.name, masked]", None),
        ("[kim, read, client.name, full]", None),
        ("[kim, read, theirs, none]", None),
        ("[kim, read, theirs.name, none]", None),
        # The rule for the value holds, but no rule shows the row.
        ("[kim, read, others.name, none]", None),
        ("[kim, read, ours.name, full]", "masked (policy.csv:2)"),
        ("[kim, read, client.name, masked]", "full (policy.csv:3)"),
        ("[kim, update, ours.name, full]", "none"),
    ],
)
def test_a_case_comes_to_what_the_actor_sees(case: str, found: str | None, tmp_path: Path) -> None:
    folder = written(tmp_path, cast=CAST, mine=f"cases:\n  - {case}\n")
    who, action, what, expected = case.strip("[]").split(", ")
    message = f"mine.yaml:2: {who} {action} {what}: expected {expected}, found {found}"
    failures = [one.message for one in run_cases(load_policy(ROWS), folder)]
    assert failures == ([message] if found else [])


GOOD = "cases:\n  - [kim, read, ours, full]\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("cases: [", "mine.yaml:1: not YAML", id="not YAML"),
        pytest.param("- 1", "mine.yaml:1: expected the sections principals, ", id="no mapping"),
        pytest.param("case: []", "mine.yaml:1: section is 'case'; allowed: ", id="section"),
        pytest.param("cases: {}", "mine.yaml:1: cases holds a list of cases", id="no list"),
        pytest.param("resources: []", "resources holds names, each with", id="no names"),
        pytest.param("cases:\n  - kim", "mine.yaml:2: a case is [who, action", id="no case"),
        pytest.param("cases:\n  - [kim, read, ours]", "mine.yaml:2: a case is", id="three"),
        pytest.param("cases:\n  - [kim, read, ours, no]", "mine.yaml:2: a case is", id="bool"),
        pytest.param(GOOD.replace("kim", "kin"), "who is 'kin'; known: kim", id="who"),
        pytest.param(GOOD.replace("read", "see"), "action is 'see'; known: read, ", id="action"),
        pytest.param(GOOD.replace("ours", "hers"), "what is 'hers'; known: ours", id="what"),
        pytest.param(GOOD.replace("ours", "ours.nme"), "there is no 'Customer.nme'", id="field"),
        pytest.param(GOOD.replace("full", "allow"), "effect is 'allow'; known: full", id="effect"),
        pytest.param(GOOD.replace("read", "rate"), "'rate' on Customer; it knows: ", id="applies"),
        pytest.param(
            "principals:\n  kim: {roles: [agent]}",
            "mine.yaml:2: 'kim' is named already",
            id="again",
        ),
        pytest.param(
            "principals:\n  bo: {roles: [boss]}", "bo: no role 'boss'; roles: ", id="role"
        ),
        pytest.param("principals:\n  bo: {role: [x]}", "bo: no key 'role'; allowed: ", id="key"),
        pytest.param("principals:\n  bo: {roles: agent}", "bo: roles is a list", id="one role"),
        pytest.param("principals:\n  bo:", "bo: expected the keys roles, ", id="empty"),
        pytest.param(
            "resources:\n  a: {type: Ticket, customer: [c]}", "a: customer is one text", id="list"
        ),
        pytest.param("resources:\n  a: {type: Client}", "a: type is 'Client'; allowed", id="type"),
        pytest.param("resources:\n  a: {id: x}", "a: type is None; allowed", id="no type"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_what(
    text: str, says: str, tmp_path: Path
) -> None:
    folder = written(tmp_path, cast=CAST, mine=text)
    with pytest.raises(CaseFileError) as error:
        read_cases(folder)
    assert says in str(error.value)
    assert str(error.value).startswith("mine.yaml:")


def test_no_cases_at_all_is_no_success(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "absent", written(tmp_path, cast=CAST)):
        with pytest.raises(CaseFileError, match="with cases"):
            read_cases(folder)


def test_a_file_that_is_not_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CaseFileError, match=r"mine\.yaml: "):
        read_cases(tmp_path)
