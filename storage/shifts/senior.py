"""The people to call for the centre at a moment: the senior of the published shift, then the heads."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from attrs import define
from sqlalchemy import bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.access.permissions import Role
from hotline.appeals.untaken import Responsible
from hotline.contact.channel import Channel
from hotline.delivery.outbox import Addressed
from hotline.shifts.duty import senior_of
from hotline.shifts.roster import WEEK, monday_of
from storage.access.acting_heads import read_acting
from storage.core.database import Database
from storage.shifts.roster import read_published
from storage.tables import users

_ACCOUNT = select(users.c.email, users.c.telephone).where(users.c.id == bindparam("user"), users.c.active)
_CALLED = (
    select(users.c.id, users.c.telephone)
    .where(
        users.c.active,
        users.c.telephone.is_not(None),
        users.c.telephone != "",
        or_(users.c.role == Role.HEAD.value, users.c.id.in_(bindparam("named", expanding=True))),
    )
    .order_by(users.c.id)
)


@define(eq=False, repr=False)
class StoredInTurn:
    """`hotline.appeals.untaken.InTurn` on a database."""

    _database: Database
    _zone: ZoneInfo

    async def at(self, now: datetime) -> Sequence[Responsible]:
        async with self._database.reading() as connection:
            return await _in_turn(connection, await _senior(connection, now, self._zone), now)


async def responsible_ways(
    connection: AsyncConnection, at: datetime, zone: ZoneInfo, *, called: bool
) -> Sequence[Addressed]:
    """Give the ways to tell of an emergency that nobody takes: to the senior in writing, to one by a call.

    None in writing where no roster holds, nobody is senior, or no address is known. `called`: the first in
    turn is called as well.
    """
    senior = await _senior(connection, at, zone)
    ways: list[Addressed] = []
    if senior is not None and (row := (await connection.execute(_ACCOUNT, {"user": senior})).first()):
        written = [(Channel.SMS, row.telephone), (Channel.EMAIL, row.email)]
        ways += [Addressed(to=f"user:{senior}", channel=way, address=one) for way, one in written if one]
    first = (await _in_turn(connection, senior, at))[:1] if called else ()
    return ways + [Addressed(to=one.recipient, channel=Channel.CALL, address=one.number) for one in first]


async def _senior(connection: AsyncConnection, at: datetime, zone: ZoneInfo) -> int | None:
    monday = monday_of(at.astimezone(zone).date())
    shifts = await read_published(connection, monday - WEEK, monday)
    senior = senior_of([one for one in shifts if one.on(at, zone)])
    return None if senior is None else senior.user_id


async def _in_turn(connection: AsyncConnection, senior: int | None, at: datetime) -> Sequence[Responsible]:
    acting = await read_acting(connection, at)
    before = [one for one in (senior, acting and acting.user_id) if one is not None]
    rows = (await connection.execute(_CALLED, {"named": before})).all()
    found = [Responsible(user_id=one.id, number=one.telephone) for one in rows]
    return sorted(found, key=lambda one: before.index(one.user_id) if one.user_id in before else len(before))
