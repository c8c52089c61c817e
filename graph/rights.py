"""All that one set of roles may do, as data. Computed by the policies; judged by nobody else.

A *cell* is a coordinate (``Ticket``, ``Ticket.state``) or a resource (``Knowledge``) with an
action. It holds a ladder: scope → what is shown there. What a scope means in the graph stands in
``graph/scopes.py``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from graph.errors import ForbiddenError
from graph.model import Actor
from graph.states import NAMED_ACTIONS


class Action(StrEnum):
    """What may be done to any coordinate or resource that knows it."""

    READ = "read"
    FILTER = "filter"
    SORT = "sort"
    AGGREGATE = "aggregate"
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    RUN = "run"


ACTIONS: tuple[str, ...] = (*map(str, Action), *NAMED_ACTIONS)
"""Every action of the policy: those above and what may be done to a ticket by name."""

SCHEMA = "Schema"
RESOURCES: tuple[str, ...] = ("History", "Knowledge", "Model", "Policy", SCHEMA)
"""Subjects of operations that are no rows of the graph."""


class Scope(StrEnum):
    """Which rows a right reaches."""

    ANY = "any"
    OWN_LINE = "own_line"
    OWN_DEPARTMENT = "own_department"
    OWN_CUSTOMER = "own_customer"
    ASSIGNED = "assigned"
    GRANTED = "granted"


class Show(StrEnum):
    """What is shown of a value, strongest first."""

    FULL = "full"
    MASKED = "masked"
    NONE = "none"

    @property
    def strength(self) -> int:
        """0 for nothing, more for more."""
        return _STRENGTHS[self]


_STRENGTHS: Mapping[Show, int] = {Show.NONE: 0, Show.MASKED: 1, Show.FULL: 2}
Ladder = Mapping[Scope, Show]
_DENIED: Ladder = {}


def strongest(shows: Iterable[Show]) -> Show:
    """The one that shows most; nothing of nothing."""
    return max(shows, key=lambda show: show.strength, default=Show.NONE)


def settled(ladder: Ladder) -> Ladder:
    """``ladder`` without steps that add nothing: those that show nothing, or no more than any."""
    anywhere = ladder.get(Scope.ANY, Show.NONE)
    return {
        scope: show
        for scope, show in ladder.items()
        if show.strength > (0 if scope is Scope.ANY else anywhere.strength)
    }


def readable(ladder: Ladder, read: Ladder) -> Ladder:
    """The steps of ``ladder`` in whose rows the value is also read in full.

    Filtering, sorting and aggregating tell of a value, so nobody does it to what is kept from
    them. Where everything is reached and less is read, the reach shrinks to what is read.
    """
    anywhere = ladder.get(Scope.ANY, Show.NONE)
    reached = {scope: strongest((anywhere, ladder.get(scope, Show.NONE))) for scope in Scope}
    anyhow = read.get(Scope.ANY)
    return settled(
        {scope: show for scope, show in reached.items() if Show.FULL in (anyhow, read.get(scope))}
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """The rows one actor reaches with one right: everything, or what one of the ids leads to."""

    everything: bool
    customer_id: str | None
    department_ids: frozenset[str]
    line_ids: frozenset[str]

    def parameters(self) -> dict[str, Any]:
        """The values every scoped query declares."""
        return {
            "everything": self.everything,
            "customer_id": self.customer_id,
            "department_ids": sorted(self.department_ids),
            "line_ids": sorted(self.line_ids),
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Rights:
    """What a set of roles may do: (coordinate or resource, action) → ladder.

    An absent cell is denied. Ladders are settled: no step shows nothing, and where ``any`` shows
    something, narrower scopes are there only if they show strictly more.
    """

    roles: frozenset[str]
    epoch: int
    cells: Mapping[tuple[str, str], Ladder]
    _everywhere: dict[tuple[str, ...], bool] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def cell(self, coordinate: str, action: str) -> Ladder:
        """Scope → show; empty when denied."""
        return self.cells.get((coordinate, action), _DENIED)

    def everywhere(self, *coordinates: str) -> bool:
        """Whether each is read in full in every row: of a type, whether all its rows are seen."""
        found = self._everywhere.get(coordinates)
        if found is None:
            ladders = (self.cell(one, Action.READ) for one in coordinates)
            found = all(ladder.get(Scope.ANY) is Show.FULL for ladder in ladders)
            self._everywhere[coordinates] = found
        return found

    def permits(self, coordinate: str, action: str) -> bool:
        """Whether there is any scope at all."""
        return (coordinate, action) in self.cells

    def reach(self, actor: Actor, action: str, resource: str) -> Reach:
        """The rows of ``resource`` on which ``actor`` may do ``action``.

        Scopes that the named queries do not know (``assigned``, ``granted``) reach nothing here.

        Raises:
            ForbiddenError: in no scope at all. The text names action and resource, never a row.
        """
        ladder = self.cell(resource, action)
        if not ladder:
            raise ForbiddenError(f"your roles do not allow {str(action)!r} on {str(resource)!r}")
        return Reach(
            everything=Scope.ANY in ladder,
            customer_id=actor.customer_id if Scope.OWN_CUSTOMER in ladder else None,
            department_ids=actor.department_ids if Scope.OWN_DEPARTMENT in ladder else frozenset(),
            line_ids=actor.line_ids if Scope.OWN_LINE in ladder else frozenset(),
        )
