"""Names and aliases of the graph in text, by spaCy's PhraseMatcher.

PhraseMatcher and not EntityRuler: with ten thousand names it is 11 to 26 times faster.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from extractors.nearmiss import LONGEST, NearMisses
from extractors.nearmiss import VERSION as NEAR_VERSION
from extractors.nearmiss import Near as NearMiss
from extractors.spans import Spans
from graph.knowledge import Name, Near
from graph.model import Link, Mark
from graph.nearness import settled
from graph.question.lexicon import lexicon
from graph.question.words import SILENT
from graph.text import fold, has_han, is_han, words
from graph.vocabulary import Label

VERSION = "gazetteer.v1"
LINKED = frozenset(
    {Label.BUSINESS_LINE, Label.CATEGORY, Label.DEPARTMENT, Label.ISSUE, Label.PRODUCT}
)
ASKED = frozenset({Label.AGENT, Label.CALENDAR, Label.RESOLUTION, Label.SKILL})
"""Linked only where names are looked for that are ``nearly`` there: no ticket is about a skill, a
resolution, or who works on it.
"""
_MIN_LENGTH = 2
_MIN_GIVEN = 3
_HAN_NAME = 3
"""Characters of a surname and a given name of two."""
_TITLES = ("师傅", "工", "老师", "经理", "主管", "姐", "哥")
_NAME_CONFIDENCE = 0.95


class Gazetteer:
    """Finds the longest names in a folded text; a name shared by n nodes links to each with 1/n."""

    def __init__(self, nlp: Language, names: Collection[Name], near: Near | None = None) -> None:
        self._near = near or {}
        self._targets: dict[str, list[tuple[Label, str]]] = defaultdict(list)
        self._asked: dict[str, list[tuple[Label, str]]] = defaultdict(list)
        for name in names:
            if name.label in LINKED | ASKED:
                found = self._targets if name.label in LINKED else self._asked
                for phrase in dict.fromkeys(_written(name.phrases)):
                    if len(phrase) >= _MIN_LENGTH:
                        found[phrase].append((name.label, name.id))
        self._given: dict[str, list[tuple[Label, str]]] = _short_names(names)
        self._matcher = PhraseMatcher(nlp.vocab, attr="ORTH")
        self._matcher.add("name", [nlp.make_doc(phrase) for phrase in self._targets])
        self._asked_matcher = PhraseMatcher(nlp.vocab, attr="ORTH")
        asked = (*self._asked, *self._given)
        self._asked_matcher.add("name", [nlp.make_doc(phrase) for phrase in asked])

    def find(
        self, doc: Doc, text: str, *, marks: Iterable[Mark], nearly: bool = True
    ) -> tuple[Link, ...]:
        """Links of a doc over folded ``text``, in order of place; spans never overlap.

        Nor do they overlap ``marks``: an e-mail address is not about what its words name. What is
        only ``nearly`` a name is looked for where that is asked: it costs more than all the rest.
        """
        kept = Spans()
        for mark in marks:
            kept.take(mark.start, mark.end)
        matches = [*self._matcher(doc), *(self._asked_matcher(doc) if nearly else ())]
        spans = [doc[start:end] for _, start, end in matches]
        exact = _longest(((span.start_char, span.end_char) for span in spans), kept)
        links: list[Link] = []
        if nearly and len(text) <= LONGEST:
            near = self._misses.find(text, exact, kept)
            exact = [span for span in exact if not any(_lies_in(span, one) for one in near)]
            links += (link for one in near for link in _near_links(text, one))
        for start, end in exact:
            links.extend(self._links(self._targets, text[start:end], start, end))
            if nearly:
                links.extend(self._links(self._asked, text[start:end], start, end))
                links.extend(self._links(self._given, text[start:end], start, end))
        # A skill that is called as a category is no other meaning of it: the question decides.
        asked = [link for link in links if link.label in ASKED]
        named = [link for link in links if link.label not in ASKED]
        found = (*settled(named, self._near), *asked)
        return tuple(sorted(found, key=lambda link: link.start))

    @cached_property
    def _misses(self) -> NearMisses:
        names: dict[str, list[tuple[Label, str]]] = defaultdict(list)
        for phrase, targets in (*self._targets.items(), *self._asked.items()):
            # A title tells of a whole procedure: half of it tells of what that is about.
            near = [target for target in targets if target[0] is not Label.RESOLUTION]
            if near:
                names[phrase] += near
        return NearMisses(names)

    def _links(
        self, named: Mapping[str, Sequence[tuple[Label, str]]], text: str, start: int, end: int
    ) -> Iterable[Link]:
        targets = named.get(text, ())
        for label, id_ in targets:
            yield Link(
                label=label,
                id=id_,
                start=start,
                end=end,
                text=text,
                confidence=_NAME_CONFIDENCE / len(targets),
                extractor=VERSION,
            )


def _written(phrases: Iterable[str]) -> Iterator[str]:
    """Names, folded, and with "&" for "and"."""
    for phrase in phrases:
        folded = fold(phrase).strip()
        yield folded
        yield folded.replace(" and ", " & ")


def _short_names(names: Collection[Name]) -> dict[str, list[tuple[Label, str]]]:
    """What colleagues call each other: 小满, 林师傅, "Nora", "Marlow"; no word that stands for
    anything else, or that customers write.
    """
    others = (name for name in names if name.label is not Label.AGENT)
    said = fold("\n".join(text for name in others for text in (*name.phrases, *name.examples)))
    taken = {*words(said), *SILENT["en"]}
    found: dict[str, list[tuple[Label, str]]] = defaultdict(list)
    for name in names:
        short = dict.fromkeys(chain.from_iterable(map(_shortened, name.phrases)))
        for word in short if name.label is Label.AGENT else ():
            if not (word in said if has_han(word) else word in taken or lexicon().knows(word)):
                found[word].append((name.label, name.id))
    return found


def _shortened(phrase: str) -> Iterator[str]:
    """The given name of a whole one, as long as it may be told from other words, and the surname,
    in Han with what goes with it.
    """
    folded = fold(phrase)
    if has_han(folded):
        if len(folded) <= _HAN_NAME and all(map(is_han, folded)):
            yield from (f"{folded[0]}{title}" for title in _TITLES)
            yield from (f"{before}{folded[0]}" for before in "小老")
        if len(folded) == _HAN_NAME:
            yield folded[1:]
        yield from (part for part in folded.split("·") if part != folded and len(part) > 1)
        return
    first, *rest = words(folded)
    yield from (word for word in (first, *rest[-1:]) if rest and len(word) >= _MIN_GIVEN)


def _lies_in(span: tuple[int, int], near: NearMiss) -> bool:
    return near.start <= span[0] and span[1] <= near.end


def _near_links(text: str, near: NearMiss) -> Iterable[Link]:
    for label, id_ in near.targets:
        yield Link(
            label=label,
            id=id_,
            start=near.start,
            end=near.end,
            text=text[near.start : near.end],
            confidence=near.confidence,
            extractor=NEAR_VERSION,
        )


def _longest(spans: Iterable[tuple[int, int]], kept: Spans) -> Sequence[tuple[int, int]]:
    longest_first = sorted(set(spans), key=lambda span: (span[0] - span[1], span[0]))
    return sorted(span for span in longest_first if kept.take(*span))
