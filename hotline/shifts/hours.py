"""Hours of the day as people type them: 8, 08:00, 8.30; and of a whole shift: 8-20, 08:00–20:00."""

import re
from datetime import time

_HOUR = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?", re.ASCII)
_BETWEEN = re.compile(r"\s*[-–—]\s*")


def hour_of(text: str) -> time | None:
    """Read an hour; None for anything else. 24 is the midnight at the end of the day."""
    found = _HOUR.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if (hour, minute) == (24, 0):
        return time()
    return time(hour, minute) if hour < 24 and minute < 60 else None  # noqa: PLR2004 - hours and minutes


def hours_between(text: str) -> tuple[time, time] | None:
    """Read from when until when a shift lasts; None for anything else."""
    parts = _BETWEEN.split(text.strip())
    if len(parts) != 2:  # noqa: PLR2004 - a beginning and an end
        return None
    since, until = map(hour_of, parts)
    return None if since is None or until is None else (since, until)


def hours_text(since: time, until: time) -> str:
    return f"{since:%H:%M}–{until:%H:%M}"
