"""What is wrong with a seed file, said so that a person can mend it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum

HIDDEN = "‹hidden›"
_LONGEST = 60
_MOST_CANDIDATES = 5_000


class Severity(StrEnum):
    """An error stops the load; a warning is only told."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One finding. ``place`` is ``line 12, column 5``, ``Sheet!B7``, ``byte 17`` or empty.

    ``code`` is stable. ``found`` is shortened, and ``‹hidden›`` where the column is personal;
    ``allowed`` says what would do. ``message`` is a whole sentence without the place.
    """

    code: str
    message: str
    file: str = ""
    place: str = ""
    table: str = ""
    row: str = ""
    column: str = ""
    found: str = ""
    allowed: str = ""
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """All findings of one run, in the order of files and places.

    ``rows`` counts the rows read of each table. ``missing`` are the ids that rows refer to and no
    file has, by table: what to look up in the graph before calling them unknown.
    """

    problems: tuple[Problem, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)
    missing: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What stops a load."""
        return tuple(item for item in self.problems if item.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What does not."""
        return tuple(item for item in self.problems if item.severity is Severity.WARNING)


def shorten(value: object) -> str:
    """``value`` on one line, at most 60 characters."""
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def closest(word: str, candidates: "frozenset[str] | set[str] | Mapping[str, object]") -> str:
    """`` (did you mean 'x'?)``, or nothing when nothing is near or too many are to compare."""
    if len(candidates) > _MOST_CANDIDATES:
        return ""
    near = get_close_matches(word, sorted(candidates), n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""
