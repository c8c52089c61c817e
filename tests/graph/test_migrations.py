import pytest

from graph.errors import EngineError
from graph.migrations import MIGRATIONS, Migration, migrate
from graph.sequence import Sequence, ages
from graph.store import Range, Store
from graph.vocabulary import Label
from tests.builders import make_nodes, run

IDS = tuple(migration.id for migration in MIGRATIONS)


async def test_each_migration_is_applied_once(store: Store) -> None:
    assert await migrate(store) == IDS
    assert await migrate(store) == ()


async def test_a_new_migration_is_applied_to_an_older_graph(store: Store) -> None:
    await migrate(store)
    later = Migration(id="9000-later", items=(Range(label=Label.AGENT, properties=("capacity",)),))
    assert await migrate(store, (*MIGRATIONS, later)) == ("9000-later",)
    assert await migrate(store, (*MIGRATIONS, later)) == ()


async def test_a_graph_of_a_newer_version_is_refused_and_left_alone(store: Store) -> None:
    await store.write("migration-record", id="9999-of-tomorrow", now=1)
    with pytest.raises(EngineError, match=r"newer version \(it knows 9999-of-tomorrow\)"):
        await migrate(store)
    assert await store.read("migration-list") == [{"id": "9999-of-tomorrow"}]


async def test_the_instant_of_a_migration_stays_when_it_is_recorded_again(store: Store) -> None:
    for now in (1, 2):
        await store.write("migration-record", id="0001", now=now)
    assert await run(store, "MATCH (m:Migration) RETURN m.applied_at AS at") == [{"at": 1}]


def test_ids_are_unique_and_in_order() -> None:
    assert list(IDS) == sorted(set(IDS))


async def test_tickets_of_an_older_graph_repeat_their_departments_and_agents(store: Store) -> None:
    first, *_ = MIGRATIONS
    await migrate(store, (first,))
    await run(store, "CREATE (:Department {id: 'd-1'}) CREATE (:Agent {id: 'a-1'})")
    await run(
        store,
        "MATCH (d:Department {id: 'd-1'}) UNWIND range(1, 1500) AS n "
        "CREATE (:Ticket {id: 'T-' + n, seq: n})-[:ASSIGNED_TO]->(d)",
    )
    await run(
        store,
        "MATCH (t:Ticket {id: 'T-7'}) MATCH (a:Agent {id: 'a-1'}) CREATE (t)-[:WORKED_BY]->(a)",
    )
    await run(store, "CREATE (:Ticket {id: 'T-0', seq: 0})")
    await migrate(store)
    counted = (
        "MATCH (t:Ticket) RETURN t.department_id AS place, t.agent_id AS agent, count(*) AS count "
        "ORDER BY count, place"
    )
    assert await run(store, counted) == [
        {"place": "d-1", "agent": "a-1", "count": 1},
        {"place": None, "agent": None, "count": 1},
        {"place": "d-1", "agent": None, "count": 1499},
    ]


async def test_tickets_of_an_older_graph_get_words_for_when_they_were(store: Store) -> None:
    first, *_ = MIGRATIONS
    await migrate(store, (first,))
    numbers = [Sequence().next(1_700_000_000_000 + n * 10**8) for n in range(30)]
    await make_nodes(
        store, Label.TICKET, [{"id": f"T-{n}", "seq": n, "search_text": "leak"} for n in numbers]
    )
    await migrate(store)
    found = await run(store, "MATCH (t:Ticket) RETURN t.seq AS seq, t.search_text AS text")
    assert {row["seq"]: row["text"] for row in found} == {n: f"leak {ages(n)}" for n in numbers}
