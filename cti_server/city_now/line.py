"""The line as it stands: what the page shows at first sight, and what its watch compares."""

from dataclasses import dataclass
from datetime import date, datetime

from cti_server.city_now.sources import CityNowSources
from hotline.appeals.figures import Days
from hotline.line.service_level import LineCounts
from hotline.line.today import LineNow


@dataclass(frozen=True, slots=True, kw_only=True)
class LineShown:
    """The line now and today."""

    now: LineNow
    counts: LineCounts
    planned: int | None
    """How many the roster has on shift; None where none is published."""
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRead:
    """The line with the moment at which it was read."""

    at: datetime
    shown: LineShown


async def read_line(sources: CityNowSources) -> LineRead:
    at = sources.clock.now()
    days = Days(now=at, zone=sources.timezone)
    shown = LineShown(
        now=await sources.line.now(),
        counts=await sources.line.counts(days.midnight(0), days.midnight(1)),
        planned=await sources.planned.at(at),
        today=days.today,
    )
    return LineRead(at=at, shown=shown)
