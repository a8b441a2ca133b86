"""The register of appeals in figures: each is one walk along an index that holds all it compares."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from attrs import define
from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    desc,
    func,
    literal_column,
    select,
)

from hotline.appeals.appeal import PENDING, AppealState
from hotline.appeals.figures import Backlog, Closings, DayOfAppeals, Days, Topic
from storage.appeals.lists import CLOSED_IN_TIME, IS_CLOSED
from storage.core.database import Database
from storage.core.durations import MILLISECONDS, milliseconds_between
from storage.tables import Moment, appeals

MOST_DAYS = 60
_HOUR = 3600
_OWED = appeals.c.state.in_(sorted(state.value for state in PENDING))


def _moment(name: str) -> ColumnElement[datetime]:
    return bindparam(name, type_=Moment)


def _many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0), type_=Integer), 0)


def _ends_by(name: str) -> ColumnElement[bool]:
    return and_(appeals.c.due_at > _moment("now"), appeals.c.due_at <= _moment(name))


_BACKLOG = select(
    func.count().label("owed"),
    _many(appeals.c.due_at <= _moment("now")).label("overdue"),
    _many(_ends_by("today_ends")).label("today"),
    _many(_ends_by("soon_ends")).label("soon"),
).where(_OWED)

_HOURS = milliseconds_between(appeals.c.registered_at, appeals.c.state_since) // (MILLISECONDS * _HOUR)
_CLOSINGS = (
    select(
        _HOURS.label("hours"),
        func.count().label("closed"),
        _many(CLOSED_IN_TIME).label("in_time"),
        _many(appeals.c.state == AppealState.CLOSED.value).label("confirmed"),
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


@cache
def _by_day(days: int) -> Select[Any]:
    """Count each day by itself, between two midnights of the city: none of its hours is reckoned in SQL."""

    def between(column: ColumnElement[datetime], day: int, *conditions: ColumnElement[bool]) -> Any:
        since, until = _moment(f"day_{day}"), _moment(f"day_{day + 1}")
        count = select(func.count()).select_from(appeals).where(column >= since, column < until, *conditions)
        return count.scalar_subquery()

    received = [between(appeals.c.registered_at, day).label(f"received_{day}") for day in range(days)]
    closed = [between(appeals.c.state_since, day, IS_CLOSED).label(f"closed_{day}") for day in range(days)]
    return select(*received, *closed)


@define(eq=False, repr=False)
class StoredAppealFigures:
    """`hotline.appeals.figures.AppealFigures` on a database."""

    _database: Database

    async def backlog(self, now: datetime, today_ends: datetime, soon_ends: datetime) -> Backlog:
        wanted = {"now": now, "today_ends": today_ends, "soon_ends": soon_ends}
        async with self._database.reading() as connection:
            return Backlog(**(await connection.execute(_BACKLOG, wanted)).mappings().one())

    async def by_day(self, days: Days) -> Sequence[DayOfAppeals]:
        if days.count > MOST_DAYS:
            raise ValueError(f"{days.count} days are more than {MOST_DAYS}.")
        moments = {f"day_{at}": days.midnight(at - days.count + 1) for at in range(days.count + 1)}
        async with self._database.reading() as connection:
            row = (await connection.execute(_by_day(days.count), moments)).mappings().one()
        return [_day(day, row[f"received_{at}"], row[f"closed_{at}"]) for at, day in enumerate(days.all)]

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


def _day(day: date, received: int, closed: int) -> DayOfAppeals:
    return DayOfAppeals(day=day, received=received, closed=closed)
