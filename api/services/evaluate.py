"""How well routing does on labelled texts: through the product's own intake, in a graph of its own.

Each label becomes a department with one issue that it handles; train rows become solved tickets.
"""

import asyncio
import json
import random
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from api.bootstrap import Platform, open_platform
from api.services.ingest import NewMessage, take_in
from api.services.route import receipt_for
from api.services.seeding import load_files
from api.services.train import train
from api.settings import Settings
from extractors.evaluation import accuracy, bare_predictions, macro_f1
from graph.errors import EngineError
from graph.model import Actor, Receipt

Progress = Callable[[str, int, int | None], None]
_HELD_OUT = 0.1
_MOST_HELD_OUT = 2_000
_FIRST_SECOND = 1_700_000_000
_RESAMPLES = 2_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Labelled:
    """A text and the department it belongs to."""

    text: str
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Routed:
    """What became of one test row; ``seconds`` from text to committed receipt."""

    predicted: str
    confidence: float
    seconds: float


async def evaluate_routing(
    settings: Settings,
    actor: Actor,
    *,
    train_rows: Sequence[Labelled],
    test_rows: Sequence[Labelled],
    precision: float,
    progress: Progress,
) -> dict[str, Any]:
    """Figures of the graph's routing beside those of the bare classifier of the same run.

    ``precision`` is what the threshold aims at; it is fitted on rows held out of train, which
    join the graph before the test rows come. The graph of ``settings`` has to be empty.

    Raises:
        EngineError: the graph is not empty; and whatever loading, training or routing raises.
    """
    fitting, held_out = _split(train_rows)
    names = {label: f"label-{place}" for place, label in enumerate(_labels(train_rows, test_rows))}
    async with _own_platform(settings) as platform:
        await _load(platform, actor, fitting, names, part="fitting", progress=progress)
        threshold = await _threshold(platform, held_out, names, precision, progress)
        await _load(platform, actor, held_out, names, part="held-out", progress=progress)
        routed = await _route_all(platform, actor, test_rows, progress=progress)
        engine = (await platform.store.describe())["engine"]
    expected = [names[row.label] for row in test_rows]
    bare = await asyncio.to_thread(_bare, train_rows, test_rows)
    return {
        "engine": engine,
        "train": len(train_rows),
        "test": len(test_rows),
        **_figures(routed, expected, threshold=threshold, precision=precision),
        **_beside(routed, expected, bare, [row.label for row in test_rows]),
    }


@asynccontextmanager
async def _own_platform(settings: Settings) -> AsyncIterator[Platform]:
    """A platform with models, keys and, if embedded, a graph that go when we do."""
    with tempfile.TemporaryDirectory(prefix="deskgraph-") as folder:
        own = replace(
            settings,
            models=Path(folder, "models"),
            master_key_file=Path(folder, "key"),
            graph_linger_seconds=0.0,
        )
        if settings.graph_url.startswith("embedded:"):
            own = replace(own, graph_url=f"embedded:{folder}/graph")
        async with open_platform(own) as platform:
            if any(row["count"] for row in await platform.store.read("count-nodes")):
                raise EngineError("the graph is not empty; evaluate on one that holds nothing")
            yield platform


def _split(rows: Sequence[Labelled]) -> tuple[list[Labelled], list[Labelled]]:
    shuffled = random.Random(0).sample(list(rows), len(rows))  # noqa: S311 - not a secret
    held = min(int(len(rows) * _HELD_OUT), _MOST_HELD_OUT)
    return shuffled[held:], shuffled[:held]


def _labels(*parts: Sequence[Labelled]) -> list[str]:
    return sorted({row.label for part in parts for row in part})


async def _load(
    platform: Platform,
    actor: Actor,
    rows: Sequence[Labelled],
    names: dict[str, str],
    *,
    part: str,
    progress: Progress,
) -> None:
    with tempfile.TemporaryDirectory(prefix="deskgraph-") as folder:
        _write_knowledge(Path(folder), names)
        _write_tickets(Path(folder), rows, names, part=part)
        await load_files(platform, actor, Path(folder), progress=progress)
    await train(platform, actor, progress=progress)


def _write_knowledge(folder: Path, names: dict[str, str]) -> None:
    tables = {
        "issues": [{"id": id_, "name_en": label} for label, id_ in names.items()],
        "departments": [
            {"id": id_, "name_en": label, "handles": [id_]} for label, id_ in names.items()
        ],
    }
    (folder / "labels.yaml").write_text(json.dumps(tables, ensure_ascii=False), encoding="utf-8")


