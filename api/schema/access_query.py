"""Auditors' questions: the root fields, each the service and then its shape."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry

from api.context import Info
from api.errors import InputError
from api.globalid import from_global, own_id
from api.plan.arguments import DEFAULT_SIZE, LARGEST
from api.schema.access import (
    AccessCellConnection,
    AccessExplanation,
    AccessHolders,
    PolicyVersionConnection,
    PolicyVersionEdge,
    explanation_of,
    from_cursor,
    holders_of,
    matrix_of,
    page_info,
    to_cursor,
    version_of,
)
from api.schema.access_enum import AccessAction, AccessRole, AccessSubject
from api.services.access import (
    About,
    Node,
    Part,
    access_matrix,
    explain_access,
    who_can,
)
from api.services.policy import list_versions
from graph.model import Actor
from graph.vocabulary import Label
from policies.objects import SUBJECTS
from policies.policy import ROLES

MOST_VALUES = 100


@strawberry.input(description="Somebody who might ask, as an example. 示例身份")
class ExampleActorInput:
    """What scopes compare with: nobody's real attributes are read for it."""

    customer_id: strawberry.ID | None = strawberry.field(
        default=None, description="The customer they are. 客户"
    )
    department_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Departments they belong to. 部门"
    )
    line_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Their business lines. 业务线"
    )
    agent_id: strawberry.ID | None = strawberry.field(
        default=None, description="The agent they are. 客服人员"
    )
    granted_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Tickets and customers granted to them. 紧急授权"
    )


def _sized(first: int | None) -> int:
    size = DEFAULT_SIZE if first is None else first
    if not 1 <= size <= LARGEST:
        raise InputError("first", f"first is 1 to {LARGEST}, not {size}")
    return size


def _node(id_: str | None) -> Node | None:
    if id_ is None:
        return None
    found = from_global(id_)
    if found is None:
        raise InputError("node", "node needs a global id")
    return found


def _example(given: ExampleActorInput | None) -> Actor | None:
    if given is None:
        return None
    return Actor(
        id="example",
        customer_id=_one(Label.CUSTOMER, given.customer_id, "customerId"),
        department_ids=_all(Label.DEPARTMENT, given.department_ids, "departmentIds"),
        line_ids=_all(Label.BUSINESS_LINE, given.line_ids, "lineIds"),
        agent_id=_one(Label.AGENT, given.agent_id, "agentId"),
        granted_ids=frozenset(_bare(one) for one in _few(given.granted_ids, "grantedIds")),
    )


def _one(label: Label, id_: str | None, field: str) -> str | None:
    if id_ is None:
        return None
    own = own_id(label, id_)
    if own is None:
        raise InputError(f"actor.{field}", f"actor.{field} needs the id of a {label}")
    return own


def _all(label: Label, ids: list[strawberry.ID], field: str) -> frozenset[str]:
    return frozenset(filter(None, (_one(label, one, field) for one in _few(ids, field))))


def _few(ids: list[strawberry.ID], field: str) -> list[strawberry.ID]:
    if len(ids) > MOST_VALUES:
        raise InputError(f"actor.{field}", f"actor.{field} has at most {MOST_VALUES} elements")
    return ids


def _bare(id_: str) -> str:
    found = from_global(id_)
    return found[1] if found else id_


_Roles = Annotated[
    list[AccessRole] | None, strawberry.argument(description="Which roles; all without. 角色")
]
_Types = Annotated[
    list[AccessSubject] | None,
    strawberry.argument(description="Which types and resources; all without. 类型与资源"),
]
_Denied = Annotated[
    bool, strawberry.argument(description="Also cells that show nothing anywhere. 含无权限的")
]
_First = Annotated[
    int | None,
    strawberry.argument(description=f"How many, 1 to {LARGEST}; {DEFAULT_SIZE} by default. 前几条"),
]
_After = Annotated[str | None, strawberry.argument(description="Behind this cursor. 游标之后")]
_Field = Annotated[
    str, strawberry.argument(description="Type.field, a type for its rows, or a resource. 坐标")
]
_Action = Annotated[AccessAction, strawberry.argument(description="The action. 操作")]
_NodeId = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="A node, to be told where it stands. 节点"),
]
_Actor = Annotated[
    ExampleActorInput | None,
    strawberry.argument(description="Somebody, to be told what they are shown there. 示例身份"),
]


