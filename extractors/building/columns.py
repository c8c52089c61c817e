"""Which field a header names: ``patterns/columns.yaml``, compared without case and punctuation.

A header that is not there as a whole may have words that speak for a field: ``patterns/cues.yaml``.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files

import yaml

from graph.text import HAN, fold, has_han, words

ASIDE = "aside"
"""What a cue says of a column that is for the company's own use."""
_JOINTS = re.compile(r"[\W_]+")
_PARTS = re.compile(rf"[()（）/|\n]+|(?<=[{HAN}])\s+(?=[A-Za-z])|(?<=[A-Za-z])\s+(?=[{HAN}])")
_LONGEST = 40


@cache
def _fields() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, headers in _rows("columns.yaml").items():
        for header in headers:
            found.setdefault(_plain(header), name)
    return found


@cache
def _cues() -> Sequence[tuple[str, str]]:
    """(words as they are compared, field), longer ones first."""
    found = [
        (cue if has_han(cue) else f" {cue} ", name)
        for name, cues in _rows("cues.yaml").items()
        for cue in cues
    ]
    return sorted(found, key=lambda one: -len(one[0].strip()) * (2 if has_han(one[0]) else 1))


def _rows(name: str) -> Mapping[str, Sequence[str]]:
    source = files("extractors").joinpath("patterns", name).read_text("utf-8")
    found: Mapping[str, Sequence[str]] = yaml.safe_load(source)
    return found


def _plain(header: str) -> str:
    return _JOINTS.sub("", fold(header))


@lru_cache(maxsize=1 << 12)
def field_of(header: str) -> str:
    """The field that a header names, in either language or in both (``部门 Department``), or ''."""
    if not header or len(header) > _LONGEST:
        return ""
    fields = _fields()
    parts = [header, *_PARTS.split(header)]
    return next((fields[plain] for part in parts if (plain := _plain(part)) in fields), "")


@lru_cache(maxsize=1 << 12)
def hint_of(header: str) -> str:
    """The field that words within a header speak for, ``ASIDE``, or ''."""
    if not header or len(header) > _LONGEST:
        return ""
    said = f" {' '.join(words(fold(header).replace('_', ' ')))} "
    return next((name for cue, name in _cues() if cue in said), "")


def fields_of(header: Sequence[str]) -> list[str]:
    """The field of each cell, '' where none; the first of two keeps its field."""
    found: list[str] = []
    for cell in header:
        name = field_of(cell)
        found.append("" if name in found else name)
    return found
