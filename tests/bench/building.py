"""``deskgraph build``: what it proposes held against what is written, its speed, and retrieval."""

import random
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from api.services.build import build
from extractors.building.naming import key_of
from extractors.building.people import comparable
from seed.plain import SAMPLE, company_rows
from tests.bench.engines import Ground
from tests.bench.value import Value

RAW = Path("seed/raw")
TRUTH = Path(__file__).with_name("raw_truth.yaml")
DOCUMENTS = 1_200
_NAMED = ("products", "issues", "departments", "resolutions")


async def building(_: Ground) -> AsyncIterator[Value]:
    """Precision and recall by table on the sample company's raw texts; documents a second."""
    with tempfile.TemporaryDirectory() as folder:
        build([RAW], Path(folder))
        for table, (precision, recall, note) in measured(company_rows(Path(folder))).items():
            yield Value(name=f"build_{table}_precision", value=precision, rows=1, note=note)
            yield Value(name=f"build_{table}_recall", value=recall, rows=1, note=note)
    with tempfile.TemporaryDirectory() as folder:
        write_documents(Path(folder) / "raw", count=DOCUMENTS)
        started = time.perf_counter()
        build([Path(folder) / "raw"], Path(folder) / "out")
        speed = DOCUMENTS / (time.perf_counter() - started)
    yield Value(name="build_speed", value=speed, rows=DOCUMENTS)


def measured(
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
) -> dict[str, tuple[float, float, str]]:
    """By table: precision, recall, and what was wrong or missing.

    A second proposal of what was proposed already is wrong.
    """
    truth = yaml.safe_load(TRUTH.read_text(encoding="utf-8"))
    found = {table: _named(rows.get(table, ()), truth[table]) for table in _NAMED}
    found["customers"] = _customers(rows)
    return {table: _figures(pairs, expected=set(truth[table])) for table, pairs in found.items()}


def _named(
    rows: Sequence[Mapping[str, Any]], truth: Mapping[str, Sequence[str]]
) -> list[tuple[str, str]]:
    """(proposed, node that it is or '') of each row."""
    nodes = {key_of(name): node for node, names in truth.items() for name in names}
    found = []
    for row in rows:
        names = (row.get("name_zh"), row.get("name_en"), *row.get("aliases", ()))
        keys = [key_of(name) for name in names if name]
        found.append((row["id"], next((nodes[key] for key in keys if key in nodes), "")))
    return found


def _customers(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[tuple[str, str]]:
    owners = {
        (row["kind"], comparable(row["kind"], row["value"])): row["customer"]
        for row in company_rows(SAMPLE)["identities"]
    }
    found = {row["id"]: "" for row in rows.get("customers", ())}
    for row in rows.get("identities", ()):
        owner = owners.get((row["kind"], comparable(row["kind"], row["value"])), "")
        found[row["customer"]] = found[row["customer"]] or owner
    return list(found.items())


def _figures(pairs: Sequence[tuple[str, str]], *, expected: set[str]) -> tuple[float, float, str]:
    right: set[str] = set()
    wrong: list[str] = []
    for proposed, node in pairs:
        if node in expected and node not in right:
            right.add(node)
        else:
            wrong.append(proposed)
    missing = sorted(expected - right)
    note = f"{len(right)} right; wrong: {', '.join(wrong)}; missing: {', '.join(missing)}"
    return len(right) / max(1, len(pairs)), len(right) / len(expected), note


def write_documents(folder: Path, *, count: int, random_seed: int = 3) -> None:
    """Many small documents of the formats that companies have most of."""
    rng = random.Random(random_seed)
    folder.mkdir(parents=True)
    for number in range(count):
        name, content = rng.choice(_MAKERS)(rng, number)
        (folder / f"{number:05d}{name}").write_text(content, encoding="utf-8")


def _goods(rng: random.Random) -> str:
    kind = rng.choice(("Heater", "Cooler", "Pump", "Fan", "Lamp", "Drill"))
    return f"{rng.choice(('Alder', 'Birch', 'Cedar', 'Maple'))} {kind} {rng.randrange(100, 160)}"


def _trouble(rng: random.Random) -> str:
    noun = rng.choice(("Motor", "Switch", "Display", "Valve", "Cable", "Handle"))
    return f"{noun} {rng.choice(('overheats', 'is stuck', 'rattles', 'leaks', 'stays dark'))}"


def _manual(rng: random.Random, number: int) -> tuple[str, str]:
    goods = _goods(rng)
    parts = [f"# {goods} user manual\n\nApplies to: {goods}\n"]
    for _ in range(3):
        parts.append(f"\n## {_trouble(rng)}\n\n### Repair {number} of {goods}\n\n")
        parts += [f"{step}. Loosen screw {rng.randrange(99)} and wait.\n" for step in range(1, 4)]
    return ".md", "".join(parts)


def _page(rng: random.Random, number: int) -> tuple[str, str]:
    body = f"<h1>{_goods(rng)} FAQ</h1><h2>{_trouble(rng)}</h2><h3>What now, {number}?</h3>"
    steps = "".join(f"<li>Press key {rng.randrange(99)} twice.</li>" for _ in range(4))
    return ".html", f"<html><body>{body}<ol>{steps}</ol></body></html>"


def _mail(rng: random.Random, number: int) -> tuple[str, str]:
    head = f"From: Person {number} <person.{number}@example.org>\nTo: service@firm.example\n"
    body = f"My {_goods(rng)} is broken. {_trouble(rng)} since Monday.\n\n> quoted\n> again\n"
    return ".eml", f"{head}Subject: {_trouble(rng)}\nMessage-ID: <{number}@example.org>\n\n{body}"


def _tickets(rng: random.Random, number: int) -> tuple[str, str]:
    rows = "".join(
        f"T{number}-{row},{_goods(rng)},{_trouble(rng)},Desk {rng.randrange(5)},It fails.\n"
        for row in range(8)
    )
    return ".csv", f"ticket,product,issue,department,description\n{rows}"


def _text(rng: random.Random, number: int) -> tuple[str, str]:
    head = f"说明 {number}\n====\n\n故障由第{number % 9}维修部负责。\n\n"
    return ".txt", f"{head}1. 关机。\n2. 等待 {rng.randrange(9)} 分钟。\n"


_MAKERS = (_manual, _page, _mail, _tickets, _text)
