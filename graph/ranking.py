"""From paths to a receipt: what each path kind contributes to each department.

Every path kind spreads one unit (or less, when its evidence is unsure) over departments. The score
is a linear opinion pool of them (Stone 1961): weights are shared among the path kinds that found
anything, so scores lie within 0..1 and contributions add up to the score exactly.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from graph.model import Barred, Candidate, Contribution, Counterfactual, Receipt
from graph.weighing import SHIPPED, Weighing

DIRECT = "department-named"
"""Says a department itself, so it counts only where the graph leads from no issue to one."""
DECIDING = frozenset({"issue-handled-by", "similar-tickets", DIRECT})
TRIAGE = "triage"
_BY_ISSUE = DECIDING - {DIRECT}
_MAX_CANDIDATES = 5
_MAX_WALKED = 3
_TOLD = 3
_TELLING = 0.01


class Path(NamedTuple):
    """One walk from evidence to a department, as ``route-candidates`` lists it.

    ``depth`` is how far the responsibility was inherited; ``walked`` are nodes as ``Label:id``.
    ``held`` is what the department holds at the end of the walk, as ``TYPE Label:id``; empty where
    no relationship leads to it.
    """

    kind: str
    evidence: str
    strength: float
    depth: int
    weight: float
    department: str
    walked: Sequence[str]
    held: str = ""


class InForce(NamedTuple):
    """What a decision is made with: the model, the epochs, and how path kinds are weighed."""

    model: str
    policy_epoch: int
    knowledge_epoch: int
    weighing: Weighing = SHIPPED


class Lead(NamedTuple):
    """How strongly a path kind leads to a department, and the nodes on its strongest walks."""

    strength: float
    walked: tuple[str, ...]


Led: TypeAlias = Mapping[str, Mapping[str, Lead]]
"""Path kind → department → lead."""


def leads(paths: Iterable[Path], *, kinds: Iterable[str]) -> Led:
    """Path kind → department → lead, for the kinds that found anything; the strengths of a kind
    add up to at most 1.
    """
    return _counting(_shared_out(paths, kinds))


def rank(paths: Iterable[Path], *, weighing: Weighing = SHIPPED) -> tuple[Candidate, ...]:
    """Departments by score, best first; equal scores by id."""
    return _ranked(leads(paths, kinds=weighing.weights), weighing.weights)


def _shared_out(paths: Iterable[Path], kinds: Iterable[str]) -> Led:
    """Every kind that found anything by itself, whatever the others found."""
    found: dict[str, list[Path]] = {kind: [] for kind in kinds}
    for path in paths:
        if path.kind in found:
            found[path.kind].append(path)
    return {kind: dict(_spread(some)) for kind, some in found.items() if some}


def _counting(led: Led) -> Led:
    """Without what says a department itself, where an issue leads to one."""
    if _BY_ISSUE.isdisjoint(led):
        return led
    return {kind: departments for kind, departments in led.items() if kind != DIRECT}


def _ranked(led: Led, weights: Mapping[str, float]) -> tuple[Candidate, ...]:
    total = sum(weights[kind] for kind in led)
    found: dict[str, list[Contribution]] = defaultdict(list)
    for kind, departments in led.items():
        for department, lead in departments.items():
            found[department].append(
                Contribution(
                    path_kind=kind,
                    weight=weights[kind] / total if total else 0.0,
                    strength=lead.strength,
                    walked=lead.walked,
                )
            )
    candidates = (_candidate(*item) for item in found.items())
    return tuple(sorted(candidates, key=lambda one: (-one.score, one.department))[:_MAX_CANDIDATES])


def decide(
    paths: Sequence[Path],
    *,
    in_force: InForce,
    missing: Callable[[str], tuple[str, ...]] = lambda _: (),
) -> Receipt | None:
    """The receipt of a route, or ``None`` when the graph has no department to send anything to.

    ``missing`` tells which coordinates nobody of a department may read though the text needs it.
    """
    barred = tuple(
        Barred(department=name, missing=fields)
        for name in sorted({path.department for path in paths if path.kind != TRIAGE})
        if (fields := missing(name))
    )
    without = {one.department for one in barred}
    paths = [one for one in paths if one.kind == TRIAGE or one.department not in without]
    led = _shared_out(paths, in_force.weighing.weights)
    receipt = _decided(paths, led, in_force)
    if receipt is None:
        return None
    receipt = replace(receipt, barred=barred)
    if not receipt.candidates:
        return receipt
    # First what would have gone elsewhere, then what would have been least sure.
    found = sorted(
        _otherwise(receipt, paths, led, in_force),
        key=lambda one: (one.department == receipt.department, one.confidence, one.nodes),
    )
    return replace(receipt, counterfactuals=tuple(found[:_TOLD]))


def _decided(paths: Sequence[Path], led: Led, in_force: InForce) -> Receipt | None:
    weighing = in_force.weighing
    candidates = _ranked(_counting(led), weighing.weights)
    triage = min((path.department for path in paths if path.kind == TRIAGE), default=None)
    if not candidates and triage is None:
        return None
    first, second = (*(one.score for one in candidates), 0.0, 0.0)[:2]
    together, others = _together(candidates, paths)
    confidence = weighing.confidence(together, together - others) if candidates else 0.0
    reason = _doubt(candidates) or weighing.doubt(together, together - others)
    chosen = triage if reason and triage else candidates[0].department
    return Receipt(
        department=chosen,
        confidence=confidence,
        runner_up=candidates[1].department if len(candidates) > 1 else None,
        margin=first - second,
        reason=reason if chosen == triage else None,
        candidates=candidates,
        model=in_force.model,
        policy_epoch=in_force.policy_epoch,
        knowledge_epoch=in_force.knowledge_epoch,
    )


def _otherwise(
    receipt: Receipt, paths: Sequence[Path], led: Led, in_force: InForce
) -> Iterator[Counterfactual]:
    """What would have been, for each piece of evidence, if the best department held nothing that
    leads from it there; nothing of what would have changed nothing.
    """
    best = receipt.candidates[0].department
    held: dict[str, set[str]] = defaultdict(set)
    for path in paths:
        if path.department == best and path.held:
            held[path.evidence].add(path.held)
    for some in sorted({tuple(sorted(one)) for one in held.values()}):
        rest = [one for one in paths if one.department != best or one.held not in some]
        lost = {one.kind for one in paths if one.department == best and one.held in some}
        anew = _shared_out(rest, lost)
        left = {kind: anew.get(kind, {}) if kind in lost else one for kind, one in led.items()}
        other = _decided(rest, {kind: one for kind, one in left.items() if one}, in_force)
        if other and _differs(other, receipt):
            yield Counterfactual(
                type=some[0].partition(" ")[0],
                nodes=tuple(one.partition(" ")[2] for one in some),
                holder=best,
                department=other.department,
                confidence=other.confidence,
                reason=other.reason,
            )


def _differs(other: Receipt, receipt: Receipt) -> bool:
    return (other.department, other.reason) != (receipt.department, receipt.reason) or (
        abs(other.confidence - receipt.confidence) >= _TELLING
    )


def _together(candidates: Sequence[Candidate], paths: Sequence[Path]) -> tuple[float, float]:
    """The scores of all who hold what the best candidate holds, and of the best of the others.

    Who shares a responsibility does not make it less clear whose it is: any of them is right.
    """
    if not candidates:
        return 0.0, 0.0
    best = candidates[0].department
    shared = {best}
    own = [path for path in paths if path.department == best and path.kind in _BY_ISSUE]
    if own:
        top = max(own, key=lambda path: (path.strength, -path.depth, path.evidence))
        way = (top.kind, top.evidence, top.depth)
        shared |= {one.department for one in paths if (one.kind, one.evidence, one.depth) == way}
    others = [one for one in candidates if one.department not in shared]
    score = sum(one.score for one in candidates if one.department in shared)
    return min(score, 1.0), others[0].score if others else 0.0


def _candidate(department: str, contributions: Sequence[Contribution]) -> Candidate:
    ordered = tuple(sorted(contributions, key=lambda one: -one.points))
    score = sum(one.points for one in ordered)
    return Candidate(department=department, score=score, contributions=ordered)


def _doubt(candidates: Sequence[Candidate]) -> str | None:
    """Why nothing that was found decides, as a stable word, or ``None``."""
    if not candidates:
        return "no-evidence"
    if not any(one.path_kind in DECIDING for one in candidates[0].contributions):
        return "no-issue"
    return None


def _spread(paths: Sequence[Path]) -> Iterator[tuple[str, Lead]]:
    """One path kind over departments.

    The nearest holder of a responsibility keeps it: what is inherited from further away counts
    only where nothing nearer is found. Several holders at one distance share by weight.
    """
    by_evidence: dict[str, list[Path]] = defaultdict(list)
    for path in paths:
        by_evidence[path.evidence].append(path)
    # Most evidence leads one way: the rest is for what leads several.
    mass = max(
        sum(
            found[0].strength if len(found) == 1 else max(path.strength for path in found)
            for found in by_evidence.values()
        ),
        1.0,
    )
    walked: dict[str, list[tuple[float, Path]]] = defaultdict(list)
    for found in by_evidence.values():
        holders = found if len(found) == 1 else _nearest(found)
        shared = sum([path.weight for path in holders]) or 1.0
        for path in holders:
            part = path.strength / mass * path.weight / shared
            walked[path.department].append((part, path))
    for department, some in walked.items():
        best = sorted(some, key=lambda item: (-item[0], item[1].evidence))[:_MAX_WALKED]
        nodes = dict.fromkeys([node for _, path in best for node in path.walked])
        strength = sum([part for part, _ in some])
        yield department, Lead(strength=strength, walked=(*nodes, f"Department:{department}"))


def _nearest(found: Sequence[Path]) -> Sequence[Path]:
    """Those of the least depth, of each department one."""
    nearest = min(path.depth for path in found)
    return list({path.department: path for path in found if path.depth == nearest}.values())
