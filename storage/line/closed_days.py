"""The sums of days that are over, made and read; and missed calls taken out once they are settled."""

import asyncio
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from attrs import define
from sqlalchemy import Integer, and_, bindparam, delete, exists, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.city.city_days import DaysPiece
from hotline.line.report import By, Key
from storage.core.database import Database
from storage.line.day_sums import DaySums, OfDay, document, read
from storage.line.kept_promises import SETTLED
from storage.line.report_counts import BY_OUTCOME, GOES_ON, OF_DAYS, counts, owed, work
from storage.tables import Moment, calls, line_day_changes, line_days, unsettled_calls

AT_ONCE = 500
"""Settled calls that are taken out in one transaction."""
DAYS_AT_ONCE = 5
"""Read, or added up, between two turns of the loop: some milliseconds."""
AGAIN_SECONDS = 0.2
LOOKS = 50
"""How often the maker of a day looks whether all earlier transactions have ended: for ten seconds."""


class Sums(StrEnum):
    """The documents of a day, each by the name of its column."""

    HALF_HOURS = "half_hours"
    DISPATCHERS = "dispatchers"
    TOPICS = "topics"
    OUTCOMES = "outcomes"

    @property
    def numbered(self) -> bool:
        """Tell whether its keys are numbers."""
        return self in {Sums.HALF_HOURS, Sums.DISPATCHERS}


_GROUPINGS = {
    Sums.HALF_HOURS: OF_DAYS[By.HALF_HOUR],
    Sums.DISPATCHERS: OF_DAYS[By.DISPATCHER],
    Sums.TOPICS: OF_DAYS[By.TOPIC],
    Sums.OUTCOMES: BY_OUTCOME,
}
_MADE_OF = {sums: [made(of) for made in (counts, work, owed)] for sums, of in _GROUPINGS.items()}
_SINCE, _UNTIL = bindparam("first", type_=Moment), bindparam("end", type_=Moment)
_OFFSET = bindparam("clocks", type_=Integer)
_CHANGED = exists().where(line_day_changes.c.maker == line_days.c.maker)
_MADE = and_(line_days.c.half_hours.is_not(None), line_days.c.maker.is_not(None), ~_CHANGED)
_OTHERS = delete(line_days).where(
    line_days.c.since < _UNTIL,
    line_days.c.until > _SINCE,
    or_(
        line_days.c.since != _SINCE,
        line_days.c.until != _UNTIL,
        line_days.c.offset != _OFFSET,
        ~_MADE,
    ),
)
"""Days of another time zone, from before it was set, what has changed, and what another maker has begun."""
FORGET = delete(line_day_changes).where(~exists().where(line_days.c.maker == line_day_changes.c.maker))
"""Whose row is gone fills in nothing any more."""
_KNOWN = select(line_days.c.since, line_days.c.until, line_days.c.offset).where(
    _MADE, line_days.c.since >= _SINCE, line_days.c.since < _UNTIL
)
_FILL = (
    update(line_days)
    .where(line_days.c.since == _SINCE, line_days.c.maker == bindparam("by"), ~_CHANGED)
    .values({one.value: bindparam(f"new_{one.value}") for one in Sums})
)
_READ = {one: _KNOWN.add_columns(line_days.c[one.value].label("sums")) for one in Sums}
_OURS = text("SELECT pg_current_xact_id()::text::bigint")
_OLDEST = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
_SETTLED = (
    select(unsettled_calls.c.call_id)
    .select_from(unsettled_calls.join(calls, calls.c.id == unsettled_calls.c.call_id))
    .where(unsettled_calls.c.arrived_at >= _SINCE, unsettled_calls.c.arrived_at < _UNTIL, SETTLED)
)
_TAKE_OUT = delete(unsettled_calls).where(unsettled_calls.c.call_id.in_(bindparam("ids", expanding=True)))


