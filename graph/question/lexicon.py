"""The words of the ontology and of both languages, found in a question: where, and what they say.

Latin phrases are found word by word, in their order, whatever stands between them, by their stems,
and where a word is misspelt by one letter or two that are swapped; Han phrases as they stand, or
with one character for another that sounds the same.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any

from spellchecker import SpellChecker

from graph.ontology import Asked, askable, classes, units
from graph.question.words import CUES, SILENT, Cue
from graph.text import has_han, is_han, pinyin, stem

_WORD = re.compile(r"[a-z0-9]+(?:['’][a-z]+)?|[$¥￥]")
_JOINED = re.compile(r"[-_]")
_CLAUSE_ENDS = re.compile(r"[,;?!]\s|[.:]\s")
_GAP = 6
_REMEMBERED = 64
"""Texts whose hits are kept: one question is looked through several times."""
_MEANT = {
    "mny": "many", "mch": "much", "muhc": "much", "mutch": "much",
    "hw": "how", "hwo": "how", "ohw": "how", "wat": "what", "waht": "what", "whta": "what",
    "wich": "which", "whcih": "which", "whihc": "which", "teh": "the", "hte": "the", "adn": "and",
    "taht": "that", "fro": "for", "thsi": "this", "yuo": "you", "whos": "who's", "wats": "what's",
    "chk": "check", "dept": "department", "depts": "departments",
    "qty": "quantity", "asap": "soon", "thru": "through", "pls": "please", "plz": "please",
}  # fmt: skip
"""Function words as hurried people type them: too short to be told from others by their letters."""
_MIN_MISSPELT = 5
_MIN_SWAPPED = 3
_MISHEARD = 2
_LONGEST_HEARD = 8
_COMMON = 1000
"""How often the dictionary's texts have a word that is not taken for a misspelt one of ours."""
_ASKING = "哪谁几"
_ASKS = re.compile(f"[{_ASKING}吗嘛]|什么|多少")
_ASKERS = frozenset({"i", "me", "we", "我", "咱"})
_BEFORE_ASKER = re.compile(
    r"(?:\b(?:show|give|tell|let|help|send|list|remind|get|for|can|could|may|should|if)\s|"
    r"[帮给让为替发]|告诉|传)$"
)
_AFTER_ASKER = re.compile(
    r"(?:\s(?:want|need|wonder|would|am looking)|['’]d\s|\s?(?:想|要|需要|来问|问|看看|查))"
)


class Kind(StrEnum):
    """What a hit stands for."""

    CLASS = "class"
    TERM = "term"
    MOST = "most"
    LEAST = "least"
    VALUE = "value"
    UNIT = "unit"
    CUE = "cue"


VALUED = frozenset({Kind.TERM, Kind.MOST, Kind.LEAST})
"""What names a value, or asks for the most or the least of it."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase of the lexicon in the text. ``places`` are the characters that say it.

    ``said`` is a label, an ``Asked``, an ``(Asked, Value)``, a unit or a ``Cue``.
    """

    kind: Kind
    said: Any
    places: frozenset[int]
    start: int
    end: int
    phrase: str = ""
    exact: bool = True

    @property
    def names_value(self) -> bool:
        """Whether it is what a value is called."""
        return self.kind is Kind.TERM and bool(self.said.property)


@dataclass(frozen=True, slots=True)
class Word:
    """A Latin word of the text with its stem."""

    text: str
    stem: str
    start: int
    end: int


def meant(word: str) -> str:
    """A function word as it is written, for one whose letters are swapped; others as they are."""
    found = _MEANT.get(word.lower(), word)
    return found if sorted(found) == sorted(word.lower()) else word


def words_of(folded: str) -> list[Word]:
    """The Latin words of folded text."""
    return [
        Word(found[0], stem(_MEANT.get(found[0], found[0])), found.start(), found.end())
        for found in _WORD.finditer(folded)
    ]


