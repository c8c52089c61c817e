"""The ten minutes of policies/README.md, walked through as written, in a copy of the rooms."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from policies.lint import CODES

ROOT = Path(__file__).parents[2]
ROOMS = ("api", "extractors", "graph", "policies", "seed")
NAMES = ("README.md", "README.zh-CN.md")
BOTH = pytest.mark.parametrize("name", NAMES)
MAIN = "import sys; sys.argv[0] = 'deskgraph'; from api.cli import main; main()"


def blocks(name: str, kind: str) -> list[str]:
    """The fenced blocks of one kind, in order."""
    text = (ROOT / "policies" / name).read_text(encoding="utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The rooms, to be edited."""
    for room in ROOMS:
        ignored = shutil.ignore_patterns("node_modules", "__pycache__", "company")
        shutil.copytree(ROOT / room, tmp_path / room, ignore=ignored)
    return tmp_path


def patched(text: str, diff: str) -> str:
    """``text`` with the lines of ``diff`` that start with a plus."""
    lines = diff.splitlines(keepends=True)
    before = "".join(line[1:] for line in lines if line[0] == " ")
    assert text.count(before) == 1
    return text.replace(before, "".join(line[1:] for line in lines))


def session(folder: Path, block: str) -> str:
    """What a terminal shows for the commands of ``block``."""
    shown = ""
    for line in block.splitlines():
        if line.startswith("$ "):
            done = subprocess.run(
                [sys.executable, "-B", "-c", MAIN, *line.split()[2:]],
                cwd=folder,
                env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            shown += f"{line}\n{done.stdout}"
    return shown


def test_a_role_is_added_a_field_masked_and_both_proven(copy: Path) -> None:
    (diff,), (rows,), (cases,) = (blocks("README.md", kind) for kind in ("diff", "csv", "yaml"))
    checked, proven, failed = blocks("README.md", "console")
    text, policy = copy / "policies" / "text.py", copy / "policies" / "policy.csv"
    text.write_text(patched(text.read_text("utf-8"), diff), "utf-8")
    policy.write_text(policy.read_text("utf-8") + rows, "utf-8")
    assert session(copy, checked) == checked
    (copy / "policies" / "cases" / "trainees.yaml").write_text(cases, "utf-8")
    assert session(copy, proven) == proven
    policy.write_text(
        policy.read_text("utf-8").replace(rows, rows.replace("masked", "full")), "utf-8"
    )
    assert session(copy, failed) == failed


@BOTH
def test_every_code_of_the_linter_is_in_the_table(name: str) -> None:
    text = (ROOT / "policies" / name).read_text(encoding="utf-8")
    found = re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", text, re.MULTILINE)
    assert [code for code, _ in found] == list(CODES)
    if name == NAMES[0]:
        assert dict(found) == CODES


def test_both_languages_have_the_same_blocks() -> None:
    found = [
        re.findall(r"^```\w*\n.*?^```$", text, re.MULTILINE | re.DOTALL)
        for text in ((ROOT / "policies" / name).read_text(encoding="utf-8") for name in NAMES)
    ]
    assert len(found[0]) == 7
    assert found[0] == found[1]
