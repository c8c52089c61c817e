"""The graph decides answers: any names, any relationships, the same bars."""

import random

import pytest

from extractors.pipeline import Extractor
from graph.answering import answer
from graph.knowledge import read_knowledge
from graph.model import Answer
from graph.store import Store
from graph.vocabulary import Label, RelationshipType
from tests.builders import make_asker, make_nodes, relate, run
from tests.conftest import WIPE
from tests.graph import renamed

QUESTIONS = 64
LEAST_RIGHT = 0.9
SURE = 0.8
DELETED = 6


async def write(store: Store, company: renamed.Company) -> None:
    await store.write(WIPE)
    await run(store, "CREATE (epoch:Epoch {id: 'policy', value: 1})")
    found: dict[str, list[dict[str, object]]] = {}
    for label, row in renamed.rows(company):
        found.setdefault(label, []).append(dict(row))
    for label, nodes in found.items():
        await make_nodes(store, Label(label), nodes)
    for type_, source, source_id, target, target_id in renamed.relationships(company):
        ends = (Label(source), source_id), (Label(target), target_id)
        await relate(store, RelationshipType(type_), *ends)


async def asked(store: Store, extractor: Extractor, text: str) -> Answer:
    document = extractor.extract(text)
    return await answer(
        store,
        document,
        knowledge=extractor.knowledge,
        asker=make_asker(),
        guess=lambda text: extractor.extract(text).guesses,
    )


def is_right(question: renamed.Question, found: Answer) -> bool:
    said = found.answer.replace(".00", "")
    return all(one in said for one in question.expected) and not any(
        one in said for one in question.forbidden
    )


@pytest.mark.parametrize("seed", [1, 2])
async def test_names_nobody_has_seen_and_relationships_by_chance_answer_as_well(
    indexed: Store, seed: int
) -> None:
    chance = random.Random(seed)
    company = renamed.make_company(chance)
    await write(indexed, company)
    extractor = Extractor(await read_knowledge(indexed))
    tried = []
    for question in renamed.questions(company, chance, count=QUESTIONS):
        found = await asked(indexed, extractor, question.text)
        tried.append((is_right(question, found), found.confidence, question.text, found.answer))
    wrong = [one for one in tried if not one[0]]
    assert len(wrong) <= QUESTIONS * (1 - LEAST_RIGHT), wrong
    assert not [one for one in wrong if one[1] >= SURE], wrong
    right = [one for one in tried if one[0]]
    assert sum(one[1] >= SURE for one in right) >= 0.7 * len(right)


async def test_without_the_cited_path_the_answer_is_another_or_none(indexed: Store) -> None:
    chance = random.Random(3)
    company = renamed.make_company(chance)
    await write(indexed, company)
    extractor = Extractor(await read_knowledge(indexed))
    asked_for = renamed.questions(company, chance, count=64)
    cited = {one.cited: one for one in asked_for if one.cited}
    assert len(cited) > DELETED
    for question in list(cited.values())[:DELETED]:
        before = await asked(indexed, extractor, question.text)
        assert is_right(question, before), question
        assert question.cited is not None
        type_, source, target = question.cited
        await run(
            indexed,
            f"MATCH (a:Department {{id: $source}})-[r:{type_}]->(b {{id: $target}}) DELETE r",
            source=source,
            target=target,
        )
        after = await asked(indexed, extractor, question.text)
        assert after.answer != before.answer
        assert not is_right(question, after)


async def test_moving_every_relationship_moves_the_answers(indexed: Store) -> None:
    chance = random.Random(5)
    company = renamed.make_company(chance)
    await write(indexed, company)
    extractor = Extractor(await read_knowledge(indexed))
    company.shuffled(chance)
    await write(indexed, company)
    for question in renamed.questions(company, chance, count=16):
        assert is_right(question, await asked(indexed, extractor, question.text)), question
