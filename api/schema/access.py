"""What auditors are answered: cells, rules, versions, and where a node stands."""

import base64
import binascii

import strawberry

from api.context import Info
from api.globalid import to_global
from api.schema.access_enum import (
    AccessAction,
    AccessReason,
    AccessRole,
    AccessScope,
    AccessShow,
)
from api.schema.bilingual import Words
from api.schema.nodes import PageInfo
from api.schema.scalars import Instant
from api.services.access import Explained, Lead, MatrixPage, Part, Standing, count_cells, shown
from api.services.policy import version_text
from api.words import REASONS_OF_SHOWS, SCOPES
from graph.fields import TIERS
from graph.model import Language
from graph.policy import VersionNote
from graph.rights import Scope, Show
from policies.explain import Cell, Place, Step
from policies.text import Rule


@strawberry.type(description="A rule of the policy. 规则")
class AccessRule:
    """One line of the text."""

    file: str = strawberry.field(description="File or version it stands in. 文件")
    line: int = strawberry.field(description="Its line, from 1. 行号")
    text: str = strawberry.field(description="The rule as written. 规则原文")
    role: str = strawberry.field(description="The role it names. 角色")
    object: str = strawberry.field(description="The tier, coordinate or resource it names. 对象")
    priority: int = strawberry.field(description="The lowest decides. 优先级")
    effect: str = strawberry.field(description="allow or deny. 效果")


@strawberry.type(description="What leads a scope to a node. 范围由来")
class AccessLead:
    """Whoever has it among what is theirs has the node in scope."""

    id: strawberry.ID = strawberry.field(
        description="Global id of the department, line, customer or agent; of the node itself for "
        "a grant. 编号"
    )
    type: str = strawberry.field(description="Its type. 类型")
    path: str = strawberry.field(description="The walk from the node to it. 路径")


@strawberry.type(description="One scope of a cell. 单元格中的范围")
class AccessStep:
    """What counts, and why."""

    scope: AccessScope = strawberry.field(description="Which rows. 范围")
    words: Words = strawberry.field(description="The scope in words. 范围说明")
    show: AccessShow = strawberry.field(description="What is shown there. 显示方式")
    reason: AccessReason = strawberry.field(description="Why. 原因")
    reason_words: Words = strawberry.field(description="Why, in words. 原因说明")
    rows_shown: bool = strawberry.field(
        description="Whether rows are seen there; if not, values may only be counted. 行是否可见"
    )
    rule: AccessRule | None = strawberry.field(description="What decided. 起作用的规则")
    through: list[str] = strawberry.field(
        description="Roles from the one asked about to the one the rule names. 继承路径"
    )
    inside: bool | None = strawberry.field(
        description="Whether the node lies in the scope, for the actor given as an example; null "
        "where that depends on an actor and none was given. 节点是否在范围内"
    )
    leads: list[AccessLead] | None = strawberry.field(
        description="Whose scope the node lies in, at most 100 by each walk; null without a "
        "node. 节点属于谁的范围"
    )


@strawberry.type(description="One role, field and action. 权限单元格")
class AccessCell:
    """As the policy in force has it."""

    role: AccessRole = strawberry.field(description="The role. 角色")
    coordinate: str = strawberry.field(description="Type.field, a type's rows, or a resource. 坐标")
    tier: str | None = strawberry.field(description="Of the coordinate. 级别")
    action: AccessAction = strawberry.field(description="The action. 操作")
    permitted: bool = strawberry.field(description="Whether anything is shown anywhere. 是否允许")
    scopes: list[AccessStep] = strawberry.field(description="Every scope there is for it. 各范围")
    shown: AccessShow | None = strawberry.field(
        description="What the actor given as an example is shown at the node; null where either "
        "is missing. 该节点上的显示方式"
    )


@strawberry.type(description="A cell in the matrix. 矩阵项")
class AccessCellEdge:
    """As in the Relay specification."""

    cursor: str = strawberry.field(description="Where the cell stands. 游标")
    node: AccessCell = strawberry.field(description="The cell. 单元格")


@strawberry.type(description="A page of the matrix. 权限矩阵")
class AccessCellConnection:
    """Roles in the policy's order, then coordinates, then actions."""

    edges: list[AccessCellEdge] = strawberry.field(description="The cells. 单元格")
    page_info: PageInfo = strawberry.field(description="Which part this is. 分页信息")
    policy_epoch: int = strawberry.field(description="Policy in force. 策略纪元")
    part: strawberry.Private[Part]

    @strawberry.field(description="How many cells there are in all. 总数")
    async def total_count(self, info: Info) -> int:
        """Counted only where it is selected."""
        return await count_cells(info.context.platform, info.context.actor, self.part)


@strawberry.type(description="Why a role may do something, or not. 权限说明")
class AccessExplanation:
    """One cell, and the node if it is seen."""

    cell: AccessCell = strawberry.field(description="What is shown in each scope. 单元格")
    node: strawberry.ID | None = strawberry.field(
        description="The node asked about; null when absent or out of your scope. 节点"
    )
    policy_epoch: int = strawberry.field(description="Policy in force. 策略纪元")


@strawberry.type(description="Who may do something. 谁有权限")
class AccessHolders:
    """Roles that may in no scope are left out."""

    cells: list[AccessCell] = strawberry.field(description="A cell for each role. 各角色")
    node: strawberry.ID | None = strawberry.field(
        description="The node asked about; null when absent or out of your scope. 节点"
    )
    policy_epoch: int = strawberry.field(description="Policy in force. 策略纪元")


