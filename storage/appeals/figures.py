"""The register of appeals in figures: each is one walk along an index that holds all it compares."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from attrs import define
from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    bindparam,
    case,
    desc,
    func,
    literal_column,
    select,
)

from hotline.appeals.counted import CountedAppeals
from hotline.appeals.figures import Backlog, Closings, DayOfAppeals, Days, Topic
from hotline.city.city_days import EPOCH, city_days
from storage.appeals.counted import CONDITIONS, HOURS_TO_CLOSE, IS_CLOSED
from storage.core.database import Database
from storage.core.durations import day_of
from storage.tables import Moment, appeals


def _moment(name: str) -> ColumnElement[datetime]:
    return bindparam(name, type_=Moment)


def _many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0), type_=Integer), 0)


_BACKLOG = select(
    func.count().label("owed"),
    _many(CONDITIONS[CountedAppeals.OVERDUE]).label("overdue"),
    _many(CONDITIONS[CountedAppeals.DUE_TODAY]).label("today"),
    _many(CONDITIONS[CountedAppeals.DUE_SOON]).label("soon"),
).where(CONDITIONS[CountedAppeals.OWED])

_CLOSINGS = (
    select(
        HOURS_TO_CLOSE.label("hours"),
        func.count().label("closed"),
        _many(CONDITIONS[CountedAppeals.IN_TIME]).label("in_time"),
        _many(CONDITIONS[CountedAppeals.CONFIRMED]).label("confirmed"),
    )
    .where(IS_CLOSED, appeals.c.state_since >= _moment("since"))
    .group_by("hours")
)

_WEEK = func.count().filter(appeals.c.registered_at >= _moment("since"))
_TOPIC = appeals.c.category + literal_column("''", Text)
"""Not the column itself: for the order of its index SQLite would walk through all years."""
_TOPICS = (
    select(
        _TOPIC.label("topic"),
        _WEEK.label("week"),
        func.count().filter(appeals.c.registered_at < _moment("since")).label("before"),
    )
    .where(appeals.c.registered_at >= _moment("before"), appeals.c.category != "")
    .group_by("topic")
    .having(_WEEK > 0)
    .order_by(desc("week"), "topic")
    .limit(bindparam("most"))
)


def _by_day(column: ColumnElement[datetime], *conditions: ColumnElement[bool]) -> Select[int, int]:
    """Count by the city's day, in a piece of time in which its clocks are not changed."""
    return (
        select(day_of(column, bindparam("offset", type_=Integer)).label("day"), func.count().label("many"))
        .where(column >= _moment("since"), column < _moment("until"), *conditions)
        .group_by("day")
    )


_RECEIVED = _by_day(appeals.c.registered_at)
_CLOSED = _by_day(appeals.c.state_since, IS_CLOSED)


@define(eq=False, repr=False)
class StoredAppealFigures:
    """`hotline.appeals.figures.AppealFigures` on a database."""

    _database: Database

    async def backlog(self, now: datetime, today_ends: datetime, soon_ends: datetime) -> Backlog:
        wanted = {"now": now, "today_ends": today_ends, "soon_ends": soon_ends}
        async with self._database.reading() as connection:
            return Backlog(**(await connection.execute(_BACKLOG, wanted)).mappings().one())

    async def by_day(self, days: Days) -> Sequence[DayOfAppeals]:
        received, closed = await asyncio.gather(self._counted(_RECEIVED, days), self._counted(_CLOSED, days))
        return [DayOfAppeals(day=one, received=received[one], closed=closed[one]) for one in days.all]

    async def _counted(self, counted: Select[int, int], days: Days) -> Counter[date]:
        found = Counter[date]()
        async with self._database.reading() as connection:
            for piece in city_days(days.first, days.today, days.zone):
                wanted = {"since": piece.since, "until": piece.until, "offset": piece.offset}
                for row in await connection.execute(counted, wanted):
                    found[EPOCH + timedelta(days=row.day)] += row.many
        return found

    async def closings(self, since: datetime) -> Closings:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_CLOSINGS, {"since": since})).all()
        return Closings(
            closed=sum(row.closed for row in rows),
            in_time=sum(row.in_time for row in rows),
            confirmed=sum(row.confirmed for row in rows),
            hours={row.hours: row.closed for row in rows},
        )

    async def topics(self, since: datetime, before: datetime, most: int) -> Sequence[Topic]:
        wanted = {"since": since, "before": before, "most": most}
        async with self._database.reading() as connection:
            rows = await connection.execute(_TOPICS, wanted)
            return [Topic(category=row.topic, week=row.week, before=row.before) for row in rows]
