"""All that one set of roles may do, as data. Computed by the policies; judged by nobody else.

Today a cell is (resource, action) with its scopes; what a scope means in the graph stands in
``graph/cypher`` as the parameters that ``Reach`` carries.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from graph.errors import ForbiddenError
from graph.model import Actor


class Action(StrEnum):
    """What may be done to a resource, beyond a ticket's named transitions."""

    READ = "read"
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    RUN = "run"


class Scope(StrEnum):
    """Which rows a right reaches."""

    ANY = "any"
    OWN_LINE = "own_line"
    OWN_DEPARTMENT = "own_department"
    OWN_CUSTOMER = "own_customer"


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
    """What a set of roles may do: (resource, action) → scopes. Absent means denied."""

    roles: frozenset[str]
    epoch: int
    cells: Mapping[tuple[str, str], frozenset[Scope]]

    def reach(self, actor: Actor, action: str, resource: str) -> Reach:
        """The rows of ``resource`` on which ``actor`` may do ``action``.

        Raises:
            ForbiddenError: in no scope at all. The text names action and resource, never a row.
        """
        scopes = self.cells.get((resource, action))
        if not scopes:
            raise ForbiddenError(f"your roles do not allow {action!r} on {resource!r}")
        return Reach(
            everything=Scope.ANY in scopes,
            customer_id=actor.customer_id if Scope.OWN_CUSTOMER in scopes else None,
            department_ids=actor.department_ids if Scope.OWN_DEPARTMENT in scopes else frozenset(),
            line_ids=actor.line_ids if Scope.OWN_LINE in scopes else frozenset(),
        )