@define(eq=False, repr=False)
class StoredClosedDays:
    """`hotline.line.closed_days.ClosedDays` on a database."""

    _database: Database

    async def missing(self, days: Sequence[DaysPiece]) -> Sequence[DaysPiece]:
        if not days:
            return ()
        bounds = {"first": days[0].since, "end": days[-1].until}
        async with self._database.reading() as connection:
            known = {_piece(row) for row in await connection.execute(_KNOWN, bounds)}
        return [one for one in days if one not in known]

    async def make(self, day: DaysPiece) -> bool:
        this = {"first": day.since, "end": day.until, "clocks": day.offset}
        maker = secrets.token_hex(8)
        begin = self._database.insert(line_days).on_conflict_do_nothing()
        async with self._database.writing() as connection:
            await connection.execute(_OTHERS, this)
            row = {"since": day.since, "until": day.until, "offset": day.offset, "maker": maker}
            await connection.execute(begin, row)
            await connection.execute(FORGET)
        if not await self._writers_have_ended():
            return False
        bounds = {"since": day.since, "until": day.until, "offset": day.offset}
        async with self._database.reading() as connection:
            if await connection.scalar(GOES_ON, bounds):
                return False
            sums = {one: await _add_up(connection, one, bounds) for one in Sums}
        async with self._database.writing() as connection:
            new = {f"new_{one.value}": written for one, written in sums.items()}
            filled = await connection.execute(_FILL, {"first": day.since, "by": maker} | new)
        return filled.rowcount > 0

    async def _writers_have_ended(self) -> bool:
        """Wait for all that may have changed a call before they could see that its day is being made.

        False: one has not ended for long, and the day has to wait for the next look.
        """
        if not self._database.shared:
            return True
        async with self._database.writing() as connection:
            ours: int = (await connection.execute(_OURS)).scalar_one()
        async with self._database.reading() as connection:
            for _ in range(LOOKS):
                if (await connection.execute(_OLDEST)).scalar_one() >= ours:
                    return True
                await asyncio.sleep(AGAIN_SECONDS)
        return False


@define(eq=False, repr=False)
class StoredUnsettledCalls:
    """`hotline.line.closed_days.UnsettledCalls` on a database."""

    _database: Database

    async def settle(self, since: datetime, until: datetime) -> int:
        async with self._database.reading() as connection:
            found = (await connection.execute(_SETTLED, {"first": since, "end": until})).scalars().all()
        for first in range(0, len(found), AT_ONCE):
            async with self._database.writing() as connection:
                await connection.execute(_TAKE_OUT, {"ids": found[first : first + AT_ONCE]})
        return len(found)


async def read_days(
    connection: AsyncConnection, sums: Sums, pieces: Sequence[DaysPiece]
) -> Mapping[DaysPiece, OfDay]:
    """Read what is kept of these days."""
    bounds = {"first": pieces[0].since, "end": pieces[-1].until}
    found: dict[DaysPiece, OfDay] = {}
    for at, row in enumerate(await connection.execute(_READ[sums], bounds)):
        if not at % DAYS_AT_ONCE:
            await asyncio.sleep(0)
        found[_piece(row)] = read(row.sums, numbers=sums.numbered)
    return found


def day_of_piece(piece: DaysPiece) -> int:
    """Give the day of the city that a day's sums are of, counted from 1970."""
    return (int(piece.since.timestamp()) + piece.offset) // 86_400


async def together(
    days: Mapping[DaysPiece, OfDay],
    keyed: Callable[[DaysPiece, OfDay], Iterable[tuple[Key, DaySums]]],
) -> Mapping[Key, DaySums]:
    """Add up days by the keys that `keyed` gives."""
    found: dict[Key, DaySums] = {}
    for at, (piece, of_day) in enumerate(days.items()):
        if not at % DAYS_AT_ONCE:
            await asyncio.sleep(0)
        for key, one in keyed(piece, of_day):
            if (whole := found.get(key)) is None:
                whole = found[key] = DaySums()
            whole.add(one)
    return found


async def _add_up(connection: AsyncConnection, sums: Sums, bounds: Mapping[str, Any]) -> str:
    rows = [(await connection.execute(one, bounds)).all() for one in _MADE_OF[sums]]
    return document(*rows)


def _piece(row: Any) -> DaysPiece:
    return DaysPiece(since=row.since, until=row.until, offset=row.offset)
