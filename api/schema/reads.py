"""Root fields that the compiler answers: lists, nodes by id, a ticket."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import strawberry

from api.bootstrap import Platform
from api.context import Context, Info
from api.errors import InputError
from api.globalid import from_global
from api.plan.arguments import LARGEST, Arguments
from api.plan.planning import IDS, Plan, plan_of, read_asked
from api.plan.shaper import Hole, PutOff, Shaping
from api.schema.execution import Projected
from api.schema.nodes import GRAPH, NOUNS
from api.schema.route import RouteReceipt, receipt_of
from api.services.reading import read, read_on, whole
from graph.errors import ForbiddenError
from graph.model import Actor
from graph.rights import Rights
from graph.routing import receipt_from_json
from graph.vocabulary import Label


async def read_one(info: Info, label: Label, id_: str) -> Projected | None:
    """The node as it is selected here, or ``None`` when absent or out of scope.

    Raises:
        ForbiddenError: nobody with these roles sees any node of ``label``.
        ForbiddenArgumentError, InputError, TooComplexError: of a list in it.
    """
    found, receipts = await _shaped(info, label, [id_])
    return Projected(found[id_], receipts) if id_ in found else None


async def read_nodes(info: Info, ids: Sequence[str]) -> Projected:
    """The nodes of these global ids in their order; ``None`` for each that is not to be seen."""
    if len(ids) > LARGEST:
        raise InputError("ids", f"ids has {len(ids)} elements; at most {LARGEST}")
    named = [from_global(one) for one in ids]
    by_label: dict[Label, list[str]] = defaultdict(list)
    for one in dict.fromkeys(filter(None, named)):
        by_label[one[0]].append(one[1])
    found: dict[tuple[Label, str] | None, Any] = {}
    receipts: list[tuple[Hole, RouteReceipt]] = []
    for label, own in by_label.items():
        try:
            shaped, more = await _shaped(info, label, own)
        except ForbiddenError:
            info.context.withheld.denied.add(str(label))
            continue
        found |= {(label, id_): node for id_, node in shaped.items()}
        receipts += more
    return Projected([found.get(one) for one in named], receipts)


async def _shaped(
    info: Info, label: Label, ids: Sequence[str] | None = None
) -> tuple[Any, list[tuple[Hole, RouteReceipt]]]:
    """What is selected here, shaped: a list, or the nodes of ``ids`` by id."""
    context, raw = info.context, info._raw_info
    platform = context.platform
    asked = read_asked(
        platform.memory,
        raw,
        label,
        many=ids is None,
        vault=platform.vault,
        spending=context.spending,
        roots=1 if ids is None else len(ids),
    )
    given = asked.arguments.given
    values = dict(given) if ids is None else {**given, IDS: list(ids)}

    def planned(rights: Rights) -> Plan:
        return plan_of(platform.memory, asked, rights)

    return await answered(context, planned, asked.arguments, values)


async def answered(
    context: Context,
    planned: Callable[[Rights], Plan],
    arguments: Arguments,
    values: Mapping[str, Any],
) -> tuple[Any, list[tuple[Hole, RouteReceipt]]]:
    """Read and shape: by one query, or by more that go on from its ids where one would be too much.

    Raises:
        as ``api.services.reading.read``.
    """
    platform = context.platform

    async def work() -> tuple[Plan, Shaping, Any]:
        return await _read(platform, context.actor, planned, arguments, values)

    plan, shaping, shaped = await whole(platform, work)
    context.withheld.denied.update(plan.denied)
    context.withheld.masked.update(plan.masked)
    return shaped, await receipts_of(platform, plan.rights, shaping.holes)


async def _read(
    platform: Platform,
    actor: Actor,
    planned: Callable[[Rights], Plan],
    arguments: Arguments,
    values: Mapping[str, Any],
) -> tuple[Plan, Shaping, Any]:
    """Every query of a plan, the first first."""
    plan, row = await read(platform, actor, planned, values)
    shaping = Shaping(sealer=platform.vault.sealer, sizes=arguments.sizes)
    shaped = plan.shape(row.get("page", row.get("nodes")), shaping)
    while shaping.later:
        waiting = _by_number(shaping.later)
        shaping.later.clear()
        for number, ones in waiting.items():
            further = plan.later[number]
            ids = {**values, IDS: list(dict.fromkeys(one.id for one in ones))}
            row = await read_on(platform, actor, further.compiled, ids, epoch=plan.rights.epoch)
            found = further.shape(row["nodes"], shaping)
            for one in ones:
                one.into[one.key] = found.get(one.id, {}).get(one.key)
    return plan, shaping, shaped


def _by_number(later: Iterable[PutOff]) -> Mapping[int, list[PutOff]]:
    found: dict[int, list[PutOff]] = defaultdict(list)
    for one in later:
        found[one.number].append(one)
    return found


async def receipts_of(
    platform: Platform, rights: Rights, holes: Sequence[Hole]
) -> list[tuple[Hole, RouteReceipt]]:
    """What goes into ``holes``, each receipt read once."""
    if not holes:
        return []
    ids = sorted({hole.route for hole in holes})
    rows = await platform.store.read("route-receipts", ids=ids)
    knowledge = platform.extractor.knowledge
    found = {
        row["id"]: receipt_of(receipt_from_json(json.loads(row["receipt"])), knowledge, rights)
        for row in rows
        if row["receipt"]
    }
    return [(hole, found[hole.route]) for hole in holes if hole.route in found]


def list_fields() -> Mapping[str, Any]:
    """A root list for every type, by name."""
    return {noun.root: _list_field(label) for label, noun in NOUNS.items()}


def _list_field(label: Label) -> Any:
    async def resolve(info: Info, **_: Any) -> Any:
        shaped, receipts = await _shaped(info, label)
        return Projected(shaped, receipts)

    noun, found = NOUNS[label], GRAPH.lists[(label,)]
    field: Any = strawberry.field(
        resolver=resolve,
        name=noun.root,
        description=f"All that you may see. {noun.text}",
        graphql_type=found.of,
    )
    # The compiler reads them from the document itself.
    field.arguments = list(found.arguments)
    return field
