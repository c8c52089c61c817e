"""How sure answers are: curves fitted to what questions about companies showed."""

import math
from collections.abc import Sequence

from graph.question.question import Question
from graph.question.reading import Output, Reading


def fact_features(
    reading: Reading, question: Question, *, runners: Sequence[Reading], place: int
) -> tuple[float, ...]:
    """What speaks for and against a reading, each within 0..1 or so.

    What of the content it leaves unexplained, how many steps it had to suppose, how close another
    reading comes, how many readings before it led nowhere, how unsure its mentions are.
    """
    content = question.weight(question.content) or 1
    left = question.weight(question.content - reading.explained)
    others = [one.score for one in runners if one is not reading]
    margin = reading.score - max(others, default=reading.score - 20.0)
    unsure = sum(1.0 - min(anchor.confidence / 0.95, 1.0) for anchor in reading.anchors)
    return (
        min(left / 12.0, 1.5),
        left / content,
        float(reading.supposed),
        max(0.0, 1.0 - margin / 6.0) if margin >= 0 else 1.0,
        float(place),
        unsure,
        1.0 if reading.everything else 0.0,
        1.0 if left and not any(not anchor.own for anchor in reading.anchors) else 0.0,
        1.0 if reading.output in {Output.SUM, Output.MEAN} else 0.0,
    )


MIN_CONFIDENCE = 0.5
"""Below it nothing is claimed."""
_WEIGHTS = (-3.6, -3.0, -0.4, -1.0, -2.5, -2.6, -0.4, -1.8, -0.3)
_BIAS = 4.6


def fact_confidence(
    reading: Reading, question: Question, *, runners: Sequence[Reading], place: int
) -> float:
    """How likely a reading is what was meant."""
    found = fact_features(reading, question, runners=runners, place=place)
    total = _BIAS + sum(weight * value for weight, value in zip(_WEIGHTS, found, strict=True))
    return 1.0 / (1.0 + math.exp(-total))
