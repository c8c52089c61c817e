"""One box for everything: people and orders by what they are called, names of knowledge however
they are typed, tickets by their words. Every kind under its own rights.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from api.bootstrap import Platform
from api.globalid import to_global
from api.plan.where import LONGEST_SEARCH, SEARCH, Where
from api.services.reading import read
from api.services.texts import checked
from graph.errors import ForbiddenArgumentError, ForbiddenError
from graph.fields import FIELDS
from graph.model import Actor
from graph.rights import Action, Rights, Scope, Show
from graph.selection.compiler import Compiled, compile_request
from graph.selection.request import Filter, Page, Request, Selected
from graph.text import fold, words
from graph.vocabulary import Label

Hit = tuple[Label, str]
_NAMED: Mapping[Label, tuple[str, ...]] = {
    Label.BUSINESS_LINE: ("nameZh", "nameEn", "aliases"),
    Label.CATEGORY: ("nameZh", "nameEn", "aliases"),
    Label.PRODUCT: ("nameZh", "nameEn", "aliases"),
    Label.ISSUE: ("nameZh", "nameEn", "aliases"),
    Label.DEPARTMENT: ("nameZh", "nameEn", "aliases"),
    Label.RESOLUTION: ("nameZh", "nameEn"),
}
"""Kinds that are found in the snapshot of knowledge, and the fields that finding them tells of."""


def _conditions(text: str) -> Iterator[tuple[Label, Mapping[str, Any]]]:
    """Kinds that the graph itself is asked for, each with its ``where``."""
    yield Label.TICKET, {"id": {"eq": to_global(Label.TICKET, text)}}
    yield Label.ORDER, {"number": {"eq": text}}
    yield (
        Label.CUSTOMER,
        {"OR": [{"name": {"eq": text}}, {"identities": {"value": {"eq": text}}}]},
    )
    for label in (Label.AGENT, Label.SKILL, Label.CHANNEL):
        yield label, {"OR": [{"nameZh": {"contains": text}}, {"nameEn": {"contains": text}}]}
    if words(fold(text)):
        yield Label.TICKET, {SEARCH: text}


_EXACT = 3
"""So many of these find what is called exactly so, and come before names."""
SEARCHED: tuple[Label, ...] = (*dict.fromkeys(label for label, _ in _conditions("a")), *_NAMED)
"""Every kind that can be searched."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Finding:
    compiled: Compiled


async def search(
    platform: Platform, actor: Actor, text: str, *, labels: Collection[Label], limit: int
) -> tuple[list[Hit], list[Label]]:
    """What ``text`` may mean, the likeliest first, at most ``limit``; and the kinds that the
    actor may not search.

    Raises:
        InputError: empty, too long, or not text.
        UnavailableError: the graph does not answer.
    """
    text = checked(text, platform.settings, field="text", longest=LONGEST_SEARCH).strip()
    rights = platform.rights(actor)
    denied = [label for label in labels if label in _NAMED and not _named(rights, label)]
    found: list[list[Hit]] = []
    for label, where in _conditions(text):
        hits: list[Hit] = []
        if label in labels:
            try:
                hits = await _asked(platform, actor, label, where, limit=limit)
            except (ForbiddenError, ForbiddenArgumentError):
                denied.append(label)
        found.append(hits)
    open_ = [label for label in labels if label in _NAMED and label not in denied]
    names = platform.extractor.lookup.find(text, labels=open_, limit=limit)
    ranked = [*chain(*found[:_EXACT]), *names, *chain(*found[_EXACT:])]
    return list(dict.fromkeys(ranked))[:limit], denied


def _named(rights: Rights, label: Label) -> bool:
    """Whether everything that a hit by name tells may be filtered by everywhere."""
    coordinates = [FIELDS[label][name].coordinate for name in _NAMED[label]]
    return all(
        rights.cell(one, Action.FILTER).get(Scope.ANY) is Show.FULL
        for one in (*coordinates, f"{Label.ALIAS}.text")
    )


async def _asked(
    platform: Platform, actor: Actor, label: Label, where: Mapping[str, Any], *, limit: int
) -> list[Hit]:
    reader = Where(platform.vault, "where")
    filter_ = reader.read(label, where, SEARCH)

    def planned(rights: Rights) -> _Finding:
        return _Finding(compiled=compile_request(_request(label, filter_), rights))

    values = {**reader.given, "size": limit}
    plan, row = await read(platform, actor, planned, values)
    (column,) = plan.compiled.shape.columns
    place = None if column is None else column.place
    return [(label, node[place]) for _, node in row["page"][0] if place is not None and node[place]]


def _request(label: Label, filter_: Filter) -> Request:
    nodes = Selected(label=label, parts=(FIELDS[label]["id"],))
    return Request(nodes=nodes, page=Page(size="size", filter=filter_))
