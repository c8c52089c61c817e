"""What the graph holds, in numbers."""

from typing import Any

from api.bootstrap import Platform
from graph.model import Actor
from graph.rights import Action


async def status(platform: Platform, actor: Actor) -> dict[str, Any]:
    """Engine, epochs, model, and how many nodes each main label has.

    Raises:
        ForbiddenError: the actor may not read knowledge.
        UnavailableError: the graph does not answer.
    """
    platform.rights(actor).reach(actor, Action.READ, "Knowledge")
    found = await platform.store.describe()
    counts = {row["label"]: row["count"] for row in await platform.store.read("count-nodes")}
    return {
        "engine": found["engine"],
        "version": found["version"],
        "model": platform.extractor.model,
        "knowledge_epoch": platform.extractor.knowledge.epoch,
        "policy_epoch": platform.policy.epoch,
        "nodes": counts,
    }
