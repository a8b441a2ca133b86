"""The days and rows that the line's report is asked for, as they stand in the address of its page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from aiohttp import web
from yarl import URL

from cti_server.calls.counted import MOST_DAYS, NO_TOPIC
from cti_server.frame.filters import day
from cti_server.frame.language import N_
from cti_server.line_report.sources import LINE_REPORT
from hotline.calls.counted import Counted
from hotline.city.city_days import EPOCH, DaysPiece, city_days
from hotline.line.report import By, Key

PATH = "/control/line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The days, both included, and what the rows are."""

    first: date
    last: date
    by: By
    days: Sequence[DaysPiece]

    def query(self, **other: str) -> str:
        """Write the address's query that asks the same, with what is given instead."""
        asked = {"from": self.first.isoformat(), "to": self.last.isoformat(), "by": self.by.value}
        return URL().with_query(asked | other).query_string

    def calls(self, figure: Counted, key: Key | None) -> str:
        """Give the address of the list of the calls counted so in this row; None: in all rows."""
        first, last = self.first, self.last
        narrowed: dict[str, str] = {}
        match self.by:
            case By.DAY if isinstance(key, int):
                first = last = EPOCH + timedelta(days=key)
            case By.HALF_HOUR if key is not None:
                narrowed = {"half-hour": str(key)}
            case By.DISPATCHER if key is not None:
                narrowed = {"answered-by": str(key)}
            case By.TOPIC if key is not None:
                narrowed = {"topic": str(key) or NO_TOPIC}
        asked = {"from": first.isoformat(), "to": last.isoformat(), "line": figure.value}
        return str(URL("/calls").with_query(asked | narrowed))


def read(request: web.Request) -> Asked:
    """Read the address: today by half-hours instead of what cannot be read; at most MOST_DAYS, the latest."""
    today = today_of(request)
    last = day(request.query.get("to", "")) or today
    first = day(request.query.get("from", "")) or min(last, today)
    first, last = min(first, last), max(first, last)
    first = max(first, last - timedelta(days=MOST_DAYS - 1))
    asked = request.query.get("by", "")
    by = By(asked) if asked in set(By) else By.HALF_HOUR
    zone = request.app[LINE_REPORT].timezone
    return Asked(first=first, last=last, by=by, days=city_days(first, last, zone))


def today_of(request: web.Request) -> date:
    sources = request.app[LINE_REPORT]
    return sources.clock.now().astimezone(sources.timezone).date()


def periods(today: date) -> Mapping[str, tuple[date, date]]:
    """Give the days that are asked for most, by their names."""
    month = today.replace(day=1)
    before = month - timedelta(days=1)
    return {
        N_("Today"): (today, today),
        N_("Yesterday"): (today - timedelta(days=1), today - timedelta(days=1)),
        N_("7 days"): (today - timedelta(days=6), today),
        N_("This month"): (month, today),
        N_("Last month"): (before.replace(day=1), before),
    }
