"""Numbers and times in a question, as bounds: "over 100", 5000元以上, "in March", 上周.

A time is a stretch of milliseconds since the epoch (UTC); days are those of a time zone; weeks
begin on Monday.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

DAY_MS = 86_400_000


class Comparison(StrEnum):
    """How a value is bounded."""

    OVER = ">"
    FROM = ">="
    UNDER = "<"
    UP_TO = "<="
    EQUAL = "="
    ONE_OF = "IN"


@dataclass(frozen=True, kw_only=True, slots=True)
class Quantity:
    """What a value has to be: every bound holds. ``is_time`` where the values are instants,
    ``is_now`` where this is one of them, ``to_come`` where none of them has come.

    ``bare`` is a number that nothing compares with.
    """

    bounds: tuple[tuple[Comparison, float], ...]
    start: int
    end: int
    is_time: bool = False
    is_now: bool = False
    to_come: bool = False
    bare: bool = False
    text: str = ""


def day_of(quantity: Quantity, zone: tzinfo) -> str | None:
    """The day that a time is, as 2026-10-01; ``None`` where it is longer, or no time."""
    values = [value for _, value in quantity.bounds]
    if not quantity.is_time or len(values) != 2 or values[1] - values[0] != DAY_MS:
        return None
    return f"{datetime.fromtimestamp(values[0] / 1000, zone):%Y-%m-%d}"


_COUNTED = r"\d{1,2}|two|three|four|five|ten"
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
_NUMBER = (
    rf"(?P<{{0}}>\d{{{{1,3}}}}(?:,\d{{{{3}}}})+(?:\.\d+)?|\d+(?:\.\d+)?|(?:{_SPELT})\b"
    r"|[零一二两三四五六七八九十百千万]+)\s?(?P<{0}_times>[千万百]|k\b|thousand|hundred|million)?"
    rf"(?:(?<=thousand)\s(?:and\s)?(?P<{{0}}_rest>{_SPELT})\b(?P<{{0}}_hundred>\shundred)?)?"
)
_TIMES: Mapping[str, int] = {
    "百": 100, "千": 1_000, "万": 10_000, "k": 1_000, "thousand": 1_000, "hundred": 100,
    "million": 1_000_000, "十": 10,
}  # fmt: skip
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
        "超过", "超出", "大于", "高于", "多于", "贵于", "长于", "超", "比",
    ),
    Comparison.UNDER: (
        "less than", "lower than", "smaller than", "shorter than", "fewer than", "cheaper than",
        "less expensive than", "under", "below", "beneath", "<",
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
    rf"(?:(?P<word>between|from|在|从|介于)\s?)?{_MONEY}{_NUMBER.format('low')}{_UNIT}"
    rf"\s?(?P<dash>and|to|-|–|~|到|至|和)\s?"
    rf"{_MONEY}{_NUMBER.format('high')}{_UNIT}\s?(?P<close>之间|区间)?"
)
_ANY_NUMBER = re.compile(_NUMBER.format("any"))
_ONE = re.compile(
    rf"(?:(?P<before>{_any_of(_BEFORE)})\s?)?{_MONEY}(?<![a-z0-9_.])"
    rf"{_NUMBER.format('low')}(?P<half>个半|半(?=年)|\s?and a half\b)?{_UNIT}(?P<more>半)?"
    rf"(?:\s?的?(?P<after>{_any_of(_AFTER)}))?"
)
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
MONTH_WORD = "|".join([*_MONTHS, *(f"{name[:3]}(?![a-z])" for name in _MONTHS if name != "may")])


def find_quantities(folded: str, *, now_ms: int, zone: tzinfo = UTC) -> list[Quantity]:
    """Times first, as the clocks of ``zone`` show them, then numbers outside of them; none overlaps
    another.
    """
    found = _joined(_times(folded, datetime.fromtimestamp(now_ms / 1000, zone)), folded, zone)
    rest = _blanked(folded, found)
    if _ANY_NUMBER.search(rest):
        found += _ranges(rest)
        found += _numbers(_blanked(folded, found))
    return sorted(found, key=lambda one: one.start)


_UP_TO = re.compile(r"\s*(?:to|until|till|through|thru|到|至|-|–|~)\s*(?:the end of )?")
_AND_THEN = re.compile(r"\s*(?:and|&|和|与|及|、)\s*(?:in |during |of )?")
_BETWEEN = re.compile(r"\bbetween\s$|(?:在|从|介于)$")


def _joined(times: Iterable[Quantity], folded: str, zone: tzinfo) -> list[Quantity]:
    """Two times as one: from one to the other, or one after the other, "January and February"."""
    found: list[Quantity] = []
    for one in sorted(times, key=lambda time: time.start):
        last = found[-1] if found else None
        if last and _is_span(last) and _is_span(one):
            gap = folded[last.end : one.start]
            first = _year_before(last, one, zone)
            is_next = _AND_THEN.fullmatch(gap) and first.bounds[1][1] == one.bounds[0][1]
            within = _AND_THEN.fullmatch(gap) and _BETWEEN.search(folded[: last.start])
            if _UP_TO.fullmatch(gap) or is_next or within:
                found[-1] = replace(
                    first,
                    bounds=(first.bounds[0], one.bounds[1]),
                    end=one.end,
                    is_now=first.is_now or one.is_now,
                    text=folded[last.start : one.end],
                )
                continue
        found.append(one)
    return found


def _is_span(one: Quantity) -> bool:
    return [comparison for comparison, _ in one.bounds] == [Comparison.FROM, Comparison.UNDER]


def _year_before(first: Quantity, last: Quantity, zone: tzinfo) -> Quantity:
    """With the year of what it goes up to, where it says none itself: "November to December 2025"."""
    if first.bounds[0][1] <= last.bounds[0][1] or re.search(r"\d{4}", first.text):
        return first
    moments = [datetime.fromtimestamp(value / 1000, zone) for _, value in first.bounds]
    years = moments[0].year - datetime.fromtimestamp(last.bounds[0][1] / 1000, zone).year
    try:
        earlier = [one.replace(year=one.year - years) for one in moments]
    except ValueError:  # the 29th of February
        return first
    values = (one.timestamp() * 1000 for one in earlier)
    bounds = tuple(zip((Comparison.FROM, Comparison.UNDER), values, strict=True))
    return replace(first, bounds=bounds, to_come=False)


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


def find_rank(folded: str) -> tuple[int, int, int, int] | None:
    """Which places of an order are asked for: the first of them, how many, and where it is said."""
    found = _RANK.search(folded)
    if found is None:
        return None
    if found["ordinal"]:
        return _ORDINALS[found["ordinal"]] - 1, 1, found.start(), found.end()
    if found["place"]:
        return int(_plain(found["place"])) - 1, 1, found.start(), found.end()
    said = found["top"] or found["count"] or found["first"] or found["many"]
    return 0, min(int(_plain(said)), _MOST_TOLD), found.start(), found.end()


def _plain(text: str) -> float:
    return float(text) if text.isdigit() else float(_spelt(text))


def _blanked(folded: str, found: list[Quantity]) -> str:
    rest = list(folded)
    for one in found:
        rest[one.start : one.end] = " " * (one.end - one.start)
    return "".join(rest)


def _ranges(text: str) -> Iterator[Quantity]:
    for found in _RANGE.finditer(text):
        low, high = _number(found, "low"), _number(found, "high")
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
        value = _number(found, "low") + (0.5 if found["half"] or found["more"] else 0.0)
        yield Quantity(
            bounds=((comparison or Comparison.EQUAL, value),),
            start=found.start(),
            end=found.end(),
            bare=comparison is None,
            text=found[0],
        )


def _comparison(said: str | None, table: Mapping[Comparison, tuple[str, ...]]) -> Comparison | None:
    return next((one for one, phrases in table.items() if said in phrases), None)


def _number(found: re.Match[str], name: str) -> float:
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


Stretch = tuple[datetime, datetime]


def _times(text: str, now: datetime) -> Iterator[Quantity]:
    """Inside of this, times are what a clock on the wall shows, and called UTC."""
    taken: list[tuple[int, int]] = []
    zone, now = now.tzinfo or UTC, now.replace(tzinfo=UTC)
    for pattern, stretch in _PATTERNS:
        for found in pattern.finditer(text):
            if any(found.start() < end and start < found.end() for start, end in taken):
                continue
            span = stretch(found, now)
            if span is None:
                continue
            start, end = found.span()
            bounds, start, end = _around(text, start, end, span, zone)
            taken.append((start, end))
            yield Quantity(
                bounds=bounds,
                start=start,
                end=end,
                is_time=True,
                is_now=span[0] <= now < span[1],
                to_come=now < span[0],
                text=text[start:end],
            )


_QUARTERS = ("first", "second", "third", "fourth")
_SINCE = re.compile(
    r"(?:after|since|later than|newer than|following|starting)\s(?:the\s)?$|(?:自从|自|从|晚于)$"
)
_UNTIL = re.compile(
    r"(?:before|until|till|earlier than|older than|prior to|by)\s(?:the\s)?$|(?:早于|截至|截止)$"
)
_SINCE_AFTER = re.compile(
    r"\s?(?:及以后|及之后|之后|以后|以来|过后|后|起|开始|(?:or|and) (?:later|after)|onwards?)"
)
_UNTIL_AFTER = re.compile(r"\s?(?:之前|以前|前)")
_LEAD = re.compile(r"(?:in|on|during|of|within|at|from)\s(?:the\s)?$|在$|于$")


def _around(
    text: str, start: int, end: int, span: Stretch, zone: tzinfo
) -> tuple[tuple[tuple[Comparison, float], ...], int, int]:
    first, last = (moment.replace(tzinfo=zone).timestamp() * 1000 for moment in span)
    before = text[:start]
    if found := _SINCE.search(before) or None:
        # "since March" has March in it, "after March" has not.
        inclusive = not found[0].startswith(("after", "later", "following", "晚"))
        return ((Comparison.FROM, first if inclusive else last),), found.start(), end
    if found := _SINCE_AFTER.match(text, end):
        inclusive = not found[0].strip().startswith(("之后", "以后", "过后", "后"))
        return ((Comparison.FROM, first if inclusive else last),), start, found.end()
    if found := _UNTIL.search(before) or None:
        return ((Comparison.UNDER, first),), found.start(), end
    if found := _UNTIL_AFTER.match(text, end):
        return ((Comparison.UNDER, first),), start, found.end()
    lead = _LEAD.search(before)
    bounds = ((Comparison.FROM, first), (Comparison.UNDER, last))
    return bounds, lead.start() if lead else start, end


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _days(first: datetime, count: int = 1) -> Stretch:
    return first, first + timedelta(days=count)


def _month(year: int, month: int) -> Stretch | None:
    if not (1 <= month <= 12 and 1970 <= year <= 2200):
        return None
    first = datetime(year, month, 1, tzinfo=UTC)
    return first, datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)


def _year(year: int) -> Stretch | None:
    if not 1970 <= year <= 2200:
        return None
    return datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)


def _part_of_year(found: re.Match[str], now: datetime) -> Stretch | None:
    """A quarter or a half of a year."""
    said = found["year"] or found["in"]
    year = int(said) if said.isdigit() else now.year - "今去前".index(said[0])
    if half := found["half"] or found["first"]:
        first, months = (1 if half in {"上", "first"} else 7), 6
    else:
        place = found["quarter"] or found["q"] or str(_QUARTERS.index(found["place"]) + 1)
        first, months = 3 * int(_plain(place)) - 2, 3
    begins, ends = _month(year, first), _month(year, first + months - 1)
    return (begins[0], ends[1]) if begins and ends else None


def _day(year: int, month: int, day: int) -> Stretch | None:
    try:
        return _days(datetime(year, month, day, tzinfo=UTC))
    except ValueError:
        return None


def _day_of(now: datetime, day: int, *, last: bool) -> Stretch | None:
    """A day of this month, or of the last."""
    month = now.replace(day=1) - timedelta(days=last)
    return _day(month.year, month.month, day)


def _past(month: int, now: datetime, day: int | None = None) -> Stretch | None:
    """The last time that there was such a month or day."""
    year = now.year if month <= now.month else now.year - 1
    if day is None:
        return _month(year, month)
    found = _day(year, month, day)
    return _day(year - 1, month, day) if found and found[0] > now else found


def _month_number(name: str) -> int:
    return next(at for at, month in enumerate(_MONTHS, 1) if month[:3] == name[:3])


def _relatives(now: datetime) -> Mapping[str, Stretch | None]:
    """Times by the words that tell them from today on."""
    today = _midnight(now)
    monday = today - timedelta(days=today.weekday())
    first = today.replace(day=1)
    last_month = (first - timedelta(days=1)).replace(day=1)
    next_month = first + timedelta(days=31)
    return {
        **dict.fromkeys(("today", "今天", "今日"), _days(today)),
        **dict.fromkeys(("yesterday", "昨天", "昨日"), _days(today - timedelta(days=1))),
        **dict.fromkeys(("前天", "the day before yesterday"), _days(today - timedelta(days=2))),
        **dict.fromkeys(("this week", "本周", "这周", "这个星期", "这星期"), _days(monday, 7)),
        **dict.fromkeys(
            ("last week", "上周", "上个星期", "上星期", "上一周"),
            _days(monday - timedelta(days=7), 7),
        ),
        **dict.fromkeys(("this month", "本月", "这个月"), _month(now.year, now.month)),
        **dict.fromkeys(
            ("last month", "上个月", "上月"), _month(last_month.year, last_month.month)
        ),
        **dict.fromkeys(("this year", "今年"), _year(now.year)),
        **dict.fromkeys(("last year", "去年"), _year(now.year - 1)),
        "前年": _year(now.year - 2),
        **dict.fromkeys(("tomorrow", "明天", "明日"), _days(today + timedelta(days=1))),
        **dict.fromkeys(("the day after tomorrow", "后天"), _days(today + timedelta(days=2))),
        **dict.fromkeys(
            ("next week", "下周", "下个星期", "下星期", "下一周"),
            _days(monday + timedelta(days=7), 7),
        ),
        **dict.fromkeys(
            ("next month", "下个月", "下月"), _month(next_month.year, next_month.month)
        ),
        **dict.fromkeys(("next year", "明年"), _year(now.year + 1)),
    }


def _recent(found: re.Match[str], now: datetime) -> Stretch | None:
    number = _number(found, "count") if found["count"] else 1
    unit = found["unit"]
    days = {
        "d": 1,
        "天": 1,
        "日": 1,
        "w": 7,
        "周": 7,
        "星": 7,
        "m": 30,
        "个": 30,
        "月": 30,
        "y": 365,
        "年": 365,
    }
    length = timedelta(days=min(number * days[unit[0]], 36_500))
    return now - length, now + timedelta(seconds=1)


_Meant = Callable[[re.Match[str], datetime], Stretch | None]
_PATTERNS: tuple[tuple[re.Pattern[str], _Meant], ...] = (
    (
        re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)"),
        lambda found, _: _day(int(found[1]), int(found[2]), int(found[3])),
    ),
    (
        re.compile(r"(?<!\d)(\d{4}) ?年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?[日号]"),
        lambda found, _: _day(int(found[1]), int(found[2]), int(found[3])),
    ),
    (
        re.compile(r"(?<!\d)(\d{4}) ?年 ?(\d{1,2}) ?月(?:份)?"),
        lambda found, _: _month(int(found[1]), int(found[2])),
    ),
    (
        re.compile(r"(?<!\d)(\d{4})[-/](\d{1,2})(?![\d/-])"),
        lambda found, _: _month(int(found[1]), int(found[2])),
    ),
    (
        re.compile(
            r"(?<!\d)(?P<year>\d{4}|[今去前]年) ?年?的?"
            r"(?:第?(?P<quarter>[一二三四1-4]) ?个?季度|(?P<half>[上下])半年)"
            rf"|(?:the )?(?:q(?P<q>[1-4])|(?P<place>{'|'.join(_QUARTERS)}) quarter"
            r"|(?P<first>first|second) half),? (?:of )?(?:the year )?(?P<in>\d{4})(?!\d)"
        ),
        _part_of_year,
    ),
    (re.compile(r"(?<!\d)(\d{4}) ?年"), lambda found, _: _year(int(found[1]))),
    (
        re.compile(r"(?P<year>[今去前])年的?(\d{1,2}) ?月 ?(\d{1,2}) ?[日号]"),
        lambda found, now: _day(
            now.year - "今去前".index(found["year"]), int(found[2]), int(found[3])
        ),
    ),
    (
        re.compile(r"(?P<month>上个?月|这个?月|本月)的?(\d{1,2}) ?[日号]"),
        lambda found, now: _day_of(now, int(found[2]), last=found["month"].startswith("上")),
    ),
    (
        re.compile(r"(?P<year>[今去前]年)(?:的|的?第)?(?P<month>\d{1,2}|十[一二]?|[一二三四五六七八九])月份?"),
        lambda found, now: _month(
            now.year - "今去前".index(found["year"][0]), int(_plain(found["month"]))
        ),
    ),
    (
        re.compile(r"(?<![一二三四五六七八九十\d个])(?P<month>十[一二]?|[一二三四五六七八九])月份?(?!\d)"),
        lambda found, now: _past(int(_plain(found["month"])), now),
    ),
    (
        re.compile(rf"\b({MONTH_WORD})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})(?!\d)"),
        lambda found, _: _day(int(found[3]), _month_number(found[1]), int(found[2])),
    ),
    (
        re.compile(
            rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?({MONTH_WORD})\.?,? (\d{{4}})(?!\d)"
        ),
        lambda found, _: _day(int(found[3]), _month_number(found[2]), int(found[1])),
    ),
    (
        re.compile(rf"\b({MONTH_WORD})\.?,? (?:of )?(\d{{4}})(?!\d)"),
        lambda found, _: _month(int(found[2]), _month_number(found[1])),
    ),
    (
        re.compile(rf"\b({MONTH_WORD})\.? (\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])"),
        lambda found, now: _past(_month_number(found[1]), now, int(found[2])),
    ),
    (
        re.compile(r"(?<!\d)(\d{1,2}) ?月 ?(\d{1,2}) ?[日号]"),
        lambda found, now: _past(int(found[1]), now, int(found[2])),
    ),
    (
        re.compile(r"(?<![\d个])(\d{1,2}) ?月份?(?!\d)"),
        lambda found, now: _past(int(found[1]), now) if int(found[1]) <= 12 else None,
    ),
    (
        re.compile(rf"(?<=\bin )({MONTH_WORD})\b|(?<=\bsince )({MONTH_WORD})\b|"
                   rf"(?<=\bafter )({MONTH_WORD})\b|(?<=\bbefore )({MONTH_WORD})\b"
                   rf"|(?<=\bduring )({MONTH_WORD})\b|(?<=\blast )({MONTH_WORD})\b"),
        lambda found, now: _past(_month_number(found[0]), now),
    ),
    (
        re.compile(
            r"(?:(?<=\bin )|(?<=\bsince )|(?<=\bafter )|(?<=\bbefore )|(?<=\bduring )"
            r"|(?<=\border of )|(?<=\borders of )|(?<=\bthroughout ))((?:19|20)\d{2})\b"
        ),
        lambda found, _: _year(int(found[1])),
    ),
    (
        re.compile(
            "|".join(sorted(_relatives(datetime(2000, 1, 1, tzinfo=UTC)), key=len, reverse=True))
        ),
        lambda found, now: _relatives(now)[found[0]],
    ),
    (
        re.compile(
            r"(?:(?:in |within |over |during )?(?:the )?(?:past|last|recent) |最近的?|过去的?|近)"
            + _NUMBER.format("count").replace("[千万百]|k\\b|thousand|hundred|million", "百")
            + r"? ?(?P<unit>days?|weeks?|months?|years?|天|日|周|星期|个月|年)(?:内|里|以来)?"
        ),
        _recent,
    ),
)  # fmt: skip
