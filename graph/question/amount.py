"""Numbers and times in a question, as bounds: "over 100", 5000元以上, "in March"; and places in an
order.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo

from graph.question.number import NUMBER, number_of, plain
from graph.question.period import find_times
from graph.question.quantity import Comparison, Quantity
from graph.text import blanked

_COUNTED = r"\d{1,2}|two|three|four|five|ten"
_MONEY = r"(?:[$¥￥]|usd |rmb |cny )?\s?"
_BEFORE: Mapping[Comparison, tuple[str, ...]] = {
    Comparison.FROM: (
        "at least", "no less than", "not less than", "minimum of",
        "不低于", "不少于", "不小于", "至少", "起码", "最少",
    ),
    Comparison.UP_TO: (
        "at most", "no more than", "not more than", "up to", "maximum of", "not over", "within",
        "不超过", "不高于", "不多于", "不大于", "至多", "最多", "顶多",
    ),
    Comparison.OVER: (
        "more than", "greater than", "higher than", "larger than", "bigger than", "longer than",
        "older than", "pricier than", "dearer than", "more expensive than", "costlier than",
        "over", "above", "exceeds", "exceeding", "exceed", "beyond", "upwards of", ">",
        "超过了", "超过", "超出", "高过", "大过", "多过", "贵过", "大于",
        "高于", "多于", "贵于", "长于", "超", "比",
    ),
    Comparison.UNDER: (
        "less than", "lower than", "smaller than", "shorter than", "fewer than", "cheaper than",
        "less expensive than", "under", "below", "beneath", "<",
        "低过", "少过", "小过",
        "低于", "少于", "小于", "短于", "便宜于", "不到", "不足", "未满", "不满",
    ),
    Comparison.EQUAL: (
        "only", "just", "exactly", "equals", "equal", "equal to",
        "只有", "仅有", "仅", "只", "等于", "正好", "刚好",
    ),
}  # fmt: skip
_AFTER: Mapping[Comparison, tuple[str, ...]] = {
    Comparison.FROM: (
        "以上", "及以上", "或以上", "or more", "or above", "or higher", "and above", "and up", "+",
        "or better", "and better", "or up", "upwards", "及更高", "或更高",
    ),
    Comparison.UP_TO: (
        "以下", "以内", "之内", "及以下", "或以下", "or less", "or below", "or lower", "and below",
        "or under",
    ),
    Comparison.OVER: ("开外", "更贵", "贵"),
}  # fmt: skip


def _any_of(table: Mapping[Comparison, tuple[str, ...]]) -> str:
    """One of the phrases, the longest first."""
    said = sorted((one for phrases in table.values() for one in phrases), key=len, reverse=True)
    return "|".join(map(re.escape, said))


_UNIT = (
    r"(?:\s?-?(?:元钱|元|块钱|块|个月|年|月|件|个|人民币|美元|"
    r"yuan|dollars?|usd|rmb|cny|bucks|months?|years?))?"
)
_RANGE = re.compile(
    rf"(?:(?P<word>between|from|在|从|介于)\s?)?{_MONEY}{NUMBER.format('low')}{_UNIT}"
    rf"\s?(?P<dash>and|to|-|–|~|到|至|和)\s?"
    rf"{_MONEY}{NUMBER.format('high')}{_UNIT}\s?(?P<close>之间|区间)?"
)
_ANY_NUMBER = re.compile(NUMBER.format("any"))
_ONE = re.compile(
    rf"(?:(?P<before>{_any_of(_BEFORE)})\s?)?{_MONEY}(?<![a-z0-9_.])"
    rf"{NUMBER.format('low')}(?P<half>个半|半(?=年)|\s?and a half\b)?{_UNIT}(?P<more>半)?"
    r"(?:\s?级(?=[或及]?以[上下]))?"
    rf"(?:\s?的?(?P<after>{_any_of(_AFTER)}))?"
)
_ORDINALS: Mapping[str, int] = {
    "second": 2, "third": 3, "fourth": 4, "fifth": 5, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5,
}  # fmt: skip
_RANK = re.compile(
    r"\b(?P<ordinal>second|third|fourth|fifth|2nd|3rd|4th|5th)\b|第(?P<place>[二三四五2345])"
    rf"|\btop (?P<top>{_COUNTED})\b|\b(?P<count>{_COUNTED}) "
    r"(?=most|least|cheapest|latest|newest|biggest|largest|highest|lowest)"
    r"|前(?P<first>\d{1,2}|[二两三四五十])|最.{1,3}的(?P<many>[两三四五十]|\d{1,2})[个款件种台笔]"
)
_MOST_TOLD = 40


def find_quantities(folded: str, *, now_ms: int, zone: tzinfo = UTC) -> list[Quantity]:
    """Times first, as the clocks of ``zone`` show them, then numbers outside of them; none overlaps
    another.
    """
    found = find_times(folded, datetime.fromtimestamp(now_ms / 1000, zone))
    rest = blanked(folded, ((one.start, one.end) for one in found))
    if _ANY_NUMBER.search(rest):
        found += _ranges(rest)
        found += _numbers(blanked(folded, ((one.start, one.end) for one in found)))
    return sorted(found, key=lambda one: one.start)


def find_rank(folded: str) -> tuple[int, int, int, int] | None:
    """Which places of an order are asked for: the first of them, how many, and where it is said."""
    found = _RANK.search(folded)
    if found is None:
        return None
    if found["ordinal"]:
        return _ORDINALS[found["ordinal"]] - 1, 1, found.start(), found.end()
    if found["place"]:
        return int(plain(found["place"])) - 1, 1, found.start(), found.end()
    said = found["top"] or found["count"] or found["first"] or found["many"]
    return 0, min(int(plain(said)), _MOST_TOLD), found.start(), found.end()


def _ranges(text: str) -> Iterator[Quantity]:
    for found in _RANGE.finditer(text):
        low, high = number_of(found, "low"), number_of(found, "high")
        said = found["word"] or (found["close"] and found["dash"] not in "和and")
        if not said and not (found["dash"] in "到至" and low < high):
            continue
        yield Quantity(
            bounds=((Comparison.FROM, low), (Comparison.UP_TO, high)),
            start=found.start(),
            end=found.end(),
            text=found[0],
        )


def _numbers(text: str) -> Iterator[Quantity]:
    for found in _ONE.finditer(text):
        if text[: found.start("low")].endswith("第"):
            continue
        comparison = _comparison(found["before"], _BEFORE) or _comparison(found["after"], _AFTER)
        value = number_of(found, "low") + (0.5 if found["half"] or found["more"] else 0.0)
        yield Quantity(
            bounds=((comparison or Comparison.EQUAL, value),),
            start=found.start(),
            end=found.end(),
            bare=comparison is None,
            text=found[0],
        )


def _comparison(said: str | None, table: Mapping[Comparison, tuple[str, ...]]) -> Comparison | None:
    return next((one for one, phrases in table.items() if said in phrases), None)
