"""Filters of a list in its page's address; unreadable ones do not filter."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from aiohttp import web

from cti_server.frame.moments import read_day
from cti_server.frame.pages import PAGES

_LONGEST_NUMBER = 18
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(9000, 1, 1)
"""Days beyond have no midnight beside them, or no moment in UTC, that a database could be asked for."""


def whole(text: str) -> int | None:
    """Read an id."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else None


def day(text: str) -> date | None:
    read = read_day(text)
    return read if read and _FIRST_DAY <= read <= _LAST_DAY else None


def moment(text: str) -> datetime | None:
    """Read where a page of the list ended; a moment without its zone is none."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None and _FIRST_DAY <= at.date() <= _LAST_DAY else None


def midnight(request: web.Request, of: date) -> datetime:
    """Give the beginning of the city's day."""
    return datetime.combine(of, time(), request.app[PAGES].timezone)


def period(request: web.Request, given: Mapping[str, str]) -> tuple[datetime | None, datetime | None]:
    """Read the days `from` and `to`, both included, as the moments since and before which it is asked."""
    first, last = day(given.get("from", "")), day(given.get("to", ""))
    return (
        None if first is None else midnight(request, first),
        None if last is None else midnight(request, last + timedelta(days=1)),
    )
