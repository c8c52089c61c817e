"""The policy as text: rows read one by one, each problem with its line.

Two kinds of rows, as in ``policy.csv``: ``p`` is a rule, ``g`` makes a role the heir of another.
Which coordinate belongs to which tier is not said here but in ``graph/fields.py``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from graph.fields import FIELDS, ROW_TIERS, TIERS
from graph.rights import ACTIONS, RESOURCES, Scope, Show
from graph.vocabulary import Label, Tier
from policies.objects import TIER

ROLES = (
    "customer",
    "agent",
    "specialist",
    "supervisor",
    "editor",
    "analyst",
    "auditor",
    "admin",
    "service",
)
ROLE = "role:"
EFFECTS = ("allow", "deny")
COLUMNS = ("priority", "role", "object", "action", "scope", "show", "effect")
LINK_COLUMNS = ("heir", "ancestor")
_MOST_DIGITS = 9
_ROLE_NAMES = tuple(f"{ROLE}{role}" for role in ROLES)
_TIER_NAMES = tuple(f"{TIER}{tier}" for tier in Tier)
_ALLOWED: Mapping[str, Sequence[str]] = {
    "role": _ROLE_NAMES,
    "heir": _ROLE_NAMES,
    "ancestor": _ROLE_NAMES,
    "action": ACTIONS,
    "scope": tuple(Scope),
    "show": tuple(Show),
    "effect": EFFECTS,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One ``p`` row. ``role`` is as written (``role:agent``), ``line`` counts from 1."""

    line: int
    source: str
    priority: int
    role: str
    object: str
    action: str
    scope: Scope
    show: Show
    effect: str

    @property
    def outcome(self) -> Show:
        """What the rule shows where it decides."""
        return self.show if self.effect == "allow" else Show.NONE

    @property
    def cells(self) -> list[str]:
        """The row as Casbin is handed it."""
        return [
            str(self.priority), self.role, self.object, self.action,
            str(self.scope), str(self.show), self.effect,
        ]  # fmt: skip

    @property
    def place(self) -> str:
        """``policy.csv:12``."""
        return f"{self.source}:{self.line}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Heir:
    """One ``g`` row: ``heir`` has every rule of ``ancestor``; both as written."""

    line: int
    heir: str
    ancestor: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Something to mend in the line. ``code`` is stable, ``message`` says what is allowed."""

    line: int
    code: str
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicyText:
    """What was read: rules and heirs in the order of their lines, and what could not be read."""

    rules: tuple[Rule, ...]
    heirs: tuple[Heir, ...]
    problems: tuple[Finding, ...]


def read_policy(text: str, *, source: str) -> PolicyText:
    """Every row of ``text``. ``source`` is the file's name, for messages. Raises nothing."""
    rules: list[Rule] = []
    heirs: list[Heir] = []
    problems: list[Finding] = []
    for line, row in _rows(text):
        found = list(_problems(line, row))
        problems += found
        if found:
            continue
        if row[0] == "g":
            heirs.append(Heir(line=line, heir=row[1], ancestor=row[2]))
        else:
            rules.append(_rule(line, source, row))
    return PolicyText(rules=tuple(rules), heirs=tuple(heirs), problems=tuple(problems))


def _rows(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    # Only a line feed ends a line: what an editor shows inside a comment must stay one.
    for line, content in enumerate(text.split("\n"), start=1):
        if content.strip() and not content.lstrip().startswith("#"):
            yield line, tuple(cell.strip() for cell in content.split(","))


def _rule(line: int, source: str, row: Sequence[str]) -> Rule:
    _, priority, role, object_, action, scope, show, effect = row
    return Rule(
        line=line,
        source=source,
        priority=int(priority),
        role=role,
        object=object_,
        action=action,
        scope=Scope(scope),
        show=Show(show),
        effect=effect,
    )


def _problems(line: int, row: Sequence[str]) -> Iterator[Finding]:
    kind, *cells = row
    columns = {"p": COLUMNS, "g": LINK_COLUMNS}.get(kind)
    if columns is None:
        message = f"the line starts with {kind!r}; allowed: p, g"
        yield Finding(line=line, code="kind", message=message)
    elif len(cells) != len(columns):
        message = f"{len(cells)} columns; expected {len(columns)}: {', '.join(columns)}"
        yield Finding(line=line, code="columns", message=message)
    else:
        for name, cell in zip(columns, cells, strict=True):
            if wrong := _unknown(name, cell):
                code = "role" if name in LINK_COLUMNS else name
                yield Finding(line=line, code=code, message=wrong)


def _unknown(column: str, cell: str) -> str | None:
    """What is wrong with one cell, or ``None``."""
    if column == "priority":
        whole = cell.isascii() and cell.isdecimal() and len(cell) <= _MOST_DIGITS
        return None if whole else f"priority is {cell!r}; write a whole number"
    if column == "object":
        return _unknown_object(cell)
    allowed = _ALLOWED[column]
    return None if cell in allowed else f"{column} is {cell!r}; allowed: {', '.join(allowed)}"


def _unknown_object(cell: str) -> str | None:
    if cell in TIERS or cell in RESOURCES or cell in _TIER_NAMES:
        return None
    if "*" in cell:
        return f"object is {cell!r}; there is no wildcard: name a tier or the coordinates"
    if cell.startswith(TIER):
        return f"object is {cell!r}; tiers: {', '.join(_TIER_NAMES)}"
    label, dot, _ = cell.partition(".")
    if dot and label in ROW_TIERS:
        return f"object is {cell!r}; fields of {label}: {', '.join(FIELDS[Label(label)])}"
    kinds = ", ".join((*_TIER_NAMES, *RESOURCES, *ROW_TIERS))
    return f"object is {cell!r}; allowed: Type.field, {kinds}"
