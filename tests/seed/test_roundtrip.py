"""Export, diff, prune on every engine: what was loaded comes back, and nothing of people."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from graph.migrations import migrate
from graph.policy import Draft, get_policy
from graph.queries import Mode, Query
from graph.rights import Rights
from graph.selection.compiler import Compiled, compile_request
from graph.selection.reading import read_request
from graph.selection.request import Request
from graph.store import Row, Store
from policies.policy import load_policy, shipped_policy
from seed.diff import Difference, diff
from seed.errors import HeldError
from seed.export import EVERYTHING, EXPORTED, Exported, PeopleError, chosen, export
from seed.exportfile import Format, write_export
from seed.load import LoadResult, load
from seed.plain import company_rows
from seed.problems import HIDDEN
from seed.tablefile import write_tables
from seed.tables import LARGE, TABLES, query_of
from tests.conftest import WIPE
from tests.seed.companies import Rows, company
from tests.seed.test_load import FakeSealing, extract

COMPANY = Path(__file__).parents[2] / "seed" / "company"
SCOPES: Mapping[str, Any] = {
    **EVERYTHING,
    "own_line": [],
    "own_department": [],
    "own_customer": [],
    "assigned": [],
    "granted": [],
}


def rights(*roles: str) -> Rights:
    policy = load_policy(shipped_policy(), source="shipped", epoch=1)
    return policy.rights(frozenset(roles))


async def ready(store: Store) -> Store:
    await migrate(store)
    await get_policy(store, Draft(text=shipped_policy(), author="t", reason="t"))
    return store


async def exported(store: Store, *roles: str, tables: tuple[str, ...] = EXPORTED) -> Exported:
    held = rights(*(roles or ("admin",)))

    async def ask(request: Request) -> tuple[Compiled, Row]:
        compiled = compile_request(request, held)
        return compiled, await read_request(store, compiled, SCOPES)

    return await export(store, held, ask, tables=tables)


async def loaded(store: Store, path: Path, **more: Any) -> LoadResult:
    return await load(store, path, extract=extract, sealing=FakeSealing(), **more)


async def compared(store: Store, path: Path, *, shown: bool = True) -> Difference:
    return await diff(store, path, extract=extract, sealing=FakeSealing(), shows=lambda _: shown)


async def knowledge(store: Store) -> dict[str, Any]:
    """Every node, property and relationship of the exported labels, aliases by their text."""
    found: dict[str, Any] = {}
    ids = await store.read("seed-ids")
    for name in EXPORTED:
        table = TABLES[name]
        mine = [one["id"] for one in ids if one["table"] == name]
        for one in await store.read(query_of(table.label, "known"), ids=mine):
            found[f"{name} {one['id']}"] = one["properties"]
        for what in ("links", "aliases"):
            if what == "links" and not table.links:
                continue
            if what == "aliases" and "aliases" not in table.by_name:
                continue
            records = await store.read(query_of(table.label, what), ids=mine)
            found[f"{name} {what}"] = sorted(map(repr, records))
    return found


def save(folder: Path, rows: Rows) -> Path:
    write_tables(folder, rows)
    return folder


@pytest.mark.parametrize("number", range(2))
async def test_what_is_exported_and_loaded_elsewhere_is_the_same_knowledge(
    store: Store, tmp_path: Path, number: int
) -> None:
    await ready(store)
    await loaded(store, save(tmp_path / "first", company(number)))
    before = await knowledge(store)
    first = await exported(store)
    assert first.left_out == ()
    again = await exported(store)
    for format_ in Format:
        assert write_export(tmp_path / format_, first.tables, format_=format_)
        assert write_export(tmp_path / format_, again.tables, format_=format_) == []
        assert (await compared(store, tmp_path / format_)).is_empty
    for format_ in Format:
        await store.write(WIPE)
        await loaded(store, tmp_path / format_)
        assert await knowledge(store) == before, format_
    assert len(before) > 50


async def test_the_sample_company_comes_back_without_its_people(
    store: Store, tmp_path: Path
) -> None:
    await ready(store)
    company = tmp_path / "company"
    shutil.copytree(COMPANY, company, ignore=shutil.ignore_patterns("orders*", "identities*"))
    await loaded(store, company)
    found = await exported(store)
    assert not set(found.tables) & set(LARGE)
    sizes = {name: len(rows) for name, rows in company_rows(company).items() if name not in LARGE}
    assert {name: len(rows) for name, rows in found.tables.items()} == sizes
    write_export(tmp_path / "out", found.tables, format_=Format.YAML)
    assert (await compared(store, tmp_path / "out")).is_empty
    assert (await compared(store, company)).is_empty


@pytest.mark.parametrize("table", LARGE)
def test_peoples_data_are_refused_by_name(table: str) -> None:
    with pytest.raises(PeopleError, match="encrypted backup"):
        chosen(["products", table])


async def test_what_a_role_may_not_read_is_left_out_and_said(store: Store, tmp_path: Path) -> None:
    await ready(store)
    await loaded(store, save(tmp_path, company(1)))
    whole, part = await exported(store), await exported(store, "customer")
    assert "agents" not in part.tables
    assert "Agent (rows)" in part.left_out
    assert part.tables["products"] == whole.tables["products"]
    assert any("needs" in row for row in whole.tables["issues"])
    assert not any("needs" in row for row in part.tables["issues"])
    assert "Issue.needs" in part.left_out
    requires = [one for row in part.tables["issues"] for one in row.get("requires", ())]
    assert requires
    assert not any(":" in one for one in requires)


async def test_diff_tells_every_change_and_writes_nothing(store: Store, tmp_path: Path) -> None:
    await ready(store)
    rows: Rows = {
        "skills": [{"id": "s", "name_en": "S"}, {"id": "gone", "name_en": "G"}],
        "issues": [
            {"id": "i", "name_en": "Old", "requires": ["s:2"], "aliases": ["one"]},
            {"id": "same", "name_en": "Same"},
        ],
        "customers": [{"id": "c", "name": "Ann Secret", "region": "North"}],
    }
    await loaded(store, save(tmp_path, rows))
    before = await knowledge(store)
    rows["skills"] = [{"id": "s", "name_en": "S"}, {"id": "new", "name_en": "N"}]
    rows["issues"][0] |= {"name_en": "New", "requires": ["s:3"], "aliases": ["two"]}
    rows["customers"][0] |= {"name": "Bea Secret", "region": "South"}
    found = await compared(store, save(tmp_path, rows))

    assert [(one.table, one.id) for one in found.created] == [("skills", "new")]
    told = {(one.id, one.column): (one.old, one.new) for one in found.updated}
    assert told == {
        ("i", "name_en"): ("Old", "New"),
        ("c", "name"): (HIDDEN, HIDDEN),
        ("c", "region"): ("North", "South"),
    }
    assert [(one.type, one.target, one.properties) for one in found.added] == [
        ("REQUIRES", "s", {"level": 3}),
        ("ALIAS_OF", "two", {}),
    ]
    assert [(one.type, one.target, one.properties) for one in found.removed] == [
        ("REQUIRES", "s", {"level": 2}),
        ("ALIAS_OF", "one", {}),
    ]
    assert [(one.table, one.id) for one in found.only_in_graph] == [("skills", "gone")]
    assert found.unchanged == 2
    assert await knowledge(store) == before
    hidden = await compared(store, tmp_path, shown=False)
    assert {(one.old, one.new) for one in hidden.updated} == {(HIDDEN, HIDDEN)}


async def test_prune_removes_what_no_file_has_and_only_in_tables_of_the_files(
    store: Store, tmp_path: Path
) -> None:
    await ready(store)
    rows: Rows = {
        "skills": [{"id": "kept", "name_en": "K"}],
        "departments": [
            {"id": "d", "name_en": "D"},
            {"id": "up", "name_en": "U", "aliases": ["above"]},
            {"id": "down", "name_en": "W", "part_of": "up", "handles": ["i"]},
        ],
        "agents": [{"id": "a", "name_en": "A", "member_of": ["up"]}],
        "issues": [{"id": "i", "name_en": "I"}],
    }
    await loaded(store, save(tmp_path / "a", rows))
    rows["departments"] = rows["departments"][:1]
    rows["agents"][0]["member_of"] = ["d"]
    del rows["skills"]
    folder = save(tmp_path / "b", rows)
    tried = await loaded(store, folder, prune=True, dry_run=True)
    assert tried.pruned == {"departments": ["down", "up"]}
    assert len((await compared(store, folder)).only_in_graph) == 2
    done = await loaded(store, folder, prune=True)
    assert done.pruned == tried.pruned
    assert (await compared(store, folder)).is_empty
    left = {(one["table"], one["id"]) for one in await store.read("seed-ids")}
    assert left == {("skills", "kept"), ("departments", "d"), ("agents", "a"), ("issues", "i")}
    assert await store.read(query_of(TABLES["departments"].label, "aliases"), ids=["up"]) == []
    assert (await loaded(store, folder, prune=True)).pruned == {}


PERSON = "CREATE (n:Department {id: 'p', source: 'api'}) WITH n"
HELD: Mapping[str, tuple[str, str, str]] = {
    "a ticket": ("CREATE (n:Ticket {id: 't'}) WITH n", "(n)-[:CONCERNS]->(x)", "Ticket"),
    "what people wrote": (
        PERSON,
        "(n)-[:HANDLES {source: 'api'}]->(x)",
        "HANDLES of Department p, written by people",
    ),
    "a part that stays": (
        "CREATE (n:Issue {id: 'p', source: 'api'}) WITH n",
        "(n)-[:SUBTYPE_OF]->(x)",
        "Issue p",
    ),
}


@pytest.mark.parametrize("case", HELD)
async def test_prune_refuses_all_when_something_depends_on_one(
    store: Store, tmp_path: Path, case: str
) -> None:
    await ready(store)
    rows: Rows = {"issues": [{"id": one, "name_en": one.upper()} for one in ("x", "y", "z")]}
    await loaded(store, save(tmp_path, rows))
    made, linked, why = HELD[case]
    await store.write(raw(f"{made} MATCH (x:Issue {{id: 'x'}}) CREATE {linked}"))
    before = await knowledge(store)
    folder = save(tmp_path, {"issues": [{"id": "z", "name_en": "changed"}]})
    with pytest.raises(HeldError) as caught:
        await loaded(store, folder, prune=True)
    assert caught.value.held == {"issues x": (why,)}
    assert await knowledge(store) == before


async def test_prune_refuses_what_the_files_still_refer_to(store: Store, tmp_path: Path) -> None:
    await ready(store)
    issues = [{"id": one, "name_en": one} for one in ("x", "y")]
    department = {"id": "d", "name_en": "D", "handles": ["x"]}
    await loaded(store, save(tmp_path, {"issues": issues, "departments": [department]}))
    folder = save(tmp_path, {"issues": issues[1:]})
    with pytest.raises(HeldError, match="issues x: rows of the files"):
        await loaded(store, folder, prune=True)


async def test_what_people_made_is_never_pruned(store: Store, tmp_path: Path) -> None:
    await ready(store)
    await store.write(raw("CREATE (:Issue {id: 'p', name_en: 'P', source: 'api'})"))
    folder = save(tmp_path, {"issues": [{"id": "x", "name_en": "X"}]})
    assert (await loaded(store, folder, prune=True)).pruned == {}
    assert (await compared(store, folder)).is_empty


async def test_an_alias_that_a_person_wrote_is_no_difference(store: Store, tmp_path: Path) -> None:
    await ready(store)
    await loaded(store, save(tmp_path, {"issues": [{"id": "x", "name_en": "X"}]}))
    await store.write(
        raw(
            "MATCH (x:Issue {id: 'x'}) CREATE (:Alias {id: 'alias-1', text: 'Ecks'})"
            "-[:ALIAS_OF {source: 'api'}]->(x)"
        )
    )
    found = await exported(store)
    assert found.tables["issues"][0]["aliases"] == ["Ecks"]
    write_export(tmp_path, found.tables, format_=Format.YAML)
    assert (await compared(store, tmp_path)).is_empty
    await loaded(store, tmp_path)
    assert len(await store.read("seed-issue-aliases", ids=["x"])) == 1


def raw(text: str) -> Query:
    return Query(name="raw", mode=Mode.WRITE, parameters=frozenset(), text=text)


WRITER = """
import sys
from pathlib import Path
from seed.exportfile import Format, write_export
rows = [{"id": f"i-{n}", "name_en": "x" * 200} for n in range(3000)]
while True:
    for word in ("one", "two"):
        tables = {"issues": [{**row, "name_zh": word} for row in rows]}
        write_export(Path(sys.argv[1]), tables, format_=Format.YAML)
        print(word, flush=True)
"""


def test_a_killed_export_leaves_whole_files(tmp_path: Path) -> None:
    for writes in (1, 2):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE
        ) as child:
            assert child.stdout
            for _ in range(writes):
                child.stdout.readline()
            child.send_signal(signal.SIGKILL)
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        rows = yaml.load((tmp_path / "issues.yaml").read_text(), Loader=loader)["issues"]
        assert len(rows) == 3000
        assert len({row["name_zh"] for row in rows}) == 1
