"""How routes of the past would turn out today: what path kinds are worth is learned from that.

Each ticket of a sample is routed once more through the graph, by what the classifier made of it
without having seen it, and as if no later ticket were there.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from api.bootstrap import Platform
from extractors.held import load_held
from graph.model import Guess
from graph.ranking import Path, leads
from graph.routing import candidate_paths
from graph.weighing import WEIGHTS, Weighing, save_weighing

MOST = 1_000
"""Routes to learn from: enough for ten numbers."""
_TOGETHER = 8
_PAGE = 250
Progress = Callable[[int, int], None]


async def learn_routing(platform: Platform, *, progress: Progress | None = None) -> Weighing | None:
    """Weights and curve from solved tickets, written where the next start finds them; ``None``
    where too few tickets were held out, and then nothing is written.

    Raises:
        UnavailableError: the graph does not answer.
    """
    # Imported here: whoever only serves never fits anything.
    from graph.fitting import ENOUGH, Example, fit  # noqa: PLC0415

    extractor = platform.extractor
    held = load_held(platform.settings.models, model=extractor.model)
    newest = sorted(held)[-MOST:]
    examples: list[Example] = []
    for start in range(0, len(newest), _PAGE):
        seqs = newest[start : start + _PAGE]
        rows = await platform.store.read("routing-rows", seqs=seqs)
        slots = asyncio.Semaphore(_TOGETHER)
        led = await asyncio.gather(*(_led(platform, row, held, slots) for row in rows))
        for one, row in zip(led, rows, strict=True):
            right = right_departments(row)
            examples.append(Example(led=_shared(one, right), right=min(right)))
        if progress:
            progress(len(examples), len(newest))
    if len(examples) < ENOUGH:
        return None
    blank = platform.extractor.extract("", resolutions=False)
    paths = await candidate_paths(platform.store, blank, customer=None)
    weighing = await asyncio.to_thread(fit, examples, nothing=_strengths(paths))
    await asyncio.to_thread(save_weighing, weighing, platform.settings.models)
    return weighing


async def _led(
    platform: Platform,
    row: Mapping[str, Any],
    held: Mapping[int, Sequence[Guess]],
    slots: asyncio.Semaphore,
) -> dict[str, dict[str, float]]:
    """Path kind → department → strength, as it would have been without the ticket itself."""
    document = platform.extractor.extract(row["text"] or "", resolutions=False)
    document = replace(document, guesses=tuple(held[row["seq"]]))
    async with slots:
        paths = await candidate_paths(
            platform.store, document, customer=row["customer"], before=row["seq"]
        )
    return _strengths(paths)


def _strengths(paths: Sequence[Path]) -> dict[str, dict[str, float]]:
    found = leads(paths, kinds=WEIGHTS)
    return {
        kind: {name: lead.strength for name, lead in departments.items()}
        for kind, departments in found.items()
    }


def right_departments(row: Mapping[str, Any]) -> frozenset[str]:
    """Who should have had the ticket: whoever holds its issue today, the nearest; the department
    that had it, where nobody does.
    """
    nearest = min((depth for _, depth in row["holders"]), default=0)
    holders = frozenset(name for name, depth in row["holders"] if depth == nearest)
    return holders or frozenset({row["department"]})


def _shared(
    led: Mapping[str, Mapping[str, float]], right: frozenset[str]
) -> dict[str, dict[str, float]]:
    """Those who share what is right as one, as confidence counts them."""
    found: dict[str, dict[str, float]] = {}
    for kind, departments in led.items():
        own = found[kind] = {}
        for name, strength in departments.items():
            key = min(right) if name in right else name
            own[key] = own.get(key, 0.0) + strength
    return found


async def likeliest_issue(platform: Platform, *, ticket: str, department: str) -> str | None:
    """Which of the issues that the department holds today the ticket's text is about, as far as
    anybody can tell; ``None`` where it holds none. Decides nothing about rights.

    Raises:
        UnavailableError: the graph does not answer.
    """
    held = [
        row["id"] for row in await platform.store.read("department-issues", department=department)
    ]
    texts = await platform.store.read("ticket-first-text", id=ticket)
    if not held or not texts:
        return min(held, default=None)
    return platform.extractor.likeliest(texts[0]["text"] or "", among=held)
