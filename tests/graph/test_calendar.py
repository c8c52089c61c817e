from datetime import UTC, datetime

import pytest

from graph.calendar import read_calendar

OFFICE = read_calendar("Asia/Shanghai", ["mon-fri 09:00-18:00"], ["2026-10-01"])
NIGHT = read_calendar("UTC", ["fri 22:00-02:00"], [])
ABROAD = read_calendar("America/New_York", ["sun 00:30-05:00"], [])


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("calendar", "now", "until"),
    [
        (OFFICE, "2026-09-30T01:00", "2026-09-30T10:00"),
        (OFFICE, "2026-09-30T00:59", None),
        (OFFICE, "2026-09-30T10:00", None),
        (OFFICE, "2026-10-01T02:00", None),
        (OFFICE, "2026-10-03T02:00", None),
        (NIGHT, "2026-10-02T23:00", "2026-10-03T00:00"),
        (NIGHT, "2026-10-03T01:00", "2026-10-03T02:00"),
        (NIGHT, "2026-10-02T01:00", None),
        # The night clocks go back: 01:30 comes twice, five o'clock once.
        (ABROAD, "2026-11-01T05:30", "2026-11-01T10:00"),
    ],
)
def test_a_shift_is_on_until_its_hour(calendar: object, now: str, until: str | None) -> None:
    assert calendar is not None
    assert calendar.until(at(now)) == (at(until) if until else None)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("zone", "hours"),
    [("Mars/Olympus", ["mon 09:00-10:00"]), ("UTC", []), ("UTC", ["noon"]), ("UTC", ["foo 1-2"])],
)
def test_what_cannot_be_read_is_no_calendar(zone: str, hours: list[str]) -> None:
    assert read_calendar(zone, hours, []) is None
