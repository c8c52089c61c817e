"""From confirmed history to a model, which every worker then reads."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import orjson

from api.bootstrap import Platform
from api.services.learning import learn_routing
from extractors.errors import ModelError, TrainingError
from extractors.trainer import EXIT_IMPOSSIBLE
from graph.model import Actor
from graph.rights import Action
from graph.vocabulary import Label
from graph.weighing import Weighing

MODEL = "Model"
_PAGE = 2_000
_SAID_BY_EDITORS = 3
"""How many tickets a name or an example counts as: written to say what the issue is."""
_DESCRIBED = 2
_CORRECTED = 5
"""How many tickets a corrected one counts as: somebody looked at it, and meant it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Trained:
    """What was trained on what. ``routing`` names the weights of path kinds, and ``weights`` are
    they: learned, or, from too little history, the ones that were in force.
    """

    model: str
    rows: int
    issues: int
    routing: str
    weights: Mapping[str, float]


class _Row(NamedTuple):
    """What is learned from: a text, its issue, its ticket's number, and how many tickets it counts
    as.
    """

    text: str
    issue: str
    number: int | None
    times: int = 1


async def start_trainer(folder: Path) -> Process:
    """A process that will train into ``folder`` what ``train`` gives it; ends with this one."""
    command = (sys.executable, "-m", "extractors.trainer", str(folder))
    return await asyncio.create_subprocess_exec(*command, stdin=PIPE, stderr=PIPE)


async def train(
    platform: Platform,
    actor: Actor,
    *,
    trainer: Process | None = None,
    progress: Callable[[str, int, int | None], None] | None = None,
) -> Trained:
    """Fit the issue classifier on solved tickets and the issues' own examples, learn from routes of
    the past how path kinds are weighed, and put both in force.

    ``trainer`` was started before, for whoever knows early that it will train.

    Raises:
        ForbiddenError: the actor may not change models.
        ModelError: what was trained cannot be read again.
        TrainingError: fewer than two issues have any text.
        UnavailableError: the graph does not answer.
    """
    platform.rights(actor).reach(actor, Action.UPDATE, MODEL)
    rows = [*await _history(platform, progress), *await _taught(platform)]
    trainer = trainer or await start_trainer(platform.settings.models)
    await _fit(trainer, list(zip(*rows, strict=True)))
    await platform.refresh(force=True)
    classifier = platform.extractor.classifier
    if classifier is None:
        raise ModelError(f"{platform.settings.models}: the new model cannot be read")
    await _learn(platform, progress)
    weighing = platform.weighing
    return Trained(
        model=classifier.name,
        rows=sum(row.times for row in rows),
        issues=len(classifier.labels),
        routing=weighing.name,
        weights=weighing.weights,
    )


async def train_routing(
    platform: Platform,
    actor: Actor,
    *,
    progress: Callable[[str, int, int | None], None] | None = None,
) -> Weighing:
    """Learn anew how path kinds are weighed, from the graph as it is today; the classifier stays.

    Raises:
        ForbiddenError, UnavailableError: as in ``train``.
        TrainingError: too few tickets were held out when the classifier was trained.
    """
    platform.rights(actor).reach(actor, Action.UPDATE, MODEL)
    weighing = await _learn(platform, progress)
    if weighing is None:
        raise TrainingError("too few solved tickets to learn from; run deskgraph train first")
    return weighing


async def _taught(platform: Platform) -> list[_Row]:
    """What knowledge says of issues."""
    knowledge = platform.extractor.knowledge
    taught = [
        _Row(text, name.id, None, _SAID_BY_EDITORS)
        for name in knowledge.names.values()
        if name.label is Label.ISSUE
        for text in (*name.phrases, *name.examples)
    ]
    for row in await platform.store.read("training-descriptions"):
        taught += [_Row(text, row["issue"], None, _DESCRIBED) for text in row["texts"] if text]
    for resolution in knowledge.resolutions:
        told = [*resolution.names.values()]
        told += [step.condition for steps in resolution.steps.values() for step in steps]
        taught += [_Row(text, issue, None) for text in told if text for issue in resolution.issues]
    return taught


async def _learn(
    platform: Platform, progress: Callable[[str, int, int | None], None] | None
) -> Weighing | None:
    """Weights learned anew and in force everywhere; ``None`` where nothing was learned."""

    def told(done: int, total: int) -> None:
        if progress:
            progress("route the past", done, total)

    weighing = await learn_routing(platform, progress=told)
    await platform.store.write("epoch-move", id="knowledge")
    await platform.refresh(force=True)
    return weighing


async def _fit(trainer: Process, columns: Sequence[Sequence[object]]) -> None:
    _, said = await trainer.communicate(orjson.dumps(columns))
    if trainer.returncode == EXIT_IMPOSSIBLE:
        raise TrainingError(said.decode().strip())
    if trainer.returncode:
        raise RuntimeError(f"the trainer ended with {trainer.returncode}: {said.decode()[-500:]}")


async def _history(
    platform: Platform, progress: Callable[[str, int, int | None], None] | None
) -> list[_Row]:
    """Solved tickets, by their main issue."""
    found: list[_Row] = []
    after = -1
    while rows := await platform.store.read("training-rows", after=after, limit=_PAGE):
        for row in rows:
            # A ticket with several issues comes once per issue, the main one first.
            if row["seq"] != after:
                times = _CORRECTED if row["corrected"] else 1
                found.append(_Row(row["text"] or "", row["issue"], row["seq"], times))
                after = row["seq"]
        if progress:
            progress("read tickets", len(found), None)
    return found
