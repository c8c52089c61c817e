"""Files and functions stay small enough to be read at once; engines are named in one place."""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
ROOMS = ("api", "extractors", "graph", "policies", "seed")
MOST_LINES, MOST_FUNCTION_LINES = 600, 70
MEDIAN_LINES, MEDIAN_FUNCTION_LINES = 120, 8


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        files = (ROOT / folder).rglob("*.py")
        yield from sorted(path for path in files if "node_modules" not in path.parts)


def lengths(*folders: str) -> dict[str, int]:
    return {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines())
        for path in sources(*folders)
    }


def functions(*folders: str) -> dict[str, int]:
    found = {}
    for path in sources(*folders):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                last = node.end_lineno or node.lineno
                found[f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"] = (
                    last - node.lineno + 1
                )
    return found


def test_no_file_is_longer_than_can_be_read_at_once() -> None:
    assert {name: n for name, n in lengths(*ROOMS, "tests").items() if n > MOST_LINES} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    assert {
        name: n for name, n in functions(*ROOMS, "tests").items() if n > MOST_FUNCTION_LINES
    } == {}


def test_half_of_all_files_and_functions_are_small() -> None:
    assert median(lengths(*ROOMS).values()) <= MEDIAN_LINES
    assert median(functions(*ROOMS).values()) <= MEDIAN_FUNCTION_LINES


def test_engines_are_named_by_their_own_code_only() -> None:
    words = ("arcade", "neo4j.")
    named = [
        str(path.relative_to(ROOT))
        for path in sources(*ROOMS)
        if any(word in path.read_text("utf-8").lower() for word in words)
    ]
    assert [name for name in named if not name.startswith("graph/engines/")] == []


def test_every_module_begins_by_saying_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in sources(*ROOMS)
        if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert silent == []
