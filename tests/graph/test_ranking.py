import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model import Receipt
from graph.ranking import DECIDING, InForce, Path, decide, rank
from graph.weighing import MIN_CONFIDENCE, MIN_MARGIN, WEIGHTS, Weighing


def make_path(
    department: str,
    *,
    path_kind: str = "issue-handled-by",
    evidence: str = "no-cooling",
    strength: float = 1.0,
    depth: int = 0,
    weight: float = 1.0,
    walked: tuple[str, ...] = (),
) -> Path:
    return Path(
        kind=path_kind,
        evidence=evidence,
        strength=strength,
        depth=depth,
        weight=weight,
        department=department,
        walked=list(walked or (f"Issue:{evidence}",)),
    )


TRIAGE = make_path("first-line", path_kind="triage", strength=0.0)
PATHS = st.lists(
    st.builds(
        make_path,
        st.sampled_from("abcdefgh"),
        path_kind=st.sampled_from([*WEIGHTS, "triage"]),
        evidence=st.sampled_from("uvwxyz"),
        strength=st.floats(0, 1),
        depth=st.integers(0, 4),
        weight=st.floats(0, 5),
    ),
    max_size=30,
)


PLAIN = Weighing(name="plain")
"""By which a score is its own confidence."""


def receipt(*paths: Path) -> Receipt:
    found = decide(paths, in_force=InForce("m", 1, 2, PLAIN))
    assert found is not None
    return found


@given(PATHS)
def test_contributions_add_up_to_the_score_and_scores_lie_within_0_and_1(
    paths: list[Path],
) -> None:
    candidates = rank(paths)
    for candidate in candidates:
        assert sum(one.points for one in candidate.contributions) == pytest.approx(
            candidate.score, abs=1e-9
        )
        assert -1e-9 <= candidate.score <= 1 + 1e-9
    assert sum(one.score for one in candidates) <= 1 + 1e-9


@given(PATHS)
def test_candidates_are_ordered_by_score_then_id(
    paths: list[Path],
) -> None:
    candidates = rank(paths)
    order = [(-one.score, one.department) for one in candidates]
    assert order == sorted(order)


def test_equal_scores_are_ordered_by_id() -> None:
    paths = [make_path("b"), make_path("a"), make_path("c")]
    assert [one.department for one in rank(paths)] == ["a", "b", "c"]


def test_the_nearest_holder_keeps_a_responsibility() -> None:
    paths = [make_path("far", depth=2), make_path("near", depth=1), make_path("farthest", depth=3)]
    assert [(one.department, one.score) for one in rank(paths)] == [("near", 1.0)]


def test_several_holders_at_one_distance_share_by_weight() -> None:
    paths = [make_path("a", weight=3.0), make_path("b", weight=1.0)]
    assert [(one.department, one.score) for one in rank(paths)] == [("a", 0.75), ("b", 0.25)]


def test_weights_are_shared_among_the_path_kinds_that_found_anything() -> None:
    (both,) = rank([make_path("a"), make_path("a", path_kind="similar-tickets", evidence="T-1")])
    assert both.score == pytest.approx(1.0)
    assert [one.path_kind for one in both.contributions] == ["issue-handled-by", "similar-tickets"]
    weights = [one.weight for one in both.contributions]
    assert weights == pytest.approx([0.74 / 0.84, 0.10 / 0.84])


def test_unsure_evidence_keeps_its_doubt() -> None:
    (candidate,) = rank([make_path("a", strength=0.4)])
    assert candidate.score == pytest.approx(0.4)


def test_several_pieces_of_evidence_share_one_path_kind() -> None:
    paths = [
        make_path("a", evidence="T-1"),
        make_path("a", evidence="T-2"),
        make_path("b", evidence="T-3"),
    ]
    assert [one.score for one in rank(paths)] == pytest.approx([2 / 3, 1 / 3])


def test_a_contribution_names_the_nodes_walked_evidence_first_and_the_department_last() -> None:
    (candidate,) = rank([make_path("a", walked=("Ticket:T-1", "Issue:no-cooling"))])
    assert candidate.contributions[0].walked == ("Ticket:T-1", "Issue:no-cooling", "Department:a")


def test_at_most_five_candidates_are_named() -> None:
    assert len(rank([make_path(name, evidence=name) for name in "abcdefg"])) == 5


def test_a_sure_route_goes_to_the_best_candidate() -> None:
    found = receipt(make_path("a", weight=3.0), make_path("b", weight=1.0), TRIAGE)
    assert (found.department, found.runner_up, found.reason) == ("a", "b", None)
    # Either of those who share it is right.
    assert (found.confidence, found.margin) == (1.0, 0.5)
    assert (found.model, found.policy_epoch, found.knowledge_epoch) == ("m", 1, 2)


@pytest.mark.parametrize(
    ("paths", "reason"),
    [
        pytest.param([], "no-evidence", id="nothing found"),
        pytest.param(
            [make_path("a", path_kind="product-supported-by")], "no-issue", id="only a product"
        ),
        pytest.param([make_path("a", strength=MIN_CONFIDENCE - 0.01)], "low-confidence", id="weak"),
        pytest.param(
            [make_path("a", evidence="u"), make_path("b", evidence="v")],
            "narrow-margin",
            id="two alike",
        ),
    ],
)
def test_doubt_sends_to_triage_with_its_reason(paths: list[Path], reason: str) -> None:
    found = receipt(*paths, TRIAGE)
    assert (found.department, found.reason) == ("first-line", reason)


@pytest.mark.parametrize("strength", [MIN_CONFIDENCE, 1.0])
def test_the_least_confidence_that_is_enough(strength: float) -> None:
    assert receipt(make_path("a", strength=strength), TRIAGE).reason is None


def test_the_least_margin_that_is_enough() -> None:
    high = (1 + MIN_MARGIN + 1e-6) / 2
    found = receipt(make_path("a", weight=high), make_path("b", weight=1 - high), TRIAGE)
    assert (found.department, found.reason) == ("a", None)


def test_without_a_triage_department_the_best_candidate_keeps_it() -> None:
    found = receipt(make_path("b"), make_path("a"))
    assert (found.department, found.reason) == ("a", None)


def test_without_any_department_there_is_no_route() -> None:
    assert decide([], in_force=InForce("m", 1, 1)) is None


def test_every_deciding_path_kind_has_a_weight() -> None:
    assert set(WEIGHTS) >= DECIDING
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)


def test_paths_of_one_evidence_that_differ_in_strength_stay_within_one() -> None:
    paths = [
        make_path("a", evidence="v", strength=0.0),
        make_path("b", evidence="v"),
        make_path("b", evidence="w"),
    ]
    assert [(one.department, one.score) for one in rank(paths)] == [("b", 0.75), ("a", 0.0)]
