"""Names that are written almost right: other spacing, hyphens and plurals, one wrong letter, the
same sound, pinyin for Han, without the size at the end or with it first, without the middle, or
only the first word of a longer name, or its model.

For texts of question length only; everything is looked up, nothing is searched through.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from rapidfuzz.distance import OSA

from extractors.spans import Spans
from graph.question.lexicon import lexicon
from graph.question.words import SILENT
from graph.text import HAN, has_han, is_han, pinyin, stem
from graph.vocabulary import GOODS, Label

VERSION = "nearmiss.v1"
LONGEST = 120
"""Characters of a text in which near misses are looked for."""
Target = tuple[Label, str]
_TOKEN = re.compile(rf"[{HAN}]|[a-z]+|\d+(?:\.\d+)?|[^\W_{HAN}]+")
_BETWEEN = re.compile(r"(?:[\s\-_/·'’]|\.(?!\s)){0,3}")
_PLURAL = re.compile(r"(?<=[a-z]{3})(?<!s)s(?![a-z])")
_SIZE = re.compile(r"\s?\d+(?:\.\d+)?\s?(?:ml|l|kg|g|w|kw|hp|升|毫升|公斤|匹|套|瓦|寸)$")
"""How large the model is that a name ends with: people leave it out."""
_MODEL = re.compile(r"\s?[a-z]*\d[a-z0-9.]*(?:\s[a-z]{1,5}|\s?[升匹套寸克斤]|\s?公[斤升])?$")
"""What a name ends in that tells it from others of its kind."""
_LETTERED = re.compile(r"(?<![^\W_])[a-z]{1,2}\d{1,4}(?![^\W_])")
_UNITS = {"kg": "公斤", "公斤": "kg", "l": "升", "升": "l", "hp": "匹", "匹": "hp"}
_SPELT_OUT = {
    stem(word): unit
    for word, unit in (
        ("litre", "l"),
        ("liter", "l"),
        ("kilo", "kg"),
        ("kilogram", "kg"),
        ("horsepower", "hp"),
    )
}
_SIZE_UNIT = re.compile(rf"(?<=[\d\s])(?:{'|'.join(_UNITS)})$")
_NUMBERED = re.compile(r"[a-z]?\d+(?:\.\d+)?")
_TOKENS, _LATIN_TOKENS = 12, 6
_LONGEST_SPELT = 28
_SHORTEST, _SPELT, _FAR, _SOUND, _HEAD = 3, 6, 9, 6, 4
_HAN_HEAD, _LONG = 2, 8
_LEAST_SIZED = 3
"""Characters of a name that may stand after its size."""
_OPENING = 3
"""So many characters of a name are looked at before all of it."""
_EXTENDS = 3
_BAG, _BAG_AROUND = 5, 3
_SILENT = SILENT["en"] - {"not", "no"}
_SURE = {"squashed": 0.92, "spelt": 0.84, "sound": 0.84, "bag": 0.86, "head": 0.6}
_MOST_HEADS = 6


@dataclass(frozen=True, slots=True)
class Near:
    """A mention that is almost a name: where, how, and what it may stand for."""

    start: int
    end: int
    how: str
    targets: tuple[Target, ...]
    words: int = 1

    @property
    def confidence(self) -> float:
        """Of each target; less than that of a name as it stands."""
        return _SURE[self.how] / len(self.targets)


class NearMisses:
    """An index of names, folded, with what each stands for."""

    def __init__(self, names: Mapping[str, Sequence[Target]]) -> None:
        self._squashed: dict[str, dict[Target, None]] = defaultdict(dict)
        self._sounds: dict[str, dict[Target, None]] = defaultdict(dict)
        self._heads: dict[str, dict[Target, None]] = defaultdict(dict)
        self._bags: dict[str, dict[Target, None]] = defaultdict(dict)
        for phrase, targets in names.items():
            found = dict.fromkeys(targets)
            self._squashed[squashed(phrase)] |= found
            if has_han(phrase):
                self._sounds[sound(phrase)] |= found
            if key := bag(phrase):
                self._bags[key] |= found
        self._squashed |= _keyed(_unsized, names, but=self._squashed)
        shorter = _told_shorter(names)
        self._squashed |= _keyed(squashed, shorter, but=self._squashed)
        self._bags |= _keyed(bag, shorter, but=self._bags)
        self._squashed |= _keyed(squashed, _kinds(names), but=self._squashed)
        self._models = _models(names)
        common = {word for phrase in names for word in map(stem, re.findall(r"[a-z]+", phrase)[1:])}
        for phrase, targets in names.items():
            for head in _heads(phrase):
                self._heads[head] |= dict.fromkeys(targets)
        later = "\0".join(
            phrase[1:]
            for phrase, targets in names.items()
            if any(label is not Label.PRODUCT for label, _ in targets)
        )
        self._heads = {
            head: found
            for head, found in self._heads.items()
            if stem(head) not in common
            and {label for label, _ in found} == {Label.PRODUCT}
            and not (has_han(head) and head in later)
        }
        self._spelt: dict[str, list[str]] = defaultdict(list)
        for key in self._squashed:
            if len(key) >= _SPELT and (key.isascii() or has_han(key)):
                for form in _shortened(key):
                    self._spelt[form].append(key)

        heard = {one[:_SOUND] for one in self._sounds}
        written = (*self._squashed, *self._spelt, *self._heads, *self._models)
        self._openings = heard | {one[:_OPENING] for one in written}
        """How names begin: most that stands in a text begins like none."""
        self._pairs = {one[:2] for one in self._openings}
        self._bagged = {word for key in self._bags for word in key.split()}

    def find(self, text: str, exact: Iterable[tuple[int, int]], kept: Spans) -> list[Near]:
        """Near misses in folded ``text``, outside of ``kept``, or around shorter ``exact`` ones."""
        inside = list(exact)
        found = [near for near in self._windows(text) if _is_more(near, inside, text)]
        found.sort(key=lambda near: (-(near.end - near.start), -near.confidence, near.start))
        taken = Spans()
        chosen = [
            near
            for near in found
            if taken.take(near.start, near.end) and not _overlaps(near, kept, inside)
        ]
        return sorted(chosen, key=lambda near: near.start)

    def _windows(self, text: str) -> Iterator[Near]:
        tokens = list(_TOKEN.finditer(text))
        written = [token[0] for token in tokens]
        digits = [one[0].isdigit() for one in written]
        # The "s" of S5 says something.
        silent = [
            one in _SILENT and not (any(digits[place + 1 : place + 2]) and len(one) == 1)
            for place, one in enumerate(written)
        ]
        # A number stands next to a word: another model than any that is known, or a count.
        numbered = [any(digits[max(place - 1, 0) : place + 3]) for place in range(len(tokens))]
        bagged = [_stem(one) in self._bagged for one in written]
        for first, token in enumerate(tokens):
            if silent[first]:
                continue
            opens, in_bag = self._opens(written[first : first + _SOUND]), True
            key, start = "", token.start()
            for last in range(first, min(first + _TOKENS, len(tokens))):
                end = tokens[last].end()
                far = last - first >= _LATIN_TOKENS and text[start:end].isascii()
                if far or (
                    last > first
                    and not _BETWEEN.fullmatch(text, tokens[last - 1].end(), tokens[last].start())
                ):
                    break
                key += written[last]
                if silent[last]:
                    continue
                in_bag = in_bag and bagged[last]
                if first == last:
                    yield from self._single(key, start, end, numbered=numbered[first], opens=opens)
                else:
                    yield from self._several(
                        key, text[start:end], start, end, opens=opens, in_bag=in_bag
                    )
                    if opens and not numbered[last] and has_han(key):
                        yield from self._beginning(key, start, end)
                if not (opens or in_bag):
                    break

    def _opens(self, written: Sequence[str]) -> bool:
        """Whether a name may begin with tokens, one of its letters left out; or sound so."""
        text = "".join(written)
        # Longer text begins with one of these pairs, whichever of its letters is left out.
        begins = len(text) <= _OPENING or not self._pairs.isdisjoint(
            (text[:2], text[0] + text[2], text[1:3])
        )
        return (begins and not self._openings.isdisjoint(_opened(text))) or (
            not text.isascii() and "".join(map(pinyin, text))[:_SOUND] in self._openings
        )

    def _single(
        self, word: str, start: int, end: int, *, numbered: bool, opens: bool
    ) -> Iterator[Near]:
        """A single word is almost a name of goods only: others are words of the language, too."""
        if len(word) == _SHORTEST and word[-1] == "s" and (short := self._squashed.get(word[:-1])):
            yield Near(start, end, "squashed", tuple(short))
            return
        if not numbered and len(self._heads.get(word, ())) > 1 and word not in self._squashed:
            # How several begin is no misspelt name of one.
            yield from self._beginning(word, start, end)
            return
        found = self._squashed_or_spelt(word, word, start, end) if opens else None
        if found is not None:
            # In pinyin, or long and misspelt, a word is none of the language.
            is_none = found.how == "sound" or (found.how == "spelt" and len(word) >= _LONG)
            any_ = is_none and not lexicon().is_english(word)
            goods = tuple(one for one in found.targets if any_ or one[0] in GOODS)
            if goods:
                yield replace(found, targets=goods)
        elif not numbered:
            yield from self._beginning(word, start, end)

    def _beginning(self, key: str, start: int, end: int) -> Iterator[Near]:
        if 1 < len(heads := self._heads.get(key, {})) <= _MOST_HEADS:
            yield Near(start, end, "head", tuple(heads))

    def _several(
        self, key: str, written: str, start: int, end: int, *, opens: bool, in_bag: bool
    ) -> Iterator[Near]:
        found = self._squashed_or_spelt(key, written, start, end) if opens else None
        if found is not None and not (found.how == "spelt" and self._says_else(written, found)):
            yield found
        elif in_bag and (loose := bag(written)) and loose in self._bags:
            yield Near(start, end, "bag", tuple(self._bags[loose]), len(loose.split()))

    def _says_else(self, written: str, found: Near) -> bool:
        """Whether a word that asks is in no name of what it is taken for: "robot cost" is no
        misspelt "robot lost".
        """
        asking = [word for word in re.findall(r"[a-z]{3,}", written) if lexicon().knows(word)]
        names = (name for name, targets in self._squashed.items() if found.targets[0] in targets)
        return bool(asking) and not any(all(word in name for word in asking) for name in names)

    def _squashed_or_spelt(self, key: str, written: str, start: int, end: int) -> Near | None:
        # Without a plural in it, the tokens together are what it is squashed to.
        found = self._look_up(squashed(written) if "s" in written else key, start, end)
        if found is None and key.endswith("s"):
            found = self._look_up(key, start, end)
        return found

    def _look_up(self, key: str, start: int, end: int) -> Near | None:
        if key in self._models:
            return Near(start, end, "bag", (self._models[key],))
        if len(key) < _SHORTEST or (key.isascii() and (key in SILENT["en"] or key.isdigit())):
            return None
        if found := self._squashed.get(key):
            return Near(start, end, "squashed", tuple(found))
        if key.isascii() and not lexicon().knows(key) and (spelt := self._near(key)):
            return Near(start, end, "spelt", spelt)
        heard = sound(key)
        if (
            len(heard) >= _SOUND - (key.isascii() and not lexicon().is_english(key))
            and (heard != key or key.isascii())
            and (found := self._sounds.get(heard))
        ):
            return Near(start, end, "sound", tuple(found))
        if len(key) >= _SPELT and has_han(key) and (spelt := self._near(key)):
            return Near(start, end, "spelt", spelt)
        return None

    def _near(self, key: str) -> tuple[Target, ...]:
        if not _SPELT - 1 <= len(key) <= _LONGEST_SPELT:
            return ()
        most = 2 if len(key) >= _FAR and key.isascii() else 1
        numbers = _NUMBERED.findall(key)
        known = {one for form in _shortened(key) for one in self._spelt.get(form, ())}
        near = [
            (OSA.distance(key, one, score_cutoff=most), one)
            for one in known
            if _NUMBERED.findall(one) == numbers and (key.isascii() or _is_miswritten(key, one))
        ]
        least = min((distance for distance, _ in near), default=most + 1)
        if least > most:
            return ()
        found = [target for gap, one in near if gap == least for target in self._squashed[one]]
        return tuple(dict.fromkeys(found))


def _unsized(phrase: str) -> str:
    return squashed(_SIZE.sub("", phrase))


def _told_shorter(names: Mapping[str, Sequence[Target]]) -> dict[str, list[Target]]:
    """What numbered products are without how their names begin, or in units of the other language,
    "robot vacuum S5", 扫地机器人S5, 洗衣机10公斤, 10公斤的洗衣机; and any by its two ends.
    """
    found: dict[str, list[Target]] = defaultdict(list)
    begun = {phrase[:length] for phrase in names for length in range(4, 6)}
    for phrase, targets in names.items():
        if goods := [one for one in targets if one[0] is Label.PRODUCT]:
            told = {phrase, *_tails(phrase)} if _MODEL.search(phrase) else set[str]()
            told |= {_SIZE_UNIT.sub(_translated, one) for one in told}
            ends = (one for one in _ends(phrase) if one not in begun)
            for written in (*told, *chain.from_iterable(map(_size_first, told)), *ends):
                found[written] += goods
    return found


def _kinds(names: Mapping[str, Sequence[Target]]) -> dict[str, list[Target]]:
    """What the only product of its kind is by the last word of its name: "the pitcher"."""
    having: dict[str, set[Target]] = defaultdict(set)
    ends: dict[str, set[Target]] = defaultdict(set)
    for phrase, targets in names.items():
        goods = [one for one in targets if one[0] in GOODS]
        words = re.findall(r"[a-z]{3,}", _MODEL.sub("", phrase)) if goods else []
        for word in words:
            having[stem(word)].update(goods)
        if len(words) > 1 and len(words[-1]) >= _SPELT:
            ends[words[-1]].update(goods)
    return {
        word: list(found)
        for word, found in ends.items()
        if len(found) == 1 and having[stem(word)] == found and not lexicon().knows(stem(word))
    }


def _models(names: Mapping[str, Sequence[Target]]) -> dict[str, Target]:
    """What the only product is that is called by a letter and a number of its own: "the X7"."""
    having: dict[str, set[Target]] = defaultdict(set)
    for phrase, targets in names.items():
        for word in _LETTERED.findall(phrase):
            having[word].update(targets)
    return {
        word: target
        for word, found in having.items()
        if len(found) == 1 and (target := next(iter(found)))[0] is Label.PRODUCT
    }


def _size_first(phrase: str) -> Iterator[str]:
    """Of a Han name that ends in a size, the size and then the name."""
    if (size := _SIZE.search(phrase)) and is_han(phrase[0]) and size.start() >= _LEAST_SIZED:
        name = phrase[: size.start()]
        yield from (f"{size[0].strip()}{link}{name}" for link in ("", "的"))


def _ends(phrase: str) -> Iterator[str]:
    """Of a long Han name how it begins and what it is, 飞燕吸尘器: its first two and last Han."""
    name = "".join(filter(is_han, _MODEL.sub("", phrase))) if is_han(phrase[0]) else ""
    yield from (name[:_HAN_HEAD] + name[-kind:] for kind in (2, 3) if len(name) > _HAN_HEAD + kind)


def _keyed(
    key_of: Callable[[str], str | None],
    written: Mapping[str, Sequence[Target]],
    *,
    but: Mapping[str, object],
) -> dict[str, dict[Target, None]]:
    """By key what is written so, where nothing else is."""
    found: dict[str, dict[Target, None]] = defaultdict(dict)
    for phrase, targets in written.items():
        if (key := key_of(phrase)) and key not in but:
            found[key] |= dict.fromkeys(targets)
    return found


def _translated(unit: re.Match[str]) -> str:
    return _UNITS[unit[0]]


def _tails(phrase: str) -> Iterator[str]:
    """A name that ends in a number or model, and its ends: of a Latin one whole words, of a Han one
    some Han.
    """
    if not (model := _MODEL.search(phrase)):
        return
    starts = (
        range(1, model.start() - 1)
        if has_han(phrase[: model.start()])
        else (found.start() for found in re.finditer(r"(?<=\s)[a-z]{3,}", phrase[: model.start()]))
    )
    yield from (phrase[start:] for start in starts)


def squashed(phrase: str) -> str:
    """Without spaces, hyphens, points and plurals."""
    return "".join(_TOKEN.findall(_PLURAL.sub("", phrase) if "s" in phrase else phrase))


def sound(phrase: str) -> str:
    """Han in pinyin without tones, the rest squashed."""
    key = squashed(phrase)
    return key if key.isascii() else "".join(map(pinyin, key))


def _heads(phrase: str) -> Iterator[str]:
    """What a name may be cut down to: its first word, or its first Han."""
    if has_han(phrase[:_HAN_HEAD]) and len(phrase) > _HAN_HEAD + 1:
        yield phrase[:_HAN_HEAD]
        yield phrase[: _HAN_HEAD + 1]
    elif head := _head(phrase):
        yield head


def _head(phrase: str) -> str | None:
    """The first word of a name of several, where it says enough."""
    words = re.findall(r"[a-z]+", phrase)
    if len(phrase.split()) < 2 or not words or not phrase.startswith(words[0]):
        return None
    head = stem(words[0])
    return words[0] if len(words[0]) >= _HEAD and not lexicon().knows(head) else None


def bag(written: str) -> str | None:
    """The stems of two to five words in no order, without those that say nothing."""
    if has_han(written) or not written.isascii():
        return None
    said = (word for word in re.findall(r"[a-z0-9]+", written) if word not in _SILENT)
    stems = set(map(_stem, said))
    return " ".join(sorted(stems)) if 2 <= len(stems) <= _BAG else None


def _stem(word: str) -> str:
    found = stem(word)
    return _SPELT_OUT.get(found, found)


def _opened(text: str) -> Iterator[str]:
    """How a name may begin that ``text`` begins with, or almost: in short, in pinyin, with a letter
    left out or a plural in it.
    """
    yield from (text[: _OPENING - 1], text[:_OPENING], text[:_SOUND])
    for some in (text[: _OPENING + 1], text[:_OPENING] + text[_OPENING + 1 : _OPENING + 2]):
        for at in range(len(some)):
            yield some[:at] + some[at + 1 :]


def _is_miswritten(key: str, name: str) -> bool:
    """Whether other Han stand for Han of a name after its first, letters for letters, or two are
    swapped: one more or less is a word that stands beside a name.
    """
    swapped = key[:2] == name[1::-1]
    return (
        len(key) == len(name)
        and (key[0] == name[0] or swapped)
        and all(
            is_han(one) == is_han(other) and not other.isdigit()
            for one, other in zip(key, name, strict=True)
            if one != other
        )
    )


def _shortened(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _is_more(near: Near, exact: Iterable[tuple[int, int]], text: str) -> bool:
    """Whether it is longer than the exact names within it, by a number at least, and cuts none."""
    for start, end in exact:
        if near.start < end and start < near.end:
            whole = near.start <= start and end <= near.end
            rest = text[near.start : start] + text[end : near.end]
            least = _HAN_HEAD if has_han(rest) else _EXTENDS
            if not whole or (len(rest) < least and not any(map(str.isdigit, rest))):
                return False
            if near.how == "head" or (near.how == "bag" and near.words < _BAG_AROUND):
                return False
    return True


def _overlaps(near: Near, kept: Spans, exact: Iterable[tuple[int, int]]) -> bool:
    inside = [span for span in exact if near.start <= span[0] and span[1] <= near.end]
    return not inside and not kept.is_free(near.start, near.end)
