"""Who may do what, and why: the auditors' questions, answered from the policy in force.

Each is for whoever may read the policy. What is told of a node is told of nodes that the asker
sees, by the compiler's own predicates; rules, shows and reasons are those of ``policies/explain``.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from api.bootstrap import Platform
from api.errors import InputError
from api.services.reading import read, read_on
from graph.errors import ForbiddenError, UnavailableError
from graph.model import Actor
from graph.policy import read_epochs
from graph.rights import Action, Rights, Scope, Show, strongest
from graph.selection.compiler import Compiled
from graph.selection.standing import (
    MOST,
    NODE,
    compile_ends,
    compile_inside,
    narrow_scopes,
    ways_of,
)
from graph.vocabulary import Label
from policies.explain import Cell, Place, explain, permitted, places, who
from policies.objects import OBJECTS, SUBJECTS, actions_of
from policies.policy import ROLES, Policy

RESOURCE = "Policy"
MOST_ENDS = 100
_SEEN = frozenset(map(str, (Action.READ, Action.FILTER, Action.SORT)))
"""Actions that need the row to be seen."""

Node = tuple[Label, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Lead:
    """What a walk of ``scope`` ends at: whoever has that node among their values is inside."""

    scope: Scope
    label: Label
    id: str
    path: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """A node among the scopes of its type.

    ``leads`` has at most ``MOST_ENDS`` of each walk. ``inside`` is by scope for the actor that was
    given as an example; without one only ``any`` is certain.
    """

    node: Node
    leads: tuple[Lead, ...]
    inside: Mapping[Scope, bool]


@dataclass(frozen=True, kw_only=True, slots=True)
class Explained:
    """Cells under the policy of ``epoch``, and where the node stands, if one was given and seen."""

    cells: tuple[Cell, ...]
    epoch: int
    standing: Standing | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A part of the matrix; ``denied`` has the cells, too, that show nothing anywhere."""

    roles: tuple[str, ...] = ROLES
    types: tuple[str, ...] = SUBJECTS
    denied: bool = False

    def places(self) -> list[Place]:
        """Every cell that there can be, in the order of roles, coordinates and actions."""
        return list(places([role for role in ROLES if role in self.roles], self.types))

    def wanted(self, policy: Policy, found: Iterable[Place]) -> Iterator[Place]:
        """Those of ``found`` that belong to the part."""
        return (place for place in found if self.denied or permitted(policy, place))