class Lexicon:
    """Every phrase that says something, ready to be found."""

    def __init__(self, phrases: Sequence[tuple[str, Kind, Any]]) -> None:
        self._han: dict[str, list[tuple[str, Kind, Any]]] = defaultdict(list)
        self._latin: dict[str, list[tuple[tuple[str, ...], Kind, Any, str]]] = defaultdict(list)
        for phrase, kind, said in phrases:
            if has_han(phrase):
                self._han[phrase[0]].append((phrase, kind, said))
            elif stems := tuple(word.stem for word in words_of(phrase)):
                self._latin[stems[0]].append((stems, kind, said, phrase))
        known = {part for entries in self._latin.values() for one in entries for part in one[0]}
        self._known = known | {stem(word) for word in SILENT["en"]}
        self._english = _english()
        said = {word.text for phrase, _, _ in phrases for word in words_of(phrase)}
        self._whole = {phrase for phrase, _, _ in phrases}
        self._stems = {word: stem(word) for word in (*said, *SILENT["en"])}
        long = (one for one in (*self._stems, *known) if len(one) >= _MIN_MISSPELT)
        self._spelt = _deletions(dict.fromkeys(long))
        self._heard = _heard(entry for entries in self._han.values() for entry in entries)
        self._beginnings = {
            pinyin(phrase[0]) for entries in self._heard.values() for phrase, _, _ in entries
        }

        self.find = lru_cache(maxsize=_REMEMBERED)(self._find)
        """Every hit in a folded text, also those that lie within others."""

    def _find(self, folded: str) -> tuple[Hit, ...]:
        words = self.corrected(words_of(folded), folded)
        return (*self._find_han(folded), *self._find_latin(words, folded))

    @property
    def han(self) -> Iterator[str]:
        """The phrases that are written in Han."""
        return (phrase for entries in self._han.values() for phrase, _, _ in entries)

    def knows(self, word: str) -> bool:
        """Whether a Latin word, or its stem, is one of ours."""
        return word in self._known or stem(word) in self._known

    def is_english(self, word: str) -> bool:
        """Whether people use it, whatever it says."""
        return word in self._english

    def corrected(self, words: Sequence[Word], folded: str) -> list[Word]:
        """Words of ``folded`` with the stem of the one that is a letter away for each that is not
        known; English words and parts of a name like "east-china" stay as they are.
        """
        return [
            Word(word.text, self._near(word), word.start, word.end)
            if word.stem not in self._known
            and word.text not in self._english
            and not _JOINED.search(folded, max(word.start - 1, 0), word.end + 1)
            else word
            for word in words
        ]

    def _near(self, unknown: Word) -> str:
        """The stem of what was most likely meant: what says something by itself, and of equals
        what people write most.
        """
        if not unknown.text.isalpha():
            return unknown.stem
        swapped = {self._stems[one] for one in _swapped(unknown.text) if one in self._stems}
        if len(swapped) == 1:
            return swapped.pop()
        if len(unknown.text) < _MIN_MISSPELT - 1:
            return unknown.stem
        added = {
            self._stems[one]
            for one in _shortened(unknown.text)
            if len(one) == _MIN_MISSPELT - 1 and one in self._stems
        }
        if len(added) == 1:
            return added.pop()
        found = {
            known
            for word in (unknown.text, unknown.stem)
            for form in _shortened(word)
            for known in self._spelt.get(form, ())
        }
        best = min(
            found,
            key=lambda one: (
                one[0] != unknown.text[0],
                one not in self._whole,
                -_english().get(one, 0),
                one,
            ),
            default=None,
        )
        return self._stems.get(best, best) if best else unknown.stem

    def _find_han(self, folded: str) -> Iterator[Hit]:
        if not has_han(folded):
            return
        within: set[int] = set()
        for at, char in enumerate(folded):
            for phrase, kind, said in self._han.get(char, ()):
                if folded.startswith(phrase, at):
                    end = at + len(phrase)
                    hit = Hit(kind, said, frozenset(range(at, end)), at, end, phrase)
                    within.update(range(at + 1, end))
                    yield hit
        yield from self._find_heard(folded, within)

    def _find_heard(self, folded: str, within: AbstractSet[int]) -> Iterator[Hit]:
        """Phrases of which one character is written as another that sounds the same, where they
        begin and end ``within`` no other; what asks only where nothing else does.
        """
        asked = bool(_ASKS.search(folded))
        sounds = list(map(pinyin, folded))
        for at, sound in enumerate(sounds):
            # All but one of the characters are the phrase's own, so they begin alike.
            if sound not in self._beginnings:
                continue
            for end in range(at + _MISHEARD, min(at + _LONGEST_HEARD, len(folded)) + 1):
                if at in within or end in within:
                    continue
                for phrase, kind, said in self._heard.get("".join(sounds[at:end]), ()):
                    meant = _misheard(folded[at:end], phrase)
                    if meant and not (asked and meant in _ASKING):
                        places = frozenset(range(at, end))
                        yield Hit(kind, said, places, at, end, phrase, exact=False)

    def _find_latin(self, words: Sequence[Word], folded: str) -> Iterator[Hit]:
        for place, word in enumerate(words):
            for stems, kind, said, phrase in self._latin.get(word.stem, ()):
                gap = 0 if kind is Kind.CLASS else _GAP
                if (found := _sequence(words, place, stems, folded, gap=gap)) is None:
                    continue
                covered = frozenset(at for one in found for at in range(one.start, one.end))
                exact = all(stem(one.text) == one.stem for one in found)
                yield Hit(kind, said, covered, found[0].start, found[-1].end, phrase, exact)


