"""Authorised reads, never under a policy that has been replaced."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol, TypeVar

from api.bootstrap import Platform
from graph.errors import StalePolicyError, UnavailableError
from graph.model import Actor
from graph.rights import Rights
from graph.scopes import scope_values
from graph.selection.compiler import Compiled
from graph.selection.reading import read_request
from graph.store import Row


class Planned(Protocol):
    """Whatever brings a compiled query."""

    @property
    def compiled(self) -> Compiled:
        """The query, for the rights that it was compiled with."""


P = TypeVar("P", bound=Planned)
T = TypeVar("T")
_REPLACED = "the policy is being replaced; try again"
_TRIES = 5
"""A policy that is replaced every few milliseconds is a mistake, not a policy."""


async def read(
    platform: Platform, actor: Actor, planned: Callable[[Rights], P], values: Mapping[str, Any]
) -> tuple[P, Row]:
    """The plan and its one row. Rows read under another policy are thrown away and read anew.

    Raises:
        ForbiddenError, ForbiddenArgumentError: what ``planned`` raises; nothing was read.
        UnavailableError: the graph does not answer, or the policy moves under our hands.
    """
    given = _given(actor, values)
    for _ in range(_TRIES):
        rights = platform.rights(actor)
        plan = planned(rights)
        row = await read_request(platform.store, plan.compiled, given)
        if row["epoch"] == rights.epoch:
            return plan, row
        await platform.refresh_policy()
    raise UnavailableError(_REPLACED)


async def whole(platform: Platform, work: Callable[[], Awaitable[T]]) -> T:
    """What ``work`` reads, in as many queries as it needs, all under one policy.

    Raises:
        UnavailableError: the policy moves under our hands.
        and whatever ``work`` raises.
    """
    for _ in range(_TRIES):
        try:
            return await work()
        except StalePolicyError:
            await platform.refresh_policy()
    raise UnavailableError(_REPLACED)


async def read_on(
    platform: Platform, actor: Actor, compiled: Compiled, values: Mapping[str, Any], *, epoch: int
) -> Row:
    """One more row of what was begun under the policy of ``epoch``.

    Raises:
        StalePolicyError: the policy was replaced in between; begin anew.
        UnavailableError: the graph does not answer.
    """
    row = await read_request(platform.store, compiled, _given(actor, values))
    if row["epoch"] != epoch:
        raise StalePolicyError(_REPLACED)
    return row


def _given(actor: Actor, values: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**values, **{str(scope): ids for scope, ids in scope_values(actor).items()}}