async def _matrix(
    info: Info,
    roles: _Roles = None,
    types: _Types = None,
    denied: _Denied = False,
    first: _First = None,
    after: _After = None,
) -> AccessCellConnection:
    """See ``api.services.access``."""
    place = from_cursor(after) if after is not None else None
    if after is not None and place is None:
        raise InputError("after", "after is no cursor of this matrix")
    part = Part(
        roles=tuple(str(one.value) for one in roles) if roles else ROLES,
        types=tuple(str(one.value) for one in types) if types else SUBJECTS,
        denied=denied,
    )
    context = info.context
    page = await access_matrix(
        context.platform, context.actor, part, size=_sized(first), after=place
    )
    return matrix_of(page, part)


async def _explain(
    info: Info,
    role: Annotated[AccessRole, strawberry.argument(description="The role. 角色")],
    field: _Field,
    action: _Action = AccessAction.READ,
    node: _NodeId = None,
    actor: _Actor = None,
) -> AccessExplanation:
    """See ``api.services.access``."""
    about = About(
        coordinate=field, action=str(action.value), node=_node(node), example=_example(actor)
    )
    context = info.context
    return explanation_of(
        await explain_access(context.platform, context.actor, str(role.value), about)
    )


async def _who(
    info: Info,
    field: Annotated[
        str | None,
        strawberry.argument(description="As in `explainAccess`; the node's rows without. 坐标"),
    ] = None,
    action: _Action = AccessAction.READ,
    node: _NodeId = None,
    actor: _Actor = None,
) -> AccessHolders:
    """See ``api.services.access``."""
    found = _node(node)
    coordinate = field or (found and str(found[0]))
    if not coordinate:
        raise InputError("field", "give a field, a node, or both")
    about = About(
        coordinate=coordinate, action=str(action.value), node=found, example=_example(actor)
    )
    return holders_of(await who_can(info.context.platform, info.context.actor, about))


async def _versions(
    info: Info, first: _First = None, after: _After = None
) -> PolicyVersionConnection:
    """See ``api.services.policy``."""
    platform, actor, size = info.context.platform, info.context.actor, _sized(first)
    notes = await list_versions(platform, actor)
    cursors = [to_cursor(note.id) for note in notes]
    if after is not None and after not in cursors:
        raise InputError("after", "after is no cursor of this list")
    begin = cursors.index(after) + 1 if after is not None else 0
    newest = notes[0].epoch if notes else 0
    edges = [
        PolicyVersionEdge(cursor=cursor, node=version_of(note, epoch=newest))
        for cursor, note in zip(cursors[begin:], notes[begin:], strict=True)
    ][:size]
    return PolicyVersionConnection(
        edges=edges,
        page_info=page_info(
            [edge.cursor for edge in edges], more=begin + size < len(notes), begun=begin > 0
        ),
        total_count=len(notes),
    )


def access_fields() -> Mapping[str, Any]:
    """Made once, for the one schema."""
    return {
        "access_matrix": strawberry.field(
            resolver=_matrix,
            description="What roles may do: every field and action, what is shown in which rows, "
            "and the line of the policy that decides. For auditors. 权限矩阵",
        ),
        "explain_access": strawberry.field(
            resolver=_explain,
            description="Why a role is shown a field, or not; of a node, where it stands. For "
            "auditors. 权限说明",
        ),
        "who_can_read": strawberry.field(
            resolver=_who,
            description="Who may read a field or a node, or do something else to it; of a node, "
            "whose it is. For auditors. 谁可以读取",
        ),
        "policy_versions": strawberry.field(
            resolver=_versions,
            description="Every version of the policy, newest first. For auditors. 策略版本",
        ),
    }