def _sequence(
    words: Sequence[Word], place: int, stems: Sequence[str], folded: str, *, gap: int
) -> list[Word] | None:
    """The words of a phrase, in their order and within one clause, at most ``gap`` apart."""
    found = [words[place]]
    for wanted in stems[1:]:
        ahead = range(place + 1, min(place + 2 + gap, len(words)))
        place = next((at for at in ahead if words[at].stem == wanted), -1)
        if place < 0 or _CLAUSE_ENDS.search(folded, found[-1].end, words[place].start):
            return None
        found.append(words[place])
    return found


def _deletions(words: Iterable[str]) -> Mapping[str, list[str]]:
    """Every form with one letter left out, and the words that it comes from."""
    found: dict[str, list[str]] = defaultdict(list)
    for word in words:
        for form in _shortened(word):
            found[form].append(word)
    return found


def _shortened(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _swapped(word: str) -> set[str]:
    """Every form with two neighbours swapped, where the first letter stays."""
    if len(word) < _MIN_SWAPPED:
        return set()
    places = range(1, len(word) - 1) if len(word) > _MIN_SWAPPED else range(len(word) - 1)
    return {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in places}


def _misheard(written: str, phrase: str) -> str:
    """The character of ``phrase`` that is written as another, if it is one alone, and no function
    word where there are only two.
    """
    if len(written) != len(phrase):
        return ""
    wrong = [(one, meant) for one, meant in zip(written, phrase, strict=True) if one != meant]
    if len(wrong) != 1 or (len(phrase) == _MISHEARD and wrong[0][0] in SILENT["zh"]):
        return ""
    return wrong[0][1]


def _heard(
    entries: Iterable[tuple[str, Kind, Any]],
) -> Mapping[str, list[tuple[str, Kind, Any]]]:
    """Han phrases by how they sound. A short one that only asks or counts is too common for it."""
    found: dict[str, list[tuple[str, Kind, Any]]] = defaultdict(list)
    for phrase, kind, said in entries:
        is_han_alone = all(map(is_han, phrase))
        if is_han_alone and len(phrase) >= _MISHEARD + (kind is Kind.CUE):
            found["".join(map(pinyin, phrase))].append((phrase, kind, said))
    return found


@cache
def _english() -> Mapping[str, int]:
    """Words that people use, and how often: "sent" is no misspelt "spent"."""
    found = SpellChecker(language="en").word_frequency.dictionary
    return {word: times for word, times in found.items() if times >= _COMMON}


@cache
def lexicon() -> Lexicon:
    """Of the shipped ontology."""
    return Lexicon(tuple(phrases(askable())))


def phrases(asked: Iterable[Asked]) -> Iterator[tuple[str, Kind, Any]]:
    """Every phrase of the ontology and of the languages, with what it says."""
    for one in classes():
        yield from ((label, Kind.CLASS, one.label) for label in one.labels)
    for term in asked:
        yield from ((label, Kind.TERM, term) for label in term.labels)
        yield from ((label, Kind.MOST, term) for label in term.most)
        yield from ((label, Kind.LEAST, term) for label in term.least)
        for value in term.values:
            yield from ((label, Kind.VALUE, (term, value)) for label in value.labels)
    for unit in units():
        yield from ((label, Kind.UNIT, unit) for label in unit.labels)
    for cue, found in CUES.items():
        yield from ((phrase, Kind.CUE, cue) for phrase in found)


def outermost(hits: Sequence[Hit]) -> list[Hit]:
    """Those that lie within no other of them."""
    return [hit for hit in hits if not any(hit.places < other.places for other in hits)]


def cue_hits(hits: Iterable[Hit], cue: Cue) -> list[Hit]:
    """The hits of one cue."""
    return [hit for hit in hits if hit.kind is Kind.CUE and hit.said is cue]


def own_hits(hits: Iterable[Hit], folded: str) -> list[Hit]:
    """Where somebody speaks of what is theirs; "show me" and 帮我查 only ask."""
    return [
        hit
        for hit in cue_hits(hits, Cue.OWN)
        if not (
            hit.phrase in _ASKERS
            and (_BEFORE_ASKER.search(folded[: hit.start]) or _AFTER_ASKER.match(folded, hit.end))
        )
    ]
