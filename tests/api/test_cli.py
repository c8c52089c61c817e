"""The command as people start it: a process, its streams and its exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
COMMAND = Path(sys.executable).with_name("deskgraph")
COMPANY = ROOT / "seed" / "company"
COMMANDS = (
    "demo",
    "serve",
    "ask",
    "route",
    "build",
    "seed validate",
    "seed load",
    "seed diff",
    "seed export",
    "seed generate",
    "policy lint",
    "policy test",
    "policy matrix",
    "policy explain",
    "policy who",
    "policy apply",
    "policy versions",
    "train",
    "evaluate routing",
    "keys create",
    "keys list",
    "keys revoke",
    "status",
    "token",
    "schema",
)


def start(*words: str, folder: Path, **environ: str) -> "subprocess.CompletedProcess[str]":
    """The command in ``folder``, whose graph is an embedded one of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DESKGRAPH_")}
    ours = {
        "DESKGRAPH_GRAPH_URL": f"embedded:{folder / 'graph'}",
        "DESKGRAPH_GRAPH_LINGER_SECONDS": "20",
        "DESKGRAPH_MASTER_KEY_FILE": str(folder / "master.key"),
        "DESKGRAPH_MODELS": str(folder / "models"),
    }
    return subprocess.run(
        [str(COMMAND), *words],
        cwd=folder,
        env={**kept, **ours, "COLUMNS": "100", **environ},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose graph holds the sample company."""
    folder = tmp_path_factory.mktemp("desk")
    done = start("seed", "load", str(COMPANY), "-o", "json", folder=folder)
    assert done.returncode == 0, done.stderr
    return folder


def read(folder: Path, *words: str) -> Any:
    """What a command that succeeds says as JSON."""
    done = start(*words, "-o", "json", folder=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_ends_with_an_example(command: str, tmp_path: Path) -> None:
    done = start(*command.split(), "--help", folder=tmp_path)
    assert done.returncode == 0
    assert f"Example: deskgraph {command}" in done.stdout


def test_the_sample_company_is_valid(tmp_path: Path) -> None:
    done = start("seed", "validate", str(COMPANY), folder=tmp_path)
    assert done.returncode == 0
    assert " 0 errors" in done.stdout
    assert not (tmp_path / "graph").exists()


def test_a_broken_file_is_a_finding_with_file_and_line(tmp_path: Path) -> None:
    broken = tmp_path / "departments.csv"
    broken.write_text("id,name_en,handles\nbilling,Billing,no-such-issue\n", encoding="utf-8")
    done = start("seed", "validate", str(broken), folder=tmp_path)
    assert done.returncode == 1
    assert "error: departments.csv: line 2" in done.stderr
    assert "no-such-issue" in done.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("nonsense",), "No such command"),
        (("route",), "give either --text or --file"),
        (("route", "--file", "absent.csv"), "cannot be read"),
        (("ask",), "Missing argument"),
        (("ask", "x", "--as", "root"), "no role 'root'"),
        (("token", "--role", "agent"), "DESKGRAPH_TOKEN_SECRET"),
        (("serve", "--host", "0.0.0.0"), "no sign-in is configured"),
    ],
)
def test_a_usage_error_is_told(words: tuple[str, ...], says: str, tmp_path: Path) -> None:
    done = start(*words, folder=tmp_path)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_an_unknown_setting_is_a_usage_error(tmp_path: Path) -> None:
    done = start("status", folder=tmp_path, DESKGRAPH_PROT="1")
    assert (done.returncode, done.stdout) == (2, "")
    assert "DESKGRAPH_PROT is not a setting" in done.stderr


def test_a_graph_that_does_not_answer_is_told_without_a_trace(tmp_path: Path) -> None:
    done = start("status", folder=tmp_path, DESKGRAPH_GRAPH_URL="neo4j://127.0.0.1:1")
    assert (done.returncode, done.stdout) == (3, "")
    assert "error: " in done.stderr
    assert "127.0.0.1:1" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_schema_is_the_committed_one(tmp_path: Path) -> None:
    done = start("schema", folder=tmp_path)
    committed = (ROOT / "api" / "schema.graphql").read_text(encoding="utf-8")
    assert (done.returncode, done.stdout) == (0, committed)


def test_an_answer_has_the_promised_keys(desk: Path) -> None:
    answer = read(desk, "ask", "空调由哪个部门负责？")
    assert {"answer", "kind", "confidence", "citations", "handover"} <= answer.keys()
    citation, start = answer["citations"]
    assert citation.keys() == start.keys() == {"id", "label", "name", "path", "excerpt"}
    assert (answer["kind"], citation["id"], start["id"]) == (
        "fact",
        "field-service",
        "air-conditioners",
    )


def test_a_route_has_the_promised_keys(desk: Path) -> None:
    route = read(desk, "route", "--text", "滤芯 air conditioner 空调不制冷")
    assert {"department", "confidence", "candidates", "runner_up", "margin"} <= route.keys()
    first = route["candidates"][0]
    assert first.keys() == {"department", "score", "contributions"}
    assert sum(one["points"] for one in first["contributions"]) == pytest.approx(first["score"])


def test_a_file_is_routed_past_its_empty_row(desk: Path) -> None:
    file = desk / "messages.csv"
    file.write_text("id,text\nm-1,空调不制冷\nm-2,\nm-3,The fridge hums\n", encoding="utf-8")
    done = start("route", "--file", str(file), folder=desk)
    assert done.returncode == 1
    assert [line.split("\t")[0] for line in done.stdout.splitlines()] == ["m-1", "m-3"]
    assert done.stderr == f"error: {file}: m-2: text is empty; write a sentence\n"


def test_status_counts_the_sample_company(desk: Path) -> None:
    nodes = read(desk, "status")["nodes"]
    assert (nodes["Department"], nodes["Product"], nodes["Issue"]) == (8, 40, 48)


def test_knowledge_is_exported_and_compared_without_people(desk: Path) -> None:
    done = start("seed", "export", "out", "--format", "turtle", "-o", "json", folder=desk)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["written"] == ["knowledge.ttl"]
    done = start("seed", "diff", "out", "-o", "json", folder=desk)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["unchanged"] > 150
    done = start("seed", "export", "out", "--table", "customers", folder=desk)
    assert (done.returncode, done.stdout) == (2, "")
    assert "encrypted backup" in done.stderr
