"""What a receipt names of the nodes that spoke for a route."""

import pytest

from api.schema.route import receipt_of
from graph.knowledge import Knowledge
from graph.model import Candidate, Contribution, Receipt
from policies.policy import load_policy

WALKED = ("Ticket:T-9", "Issue:no-cooling")
RECEIPT = Receipt(
    department="billing",
    confidence=0.5,
    runner_up=None,
    margin=0.5,
    reason=None,
    candidates=(
        Candidate(
            department="billing",
            score=0.5,
            contributions=(
                Contribution(path_kind="similar-tickets", weight=0.5, strength=1.0, walked=WALKED),
            ),
        ),
    ),
    model="m",
    policy_epoch=1,
    knowledge_epoch=1,
)


@pytest.mark.parametrize(
    ("role", "heard_all", "named"),
    [
        ("auditor", True, [*WALKED]),
        ("agent", True, ["Ticket", "Issue:no-cooling"]),
        ("agent", False, [*WALKED]),
    ],
)
def test_tickets_of_others_are_no_names_in_a_route_of_the_platforms(
    role: str, heard_all: bool, named: list[str]
) -> None:
    rights = load_policy().rights([role])
    shown = receipt_of(RECEIPT, Knowledge(), rights, heard_all=heard_all)
    (candidate,) = shown.candidates
    (contribution,) = candidate.contributions
    assert contribution.walked == named
