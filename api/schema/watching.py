"""Follows tickets for a group of equal subscribers: every change is read again, under the rights of
now, in one query for all that changed together.

A ticket that is no longer seen is told of only if it was seen before: at the beginning, among the
newest, or by a change since.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLObjectType, get_argument_values, get_named_type
from graphql.execution.values import VariableValues

from api.context import Info
from api.globalid import to_global
from api.plan.cost import WIDEST
from api.plan.outline import Reader
from api.plan.planning import IDS, Plan, outline_of, plan_of, read_asked, variables_of
from api.plan.where import Where
from api.schema.execution import Projected
from api.schema.reads import answered
from api.services.reading import read
from graph.errors import EngineError, UnavailableError
from graph.fields import FIELDS
from graph.rights import Rights
from graph.selection.compiler import Compiled, compile_request
from graph.selection.request import Filter, Page, Request, Selected
from graph.vocabulary import Label

log = logging.getLogger("deskgraph.live")
NEWEST = 1_000
"""How many tickets are known to have been seen when following begins."""

MOST_SEEN = 10_000
AGAIN_SECONDS = 1.0
_TICKET = Label.TICKET


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """An event: its kind, the global id, and the ticket under each response key."""

    kind: str
    id: str | None = None
    shown: Mapping[str, Projected] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Planned:
    compiled: Compiled


async def watch(info: Info) -> AsyncIterator[Seen]:
    """Events without end, from ``info.context.feed``.

    Raises:
        ForbiddenError, ForbiddenArgumentError, InputError, TooComplexError: at the beginning, or
            when the rights no longer allow it.
        UnavailableError: the graph does not answer at the beginning; later it is waited for.
    """
    feed = info.context.feed
    if feed is None:
        raise TypeError("a subscription needs a feed")
    watching = _Watching(info)
    await watching.begin()
    yield Seen(kind="RESYNC")
    while True:
        batch = await feed.take()
        try:
            events = await watching.events(batch.ids)
        except (EngineError, UnavailableError) as error:
            log.warning("changes not read: %s", error.code)
            await asyncio.sleep(AGAIN_SECONDS)
            feed.reload()
            continue
        for event in events:
            yield event


class _Watching:
    """One subscription: its selections, its filter, and which tickets were seen."""

    def __init__(self, info: Info) -> None:
        self._info, self._context, self._raw = info, info.context, info._raw_info
        self._platform = self._context.platform
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._epoch, self._size = -1, 1
        self._given: Mapping[str, Any] = {}
        self._filter = self._where()
        self._selections = list(self._selected())

    async def begin(self) -> None:
        """Which tickets are seen now, the newest of them."""
        # What is selected is read for nobody: a wrong argument is told at once, not with an event.
        await self._read(())
        self._size = max(1, int(WIDEST // max(1.0, self._context.spending.nodes)))
        page = Page(size="size", filter=self._filter)
        selected = Selected(label=_TICKET, parts=(FIELDS[_TICKET]["id"],))

        def planned(rights: Rights) -> _Planned:
            return _Planned(compile_request(Request(nodes=selected, page=page), rights))

        # The epoch of before: a policy that comes meanwhile is found by the next read.
        epoch = self._platform.policy.epoch
        given = {**self._given, "size": NEWEST}
        plan, row = await read(self._platform, self._context.actor, planned, given)
        (column,) = plan.compiled.shape.columns
        place = column.place if column else None
        rows = [] if place is None else [node[place] for _, node in row["page"][0]]
        self._seen = OrderedDict.fromkeys(reversed(rows))
        self._epoch = epoch

    async def events(self, ids: Sequence[str]) -> list[Seen]:
        """What became of ``ids``; without any, or under other rights, that all is to be loaded."""
        if not ids or self._platform.policy.epoch != self._epoch:
            await self.begin()
            return [Seen(kind="RESYNC")]
        found = await self._read(ids)
        if self._platform.policy.epoch != self._epoch:
            await self.begin()
            return [Seen(kind="RESYNC")]
        return [event for id_ in ids if (event := self._event(id_, found))]

    def _event(self, id_: str, found: Mapping[str, Mapping[str, Projected]]) -> Seen | None:
        shown, global_id = found.get(id_), to_global(_TICKET, id_)
        if shown is not None:
            self._seen[id_] = None
            self._seen.move_to_end(id_)
            if len(self._seen) > MOST_SEEN:
                self._seen.popitem(last=False)
            return Seen(kind="CHANGED", id=global_id, shown=shown)
        if id_ not in self._seen:
            return None
        del self._seen[id_]
        return Seen(kind="LEFT", id=global_id)

    async def _read(self, ids: Sequence[str]) -> dict[str, dict[str, Projected]]:
        """The tickets that are seen, each with what is selected under every response key."""
        found: dict[str, dict[str, Projected]] = {}
        self._context.forget()
        for key, raw in self._selections:
            for some in self._stretches(raw, ids):
                for id_, node in (await self._shaped(raw, some)).items():
                    found.setdefault(id_, {})[key] = node
        return found

    def _stretches(self, raw: Any, ids: Sequence[str]) -> Iterable[Sequence[str]]:
        """As many as one query may read; one by one where each has receipts to be completed."""
        _, outline = outline_of(self._platform.memory, raw, _TICKET, many=False)
        size = 1 if outline.receipts else self._size
        return [ids[start : start + size] for start in range(0, max(1, len(ids)), size)]

    async def _shaped(self, raw: Any, ids: Sequence[str]) -> dict[str, Projected]:
        platform, context = self._platform, self._context
        asked = read_asked(
            platform.memory,
            raw,
            _TICKET,
            many=False,
            vault=platform.vault,
            spending=context.spending,
        )

        def planned(rights: Rights) -> Plan:
            return plan_of(platform.memory, asked, rights, filter_=self._filter)

        values = {**asked.arguments.given, **self._given, IDS: list(ids)}
        shaped, receipts = await answered(context, planned, asked.arguments, values)
        return {id_: Projected(node, receipts) for id_, node in shaped.items()}

    def _selected(self) -> Iterable[tuple[str, Any]]:
        """Every response key of ``ticket``, with what a resolver of it would be handed."""
        raw = self._raw
        type_ = get_named_type(raw.return_type)
        if not isinstance(type_, GraphQLObjectType):
            raise TypeError(f"{type_} is no object type")
        reader = Reader(raw.schema, raw.fragments, variables_of(raw))
        asked = {
            key: nodes
            for key, nodes in reader.selected(raw.field_nodes, type_).items()
            if nodes[0].name.value == "ticket"
        }
        for key, nodes in (asked or {"": []}).items():
            path = raw.path.add_key(key, type_.name)
            yield (
                key,
                raw._replace(
                    field_name="ticket", field_nodes=list(nodes), parent_type=type_, path=path
                ),
            )

    def _where(self) -> Filter | None:
        raw = self._raw
        definition = raw.parent_type.fields[raw.field_name]
        coerced = VariableValues(coerced=dict(variables_of(raw)), sources={})
        where = get_argument_values(definition, raw.field_nodes[0], coerced).get("where")
        if not where:
            return None
        reader = Where(self._platform.vault, "followed_")
        found = reader.read(_TICKET, where, f"{raw.field_name}.where")
        self._given = reader.given
        return found
