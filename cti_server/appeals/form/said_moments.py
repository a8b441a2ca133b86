"""Moments as dispatchers type what a citizen says of them: «вчора о 18:00», 26.11, 9:30."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cti_server.frame.moments import day_typed, read_day, read_moment

_LATELY = re.compile(r"(?:(\d{1,2})\.(\d{1,2})\.? +)?(\d{1,2}):(\d{2})", re.ASCII)
_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.?", re.ASCII)
_HOUR = re.compile(r"(?:^|\s)(?:об?|at)\s+(\d{1,2})(?:[:.](\d{2}))?$")
_DAYS_AGO = {"сьогодні": 0, "today": 0, "вчора": 1, "учора": 1, "yesterday": 1, "позавчора": 2}
_LEAP_YEARS_APART = 8


def read_said(text: str, now: datetime, zone: ZoneInfo) -> str | None:
    """Read a day or moment, as ISO 8601 has it; one without its year or day is the last such one."""
    text = _written(text, now.date())
    at = read_moment(text, zone)
    if at is None and (lately := _LATELY.fullmatch(text)):
        at = _last(now, lately, zone)
    if at is not None:
        return at.astimezone(UTC).isoformat(timespec="minutes")
    day = read_day(text)
    if day is None and (soon := _DAY.fullmatch(text)):
        day = _last_day(now.date(), soon)
    return day.isoformat() if day else None


def _written(text: str, today: date) -> str:
    """Write words as fields have them: `вчора о 9` → `25.11.2026 9:00`."""
    text = _HOUR.sub(lambda read: f" {read[1]}:{read[2] or '00'}", text.strip().casefold()).strip()
    day, _, rest = text.partition(" ")
    if (ago := _DAYS_AGO.get(day.rstrip(","))) is not None:
        text = f"{day_typed(today - timedelta(days=ago))} {rest}".strip()
    return text.upper()  # ISO 8601 has a T


def _last(now: datetime, read: re.Match[str], zone: ZoneInfo) -> datetime | None:
    day, month, hour, minute = read.groups()
    try:
        clock = time(int(hour), int(minute))
    except ValueError:
        return None
    days = _days(now.date(), day, month) if day else (now.date(), now.date() - timedelta(days=1))
    moments = (datetime.combine(one, clock, zone) for one in days)
    return next((at for at in moments if at <= now), None)


def _last_day(today: date, read: re.Match[str]) -> date | None:
    return next((day for day in _days(today, *read.groups()) if day <= today), None)


def _days(today: date, day: str, month: str) -> Iterator[date]:
    """Give such a day of this year and of those before it: 29 February is in few of them."""
    for year in range(today.year, today.year - _LEAP_YEARS_APART - 1, -1):
        with suppress(ValueError):
            yield date(year, int(month), int(day))
