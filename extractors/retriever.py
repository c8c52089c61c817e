"""Ranked resolutions for a question, and issues that no training has seen, from their words."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from extractors.asking import asked, said_otherwise
from extractors.feedback import Feedback
from extractors.index import Index
from extractors.shortening import Beginnings
from extractors.stemming import stem
from extractors.translation import to_chinese, to_english
from graph.knowledge import Knowledge, Name, ResolutionText
from graph.model import Guess, Language
from graph.text import fold, tokens, tokens_of
from graph.vocabulary import GOODS, Label

RETRIEVER = "retriever.v2"
EXAMPLES = "examples.v1"
_TITLE_COUNTS = 3
_RESOLUTIONS = 5
_ISSUES = 3
_ELSEWHERE = 0.5
"""What speaks of other products than the question is hardly what is asked for."""
_TRANSLATED = 0.8


class Retriever:
    """Resolutions by their titles, steps, and the names of what they resolve and apply to.

    English words count by their stems. Those that are written in one language only are found from
    the other through the glossary, at a discount.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        texts = {one.id: _stems(_resolution(one, knowledge)) for one in knowledge.resolutions}
        self._index = Index(texts)
        self._feedback = Feedback(self._index, texts.values())
        self._products = Beginnings(
            name for name in knowledge.names.values() if name.label is Label.PRODUCT
        )
        self._elsewhere = np.ones(len(texts))
        self._applying: dict[str, list[int]] = defaultdict(list)
        for place, one in enumerate(knowledge.resolutions):
            for product in _only_products(one, knowledge):
                self._elsewhere[place] = _ELSEWHERE
                self._applying[product].append(place)
        self._foreign = {
            language: np.array([not one.steps[language] for one in knowledge.resolutions], np.bool_)
            for language in Language
        }

    def search(
        self,
        words: Sequence[str],
        *,
        language: Language = Language.EN,
        products: Collection[str] = (),
        limit: int = _RESOLUTIONS,
    ) -> tuple[Guess, ...]:
        """Resolutions that share ``words`` of folded text with a question, best first.

        Those that apply to other ``products`` than the question names come later. The score,
        within 0..1, is of the words and what they lead to, whatever the products.
        """
        scores = self._scores(words, language)
        if scores is None:
            return ()
        named = self._products.find(words).union(products)
        fitting = self._fitting(named) if named else 1.0
        heard = self._feedback.heard(scores * fitting)
        scores = np.minimum(heard / fitting, 1.0)
        order = np.argsort(-heard, kind="stable")[:limit]
        return tuple(
            Guess(
                label=Label.RESOLUTION,
                id=self._index.ids[at],
                probability=score,
                extractor=RETRIEVER,
            )
            for at, score in zip(order.tolist(), scores[order].tolist(), strict=True)
            if score > 0
        )

    def _scores(self, words: Sequence[str], language: Language) -> NDArray[np.float64] | None:
        question = asked(tokens_of(words))
        own = self._index.scores(question, besides=said_otherwise(question))
        foreign = self._foreign[language]
        if not foreign.any():
            return own
        bridge = to_english if language is Language.ZH else to_chinese
        other = self._index.scores(asked(bridge(words)))
        if own is None or other is None:
            return own if other is None else other * foreign * _TRANSLATED
        return np.maximum(own, other * foreign * _TRANSLATED)

    def _fitting(self, products: Iterable[str]) -> NDArray[np.float64]:
        fitting = self._elsewhere.copy()
        for product in products:
            fitting[self._applying.get(product, [])] = 1.0
        return fitting


def _only_products(resolution: ResolutionText, knowledge: Knowledge) -> Iterable[str]:
    """What a resolution applies to, unless it is whole categories."""
    if any((Label.CATEGORY, id_) in knowledge.names for id_ in resolution.applies_to):
        return ()
    return [id_ for id_ in resolution.applies_to if (Label.PRODUCT, id_) in knowledge.names]


def _stems(parts: Iterable[str]) -> list[str]:
    return [stem(token) for part in parts for token in tokens(fold(part))]


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
    linked += [(label, id_) for id_ in resolution.applies_to for label in GOODS]
    for key in linked:
        if name := knowledge.names.get(key):
            yield from name.phrases
