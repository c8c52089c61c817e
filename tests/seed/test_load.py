"""Loading on every engine: counts, idempotence, resumption, replacement, sealing, history."""

import csv
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml

from graph.migrations import migrate
from graph.model import Document, Language, Link, Mark
from graph.queries import Mode, Query, load_catalogue
from graph.store import Store
from graph.text import search_text
from graph.vocabulary import Label
from seed.errors import InvalidSeedError
from seed.history import generate
from seed.load import LoadResult, load
from seed.ports import SealedValue
from seed.tables import ALIASES, TABLES, TICKETS, link_query, query_of
from seed.writing import known_ids
from tests.builders import run as cypher

COMPANY = Path(__file__).parents[2] / "seed" / "company"
LARGE_LISTS = {"served_by", "items"}


class FakeSealing:
    """Seals by digest; a counter shows what was sealed anew."""

    def __init__(self) -> None:
        self._count = 0

    def new_data_key(self, owner: str) -> str:
        return self._seal(owner)

    def seal_value(
        self, value: str, *, owner: str, field: str, kind: str, data_key: str
    ) -> SealedValue:
        index = digest(value)
        return SealedValue(
            self._seal(owner, field, data_key),
            f"{kind}***",
            [index, index] if kind == "name" else index,
        )

    def seal_text(self, value: str, *, owner: str, field: str, data_key: str) -> str:
        return self._seal(owner, field, data_key)

    def _seal(self, *parts: str) -> str:
        self._count += 1
        return f"sealed {self._count} {digest(repr(parts))}"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def extract(text: str, *, issues: bool, resolutions: bool) -> Document:
    """Finds 空调; redacts everything else than the first two characters."""
    at = text.find("空调")
    link = Link(
        label=Label.CATEGORY,
        id="air-conditioners",
        start=at,
        end=at + 2,
        text="空调",
        confidence=0.9,
        extractor="fake.v1",
    )
    mark = Mark(kind="order", value="w2025000318", start=0, end=1, personal=False, extractor="f.1")
    return Document(
        text=text,
        redacted=text[:2],
        search_text=search_text(text[:2]),
        language=Language.ZH,
        links=(link,) if at >= 0 else (),
        marks=(mark,),
    )


def reading(text: str) -> Query:
    return Query(name="probe", mode=Mode.READ, parameters=frozenset(), text=text)


NODES = reading("MATCH (n) RETURN labels(n)[0] AS label, properties(n) AS properties")
LINKS = reading(
    "MATCH (a)-[r]->(b) RETURN labels(a)[0] + ':' + a.id AS source, type(r) AS type,"
    " labels(b)[0] + ':' + b.id AS target, properties(r) AS properties"
)


async def picture(store: Store, *, without: Iterable[str] = ()) -> list[str]:
    """Everything in the graph but the epoch and migrations, comparable."""
    nodes = [
        (row["label"], sorted((k, v) for k, v in row["properties"].items() if k not in without))
        for row in await store.read(NODES)
        if row["label"] not in ("Epoch", "Migration")
    ]
    links = [
        (row["source"], row["type"], row["target"], sorted(row["properties"].items()))
        for row in await store.read(LINKS)
    ]
    return sorted(map(repr, (*nodes, *links)))


async def epoch(store: Store) -> int | None:
    rows = await store.read("epoch-get", id="knowledge")
    return rows[0]["value"] if rows else None


async def run(store: Store, path: Path, **options: Any) -> LoadResult:
    sealing = options.pop("sealing", None) or FakeSealing()
    return await load(store, path, extract=extract, sealing=sealing, **options)


def totals(result: LoadResult) -> tuple[int, int, int, int, int]:
    counts = result.counts.values()
    return (
        sum(c.created for c in counts),
        sum(c.updated for c in counts),
        sum(c.unchanged for c in counts),
        sum(c.relationships for c in counts),
        sum(c.changed_relationships for c in counts),
    )


@pytest.fixture
async def empty(store: Store) -> Store:
    await migrate(store)
    return store


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A company of one desk."""
    (tmp_path / "desk.yaml").write_text(
        """
