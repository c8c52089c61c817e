"""Text → ``Document``: one blank spaCy pipeline of our components, for both languages.

Its tokenizer keeps Han characters apart and other words whole, so that names of either script are
found in texts of both.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import cast

import spacy
from spacy.language import Language as Pipeline
from spacy.tokens import Doc

from extractors.classifier import Classifier, Known
from extractors.components import (
    COMPONENTS,
    Classes,
    Identifiers,
    Names,
    Resolutions,
    register,
)
from extractors.features import features
from extractors.lookup import Lookup
from extractors.reading import begin_reading, reading_of
from extractors.redaction import redact
from extractors.retriever import Examples, Retriever
from extractors.tokenizer import TOKENIZER
from graph.knowledge import Knowledge
from graph.model import Document, Guess, Language
from graph.nearness import closeness
from graph.question.question import NUMBERED, ids_in
from graph.text import fold, stem, tokens
from graph.vocabulary import GOODS, Label

_UNIT = re.compile(r"\d\s?(匹|套)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
SIMILARITY_TERMS = 6
SIMILARITY_POSTINGS = 50
"""A text's rarest tokens look for similar tickets: how many, and in how many texts together.
The embedded engine loads each ticket that a term stands in: 40 a millisecond."""
_ALIKE = 8
_GUESSING = ("desk_classifier", "desk_retriever")


class Extractor:
    """Understands texts with one snapshot of the knowledge and, once trained, one model.

    Not safe for two threads at once: a spaCy vocabulary is shared state.
    """

    def __init__(self, knowledge: Knowledge, classifier: Classifier | None = None) -> None:
        register()
        self.knowledge = knowledge
        self.classifier = classifier
        self.lookup = Lookup(knowledge)
        self._retriever = Retriever(knowledge)
        self._examples = Examples(knowledge, known=classifier.labels if classifier else ())
        self._pipeline = self._assembled()

    @property
    def model(self) -> str:
        """The versioned name of the trained model, or ``untrained``."""
        return self.classifier.name if self.classifier else "untrained"

    def redacted(self, text: str) -> str:
        """``text`` without the personal marks in it."""
        return self.extract(text, issues=False, resolutions=False).redacted

    def nearest(
        self, words: str, *, like: tuple[Label, str], language: Language | None = None
    ) -> str | None:
        """The name of the node, of the label of ``like``, that ``words`` most likely stand for: of
        those that come near, the one that is nearest to ``like`` in the graph; of what is named by
        number, that.
        """
        doc = self.extract(words, issues=False)
        if like[0] in NUMBERED:
            orders = (words[mark.start : mark.end] for mark in doc.marks if mark.kind == "order")
            ids = (id_ for id_, _, _ in ids_in(fold(words), ()))
            return next(chain(orders if like[0] is Label.ORDER else (), ids), None)
        named = [(link.label, link.id) for link in doc.links if link.label is like[0]]
        named = [one for one in named if self._has_numbers(words, one)]
        found = named or self.lookup.find(words, labels=[like[0]], limit=_ALIKE)
        # Beside a kind one product may be named, "the hood" beside "the fridge".
        labels = GOODS if like[0] in GOODS else (like[0],)
        found = found or next(filter(None, (self._having(words, one) for one in labels)), [])
        # "400G" is none of 800 G, however near that is.
        numbered = [one for one in found if self._has_numbers(words, one)]
        near = self.knowledge.near
        best = max(numbered or found, key=lambda one: closeness(one, like, near), default=None)
        return self.knowledge.name(*best, language or doc.language) if best else None

    def _has_numbers(self, words: str, node: tuple[Label, str]) -> bool:
        name = self.knowledge.names.get(node)
        called = " ".join(filter(None, (name.name_zh, name.name_en))) if name else ""
        units = set(_UNIT.findall(words))
        numbers = set(_NUMBER.findall(words)) <= set(_NUMBER.findall(called))
        return numbers and all(unit in called for unit in units)

    def _having(self, word: str, label: Label) -> list[tuple[Label, str]]:
        """The only node of a label that has a word in its name: "the hood"."""
        found = self.knowledge.having(label, [stem(fold(word).strip(" .?!"))])
        return list(found) if len(found) == 1 else []

    def extract(self, text: str, *, issues: bool = True, resolutions: bool = True) -> Document:
        """Everything the components found in ``text``; never fails on odd text.

        Whoever has no use for guesses at ``issues`` or ``resolutions`` need not wait for them.
        """
        folded = fold(text)
        doc = self._pipeline.make_doc(folded)
        # Answers hang on the names in a question; a ticket is routed by much else.
        begin_reading(doc, folded).nearly = resolutions
        unused = [
            name for name, used in zip(_GUESSING, (issues, resolutions), strict=True) if not used
        ]
        return self._document(text, self._pipeline(doc, disable=unused))

    def likeliest(self, text: str, *, among: Sequence[str]) -> str:
        """Which issue of ``among`` (at least one) ``text`` is about: by the model those that it
        knows, else by likeness to their examples, else the first.
        """
        folded = fold(text)
        if self.classifier:
            known = self.classifier.known(Counter(features(folded)))
            found = dict(zip(self.classifier.labels, self.classifier.margins(known), strict=True))
            if judged := [id_ for id_ in among if id_ in found]:
                return max(judged, key=lambda id_: float(found[id_]))
        like = {one.id: one.probability for one in self._examples.search(tokens(folded))}
        return max(among, key=lambda id_: like.get(id_, 0.0))

    def find_resolutions(self, text: str, *, limit: int) -> tuple[Guess, ...]:
        """Resolutions for a question, best first, as many as ``limit``."""
        folded = fold(text)
        doc = self._pipeline.make_doc(folded)
        reading = begin_reading(doc, folded)
        self._pipeline(doc, disable=list(_GUESSING))
        return self._retriever.search(
            reading.words,
            language=reading.language,
            products={link.id for link in reading.links if link.label is Label.PRODUCT},
            limit=limit,
        )

    def _assembled(self) -> Pipeline:
        nlp = spacy.blank("xx", config={"nlp": {"tokenizer": {"@tokenizers": TOKENIZER}}})
        # The default refuses texts above a million characters; intake has its own, lower limit.
        nlp.max_length = 1 << 31
        for name in COMPONENTS:
            nlp.add_pipe(name)
        cast("Identifiers", nlp.get_pipe("desk_identifiers")).learn(self.knowledge)
        cast("Names", nlp.get_pipe("desk_gazetteer")).learn(self.knowledge)
        cast("Resolutions", nlp.get_pipe("desk_retriever")).learn(self._retriever)
        cast("Classes", nlp.get_pipe("desk_classifier")).learn(self.classifier, self._examples)
        return nlp

    def _document(self, text: str, doc: Doc) -> Document:
        reading = reading_of(doc)
        return Document(
            text=text,
            redacted=redact(text, reading.marks),
            search_text=" ".join(reading.tokens),
            language=reading.language,
            links=reading.links,
            marks=reading.marks,
            guesses=(*reading.guesses, *reading.resolutions),
            terms=self._terms(reading.known),
            trained_on=self.classifier.documents if self.classifier else 0,
        )

    def _terms(self, known: Known | None) -> tuple[str, ...]:
        if self.classifier is None or known is None:
            return ()
        return self.classifier.rarest(known, limit=SIMILARITY_TERMS, postings=SIMILARITY_POSTINGS)