@dataclass(frozen=True, kw_only=True, slots=True)
class MatrixPage:
    """Cells under the policy of ``epoch``; whether ``more`` follow, and whether others precede
    (``begun``).
    """

    cells: tuple[Cell, ...]
    epoch: int
    more: bool
    begun: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What a question is about: a coordinate or resource, an action, a node, an example actor."""

    coordinate: str
    action: str = Action.READ
    node: Node | None = None
    example: Actor | None = None


async def policy_in_force(platform: Platform, actor: Actor) -> Policy:
    """The policy of the graph as it is now.

    Raises:
        ForbiddenError: the actor may not read the policy.
        UnavailableError: the graph does not answer.
    """
    if (await read_epochs(platform.store)).policy != platform.policy.epoch:
        await platform.refresh_policy()
    platform.rights(actor).reach(actor, Action.READ, RESOURCE)
    return platform.policy


async def access_matrix(
    platform: Platform, actor: Actor, part: Part, *, size: int, after: Place | None = None
) -> MatrixPage:
    """At most ``size`` cells of ``part`` behind ``after``.

    Raises:
        ForbiddenError, UnavailableError: as ``policy_in_force``.
        InputError: ``after`` is no cell of the part.
    """
    policy = await policy_in_force(platform, actor)
    all_ = part.places()
    if after is not None and after not in all_:
        raise InputError("after", "after is no cursor of this matrix")
    begin = all_.index(after) + 1 if after else 0
    found = list(islice(part.wanted(policy, all_[begin:]), size + 1))
    cells = tuple(explain(policy, *place) for place in found[:size])
    return MatrixPage(cells=cells, epoch=policy.epoch, more=len(found) > size, begun=begin > 0)


async def count_cells(platform: Platform, actor: Actor, part: Part) -> int:
    """How many cells the part has in all; errors as in ``policy_in_force``."""
    policy = await policy_in_force(platform, actor)
    for role in part.roles:
        policy.rights([role])
        # Computing the rights of a role takes tens of milliseconds: others take their turn.
        await asyncio.sleep(0)
    return sum(1 for _ in part.wanted(policy, part.places()))


async def explain_access(platform: Platform, actor: Actor, role: str, about: About) -> Explained:
    """What one role is shown in each scope, by which rule; for a node, where it stands.

    Raises:
        ForbiddenError, UnavailableError: as ``policy_in_force``.
        InputError: no such coordinate, not an action of it, or the node is of another type.
    """
    policy, standing = await _asked(platform, actor, about)
    cell = explain(policy, role, about.coordinate, about.action)
    return Explained(cells=(cell,), epoch=policy.epoch, standing=standing)


async def who_can(platform: Platform, actor: Actor, about: About) -> Explained:
    """Every role that may do it in some scope; errors as in ``explain_access``."""
    policy, standing = await _asked(platform, actor, about)
    cells = tuple(who(policy, about.coordinate, about.action))
    return Explained(cells=cells, epoch=policy.epoch, standing=standing)


def shown(cell: Cell, standing: Standing | None) -> Show | None:
    """What the example actor is shown at the node; ``None`` where neither is known."""
    if standing is None or any(step.scope not in standing.inside for step in cell.steps):
        return None
    inside = [step for step in cell.steps if standing.inside[step.scope]]
    if cell.action in _SEEN and not any(step.rows for step in inside):
        return Show.NONE
    return strongest(step.show for step in inside)


def check_about(about: About) -> None:
    """Refuse what no policy can say anything about.

    Raises:
        InputError: see ``explain_access``.
    """
    if about.coordinate not in OBJECTS:
        known = ", ".join(SUBJECTS)
        raise InputError("field", f"field is no Type.field, and none of: {known}")
    actions = sorted(actions_of(about.coordinate))
    if about.action not in actions:
        raise InputError("action", f"action is none of its own: {', '.join(actions)}")
    if about.node and about.node[0] != about.coordinate.partition(".")[0]:
        raise InputError("node", f"node is no {about.coordinate.partition('.')[0]}")


async def _asked(platform: Platform, actor: Actor, about: About) -> tuple[Policy, Standing | None]:
    policy = await policy_in_force(platform, actor)
    check_about(about)
    standing = None
    if about.node is not None:
        standing = await _standing(platform, actor, about.node, about.example)
        policy = platform.policy
    return policy, standing


@dataclass(frozen=True, kw_only=True, slots=True)
class _Plan:
    compiled: Compiled
    rights: Rights


async def _standing(
    platform: Platform, actor: Actor, node: Node, example: Actor | None
) -> Standing | None:
    """Where the node stands; ``None`` where the asker does not see it."""
    label, id_ = node

    def planned(rights: Rights) -> _Plan:
        return _Plan(compiled=compile_ends(label, rights), rights=rights)

    try:
        plan, row = await read(platform, actor, planned, {NODE: id_, MOST: MOST_ENDS})
    except ForbiddenError:
        return None
    if not row["nodes"]:
        return None
    inside = {Scope.ANY: True}
    if example is not None:
        compiled, epoch = compile_inside(label), plan.rights.epoch
        found = await read_on(platform, example, compiled, {NODE: id_}, epoch=epoch)
        held: Sequence[bool] = next(iter(found["nodes"]), ())
        inside |= dict(zip(narrow_scopes(label), held, strict=True))
    if platform.policy.epoch != plan.rights.epoch:
        raise UnavailableError("the policy is being replaced; try again")
    return Standing(node=node, leads=tuple(_leads(label, row["nodes"][0])), inside=inside)


def _leads(label: Label, ends: Sequence[Sequence[str]]) -> Iterable[Lead]:
    for way, ids in zip(ways_of(label), ends, strict=True):
        for id_ in ids:
            yield Lead(scope=way.scope, label=way.target, id=id_, path=way.path)
