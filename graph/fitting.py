"""Learns from history how to weigh path kinds, and how often such routes were right.

Deterministic; a second for thousands of routes. Only whoever trains imports this.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from graph.weighing import FORMAT, WEIGHTS, Curve, Weighing, logit

ENOUGH = 50
"""Fewer routes than these say nothing about seven weights."""
_UNFORESEEN = 0.01
"""What a pool that foresaw nothing of it is taken to have foreseen: labels are sometimes wrong."""
_HELD = 10.0
"""How strongly weights are held to the shipped ones: what one e times as large costs in surprise,
in nats."""
_HEARD = 0.25
"""The least of its shipped weight that a path kind keeps: none is silenced by one history."""
_FLAT = 1e-2
_LOWEST, _BY_CHANCE = 0.1, 0.1
"""The least score of what is about nothing, and how often it is right all the same."""
_MISLABELLED = 0.05
"""The largest share of a history's labels that is taken to be wrong."""
_ABOUT_NOTHING = 0.1
"""How much of what arrives is taken to be about nothing."""
Array = NDArray[np.float64]


class Example(NamedTuple):
    """What led to which department with what strength, by path kind; and the one that was right."""

    led: Mapping[str, Mapping[str, float]]
    right: str


def fit(
    examples: Sequence[Example], *, nothing: Mapping[str, Mapping[str, float]] = {}
) -> Weighing:
    """Weights under which the right departments are likeliest, and the curve of their scores.

    ``nothing`` is what a text leads to that says nothing: departments with many issues get some
    strength from none of them being likely.

    Raises:
        ValueError: fewer than ``ENOUGH`` examples.
    """
    if len(examples) < ENOUGH:
        raise ValueError(f"{ENOUGH} routes are needed to learn from; found {len(examples)}")
    strengths, right = _tensor([*examples, Example(led=nothing, right="")])
    weights = _weights(strengths, right)
    return Weighing(
        name=f"{FORMAT}/{_digest(examples)}",
        weights=dict(zip(WEIGHTS, weights.tolist(), strict=True)),
        curve=_curve(strengths, right, weights),
    )


def _tensor(examples: Sequence[Example]) -> tuple[Array, NDArray[np.int_]]:
    """Strengths (examples x departments x kinds), and where the right department stands, or -1."""
    kinds = {kind: place for place, kind in enumerate(WEIGHTS)}
    names = [sorted({name for led in one.led.values() for name in led}) for one in examples]
    strengths = np.zeros((len(examples), max(map(len, names), default=0) or 1, len(kinds)))
    right = np.full(len(examples), -1)
    for place, (one, departments) in enumerate(zip(examples, names, strict=True)):
        column = {name: at for at, name in enumerate(departments)}
        right[place] = column.get(one.right, -1)
        for kind, led in one.led.items():
            for name, strength in led.items():
                strengths[place, column[name], kinds[kind]] = strength
    return strengths, right


def _weights(strengths: Array, right: NDArray[np.int_]) -> Array:
    """Those of the pool under which what was right is likeliest, bounded from below; what history
    says nothing of stays as shipped.
    """
    found = right >= 0
    there, target = strengths[found], right[found]
    told = there[np.arange(len(target)), target]
    spoke = there.any(axis=1).astype(float)
    shipped = np.array(list(WEIGHTS.values()))

    def loss(changed: Array) -> tuple[float, Array]:
        weights = shipped * np.exp(changed)
        likely, together = told @ weights + _UNFORESEEN, spoke @ weights + _UNFORESEEN
        surprise = np.log(together / likely).sum() + _HELD * (changed @ changed)
        slope = (spoke / together[:, None] - told / likely[:, None]).sum(axis=0) * weights
        return float(surprise), slope + 2 * _HELD * changed

    bounds = [(np.log(_HEARD), None)] * len(shipped)
    result = minimize(loss, np.zeros(len(shipped)), jac=True, method="L-BFGS-B", bounds=bounds)
    learned = shipped * np.exp(result.x)
    share: Array = learned / learned.sum()
    return share


def _curve(strengths: Array, right: NDArray[np.int_], weights: Array) -> Curve:
    """A logistic curve through (score, margin) → whether the first candidate was right."""
    said = strengths.any(axis=1) * weights
    pooled = strengths @ weights / np.maximum(said.sum(axis=1, keepdims=True), 1e-12)
    ordered = np.sort(pooled, axis=1)
    first = ordered[:, -1]
    second = ordered[:, -2] if ordered.shape[1] > 1 else np.zeros_like(first)
    is_right = (pooled.argmax(axis=1) == right).astype(float)
    # History is about something; what is about nothing is met later. It is the last example.
    first[-1] = max(first[-1], _LOWEST)
    share = np.append(is_right[:-1], _BY_CHANCE)
    counts = np.append(np.ones(len(right) - 1), _ABOUT_NOTHING * (len(right) - 1))
    bent = np.stack(
        [np.ones_like(first), np.array([logit(one) for one in first]), first - second], axis=1
    )

    # Some labels are wrong, however clear the text: a route is right more often than they say.
    clean = 1.0 - _mislabelled(first[:-1], is_right[:-1])

    def loss(values: Array) -> tuple[float, Array]:
        right = 1.0 / (1.0 + np.exp(-(bent @ values)))
        said = np.clip(clean * right, 1e-9, 1.0 - 1e-9)
        surprise = -(counts @ (share * np.log(said) + (1.0 - share) * np.log1p(-said)))
        slope = bent.T @ (
            counts * (said - share) / (said * (1.0 - said)) * clean * right * (1.0 - right)
        )
        away = values - np.array([0.0, 1.0, 0.0])
        return surprise + _FLAT * (away @ away), slope + 2 * _FLAT * away

    # More sure of a higher score, never less.
    bounds = [(None, None), (0.0, None), (0.0, None)]
    start = np.array([0.0, 1.0, 0.0])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x.tolist()
    return Curve(intercept=found[0], score=found[1], margin=found[2])


def _mislabelled(score: Array, is_right: Array) -> float:
    """How often the surest fifth of routes is not what history says, at most ``_MISLABELLED``."""
    surest = np.argsort(-score, kind="stable")[: max(len(score) // 5, 1)]
    return min(1.0 - float(is_right[surest].mean()), _MISLABELLED)


def _digest(examples: Sequence[Example]) -> str:
    digest = hashlib.sha256()
    for one in examples:
        led = sorted((kind, sorted(found.items())) for kind, found in one.led.items())
        digest.update(f"{one.right}\0{led}\0".encode())
    return digest.hexdigest()[:12]
