"""Numbers as people write them, in digits or words of either language: 2,500, 两万五, "three"."""

import re
from collections.abc import Mapping

_UNDER_TWENTY = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen
"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ONES = {word: value for value, word in enumerate(_UNDER_TWENTY.split())}
_SMALL: Mapping[str, int] = {
    **_ONES,
    **{
        f"{tens}{rest}": 10 * ten + one
        for ten, tens in enumerate(_TENS.split(), 2)
        for word, one in _ONES.items()
        for rest in ("", f" {word}", f"-{word}")
        if one < 10 and (one == 0) == (rest == "")
    },
    "hundred": 100,
    **{char: value for value, char in enumerate("零一二三四五六七八九")},
    "两": 2,
}
_SPELT = "|".join(sorted(filter(str.isascii, _SMALL), key=len, reverse=True))
NUMBER = (
    rf"(?P<{{0}}>\d{{{{1,3}}}}(?:,\d{{{{3}}}})+(?:\.\d+)?|\d+(?:\.\d+)?|(?:{_SPELT})\b"
    r"|[零一二两三四五六七八九十百千万]+)\s?(?P<{0}_times>[千万百]|k\b|thousand|hundred|million)?"
    rf"(?:(?<=thousand)\s(?:and\s)?(?P<{{0}}_rest>{_SPELT})\b(?P<{{0}}_hundred>\shundred)?)?"
)
_TIMES: Mapping[str, int] = {
    "百": 100, "千": 1_000, "万": 10_000, "k": 1_000, "thousand": 1_000, "hundred": 100,
    "million": 1_000_000, "十": 10,
}  # fmt: skip
"""A pattern with a place for the name of its groups."""


def number_of(found: re.Match[str], name: str) -> float:
    """The number that the groups of ``NUMBER`` called ``name`` found."""
    text = found[name].replace(",", "")
    value = float(text) if text[0].isdigit() else float(_spelt(text))
    value *= _TIMES.get(found[f"{name}_times"] or "", 1)
    rest = _SMALL.get(found[f"{name}_rest"] or "", 0)
    return value + rest * (_TIMES["hundred"] if found[f"{name}_hundred"] else 1)


def _spelt(text: str) -> int:
    """Of a number in words, in either language."""
    if text in _SMALL:
        return _SMALL[text]
    total, digit, last = 0, 0, 1
    for char in text:
        if char == "万":
            total, digit, last = (total + digit or 1) * _TIMES[char], 0, _TIMES[char]
        elif char in "十百千":
            last = _TIMES[char]
            total += (digit or 1) * last
            digit = 0
        else:
            digit = _SMALL[char]
            last = 1 if char == "零" else last
    # 两万五 is 25,000, 三百二 is 320; 十五 is 15.
    return total + digit * (last // 10 if last > _TIMES["十"] else 1)


def plain(text: str) -> float:
    """Of digits or of a number in words."""
    return float(text) if text.isdigit() else float(_spelt(text))
