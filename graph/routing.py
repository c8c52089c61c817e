"""Where a document should go: evidence → one traversal → receipt."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, fields
from typing import Any

from graph.errors import StalePolicyError
from graph.evidence import Evidence, heard
from graph.model import (
    Barred,
    Candidate,
    Choice,
    Contribution,
    Counterfactual,
    Document,
    Receipt,
    Skilled,
)
from graph.ranking import InForce, Path, decide
from graph.selection.asker import Asker
from graph.selection.newest import has_more, recent_ages
from graph.store import Store
from graph.vocabulary import Label

SIMILAR = 12
"""How many similar tickets vote."""
RECENT = 5
"""How many of the customer's latest tickets vote."""
LATEST = (1 << 63) - 1
"""Behind every ticket."""
_ORDERS_TRIED = 5
_RAREST = 2
"""How many words similar tickets are found by in a graph that has grown: those that were rarest."""
_GROWN = 3
"""By how much a graph has to have grown since training for its rare words to be rare no more."""
_PLAIN = 0.9
"""How likely an issue is at least for similar tickets to be asked no more: as shipped they weigh an
eighth of it, and finding them costs a grown graph as much as all the rest of a route."""


async def candidate_paths(
    store: Store,
    document: Document,
    *,
    customer: str | None,
    asker: Asker | None = None,
    before: int = LATEST,
) -> list[Path]:
    """Every path from the document's evidence to a department; with ``asker``, those that they may
    be told of (``graph/evidence.py`` has the rule). Tickets from ``before`` (a ``seq``) on are as
    if they were not there.

    Raises:
        ForbiddenError: the asker sees no department.
        StalePolicyError: the asker's rights are those of another policy.
        UnavailableError: the graph does not answer.
    """
    evidence: Evidence = {
        "issues": issue_evidence(document),
        "products": mentioned(document, Label.PRODUCT),
        "categories": mentioned(document, Label.CATEGORY),
        "orders": [{"id": key, "strength": 1.0} for key in order_keys(document)],
        "customer": [customer] if customer else [],
        "served": [customer] if customer else [],
        "departments": mentioned(document, Label.DEPARTMENT),
        "before": before,
        "search": await _searches(store, document, before),
        "terms": list(document.terms),
        "earlier": None,
        "similar": [],
    }
    if asker:
        evidence = await heard(store, evidence, asker=asker, similar=SIMILAR)
    rows = await store.read("route-candidates", evidence=evidence, recent=RECENT, similar=SIMILAR)
    if not rows:
        return []
    paths = list(map(Path._make, rows[0]["paths"]))
    if asker is None:
        return paths
    if rows[0]["epoch"] != asker.rights.epoch:
        raise StalePolicyError("the policy is being replaced; try again")
    seen = await asker.seen(store, Label.DEPARTMENT, {path.department for path in paths})
    return [path for path in paths if path.department in seen]


async def _searches(store: Store, document: Document, before: int) -> list[str]:
    """The query that finds similar tickets, if there is one. What was rare when the model was
    trained may stand in many tickets of a graph that has grown since: then the rarest words, among
    the newest tickets, and only where the text does not already say well what it is about.
    """
    if not document.terms:
        return []
    words = " ".join(document.terms)
    is_live = before == LATEST and document.trained_on
    if not is_live or not await has_more(store, _GROWN * document.trained_on):
        return [words]
    if any(one["strength"] >= _PLAIN for one in issue_evidence(document)):
        return []
    words = " ".join(document.terms[:_RAREST])
    ages = await recent_ages(store)
    return [f"+({words}) +({ages})" if ages else words]


async def preview(
    store: Store,
    document: Document,
    *,
    customer: str | None,
    in_force: InForce,
    asker: Asker | None = None,
    missing: Callable[[str], tuple[str, ...]] = lambda _: (),
) -> Receipt | None:
    """Where the document would go now; writes nothing. ``asker`` and errors as above; ``missing``
    as in ``decide``.
    """
    paths = await candidate_paths(store, document, customer=customer, asker=asker)
    return decide(paths, in_force=in_force, missing=missing)


def issue_evidence(document: Document) -> list[dict[str, Any]]:
    """Issues that the text may be about, with strengths that together are at most 1."""
    return [
        {"id": guess.id, "strength": guess.probability}
        for guess in document.guesses
        if guess.label is Label.ISSUE
    ]


def order_keys(document: Document) -> list[str]:
    """Normal forms of the order numbers in the text."""
    keys = dict.fromkeys(mark.value for mark in document.marks if mark.kind == "order")
    return list(keys)[:_ORDERS_TRIED]


def mentioned(document: Document, label: Label) -> list[dict[str, Any]]:
    """Nodes of ``label`` that the text names, with the surest mention's confidence."""
    best: dict[str, float] = {}
    for link in document.links:
        if link.label is label:
            best[link.id] = max(link.confidence, best.get(link.id, 0.0))
    return [{"id": id_, "strength": confidence} for id_, confidence in best.items()]


def receipt_to_json(receipt: Receipt) -> dict[str, Any]:
    """Plain values of a receipt, with each contribution's points beside weight and strength."""
    plain = {field.name: getattr(receipt, field.name) for field in fields(receipt)}
    plain["candidates"] = [
        {
            "department": candidate.department,
            "score": candidate.score,
            "contributions": [
                {**asdict(one), "points": one.points} for one in candidate.contributions
            ],
        }
        for candidate in receipt.candidates
    ]
    plain["counterfactuals"] = [asdict(one) for one in receipt.counterfactuals]
    plain["barred"] = [asdict(one) for one in receipt.barred]
    plain["choice"] = asdict(receipt.choice) if receipt.choice else None
    return plain


def receipt_from_json(plain: dict[str, Any]) -> Receipt:
    """The inverse of ``receipt_to_json``; also of what earlier versions wrote."""
    choice = plain.get("choice")
    parts = {
        "candidates": tuple(map(_candidate, plain["candidates"])),
        "counterfactuals": tuple(
            Counterfactual(**{**one, "nodes": tuple(one["nodes"])})
            for one in plain.get("counterfactuals", ())
        ),
        "barred": tuple(
            Barred(department=one["department"], missing=tuple(one["missing"]))
            for one in plain.get("barred", ())
        ),
        "choice": _choice(choice) if choice else None,
    }
    return Receipt(**{**plain, **parts})


def _candidate(plain: dict[str, Any]) -> Candidate:
    return Candidate(
        department=plain["department"],
        score=plain["score"],
        contributions=_contributions(plain["contributions"]),
    )


def _contributions(rows: Sequence[dict[str, Any]]) -> tuple[Contribution, ...]:
    return tuple(
        Contribution(
            path_kind=row["path_kind"],
            weight=row["weight"],
            strength=row["strength"],
            walked=tuple(row["walked"]),
        )
        for row in rows
    )


def _choice(plain: dict[str, Any]) -> Choice:
    skills = {
        name: tuple(Skilled(**one) for one in plain[name]) for name in ("required", "optional")
    }
    return Choice(**{**plain, **skills})
