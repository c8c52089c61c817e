"""The route receipt: where a ticket goes, and every path that led there."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import strawberry

from api.globalid import to_global
from api.receipt_words import receipt_sentences
from api.schema.bilingual import Words
from api.schema.scalars import Instant
from api.services.staffing import STAFF_COORDINATES
from graph.knowledge import Knowledge
from graph.model import (
    Candidate,
    Choice,
    Contribution,
    Counterfactual,
    Language,
    Receipt,
)
from graph.rights import Rights
from graph.vocabulary import Label

_LANGUAGES: Mapping[str, Language] = {str(one): one for one in Language}
_SOME: Mapping[str, Mapping[Language, str]] = {
    Label.TICKET: {Language.ZH: "其他工单", Language.EN: "another ticket"},
    Label.CUSTOMER: {Language.ZH: "该客户", Language.EN: "the customer"},
    Label.ORDER: {Language.ZH: "该订单", Language.EN: "the order"},
    Label.AGENT: {Language.ZH: "一名客服", Language.EN: "an agent"},
}
_SOME_NODE: Mapping[Language, str] = {Language.ZH: "某项", Language.EN: "something"}
"""What nodes are called of which a reader may only know the type."""


@strawberry.type(description="A department as a receipt names it. 凭据中的部门")
class ReceiptDepartment:
    """Its names come from the knowledge snapshot; `node(id)` has all that is known of it."""

    id: strawberry.ID = strawberry.field(description="Global id of the department. 编号")
    name_zh: str | None = strawberry.field(description="Chinese name. 中文名称")
    name_en: str | None = strawberry.field(description="English name. 英文名称")


@strawberry.type(description="One path kind's part in a candidate's score. 贡献")
class RouteContribution:
    """points = weight x strength."""

    path_kind: str = strawberry.field(description="Name of the path kind. 路径种类")
    weight: float = strawberry.field(description="How much the path kind is trusted, 0..1. 权重")
    strength: float = strawberry.field(description="How strongly it leads here, 0..1. 强度")
    points: float = strawberry.field(description="weight × strength. 得分")
    walked: list[str] = strawberry.field(
        description="Nodes walked, evidence first: Label:id, or Label alone. 经过的节点"
    )


@strawberry.type(description="A department that evidence leads to. 候选部门")
class RouteCandidate:
    """Contributions add up to the score."""

    department: ReceiptDepartment = strawberry.field(description="The department. 部门")
    score: float = strawberry.field(description="Sum of the contributions, 0..1. 得分")
    contributions: list[RouteContribution] = strawberry.field(
        description="What led here, strongest first. 贡献"
    )


@strawberry.type(description="Where a ticket would go without some relationships. 反事实")
class RouteCounterfactual:
    """Tried by routing again without them; `reason` where it would go to triage."""

    relationship: str = strawberry.field(description="Their type, such as HANDLES. 关系")
    nodes: list[str] = strawberry.field(
        description="Their other ends: Label:id, or Label alone. 节点"
    )
    holder: ReceiptDepartment = strawberry.field(description="Who has them. 持有部门")
    department: ReceiptDepartment = strawberry.field(description="Where it would go. 部门")
    confidence: float = strawberry.field(description="How sure that would be, 0..1. 置信度")
    reason: str | None = strawberry.field(description="Why a person would decide. 分诊原因")


@strawberry.type(description="A department that is no candidate for want of a right. 无权部门")
class BarredDepartment:
    """Decided from the roles of its staff alone."""

    department: ReceiptDepartment = strawberry.field(description="The department. 部门")
    missing: list[str] = strawberry.field(description="Fields nobody there may read. 缺少的权限")


@strawberry.type(description="A skill and its level. 技能等级")
class SkillLevel:
    """Levels start at 1."""

    skill: str = strawberry.field(description="Plain id of the skill. 技能")
    level: int = strawberry.field(description="From 1. 等级")


@strawberry.type(description="Who works on a ticket, or why nobody does yet. 客服人选")
class AgentChoice:
    """`agentId` or `reason` is there, never both."""

    agent_id: strawberry.ID | None = strawberry.field(description="Global id. 客服人员编号")
    reason: str | None = strawberry.field(description="Why nobody: a stable word. 未分派原因")
    required: list[SkillLevel] = strawberry.field(description="Skills it takes. 必需技能")
    optional: list[SkillLevel] = strawberry.field(description="Skills wished for. 希望的技能")
    open: int = strawberry.field(description="Tickets they had open. 手上工单数")
    capacity: int | None = strawberry.field(description="How many at most. 接单上限")
    until: Instant | None = strawberry.field(description="When their shift ends. 值班到")
    knows_customer: bool = strawberry.field(description="Worked for them before. 认识客户")


@strawberry.type(description="Why a ticket goes where it goes. 路由凭据")
class RouteReceipt:
    """Served from the receipt that was stored, or computed for a preview."""

    department: ReceiptDepartment = strawberry.field(description="Where it goes. 目标部门")
    confidence: float = strawberry.field(description="The best candidate's score. 置信度")
    runner_up: ReceiptDepartment | None = strawberry.field(description="The second best. 第二候选")
    margin: float = strawberry.field(description="Best score less the second. 差距")
    reason: str | None = strawberry.field(
        description="Why a person has to decide, when it went to triage. 分诊原因"
    )
    candidates: list[RouteCandidate] = strawberry.field(description="Best first. 候选")
    counterfactuals: list[RouteCounterfactual] = strawberry.field(
        description="What would have changed it, the strongest relationships first. 反事实"
    )
    barred: list[BarredDepartment] = strawberry.field(description="No candidates. 无权部门")
    choice: AgentChoice | None = strawberry.field(
        description="Who works on it, for those who see the staff. 客服人选"
    )
    words: Words = strawberry.field(description="All of it in sentences, one a line. 文字说明")
    model: str = strawberry.field(description="Versioned name of the model. 模型")
    policy_epoch: int = strawberry.field(description="Policy in force. 策略纪元")
    knowledge_epoch: int = strawberry.field(description="Knowledge in force. 知识纪元")


@strawberry.type(description="Why a ticket is where it is. 路由说明")
class ExplainedRoute:
    """`choiceNow` weighs how long the ticket has waited, and who is on shift now."""

    receipt: RouteReceipt = strawberry.field(description="As it was decided. 路由凭据")
    choice_now: AgentChoice | None = strawberry.field(
        description="Who would work on it now, for those who see the staff. 此刻的人选"
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Names:
    knowledge: Knowledge
    rights: Rights
    heard_all: bool
    _departments: dict[str, ReceiptDepartment] = field(default_factory=dict)

    def of(self, id_: str) -> ReceiptDepartment:
        """The department with the names that may be read, or with its id alone."""
        if id_ not in self._departments:
            self._departments[id_] = self._department(id_)
        return self._departments[id_]

    def _department(self, id_: str) -> ReceiptDepartment:
        name = self.knowledge.names.get((Label.DEPARTMENT, id_))
        return ReceiptDepartment(
            id=strawberry.ID(to_global(Label.DEPARTMENT, id_)),
            name_zh=name.name_zh if name and self._shown("nameZh") else None,
            name_en=name.name_en if name and self._shown("nameEn") else None,
        )

    def walked(self, node: str) -> str:
        """``Label:id``, or ``Label`` alone."""
        label, _, _ = node.partition(":")
        return node if self.rights.everywhere(label) or not self.heard_all else label

    def called(self, node: str, language: Language) -> str:
        """What a node is called in sentences: by its name, its id, or as one of its kind."""
        shown = self.walked(node)
        label, _, id_ = shown.partition(":")
        if not id_:
            return _SOME.get(label, _SOME_NODE)[language]
        if label == Label.DEPARTMENT:
            found = self.of(id_)
            names = (found.name_zh, found.name_en)
            ordered = names if language is Language.ZH else names[::-1]
            return next(filter(None, ordered), id_)
        return self.knowledge.name(Label(label), id_, language)

    def _shown(self, field: str) -> bool:
        return self.rights.everywhere(f"{Label.DEPARTMENT}.{field}")


class _Sentences(Words):
    """A receipt in words, of each language when it is asked for: few ask for both."""

    def __init__(self, receipt: Receipt, names: _Names) -> None:
        self._receipt, self._names = receipt, names

    def __getattr__(self, name: str) -> str:
        if name not in _LANGUAGES:
            raise AttributeError(name)
        said = receipt_sentences(self._receipt, _LANGUAGES[name], self._names.called)
        return "\n".join(said)


def receipt_of(
    receipt: Receipt, knowledge: Knowledge, rights: Rights, *, heard_all: bool = True
) -> RouteReceipt:
    """The receipt with the departments' names of ``knowledge``, as far as ``rights`` show them.

    The platform's own routes ``heard_all`` there is, so nodes that its reader may not see
    everywhere are told by their type alone. A preview heard only what its asker may select.
    """
    names = _Names(knowledge=knowledge, rights=rights, heard_all=heard_all)
    if receipt.choice and not sees_staff(rights):
        receipt = replace(receipt, choice=None)
    return RouteReceipt(
        department=names.of(receipt.department),
        confidence=receipt.confidence,
        runner_up=names.of(receipt.runner_up) if receipt.runner_up else None,
        margin=receipt.margin,
        reason=receipt.reason,
        candidates=[_candidate(one, names) for one in receipt.candidates],
        counterfactuals=[_counterfactual(one, names) for one in receipt.counterfactuals],
        barred=[
            BarredDepartment(department=names.of(one.department), missing=list(one.missing))
            for one in receipt.barred
        ],
        choice=choice_of(receipt.choice) if receipt.choice else None,
        words=_Sentences(receipt, names),
        model=receipt.model,
        policy_epoch=receipt.policy_epoch,
        knowledge_epoch=receipt.knowledge_epoch,
    )


def sees_staff(rights: Rights) -> bool:
    """Whether every agent, and what the choice among them tells, is seen."""
    return rights.everywhere(*STAFF_COORDINATES)


def choice_of(choice: Choice) -> AgentChoice:
    """For those who see the staff."""
    return AgentChoice(
        agent_id=strawberry.ID(to_global(Label.AGENT, choice.agent)) if choice.agent else None,
        reason=choice.reason,
        required=[SkillLevel(skill=one.skill, level=one.level) for one in choice.required],
        optional=[SkillLevel(skill=one.skill, level=one.level) for one in choice.optional],
        open=choice.open,
        capacity=choice.capacity,
        until=None if choice.until_at is None else Instant(choice.until_at),
        knows_customer=choice.knows,
    )


def _counterfactual(one: Counterfactual, names: _Names) -> RouteCounterfactual:
    return RouteCounterfactual(
        relationship=one.type,
        nodes=[names.walked(node) for node in one.nodes],
        holder=names.of(one.holder),
        department=names.of(one.department),
        confidence=one.confidence,
        reason=one.reason,
    )


def _candidate(candidate: Candidate, names: _Names) -> RouteCandidate:
    return RouteCandidate(
        department=names.of(candidate.department),
        score=candidate.score,
        contributions=[_contribution(one, names) for one in candidate.contributions],
    )


def _contribution(contribution: Contribution, names: _Names) -> RouteContribution:
    return RouteContribution(
        path_kind=contribution.path_kind,
        weight=contribution.weight,
        strength=contribution.strength,
        points=contribution.points,
        walked=[names.walked(node) for node in contribution.walked],
    )
