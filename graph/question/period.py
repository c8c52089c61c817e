"""Times in a question: "in March", 上周, "from January to March".

A time is a stretch of milliseconds since the epoch (UTC); days are those of a time zone; weeks
begin on Monday.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo

from graph.question.number import NUMBER, number_of, plain
from graph.question.quantity import Comparison, Quantity

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
YEAR = re.compile(r"(?:19|20)\d\d")
MONTH_WORD = "|".join([*_MONTHS, *(f"{name[:3]}(?![a-z])" for name in _MONTHS if name != "may")])
_ANY_TIME = re.compile(
    r"\d|[年月周天日季星]|day|morrow|week|month|year|quarter|half|"
    + "|".join(name[:3] for name in _MONTHS)
)
"""Most texts speak of no time, and need not be looked through for each."""
_UP_TO = re.compile(r"\s*(?:to|until|till|through|thru|到|至|-|–|~)\s*(?:the end of )?")
_AND_THEN = re.compile(r"\s*(?:and|&|和|与|及|、)\s*(?:in |during |of )?")
_BETWEEN = re.compile(r"\bbetween\s$|(?:在|从|介于)$")
_SAID_YEAR = re.compile(r"\d{4}")
_OF_NO_YEAR = re.compile(
    rf"(?:in |on |during |of )?(?:the )?(?:(?:{MONTH_WORD})(?: \d{{1,2}}(?:st|nd|rd|th)?)?"
    rf"|\d{{1,2}}(?:st|nd|rd|th)? (?:of )?(?:{MONTH_WORD})"
    r"|在?[\d一二三四五六七八九十]{1,3}月(?:份|[\d一二三四五六七八九十]{1,3}[日号])?)",
)
Stretch = tuple[datetime, datetime]
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


def find_times(folded: str, now: datetime, *, joined: bool = True) -> list[Quantity]:
    """As the clocks of ``now``'s zone show them; none overlaps another. Those that follow each
    other are one, "January and February", where they are ``joined``.
    """
    if _ANY_TIME.search(folded) is None:
        return []
    found = _times(folded, now)
    if not joined:
        return sorted(found, key=lambda time: time.start)
    return _joined(found, folded, now.tzinfo or UTC)


def _joined(times: Iterable[Quantity], folded: str, zone: tzinfo) -> list[Quantity]:
    """Two times as one: from one to the other, or one after the other, "January and February"."""
    found: list[Quantity] = []
    for time in sorted(times, key=lambda time: time.start):
        last = found[-1] if found else None
        one = _year_after(last, time, folded, zone) if last else time
        if last and is_span(last) and is_span(one):
            gap = folded[last.end : one.start]
            first = _year_before(last, one, zone)
            is_next = _AND_THEN.fullmatch(gap) and first.bounds[1][1] == one.bounds[0][1]
            within = _BETWEEN.search(folded[: last.start])
            if _UP_TO.fullmatch(gap) or is_next or (within and _AND_THEN.fullmatch(gap)):
                found[-1] = replace(
                    first,
                    start=within.start() if within else last.start,
                    bounds=(first.bounds[0], one.bounds[1]),
                    end=one.end,
                    is_now=first.is_now or one.is_now,
                    text=folded[last.start : one.end],
                )
                continue
        found.append(one)
    return found


def is_span(one: Quantity) -> bool:
    """Whether it is a stretch with both ends."""
    return [comparison for comparison, _ in one.bounds] == [Comparison.FROM, Comparison.UNDER]


def _year_before(first: Quantity, last: Quantity, zone: tzinfo) -> Quantity:
    """With the year of what it goes up to, where it says none: "November to December 2025"."""
    if first.bounds[0][1] <= last.bounds[0][1] or _SAID_YEAR.search(first.text):
        return first
    return _in_year(first, _year_of(last, zone), zone)


def _year_after(first: Quantity, last: Quantity, folded: str, zone: tzinfo) -> Quantity:
    """A month or day with the year of what comes before, or the next: 2025年11月和12月."""
    gap = folded[first.end : last.start]
    if not (
        is_span(first) and is_span(last) and (_AND_THEN.fullmatch(gap) or _UP_TO.fullmatch(gap))
    ):
        return last
    if not _SAID_YEAR.search(first.text) or not _OF_NO_YEAR.fullmatch(last.text):
        return last
    year = _year_of(first, zone)
    found = _in_year(last, year, zone)
    return _in_year(last, year + 1, zone) if found.bounds < first.bounds else found


def _year_of(one: Quantity, zone: tzinfo) -> int:
    return datetime.fromtimestamp(one.bounds[0][1] / 1000, zone).year


def _in_year(one: Quantity, year: int, zone: tzinfo) -> Quantity:
    moments = [datetime.fromtimestamp(value / 1000, zone) for _, value in one.bounds]
    years = year - moments[0].year
    try:
        moved = [moment.replace(year=moment.year + years) for moment in moments]
    except ValueError:  # the 29th of February
        return one
    values = (moment.timestamp() * 1000 for moment in moved)
    bounds = tuple(zip((Comparison.FROM, Comparison.UNDER), values, strict=True))
    return replace(one, bounds=bounds, to_come=False)


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
        first, months = 3 * int(plain(place)) - 2, 3
    begins, ends = _month(year, first), _month(year, first + months - 1)
    return (begins[0], ends[1]) if begins and ends else None


def _day(year: int, month: int, day: int) -> Stretch | None:
    try:
        return _days(datetime(year, month, day, tzinfo=UTC))
    except ValueError:
        return None


def _from_to(found: re.Match[str]) -> Stretch | None:
    """Some days of one month."""
    named = found.groupdict()
    month = _month_number(named["word"]) if named.get("word") else int(named["month"])
    ends = (_day(int(named["year"]), month, int(named[one])) for one in ("first", "last"))
    first, last = ends
    return (first[0], last[1]) if first and last and first[0] <= last[0] else None


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
    number = number_of(found, "count") if found["count"] else 1
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
        re.compile(
            r"(?<!\d)(?P<year>\d{4}) ?年 ?(?P<month>\d{1,2}) ?月 ?(?P<first>\d{1,2}) ?[日号]?"
            r" ?(?:到|至|-|–|~) ?(?P<last>\d{1,2}) ?[日号]"
        ),
        lambda found, _: _from_to(found),
    ),
    (
        re.compile(
            rf"(?<!\d)(?P<first>\d{{1,2}})(?:st|nd|rd|th)? ?(?:to|until|till|through|-|–) ?"
            rf"(?P<last>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<word>{MONTH_WORD})\.?,? "
            r"(?P<year>\d{4})(?!\d)"
        ),
        lambda found, _: _from_to(found),
    ),
    (
        re.compile(
            rf"\b(?P<word>{MONTH_WORD})\.? (?P<first>\d{{1,2}})(?:st|nd|rd|th)? ?"
            r"(?:to|until|till|through|-|–) ?(?P<last>\d{1,2})(?:st|nd|rd|th)?,? "
            r"(?P<year>\d{4})(?!\d)"
        ),
        lambda found, _: _from_to(found),
    ),
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
            now.year - "今去前".index(found["year"][0]), int(plain(found["month"]))
        ),
    ),
    (
        re.compile(r"(?<![一二三四五六七八九十\d个])(?P<month>十[一二]?|[一二三四五六七八九])月份?(?!\d)"),
        lambda found, now: _past(int(plain(found["month"])), now),
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
        re.compile(rf"\b({MONTH_WORD})(?=(?:['’]s)? (?:[a-z]+ )?(?:orders|purchases)\b)"),
        lambda found, now: _past(_month_number(found[1]), now),
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
                   rf"|(?<=\bduring )({MONTH_WORD})\b|(?<=\blast )({MONTH_WORD})\b"
                   rf"|(?<=\bbetween )({MONTH_WORD})\b|(?<=\bto )({MONTH_WORD})\b"
                   rf"|(?<=\bthrough )({MONTH_WORD})\b|(?<=\buntil )({MONTH_WORD})\b"
                   rf"|\b({MONTH_WORD})(?=\s?(?:and|to|through|until|till|-|–)\s?(?:{MONTH_WORD})\b)"
                   rf"|(?<=\band )(?:(?!may\b)(?:{MONTH_WORD})\b|may(?=\W*$))"
                   rf"|(?<=\bfrom )({MONTH_WORD})(?=\s(?:to|until|till|through|thru)\b)"),
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
            + NUMBER.format("count").replace("[千万百]|k\\b|thousand|hundred|million", "百")
            + r"? ?(?P<unit>days?|weeks?|months?|years?|天|日|周|星期|个月|年)(?:内|里|以来)?"
        ),
        _recent,
    ),
)  # fmt: skip
