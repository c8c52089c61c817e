"""A message becomes a ticket: whole, once, with provenance."""

import asyncio
import json
from dataclasses import replace

import pytest

from graph.errors import ConflictError
from graph.intake import Arrival, Intake, Sealed, replayed, subject
from graph.model import Receipt
from graph.ranking import InForce
from graph.routing import preview, receipt_from_json
from graph.sequence import ages
from graph.states import State
from graph.store import Row, Store
from graph.vocabulary import Label
from tests.builders import make_document, run

DOCUMENT = make_document(
    "空调不制冷，订单W-2026-000001",
    links=[
        (Label.CATEGORY, "air-conditioners", "空调"),
        (Label.ISSUE, "no-cooling", "不制冷"),
    ],
    issues={"no-cooling": 0.9, "double-charge": 0.05},
    orders=["W-2026-000001"],
)


def make_arrival(**changes: object) -> Arrival:
    arrival = Arrival(
        document=DOCUMENT,
        sealed=Sealed(text="sealed-original"),
        request="agent-1|createTicket|key-1",
        fingerprint="body-1",
        source="message:web-chat",
        customer="c-1",
        channel="web-chat",
    )
    return replace(arrival, **changes)  # type: ignore[arg-type]


async def routed(store: Store, arrival: Arrival) -> Receipt:
    receipt = await preview(
        store,
        arrival.document,
        customer=arrival.customer,
        in_force=InForce("m", 1, 2),
    )
    assert receipt is not None
    return receipt


async def create(store: Store, arrival: Arrival) -> str:
    receipt = await routed(store, arrival)
    intake = Intake(store)
    return await intake.create(arrival, number=intake.number(), receipt=receipt)


async def count(store: Store, label: Label) -> int:
    (row,) = await run(store, f"MATCH (n:{label}) RETURN count(n) AS count")
    return int(row["count"])


async def one(store: Store, text: str, id_: str) -> Row:
    (row,) = await run(store, text, id=id_)
    return row


async def test_a_ticket_is_written_whole(desk: Store) -> None:
    arrival = make_arrival()
    intake = Intake(desk)
    receipt, number = await routed(desk, arrival), intake.number()
    assert await intake.create(arrival, number=number, receipt=receipt) == number.id
    found = await one(
        desk,
        "MATCH (customer:Customer)-[:RAISED]->(t:Ticket {id: $id})-[:HAS_MESSAGE]->(m:Message) "
        "MATCH (t)-[:ASSIGNED_TO]->(d:Department) MATCH (t)-[:RECEIVED_VIA]->(c:Channel) "
        "MATCH (t)-[:ROUTED_BY]->(r:Route) "
        "RETURN customer.id AS customer, d.id AS department, c.id AS channel, t.seq AS seq, "
        "t.state AS state, t.language AS language, t.created_at AS created_at, "
        "t.assigned_at AS assigned_at, t.search_text AS search_text, m.text AS text, "
        "m.text_sealed AS sealed, m.author AS author, r.receipt AS receipt, r.model AS model",
        number.id,
    )
    assert receipt_from_json(json.loads(found.pop("receipt"))) == receipt
    assert found == {
        "customer": "c-1",
        "department": "field-service",
        "channel": "web-chat",
        "seq": number.seq,
        "state": State.ASSIGNED,
        "language": "zh",
        "created_at": number.at,
        "assigned_at": number.at,
        "search_text": f"{DOCUMENT.search_text} {ages(number.seq)}",
        "text": DOCUMENT.redacted,
        "sealed": "sealed-original",
        "author": "customer",
        "model": "m",
    }


async def test_every_extracted_relationship_carries_provenance(desk: Store) -> None:
    id_ = await create(desk, make_arrival())
    rows = await run(
        desk,
        "MATCH (:Ticket {id: $id})-[r:CONCERNS|MENTIONS]->(n) "
        "RETURN n.id AS node, type(r) AS type, r.extractor AS extractor, r.start AS start, "
        "r.end AS end, r.confidence AS confidence, r.source AS source, "
        "r.recorded_at IS NOT NULL AS dated ORDER BY node",
        id=id_,
    )
    assert {row.pop("source") for row in rows} == {"message:web-chat"}
    assert all(row.pop("dated") for row in rows)
    assert rows == [
        {
            "node": "air-conditioners",
            "type": "MENTIONS",
            "extractor": "gazetteer.v1",
            "start": 0,
            "end": 2,
            "confidence": 0.95,
        },
        {
            "node": "no-cooling",
            "type": "CONCERNS",
            "extractor": "gazetteer.v1",
            "start": 2,
            "end": 5,
            "confidence": 0.95,
        },
        {
            "node": "o-1",
            "type": "MENTIONS",
            "extractor": "identifiers.v1",
            "start": 8,
            "end": 21,
            "confidence": 1.0,
        },
    ]


