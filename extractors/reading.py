"""What the components know of one text so far: kept with its doc, shared by all of them.

One plain object, because spaCy's ``doc._`` costs about a microsecond at every look.
"""

from collections import Counter
from collections.abc import Callable
from functools import cached_property
from typing import Any

from spacy.tokens import Doc

from extractors.classifier import Known
from extractors.features import besides
from extractors.redaction import redact
from graph.model import Guess, Language, Link, Mark
from graph.text import fold, tokens_of, words

PUBLISHED = ("language", "marks", "links", "guesses", "resolutions")
"""What other components find, and may replace, under the same names in ``doc._``."""
_KEY = "deskgraph"


class Reading:
    """Begins with the folded text (same places as the original); each component adds its part.
    ``nearly``: whether names are looked for that are only nearly written.
    """

    def __init__(self, folded: str) -> None:
        self.folded = folded
        self.nearly = True
        self.language = Language.EN
        self.marks: tuple[Mark, ...] = ()
        self.links: tuple[Link, ...] = ()
        self.known: Known | None = None
        self.guesses: tuple[Guess, ...] = ()
        self.resolutions: tuple[Guess, ...] = ()

    @cached_property
    def words(self) -> list[str]:
        """Words of the text without its personal marks: what is stored is what models see."""
        return words(redact(self.folded, self.marks))

    @cached_property
    def tokens(self) -> Counter[str]:
        """The tokens of ``words`` in order, and how often each occurs."""
        return Counter(tokens_of(self.words))

    @cached_property
    def features(self) -> Counter[str]:
        """What a classifier sees, and how often: ``tokens``, and what is ``besides`` these."""
        counts = self.tokens.copy()
        counts.update(besides(self.words))
        return counts


def reading_of(doc: Doc) -> Reading:
    """The doc's reading, begun at the first call."""
    reading: Reading | None = doc.user_data.get(_KEY)
    return reading or begin_reading(doc, fold(doc.text))


def begin_reading(doc: Doc, folded: str) -> Reading:
    """A new reading of a doc whose folded text is known: ``doc.text`` would join its tokens."""
    reading = doc.user_data[_KEY] = Reading(folded)
    return reading


def publish() -> None:
    """Make readings visible in ``doc._``. Idempotent."""
    for name in PUBLISHED:
        if not Doc.has_extension(name):
            Doc.set_extension(name, getter=_getter(name), setter=_setter(name))


def _getter(name: str) -> Callable[[Doc], Any]:
    return lambda doc: getattr(reading_of(doc), name)


def _setter(name: str) -> Callable[[Doc, Any], None]:
    return lambda doc, value: setattr(reading_of(doc), name, value)
