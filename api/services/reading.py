"""One authorised read, never under a policy that has been replaced."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from api.bootstrap import Platform
from graph.errors import UnavailableError
from graph.model import Actor
from graph.queries import Query
from graph.rights import Rights
from graph.scopes import scope_values
from graph.store import Row


class Planned(Protocol):
    """Whatever brings a compiled query."""

    @property
    def query(self) -> Query:
        """The query, for the rights that it was compiled with."""


P = TypeVar("P", bound=Planned)


async def read(
    platform: Platform, actor: Actor, planned: Callable[[Rights], P], values: Mapping[str, Any]
) -> tuple[P, Row]:
    """The plan and its one row. Rows read under another policy are thrown away, once read anew.

    Raises:
        ForbiddenError, ForbiddenArgumentError: what ``planned`` raises; nothing was read.
        UnavailableError: the graph does not answer, or the policy moves under our hands.
    """
    given = {**values, **{str(scope): ids for scope, ids in scope_values(actor).items()}}
    for _ in range(2):
        rights = platform.rights(actor)
        plan = planned(rights)
        rows = await platform.store.read(plan.query, given=given)
        if rows and rows[0]["epoch"] == rights.epoch:
            return plan, rows[0]
    raise UnavailableError("the policy is being replaced; try again")