departments:
- {id: desk, name_en: Desk, handles: [late, lost], supports: [fan]}
issues:
- {id: late, name_en: Late}
- {id: lost, name_en: Lost}
skills:
- {id: hvac, name_en: HVAC}
products:
- {id: fan, name_en: Fan, price: 20, aliases: [Breeze, breeze, 风扇]}
agents:
- {id: ann, name_en: Ann, member_of: [desk], skills: ["hvac:3"]}
""",
        encoding="utf-8",
    )
    put(tmp_path, "customers", "id,name,served_by", "c-1,Clara Clear,desk")
    put(tmp_path, "identities", "id,customer,kind,value", "i-1,c-1,email,clear@example.com")
    put(
        tmp_path,
        "orders",
        "id,number,customer,placed_at,items,total",
        "o-1,W-1 ２,c-1,2026-01-01T08:00:00+08:00,fan x1 @ 2.00|fan x2 @ 3.00 # red,8",
    )
    return tmp_path


def put(folder: Path, table: str, *lines: str) -> None:
    (folder / f"{table}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def edit(folder: Path, old: str, new: str) -> None:
    path = folder / "desk.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_catalogue_has_every_query_that_the_tables_name() -> None:
    named = {query_of(table.label, "known") for table in TABLES.values()}
    named |= {query_of(table.label, "save") for table in TABLES.values()}
    for table in TABLES.values():
        if table.links:
            named |= {query_of(table.label, word) for word in ("links", "unlink")}
        if ALIASES in table.by_name:
            named |= {query_of(table.label, word) for word in ("aliases", "alias-save")}
        named |= {
            link_query(table, column.link, target)
            for column in table.links
            if column.link
            for target in column.link.targets
        }
    assert named <= load_catalogue().keys()


async def test_the_company_loads_whole_and_a_second_load_changes_nothing(empty: Store) -> None:
    first = await run(empty, COMPANY)
    assert totals(first) == (2315, 0, 0, 3776, 3776)
    before = await picture(empty)
    assert await epoch(empty) == 1
    second = await run(empty, COMPANY)
    assert totals(second) == (0, 0, 2315, 3776, 0)
    assert await picture(empty) == before
    assert await epoch(empty) == 1


class StoppingStore:
    """A store that dies before its ``left + 1``-th transaction."""

    def __init__(self, store: Store, left: int) -> None:
        self._store, self.left = store, left

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def transaction(self, work: Any) -> Any:
        if self.left == 0:
            raise KeyboardInterrupt
        self.left -= 1
        return await self._store.transaction(work)


@pytest.mark.parametrize("transactions", [1, 5, 9, 13])
async def test_a_load_that_was_killed_is_completed_by_the_next(
    empty: Store, small: Path, transactions: int
) -> None:
    await run(empty, small, batch=1)
    secret = ("data_key", "name_sealed", "value_sealed")
    whole = await picture(empty, without=secret)
    await empty.write(WIPE)
    stopping = StoppingStore(empty, transactions)
    with pytest.raises(KeyboardInterrupt):
        await run(stopping, small, batch=1)
    assert await picture(empty, without=secret) != whole
    await run(empty, small)
    assert await picture(empty, without=secret) == whole
    assert await epoch(empty) == 1


WIPE = Query(name="wipe", mode=Mode.WRITE, parameters=frozenset(), text="MATCH (n) DETACH DELETE n")


async def test_a_load_killed_before_the_epoch_moved_still_moves_it(
    empty: Store, small: Path
) -> None:
    await run(empty, small)
    await empty.write("seed-begin")
    await run(empty, small)
    assert await epoch(empty) == 2


async def links(store: Store, type_: str) -> list[tuple[str, str]]:
    return sorted(
        (row["source"], row["target"]) for row in await store.read(LINKS) if row["type"] == type_
    )


async def test_a_row_takes_back_only_what_the_loader_wrote(empty: Store, small: Path) -> None:
    await run(empty, small)
    await empty.write(
        Query(
            name="editor",
            mode=Mode.WRITE,
            parameters=frozenset(),
            text="MATCH (p:Product {id: 'fan'}) MATCH (d:Department {id: 'desk'})"
            " CREATE (i:Issue {id: 'mine'}) CREATE (d)-[:HANDLES {source: 'editor'}]->(i)",
        )
    )
    edit(small, "handles: [late, lost], supports: [fan]", "handles: [lost]")
    edit(small, "aliases: [Breeze, breeze, 风扇]", "aliases: [风扇, Gale]")
    edit(small, "hvac:3", "hvac:2")
    result = await run(empty, small)
    assert await links(empty, "HANDLES") == [
        ("Department:desk", "Issue:lost"),
        ("Department:desk", "Issue:mine"),
    ]
    assert await links(empty, "SUPPORTS") == []
    assert await links(empty, "ALIAS_OF") == [
        ("Alias:alias:Product:fan:gale", "Product:fan"),
        ("Alias:alias:Product:fan:风扇", "Product:fan"),
    ]
    (skill,) = [row for row in await empty.read(LINKS) if row["type"] == "HAS_SKILL"]
    assert skill["properties"] == {"level": 2, "source": "seed"}
    assert result.counts["departments"].changed_relationships == 2


async def test_an_absent_value_is_removed(empty: Store, small: Path) -> None:
    await run(empty, small)
    edit(small, "price: 20, ", "")
    result = await run(empty, small)
    assert result.counts["products"].updated == 1
    (row,) = await empty.read("seed-product-known", ids=["fan"])
    assert row["properties"] == {"id": "fan", "name_en": "Fan"}


async def test_an_order_keeps_its_lines_apart(empty: Store, small: Path) -> None:
    await run(empty, small)
    lines = [row["properties"] for row in await empty.read(LINKS) if row["type"] == "CONTAINS"]
    assert sorted(lines, key=lambda line: int(line["quantity"])) == [
        {"quantity": 1, "unit_price": 2.0, "source": "seed"},
        {"quantity": 2, "unit_price": 3.0, "variant": "red", "source": "seed"},
    ]
    (row,) = await empty.read("seed-order-known", ids=["o-1"])
    assert row["properties"]["number_key"] == "w12"
    assert row["properties"]["placed_at"] == 1767225600000


async def test_personal_values_lie_nowhere_in_clear(empty: Store, small: Path) -> None:
    await run(empty, small)
    everything = repr(await empty.read(NODES)) + repr(await empty.read(LINKS))
    assert "Clara" not in everything
    assert "clear@example.com" not in everything
    (row,) = await empty.read("seed-identity-known", ids=["i-1"])
    assert row["properties"].keys() == {"id", "kind", "value_sealed", "value_hint", "value_index"}


async def test_only_a_changed_value_is_sealed_anew_and_under_the_same_key(
    empty: Store, small: Path
) -> None:
    sealing = FakeSealing()
    await run(empty, small, sealing=sealing)
    (before,) = await empty.read("seed-customer-known", ids=["c-1"])
    put(small, "identities", "id,customer,kind,value", "i-1,c-1,email,other@example.com")
    result = await run(empty, small, sealing=sealing)
    (after,) = await empty.read("seed-customer-known", ids=["c-1"])
    assert after == before
    assert result.counts["identities"].updated == 1


async def test_what_a_person_says_of_a_single_relationship_stands_for_the_file(
    empty: Store, small: Path
) -> None:
    """A handle that went to another customer stays theirs, under their key."""
    edit(small, "name_en: Fan,", "name_en: Fan, part_of: air,")
    edit(
        small,
        "skills:\n",
        "categories: [{id: air, name_en: Air}, {id: heat, name_en: Heat}]\nskills:\n",
    )
    put(small, "customers", "id,name", "c-1,Clara", "c-2,Carl")
    sealing = FakeSealing()
    await run(empty, small, sealing=sealing)
    for text in (
        "MATCH (:Customer)-[r:IDENTIFIED_BY]->(i:Identity) DELETE r",
        """MATCH (c:Customer {id: 'c-2'}) MATCH (i:Identity {id: 'i-1'})
        CREATE (c)-[:IDENTIFIED_BY {source: 'api'}]->(i)""",
        "MATCH (:Product)-[r:PART_OF]->(:Category) DELETE r",
        """MATCH (p:Product {id: 'fan'}) MATCH (c:Category {id: 'heat'})
        CREATE (p)-[:PART_OF {source: 'api'}]->(c)""",
    ):
        await cypher(empty, text)
    before = await picture(empty)
    result = await run(empty, small, sealing=sealing)
    assert await links(empty, "IDENTIFIED_BY") == [("Customer:c-2", "Identity:i-1")]
    assert await links(empty, "PART_OF") == [("Product:fan", "Category:heat")]
    assert result.counts["identities"].unchanged == 1
    assert await picture(empty) == before
    put(small, "identities", "id,customer,kind,value", "i-1,c-1,email,other@example.com")
    keys = {
        row["id"]: row["data_key"]
        for row in await empty.read("seed-customer-keys", ids=["c-1", "c-2"])
    }
    await run(empty, small, sealing=(told := Telling()))
    assert told.keys == [keys["c-2"]]


class Telling(FakeSealing):
    """Remembers under which keys handles were sealed."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: list[str] = []

    def seal_value(
        self, value: str, *, owner: str, field: str, kind: str, data_key: str
    ) -> SealedValue:
        if field == "Identity.value":
            self.keys.append(data_key)
        return super().seal_value(value, owner=owner, field=field, kind=kind, data_key=data_key)


