"""From paths to a receipt: what each path kind contributes to each department.

Every path kind spreads one unit (or less, when its evidence is unsure) over departments. The score
is a linear opinion pool of them (Stone 1961): weights are shared among the path kinds that found
anything, so scores lie within 0..1 and contributions add up to the score exactly.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from graph.model import Candidate, Contribution, Receipt

WEIGHTS: Mapping[str, float] = {
    "issue-handled-by": 0.78,
    "similar-tickets": 0.10,
    "product-supported-by": 0.06,
    "ordered-product-supported-by": 0.03,
    "customer-continuity": 0.03,
}
"""How much each path kind is trusted where all have evidence."""

DECIDING = frozenset({"issue-handled-by", "similar-tickets"})
MIN_CONFIDENCE = 0.45
MIN_MARGIN = 0.08
_MAX_CANDIDATES = 5
_MAX_WALKED = 3
_TRIAGE = "triage"


class Path(NamedTuple):
    """One walk from evidence to a department, as ``route-candidates`` lists it.

    ``depth`` is how far the responsibility was inherited; ``walked`` are nodes as ``Label:id``.
    """

    kind: str
    evidence: str
    strength: float
    depth: int
    weight: float
    department: str
    walked: Sequence[str]


def rank(paths: Sequence[Path], *, weights: Mapping[str, float] = WEIGHTS) -> tuple[Candidate, ...]:
    """Departments by score, best first; equal scores by id."""
    kinds: dict[str, list[Path]] = defaultdict(list)
    for path in paths:
        if path.kind in weights:
            kinds[path.kind].append(path)
    total = sum(weights[kind] for kind in kinds)
    found: dict[str, list[Contribution]] = defaultdict(list)
    for kind in weights:
        if kind in kinds:
            for department, strength, walked in _spread(kinds[kind]):
                found[department].append(
                    Contribution(
                        path_kind=kind,
                        weight=weights[kind] / total,
                        strength=strength,
                        walked=walked,
                    )
                )
    candidates = (_candidate(*item) for item in found.items())
    return tuple(sorted(candidates, key=lambda one: (-one.score, one.department))[:_MAX_CANDIDATES])


def decide(
    paths: Sequence[Path],
    *,
    model: str,
    policy_epoch: int,
    knowledge_epoch: int,
    min_confidence: float = MIN_CONFIDENCE,
) -> Receipt | None:
    """The receipt of a route, or ``None`` when the graph has no department to send anything to."""
    candidates = rank(paths)
    triage = min((path.department for path in paths if path.kind == _TRIAGE), default=None)
    if not candidates and triage is None:
        return None
    first, second = (*(one.score for one in candidates), 0.0, 0.0)[:2]
    reason = _doubt(candidates, margin=first - second, min_confidence=min_confidence)
    chosen = triage if reason and triage else candidates[0].department
    return Receipt(
        department=chosen,
        confidence=first,
        runner_up=candidates[1].department if len(candidates) > 1 else None,
        margin=first - second,
        reason=reason if chosen == triage else None,
        candidates=candidates,
        model=model,
        policy_epoch=policy_epoch,
        knowledge_epoch=knowledge_epoch,
    )


def _candidate(department: str, contributions: Sequence[Contribution]) -> Candidate:
    ordered = tuple(sorted(contributions, key=lambda one: -one.points))
    score = sum(one.points for one in ordered)
    return Candidate(department=department, score=score, contributions=ordered)


def _doubt(candidates: Sequence[Candidate], *, margin: float, min_confidence: float) -> str | None:
    """Why a person should decide, as a stable word, or ``None``."""
    if not candidates:
        return "no-evidence"
    if not any(one.path_kind in DECIDING for one in candidates[0].contributions):
        return "no-issue"
    if candidates[0].score < min_confidence:
        return "low-confidence"
    return "narrow-margin" if margin < MIN_MARGIN else None


def _spread(paths: Sequence[Path]) -> Iterable[tuple[str, float, tuple[str, ...]]]:
    """(department, strength, nodes walked) of one path kind; strengths add up to at most 1.

    The nearest holder of a responsibility keeps it: what is inherited from further away counts
    only where nothing nearer is found. Several holders at one distance share by weight.
    """
    by_evidence: dict[str, list[Path]] = defaultdict(list)
    for path in paths:
        by_evidence[path.evidence].append(path)
    mass = max(sum(max(path.strength for path in found) for found in by_evidence.values()), 1.0)
    strengths: dict[str, float] = defaultdict(float)
    walked: dict[str, list[tuple[float, Path]]] = defaultdict(list)
    for found in by_evidence.values():
        nearest = min(path.depth for path in found)
        holders = {path.department: path for path in found if path.depth == nearest}
        shared = sum(path.weight for path in holders.values()) or 1.0
        for department, path in holders.items():
            part = path.strength / mass * path.weight / shared
            strengths[department] += part
            walked[department].append((part, path))
    for department, strength in strengths.items():
        best = sorted(walked[department], key=lambda item: (-item[0], item[1].evidence))
        nodes = (node for _, path in best[:_MAX_WALKED] for node in path.walked)
        yield department, strength, (*dict.fromkeys(nodes), f"Department:{department}")
