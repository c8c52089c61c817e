"""All groups of one process: hears of changes, tells those who follow, and looks after sockets.

What moves without being announced is looked for: another policy, other knowledge, credentials that
ended. Everybody is told or closed within a second.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Protocol

from api.bootstrap import Platform
from api.bus import Changes
from api.errors import SignInUnavailableError, UnauthenticatedError
from api.live.group import Group, GroupKey, Member, Send, group_key
from api.operation import Operation
from api.schema import DeskgraphSchema
from api.session import Session
from api.signin import SignIn
from graph.errors import EngineError, UnavailableError
from graph.model import Actor

log = logging.getLogger("deskgraph.live")
LOOK_SECONDS = 0.25


class Guarded(Protocol):
    """A socket, as far as the hub looks after it."""

    session: Session | None

    async def expire(self) -> None:
        """Close: its credentials are good no more, or mean somebody else."""


class Hub:
    """``start`` before the first subscriber, ``close`` after the last."""

    def __init__(self, platform: Platform, schema: DeskgraphSchema, sign_in: SignIn) -> None:
        self._platform, self._schema, self._sign_in = platform, schema, sign_in
        self._groups: dict[GroupKey, Group] = {}
        self._keys: dict[Member, GroupKey] = {}
        self._sockets: set[Guarded] = set()
        self._moved = self._epochs()
        self._looking: asyncio.Task[None] | None = None
        self._deaf: Callable[[], None] | None = None

    def start(self) -> None:
        """Hear and look from now on."""
        self._deaf = self._platform.bus.listen(self._heard)
        self._looking = asyncio.create_task(self._look())

    async def close(self) -> None:
        """End every group."""
        if self._deaf:
            self._deaf()
        if self._looking:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
        await asyncio.gather(*(group.close() for group in self._groups.values()))
        self._groups.clear()

    @property
    def groups(self) -> int:
        """How many subscriptions are executed."""
        return len(self._groups)

    def join(self, id_: str, operation: Operation, actor: Actor, *, send: Send) -> Member:
        """A member of the group of its equals; the caller runs it, and leaves when it ends."""
        key = group_key(operation, actor)
        group = self._groups.get(key)
        if group is None or group.ended:
            group = self._groups[key] = Group(self._platform, self._schema, operation, actor)
        member = Member(id_, send)
        group.add(member)
        self._keys[member] = key
        return member

    async def leave(self, member: Member) -> None:
        """``member`` follows no more; the last one ends the group."""
        key = self._keys.pop(member)
        group = self._groups.get(key)
        if group and member in group.members:
            group.members.discard(member)
            if not group.members:
                del self._groups[key]
                await group.close()

    def guard(self, socket: Guarded) -> None:
        """Close ``socket`` when its credentials end."""
        self._sockets.add(socket)

    def release(self, socket: Guarded) -> None:
        """``socket`` is closed."""
        self._sockets.discard(socket)

    def _heard(self, changes: Changes) -> None:
        for group in self._groups.values():
            if changes.reload:
                group.feed.reload()
            else:
                group.feed.changed(changes.tickets)

    def _epochs(self) -> tuple[int, int]:
        return self._platform.policy.epoch, self._platform.extractor.knowledge.epoch

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if (moved := self._epochs()) != self._moved:
                self._moved = moved
                self._heard(Changes(reload=True))
            # Of those with the same credentials one answer serves all.
            known: dict[Session, bool] = {}
            for socket in list(self._sockets):
                session = socket.session
                if session is not None and session not in known:
                    known[session] = await self._holds(session)
                if session is not None and not known[session]:
                    await socket.expire()

    async def _holds(self, session: Session) -> bool:
        try:
            return await self._sign_in.holds(session, now=time.time())
        except UnauthenticatedError:
            return False
        except (SignInUnavailableError, UnavailableError, EngineError) as error:
            # What was good a moment ago stays so until somebody can say.
            log.warning("credentials not looked at again: %s", error.code)
            return True
