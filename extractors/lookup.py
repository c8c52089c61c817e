"""Names that a person begins to type or types wrongly, as a search box needs them."""

from collections.abc import Collection, Iterable
from functools import cached_property

from rapidfuzz import fuzz, process

from graph.knowledge import Knowledge
from graph.text import fold
from graph.vocabulary import Label

Target = tuple[Label, str]
_LEAST = 75.0
"""Of 100: one wrong letter in four, or a part of a longer name."""


class Lookup:
    """Every name, alias and title of one snapshot of the knowledge."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    @cached_property
    def _phrases(self) -> dict[Label, tuple[list[str], list[Target]]]:
        found: dict[Label, tuple[list[str], list[Target]]] = {}
        for target, phrases in self._named():
            texts, targets = found.setdefault(target[0], ([], []))
            for phrase in dict.fromkeys(map(fold, phrases)):
                texts.append(phrase)
                targets.append(target)
        return found

    def _named(self) -> Iterable[tuple[Target, Iterable[str]]]:
        for target, name in self._knowledge.names.items():
            yield target, name.phrases
        for resolution in self._knowledge.resolutions:
            titles = filter(None, resolution.names.values())
            yield (Label.RESOLUTION, resolution.id), titles

    def find(self, text: str, *, labels: Collection[Label], limit: int) -> list[Target]:
        """Nodes of ``labels`` whose names come nearest to ``text``, the nearest first."""
        asked = fold(text.strip())
        best: dict[Target, float] = {}
        for label in labels:
            texts, targets = self._phrases.get(label, ((), ()))
            for _, score, place in process.extract(
                asked, texts, scorer=fuzz.WRatio, score_cutoff=_LEAST, limit=limit * 2
            ):
                target = targets[place]
                best[target] = max(score, best.get(target, 0.0))
        return sorted(best, key=lambda target: (-best[target], target))[:limit]
