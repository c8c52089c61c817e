"""Questions typed in pinyin, "S5 duo shao qian": in Han, as far as their words are known."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from graph.question.lexicon import Word, lexicon, words_of
from graph.question.words import SILENT
from graph.text import fold, is_han, pinyin

_MOST_SYLLABLES = 6
_SHORTEST = 2
"""Han of a phrase that is known by its sound alone."""
_PARTICLES: Mapping[str, str] = {
    "na": "那", "ne": "呢", "ma": "吗", "de": "的", "le": "了", "shi": "是", "you": "有",
    "ji": "几", "ge": "个", "he": "和", "bi": "比", "wo": "我", "ta": "他", "dou": "都",
    "yao": "要", "zai": "在", "tai": "台", "kuan": "款", "shui": "谁", "yige": "一个",
    "zhege": "这个", "nage": "那个", "name": "那么", "liang": "两", "hui": "会", "ya": "呀",
    "bu": "不", "mei": "没", "duo": "多", "jiu": "久",
}  # fmt: skip
"""Function words that stand beside a phrase that is known."""


def in_han(text: str) -> str:
    """``text`` with its pinyin in Han; itself where it has none, or is English."""
    words = words_of(fold(text))
    found = list(_phrases(words))
    if not any(len(said) >= _SHORTEST for _, _, said in found):
        return text
    within = {at for start, end, _ in found for at in range(start, end)}
    left = [word.text for word in words if word.start not in within]
    if any(word in SILENT["en"] or lexicon().knows(word) for word in left):
        return text
    for start, end, said in reversed(found):
        # Han stand without spaces between them.
        before = text[:start].rstrip() if start else ""
        text = f"{before}{said}{text[end:].lstrip()}"
    return text


def _phrases(words: Sequence[Word]) -> Iterator[tuple[int, int, str]]:
    """Where the longest phrases stand that sound like some words, and what they are."""
    at = 0
    while at < len(words):
        some = range(min(len(words), at + _MOST_SYLLABLES), at, -1)
        end = next((end for end in some if _said(words[at:end])), None)
        if end is None:
            at += 1
            continue
        yield words[at].start, words[end - 1].end, _said(words[at:end])
        at = end


def _said(words: Sequence[Word]) -> str:
    spelt = "".join(word.text for word in words)
    if len(words) == 1 and spelt in _PARTICLES:
        return _PARTICLES[spelt]
    if len(words) == 1 and lexicon().is_english(spelt):
        return ""
    return _by_sound().get(spelt, "")


@cache
def _by_sound() -> Mapping[str, str]:
    """The phrases in Han that say something, by how they sound; of several the shortest."""
    phrases = {one for one in lexicon().han if len(one) >= _SHORTEST and all(map(is_han, one))}
    # 哪款 is what is asked, and not 那款.
    last = sorted(phrases, key=lambda one: (-len(one), "哪" in one, one))
    return {"".join(map(pinyin, one)): one for one in last}
