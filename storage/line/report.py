"""The line's report, counted by the database: by row and whole seconds of wait, from one range of calls."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from attrs import define
from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.calls.counted import Counted
from hotline.city.city_days import HALF_HOUR, HALF_HOURS, DaysPiece
from hotline.line.closed_days import covered
from hotline.line.presence_states import Presence
from hotline.line.report import By, CallCount, Key, LineSum, OwedCount, WorkCount, add_up, in_order
from storage.core.database import Database
from storage.core.durations import MILLISECONDS
from storage.line.closed_days import Sums, day_of_piece, read_days, together
from storage.line.day_sums import DaySums, OfDay
from storage.line.report_counts import (
    OF_DAYS,
    OF_MONTHS,
    SINCE,
    UNTIL,
    Grouping,
    counts,
    open_ones,
    owed,
    work,
)
from storage.tables import calls, dispatchers, presence_history

_FIRST = select(func.min(calls.c.arrived_at))
_STEP = HALF_HOUR.total_seconds()
_FEW_DAYS = timedelta(days=2)
"""Up to here a call's dispatcher and topic are looked up; of longer times all of the days are joined."""


def _statements(groupings: Mapping[By, Grouping]) -> Mapping[By, Sequence[Select[Any]]]:
    return {by: [made(of) for made in (counts, work, owed)] for by, of in groupings.items()}


_DAYS, _MONTHS = _statements(OF_DAYS), _statements(OF_MONTHS)
_OPEN = {by: open_ones(of) for by, of in OF_DAYS.items()}
_SUMS = {
    By.HALF_HOUR: Sums.HALF_HOURS,
    By.DAY: Sums.HALF_HOURS,
    By.DISPATCHER: Sums.DISPATCHERS,
    By.TOPIC: Sums.TOPICS,
}
_SHIFT_OF = presence_history.c.presence.not_in([Presence.AWAY.value, Presence.PAUSED.value])
_IN_ORDER = (presence_history.c.at, presence_history.c.id)
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
        presence_history.c.at >= SINCE,
        presence_history.c.at < UNTIL,
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
    .where(presence_history.c.dispatcher_id == dispatchers.c.id, presence_history.c.at < SINCE)
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
        async with self._database.reading() as connection:
            kept = await read_days(connection, _SUMS[by], days) if days else {}
            used, rest = covered(days, kept)
            still_open = [row for piece in days for row in await _rows(connection, _OPEN[by], piece)]
            rows = await _read(connection, by, rest)
        closed = await together({one: kept[one] for one in used}, _by_day if by is By.DAY else _by_key)
        for key, sums in closed.items():
            sums.add_to(rows.setdefault(key, LineSum()))
        for row in rows.values():
            row.kept = row.owed
        for one in still_open:
            if one["key"] in rows:  # else it came or was changed just now
                rows[one["key"]].kept -= one["open"]
        return in_order(rows)

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


async def _read(connection: AsyncConnection, by: By, rest: Sequence[DaysPiece]) -> dict[Key, LineSum]:
    """Read the calls of these days."""
    called: list[CallCount] = []
    done: list[WorkCount] = []
    due: list[OwedCount] = []
    for piece in rest:
        counting, working, owing = (_DAYS if piece.until - piece.since <= _FEW_DAYS else _MONTHS)[by]
        called += [
            CallCount(**row | {"figure": Counted(row["figure"])})
            for row in await _rows(connection, counting, piece)
        ]
        done += [
            WorkCount(
                key=row["key"],
                talk=row["talk"] / MILLISECONDS,
                after_call=row["after_call"] / MILLISECONDS,
            )
            for row in await _rows(connection, working, piece)
        ]
        due += [OwedCount(**row) for row in await _rows(connection, owing, piece)]
    return add_up(called, done, due)


def _by_day(piece: DaysPiece, of_day: OfDay) -> Iterable[tuple[Key, DaySums]]:
    day = day_of_piece(piece)
    return ((day, one) for one in of_day.values())


def _by_key(_piece: DaysPiece, of_day: OfDay) -> Iterable[tuple[Key, DaySums]]:
    return of_day.items()


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
