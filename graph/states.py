"""A ticket's states and who may move it from one to the next: one table.

The named transition is the Casbin action on ``Ticket``; ``stamps`` is the life time it records.
"""

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
    """``action`` leads from any of ``sources`` to ``target`` for actors with one of ``roles``."""

    action: str
    sources: tuple[State, ...]
    target: State
    roles: tuple[str, ...]
    stamps: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """``action`` adds something to a ticket in any of ``sources`` and leaves its state alone."""

    action: str
    sources: tuple[State, ...]
    roles: tuple[str, ...]


_DESK = ("agent", "specialist", "supervisor")
_OPEN = (State.ASSIGNED, State.ANSWERED, State.REOPENED)

TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        action="assign",
        sources=(State.NEW, State.TRIAGE, State.REOPENED),
        target=State.ASSIGNED,
        roles=("service", *_DESK),
        stamps="assigned_at",
    ),
    Transition(
        action="triage",
        sources=(State.NEW,),
        target=State.TRIAGE,
        roles=("service", *_DESK),
        stamps="assigned_at",
    ),
    Transition(
        action="answer",
        sources=(State.ASSIGNED, State.REOPENED),
        target=State.ANSWERED,
        roles=_DESK,
        stamps="first_response_at",
    ),
    Transition(
        action="handover",
        sources=_OPEN,
        target=State.ASSIGNED,
        roles=_DESK,
        stamps="handed_over_at",
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
