"""Text as the graph compares and searches it: folded, then split into tokens.

Folding keeps every character in its place, so a span in folded text is the same span in the
original. Latin and digits become words; Han runs become single characters and pairs, which needs
no dictionary and finds names that no dictionary knows.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from operator import add

from opencc import OpenCC
from pypinyin import lazy_pinyin

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUN = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+(?:['’][^\W_{HAN}]+)?")
_ASCII_RUN = re.compile(r"[A-Za-z0-9]+(?:'[A-Za-z0-9]+)?")
"""What ``_RUN`` finds in ASCII, in half the time."""
_HAN = re.compile(rf"[{HAN}]")
_HAN_RUN = re.compile(rf"[{HAN}]+")
_LATIN_WORD = re.compile(r"[a-z]+")
_HAN_WORTH = 4
"""Latin words beside which a Han character still carries the text."""
_UNREADABLE = "\ufffd"
_STEMMED = 1 << 16
"""Words whose stems are kept: those of a language, and not every one ever seen."""
_VOWELS = "aeiou"


class _Folding(dict[int, str]):
    """Maps one character to its folded one: half-width, lower case, simplified Han."""

    def __init__(self) -> None:
        super().__init__()
        self._simplify = OpenCC("t2s")

    def __missing__(self, code: int) -> str:
        if 0xD800 <= code <= 0xDFFF:
            return _UNREADABLE  # half a character: nothing can encode it
        # NFKC and lower() may lengthen a character ("㎡", "İ"); those stay as they are.
        char = chr(code)
        wide = unicodedata.normalize("NFKC", char)
        folded = (wide if len(wide) == 1 else char).lower()
        folded = folded if len(folded) == 1 else char
        if _HAN.match(folded):
            folded = self._simplify.convert(folded)
            folded = folded if len(folded) == 1 else char
        self[code] = folded
        return folded


@cache
def _folding() -> _Folding:
    return _Folding()


def fold(text: str) -> str:
    """Same length, same places; case, width and traditional forms no longer matter."""
    return text.translate(_folding())


@cache
def pinyin(char: str) -> str:
    """Of one Han character its pinyin without the tone; other characters are their own."""
    return str(lazy_pinyin(char)[0]) if is_han(char) else char


def has_han(text: str) -> bool:
    """Whether any character is Han."""
    return _HAN.search(text) is not None


def count_han(text: str) -> int:
    """How many characters are Han."""
    return sum(map(len, _HAN_RUN.findall(text)))


def is_carried_by_han(text: str) -> bool:
    """Whether folded ``text`` is said in Chinese, whatever Latin names stand in it."""
    han = 0 if text.isascii() else count_han(text)
    return han > 0 and han * _HAN_WORTH >= len(_LATIN_WORD.findall(text))


def words(text: str) -> list[str]:
    """Runs of Han and words of anything else, in order. ``text`` is folded already."""
    return (_ASCII_RUN if text.isascii() else _RUN).findall(text)


def tokens(text: str) -> list[str]:
    """Words, Han characters and Han pairs of folded ``text``, in order."""
    return tokens_of(words(text))


def tokens_of(found: Iterable[str]) -> list[str]:
    """``tokens`` of what ``words`` gave."""
    result: list[str] = []
    for word in found:
        if is_han(word):
            characters = list(word)
            result += characters
            result += map(add, characters, characters[1:])
        else:
            result.append(word)
    return result


def sought(text: str) -> list[str]:
    """The fewest tokens of folded ``text`` that a text with all its ``tokens`` must have, each
    once: pairs of Han imply their characters.
    """
    result: list[str] = []
    for word in words(text):
        pairs = is_han(word) and len(word) > 1
        result += map(add, word, word[1:]) if pairs else [word]
    return list(dict.fromkeys(result))


def is_han(word: str) -> bool:
    """Whether ``word``, one of ``words``, is a run of Han characters."""
    # By its first character, which is what the order of strings looks at first.
    return "\u3400" <= word < "\ua000" or "\uf900" <= word < "\ufb00"


def search_text(text: str) -> str:
    """What a full-text index stores for ``text``: each token once, split at single spaces.

    Writing a token costs as much the tenth time as the first, and finds nothing more.
    """
    return " ".join(dict.fromkeys(tokens(fold(text))))


def blanked(text: str, spans: Iterable[tuple[int, int]], *, by: str = " ") -> str:
    """``text`` with one character in place of each in some stretches; all else stands where it
    stood.
    """
    rest = list(text)
    for start, end in spans:
        rest[start:end] = by * (end - start)
    return "".join(rest)


@lru_cache(maxsize=_STEMMED)
def stem(word: str) -> str:
    """A word without the endings that make no difference to what is asked."""
    word = word.replace("’", "'")
    if word.endswith("'s"):
        word = word[:-2]
    if len(word) > 4 and word.endswith("ies"):
        word = f"{word[:-3]}y"
    elif len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        word = word[:-2]
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        bare = word.removesuffix(ending)
        if bare != word and len(bare) >= 3 and any(vowel in bare for vowel in _VOWELS):
            word = bare[:-1] if bare[-1] == bare[-2] and bare[-1] not in "lsz" else bare
    return word[:-1] if len(word) > 4 and word.endswith("e") else word
