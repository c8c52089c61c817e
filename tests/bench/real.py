"""Real public data: help-desk tickets, chats, and a retail world.

``DESKGRAPH_DATA`` names the folder; there is no default, and nothing of it is copied.
"""

import asyncio
import os
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from api.bootstrap import open_platform
from api.cli.evaluate import read_labelled
from api.cli.running import actor_with
from api.services.ask import ask
from api.services.evaluate import evaluate_routing
from api.services.seeding import load_files
from tests.bench.engines import Ground, ground
from tests.bench.retail import is_right, make_questions, read_world, write_seed
from tests.bench.value import Value

QUESTIONS = 100
SETS = {
    "it_tickets": ("routing/it_service_tickets", "text", "queue"),
    "chats": ("routing/multidogo", "request", "domain"),
}


class NoDataError(Exception):
    """``DESKGRAPH_DATA`` does not name the folder with the data."""


def data_folder() -> Path:
    """The folder with the public sets.

    Raises:
        NoDataError: not set, or no folder.
    """
    folder = Path(os.environ.get("DESKGRAPH_DATA", ""))
    if not os.environ.get("DESKGRAPH_DATA") or not folder.is_dir():
        raise NoDataError("set DESKGRAPH_DATA to the folder with the public data sets")
    return folder.absolute()


async def routing_figures(place: Ground, name: str) -> dict[str, Any]:
    """All figures of ``deskgraph evaluate routing`` on one of ``SETS``."""
    folder, text, label = SETS[name]
    parts = {
        part: read_labelled(
            data_folder() / folder / f"{part}.csv.gz", text=text, label=label, where={}
        )
        for part in ("train", "dev")
    }
    return await evaluate_routing(
        place.settings(),
        actor_with(("admin", "service")),
        train_rows=parts["train"],
        test_rows=parts["dev"],
        precision=0.93,
        progress=lambda *_: None,
    )


async def it_tickets(place: Ground) -> AsyncIterator[Value]:
    """33,505 help-desk tickets to learn from, 4,736 to route."""
    async for value in _routed(place, "it_tickets"):
        yield value


async def chats(place: Ground) -> AsyncIterator[Value]:
    """First requests of customer-service chats to six departments."""
    async for value in _routed(place, "chats"):
        yield value


async def _routed(place: Ground, name: str) -> AsyncIterator[Value]:
    figures = await routing_figures(place, name)
    note = (
        f"accuracy {figures['accuracy']:.4f} (bare {figures['bare']['accuracy']:.4f}), "
        f"macro-F1 {figures['macro_f1']:.4f} (bare {figures['bare']['macro_f1']:.4f}), "
        f"coverage {figures['coverage']:.3f} at precision {figures['realised_precision']:.3f}, "
        f"{figures['ms_per_item']['p50']:.1f}/{figures['ms_per_item']['p99']:.1f} ms"
    )
    rows = figures["test"]
    yield Value(name=f"{name}_gain", value=figures["gain"]["high"], rows=rows, note=note)
    yield Value(name=f"{name}_right", value=figures["accuracy"], rows=rows)
    yield Value(name=f"{name}_coverage", value=figures["coverage"], rows=rows)


async def retail(place: Ground, *, random_seed: int = 20) -> AsyncIterator[Value]:
    """500 customers, 1,000 orders, 50 products loaded as seed files; then questions."""
    world = read_world(data_folder() / "graph/retail")
    questions = make_questions(world, count=QUESTIONS, random_seed=random_seed)
    actor = actor_with(("admin", "service"))
    wrong: Counter[str] = Counter()
    async with open_platform(place.settings()) as platform:
        with tempfile.TemporaryDirectory() as folder:
            write_seed(world, Path(folder))
            await load_files(platform, actor, Path(folder))
        for question in questions:
            found = await ask(platform, actor, question.text)
            wrong[question.template] += not is_right(question, found.answer)
    failed = ", ".join(f"{name}: {count}" for name, count in wrong.items() if count)
    right = QUESTIONS - wrong.total()
    yield Value(name="retail_right", value=right, rows=QUESTIONS, note=failed)


async def _all() -> None:
    for measure in (it_tickets, chats, retail):
        with ground("embedded") as place:
            async for value in measure(place):
                print(f"{value.name:<18} {value.value:>8.4f}  {value.rows} rows  {value.note}")


if __name__ == "__main__":
    asyncio.run(_all())
