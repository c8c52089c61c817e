"""A ticket's states and who may move it from one to the next: one table.

The named transition is the Casbin action on ``Ticket``; ``stamps`` is the life time it records.

The rule of the row after: whoever changes a ticket must still reach it by the same right when the
change is done, else nothing happened; otherwise a right over some rows would be a right to throw
them elsewhere. What ``passes_on`` is the exception, because it is what these actions are for: the
ticket goes to whoever shall have it next, in reach of its sender or not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a ticket stands. ``triage`` waits for a person to choose the department."""

    NEW = "new"
    TRIAGE = "triage"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    SOLVED = "solved"
    REOPENED = "reopened"


@dataclass(frozen=True, kw_only=True, slots=True)
class Transition:
    """``action`` leads from any of ``sources`` to ``target`` for actors with one of ``roles``.

    ``once`` says that a later one leaves the stamp alone; ``passes_on``: see above.
    """

    action: str
    sources: tuple[State, ...]
    target: State
    roles: tuple[str, ...]
    stamps: str
    once: bool = False
    passes_on: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """``action`` adds something to a ticket in any of ``sources`` and leaves its state alone."""

    action: str
    sources: tuple[State, ...]
    roles: tuple[str, ...]


_DESK = ("agent", "specialist", "supervisor")
_OPEN = (State.ASSIGNED, State.ANSWERED, State.REOPENED)

OPEN: tuple[str, ...] = tuple(map(str, _OPEN))
"""States of a ticket that somebody works on."""

TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        action="assign",
        sources=(State.NEW, State.TRIAGE, State.REOPENED),
        target=State.ASSIGNED,
        roles=("service", *_DESK),
        stamps="assigned_at",
        passes_on=True,
    ),
    Transition(
        action="triage",
        sources=(State.NEW,),
        target=State.TRIAGE,
        roles=("service", *_DESK),
        stamps="assigned_at",
        passes_on=True,
    ),
    Transition(
        action="answer",
        sources=(State.ASSIGNED, State.REOPENED),
        target=State.ANSWERED,
        roles=_DESK,
        stamps="first_response_at",
        once=True,
    ),
    Transition(
        action="handover",
        sources=_OPEN,
        target=State.ASSIGNED,
        roles=_DESK,
        stamps="handed_over_at",
        passes_on=True,
    ),
    Transition(
        action="correct",
        sources=(State.TRIAGE, *_OPEN),
        target=State.ASSIGNED,
        roles=_DESK,
        stamps="corrected_at",
        passes_on=True,
    ),
    Transition(
        action="resolve",
        sources=_OPEN,
        target=State.SOLVED,
        roles=_DESK,
        stamps="solved_at",
    ),
    Transition(
        action="reopen",
        sources=(State.SOLVED,),
        target=State.REOPENED,
        roles=("customer", *_DESK),
        stamps="reopened_at",
    ),
)

REMARKS: tuple[Remark, ...] = (
    Remark(action="comment", sources=tuple(State), roles=_DESK),
    Remark(action="rate", sources=(State.SOLVED,), roles=("customer",)),
)

NAMED: tuple[Transition | Remark, ...] = (*TRANSITIONS, *REMARKS)
"""Everything that may be done to a ticket by name."""

NAMED_ACTIONS: tuple[str, ...] = tuple(one.action for one in NAMED)

BY_ACTION: Mapping[str, Transition | Remark] = {one.action: one for one in NAMED}


def possible(state: str, actions: Iterable[str]) -> list[str]:
    """Which of ``actions`` a ticket in ``state`` allows, in the order of the table."""
    asked = frozenset(actions)
    return [one.action for one in NAMED if one.action in asked and state in one.sources]