async def test_an_error_anywhere_writes_nothing(empty: Store, small: Path) -> None:
    put(small, "customers", "id,name,served_by", "c-1,Clara,nobody")
    with pytest.raises(InvalidSeedError) as error:
        await run(empty, small)
    assert [p.code for p in error.value.report.errors] == ["reference_unknown"]
    assert await picture(empty) == []


async def test_a_dry_run_counts_and_writes_nothing(empty: Store, small: Path) -> None:
    result = await run(empty, small, dry_run=True)
    assert totals(result)[0] == 9
    assert await picture(empty) == []
    assert await epoch(empty) is None


async def test_a_new_line_alone_refers_to_what_the_graph_has(
    empty: Store, small: Path, tmp_path: Path
) -> None:
    await run(empty, small)
    folder = tmp_path / "more"
    folder.mkdir()
    put(folder, "identities", "id,customer,kind,value", "i-2,c-1,phone,123")
    put(folder, "tickets", "id,created_at,text,state,order,issues",
        "T-1,2026-01-01T00:00:00Z,hello,open,w-12,late")  # fmt: skip
    await run(empty, folder)
    assert ("Customer:c-1", "Identity:i-2") in await links(empty, "IDENTIFIED_BY")
    assert await links(empty, "MENTIONS") == [("Ticket:T-1", "Order:o-1")]
    known = await known_ids(empty, {"customers": ["c-1", "c-2"], "orders.number": ["w12", "x"]})
    assert (known["customers"], known["orders.number"]) == ({"c-1"}, {"w12"})
    assert known["issues"] == {"late", "lost"}


