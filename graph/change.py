"""What every change to the graph has in common: one actor, one transaction, today's rights.

Absent and out of reach fail alike, with the same text after the same queries. Nothing is left of a
change that fails: whatever is raised here rolls its transaction back.
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from graph.errors import (
    ConflictError,
    NotFoundError,
    StalePolicyError,
    TargetNotFoundError,
    TransitionError,
)
from graph.intake import replayed
from graph.migrations import now_ms
from graph.model import Actor
from graph.policy import POLICY
from graph.queries import Query
from graph.rights import Ladder, Rights
from graph.scopes import scope_values
from graph.selection.change import LOCK, reached, seen, update
from graph.selection.scope import GIVEN
from graph.store import Row, Rows, Store, Transaction
from graph.vocabulary import Label

T = TypeVar("T")
_TOKEN_BYTES = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Author:
    """Who changes something, and what their roles allow."""

    actor: Actor
    rights: Rights

    @property
    def given(self) -> Mapping[str, Any]:
        """The values of every scope."""
        return {str(scope): ids for scope, ids in scope_values(self.actor).items()}


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """An idempotency key with actor and operation, and what tells its body from another."""

    id: str
    fingerprint: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """One change's own mark: the instant, and a token that no other change has.

    Sorts by time, so that what is named after it does.
    """

    at: int = field(default_factory=now_ms)
    token: str = field(default_factory=lambda: secrets.token_hex(_TOKEN_BYTES))

    def name(self, *parts: str) -> str:
        """An id for what this change makes: ``T-1/1764000000000-a3f9c2``."""
        return "/".join((*parts, f"{self.at}-{self.token}"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A transaction in the hands of ``author``."""

    transaction: Transaction
    author: Author
    mark: Mark

    async def run(self, query: str | Query, **parameters: Any) -> Rows:
        """One statement; a query that knows scopes gets the author's."""
        if isinstance(query, Query) and GIVEN in query.parameters:
            parameters[GIVEN] = self.author.given
        return await self.transaction.run(query, **parameters)

    async def judge(self) -> None:
        """Whether the rights are still those of the policy in force.

        Raises:
            StalePolicyError: they are not.
        """
        rows = await self.run("epoch-get", id=POLICY)
        if not rows or int(rows[0]["value"]) != self.author.rights.epoch:
            raise StalePolicyError("the policy is being replaced; try again")

    async def claim(self, claim: Claim) -> bool:
        """Whether the key is new; a replay of the same body is not.

        Raises:
            ConflictError: the key was used with another body.
        """
        mine = self.mark.name()
        (row,) = await self.run(
            "request-claim",
            id=claim.id,
            fingerprint=claim.fingerprint,
            result=mine,
            now=self.mark.at,
        )
        if row["fingerprint"] != claim.fingerprint:
            raise ConflictError("this idempotency key was used with another body; use a new key")
        return bool(row["result_id"] == mine)

    async def lock(self, label: Label, id_: str) -> None:
        """Hold a node whose label has no lock of its own: writing a property does, if the same."""
        await self.run(update(label), id=id_, properties={"id": id_})

    async def row(
        self, label: Label, id_: str, bounds: Sequence[Ladder], *, moves: str | None = None
    ) -> Row:
        """The node, locked where its label can be.

        Raises:
            NotFoundError: absent, or out of reach.
        """
        query = reached(label, bounds, moves=moves)
        lock = {LOCK: self.mark.name()} if LOCK in query.parameters else {}
        rows = await self.run(query, id=id_, **lock)
        if not rows:
            raise NotFoundError(f"no such {label}, or none that you may change so")
        return rows[0]

    async def stays(self, label: Label, id_: str, bounds: Sequence[Ladder]) -> None:
        """The rule of the row after: see ``graph/states.py``.

        Raises:
            NotFoundError: the change took the row out of the reach of those who make it.
        """
        try:
            await self.row(label, id_, bounds)
        except NotFoundError:
            raise NotFoundError(f"the {label} would be out of your reach afterwards") from None

    async def seen(
        self,
        label: Label,
        ids: Sequence[str],
        *,
        written: str | None = None,
        within: Ladder | None = None,
    ) -> list[str]:
        """Those of ``ids`` that are nodes of ``label`` which the author sees; see ``seen``.

        Raises:
            ForbiddenError, ForbiddenArgumentError: the author sees none, or changes none so.
        """
        query = seen(label, self.author.rights, written=written, within=within)
        return [row["id"] for row in await self.run(query, ids=list(ids))]

    async def check_seen(
        self,
        label: Label,
        ids: Sequence[str],
        *,
        name: str,
        written: str | None = None,
        within: Ladder | None = None,
    ) -> None:
        """Whether that is all of them.

        Raises:
            TargetNotFoundError: one is not. ``name`` is the field that refers to it.
            ForbiddenError, ForbiddenArgumentError: as ``seen``.
        """
        if set(await self.seen(label, ids, written=written, within=within)) != set(ids):
            raise TargetNotFoundError(name, f"{name} leads to no {label} that you can see")


async def changing(
    store: Store,
    author: Author,
    work: Callable[[Change], Awaitable[T]],
    *,
    claim: Claim | None,
) -> T | None:
    """What ``work`` returns, in one transaction; ``None`` for a replay, which changes nothing.

    Raises:
        StalePolicyError: judged by a policy that was replaced.
        ConflictError: the key was used with another body.
        UnavailableError: the graph does not answer; repeat with the same key.
        and whatever ``work`` raises.
    """
    mark = Mark()

    async def within(transaction: Transaction) -> T | None:
        change = Change(transaction=transaction, author=author, mark=mark)
        await change.judge()
        if claim and not await change.claim(claim):
            return None
        return await work(change)

    try:
        return await store.transaction(within)
    except (ConflictError, TransitionError):
        # The same request may have won a race against this one: then it is a replay, too.
        if claim and await replayed(store, request=claim.id, fingerprint=claim.fingerprint):
            return None
        raise
