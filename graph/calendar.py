"""Working hours: whether somebody is on shift at an instant, and until when."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"([a-z]{3})(?:-([a-z]{3}))? (\d\d):(\d\d)-(\d\d):(\d\d)")
_END_OF_DAY = 24 * 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendar:
    """``spans`` are (weekday from Monday, first minute, minute behind the last) in ``timezone``."""

    timezone: ZoneInfo
    spans: tuple[tuple[int, int, int], ...]
    holidays: frozenset[date] = frozenset()

    def until(self, at: int) -> int | None:
        """When the shift that is on at ``at`` ends; ``None`` if none is. Milliseconds, UTC."""
        local = datetime.fromtimestamp(at / 1000, self.timezone)
        if local.date() in self.holidays:
            return None
        minute = local.hour * 60 + local.minute
        today = [span for span in self.spans if span[0] == local.weekday()]
        ends = [end for _, start, end in today if start <= minute < end]
        if not ends:
            return None
        midnight = datetime.combine(local.date(), time(), self.timezone)
        # By the wall clock: on the day that clocks change, a shift still ends at its hour.
        end = (midnight + timedelta(minutes=max(ends))).astimezone(UTC)
        return int(end.timestamp() * 1000)


def read_calendar(
    timezone: str | None, hours: Iterable[str], holidays: Iterable[str]
) -> Calendar | None:
    """A calendar as knowledge has it (``mon-fri 09:00-18:00``); ``None`` if no hour can be read."""
    spans = tuple(span for text in hours for span in _spans(text))
    zone = zone_of(timezone)
    if not spans or zone is None:
        return None
    return Calendar(
        timezone=zone, spans=spans, holidays=frozenset(date.fromisoformat(day) for day in holidays)
    )


def zone_of(timezone: str | None) -> ZoneInfo | None:
    """The time zone of that name, UTC where none is given; ``None`` where there is no such."""
    try:
        return ZoneInfo(timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return None


def _spans(text: str) -> Iterable[tuple[int, int, int]]:
    found = _SPAN.fullmatch(text.strip().lower())
    if found is None or found[1] not in _DAYS or (found[2] or found[1]) not in _DAYS:
        return
    first, last = _DAYS.index(found[1]), _DAYS.index(found[2] or found[1])
    start, end = (int(found[at]) * 60 + int(found[at + 1]) for at in (3, 5))
    for step in range((last - first) % 7 + 1):
        day = (first + step) % 7
        if start < end:
            yield day, start, end
        else:  # through midnight
            yield day, start, _END_OF_DAY
            yield (day + 1) % 7, 0, end
