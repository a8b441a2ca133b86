"""The days ahead drawn: a row for each thing that is off, a bar for each time that somebody is without it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cti_server.outages.public.words import Words
from hotline.city.classifier import Utility
from hotline.outages.bulletin import Bulletin, PublishedOutage
from hotline.outages.outage import OutageKind

DAYS = 7
_SCALE = 100.0
_BETWEEN = "".join(f"M{number * _SCALE / DAYS:.2f} 0V10" for number in range(1, DAYS))


@dataclass(frozen=True, slots=True)
class Bar:
    """Left edge and width in percent of all days. `open_end`: nobody knows when it ends."""

    left: float
    width: float
    urgent: bool
    open_end: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One utility; `count` outages of it in these days."""

    title: str
    count: int
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The names of the days, the rows, and where the present hour is, in percent."""

    days: Sequence[str]
    rows: Sequence[Row]
    now: float
    between: str = _BETWEEN
    """The lines between the days, as the `d` of an SVG path."""


def timeline(bulletin: Bulletin, words: Words) -> Timeline:
    """Draw what goes on and what comes in the days from today; empty rows where nothing does."""
    at = bulletin.drawn_at
    first, last = words.local(at), words.local(at, DAYS)
    rows = []
    for utility in Utility:
        there = [
            told
            for told in (*bulletin.now, *bulletin.coming)
            if told.outage.utility is utility and told.outage.starts_at < last
        ]
        if there:
            bars = sorted({_bar(told, first, last) for told in there}, key=lambda bar: (bar.left, -bar.width))
            rows.append(Row(title=words.utility(utility), count=len(there), bars=bars))
    days = [words.day(words.local(at, number).date()) for number in range(DAYS)]
    return Timeline(days=days, rows=rows, now=_place(at, first, last))


def _bar(told: PublishedOutage, first: datetime, last: datetime) -> Bar:
    outage = told.outage
    end = None if told.overdue else outage.expected_end
    left = _place(outage.starts_at, first, last)
    right = _place(end or last, first, last)
    width = max(right - left, 1.0)
    return Bar(left, round(width, 2), outage.kind is OutageKind.EMERGENCY, end is None)


def _place(at: datetime, first: datetime, last: datetime) -> float:
    share = (at - first) / (last - first)
    return round(min(max(share, 0.0), 1.0) * _SCALE, 2)
