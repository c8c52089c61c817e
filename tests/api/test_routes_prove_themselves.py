"""The graph decides routes: what a receipt claims is tried, and what the graph moves, moves."""

import shutil
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from api.bootstrap import Platform
from api.globalid import to_global
from api.services.ingest import NewMessage, take_in
from api.services.route import preview_route, receipt_for
from api.services.train import train
from api.services.work import Task, work_on
from api.signin import local_actor
from graph.model import Actor, Counterfactual, Document, Receipt
from seed.history import generate
from seed.plain import SAMPLE, company_rows
from tests.api.conftest import ADMIN, Client
from tests.builders import run

RECEIPTS = 200
CUT = """UNWIND $held AS one
MATCH (d:Department {id: one.holder})-[r]->(n {id: one.id})
WHERE type(r) = one.type AND one.label IN labels(n)
WITH d, n, r, one, properties(r) AS kept DELETE r
RETURN one.holder AS holder, one.label AS label, one.id AS id, one.type AS type, kept"""
TIE = {
    kind: f"""UNWIND $held AS one
    MATCH (d:Department {{id: one.holder}}) MATCH (n:{label} {{id: one.id}})
    CREATE (d)-[r:{kind}]->(n) SET r += one.kept"""
    for kind, label in (("HANDLES", "Issue"), ("SERVES", "Customer"))
} | {
    "SUPPORTS": """UNWIND $held AS one
    MATCH (d:Department {id: one.holder}) MATCH (n {id: one.id}) WHERE one.label IN labels(n)
    CREATE (d)-[r:SUPPORTS]->(n) SET r += one.kept"""
}


def written(count: int, *, random_seed: int) -> list[dict[str, Any]]:
    """Tickets as the sample company's customers write them, which nobody has loaded."""
    return list(generate(company_rows(SAMPLE), tickets=count, random_seed=random_seed))


def understood(platform: Platform, rows: Iterable[dict[str, Any]]) -> list[Document]:
    return [platform.extractor.extract(row["text"], resolutions=False) for row in rows]


async def routed(platform: Platform, document: Document) -> Receipt:
    return await receipt_for(platform, document, customer=None)


def held_by(other: Counterfactual) -> list[dict[str, str]]:
    parts = (node.partition(":") for node in other.nodes)
    return [
        {"type": other.type, "holder": other.holder, "label": label, "id": id_}
        for label, _, id_ in parts
    ]


async def tie(platform: Platform, cut: Sequence[dict[str, Any]]) -> None:
    for kind, text in TIE.items():
        await run(platform.store, text, held=[one for one in cut if one["type"] == kind])


async def test_every_counterfactual_holds_when_it_is_tried(platform: Platform) -> None:
    documents = understood(platform, written(RECEIPTS, random_seed=31))
    claims: dict[tuple[str, ...], list[tuple[Document, Counterfactual]]] = defaultdict(list)
    told = 0
    for document in documents:
        receipt = await routed(platform, document)
        for other in receipt.counterfactuals:
            claims[other.type, other.holder, *other.nodes].append((document, other))
            told += 1
    assert told > RECEIPTS // 2
    for some in claims.values():
        cut = await run(platform.store, CUT, held=held_by(some[0][1]))
        try:
            for document, other in some:
                found = await routed(platform, document)
                assert (found.department, found.reason) == (other.department, other.reason)
                assert found.confidence == pytest.approx(other.confidence, abs=1e-9)
        finally:
            await tie(platform, cut)


async def test_contributions_sum_to_the_score(platform: Platform) -> None:
    for document in understood(platform, written(60, random_seed=32)):
        for candidate in (await routed(platform, document)).candidates:
            points = sum(one.points for one in candidate.contributions)
            assert points == pytest.approx(candidate.score, abs=1e-9)


async def test_tickets_follow_when_issues_move(platform: Platform) -> None:
    """Ten random issues go to other departments; nobody trains."""
    random = Random(5)
    rows = written(900, random_seed=33)
    departments = [one["id"] for one in company_rows(SAMPLE)["departments"]]
    issues = random.sample(
        sorted({row["issues"][0] for row in rows if len(row["issues"]) == 1}), 10
    )
    about = defaultdict(list)
    for document in understood(platform, rows):
        if document.guesses and document.guesses[0].id in issues:
            about[document.guesses[0].id].append(document)
    moved = followed = 0
    for issue in issues:
        before = [(one, await routed(platform, one)) for one in about[issue]]
        cut = await run(
            platform.store,
            """MATCH (d:Department)-[r:HANDLES]->(n:Issue {id: $issue})
            WITH d, n, r, properties(r) AS kept DELETE r
            RETURN d.id AS holder, 'Issue' AS label, n.id AS id, 'HANDLES' AS type, kept""",
            issue=issue,
        )
        former = {one["holder"] for one in cut}
        target = random.choice(sorted(set(departments) - former - {"first-line"}))
        fresh = [{"type": "HANDLES", "holder": target, "label": "Issue", "id": issue, "kept": {}}]
        await tie(platform, fresh)
        try:
            for document, receipt in before:
                if receipt.department in former and receipt.reason is None:
                    moved += 1
                    followed += (await routed(platform, document)).department == target
        finally:
            await run(platform.store, CUT, held=fresh)
            await tie(platform, cut)
    assert moved >= 30
    assert followed / moved >= 0.95


