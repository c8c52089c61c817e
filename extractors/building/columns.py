"""Which field a header names: ``patterns/columns.yaml``, compared without case and punctuation."""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files

import yaml

from graph.text import fold

_JOINTS = re.compile(r"[\W_]+")
_LONGEST = 40


@cache
def _fields() -> Mapping[str, str]:
    source = files("extractors").joinpath("patterns/columns.yaml").read_text("utf-8")
    found: dict[str, str] = {}
    for name, headers in yaml.safe_load(source).items():
        for header in headers:
            found.setdefault(_plain(header), name)
    return found


def _plain(header: str) -> str:
    return _JOINTS.sub("", fold(header))


@lru_cache(maxsize=1 << 12)
def field_of(header: str) -> str:
    """The field that a header names, in either language or in both (``部门 Department``), or ''."""
    if not header or len(header) > _LONGEST:
        return ""
    fields = _fields()
    parts = [header, *re.split(r"[()（）/|\n]+|(?<=[\u4e00-\u9fff])\s+(?=[A-Za-z])", header)]
    return next((fields[plain] for part in parts if (plain := _plain(part)) in fields), "")


def fields_of(header: Sequence[str]) -> list[str]:
    """The field of each cell, '' where none; the first of two keeps its field."""
    found: list[str] = []
    for cell in header:
        name = field_of(cell)
        found.append("" if name in found else name)
    return found
