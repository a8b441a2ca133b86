"""The roster on a database: a week is one row an edition, its shifts as JSON."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from attrs import define, field
from sqlalchemy import RowMapping, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.errors import Outdated
from hotline.shifts.roster import WEEK, RosterWeek, Shift, WeekEditions, by_cell
from hotline.shifts.swap_states import SwapState
from hotline.shifts.swaps import AHEAD
from storage.core.database import Database
from storage.core.writes import Remembered
from storage.shifts.shift_rows import json_of, shift_of, swap_of
from storage.tables import roster_weeks as table
from storage.tables import shift_swaps

MOST_REMEMBERED = 8
"""Spans of weeks: what a page, the wall and a desk ask for now."""
_PUBLISHED = table.c.published_at.is_not(None)
_OF_WEEK = select(table).where(table.c.monday == bindparam("of")).order_by(table.c.edition)
_IS = (table.c.monday == bindparam("of")) & (table.c.edition == bindparam("seen")) & ~_PUBLISHED
_NEWEST_PUBLISHED = (
    select(table.c.monday, func.max(table.c.edition).label("edition"))
    .where(_PUBLISHED, table.c.monday.between(bindparam("first"), bindparam("last")))
    .group_by(table.c.monday)
    .subquery()
)
_HOLD = select(table.c.shifts).join(
    _NEWEST_PUBLISHED,
    (table.c.monday == _NEWEST_PUBLISHED.c.monday) & (table.c.edition == _NEWEST_PUBLISHED.c.edition),
)
_DONE = select(shift_swaps).where(
    shift_swaps.c.state == SwapState.DONE.value, shift_swaps.c.day >= bindparam("first")
)


@define(eq=False, repr=False)
class StoredRoster:
    """`hotline.shifts.roster.Roster` on a database."""

    _database: Database
    _published: dict[tuple[date, date], Remembered[Sequence[Shift]]] = field(factory=dict, init=False)
    """By the weeks that were asked for last."""

    async def week(self, monday: date) -> WeekEditions:
        async with self._database.reading() as connection:
            return await _read_week(connection, monday)

    async def save(
        self, monday: date, shifts: Sequence[Shift], *, instead_of: int, by: int, at: datetime
    ) -> RosterWeek:
        values = {
            "monday": monday,
            "edition": instead_of + 1,
            "shifts": _in_order(shifts),
            "changed_at": at,
            "changed_by": by,
        }
        try:
            async with self._database.writing() as connection:
                before = (await connection.execute(_OF_WEEK, {"of": monday})).mappings().all()
                if (before[-1]["edition"] if before else 0) != instead_of:
                    raise Outdated(f"Somebody has changed the week of {monday} since edition {instead_of}.")
                await connection.execute(delete(table).where(_IS), {"of": monday, "seen": instead_of})
                row = (await connection.execute(insert(table).returning(table), values)).mappings().one()
        except IntegrityError as error:
            raise Outdated(f"Somebody else is changing the week of {monday}.") from error
        return _week(row)

    async def publish(self, monday: date, *, edition: int, by: int, at: datetime) -> RosterWeek:
        change = update(table).where(_IS).values(published_at=at, published_by=by).returning(table)
        async with self._database.writing() as connection:
            before = await read_published(connection, monday, monday)
            row = (await connection.execute(change, {"of": monday, "seen": edition})).mappings().first()
            if row is None:
                raise Outdated(f"Edition {edition} of the week of {monday} is the draft no longer.")
            week = _week(row)
            await _tell_of_undone(connection, monday, before, week.shifts)
        return week

    async def drop(self, monday: date, *, edition: int) -> None:
        async with self._database.writing() as connection:
            dropped = await connection.execute(delete(table).where(_IS), {"of": monday, "seen": edition})
        if not dropped.rowcount:
            raise Outdated(f"Edition {edition} of the week of {monday} is the draft no longer.")

    async def published(self, first: date, last: date) -> Sequence[Shift]:
        weeks = first, last
        if weeks not in self._published:
            if len(self._published) >= MOST_REMEMBERED:
                self._published.clear()
            self._published[weeks] = Remembered(
                self._database.writes, partial(self._read_published, first, last), [table]
            )
        return await self._published[weeks].get()

    async def _read_published(self, first: date, last: date) -> Sequence[Shift]:
        async with self._database.reading() as connection:
            return await read_published(connection, first, last)


async def read_published(connection: AsyncConnection, first: date, last: date) -> Sequence[Shift]:
    """List the shifts that hold of all weeks from the first Monday to the last one."""
    found = (await connection.execute(_HOLD, {"first": first, "last": last})).scalars().all()
    return [shift_of(one) for shifts in found for one in shifts]


async def publish_changed(
    connection: AsyncConnection,
    monday: date,
    change: Callable[[Sequence[Shift]], Sequence[Shift]],
    *,
    by: int,
    at: datetime,
) -> None:
    """Publish another edition of the week, with what `change` makes of the one that holds.

    A draft is changed likewise and stays the newest, so that publishing it does not undo the change; where
    somebody would have two shifts on a day in it, it stays as it was drawn. A head with an open page is told
    that the week was changed. Raises IntegrityError where another changes the week.
    """
    week = await _read_week(connection, monday)
    if week.published is None:
        return
    edition = week.edition + 1
    changed = {"monday": monday, "changed_at": at, "changed_by": by}
    holds = {"edition": edition, "shifts": _in_order(change(week.published.shifts))}
    await connection.execute(
        insert(table).values({**changed, **holds, "published_at": at, "published_by": by})
    )
    if week.draft is not None:
        await connection.execute(delete(table).where(_IS), {"of": monday, "seen": week.draft.edition})
        changed_draft = change(week.draft.shifts)
        fits = len(by_cell(changed_draft)) == len(changed_draft)
        drawn = {"edition": edition + 1, "shifts": _in_order(changed_draft if fits else week.draft.shifts)}
        await connection.execute(insert(table).values({**changed, **drawn}))


async def _tell_of_undone(
    connection: AsyncConnection, monday: date, before: Sequence[Shift], after: Sequence[Shift]
) -> None:
    """Have both people of each swap that the new edition undoes look at it again."""
    first = monday - (AHEAD + 1) * WEEK  # both shifts of a swap lie no further apart
    rows = (await connection.execute(_DONE, {"first": first})).mappings().all()
    undone = [one.id for one in map(swap_of, rows) if one.undone_by(before, after)]
    if undone:
        told = update(shift_swaps).where(shift_swaps.c.id.in_(undone))
        await connection.execute(told.values(giver_told=False, taker_told=False))


async def _read_week(connection: AsyncConnection, monday: date) -> WeekEditions:
    rows = [_week(row) for row in (await connection.execute(_OF_WEEK, {"of": monday})).mappings()]
    published = [one for one in rows if one.published_at is not None]
    drafts = [one for one in rows if one.published_at is None]
    return WeekEditions(published=published[-1] if published else None, draft=drafts[-1] if drafts else None)


def _week(row: RowMapping) -> RosterWeek:
    return RosterWeek(
        monday=row["monday"],
        edition=row["edition"],
        shifts=tuple(shift_of(one) for one in row["shifts"]),
        changed_at=row["changed_at"],
        changed_by=row["changed_by"],
        published_at=row["published_at"],
        published_by=row["published_by"],
    )


def _in_order(shifts: Sequence[Shift]) -> Sequence[Mapping[str, Any]]:
    return [json_of(one) for one in sorted(shifts, key=lambda one: (one.day, one.user_id))]
