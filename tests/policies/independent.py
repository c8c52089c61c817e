"""Casbin asked by itself: enforcers that read a file, and what a request must come to.

Shares nothing with ``policies/matrix.py``: every coordinate's tier is handed over as ``g2``, and
which actions, scopes and masks mean anything is said again in words of its own.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

import casbin

from graph.fields import FIELDS, SAID, TIERS
from graph.rights import ACTIONS, RESOURCES, Rights, Scope, Show
from graph.schema import Kind
from graph.scopes import SCOPES
from graph.vocabulary import Label, Tier
from policies.policy import ROLES

ANY = Scope.ANY
PERSONAL = [one for one, tier in TIERS.items() if tier is Tier.PERSONAL] * 10
TELLING = ("filter", "sort", "aggregate")
TICKETS_ONLY = (
    "delete", "assign", "triage", "answer", "handover", "correct", "resolve", "reopen", "comment",
    "rate",
)  # fmt: skip
MODEL = files("policies").joinpath("model.conf")
Ask = Callable[[str, str, str, Scope], Show]
Request = tuple[list[str], str, str, Scope]


def enforcer_of(lines: Iterable[str], folder: Path) -> casbin.Enforcer:
    """Casbin's own reading of a file: these lines, and a tier for every coordinate there is."""
    file = folder / "policy.csv"
    tiers = (f"g2, {coordinate}, tier:{tier}" for coordinate, tier in TIERS.items())
    file.write_text("\n".join((*lines, *tiers)), encoding="utf-8")
    return casbin.Enforcer(str(MODEL), str(file))


def asking(lines: Sequence[str], folder: Path) -> Ask:
    """``enforce_ex`` over ``lines``.

    One enforcer per role and action, so that this ends today: Casbin says who inherits from whom,
    and rows of other roles and actions cannot match. The next test asks all rows at once.
    """
    rows = [[*map(str.strip, line.split(","))] for line in lines if line.startswith("p,")]
    heirs = [line for line in lines if line.startswith("g,")]
    inheriting = enforcer_of(heirs, folder)

    @cache
    def enforcer(role: str, action: str) -> casbin.Enforcer | None:
        mine = {f"role:{role}", *inheriting.get_implicit_roles_for_user(f"role:{role}")}
        kept = [", ".join(row) for row in rows if row[2] in mine and row[4] == action]
        return enforcer_of((*heirs, *kept), folder) if kept else None

    @cache
    def ask(role: str, coordinate: str, action: str, scope: Scope) -> Show:
        request = (f"role:{role}", coordinate, action, str(scope))
        if judge := enforcer(role, action):
            allowed, row = judge.enforce_ex(*request)
            return Show(row[5]) if allowed else Show.NONE
        return Show.NONE

    return ask


def is_text(coordinate: str) -> bool:
    label, _, name = coordinate.partition(".")
    field = FIELDS[Label(label)].get(name) if name else None
    return bool(field and field.property and field.property.kind is Kind.TEXT)


def has_rows(coordinate: str, scope: Scope) -> bool:
    """Whether there are rows of the scope at all."""
    label = coordinate.partition(".")[0]
    return scope is ANY or (label in SCOPES and scope in SCOPES[Label(label)])


def means_something(coordinate: str, action: str) -> bool:
    """Whether the action can be done to it, in words of our own."""
    label, dot, name = coordinate.partition(".")
    if coordinate in RESOURCES:
        return action in ("read", "create", "update", "run")
    if not dot:
        known = ("read", "aggregate", "create", "update", "delete")
        return action in known or (label == "Ticket" and action in TICKETS_ONLY)
    if name in SAID.get(Label(label), {}):
        return action == "read"
    field = FIELDS[Label(label)][name]
    if field.property is None:
        return action in ("read", "filter", "aggregate", "create", "update")
    if field.property.sealed:
        return action in ("read", "filter", "create", "update")
    return action in ("read", "filter", "sort", "aggregate", "create", "update")


def expected(ask: Ask, roles: Iterable[str], coordinate: str, action: str, scope: Scope) -> Show:
    """What rows of ``scope`` show to these roles; whatever is shown anywhere is shown there."""
    if not means_something(coordinate, action):
        return Show.NONE
    asked = [(role, one) for role in roles for one in {ANY, scope} if has_rows(coordinate, one)]
    found = [ask(role, coordinate, action, one) for role, one in asked]
    found = [show for show in found if show is not Show.NONE]
    if action != "read" or not is_text(coordinate):
        found = [show for show in found if show is not Show.MASKED]
    if found and action in TELLING and "." in coordinate:
        read = any(ask(role, coordinate, "read", one) is Show.FULL for role, one in asked)
        found = found if read else []
    return next((show for show in (Show.FULL, Show.MASKED) if show in found), Show.NONE)


def told(rights: Rights, coordinate: str, action: str, scope: Scope) -> Show:
    ladder = rights.cell(coordinate, action)
    shows = {ladder.get(ANY), ladder.get(scope)}
    return next((show for show in (Show.FULL, Show.MASKED) if show in shows), Show.NONE)


def requests(count: int, *, seed: int) -> Iterator[Request]:
    """Random role sets, coordinates, actions and scopes, the same for the same seed."""
    draw = random.Random(seed)
    for _ in range(count):
        yield (
            draw.sample(ROLES, k=draw.choice((1, 1, 2, 3))),
            draw.choice((*TIERS, *RESOURCES, *PERSONAL)),
            draw.choice(("read", "read", *ACTIONS)),
            draw.choice(tuple(Scope)),
        )
