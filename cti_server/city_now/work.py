"""The work of the city: what is owed, thirty days of what came and was closed, and what people ask about."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cti_server.city_now.chart import Bar, Chart, bar, chart
from cti_server.city_now.sources import CityNowSources
from hotline.appeals.figures import WEEK_DAYS, Backlog, Closings, DayOfAppeals, Days, Topic
from hotline.appeals.lists import SOON_DAYS
from hotline.city.classifier import ever_known

MOST_TOPICS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedTopic:
    """A topic with the name of its category."""

    topic: Topic
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """All of it, drawn. `since` is the first of the days, `week` the first of the last seven."""

    backlog: Backlog
    bar: Sequence[Bar]
    by_day: Sequence[DayOfAppeals]
    chart: Chart
    closings: Closings
    topics: Sequence[NamedTopic]
    since: date
    week: date
    today: date

    @property
    def received(self) -> int:
        return sum(one.received for one in self.by_day)


async def read_work(sources: CityNowSources, language: str) -> Work:
    """Read the figures at once; topics are weeks of whole days, of which the last goes on."""
    days = Days(now=sources.clock.now(), zone=sources.timezone)
    figures, known = sources.figures, ever_known()
    week, before = days.midnight(1 - WEEK_DAYS), days.midnight(1 - 2 * WEEK_DAYS)
    backlog, by_day, topics, closings = await asyncio.gather(
        figures.backlog(days.now, days.midnight(1), days.midnight(SOON_DAYS)),
        figures.by_day(days),
        figures.topics(week, before, MOST_TOPICS),
        figures.closings(days.midnight(1 - days.count)),
    )
    return Work(
        backlog=backlog,
        bar=bar(backlog),
        by_day=by_day,
        chart=chart(by_day),
        closings=closings,
        topics=[
            NamedTopic(
                topic=one,
                name=known[one.category].name(language) if one.category in known else one.category,
            )
            for one in topics
        ],
        since=days.first,
        week=days.today - timedelta(days=WEEK_DAYS - 1),
        today=days.today,
    )
