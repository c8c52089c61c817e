"""Equal subscribers: the same document, variables, roles and scopes. One subscription is executed
for all of them, and the same text is sent to each.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

import orjson
from graphql import GraphQLError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from api.answering import answer_of
from api.bootstrap import Platform
from api.context import Context
from api.live.feed import Feed
from api.operation import Operation
from api.schema import DeskgraphSchema
from graph.model import Actor
from graph.rights import Scope
from graph.scopes import scope_values

log = logging.getLogger("deskgraph.live")
MOST_WAITING = 100
"""Events that wait for one slow socket; then the oldest are dropped and it is told to reload."""

_SUBSCRIPTION = frozenset({OperationType.SUBSCRIPTION})
Send: TypeAlias = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class GroupKey:
    """What makes subscribers equal. The actor's name does not count: rights know roles only."""

    query: str
    name: str | None
    variables: bytes
    roles: frozenset[str]
    scopes: tuple[tuple[Scope, tuple[str, ...]], ...]


def group_key(operation: Operation, actor: Actor) -> GroupKey:
    """The group of ``actor``'s subscription."""
    return GroupKey(
        query=operation.query,
        name=operation.name,
        variables=orjson.dumps(operation.variables or {}, option=orjson.OPT_SORT_KEYS),
        roles=actor.roles,
        scopes=tuple(scope_values(actor).items()),
    )


class Member:
    """One subscriber of a group: a bounded queue in front of its socket, and who empties it."""

    def __init__(self, id_: str, send: Send) -> None:
        self._head = f'{{"id":{orjson.dumps(id_).decode()},"type":"next","payload":'
        self._send = send
        self._waiting: deque[str] = deque()
        self._resync = ""
        self._dropped = False
        self._end: str | None = None
        self._filled = asyncio.Event()

    def next(self, payload: str, *, resync: str) -> None:
        """Queue an event; of too many, the oldest go, and ``resync`` is sent in their place."""
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.popleft()
            self._dropped, self._resync = True, resync
        self._waiting.append(payload)
        self._filled.set()

    def end(self, errors: str) -> None:
        """Nothing will follow but ``errors``."""
        self._end = errors
        self._filled.set()

    async def run(self) -> str:
        """Send what is queued until the end, whose errors are returned; the socket's pace is this
        member's only.
        """
        while True:
            await self._filled.wait()
            self._filled.clear()
            while self._waiting:
                payload = self._resync if self._dropped else self._waiting.popleft()
                self._dropped = False
                await self._send(f"{self._head}{payload}}}")
            if self._end is not None:
                return self._end


class Group:
    """One subscription and its members."""

    def __init__(
        self, platform: Platform, schema: DeskgraphSchema, operation: Operation, actor: Actor
    ) -> None:
        self.feed = Feed()
        self.members: set[Member] = set()
        self._resync = ""
        self._ended: str | None = None
        self._operation, self._schema = operation, schema
        self._context = Context(platform=platform, actor=actor, request_id="", feed=self.feed)
        self._task: asyncio.Task[None] | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing follows any more."""
        return self._ended is not None

    def add(self, member: Member) -> None:
        """From now on ``member`` gets what all get, first that it is to load its list."""
        self.members.add(member)
        if self._ended is not None:
            member.end(self._ended)
        elif self._resync:
            member.next(self._resync, resync=self._resync)
        if self._task is None:
            self._task = asyncio.create_task(self._run())
            self._task.add_done_callback(self._done)

    async def close(self) -> None:
        """Nobody follows any more."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        operation = self._operation
        stream = await self._schema.stream(
            operation.query,
            variable_values=operation.variables,
            context_value=self._context,
            operation_name=operation.name,
            allowed_operation_types=_SUBSCRIPTION,
        )
        try:
            async for result in stream:
                if not isinstance(result, ExecutionResult):
                    raise TypeError("subscriptions are not delivered in parts")
                if result.data is None:
                    self._end(result)
                    return
                self._tell(orjson.dumps(answer_of(result)).decode())
        finally:
            await stream.aclose()

    def _tell(self, payload: str) -> None:
        # What comes first is always the event that everything is to be loaded.
        self._resync = self._resync or payload
        for member in self.members:
            member.next(payload, resync=self._resync)

    def _done(self, task: asyncio.Task[None]) -> None:
        """A document that cannot be parsed or is too complex raises; so does a mistake of ours."""
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Exception):
            shown = (
                error if isinstance(error, GraphQLError) else GraphQLError("", original_error=error)
            )
            self._schema.process_errors([shown])
            self._end(ExecutionResult(data=None, errors=[shown]))

    def _end(self, result: ExecutionResult) -> None:
        self._ended = orjson.dumps(answer_of(result)["errors"]).decode()
        for member in self.members:
            member.end(self._ended)
