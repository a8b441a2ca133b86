"""Subscribers to the changes of the power: those of the subscriptions that say how long ahead."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from attrs import define
from sqlalchemy import RowMapping, Text, and_, bindparam, case, cast, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.city.addresses import Address
from hotline.contact.channel import Channel
from hotline.delivery.outbox import NewNotice
from hotline.outages.subscriptions import SUBSCRIBER
from hotline.power.schedule import Supply
from hotline.power.subscribers import AT_ONCE
from hotline.power.telling import (
    MOST_A_DAY,
    MOST_IN_ALL,
    MOVED_WITHIN,
    AboutPower,
    Change,
    PowerNews,
    PowerSubscriber,
)
from hotline.voice.speech import Language
from storage.core.database import Database
from storage.delivery.outbox import owe_once, take_back
from storage.outages.subscriptions import read_ahead
from storage.tables import notices
from storage.tables import outage_subscriptions as table
from storage.tables.handling import UNSENT

_LIVING = (
    select(table)
    .where(table.c.confirmed_at.is_not(None), table.c.ended_at.is_(None), table.c.ahead_minutes.is_not(None))
    .order_by(table.c.id)
)
_STILL = _LIVING.where(table.c.id.in_(bindparam("ids", expanding=True))).with_for_update()
# By the index of notices not sent: mostly there is none, however many subscribers there are.
_NOT_SENT = (
    select(notices.c.recipient, notices.c.owed_at)
    .where(text(UNSENT), notices.c.channel.in_(list(MOST_A_DAY)), notices.c.about.in_(list(AboutPower)))
    .subquery()
)
_OVER = (
    select(_NOT_SENT.c.recipient)
    .distinct()
    .join(table, _NOT_SENT.c.recipient == SUBSCRIBER + cast(table.c.id, Text))
    .where(
        or_(
            table.c.told_change <= bindparam("now"),
            and_(table.c.told_change.is_(None), _NOT_SENT.c.owed_at <= bindparam("long_ago")),
        )
    )
)
_TOLD_TODAY = (
    select(
        table.c.channel,
        func.sum(table.c.told_count),
    )
    .where(table.c.told_day == bindparam("day"))
    .group_by(table.c.channel)
)
_TOLD_EACH = (
    select(table.c.channel, table.c.contact, func.sum(table.c.told_count))
    .where(table.c.told_day == bindparam("day"), table.c.contact.in_(bindparam("contacts", expanding=True)))
    .group_by(table.c.channel, table.c.contact)
)
_TOLD = (
    update(table)
    .where(table.c.id == bindparam("subscription"))
    .values(
        told_change=bindparam("change"),
        told_supply=bindparam("supply"),
        told_count=case((table.c.told_day == bindparam("today"), table.c.told_count), else_=0) + 1,
        told_day=bindparam("today"),
    )
)


@define(eq=False, repr=False)
class StoredPowerSubscribers:
    """`hotline.power.subscribers.PowerSubscribers` on a database."""

    _database: Database

    async def living(self) -> Sequence[PowerSubscriber]:
        async with self._database.reading() as connection:
            return [_subscriber(row) for row in (await connection.execute(_LIVING)).mappings()]

    async def tell(self, news: Sequence[PowerNews], at: datetime, day: date) -> int:
        async with self._database.writing() as connection:
            rows = (await connection.execute(_STILL, {"ids": [one.to.id for one in news]})).mappings()
            present = {row["id"]: _subscriber(row) for row in rows}
            due = [one for one in news if (now := present.get(one.to.id)) and now.told == one.to.told]
            allowed = await _allowed(connection, due, day)
            if not allowed:
                return 0
            await take_back(connection, [f"{SUBSCRIBER}{one.to.id}" for one in allowed], at)
            await owe_once(self._database, connection, [_notice(one, at) for one in allowed], at)
            await connection.execute(_TOLD, [_told(one, day) for one in allowed])
        return len(allowed)

    async def drop_late(self, at: datetime) -> int:
        async with self._database.reading() as connection:
            asked = {"now": at, "long_ago": at - MOVED_WITHIN}
            late = (await connection.execute(_OVER, asked)).scalars().all()
        for first in range(0, len(late), AT_ONCE):
            async with self._database.writing() as connection:
                await take_back(connection, late[first : first + AT_ONCE], at)
        return len(late)


async def _allowed(connection: AsyncConnection, due: Sequence[PowerNews], day: date) -> Sequence[PowerNews]:
    """Leave out who has been told enough today, and all once the channel has told enough."""
    of_channel = await connection.execute(_TOLD_TODAY, {"day": day})
    in_all: dict[str, int] = {row[0]: row[1] for row in of_channel}
    asked = {"day": day, "contacts": sorted({one.to.contact for one in due})}
    of_contact = await connection.execute(_TOLD_EACH, asked)
    each: dict[tuple[str, str], int] = {(row[0], row[1]): row[2] for row in of_contact}
    allowed = []
    for one in due:
        channel, whom = one.to.channel.value, (one.to.channel.value, one.to.contact)
        if (
            each.get(whom, 0) < MOST_A_DAY[one.to.channel]
            and in_all.get(channel, 0) < MOST_IN_ALL[one.to.channel]
        ):
            each[whom], in_all[channel] = each.get(whom, 0) + 1, in_all.get(channel, 0) + 1
            allowed.append(one)
    return allowed


def _notice(one: PowerNews, at: datetime) -> NewNotice:
    return NewNotice(
        matter=f"power-ahead-{one.to.id}-{at:%Y%m%d%H%M%S}",
        to=f"{SUBSCRIBER}{one.to.id}",
        channel=one.to.channel,
        address=one.to.contact,
        about=one.about,
        facts=one.facts,
    )


def _told(one: PowerNews, day: date) -> Mapping[str, object]:
    told = one.told
    return {
        "subscription": one.to.id,
        "change": told and told.at,
        "supply": told and told.supply.value,
        "today": day,
    }


def _subscriber(row: RowMapping) -> PowerSubscriber:
    ahead = read_ahead(row)
    assert ahead is not None  # noqa: S101 - only those are read
    told = None
    if row["told_change"] is not None:
        told = Change(at=row["told_change"], supply=Supply(row["told_supply"]))
    return PowerSubscriber(
        id=row["id"],
        channel=Channel(row["channel"]),
        contact=row["contact"],
        language=Language(row["language"]),
        place=Address(street=row["street"], house=row["house"], quarter=row["quarter"]),
        ahead=ahead,
        told=told,
    )