async def test_a_department_without_history_gets_its_share(platform: Platform) -> None:
    rows = written(300, random_seed=34)
    documents = [one for one in understood(platform, rows) if one.guesses[0].id == "double-charge"]
    await run(
        platform.store, "CREATE (:Department {id: 'payments-desk', name_en: 'Payments Desk'})"
    )
    held = {"type": "HANDLES", "label": "Issue", "id": "double-charge", "kept": {}}
    new, old = [{**held, "holder": "payments-desk"}], [{**held, "holder": "billing"}]
    cut = await run(platform.store, CUT, held=old)
    await tie(platform, new)
    try:
        receipts = [await routed(platform, one) for one in documents]
        assert receipts
        share = sum(one.department == "payments-desk" for one in receipts) / len(receipts)
        assert share >= 0.9
    finally:
        await run(platform.store, CUT, held=new)
        await tie(platform, cut)
        await run(platform.store, "MATCH (d:Department {id: 'payments-desk'}) DETACH DELETE d")


AGENT = Actor(id="corrector", roles=frozenset({"agent"}), department_ids=frozenset({"first-line"}))


async def corrected(platform: Platform, text: str, department: str, key: str) -> str:
    """A ticket of triage that an agent there corrects; its number."""
    made = await take_in(platform, ADMIN, NewMessage(text=text, idempotency_key=key))
    await run(
        platform.store,
        """MATCH (t:Ticket {id: $id})-[r:ASSIGNED_TO]->() DELETE r WITH DISTINCT t
        MATCH (d:Department {id: 'first-line'}) CREATE (t)-[:ASSIGNED_TO]->(d)
        SET t.department_id = d.id, t.state = 'triage'""",
        id=made.id,
    )
    task = Task(
        operation="correctRoute",
        action="correct",
        ticket=made.id,
        values={"department": department, "issue": None},
        text="belongs there",
        text_field="reason",
        key=f"{key}-corrected",
    )
    await work_on(platform, AGENT, task)
    return made.id


async def test_the_next_training_learns_from_corrections(
    platform: Platform, tmp_path: Path
) -> None:
    """And ten that contradict each other move nobody who has nothing to do with them."""
    shutil.copytree(platform.settings.models, tmp_path / "models")
    own = replace(platform, settings=replace(platform.settings, models=tmp_path / "models"))
    others = understood(own, written(40, random_seed=35))
    elsewhere = [await routed(own, one) for one in others]
    text = "The zorblatt flux keeps oscillating in the vestibule"
    assert (await preview_route(own, ADMIN, text)).department != "billing"
    tickets = [await corrected(own, f"{text}, please look into it", "billing", "one")]
    try:
        await train(own, ADMIN)
        found = await preview_route(own, ADMIN, text)
        assert (found.department, found.reason) == ("billing", None)
        for place in range(10):
            where = ("billing", "logistics")[place % 2]
            tickets.append(await corrected(own, f"Quibbling gromwick {place}", where, f"c{place}"))
        await train(own, ADMIN)
        unrelated = [
            (await routed(own, one)).candidates[0].department
            for one, before in zip(others, elsewhere, strict=True)
            if before.candidates[0].department not in {"billing", "logistics"}
            and before.confidence >= 0.8
        ]
        same = [
            before.candidates[0].department
            for before in elsewhere
            if before.candidates[0].department not in {"billing", "logistics"}
            and before.confidence >= 0.8
        ]
        assert len(same) >= 10
        assert unrelated == same
    finally:
        await run(
            platform.store,
            """UNWIND $ids AS id MATCH (t:Ticket {id: id})
            OPTIONAL MATCH (t)-[:HAS_MESSAGE|ROUTED_BY|HANDED_OVER]->(part)
            DETACH DELETE t, part""",
            ids=tickets,
        )


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
async def test_the_mutation_of_the_readme_moves_the_next_ticket(
    readme: str, signed: Client, platform: Platform
) -> None:
    text = (Path(__file__).parents[2] / readme).read_text("utf-8")
    mutation = text.partition("```gql\n")[2].partition("```")[0]
    editor = local_actor(("editor",), name="ed")
    preview = "query ($text: String!) { previewRoute(text: $text) { department { id } } }"

    async def goes_to() -> str:
        said = {"text": "You charged my card twice for one order"}
        found = await signed.data(preview, actor=ADMIN, **said)
        return str(found["previewRoute"]["department"]["id"])

    assert await goes_to() == to_global("Department", "billing")
    try:
        done = await signed.data(mutation, actor=editor)
        assert done["updateIssue"]["userErrors"] == []
        assert await goes_to() == to_global("Department", "returns-refunds")
    finally:
        back = mutation.replace("add", "ADD").replace("remove", "add").replace("ADD", "remove")
        await signed.data(back, actor=editor)
    assert await goes_to() == to_global("Department", "billing")
