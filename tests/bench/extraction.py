"""Documents per second through the whole pipeline, in one process."""

import time
from collections.abc import AsyncIterator
from typing import Any

from extractors.pipeline import Extractor
from extractors.training import train_classifier
from graph.knowledge import Knowledge, Name, ResolutionText, Step
from graph.vocabulary import Label
from seed.history import generate
from seed.plain import company_rows
from tests.bench.engines import Ground
from tests.bench.value import Value

_DOCUMENTS = 2_000
_SHORTEST = 205
_TABLES = {
    "products": Label.PRODUCT,
    "categories": Label.CATEGORY,
    "issues": Label.ISSUE,
    "departments": Label.DEPARTMENT,
}


async def extraction(_: Ground) -> AsyncIterator[Value]:
    """Trained on the sample company's history, measured on tickets joined to the mean length."""
    rows = company_rows()
    history = list(generate(rows, tickets=5_000, random_seed=7))
    classifier = train_classifier(
        [row["text"] for row in history], [row["issues"][0] for row in history]
    )
    extractor = Extractor(_knowledge(rows), classifier)
    texts = _long_texts(rows)
    for text in texts[:200]:
        extractor.extract(text)
    started = time.perf_counter()
    for text in texts:
        extractor.extract(text)
    seconds = time.perf_counter() - started
    mean = sum(map(len, texts)) / len(texts)
    note = f"mean {mean:.0f} characters, half Chinese"
    yield Value(name="extraction", value=len(texts) / seconds, rows=len(texts), note=note)


def _long_texts(rows: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Tickets of one language joined until they are long; their mean is a little over 290."""
    parts = generate(rows, tickets=20_000, random_seed=17)
    texts, joined, characters = [], dict[str, str](), 0
    for row in parts:
        language = row["language"]
        text = f"{joined.pop(language, '')}\n{row['text']}".strip()
        if len(text) < _SHORTEST:
            joined[language] = text
            continue
        texts.append(text)
        characters += len(text)
        if len(texts) == _DOCUMENTS:
            break
    return texts


def _knowledge(rows: dict[str, list[dict[str, Any]]]) -> Knowledge:
    names = {
        (label, row["id"]): Name(
            label=label,
            id=row["id"],
            name_zh=row.get("name_zh"),
            name_en=row.get("name_en"),
            aliases=tuple(row.get("aliases") or ()),
        )
        for table, label in _TABLES.items()
        for row in rows[table]
    }
    return Knowledge(names=names, resolutions=tuple(map(_resolution, rows["resolutions"])))


def _resolution(row: dict[str, Any]) -> ResolutionText:
    steps = {
        language: tuple(
            Step(action=action, condition=condition, expected=expected)
            for action, condition, expected in zip(
                row[f"actions_{language}"],
                row[f"conditions_{language}"],
                row[f"expected_{language}"],
                strict=True,
            )
        )
        for language in ("zh", "en")
    }
    return ResolutionText(
        id=row["id"],
        names={"zh": row["name_zh"], "en": row["name_en"]},
        steps=steps,
        issues=tuple(row["resolves"]),
        applies_to=tuple(row.get("applies_to") or ()),
    )
