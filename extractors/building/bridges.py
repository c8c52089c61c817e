"""Headings of two languages that tell of the same thing, in documents that are no translations.

What stands in both speaks for it: numbers, signs such as ``E4``, names that tables give in both
languages, and words by the glossary. Only two that are each other's best, and clearly so, are one.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

from extractors.building.fact import DEPARTMENT, ISSUE, PRODUCT, RESOLUTION, Fact
from extractors.building.goods import Said
from extractors.building.naming import EN, ZH, key_of
from extractors.index import STOPPED
from extractors.stemming import stem
from extractors.translation import to_english
from graph.text import fold, words

_TENS = re.compile(
    r"[二两三四五六七八九]?十[一二三四五六七八九]?|[二两三四五六七八九](?=\s?[^一二三四五六七八九十\s])"
)
_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_NUMBERS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40,
    "fifty": 50, "sixty": 60, "ninety": 90,
}  # fmt: skip
_FIGURE = re.compile(r"\d+(?:[.,]\d+)?")
_LEAST = 0.35
_CLEARLY = 1.25
_SHARED = 3
_FEW = 2
_COUNTERPARTS = 3
_LESS = 0.2
_COMMON = 100
"""What stands in more than so many tells nothing of any of them."""
_MOST = 3_000
_MOST_NAMES = 2_000
_LONGEST = 4_000
_SHORTEST_NAME = 3


_Names = Mapping[str, tuple[str, frozenset[str]]]


@dataclass(frozen=True, slots=True)
class _Told:
    """A fact, what it tells of by weight, and the products that it says it applies to."""

    said: Said
    features: Mapping[str, float]
    products: frozenset[str]


def bridges_of(facts: Sequence[Said]) -> list[tuple[Said, Said]]:
    """(Chinese, English) facts that tell of the same."""
    sides: dict[str, list[Said]] = {ZH: [], EN: []}
    for file, fact in facts:
        if fact.kind in (RESOLUTION, ISSUE) and (language := _language(fact)):
            sides[language].append((file, fact))
    if not all(sides.values()):
        return []
    names = _names(facts)
    counted = {
        language: [(one, _features(one[1], names)) for one in said[:_MOST]]
        for language, said in sides.items()
    }
    rare = _rare(*([one for _, one in side] for side in counted.values()))
    return _mutual(*(_vectors(side, rare, names) for side in counted.values()))


def _language(fact: Fact) -> str:
    """The only language of its headings, or ''."""
    has = {
        language: language in fact.parts or f"issue_{language}" in fact.parts
        for language in (ZH, EN)
    }
    return "" if has[ZH] == has[EN] else ZH if has[ZH] else EN


def _names(facts: Sequence[Said]) -> _Names:
    """What tables call something in both languages: by each name one sign and all its stems."""
    found: dict[str, tuple[str, frozenset[str]]] = {}
    for _, fact in facts:
        if fact.kind in (PRODUCT, DEPARTMENT) and ZH in fact.parts and EN in fact.parts:
            said = [text for part in (EN, ZH, "alias") for text in fact.texts(part)]
            if len(found) + len(said) > _MOST_NAMES:
                break
            stems = frozenset(one for text in said for one in _stems(text))
            for key in map(key_of, said):
                if len(key) >= _SHORTEST_NAME:
                    found.setdefault(key, (f"={key_of(said[0])}", stems))
    return dict(sorted(found.items(), key=lambda one: -len(one[0])))


def _features(fact: Fact, names: _Names) -> Counter[str]:
    titles = [text for part in (ZH, EN, "issue_zh", "issue_en") for text in fact.texts(part)]
    body = [text for part in ("condition", "action", "said") for text in fact.texts(part)]
    text = " ".join((*titles, *titles, *body))[:_LONGEST]
    found = Counter(_numbers(text))
    key = key_of(text)
    named = set[str]()
    for name, (whole, own) in names.items():
        if name in key:
            found[whole] += 1
            named |= own
            key = key.replace(name, "\n")
    for one in _stems(text):
        if one not in named and one not in STOPPED:
            found[one] += 1
    return found


def _stems(text: str) -> Iterator[str]:
    """English stems of what a text says in either language; numbers are counted apart."""
    for word in to_english(words(fold(text))):
        yield from (stem(one) for one in word.split() if not one.isdigit())


def _numbers(text: str) -> Iterator[str]:
    """Numbers from two on, in figures or in words of either language."""
    for figure in _FIGURE.findall(text):
        yield f"#{figure.replace(',', '.')}"
    for word in words(text.lower()):
        if word in _NUMBERS:
            yield f"#{_NUMBERS[word]}"
    for said in _TENS.findall(text):
        before, ten, after = said.partition("十")
        value = (_DIGITS.get(before, 1) * 10 + _DIGITS.get(after, 0)) if ten else _DIGITS[said]
        yield f"#{value}"


def _rare(zh: Sequence[Counter[str]], en: Sequence[Counter[str]]) -> Mapping[str, float]:
    """Only what stands in both languages counts, and the rarer the more."""
    held = [Counter(key for one in side for key in one) for side in (zh, en)]
    total = len(zh) + len(en)
    return {
        key: log(1 + total / (held[0][key] + held[1][key])) for key in held[0] if key in held[1]
    }


def _vectors(
    side: Iterable[tuple[Said, Counter[str]]], rare: Mapping[str, float], names: _Names
) -> list[_Told]:
    found = []
    # Who shares little has that little for its whole length: not quite, by what a few words weigh.
    few = _FEW * (log(2) * sum(rare.values()) / max(1, len(rare))) ** 2
    for said, counts in side:
        features = {key: rare[key] * log(1 + count) for key, count in counts.items() if key in rare}
        length = sqrt(few + sum(weight * weight for weight in features.values())) or 1.0
        found.append(
            _Told(
                said,
                {key: weight / length for key, weight in features.items()},
                frozenset(
                    names[key][0]
                    for text in said[1].texts("product")
                    if (key := key_of(text)) in names
                ),
            )
        )
    return found


def _mutual(zh: Sequence[_Told], en: Sequence[_Told]) -> list[tuple[Said, Said]]:
    """Each other's best; what is left of two documents that have several in common needs less."""
    found = _pairs(zh, en, least=_LEAST, shared=_SHARED)
    files = Counter((one.said[0], other.said[0]) for one, other in found)
    told = {id(one) for pair in found for one in pair}
    for (chinese, english), count in files.items():
        if count >= _COUNTERPARTS:
            left = [
                [one for one in side if one.said[0] == file and id(one) not in told]
                for side, file in ((zh, chinese), (en, english))
            ]
            more = _pairs(*left, least=_LESS, shared=_SHARED - 1)
            told |= {id(one) for pair in more for one in pair}
            found += more
    return [(one.said, other.said) for one, other in found]


