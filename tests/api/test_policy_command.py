"""``deskgraph policy`` as people and programs see it; no graph is opened."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from api.cli import build_app
from api.errors import InputError
from api.words import REASONS_OF_SHOWS, SCOPES
from graph.model import Language
from graph.rights import Scope
from policies.errors import PolicyTextError
from policies.explain import REASONS
from policies.policy import shipped_policy

ROW = "p, 50, role:agent, Customer, read, own_department, full, allow\n"
APP = build_app(["policy", "schema"])


def start(*words: str) -> Result:
    return CliRunner().invoke(APP, ["policy", *words])


def read(*words: str) -> Any:
    done = start(*words, "-o", "json")
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def file(folder: Path, text: str) -> str:
    path = folder / "mine.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_shipped_policy_has_no_finding_and_holds_its_cases() -> None:
    assert read("lint") == {"findings": []}
    assert start("lint").stdout == "policy.csv: 0 findings\n"
    told = read("test")
    assert told["failures"] == []
    assert start("test").stdout == f"{told['cases']} cases, 0 failures\n"


def test_a_finding_has_file_line_code_and_ends_with_one(tmp_path: Path) -> None:
    mine = file(tmp_path, f"{ROW}{ROW}q, 1\n")
    done = start("lint", mine)
    assert done.exit_code == 1
    assert done.stdout == "mine.csv: 2 findings\n"
    assert done.stderr.splitlines() == [
        "error: mine.csv:2: never-decides: line 1 decides instead",
        "error: mine.csv:3: kind: the line starts with 'q'; allowed: p, g",
    ]
    done = start("lint", mine, "-o", "json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["findings"][1] == {
        "file": "mine.csv",
        "line": 3,
        "code": "kind",
        "message": "the line starts with 'q'; allowed: p, g",
    }


def test_a_case_that_fails_is_told_and_ends_with_one(tmp_path: Path) -> None:
    rules = [line for line in shipped_policy().splitlines() if "tier:personal" not in line]
    mine = file(tmp_path, "\n".join(rules))
    done = start("test", "--policy", mine)
    assert done.exit_code == 1
    assert "kim read customer.name: expected masked, found none" in done.stderr
    done = start("test", "--policy", mine, "-o", "json")
    assert done.exit_code == 1
    failures = json.loads(done.stdout)["failures"]
    assert {"message", "found", "rule"} == failures[0].keys()


def test_the_matrix_names_show_scope_and_line(tmp_path: Path) -> None:
    mine = file(
        tmp_path, f"{ROW}{ROW.replace('Customer,', 'Customer.name,').replace('full', 'masked')}"
    )
    done = start("matrix", "--policy", mine, "--role", "agent", "--role", "role:service")
    assert done.stdout.splitlines() == [
        "agent  Customer       read  full own_department (mine.csv:1)",
        "agent  Customer.name  read  masked own_department (mine.csv:2)",
    ]
    cells = read("matrix", "--policy", mine, "--type", "Customer")
    assert [(cell["role"], cell["coordinate"], cell["tier"]) for cell in cells] == [
        ("agent", "Customer", "internal"),
        ("agent", "Customer.name", "personal"),
    ]
    (shown,) = (one for one in cells[1]["scopes"] if one["show"] != "none")
    assert (shown["scope"], shown["show"], shown["rule"]["place"]) == (
        "own_department",
        "masked",
        "mine.csv:2",
    )
    assert read("matrix", "--policy", mine, "--type", "Order") == []


def test_an_explanation_is_in_both_languages_with_rule_and_roles() -> None:
    done = start("explain", "supervisor", "Customer.name", "read", "--scope", "assigned")
    first, scope, reason, rule = done.stdout.splitlines()
    assert first == "supervisor read Customer.name (tier personal)"
    words = SCOPES[Scope.ASSIGNED]
    assert f"full    assigned        {words[Language.ZH]} · {words[Language.EN]}" in scope
    assert "由该规则决定 · the rule decides" in reason
    assert "p, 50, role:agent, tier:personal, read, assigned, full, allow" in rule
    assert rule.endswith("← supervisor ← specialist ← agent")
    told = read("explain", "role:supervisor", "Customer.name", "read", "--scope", "assigned")
    (one,) = told["scopes"]
    assert one["through"] == ["supervisor", "specialist", "agent"]
    assert set(one["rows"]) == {"zh", "en"}
    assert len(start("explain", "agent", "Knowledge", "read").stdout.splitlines()) == 4


def test_who_lists_roles_and_says_where_rows_are_not_shown() -> None:
    lines = start("who", "Ticket.state").stdout.splitlines()
    assert [line.split()[0] for line in lines] == [
        "customer", "agent", "specialist", "supervisor", "analyst", "auditor", "admin", "service",
    ]  # fmt: skip
    assert [line.split()[0] for line in lines if "in rows not shown" in line] == ["analyst"]
    assert [cell["role"] for cell in read("who", "Policy", "update")] == ["admin"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("explain", "boss", "Ticket", "read"), "role: no 'boss'; known: customer, agent"),
        (("explain", "agent", "Ticket.stat", "read"), "no 'Ticket.stat'; known: Ticket, Ticket.id"),
        (("explain", "agent", "Client", "read"), "no 'Client'; known: Customer, "),
        (("explain", "agent", "Customer.name", "sort"), "no 'sort'; known: create, filter, "),
        (("explain", "agent", "Issue", "read", "--scope", "assigned"), "no 'assigned'; known: any"),
        (("who", "Ticket", "see"), "no 'see'; known: "),
        (("matrix", "--type", "Client"), "--type: no 'Client'; known: Customer, "),
        (("matrix", "--role", "boss"), "role: no 'boss'"),
        (("lint", "absent.csv"), "absent.csv: cannot be read"),
        (("test", "--policy", "absent.csv"), "absent.csv: cannot be read"),
        (("test", "--cases", "absent"), "absent is no folder"),
    ],
)
def test_a_usage_error_says_what_is_known(words: Sequence[str], says: str) -> None:
    done = start(*words)
    assert isinstance(done.exception, InputError)
    assert says in str(done.exception)
    assert done.stdout == ""


def test_a_policy_that_cannot_be_read_is_told_with_its_line(tmp_path: Path) -> None:
    done = start("matrix", "--policy", file(tmp_path, f"{ROW}p, 1\n"))
    assert isinstance(done.exception, PolicyTextError)
    assert str(done.exception).startswith("mine.csv:2: 1 columns")


def test_every_scope_and_reason_has_words_in_both_languages() -> None:
    assert set(SCOPES) == set(Scope)
    assert set(REASONS_OF_SHOWS) == set(REASONS)
    for words in (*SCOPES.values(), *REASONS_OF_SHOWS.values()):
        assert set(words) == set(Language)
        assert all(words.values())