async def test_the_proposals_of_a_route_carry_rank_score_and_contributions(desk: Store) -> None:
    id_ = await create(desk, make_arrival())
    rows = await run(
        desk,
        "MATCH (:Route {id: $id + '/route'})-[p:PROPOSED]->(d:Department) "
        "RETURN d.id AS department, p.rank AS rank, p.score AS score, p.path_kinds AS kinds, "
        "p.contributions AS points ORDER BY rank",
        id=id_,
    )
    assert [(row["department"], row["rank"]) for row in rows] == [
        ("field-service", 1),
        ("billing", 2),
    ]
    for row in rows:
        assert len(row["kinds"]) == len(row["points"])
        assert sum(row["points"]) == pytest.approx(row["score"], abs=1e-9)


async def test_doubt_opens_the_ticket_in_triage(desk: Store) -> None:
    id_ = await create(desk, make_arrival(document=make_document("hello there")))
    row = await one(
        desk,
        "MATCH (t:Ticket {id: $id})-[:ASSIGNED_TO]->(d) RETURN t.state AS state, d.id AS to",
        id_,
    )
    assert row == {"state": State.TRIAGE, "to": "first-line"}


async def test_a_replay_returns_the_same_ticket_and_writes_nothing(desk: Store) -> None:
    first = await create(desk, make_arrival())
    assert await create(desk, make_arrival()) == first
    for label in (Label.TICKET, Label.MESSAGE, Label.ROUTE, Label.REQUEST):
        assert await count(desk, label) == 1


async def test_another_body_under_the_same_key_is_a_conflict_and_writes_nothing(
    desk: Store,
) -> None:
    await create(desk, make_arrival())
    with pytest.raises(ConflictError, match="another body"):
        await create(desk, make_arrival(fingerprint="body-2"))
    assert await count(desk, Label.TICKET) == 1


async def test_another_key_is_another_ticket(desk: Store) -> None:
    first = await create(desk, make_arrival())
    second = await create(desk, make_arrival(request="agent-1|createTicket|key-2"))
    assert first != second
    assert await count(desk, Label.TICKET) == 2


@pytest.mark.parametrize("workers", [1, 8], ids=["one worker", "eight workers"])
async def test_eight_at_once_with_one_key_make_one_ticket(desk: Store, workers: int) -> None:
    arrival = make_arrival()
    receipt = await routed(desk, arrival)
    intakes = [Intake(desk) for _ in range(workers)] * (8 // workers)
    made = await asyncio.gather(
        *(one.create(arrival, number=one.number(), receipt=receipt) for one in intakes)
    )
    assert len(set(made)) == 1
    for label in (Label.TICKET, Label.MESSAGE, Label.ROUTE):
        assert await count(desk, label) == 1


async def test_what_arrives_together_is_written_together_each_with_its_own(desk: Store) -> None:
    intake = Intake(desk)
    arrivals = [
        make_arrival(request=f"key-{at}", customer=["c-1", None][at % 2]) for at in range(20)
    ]
    receipt = await routed(desk, arrivals[0])
    made = await asyncio.gather(
        *(intake.create(one, number=intake.number(), receipt=receipt) for one in arrivals)
    )
    assert len(set(made)) == 20
    rows = await run(
        desk,
        "MATCH (t:Ticket)-[:ASSIGNED_TO]->(d:Department) MATCH (t)-[:HAS_MESSAGE]->(:Message) "
        "MATCH (t)-[:ROUTED_BY]->(:Route) OPTIONAL MATCH (c:Customer)-[:RAISED]->(t) "
        "RETURN t.id AS id, c.id AS customer",
    )
    assert {row["id"]: row["customer"] for row in rows} == {
        id_: one.customer for id_, one in zip(made, arrivals, strict=True)
    }


@pytest.mark.parametrize(
    "changes", [{"customer": None}, {"customer": "gone"}, {"channel": None}, {"channel": "gone"}]
)
async def test_what_is_absent_never_drops_the_ticket(
    desk: Store, changes: dict[str, str | None]
) -> None:
    id_ = await create(desk, make_arrival(**changes))
    row = await one(desk, "MATCH (t:Ticket {id: $id})-[:HAS_MESSAGE]->(m) RETURN t.id AS id", id_)
    assert row == {"id": id_}


async def test_a_ticket_without_customer_keeps_its_own_data_key(desk: Store) -> None:
    sealed = Sealed(text="sealed-original", data_key="wrapped")
    id_ = await create(desk, make_arrival(customer=None, sealed=sealed))
    row = await one(desk, "MATCH (t:Ticket {id: $id}) RETURN t.data_key AS data_key", id_)
    assert row == {"data_key": "wrapped"}


async def test_replayed_knows_only_keys_that_were_used(desk: Store) -> None:
    assert await replayed(desk, request="agent-1|createTicket|new", fingerprint="x") is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("  two\n lines ", "two lines"),
        ("x" * 80, "x" * 80),
        ("x" * 81, "x" * 79 + "…"),
    ],
)
def test_a_subject_is_the_first_words_on_one_line(text: str, shown: str) -> None:
    assert subject(text) == shown
