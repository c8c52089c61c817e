"""Golden files: questions and what a right answer says, read with the line of each.

A file's name says what kind it is (``KINDS``); every kind has entries of its own.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from seed.errors import SeedError
from seed.problems import closest

GOLDEN = Path(str(files("seed").joinpath("golden")))
"""The files that ship with the product, about the sample company."""
ANSWERS = ("fact", "count", "list", "comparison", "status", "how-to", "choice", "none")
LANGUAGES = ("zh", "en")
_LARGEST = 4 << 20


class GoldenError(SeedError):
    """A golden file that cannot be used; the message names file, line and key."""

    code = "golden_invalid"


@dataclass(frozen=True, kw_only=True, slots=True)
class GoldenQuestion:
    """One question; ``then`` are asked after it, in the same conversation.

    ``values`` are what the answer says, ``nodes`` the ids that it cites, ``never`` what it must not
    say. ``today`` is the day it is asked on, where that matters. ``held_out``: not looked at while
    confidence was fitted. ``line`` counts from 1.
    """

    ask: str
    language: str
    kind: str
    line: int
    file: str
    values: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    role: str = "service"
    customer: str | None = None
    today: date | None = None
    held_out: bool = False
    then: tuple["GoldenQuestion", ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class GoldenRoute:
    """A message and where it goes: to one of ``department``, or to ``triage``. ``issue`` is what it
    is about, for people. ``line`` counts from 1.
    """

    text: str
    line: int
    file: str
    department: tuple[str, ...] = ()
    issue: str | None = None
    triage: bool = False
    customer: str | None = None


Read = Callable[[Path], Sequence[Any]]


def read_golden(path: Path) -> dict[str, list[Any]]:
    """The entries of one golden file, or of every one in a folder, by kind.

    Raises:
        GoldenError: no such file, another kind, or an entry that cannot be used.
    """
    paths = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    found: dict[str, list[Any]] = {}
    for one in paths:
        if one.stem not in KINDS or not one.is_file():
            known = ", ".join(f"{kind}.yaml" for kind in KINDS)
            raise GoldenError(f"{one}: no golden file; known: {known}")
        found.setdefault(one.stem, []).extend(KINDS[one.stem](one))
    if not found:
        raise GoldenError(f"{path}: no golden file in it")
    return found


def read_questions(path: Path) -> list[GoldenQuestion]:
    """Every question of a file, those under ``held_out`` last."""
    root = _composed(path)
    sections = {"questions": False, "held_out": True}
    found: list[GoldenQuestion] = []
    for key, node in _mapping(root, path):
        if key not in sections:
            raise _refused(path, node, f"unknown key {key!r}; known: {', '.join(sections)}")
        for entry in _sequence(node, path):
            found.append(_question(entry, path, held_out=sections[key]))
    return found


def read_routes(path: Path) -> list[GoldenRoute]:
    """Every route of a file."""
    found: list[GoldenRoute] = []
    for key, node in _mapping(_composed(path), path):
        if key != "routes":
            raise _refused(path, node, f"unknown key {key!r}; known: routes")
        found += [_route(entry, path) for entry in _sequence(node, path)]
    return found


def _route(node: yaml.Node, path: Path) -> GoldenRoute:
    known = [one.name for one in fields(GoldenRoute) if one.name not in _OURS]
    given: dict[str, Any] = {}
    for key, value in _mapping(node, path):
        if key not in known:
            raise _refused(path, value, f"unknown key {key!r}{closest(key, set(known))}")
        given[key] = _ROUTE_READERS.get(key, _text)(value, path)
    if not given.get("text"):
        raise _refused(path, node, "text is missing")
    if bool(given.get("department")) is given.get("triage", False):
        raise _refused(path, node, "either a department or triage is needed")
    return GoldenRoute(**given, line=node.start_mark.line + 1, file=str(path))


def _one_or_more(node: yaml.Node, path: Path) -> tuple[str, ...]:
    return (_text(node, path),) if isinstance(node, yaml.ScalarNode) else _texts(node, path)


def _truth(node: yaml.Node, path: Path) -> bool:
    if _text(node, path) not in {"true", "false"}:
        raise _refused(path, node, "true or false is expected")
    return _text(node, path) == "true"


def _composed(path: Path) -> yaml.Node:
    if path.stat().st_size > _LARGEST:
        raise GoldenError(f"{path}: over 4 MiB")
    try:
        root = yaml.compose(path.read_text("utf-8"), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f":{mark.line + 1}" if mark else ""
        raise GoldenError(f"{path}{place}: not YAML") from None
    if root is None:
        raise GoldenError(f"{path}: empty")
    return root


def _question(node: yaml.Node, path: Path, *, held_out: bool) -> GoldenQuestion:
    known = [one.name for one in fields(GoldenQuestion) if one.name not in _OURS]
    given: dict[str, Any] = {}
    for key, value in _mapping(node, path):
        if key not in known:
            near = closest(key, set(known))
            raise _refused(path, value, f"unknown key {key!r}{near}")
        given[key] = _READERS[key](value, path) if key in _READERS else _text(value, path)
    if missing := [key for key in ("ask", "language", "kind") if not given.get(key)]:
        raise _refused(path, node, f"{missing[0]} is missing")
    _one_of(given["kind"], ANSWERS, "kind", node, path)
    _one_of(given["language"], LANGUAGES, "language", node, path)
    then = tuple(_question(one, path, held_out=held_out) for one in given.pop("then", ()))
    return GoldenQuestion(
        **given, then=then, held_out=held_out, line=node.start_mark.line + 1, file=str(path)
    )


_OURS = frozenset({"line", "file", "held_out"})


def _one_of(value: str, allowed: Sequence[str], key: str, node: yaml.Node, path: Path) -> None:
    if value not in allowed:
        raise _refused(path, node, f"{key}: one of {', '.join(allowed)}")


def _mapping(node: yaml.Node, path: Path) -> Iterator[tuple[str, yaml.Node]]:
    if not isinstance(node, yaml.MappingNode):
        raise _refused(path, node, "keys and values are expected")
    for key, value in node.value:
        yield _text(key, path), value


def _sequence(node: yaml.Node, path: Path) -> list[yaml.Node]:
    if not isinstance(node, yaml.SequenceNode):
        raise _refused(path, node, "a list is expected")
    return list(node.value)


def _text(node: yaml.Node, path: Path) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise _refused(path, node, "a text is expected")
    return str(node.value)


def _texts(node: yaml.Node, path: Path) -> tuple[str, ...]:
    return tuple(_text(one, path) for one in _sequence(node, path))


def _day(node: yaml.Node, path: Path) -> date:
    try:
        return date.fromisoformat(_text(node, path))
    except ValueError:
        raise _refused(path, node, "a day is expected, such as 2026-11-20") from None


_READERS: Mapping[str, Callable[[yaml.Node, Path], Any]] = {
    "today": _day,
    "values": _texts,
    "nodes": _texts,
    "never": _texts,
    "then": _sequence,
}

_ROUTE_READERS: Mapping[str, Callable[[yaml.Node, Path], Any]] = {
    "department": _one_or_more,
    "triage": _truth,
}


def _refused(path: Path, node: yaml.Node, why: str) -> GoldenError:
    return GoldenError(f"{path}:{node.start_mark.line + 1}: {why}")


KINDS: Mapping[str, Read] = {"questions": read_questions, "routes": read_routes}
"""What a golden file holds, by its name."""
