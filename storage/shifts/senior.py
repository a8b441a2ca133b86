"""The ways to the senior of the shift that is on, by the roster that was published."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.contact.channel import Channel
from hotline.delivery.outbox import Addressed
from hotline.shifts.duty import senior_of
from hotline.shifts.roster import WEEK, monday_of
from storage.shifts.roster import read_published
from storage.tables import users

_ACCOUNT = select(users.c.email, users.c.telephone).where(users.c.id == bindparam("user"), users.c.active)


async def senior_ways(connection: AsyncConnection, at: datetime, zone: ZoneInfo) -> Sequence[Addressed]:
    """Give each way to tell them; none where no roster holds, nobody is senior, or no address is known."""
    monday = monday_of(at.astimezone(zone).date())
    shifts = await read_published(connection, monday - WEEK, monday)
    senior = senior_of([one for one in shifts if one.on(at, zone)])
    if senior is None:
        return ()
    row = (await connection.execute(_ACCOUNT, {"user": senior.user_id})).first()
    ways = [(Channel.SMS, row.telephone), (Channel.EMAIL, row.email)] if row else []
    return [Addressed(to=f"user:{senior.user_id}", channel=way, address=one) for way, one in ways if one]
