"""How path kinds are weighed against each other, and how sure that makes: shipped, or learned.

The weights are those of the pool of ``graph.ranking``, a mixture of what each path kind says, under
which the departments that were right are likeliest; a curve through what history showed turns a
score into the share of such routes that were right (Platt 1999).
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graph.errors import GraphError

FORMAT = "routing.v1"
FILE = "routing.json"
WEIGHTS: Mapping[str, float] = {
    "issue-handled-by": 0.74,
    "similar-tickets": 0.10,
    "product-supported-by": 0.06,
    "department-named": 0.03,
    "ordered-product-supported-by": 0.03,
    "customer-continuity": 0.03,
    "customer-served-by": 0.01,
}
"""How much each path kind is trusted where all have evidence, before any history was learned."""
MIN_CONFIDENCE = 0.45
MIN_MARGIN = 0.08
_WORTH_COMPARING = 0.25
"""Below this score nothing speaks for the best candidate, whoever comes second."""
_DAMAGE = (OSError, ValueError, KeyError, TypeError, AttributeError)


@dataclass(frozen=True, kw_only=True, slots=True)
class Curve:
    """From a score and its margin to the probability that the route is right."""

    intercept: float
    score: float
    margin: float

    def __call__(self, score: float, margin: float) -> float:
        """Within 0..1."""
        bent = self.intercept + self.score * logit(score) + self.margin * margin
        return 1.0 / (1.0 + math.exp(-max(min(bent, 30.0), -30.0)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Weighing:
    """``weights`` by path kind add up to one. Without a ``curve`` a score is its own confidence,
    and a narrow margin is reason enough for a person to decide.
    """

    name: str
    weights: Mapping[str, float] = field(default_factory=lambda: WEIGHTS)
    curve: Curve | None = None

    def confidence(self, score: float, margin: float) -> float:
        """How sure a score makes, within 0..1."""
        return self.curve(score, margin) if self.curve else score

    def doubt(self, score: float, margin: float) -> str | None:
        """Why a person should decide, as a stable word, or ``None``."""
        is_narrow = margin < MIN_MARGIN
        if self.curve is None:
            low = "low-confidence" if score < MIN_CONFIDENCE else None
            return low or ("narrow-margin" if is_narrow else None)
        if self.confidence(score, margin) >= MIN_CONFIDENCE:
            return None
        return "narrow-margin" if is_narrow and score >= _WORTH_COMPARING else "low-confidence"


SHIPPED = Weighing(name=f"{FORMAT}/shipped", curve=Curve(intercept=0.81, score=0.84, margin=0.14))
"""Before any history was learned. The curve is that of 336 messages to five companies without
tickets and with few examples an issue; fitted on four of them it holds on the fifth.
"""


def logit(share: float) -> float:
    """Log odds; the ends are cut off."""
    held = min(max(share, 1e-4), 1.0 - 1e-4)
    return math.log(held / (1.0 - held))


def save_weighing(weighing: Weighing, folder: Path) -> None:
    """Write ``routing.json``; the old one stays until the new one is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    curve = weighing.curve
    plain = {
        "format": FORMAT,
        "name": weighing.name,
        "weights": dict(weighing.weights),
        "curve": [curve.intercept, curve.score, curve.margin] if curve else None,
    }
    part = folder / f"{FILE}.part"
    part.write_text(json.dumps(plain, indent=2), encoding="utf-8")
    part.replace(folder / FILE)


def load_weighing(folder: Path) -> Weighing:
    """What ``save_weighing`` wrote, or the shipped one where nothing was.

    Raises:
        GraphError: damaged, or of another format.
    """
    path = folder / FILE
    if not path.exists():
        return SHIPPED
    try:
        return _read(json.loads(path.read_text(encoding="utf-8")))
    except _DAMAGE as error:
        raise GraphError(
            f"{path}: not weights of {FORMAT} ({error}); run deskgraph train"
        ) from None


def _read(plain: Mapping[str, Any]) -> Weighing:
    if plain["format"] != FORMAT:
        raise ValueError(f"format {plain['format']!r}")
    weights = {kind: float(plain["weights"].get(kind, 0.0)) for kind in WEIGHTS}
    if min(weights.values()) < 0 or not math.isclose(sum(weights.values()), 1.0, rel_tol=1e-6):
        raise ValueError("the weights do not add up to one")
    curve = plain["curve"] and Curve(
        intercept=float(plain["curve"][0]),
        score=float(plain["curve"][1]),
        margin=float(plain["curve"][2]),
    )
    return Weighing(name=str(plain["name"]), weights=weights, curve=curve or None)
