"""iCalendar (RFC 5545): an event for each outage, under one UID for ever; a moved end is a higher SEQUENCE.

All times are in UTC, which every calendar shows in its owner's own zone: no VTIMEZONE is needed.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cti_server.frame.icalendar import calendar_of, escaped, utc
from cti_server.outages.public.feed import Feed
from hotline.outages.bulletin import PublishedOutage
from hotline.outages.outage import Outage

_HOUR = timedelta(hours=1)
_LONGEST_NAME = 120


def calendar(feed: Feed) -> str:
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//City hotline//Outages//UK",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(feed.title)}",
        f"X-WR-TIMEZONE:{feed.words.timezone.key}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT15M",
        "X-PUBLISHED-TTL:PT15M",
    ]
    for told in feed.place.bulletin.all:
        lines += _event(feed, told)
    lines.append("END:VCALENDAR")
    return calendar_of(lines)


def _event(feed: Feed, told: PublishedOutage) -> Iterator[str]:
    outage = told.outage
    yield "BEGIN:VEVENT"
    yield f"UID:{_uid(feed, outage)}"
    yield f"SEQUENCE:{outage.version - 1}"
    yield f"DTSTAMP:{utc(told.changed_at)}"
    yield f"LAST-MODIFIED:{utc(told.changed_at)}"
    yield f"CREATED:{utc(outage.entered_at)}"
    yield f"DTSTART:{utc(outage.starts_at)}"
    if (end := _end(feed, outage)) > outage.starts_at:
        yield f"DTEND:{utc(end)}"
    yield f"STATUS:{'CANCELLED' if outage.cancelled else 'CONFIRMED'}"
    where = "; ".join(feed.words.where(outage))
    yield f"SUMMARY:{escaped(_cut(f'{feed.words.title(outage)}: {where}'))}"
    yield f"LOCATION:{escaped(where)}"
    yield f"DESCRIPTION:{escaped(chr(10).join(feed.words.story(told)))}"
    yield f"CATEGORIES:{escaped(feed.words.utility(outage.utility))}"
    yield f"URL:{feed.page(outage.id)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _end(feed: Feed, outage: Outage) -> datetime:
    """Give its end; where nobody knows it, or it is past, the outage goes on for the next hour at least.

    A calendar draws an event without an end as a line that nobody sees, and it asks again each quarter hour.
    """
    known = outage.ended_at or outage.expected_end or outage.starts_at
    by_now = feed.place.bulletin.drawn_at
    if outage.over or (outage.expected_end is not None and outage.expected_end > by_now):
        return known
    return max(known, outage.starts_at + _HOUR, by_now + _HOUR)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_NAME else f"{text[: _LONGEST_NAME - 1]}…"


def _uid(feed: Feed, outage: Outage) -> str:
    """Name it; the moment keeps the names of a database apart from those of the one that was there before."""
    return f"outage-{outage.id}-{int(outage.entered_at.timestamp()):x}@{urlsplit(feed.site).hostname}"
