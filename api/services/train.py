"""From confirmed history to a model, which every worker then reads."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from api.bootstrap import Platform
from extractors.classifier import save_classifier
from extractors.training import train_classifier
from graph.model import Actor
from graph.rights import Action
from graph.vocabulary import Label

MODEL = "Model"
_PAGE = 2_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Trained:
    """What was trained on what."""

    model: str
    rows: int
    issues: int


async def train(
    platform: Platform, actor: Actor, *, progress: Callable[[int], None] | None = None
) -> Trained:
    """Fit the issue classifier on solved tickets and the issues' own examples; put it in force.

    Raises:
        ForbiddenError: the actor may not change models.
        TrainingError: fewer than two issues have any text.
        UnavailableError: the graph does not answer.
    """
    platform.rights(actor).reach(actor, Action.UPDATE, MODEL)
    texts, labels = await _history(platform, progress)
    for name in platform.extractor.knowledge.names.values():
        if name.label is Label.ISSUE:
            phrases = (*name.phrases, *name.examples)
            texts += phrases
            labels += [name.id] * len(phrases)
    classifier = await asyncio.to_thread(train_classifier, texts, labels)
    await asyncio.to_thread(save_classifier, classifier, platform.settings.models)
    await platform.store.write("epoch-move", id="knowledge")
    await platform.refresh(force=True)
    return Trained(model=classifier.name, rows=len(texts), issues=len(classifier.labels))


async def _history(
    platform: Platform, progress: Callable[[int], None] | None
) -> tuple[list[str], list[str]]:
    texts: list[str] = []
    labels: list[str] = []
    after = -1
    while rows := await platform.store.read("training-rows", after=after, limit=_PAGE):
        for row in rows:
            # A ticket with several issues comes once per issue, the main one first.
            if row["seq"] != after:
                texts.append(row["text"] or "")
                labels.append(row["issue"])
                after = row["seq"]
        if progress:
            progress(len(texts))
    return texts, labels
