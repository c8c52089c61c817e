"""From confirmed history to a model, which every worker then reads."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from api.bootstrap import Platform
from extractors.errors import ModelError, TrainingError
from extractors.trainer import EXIT_IMPOSSIBLE
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


async def start_trainer(folder: Path) -> Process:
    """A process that will train into ``folder`` what ``train`` gives it; ends with this one."""
    command = (sys.executable, "-m", "extractors.trainer", str(folder))
    return await asyncio.create_subprocess_exec(*command, stdin=PIPE, stderr=PIPE)


async def train(
    platform: Platform,
    actor: Actor,
    *,
    trainer: Process | None = None,
    progress: Callable[[int], None] | None = None,
) -> Trained:
    """Fit the issue classifier on solved tickets and the issues' own examples; put it in force.

    ``trainer`` was started before, for whoever knows early that it will train.

    Raises:
        ForbiddenError: the actor may not change models.
        ModelError: what was trained cannot be read again.
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
    trainer = trainer or await start_trainer(platform.settings.models)
    await _fit(trainer, texts, labels)
    await platform.store.write("epoch-move", id="knowledge")
    await platform.refresh(force=True)
    classifier = platform.extractor.classifier
    if classifier is None:
        raise ModelError(f"{platform.settings.models}: the new model cannot be read")
    return Trained(model=classifier.name, rows=len(texts), issues=len(classifier.labels))


async def _fit(trainer: Process, texts: Sequence[str], labels: Sequence[str]) -> None:
    _, said = await trainer.communicate(orjson.dumps([texts, labels]))
    if trainer.returncode == EXIT_IMPOSSIBLE:
        raise TrainingError(said.decode().strip())
    if trainer.returncode:
        raise RuntimeError(f"the trainer ended with {trainer.returncode}: {said.decode()[-500:]}")


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
