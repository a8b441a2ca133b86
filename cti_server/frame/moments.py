"""Days and moments as our fields show and take them, whatever language the browser speaks: 25.11.2026 14:30.

What programs and older links send, 2026-11-25 and 2026-11-25T14:30, is read as well.
"""

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

_DAY, _MOMENT = "%d.%m.%Y", "%d.%m.%Y %H:%M"
_OURS = re.compile(r"(\d{1,2})[., ] *(\d{1,2})[., ] *(\d{4})(?:,? +(\d{1,2})[:.](\d{2}))?", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::\d{2}(?:\.\d+)?)?)?", re.ASCII)
_EARLIEST, _LATEST = 2000, 2100
_IN_REACH = range(1900, _LATEST + 1)
"""Years of days, to which weeks may be added."""


def day_typed(day: date) -> str:
    return day.strftime(_DAY)


def moment_typed(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime(_MOMENT)


def day_shown(given: date | str) -> str:
    """Write a day as a field shows it; text that is none stays as it was typed."""
    if not isinstance(given, str):
        return day_typed(given)
    day = read_day(given)
    return day_typed(day) if day else given


def read_day(text: str) -> date | None:
    """Read a day of this century or the last; None for anything else."""
    day, clock = _parts(text)
    return None if clock or day is None or day.year not in _IN_REACH else day


def read_moment(text: str, zone: ZoneInfo, stood: datetime | None = None) -> datetime | None:
    """Read a moment in the city's own time; None for anything else.

    Text that nobody changed is the moment that `stood` there, also in the hour that the clocks show twice.
    """
    if stood is not None and text == moment_typed(stood, zone):
        return stood
    day, clock = _parts(text)
    if day is None or clock is None or not _EARLIEST <= day.year <= _LATEST:
        return None
    return datetime.combine(day, clock, zone).astimezone(UTC)


def _parts(text: str) -> tuple[date | None, time | None]:
    """Take the day and the hour of a text; neither of one that is no day, no hour of a day alone."""
    ours, iso = _OURS.fullmatch(text.strip()), _ISO.fullmatch(text.strip())
    if ours:
        day, month, year, hour, minute = ours.groups()
    elif iso:
        year, month, day, hour, minute = iso.groups()
    else:
        return None, None
    try:
        return date(int(year), int(month), int(day)), time(int(hour), int(minute)) if hour else None
    except ValueError:
        return None, None
