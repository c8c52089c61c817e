"""Ranked resolutions for a question, and issues that no training has seen, from their words."""

from collections.abc import Iterable

from extractors.index import Index
from graph.knowledge import Knowledge, Name, ResolutionText
from graph.model import Guess
from graph.text import fold, tokens
from graph.vocabulary import Label

RETRIEVER = "retriever.v1"
EXAMPLES = "examples.v1"
_TITLE_COUNTS = 3
_RESOLUTIONS = 5
_ISSUES = 3
_GOODS = (Label.PRODUCT, Label.CATEGORY)


class Retriever:
    """Resolutions by their titles, steps, and the names of what they resolve and apply to."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._index = Index(
            {one.id: _tokens(_resolution(one, knowledge)) for one in knowledge.resolutions}
        )

    def search(self, found: Iterable[str]) -> tuple[Guess, ...]:
        """Resolutions that share distinct tokens with a text, best first; score within 0..1."""
        return tuple(
            Guess(label=Label.RESOLUTION, id=id_, probability=score, extractor=RETRIEVER)
            for id_, score in self._index.search(found, limit=_RESOLUTIONS)
        )


class Examples:
    """Issues by their names, aliases and example sentences, for those a model does not know."""

    def __init__(self, knowledge: Knowledge, *, known: Iterable[str] = ()) -> None:
        skipped = set(known)
        issues = (name for name in knowledge.names.values() if name.label is Label.ISSUE)
        self._index = Index(
            {issue.id: _tokens(_issue(issue)) for issue in issues if issue.id not in skipped}
        )

    def search(self, found: Iterable[str]) -> tuple[Guess, ...]:
        """Issues that share distinct tokens with a text, best first; at most one together."""
        ranked = self._index.search(found, limit=_ISSUES)
        # Squared and shared out: BM25 of the second best is never far below the best.
        total = sum(score * score for _, score in ranked) or 1.0
        return tuple(
            Guess(
                label=Label.ISSUE,
                id=id_,
                probability=ranked[0][1] * score * score / total,
                extractor=EXAMPLES,
            )
            for id_, score in ranked
        )


def _tokens(parts: Iterable[str]) -> list[str]:
    return [token for part in parts for token in tokens(fold(part))]


def _issue(issue: Name) -> Iterable[str]:
    return (*issue.phrases, *issue.examples)


def _resolution(resolution: ResolutionText, knowledge: Knowledge) -> Iterable[str]:
    for language, title in resolution.names.items():
        yield from (title,) * _TITLE_COUNTS
        for step in resolution.steps[language]:
            yield from (step.action, step.condition, step.expected)
    linked = [(Label.ISSUE, id_) for id_ in resolution.issues]
    linked += [(label, id_) for id_ in resolution.applies_to for label in _GOODS]
    for key in linked:
        if name := knowledge.names.get(key):
            yield from name.phrases