def _pairs(
    zh: Sequence[_Told], en: Sequence[_Told], *, least: float, shared: int
) -> list[tuple[_Told, _Told]]:
    there = _best(zh, en, least=least, shared=shared)
    back = _best(en, zh, least=least, shared=shared)
    return [(zh[at], en[to]) for at, to in sorted(there.items()) if back.get(to) == at]


def _best(
    ours: Sequence[_Told], theirs: Sequence[_Told], *, least: float, shared: int
) -> dict[int, int]:
    """For each of ours the one of theirs that is alike, clearly more than the next.

    Two that apply to other products are never one.
    """
    holders: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, one in enumerate(theirs):
        for key, weight in one.features.items():
            holders[key].append((place, weight))
    found: dict[int, int] = {}
    for at, one in enumerate(ours):
        scores: dict[int, float] = defaultdict(float)
        common: Counter[int] = Counter()
        for key, weight in one.features.items():
            for place, other in holders[key] if len(holders[key]) <= _COMMON else ():
                scores[place] += weight * other
                common[place] += 1
        ranked = sorted(
            (place for place in scores if _can_be(one, theirs[place])),
            key=lambda place: -scores[place],
        )[:2]
        if not ranked or scores[ranked[0]] < least or common[ranked[0]] < shared:
            continue
        if len(ranked) < 2 or scores[ranked[0]] >= _CLEARLY * scores[ranked[1]]:
            found[at] = ranked[0]
    return found


def _can_be(one: _Told, other: _Told) -> bool:
    return not one.products or not other.products or not one.products.isdisjoint(other.products)
