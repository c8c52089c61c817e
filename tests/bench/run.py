"""``make bench``: every figure of ``bars.csv``, measured in one run, held against its bar.

Prints a table, writes ``var/bench.json``, and fails when a bar does not hold or a row is missing.
"""

import argparse
import asyncio
import csv
import json
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from tests.bench.bank import bank
from tests.bench.board import board
from tests.bench.building import building
from tests.bench.demo import demo
from tests.bench.desk import desk
from tests.bench.engines import Ground, ground
from tests.bench.extraction import extraction
from tests.bench.golden import golden
from tests.bench.hostile import hostile
from tests.bench.kill import kill
from tests.bench.large import large
from tests.bench.page import driver, page
from tests.bench.pages import pages
from tests.bench.policy import policy
from tests.bench.real import NoDataError, chats, data_folder, it_tickets, retail
from tests.bench.rights import rights
from tests.bench.seeding import seeding
from tests.bench.value import Value

BARS = Path(__file__).with_name("bars.csv")
RESULT = Path("var/bench.json")
Measure: TypeAlias = Callable[[Ground], AsyncIterator[Value]]
MEASURES: Mapping[str, Measure] = {
    "demo": demo,
    "seed": seeding,
    "extraction": extraction,
    "build": building,
    "rights": rights,
    "desk": desk,
    "large": large,
    "page": page,
    "driver": driver,
    "pages": pages,
    "policy": policy,
    "board": board,
    "hostile": hostile,
    "golden": golden,
    "it-tickets": it_tickets,
    "chats": chats,
    "retail": retail,
    "bank": bank,
    "kill": kill,
}
_NEED_DATA = {"it-tickets", "chats", "retail", "bank"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """A row of the table: a figure, the engines it is measured on, and what it has to reach."""

    name: str
    group: str
    unit: str
    bar: float
    at_least: bool
    engines: tuple[str, ...]

    def holds(self, value: float) -> bool:
        """Whether ``value`` reaches the bar."""
        return value >= self.bar if self.at_least else value <= self.bar


def read_bars() -> list[Bar]:
    """The committed table."""
    with BARS.open(encoding="utf-8", newline="") as lines:
        return [
            Bar(
                name=row["name"],
                group=row["group"],
                unit=row["unit"],
                bar=float(row["bar"]),
                at_least=row["holds"] == "at least",
                engines=tuple(row["engines"].split()),
            )
            for row in csv.DictReader(lines)
        ]


async def run(bars: Sequence[Bar], *, engines: Sequence[str]) -> list[dict[str, Any]]:
    """Measure the bars' groups on each of their engines, and tell each figure as it comes."""
    rows: list[dict[str, Any]] = []
    for group in dict.fromkeys(bar.group for bar in bars):
        wanted = [bar for bar in bars if bar.group == group]
        for engine in dict.fromkeys(name for bar in wanted for name in bar.engines):
            if engine != "none" and engine not in engines:
                continue
            expected = {bar.name: bar for bar in wanted if engine in bar.engines}
            rows += await _measure(group, engine, expected)
    return rows


async def _measure(group: str, engine: str, bars: Mapping[str, Bar]) -> list[dict[str, Any]]:
    rows, started = [], time.perf_counter()
    with ground(engine) as place:
        async for value in MEASURES[group](place):
            if value.name in bars:
                rows.append(_row(bars[value.name], value, engine))
                print(_line(rows[-1]), flush=True)
    for name in bars.keys() - {row["name"] for row in rows}:
        rows.append({"name": name, "engine": engine, "holds": False, "note": "not measured"})
    print(f"  ({group} on {engine}: {time.perf_counter() - started:.0f} s)", flush=True)
    return rows


def _row(bar: Bar, value: Value, engine: str) -> dict[str, Any]:
    return {
        "name": bar.name,
        "value": value.value,
        "unit": bar.unit,
        "bar": bar.bar,
        "holds": bar.holds(value.value),
        "engine": engine,
        "rows": value.rows,
        "concurrency": value.concurrency,
        "note": value.note,
    }


def _line(row: Mapping[str, Any]) -> str:
    verdict = "holds" if row["holds"] else "MISSED"
    return (
        f"{row['name']:<20} {row['engine']:<9} {row['value']:>10.3f} {row['unit']:<12} "
        f"bar {row['bar']:<6g} {verdict:<7} {row['note']}"
    )


def main() -> int:
    """0 when every bar holds, 1 when not, 2 on wrong usage."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help=f"groups, of: {', '.join(MEASURES)}")
    parser.add_argument("--engine", default="embedded neo4j", help="embedded, neo4j, or both")
    given = parser.parse_args()
    only = set(given.only.replace(",", " ").split())
    if unknown := only - MEASURES.keys():
        parser.error(f"no group {min(unknown)!r}; known: {', '.join(MEASURES)}")
    bars = [bar for bar in read_bars() if not only or bar.group in only]
    try:
        if any(bar.group in _NEED_DATA for bar in bars):
            data_folder()
    except NoDataError as error:
        parser.error(str(error))
    rows = asyncio.run(run(bars, engines=given.engine.split()))
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(rows, indent=2, ensure_ascii=False), encoding="utf-8")
    missed = [f"{row['name']} ({row['engine']})" for row in rows if not row["holds"]]
    print(f"{len(rows) - len(missed)} of {len(rows)} bars hold; written to {RESULT}")
    if missed:
        print(f"missed: {', '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
