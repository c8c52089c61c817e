"""What the documents say is what the code has."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from api.cli import build_app
from api.errors import CLIENT_CODES, INTERNAL
from api.settings import PREFIX, SETTINGS
from graph.editable import MANAGED
from seed.tables import TABLES

ROOT = Path(__file__).parents[2]
NAMES = ("README.md", "README.zh-CN.md")
FIRST_WRITES = {"README.md": "tickets move", "README.zh-CN.md": "工单流转"}
BOTH = pytest.mark.parametrize("name", NAMES)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def tables(name: str) -> list[list[list[str]]]:
    """Every table: rows of cells, without heading and rule."""
    found: list[list[list[str]]] = []
    for block in re.findall(r"(?:^\|.*\n)+", read(name), re.MULTILINE):
        rows = [re.split(r"\s*(?<!\\)\|\s*", line)[1:-1] for line in block.splitlines()]
        found.append(rows[2:])
    return found


def table(name: str, first: str) -> list[list[str]]:
    """The one table whose first cell is ``first``."""
    (found,) = (rows for rows in tables(name) if rows[0][0] == first)
    return found


def codes(rows: list[list[str]]) -> list[str]:
    """First cells, without their back-ticks."""
    return [row[0].strip("`") for row in rows]


def blocks(name: str) -> list[str]:
    found = re.findall(r"^```\w*\n(.*?)^```$", read(name), re.MULTILINE | re.DOTALL)
    return [re.sub(r"\s*# .*", "", block) for block in found]


def commands(command: Any, *path: str) -> Iterator[tuple[str, Any]]:
    """Every command that does something: its words and itself."""
    children = getattr(command, "commands", None)
    if children:
        for name, child in children.items():
            yield from commands(child, *path, name)
    else:
        yield " ".join(("deskgraph", *path)), command


@BOTH
def test_settings_are_those_of_the_table(name: str) -> None:
    rows = table(name, f"`{PREFIX}ENVIRONMENT`")
    assert [row[:2] for row in rows] == [
        [f"`{PREFIX}{one.name}`", f"`{one.default}`" if one.default else ""] for one in SETTINGS
    ]


def test_settings_are_explained_in_the_words_of_the_table() -> None:
    rows = table("README.md", f"`{PREFIX}ENVIRONMENT`")
    assert [row[2] for row in rows] == [one.help for one in SETTINGS]


def test_the_example_environment_lists_every_setting_with_its_default() -> None:
    lines = ["# Copy to .env and change what you need; the environment wins over it."]
    for one in SETTINGS:
        lines += ["", f"# {one.help}", f"#{PREFIX}{one.name}={one.default}"]
    assert read(".env.example").splitlines() == lines


@BOTH
def test_commands_are_those_of_the_command_line(name: str) -> None:
    found = [path for path, _ in commands(typer.main.get_command(build_app()))]
    assert sorted(codes(table(name, "`deskgraph demo`"))) == sorted(found)


def test_every_command_has_help_with_an_example() -> None:
    for path, command in commands(typer.main.get_command(build_app())):
        assert f"Example: {path}" in " ".join((command.help or "").split()), path


@BOTH
def test_rooms_are_the_packages(name: str) -> None:
    project = tomllib.loads(read("pyproject.toml"))
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert sorted(codes(table(name, "`graph/`"))) == sorted(
        f"{one}/" for one in (*packages, "tests")
    )


@BOTH
def test_tables_of_knowledge_are_those_of_the_loader(name: str) -> None:
    assert sorted(codes(table(name, "`business_lines`"))) == sorted(TABLES)


@BOTH
def test_error_codes_are_those_of_the_mapping(name: str) -> None:
    expected = {*CLIENT_CODES.values(), INTERNAL, "GRAPHQL_VALIDATION_FAILED"}
    assert sorted(codes(table(name, "`UNAUTHENTICATED`"))) == sorted(expected)


@BOTH
def test_mutations_are_those_of_the_schema(name: str) -> None:
    told: set[str] = set()
    by_table: set[str] = set()
    for _, text in table(name, FIRST_WRITES[name]):
        verbs = re.findall(r"`(\w+)…`", text)
        labels = re.findall(r"`([A-Z]\w+)`", text)
        by_table.update(labels)
        told |= {f"{verb}{label}" for verb in verbs for label in labels}
        told |= set(re.findall(r"`([a-z]\w+)`", text))
    assert by_table == set(MANAGED)
    sdl = read("api/schema.graphql")
    (body,) = re.findall(r"^type Mutation \{\n(.*?)^\}", sdl, re.MULTILINE | re.DOTALL)
    assert told == set(re.findall(r"^  (\w+)\(", body, re.MULTILINE))


def test_both_readmes_have_the_same_structure() -> None:
    one, other = map(read, NAMES)
    levels = [re.findall(r"^(#+) ", text, re.MULTILINE) for text in (one, other)]
    assert levels[0] == levels[1]
    assert blocks(NAMES[0]) == blocks(NAMES[1])
    shapes = [[(len(rows), len(rows[0])) for rows in tables(name)] for name in NAMES]
    assert shapes[0] == shapes[1]


def test_both_readmes_have_one_glossary() -> None:
    one, other = (table(name, "ticket") for name in NAMES)
    assert [row[:2] for row in one] == [row[:2] for row in other]


@pytest.mark.parametrize("name", [*NAMES, "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_lead_to_files_that_are_there(name: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", read(name)):
        assert (ROOT / target).exists(), target


@BOTH
def test_make_targets_that_are_named_exist(name: str) -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):.*##", read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z][a-z0-9-]+)", "\n".join(blocks(name)))) <= targets


def test_every_dependency_has_a_reason_and_no_other() -> None:
    project = tomllib.loads(read("pyproject.toml"))
    named = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    expected = [re.split(r"[\[<>=~! ]", one)[0].lower() for one in named]
    rows = table("CONTRIBUTING.md", "`arcadedb-embedded`")
    assert sorted(codes(rows)) == sorted(expected)
    assert all(row[1] for row in rows)


def test_contributing_stays_short() -> None:
    assert len(read("CONTRIBUTING.md").splitlines()) <= 150
