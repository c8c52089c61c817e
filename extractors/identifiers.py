"""Identifiers in text by patterns kept as data: orders, e-mail addresses, phones, cards, ids.

``NORMAL_FORMS`` make two spellings one, so that a sealed index or an order number can be looked up.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml

from extractors.check_digits import CHECKS
from extractors.errors import PatternError
from extractors.spans import Spans
from graph.model import Mark
from graph.text import fold

VERSION = "identifiers.v1"
_WORTH_TRYING = re.compile(r"[0-9@_-]")
_DIGIT = re.compile(r"[0-9]")
_SHORTEST_NUMBER = 6
_SEPARATORS = re.compile(r"[^a-z0-9]", re.ASCII)
_COUNTRY_CODE = re.compile(r"^(?:0{0,2}86(?=1[3-9]\d{9}$)|1(?=[2-9]\d{9}$))")


def alphanumeric(value: str) -> str:
    """Letters and digits only, lower case."""
    return _SEPARATORS.sub("", fold(value))


def phone(value: str) -> str:
    """Digits only; a country code of the two home markets, recognised by its sign, is left out."""
    digits = alphanumeric(value)
    return _COUNTRY_CODE.sub("", digits) if _has_country_code(value) else digits


def _has_country_code(value: str) -> bool:
    # "13812345678" is a Chinese mobile, "1 381 234 5678" a number with +1: only the sign, or more
    # digits than a national number has, tells them apart.
    folded = fold(value).strip()
    return folded.startswith(("+", "1 ")) or len(alphanumeric(folded)) > 11


def text(value: str) -> str:
    """Folded and trimmed."""
    return fold(value).strip()


NORMAL_FORMS: Mapping[str, Callable[[str], str]] = {
    "alphanumeric": alphanumeric,
    "phone": phone,
    "text": text,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Pattern:
    """One row of the pattern file, compiled."""

    kind: str
    personal: bool
    expression: re.Pattern[str]
    normal: Callable[[str], str]
    check: Callable[[str], bool] | None
    needs: tuple[str, ...]
    digits: int


def load_patterns(source: str | None = None) -> tuple[Pattern, ...]:
    """Compile the rows of ``source``, or of the shipped file.

    Raises:
        PatternError: a row lacks a key, names an unknown form or check, or is no expression.
    """
    content = source or files("extractors").joinpath("patterns/identifiers.yaml").read_text("utf-8")
    return tuple(_pattern(row, place) for place, row in enumerate(yaml.safe_load(content), 1))


def shaped_numbers(shapes: Iterable[str], *, lettered: bool) -> tuple[Pattern, ...]:
    """Order numbers of these shapes, as ``Knowledge`` has them, with letters or of digits alone:
    none as short as a price.
    """
    long = [one for one in shapes if len(_SEPARATORS.sub("", one)) >= _SHORTEST_NUMBER]
    found = "|".join(_shaped(one) for one in long if "9" in one and ("a" in one) == lettered)
    if not found:
        return ()
    return (
        Pattern(
            kind="order",
            personal=False,
            expression=re.compile(rf"(?<![\w.,+-])(?:{found})(?![\w@-]|[.,]\d)", re.ASCII),
            normal=alphanumeric,
            check=None,
            needs=(),
            digits=1,
        ),
    )


def _shaped(shape: str) -> str:
    """An expression for it; who writes a number down may leave out what stands between, or set a
    space there, unless digits alone are left: these may be any numbers.
    """
    kinds = {"9": r"\d", "a": "[a-z]"}
    space = " " if "a" in shape else ""
    return "".join(kinds.get(char) or f"[{re.escape(char)}{space}]?" for char in shape)


def _pattern(row: Mapping[str, Any], place: int) -> Pattern:
    where = f"identifiers.yaml, row {place} ({row.get('kind', 'no kind')})"
    try:
        return Pattern(
            kind=row["kind"],
            personal=row["personal"],
            # ASCII: with Unicode classes a Han character beside a number would hide it.
            expression=re.compile(row["pattern"], re.ASCII),
            normal=NORMAL_FORMS[row["normal"]],
            check=CHECKS[row["check"]] if "check" in row else None,
            needs=tuple(row.get("needs", ())),
            digits=row.get("digits", 0),
        )
    except KeyError as error:
        known = f"normal: {', '.join(NORMAL_FORMS)}; check: {', '.join(CHECKS)}"
        raise PatternError(f"{where}: {error} is missing or unknown; allowed {known}") from None
    except re.error as error:
        raise PatternError(f"{where}: not a regular expression: {error}") from None


def find_marks(folded: str, patterns: Sequence[Pattern]) -> tuple[Mark, ...]:
    """Every identifier in folded text, in order of place; earlier patterns win an overlap."""
    kept = Spans()
    marks = (mark for mark in _all_marks(folded, patterns) if kept.take(mark.start, mark.end))
    return tuple(sorted(marks, key=lambda mark: mark.start))


def _all_marks(folded: str, patterns: Sequence[Pattern]) -> Iterator[Mark]:
    # Identifiers hold a digit or an at sign; most sentences have neither.
    if not _WORTH_TRYING.search(folded):
        return
    digits = len(_DIGIT.findall(folded))
    for pattern in patterns:
        if digits < pattern.digits:
            continue
        if pattern.needs and not any(literal in folded for literal in pattern.needs):
            continue
        for match in pattern.expression.finditer(folded):
            value = pattern.normal(match[0])
            if pattern.check is None or pattern.check(value):
                yield Mark(
                    kind=pattern.kind,
                    value=value,
                    start=match.start(),
                    end=match.end(),
                    personal=pattern.personal,
                    extractor=VERSION,
                )
