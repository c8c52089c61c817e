"""The route receipt: where a ticket goes, and every path that led there."""

import strawberry

from api.schema.department import Department, department_of
from graph.knowledge import Knowledge
from graph.model import Candidate, Contribution, Receipt


@strawberry.type(description="One path kind's part in a candidate's score. 贡献")
class RouteContribution:
    """points = weight x strength."""

    path_kind: str = strawberry.field(description="Name of the path kind. 路径种类")
    weight: float = strawberry.field(description="How much the path kind is trusted, 0..1. 权重")
    strength: float = strawberry.field(description="How strongly it leads here, 0..1. 强度")
    points: float = strawberry.field(description="weight × strength. 得分")
    walked: list[str] = strawberry.field(
        description="Nodes walked, as Label:id, evidence first. 经过的节点"
    )


@strawberry.type(description="A department that evidence leads to. 候选部门")
class RouteCandidate:
    """Contributions add up to the score."""

    department: Department = strawberry.field(description="The department. 部门")
    score: float = strawberry.field(description="Sum of the contributions, 0..1. 得分")
    contributions: list[RouteContribution] = strawberry.field(
        description="What led here, strongest first. 贡献"
    )


@strawberry.type(description="Why a ticket goes where it goes. 路由凭据")
class Route:
    """Served from the receipt that was stored, or computed for a preview."""

    department: Department = strawberry.field(description="Where it goes. 目标部门")
    confidence: float = strawberry.field(description="The best candidate's score. 置信度")
    runner_up: Department | None = strawberry.field(description="The second best. 第二候选")
    margin: float = strawberry.field(description="Best score less the second. 差距")
    reason: str | None = strawberry.field(
        description="Why a person has to decide, when it went to triage. 分诊原因"
    )
    candidates: list[RouteCandidate] = strawberry.field(description="Best first. 候选")
    model: str = strawberry.field(description="Versioned name of the model. 模型")
    policy_epoch: int = strawberry.field(description="Policy in force. 策略纪元")
    knowledge_epoch: int = strawberry.field(description="Knowledge in force. 知识纪元")


def route_of(receipt: Receipt, knowledge: Knowledge) -> Route:
    """The receipt with the departments' names of ``knowledge``."""
    return Route(
        department=department_of(knowledge, receipt.department),
        confidence=receipt.confidence,
        runner_up=department_of(knowledge, receipt.runner_up) if receipt.runner_up else None,
        margin=receipt.margin,
        reason=receipt.reason,
        candidates=[_candidate(one, knowledge) for one in receipt.candidates],
        model=receipt.model,
        policy_epoch=receipt.policy_epoch,
        knowledge_epoch=receipt.knowledge_epoch,
    )


def _candidate(candidate: Candidate, knowledge: Knowledge) -> RouteCandidate:
    return RouteCandidate(
        department=department_of(knowledge, candidate.department),
        score=candidate.score,
        contributions=[_contribution(one) for one in candidate.contributions],
    )


def _contribution(contribution: Contribution) -> RouteContribution:
    return RouteContribution(
        path_kind=contribution.path_kind,
        weight=contribution.weight,
        strength=contribution.strength,
        points=contribution.points,
        walked=list(contribution.walked),
    )