@strawberry.type(description="A version of the policy; it never changes. 策略版本")
class PolicyVersion:
    """The text is read where it is selected."""

    id: strawberry.ID = strawberry.field(description="Its name, as rules give it. 编号")
    epoch: int = strawberry.field(description="Its number. 策略纪元")
    author: str = strawberry.field(description="Who put it in force. 作者")
    reason: str = strawberry.field(description="Why. 原因")
    created_at: Instant = strawberry.field(description="When. 时间")
    in_force: bool = strawberry.field(description="Whether it is the one in force. 是否生效")

    @strawberry.field(description="All of its rules, as written. 策略原文")
    async def text(self, info: Info) -> str:
        """See ``api.services.policy``."""
        return await version_text(info.context.platform, info.context.actor, self.epoch)


@strawberry.type(description="A version in the list. 版本项")
class PolicyVersionEdge:
    """As in the Relay specification."""

    cursor: str = strawberry.field(description="Where the version stands. 游标")
    node: PolicyVersion = strawberry.field(description="The version. 版本")


@strawberry.type(description="A page of the policy's versions, newest first. 策略版本列表")
class PolicyVersionConnection:
    """As in the Relay specification."""

    edges: list[PolicyVersionEdge] = strawberry.field(description="The versions. 版本")
    page_info: PageInfo = strawberry.field(description="Which part this is. 分页信息")
    total_count: int = strawberry.field(description="How many there are in all. 总数")


def matrix_of(page: MatrixPage, part: Part) -> AccessCellConnection:
    """The page as the API serves it."""
    edges = [
        AccessCellEdge(
            cursor=to_cursor(cell.role, cell.coordinate, cell.action), node=cell_of(cell, None)
        )
        for cell in page.cells
    ]
    info = page_info([edge.cursor for edge in edges], more=page.more, begun=page.begun)
    return AccessCellConnection(edges=edges, page_info=info, policy_epoch=page.epoch, part=part)


def page_info(cursors: list[str], *, more: bool, begun: bool) -> PageInfo:
    """Of a page that was walked from its beginning."""
    return PageInfo(
        has_next_page=more,
        has_previous_page=begun,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )


def explanation_of(found: Explained) -> AccessExplanation:
    """The one cell as the API serves it."""
    return AccessExplanation(
        cell=cell_of(found.cells[0], found.standing),
        node=_node(found.standing),
        policy_epoch=found.epoch,
    )


def holders_of(found: Explained) -> AccessHolders:
    """The cells as the API serves them."""
    return AccessHolders(
        cells=[cell_of(cell, found.standing) for cell in found.cells],
        node=_node(found.standing),
        policy_epoch=found.epoch,
    )


def version_of(note: VersionNote, *, epoch: int) -> PolicyVersion:
    """A version as the API serves it; ``epoch`` is that of the one in force."""
    return PolicyVersion(
        id=strawberry.ID(note.id),
        epoch=note.epoch,
        author=note.author,
        reason=note.reason,
        created_at=Instant(note.created_at),
        in_force=note.epoch == epoch,
    )


def to_cursor(*parts: str) -> str:
    """Opaque to clients; holds no value that anybody could be denied."""
    return base64.urlsafe_b64encode("|".join(parts).encode()).decode()


def from_cursor(value: str) -> Place | None:
    """The place of a cell in the matrix, or ``None`` for what is no such cursor."""
    try:
        role, coordinate, action = base64.b64decode(value, b"-_", validate=True).decode().split("|")
    except (UnicodeError, ValueError, binascii.Error):
        return None
    return role, coordinate, action


def cell_of(cell: Cell, standing: Standing | None) -> AccessCell:
    """A cell as the API serves it."""
    seen = shown(cell, standing)
    return AccessCell(
        role=AccessRole(cell.role),
        coordinate=cell.coordinate,
        tier=TIERS.get(cell.coordinate),
        action=AccessAction(cell.action),
        permitted=cell.permitted,
        scopes=[_step(step, standing) for step in cell.steps],
        shown=None if seen is None else _show(seen),
    )


def _step(step: Step, standing: Standing | None) -> AccessStep:
    return AccessStep(
        scope=AccessScope(str(step.scope)),
        words=_SCOPES[step.scope],
        show=_show(step.show),
        reason=AccessReason(step.reason),
        reason_words=_REASONS[step.reason],
        rows_shown=step.rows,
        rule=_rule(step.rule) if step.rule else None,
        through=list(step.through),
        inside=standing.inside.get(step.scope) if standing else None,
        leads=[_lead(one) for one in standing.leads if one.scope is step.scope]
        if standing
        else None,
    )


def _rule(rule: Rule) -> AccessRule:
    return AccessRule(
        file=rule.source,
        line=rule.line,
        text=f"p, {', '.join(rule.cells)}",
        role=rule.role,
        object=rule.object,
        priority=rule.priority,
        effect=rule.effect,
    )


def _lead(lead: Lead) -> AccessLead:
    id_ = strawberry.ID(to_global(lead.label, lead.id))
    return AccessLead(id=id_, type=str(lead.label), path=lead.path)


def _node(standing: Standing | None) -> strawberry.ID | None:
    return strawberry.ID(to_global(*standing.node)) if standing else None


def _show(show: Show) -> AccessShow:
    return AccessShow(str(show))


_SCOPES = {one: Words(zh=SCOPES[one][Language.ZH], en=SCOPES[one][Language.EN]) for one in Scope}
_REASONS = {
    reason: Words(zh=words[Language.ZH], en=words[Language.EN])
    for reason, words in REASONS_OF_SHOWS.items()
}
