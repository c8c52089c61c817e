"""Loading people and orders: our loader beside a bare driver that writes the same rows.

Both MERGE by id with the same unique constraints, in turn, on an engine that has warmed up. The
bare driver gets finished rows: it reads no file, checks nothing, seals nothing. The best of three
counts, of ours at one batch size, of the bare driver at three.
"""

import json
import random
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from neo4j import GraphDatabase, ManagedTransaction, Session

from api.bootstrap import open_platform
from api.cli.running import actor_with
from api.services.seeding import load_files
from graph.queries import Mode, Query
from graph.store import Store
from tests.bench.engines import Ground
from tests.bench.value import Value

CUSTOMERS, ORDERS, PRODUCTS = 4_000, 8_000, 50
_BATCHES = (1_000, 2_500, 10_000)
_WIPE = Query(
    name="wipe",
    mode=Mode.WRITE,
    parameters=frozenset({"limit"}),
    text="MATCH (n) WHERE NOT n:Migration WITH n LIMIT $limit DETACH DELETE n RETURN count(*) AS n",
)
_NODE = "UNWIND $rows AS row MERGE (n:{label} {{id: row.id}}) SET n += row"
_LINK = (
    "UNWIND $rows AS row MATCH (a:{source} {{id: row.from}}) MATCH (b:{target} {{id: row.to}}) "
    "MERGE (a)-[r:{type}]->(b) SET r += row.with"
)


async def seeding(ground: Ground) -> AsyncIterator[Value]:
    """The ratio of two rates, ours over the best of three batch sizes of the bare driver's."""
    folder = ground.folder / "people"
    folder.mkdir()
    _write_files(folder)
    async with open_platform(ground.settings()) as platform:
        await load_files(platform, actor_with(("admin",)), folder)
        nodes, links = await _stored(platform.store)
        count = sum(map(len, nodes.values())) + sum(map(len, links.values()))
        rates, ours = [], float("inf")
        for size in _BATCHES:
            await _wipe(platform.store)
            started = time.perf_counter()
            await load_files(platform, actor_with(("admin",)), folder)
            ours = min(ours, time.perf_counter() - started)
            await _wipe(platform.store)
            seconds = await _bare(ground, nodes, links, size=size)
            rates.append(count / seconds)
    note = f"ours {count / ours:,.0f}/s, bare {max(rates):,.0f}/s"
    yield Value(name="seed_load_ratio", value=count / ours / max(rates), rows=count, note=note)


def _write_files(folder: Path) -> None:
    chance = random.Random(5)
    for table, rows in _tables(chance).items():
        with (folder / f"{table}.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(f"{json.dumps(row)}\n" for row in rows)


def _tables(chance: random.Random) -> dict[str, Iterable[dict[str, Any]]]:
    return {
        "categories": [{"id": "goods", "name_en": "Goods"}],
        "products": (
            {"id": f"p-{n}", "name_en": f"Product {n}", "part_of": "goods", "price": n + 0.5}
            for n in range(PRODUCTS)
        ),
        "customers": (
            {"id": f"c-{n}", "name": f"Person {n}", "language": "en", "region": "north"}
            for n in range(CUSTOMERS)
        ),
        "identities": (
            {
                "id": f"i-{n}",
                "customer": f"c-{n}",
                "system": "crm",
                "kind": "email",
                "value": f"person.{n}@example.com",
            }
            for n in range(CUSTOMERS)
        ),
        "orders": (_order(n, chance) for n in range(ORDERS)),
    }


def _order(n: int, chance: random.Random) -> dict[str, Any]:
    prices = [(f"p-{product}", product + 0.5) for product in chance.sample(range(PRODUCTS), 2)]
    return {
        "id": f"o-{n}",
        "number": f"W-2026-{n:06}",
        "customer": f"c-{chance.randrange(CUSTOMERS)}",
        "status": "delivered",
        "placed_at": "2026-03-01T10:00:00+08:00",
        "items": [f"{product} x1 @ {price:.2f}" for product, price in prices],
        "total": sum(price for _, price in prices),
        "currency": "CNY",
    }


_LABELS = ("Category", "Product", "Customer", "Identity", "Order")
_TYPES = (
    ("PART_OF", "Product", "Category"),
    ("IDENTIFIED_BY", "Customer", "Identity"),
    ("PLACED", "Customer", "Order"),
    ("CONTAINS", "Order", "Product"),
)


async def _stored(
    store: Store,
) -> tuple[dict[str, list[dict[str, Any]]], dict[tuple[str, str, str], list[dict[str, Any]]]]:
    """Everything that our loader wrote, as rows for the bare driver."""
    nodes = {}
    for label in _LABELS:
        rows = await store.read(_read(f"MATCH (n:{label}) RETURN properties(n) AS row"))
        nodes[label] = [row["row"] for row in rows]
    links = {}
    for type_, source, target in _TYPES:
        text = (
            f"MATCH (a:{source})-[r:{type_}]->(b:{target}) "
            "RETURN a.id AS `from`, b.id AS `to`, properties(r) AS `with`"
        )
        links[type_, source, target] = await store.read(_read(text))
    return nodes, links


def _read(text: str) -> Query:
    return Query(name="bench", mode=Mode.READ, parameters=frozenset(), text=text)


async def _bare(
    ground: Ground,
    nodes: dict[str, list[dict[str, Any]]],
    links: dict[tuple[str, str, str], list[dict[str, Any]]],
    *,
    size: int,
) -> float:
    """Seconds of the official driver alone, one transaction a batch."""
    address = await ground.address()
    auth = (address.user, address.password or "") if address.user else None
    started = time.perf_counter()
    with (
        GraphDatabase.driver(address.url, auth=auth) as driver,
        driver.session(database=address.database) as session,
    ):
        for label, rows in nodes.items():
            text = _NODE.format(label=label)
            _write_all(session, text, rows, size=size)
        for (type_, source, target), rows in links.items():
            text = _LINK.format(type=type_, source=source, target=target)
            _write_all(session, text, rows, size=size)
    return time.perf_counter() - started


def _write_all(session: Session, text: str, rows: list[dict[str, Any]], *, size: int) -> None:
    for batch in _batches(rows, size):

        def work(tx: ManagedTransaction, batch: list[dict[str, Any]] = batch) -> None:
            tx.run(text, rows=batch).consume()

        session.execute_write(work)


def _batches(rows: Sequence[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    source = iter(rows)
    while batch := list(islice(source, size)):
        yield batch


async def _wipe(store: Store) -> None:
    while (await store.write(_WIPE, limit=5_000))[0]["n"]:
        pass
