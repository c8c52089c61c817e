"""The Casbin policy as text, checked line by line, and the ``Rights`` computed from it.

Casbin is the only judge: every cell of ``Rights`` was asked of it. It is asked once per role and
cell, never per request, and only with names of roles, resources, actions and scopes.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.resources import files

import casbin
from casbin import persist

from graph.rights import Action, Rights, Scope
from graph.states import TRANSITIONS
from policies.errors import PolicyTextError

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
RESOURCES = ("History", "Knowledge", "Model", "Order", "Route", "Ticket")
ACTIONS = (*Action, *(transition.action for transition in TRANSITIONS))
SHOWS = ("full", "masked", "none")
EFFECTS = ("allow", "deny")
_ROLE = "role:"
_P_FIELDS = ("priority", "role", "resource", "action", "scope", "show", "effect")


@dataclass(frozen=True, kw_only=True)
class Policy:
    """A checked policy. ``epoch`` counts the policies that were in force before it, from 1."""

    rows: tuple[tuple[str, ...], ...]
    epoch: int = 1
    _known: dict[frozenset[str], Rights] = field(default_factory=dict, repr=False)

    def rights(self, roles: Iterable[str]) -> Rights:
        """What ``roles`` (bare names) may do together: the union of what each may do alone.

        Unknown role names carry no right.
        """
        key = frozenset(roles)
        if key not in self._known:
            cells: dict[tuple[str, str], frozenset[Scope]] = {}
            for role in sorted(key & set(ROLES)):
                for cell, scopes in self._cells(role):
                    cells[cell] = cells.get(cell, frozenset()) | scopes
            self._known[key] = Rights(roles=key, epoch=self.epoch, cells=cells)
        return self._known[key]

    def _cells(self, role: str) -> Iterator[tuple[tuple[str, str], frozenset[Scope]]]:
        enforcer = self._enforcer()
        for resource in RESOURCES:
            for action in dict.fromkeys(ACTIONS):
                scopes = frozenset(
                    scope
                    for scope in Scope
                    if enforcer.enforce(f"{_ROLE}{role}", resource, str(action), str(scope))
                )
                if scopes:
                    yield (resource, str(action)), scopes

    def _enforcer(self) -> casbin.Enforcer:
        model = casbin.Model()
        model.load_model_from_text(files("policies").joinpath("model.conf").read_text("utf-8"))
        return casbin.Enforcer(model, _Rows(self.rows))


class _Rows(persist.Adapter):  # type: ignore[misc]
    """Hands checked rows to Casbin; nothing is ever written back."""

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        self._rows = rows

    def load_policy(self, model: casbin.Model) -> None:
        for row in self._rows:
            persist.load_policy_line(", ".join(row), model)


def load_policy(text: str | None = None, *, source: str = "policy.csv") -> Policy:
    """Read ``text``, or the shipped policy.

    Raises:
        PolicyTextError: a row has an unknown word or a wrong number of columns. A misspelt effect
            or scope would otherwise silently never match, which for a deny means open.
    """
    shipped = files("policies").joinpath("policy.csv")
    content = shipped.read_text("utf-8") if text is None else text
    rows = []
    for number, line in enumerate(content.splitlines(), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            row = tuple(cell.strip() for cell in next(csv.reader([line])))
            _check(row, where=f"{source}:{number}")
            rows.append(row)
    return Policy(rows=tuple(rows))


def _check(row: Sequence[str], *, where: str) -> None:
    kind, *cells = row
    roles = tuple(f"{_ROLE}{role}" for role in ROLES)
    if kind == "g":
        _check_cells(cells, (("heir", roles), ("ancestor", roles)), where)
    elif kind == "p":
        allowed: tuple[Sequence[str], ...] = (
            (), roles, RESOURCES, ACTIONS, tuple(Scope), SHOWS, EFFECTS,
        )  # fmt: skip
        _check_cells(cells, tuple(zip(_P_FIELDS, allowed, strict=True)), where)
        if not cells[0].isdecimal():
            raise PolicyTextError(f"{where}: priority is {cells[0]!r}; write a whole number")
    else:
        raise PolicyTextError(f"{where}: the line starts with {kind!r}; allowed: p, g")


def _check_cells(
    cells: Sequence[str], columns: Sequence[tuple[str, Sequence[str]]], where: str
) -> None:
    if len(cells) != len(columns):
        names = ", ".join(name for name, _ in columns)
        raise PolicyTextError(f"{where}: {len(cells)} columns; expected {len(columns)}: {names}")
    for cell, (name, allowed) in zip(cells, columns, strict=True):
        if allowed and cell not in allowed:
            raise PolicyTextError(f"{where}: {name} is {cell!r}; allowed: {', '.join(allowed)}")
