"""The line's report, counted by the database: by row and whole seconds of wait, from one range of calls."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import define
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.calls.counted import Counted
from hotline.city.city_days import HALF_HOUR, HALF_HOURS, DaysPiece
from hotline.line.presence_states import Presence
from hotline.line.report import By, CallCount, Key, LineSum, OwedCount, WorkCount, add_up
from storage.core.database import Database
from storage.core.durations import MILLISECONDS, day_of, half_hour_of, milliseconds_between
from storage.line.fates import FIGURE, FIRST_DISPATCHERS, INCOMING, KEPT, OWED, TOPICS, WAITED
from storage.tables import Moment, calls, dispatchers, presence_history, talks

_OFFSET = bindparam("offset", type_=Integer)
_NEXT = presence_history.alias("next")
_AFTER = presence_history.alias("after")
_KEYS: Mapping[By, ColumnElement[Any]] = {
    By.HALF_HOUR: half_hour_of(calls.c.arrived_at, _OFFSET),
    By.DAY: day_of(calls.c.arrived_at, _OFFSET),
    By.DISPATCHER: FIRST_DISPATCHERS.says,
    By.TOPIC: TOPICS.says,
}
_CALLS: Mapping[By, FromClause] = {
    By.HALF_HOUR: calls,
    By.DAY: calls,
    By.DISPATCHER: FIRST_DISPATCHERS.calls,
    By.TOPIC: TOPICS.calls,
}
_OF_PIECE = and_(
    calls.c.arrived_at >= bindparam("since", type_=Moment),
    calls.c.arrived_at < bindparam("until", type_=Moment),
    INCOMING,
)
_FIRST = select(func.min(calls.c.arrived_at))
_STEP = HALF_HOUR.total_seconds()


def _counts(by: By) -> Select[Any]:
    each = (
        select(
            _KEYS[by].label("key"),
            FIGURE.label("figure"),
            WAITED.label("milliseconds"),
        )
        .select_from(_CALLS[by])
        .where(_OF_PIECE)
        .subquery()
    )
    waited = each.c.milliseconds // MILLISECONDS
    return select(
        each.c.key,
        each.c.figure,
        waited.label("waited"),
        func.count().label("calls"),
        cast(func.sum(each.c.milliseconds), BigInteger).label("milliseconds"),
    ).group_by(each.c.key, each.c.figure, waited)


_UNTIL_AFTER_CALL = (
    select(func.min(_NEXT.c.at))
    .where(
        _NEXT.c.dispatcher_id == _AFTER.c.dispatcher_id,
        _NEXT.c.at > _AFTER.c.at,
        _NEXT.c.presence != Presence.AFTER_CALL.value,
    )
    .correlate(_AFTER)
    .scalar_subquery()
)
_TALK = milliseconds_between(talks.c.started_at, talks.c.ended_at)
_AFTER_CALL = milliseconds_between(_AFTER.c.at, _UNTIL_AFTER_CALL)


def _work(by: By) -> Select[Any]:
    """The after-call work of a talk begins in the very moment in which the talk ends.

    By dispatcher it is theirs who did it, also where a colleague passed the call on to them. (`+ 0` keeps
    SQLite from reading all talks in the order of dispatchers.)
    """
    own = by is By.DISPATCHER
    key, of = (talks.c.dispatcher_id + 0, calls) if own else (_KEYS[by], _CALLS[by])
    each = (
        select(key.label("key"), _TALK.label("talk"), _AFTER_CALL.label("after_call"))
        .select_from(
            of.join(talks, talks.c.call_id == calls.c.id).outerjoin(
                _AFTER,
                and_(
                    _AFTER.c.dispatcher_id == talks.c.dispatcher_id,
                    _AFTER.c.at == talks.c.ended_at,
                    _AFTER.c.presence == Presence.AFTER_CALL.value,
                ),
            )
        )
        .where(_OF_PIECE, calls.c.talked_at.is_not(None))
        .subquery()
    )
    return select(
        each.c.key,
        func.coalesce(cast(func.sum(each.c.talk), BigInteger), 0).label("talk"),
        func.coalesce(cast(func.sum(each.c.after_call), BigInteger), 0).label("after_call"),
    ).group_by(each.c.key)


def _owed(by: By) -> Select[Any]:
    each = select(_KEYS[by].label("key"), case((KEPT, 1), else_=0).label("kept")).select_from(_CALLS[by])
    sub = each.where(_OF_PIECE, OWED).subquery()
    return select(
        sub.c.key, func.count().label("owed"), cast(func.sum(sub.c.kept), Integer).label("kept")
    ).group_by(sub.c.key)


_COUNTS = {by: _counts(by) for by in By}
_WORK = {by: _work(by) for by in By}
_OWED = {by: _owed(by) for by in By}
_SHIFT_OF = presence_history.c.presence.not_in([Presence.AWAY.value, Presence.PAUSED.value])
_IN_ORDER = (presence_history.c.at, presence_history.c.id)
_SINCE = bindparam("since", type_=Moment)
_SEEN = (
    select(
        presence_history.c.dispatcher_id,
        *_IN_ORDER,
        _SHIFT_OF.label("on_shift"),
        func.lag(_SHIFT_OF)
        .over(partition_by=presence_history.c.dispatcher_id, order_by=_IN_ORDER)
        .label("before"),
    )
    .where(
        presence_history.c.dispatcher_id.in_(select(dispatchers.c.id)),  # along the index of each
        presence_history.c.at >= _SINCE,
        presence_history.c.at < bindparam("until", type_=Moment),
    )
    .subquery()
)
_CHANGES = (
    select(_SEEN.c.dispatcher_id, _SEEN.c.at, _SEEN.c.on_shift)
    .where(or_(_SEEN.c.before.is_(None), _SEEN.c.before != _SEEN.c.on_shift))
    .order_by(_SEEN.c.dispatcher_id, *(_SEEN.c[one.name] for one in _IN_ORDER))
)
_AT_FIRST = select(
    dispatchers.c.id,
    select(_SHIFT_OF)
    .where(presence_history.c.dispatcher_id == dispatchers.c.id, presence_history.c.at < _SINCE)
    .order_by(*(one.desc() for one in _IN_ORDER))
    .limit(1)
    .correlate(dispatchers)
    .scalar_subquery()
    .label("on_shift"),
)


@define(eq=False, repr=False)
class StoredLineReport:
    """`hotline.line.report.LineReport` on a database."""

    _database: Database

    async def by(self, by: By, days: Sequence[DaysPiece]) -> Mapping[Key, LineSum]:
        counts: list[CallCount] = []
        work: list[WorkCount] = []
        owed: list[OwedCount] = []
        async with self._database.reading() as connection:
            for piece in days:
                counts += [
                    CallCount(**row | {"figure": Counted(row["figure"])})
                    for row in await _rows(connection, _COUNTS[by], piece)
                ]
                work += [
                    WorkCount(
                        key=row["key"],
                        talk=row["talk"] / MILLISECONDS,
                        after_call=row["after_call"] / MILLISECONDS,
                    )
                    for row in await _rows(connection, _WORK[by], piece)
                ]
                owed += [OwedCount(**row) for row in await _rows(connection, _OWED[by], piece)]
        return add_up(counts, work, owed)

    async def began(self) -> datetime | None:
        async with self._database.reading() as connection:
            first: datetime | None = await connection.scalar(_FIRST)
        return first

    async def on_shift(self, days: Sequence[DaysPiece]) -> Mapping[int, float]:
        hours: defaultdict[int, float] = defaultdict(float)
        async with self._database.reading() as connection:
            for piece in days:
                bounds = {"since": piece.since, "until": piece.until}
                first = (await connection.execute(_AT_FIRST, {"since": piece.since})).all()
                begun = {row.id: piece.since for row in first if row.on_shift}
                for row in await connection.execute(_CHANGES, bounds):
                    since = begun.pop(row.dispatcher_id, row.at)
                    if row.on_shift:
                        begun[row.dispatcher_id] = since
                    else:
                        _add_shift(hours, since, row.at, piece.offset)
                for since in begun.values():
                    _add_shift(hours, since, piece.until, piece.offset)
        return hours


async def _rows(connection: AsyncConnection, query: Select[Any], piece: DaysPiece) -> list[dict[str, Any]]:
    bounds = {"since": piece.since, "until": piece.until, "offset": piece.offset}
    return [dict(row) for row in (await connection.execute(query, bounds)).mappings()]


def _add_shift(hours: defaultdict[int, float], since: datetime, until: datetime, offset: int) -> None:
    """Add the hours of one shift to each half-hour of the day that it touches."""
    at, end = since.timestamp() + offset, until.timestamp() + offset
    while at < end:
        half_hour, within = divmod(at, _STEP)
        spent = min(_STEP - within, end - at)
        hours[int(half_hour) % HALF_HOURS] += spent / 3600
        at += spent
