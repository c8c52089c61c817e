"""Words of one language by those of the other, from ``patterns/glossary.tsv``.

A bridge for finding only: a Chinese question against knowledge that is written in English alone,
and the other way round. Nothing translated is ever shown.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

from extractors.stemming import stem
from graph.text import is_han, tokens


@cache
def _glossary() -> tuple[Mapping[str, Sequence[str]], Mapping[str, Sequence[str]], int]:
    """(Chinese → English words, English stem → Chinese, length of the longest Chinese)."""
    source = files("extractors").joinpath("patterns/glossary.tsv").read_text("utf-8")
    english: dict[str, Sequence[str]] = {}
    chinese: dict[str, list[str]] = defaultdict(list)
    for line in source.splitlines():
        if not line.startswith("#"):
            word, _, meanings = line.partition("\t")
            english[word] = meanings.split()
            for meaning in english[word]:
                chinese[stem(meaning)].append(word)
    return english, chinese, max(map(len, english))


def to_english(words: Iterable[str]) -> Iterator[str]:
    """English words for runs of Han, the longest entries first; other words as they are."""
    english, _, longest = _glossary()
    for word in words:
        if not is_han(word):
            yield word
            continue
        at = 0
        while at < len(word):
            ends = range(min(len(word), at + longest), at, -1)
            end = next((end for end in ends if word[at:end] in english), 0)
            yield from english[word[at:end]] if end else ()
            at = end or at + 1


def to_chinese(words: Iterable[str]) -> Iterator[str]:
    """Han tokens for English words; runs of Han as their tokens."""
    _, chinese, _ = _glossary()
    for word in words:
        found = (word,) if is_han(word) else chinese.get(stem(word), ())
        for one in found:
            yield from tokens(one)


def alike(token: str) -> Sequence[str]:
    """Tokens of its own language by which the glossary says the same: the other words for what a
    word stands for in the other language.
    """
    return _alike().get(token, ())


@cache
def _alike() -> Mapping[str, Sequence[str]]:
    english, chinese, _ = _glossary()
    found: dict[str, set[str]] = {
        word: {stem(other) for one in words for other in english[one]}
        for word, words in chinese.items()
    }
    for word, meanings in english.items():
        others = {one for meaning in meanings for one in chinese[stem(meaning)]}
        found[word] = {part for one in others for part in tokens(one) if len(part) > 1}
    return {token: sorted(some - {token}) for token, some in found.items() if some - {token}}
