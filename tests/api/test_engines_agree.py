"""The same company, history and model answer and route alike, whatever the engine."""

from dataclasses import replace

import pytest

from api.bootstrap import Platform
from api.services.ask import ask
from api.services.route import preview_route
from graph.model import Receipt
from seed.history import generate
from seed.plain import SAMPLE, company_rows
from tests.api.conftest import ADMIN

QUESTIONS = (
    "净化器Pro2的滤芯多久换一次？",
    "How do I clean the filter of my air conditioner?",
    "空调由哪个部门负责？",
    "Which department handles air conditioners?",
    "What is the status of order W-2025-000318?",
    "订单 W-2025-000331 到哪了？",
    "空调不制冷怎么办？",
    "My fridge is too warm, what can I do?",
    "How long is the warranty of the Polar Cross 500?",
    "一共有多少个部门？",
    "What is the meaning of life?",
    "今天天气怎么样？",
)
TEXTS = tuple(row["text"] for row in generate(company_rows(SAMPLE), tickets=12, random_seed=1234))


@pytest.mark.parametrize("question", QUESTIONS)
async def test_the_same_answer(
    question: str, embedded_platform: Platform, neo4j_platform: Platform
) -> None:
    ours = await ask(embedded_platform, ADMIN, question)
    theirs = await ask(neo4j_platform, ADMIN, question)
    # Each conversation is sealed anew.
    assert replace(theirs, conversation=None) == replace(ours, conversation=None)


@pytest.mark.parametrize("text", TEXTS)
async def test_the_same_route(
    text: str, embedded_platform: Platform, neo4j_platform: Platform
) -> None:
    ours = await preview_route(embedded_platform, ADMIN, text)
    theirs = await preview_route(neo4j_platform, ADMIN, text)
    assert flat(theirs) == pytest.approx(flat(ours), abs=1e-9)
    assert (
        theirs.candidates[0].contributions[0].walked == ours.candidates[0].contributions[0].walked
    )


def flat(receipt: Receipt) -> dict[tuple[str, str], float]:
    """Every figure of a receipt: confidence and margin of the decision, and each strength."""
    decided = {("confidence", receipt.department): receipt.confidence}
    decided[("margin", receipt.reason or "")] = receipt.margin
    return decided | {
        (candidate.department, one.path_kind): one.points
        for candidate in receipt.candidates
        for one in candidate.contributions
    }