def _write_tickets(
    folder: Path, rows: Sequence[Labelled], names: dict[str, str], *, part: str
) -> None:
    with (folder / "tickets.jsonl").open("w", encoding="utf-8") as file:
        for place, row in enumerate(rows):
            at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(_FIRST_SECOND + place))
            ticket = {
                "id": f"T-{part}-{place}",
                "created_at": at,
                "solved_at": at,
                "text": row.text,
                "state": "solved",
                "issues": [names[row.label]],
                "department": names[row.label],
            }
            file.write(f"{json.dumps(ticket, ensure_ascii=False)}\n")


async def _threshold(
    platform: Platform,
    rows: Sequence[Labelled],
    names: dict[str, str],
    precision: float,
    progress: Progress,
) -> float:
    """The lowest confidence from which ``precision`` of the held-out routes are right."""
    sure: list[tuple[float, bool]] = []
    for place, row in enumerate(rows, 1):
        document = platform.extractor.extract(row.text, resolutions=False)
        receipt = await receipt_for(platform, document, customer=None)
        sure.append((receipt.confidence, _predicted(receipt) == names[row.label]))
        progress("fit threshold", place, len(rows))
    return fit_threshold(sure, precision=precision)


def fit_threshold(sure: Sequence[tuple[float, bool]], *, precision: float) -> float:
    """The lowest confidence at and above which the share of right ones reaches ``precision``.

    Above one when no threshold reaches it: then nothing is covered.
    """
    best, right = 1.01, 0
    for place, (confidence, is_right) in enumerate(sorted(sure, reverse=True), 1):
        right += is_right
        if right / place >= precision:
            best = confidence
    return best


async def _route_all(
    platform: Platform, actor: Actor, rows: Sequence[Labelled], *, progress: Progress
) -> list[Routed]:
    routed = []
    for place, row in enumerate(rows, 1):
        started = time.perf_counter()
        message = NewMessage(text=row.text, idempotency_key=f"evaluate-{place}")
        made = await take_in(platform, actor, message)
        routed.append(
            Routed(
                predicted=_predicted(made.receipt),
                confidence=made.receipt.confidence,
                seconds=time.perf_counter() - started,
            )
        )
        progress("route", place, len(rows))
    return routed


def _predicted(receipt: Receipt) -> str:
    return receipt.candidates[0].department if receipt.candidates else receipt.department


def _figures(
    routed: Sequence[Routed], expected: Sequence[str], *, threshold: float, precision: float
) -> dict[str, Any]:
    predicted = [one.predicted for one in routed]
    pairs = zip(routed, expected, strict=True)
    covered = [(one, label) for one, label in pairs if one.confidence >= threshold]
    right = sum(one.predicted == label for one, label in covered)
    milliseconds = np.array([one.seconds * 1000 for one in routed])
    return {
        "accuracy": accuracy(expected, predicted),
        "macro_f1": macro_f1(expected, predicted),
        "threshold": threshold,
        "precision_aimed_at": precision,
        "coverage": len(covered) / len(routed),
        "realised_precision": right / len(covered) if covered else None,
        "ms_per_item": {
            "p50": float(np.percentile(milliseconds, 50)),
            "p99": float(np.percentile(milliseconds, 99)),
        },
    }


def _bare(train_rows: Sequence[Labelled], test_rows: Sequence[Labelled]) -> list[str]:
    """TF-IDF and a linear SVM alone, on the rows that the graph was given."""
    return bare_predictions(
        [row.text for row in train_rows],
        [row.label for row in train_rows],
        asked=[row.text for row in test_rows],
    )


def _beside(
    routed: Sequence[Routed], expected: Sequence[str], bare: Sequence[str], labels: Sequence[str]
) -> dict[str, Any]:
    """The bare classifier's figures, and the paired bootstrap interval of the difference."""
    ours = np.array([one.predicted == label for one, label in zip(routed, expected, strict=True)])
    theirs = np.array([one == label for one, label in zip(bare, labels, strict=True)])
    gain = ours.astype(float) - theirs
    chance = np.random.default_rng(0)
    means = [chance.choice(gain, len(gain)).mean() for _ in range(_RESAMPLES)]
    low, high = np.percentile(means, [2.5, 97.5])
    return {
        "bare": {
            "accuracy": float(theirs.mean()),
            "macro_f1": macro_f1(labels, bare),
        },
        "gain": {"accuracy": float(gain.mean()), "low": float(low), "high": float(high)},
    }
