"""The route receipt: where a ticket goes, and every path that led there."""

from dataclasses import dataclass

import strawberry

from api.globalid import to_global
from graph.knowledge import Knowledge
from graph.model import Candidate, Contribution, Receipt
from graph.rights import Action, Rights, Scope, Show
from graph.vocabulary import Label


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
    model: str = strawberry.field(description="Versioned name of the model. 模型")
    policy_epoch: int = strawberry.field(description="Policy in force. 策略纪元")
    knowledge_epoch: int = strawberry.field(description="Knowledge in force. 知识纪元")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Names:
    knowledge: Knowledge
    rights: Rights
    heard_all: bool

    def of(self, id_: str) -> ReceiptDepartment:
        """The department with the names that may be read, or with its id alone."""
        name = self.knowledge.names.get((Label.DEPARTMENT, id_))
        return ReceiptDepartment(
            id=strawberry.ID(to_global(Label.DEPARTMENT, id_)),
            name_zh=name.name_zh if name and self._shown("nameZh") else None,
            name_en=name.name_en if name and self._shown("nameEn") else None,
        )

    def walked(self, node: str) -> str:
        """``Label:id``, or ``Label`` alone."""
        label, _, _ = node.partition(":")
        everywhere = self.rights.cell(label, Action.READ).get(Scope.ANY) is Show.FULL
        return node if everywhere or not self.heard_all else label

    def _shown(self, field: str) -> bool:
        ladder = self.rights.cell(f"{Label.DEPARTMENT}.{field}", Action.READ)
        return ladder.get(Scope.ANY) is Show.FULL


def receipt_of(
    receipt: Receipt, knowledge: Knowledge, rights: Rights, *, heard_all: bool = True
) -> RouteReceipt:
    """The receipt with the departments' names of ``knowledge``, as far as ``rights`` show them.

    The platform's own routes ``heard_all`` there is, so nodes that its reader may not see
    everywhere are told by their type alone. A preview heard only what its asker may select.
    """
    names = _Names(knowledge=knowledge, rights=rights, heard_all=heard_all)
    return RouteReceipt(
        department=names.of(receipt.department),
        confidence=receipt.confidence,
        runner_up=names.of(receipt.runner_up) if receipt.runner_up else None,
        margin=receipt.margin,
        reason=receipt.reason,
        candidates=[_candidate(one, names) for one in receipt.candidates],
        model=receipt.model,
        policy_epoch=receipt.policy_epoch,
        knowledge_epoch=receipt.knowledge_epoch,
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