def company() -> dict[str, list[dict[str, Any]]]:
    tables: dict[str, list[dict[str, Any]]] = {}
    for path in COMPANY.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            tables[path.stem] = [
                {k: v.split("|") if k in LARGE_LISTS and v else v for k, v in row.items()}
                for row in csv.DictReader(file)
            ]
    for path in COMPANY.glob("*.yaml"):
        tables |= yaml.safe_load(path.read_text(encoding="utf-8"))
    return tables


async def test_history_loads_with_all_its_relationships_and_again_changes_nothing(
    empty: Store, tmp_path: Path
) -> None:
    rows = list(generate(company(), tickets=900, random_seed=7))
    (tmp_path / "tickets.yaml").write_text(
        yaml.safe_dump({"tickets": rows}, allow_unicode=True), encoding="utf-8"
    )
    await run(empty, COMPANY)
    seen: list[tuple[str, int, int | None]] = []
    sealing = FakeSealing()
    result = await run(empty, tmp_path, sealing=sealing, progress=lambda *args: seen.append(args))
    count = result.counts[TICKETS]
    assert (count.created, count.updated, seen[-1]) == (900, 0, (TICKETS, 900, 900))
    found = await empty.read(LINKS)
    sizes = {t: sum(r["type"] == t for r in found) for t in ("HAS_MESSAGE", "DERIVED_FROM")}
    assert sizes == {"HAS_MESSAGE": 900, "DERIVED_FROM": 900}
    first = rows[0]
    mine = {(r["type"], r["target"]) for r in found if r["source"] == f"Ticket:{first['id']}"}
    assert ("RECEIVED_VIA", f"Channel:{first['channel']}") in mine
    assert ("ASSIGNED_TO", f"Department:{first['department']}") in mine
    concerns = [
        (r["target"], r["properties"]["rank"], r["properties"]["confidence"])
        for r in found
        if r["type"] == "CONCERNS" and r["source"] == f"Ticket:{first['id']}"
    ]
    assert sorted(concerns, key=lambda c: c[1]) == [
        (f"Issue:{issue}", rank, 1.0) for rank, issue in enumerate(first["issues"], start=1)
    ]
    clear = [row["text"] for row in rows if len(row["text"]) > 20]
    # Some texts are the company's own examples of an issue, which are public.
    nodes = repr([row for row in await empty.read(NODES) if row["label"] in ("Ticket", "Message")])
    assert not [text for text in clear if text in nodes]
    before = await picture(empty)
    again = await run(empty, tmp_path, sealing=sealing)
    assert (again.counts[TICKETS].unchanged, again.counts[TICKETS].changed_relationships) == (
        900,
        0,
    )
    assert await picture(empty) == before
