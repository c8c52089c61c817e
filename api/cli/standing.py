"""``--node``: where a node stands, for ``deskgraph policy explain`` and ``who``."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.errors import InputError
from api.globalid import from_global
from graph.errors import NotFoundError
from graph.model import Actor
from graph.rights import Scope
from graph.vocabulary import Label
from policies.explain import Cell

if TYPE_CHECKING:
    from api.bootstrap import Platform
    from api.services.access import Explained, Standing

NodeOption = Annotated[
    str | None,
    typer.Option("--node", help="a node, as Type:id or global id: where it stands, in the graph"),
]
TheirsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--has",
        help="what an example actor has, as Department:id, BusinessLine:id, Customer:id, Agent:id, "
        "or granted:id; may be repeated",
    ),
]
_GRANTED = "granted"
_KEPT: Mapping[str, str] = {
    str(Label.DEPARTMENT): "department_ids",
    str(Label.BUSINESS_LINE): "line_ids",
    str(Label.CUSTOMER): "customer_id",
    str(Label.AGENT): "agent_id",
    _GRANTED: "granted_ids",
}


def asked(
    coordinate: str,
    action: str,
    *,
    node: str | None,
    theirs: Sequence[str],
    role: str | None = None,
) -> "Explained | None":
    """One role's cell, or every role's, with where ``node`` stands; ``None`` without a node.

    Raises:
        InputError: node or actor cannot be read.
        NotFoundError: the graph has no such node.
    """
    if node is None:
        if theirs:
            raise InputError("--has", "--has: give a --node, too")
        return None
    # Imported here: most commands on policies open no graph.
    from api.cli.running import run  # noqa: PLC0415
    from api.services.access import About, explain_access, who_can  # noqa: PLC0415

    found = _node("--node", node)
    if found[0] != coordinate.partition(".")[0]:
        raise InputError("--node", f"--node: the node is no {coordinate.partition('.')[0]}")
    about = About(
        coordinate=coordinate,
        action=action,
        node=found,
        example=_example(theirs) if theirs else None,
    )

    async def work(platform: "Platform", actor: Actor) -> "Explained":
        if role is None:
            return await who_can(platform, actor, about)
        return await explain_access(platform, actor, role, about)

    told = run(work, roles=["auditor"])
    if told.standing is None:
        raise NotFoundError("--node: there is no such node")
    return told


def standing_lines(
    standing: "Standing | None", scope: Scope, *, named: bool = False
) -> Iterator[str]:
    """Whose scope the node lies in, and whether that of the example actor."""
    if standing is None:
        return
    name = f"  {scope:<14}  " if named else f"{'':10}"
    if scope in standing.inside:
        inside = standing.inside[scope]
        yield name + ("在范围内 · inside" if inside else "不在范围内 · outside")
    for lead in standing.leads:
        if lead.scope is scope:
            yield f"{name}{lead.path}:{lead.id}"


def shown_lines(cell: Cell, standing: "Standing | None") -> Iterator[str]:
    """What the example actor is shown at the node."""
    if standing is None:
        return
    from api.services.access import shown  # noqa: PLC0415 - see above

    if (show := shown(cell, standing)) is not None:
        yield f"  {show:<6}  该节点上 · at this node"


def plain_standing(standing: "Standing | None", scope: Scope) -> Mapping[str, Any]:
    """What a scope has of the node, for programs; nothing without one."""
    if standing is None:
        return {}
    leads = [
        {"type": lead.label, "id": lead.id, "path": lead.path}
        for lead in standing.leads
        if lead.scope is scope
    ]
    return {"inside": standing.inside.get(scope), "leads": leads}


def plain_shown(cell: Cell, standing: "Standing | None") -> Mapping[str, Any]:
    """What a cell has of the node, for programs; nothing without one."""
    if standing is None:
        return {}
    from api.services.access import shown  # noqa: PLC0415 - see above

    return {"node": ":".join(standing.node), "shown": shown(cell, standing)}


def _node(option: str, given: str) -> tuple[Label, str]:
    label, colon, id_ = given.partition(":")
    found = from_global(given)
    if found is None and colon and id_ and label in set(Label):
        found = Label(label), id_
    if found is None:
        raise InputError(option, f"{option}: {given!r} is no Type:id and no global id")
    return found


def _example(theirs: Sequence[str]) -> Actor:
    kept: dict[str, set[str]] = {}
    for given in theirs:
        label, _, id_ = given.partition(":")
        if label not in _KEPT or not id_:
            allowed = ", ".join(f"{one}:id" for one in _KEPT)
            raise InputError("--has", f"--has: {given!r} is none of {allowed}")
        kept.setdefault(_KEPT[label], set()).add(id_)
    for name in ("customer_id", "agent_id"):
        if len(kept.get(name, ())) > 1:
            raise InputError("--has", "--has: at most one Customer and one Agent")
    return Actor(
        id="example",
        customer_id=next(iter(kept.get("customer_id", ())), None),
        agent_id=next(iter(kept.get("agent_id", ())), None),
        department_ids=frozenset(kept.get("department_ids", ())),
        line_ids=frozenset(kept.get("line_ids", ())),
        granted_ids=frozenset(kept.get("granted_ids", ())),
    )
