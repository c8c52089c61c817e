"""The spaCy components and their factories: one table, registered once.

Each adds its part to the doc's ``Reading``, of which ``pipeline.py`` makes the document.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

from spacy.language import Language
from spacy.tokens import Doc

from extractors.classifier import Classifier, Known
from extractors.features import besides
from extractors.gazetteer import Gazetteer
from extractors.identifiers import find_marks, load_patterns, shaped_numbers
from extractors.reading import Reading, publish, reading_of
from extractors.retriever import Examples, Retriever
from extractors.spelling import Spelling
from extractors.tokenizer import register_tokenizer
from graph.knowledge import Knowledge
from graph.model import Guess
from graph.model import Language as Spoken
from graph.text import HAN, is_carried_by_han, tokens_of
from graph.vocabulary import Label

_ASKS_IN_LATIN = re.compile(
    rf"(?:[{HAN}]+\s)?\W*(?:(?:and|so|hi|hello|please|pls|ok)\W+)*"
    r"(?:who|whom|whose|what|which|when|where|how|is|are|was|were|does|do|did|has|have|can|could|list|name|tell|give)\s[a-z](?!.*(?:[吗呢么哪谁几怎的]|多少))"
)
"""What is asked in English of what has a Han name: "who handles 开具发票?"."""
_WORTH_SAYING = 0.3
"""Below this, likeness to the examples of an unknown issue says nothing against the model."""
_NAMED = 0.9
COMPONENTS = (
    "desk_language",
    "desk_identifiers",
    "desk_gazetteer",
    "desk_classifier",
    "desk_retriever",
)
"""In the order in which they run."""


class LanguageGate:
    """``zh`` when Han characters carry the text, else ``en``.

    Measured 1.000 and .999 on English and Chinese, and right on the short mixed ones
    ("WiFi连不上") where trained detectors are not.
    """

    def __call__(self, doc: Doc) -> Doc:
        """Asked in English of a Chinese name is English."""
        reading = reading_of(doc)
        text = reading.folded
        is_zh = is_carried_by_han(text) and not _ASKS_IN_LATIN.match(text)
        reading.language = Spoken.ZH if is_zh else Spoken.EN
        return doc


class Identifiers:
    """Marks by pattern."""

    def __init__(self) -> None:
        self._shipped = self._patterns = load_patterns()

    def learn(self, knowledge: Knowledge) -> None:
        """How this company numbers its orders; what is personal goes first."""
        shapes = knowledge.order_shapes
        # Numbers with letters may hold spaces, of which a shipped pattern would see one part; what
        # has digits alone may be a phone number first.
        self._patterns = (
            *shaped_numbers(shapes, lettered=True),
            *self._shipped,
            *shaped_numbers(shapes, lettered=False),
        )

    def __call__(self, doc: Doc) -> Doc:
        """Overlaps are settled already."""
        reading = reading_of(doc)
        reading.marks = find_marks(reading.folded, self._patterns)
        return doc


class Names:
    """Links by name; empty until ``learn``."""

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp
        self._gazetteer: Gazetteer | None = None

    def learn(self, knowledge: Knowledge) -> None:
        """Take the names of this snapshot in place of the former ones."""
        self._gazetteer = Gazetteer(self._nlp, knowledge.names.values(), knowledge.near)

    def __call__(self, doc: Doc) -> Doc:
        """Nothing before the first snapshot."""
        if self._gazetteer:
            reading = reading_of(doc)
            reading.links = self._gazetteer.find(
                doc, reading.folded, marks=reading.marks, nearly=reading.nearly
            )
        return doc


class Classes:
    """Issue guesses: by the trained model, and by example for issues it was not trained on."""

    def __init__(self) -> None:
        self._model: Classifier | None = None
        self._spelling: Spelling | None = None
        self._examples: Examples | None = None

    def learn(self, model: Classifier | None, examples: Examples) -> None:
        """Take this model, and examples of the issues that it does not know."""
        self._model = model
        self._examples = examples
        self._spelling = Spelling(model.vocabulary) if model else None

    def __call__(self, doc: Doc) -> Doc:
        """Best first; probabilities together at most one."""
        reading = reading_of(doc)
        guesses = self._untrained(reading)
        if self._model:
            reading.known = self._known(self._model, reading)
            rest = 1.0 - sum(one.probability for one in guesses)
            guesses += self._model.guess(reading.known, share=rest)
        reading.guesses = tuple(sorted(guesses, key=lambda one: -one.probability))
        return doc

    def _known(self, model: Classifier, reading: Reading) -> Known:
        if self._spelling:
            mended = self._spelling.mended(reading.words, known=model.vocabulary)
            if mended is not reading.words:
                return model.known(Counter([*tokens_of(mended), *besides(mended)]))
        return model.known(reading.features)

    def _untrained(self, reading: Reading) -> tuple[Guess, ...]:
        """Issues the model does not know, by name or by likeness to their examples.

        A name of an issue that the model knows is to it a word like any other: label names such as
        "software" stand in many texts that are about something else.
        """
        known = self._model.labels if self._model else ()
        named = {
            link.id: Guess(
                label=link.label,
                id=link.id,
                probability=link.confidence * _NAMED,
                extractor=link.extractor,
            )
            for link in reading.links
            if link.label is Label.ISSUE and link.id not in known
        }
        like = self._examples.search(reading.tokens) if self._examples else ()
        found = (
            *named.values(),
            *(
                one
                for one in like
                if one.id not in named and (not known or one.probability >= _WORTH_SAYING)
            ),
        )
        total = sum(one.probability for one in found)
        if total <= 1.0:
            return found
        return tuple(replace(one, probability=one.probability / total) for one in found)


class Resolutions:
    """Ranked resolutions; empty until ``learn``."""

    _retriever: Retriever | None = None

    def learn(self, retriever: Retriever) -> None:
        """Take this index of resolutions in place of the former one."""
        self._retriever = retriever

    def __call__(self, doc: Doc) -> Doc:
        """Best first."""
        if self._retriever:
            reading = reading_of(doc)
            reading.resolutions = self._retriever.search(
                reading.words,
                language=reading.language,
                products={link.id for link in reading.links if link.label is Label.PRODUCT},
            )
        return doc


Factory: TypeAlias = Callable[[Language, str], Callable[[Doc], Doc]]


def _factory(component: Callable[[Language], Callable[[Doc], Doc]]) -> Factory:
    def make(nlp: Language, name: str) -> Callable[[Doc], Doc]:  # noqa: ARG001 - spaCy names both
        return component(nlp)

    return make


FACTORIES: Mapping[str, Factory] = {
    "desk_language": _factory(lambda _: LanguageGate()),
    "desk_identifiers": _factory(lambda _: Identifiers()),
    "desk_gazetteer": _factory(Names),
    "desk_classifier": _factory(lambda _: Classes()),
    "desk_retriever": _factory(lambda _: Resolutions()),
}


def register() -> None:
    """Make the factories, the tokenizer and the extensions known to spaCy. Idempotent."""
    publish()
    register_tokenizer()
    for name, factory in FACTORIES.items():
        if not Language.has_factory(name):
            Language.factory(name, func=factory)
