"""Subscriptions to outages, on the database; telling subscribers goes by the watchers of each outage."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import define
from sqlalchemy import RowMapping, bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.city.addresses import Address
from hotline.contact.channel import Channel
from hotline.outages.outage import Outage
from hotline.outages.subscriptions import (
    MOST_UNCONFIRMED,
    SUBSCRIBER,
    PowerAhead,
    Subscription,
    SubscriptionRequest,
    TooManyMessages,
    to_confirm,
)
from hotline.outages.telling import WATCHER
from hotline.outages.watchers import UNHEARD
from storage.core.contact_codes import ContactCodes
from storage.core.database import Database
from storage.core.rows import row_to
from storage.delivery.outbox import owe_once, take_back
from storage.tables import outage_subscriptions as table
from storage.tables import outage_watchers, outages

_HOW = frozenset({"language", "ahead_minutes", "quiet_from", "quiet_until"})
"""Columns in which a subscription may differ from the one that it replaces."""
_ADD = insert(table).returning(table)
_ONE = select(table).where(table.c.id == bindparam("subscription"))
_SET = update(table).where(table.c.id == bindparam("subscription"))
_LIVES = table.c.confirmed_at.is_not(None) & table.c.ended_at.is_(None)
_CODES = ContactCodes(table, table.c.channel == Channel.SMS.value, table.c.ended_at.is_(None))
_THEIRS = (table.c.channel == bindparam("way")) & (table.c.contact == bindparam("whose"))
_LIVING = (
    select(table)
    .where(_LIVES, table.c.outage_id.is_(None), table.c.ahead_minutes.is_(None))
    .order_by(table.c.id)
)
_OF_CONTACT = select(table).where(_THEIRS, _LIVES).order_by(table.c.id)
_STILL_LIVING = select(table.c.id).where(_LIVES, table.c.id.in_(bindparam("ids", expanding=True)))
_END = (
    update(table)
    .where(_THEIRS, table.c.ended_at.is_(None))
    .values(ended_at=bindparam("now"))
    .returning(table.c.id)
)
_END_THESE = (
    update(table)
    .where(table.c.id.in_(bindparam("ids", expanding=True)), table.c.ended_at.is_(None))
    .values(ended_at=bindparam("now"))
    .returning(table.c.id)
)
_UNWATCH = (
    delete(outage_watchers)
    .where(outage_watchers.c.channel == bindparam("way"), outage_watchers.c.address == bindparam("whose"))
    .returning(outage_watchers.c.id)
)
_VERSION = select(outages.c.version).where(outages.c.id == bindparam("outage"))


@define(eq=False, repr=False)
class StoredOutageSubscriptions:
    """`hotline.outages.subscriptions.OutageSubscriptions` on a database."""

    _database: Database

    async def ask(
        self, wish: SubscriptionRequest, code: str, about: str, at: datetime, *, network: str = ""
    ) -> Subscription:
        values = _values(wish) | {"asked_at": at, "code": code, "network": network}
        async with self._database.writing() as connection:
            if await _CODES.too_many(
                connection,
                wish.channel,
                wish.contact,
                at,
                network=network,
                most=MOST_UNCONFIRMED[wish.channel],
            ):
                raise TooManyMessages("This contact or network, or all together, were asked too often today.")
            row = (await connection.execute(_ADD, values)).mappings()
            kept = _subscription(row.one())
            await owe_once(self._database, connection, [to_confirm(kept, about)], at)
        return kept

    async def keep(self, wish: SubscriptionRequest, at: datetime) -> None:
        values = _values(wish) | {"asked_at": at, "code": "", "network": ""}
        async with self._database.writing() as connection:
            if await _CODES.asked_enough(connection, wish.channel, wish.contact, at):
                raise TooManyMessages("This contact has asked too often today.")
            row = (await connection.execute(_ADD, values)).mappings()
            await self._lives(connection, _subscription(row.one()), at)

    async def find(self, subscription_id: int) -> Subscription | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(_ONE, {"subscription": subscription_id})).mappings().first()
        return None if row is None else _subscription(row)

    async def try_code(self, subscription_id: int, typed: str, at: datetime) -> bool:
        async with self._database.writing() as connection:
            row = await _CODES.try_code(connection, subscription_id, typed, at)
            if row is None:
                return False
            if row["confirmed_at"] is None:
                await self._lives(connection, _subscription(row), at)
            return True

    async def confirm(self, subscription_id: int, at: datetime, *, minutes: int | None = None) -> None:
        async with self._database.writing() as connection:
            found = await connection.execute(_ONE.with_for_update(), {"subscription": subscription_id})
            one = _subscription(found.mappings().one())
            if one.confirmed_at is None and one.ended_at is None:
                if minutes is not None:
                    await connection.execute(
                        _SET.values(ahead_minutes=minutes), {"subscription": subscription_id}
                    )
                await self._lives(connection, one, at)

    async def of_contact(self, channel: Channel, contact: str) -> Sequence[Subscription]:
        return await self._read(_OF_CONTACT, way=channel.value, whose=contact)

    async def stop(self, channel: Channel, contact: str, at: datetime) -> None:
        theirs = {"way": channel.value, "whose": contact}
        async with self._database.writing() as connection:
            ended = (await connection.execute(_END, theirs | {"now": at})).scalars().all()
            watched = (await connection.execute(_UNWATCH, theirs)).scalars().all()
            whom = [f"{SUBSCRIBER}{one}" for one in ended] + [f"{WATCHER}{one}" for one in watched]
            await take_back(connection, whom, at)

    async def end(self, subscription_ids: Sequence[int], at: datetime) -> None:
        these = {"ids": list(subscription_ids), "now": at}
        async with self._database.writing() as connection:
            ended = (await connection.execute(_END_THESE, these)).scalars().all()
            await take_back(connection, [f"{SUBSCRIBER}{one}" for one in ended], at)

    async def living(self, since: datetime | None = None) -> Sequence[Subscription]:
        if since is None:
            return await self._read(_LIVING)
        return await self._read(_LIVING.where(table.c.confirmed_at >= since))

    async def announce(self, outage: Outage, subscribers: Sequence[Subscription], at: datetime) -> int:
        asked = {"ids": [one.id for one in subscribers]}
        async with self._database.writing() as connection:
            # A subscriber who stops at this moment waits for us and finds what we owed them, or
            # we find them gone.
            living = set((await connection.execute(_STILL_LIVING.with_for_update(), asked)).scalars())
            new = [_watching(one, outage.id, UNHEARD, at) for one in subscribers if one.id in living]
            return await self._watch(connection, new)

    async def _lives(self, connection: AsyncConnection, one: Subscription, at: datetime) -> None:
        values = _values(one)
        same = [table.c[name].is_not_distinct_from(values[name]) for name in values if name not in _HOW]
        same.append(
            table.c.ahead_minutes.is_(None) if one.power is None else table.c.ahead_minutes.is_not(None)
        )
        await connection.execute(update(table).where(_LIVES, *same).values(ended_at=at))
        await connection.execute(_SET.values(confirmed_at=at), {"subscription": one.id})
        if one.outage_id is not None:
            version = (await connection.execute(_VERSION, {"outage": one.outage_id})).scalar_one()
            await self._watch(connection, [_watching(one, one.outage_id, version, at)])

    async def _watch(self, connection: AsyncConnection, watching: Sequence[Mapping[str, Any]]) -> int:
        """Add watchers; how many were not there yet."""
        if not watching:
            return 0
        once = self._database.insert(outage_watchers).values(watching).on_conflict_do_nothing()
        return len((await connection.execute(once.returning(outage_watchers.c.id))).all())

    async def _read(self, statement: Any, **values: object) -> Sequence[Subscription]:
        async with self._database.reading() as connection:
            rows = await connection.execute(statement, values)
            return [_subscription(row) for row in rows.mappings()]


def _watching(one: Subscription, outage_id: int, version: int, at: datetime) -> Mapping[str, Any]:
    return {
        "outage_id": outage_id,
        "channel": one.channel.value,
        "address": one.contact,
        "language": one.language.value,
        "asked_at": at,
        "version": version,
    }


def _values(wish: SubscriptionRequest) -> dict[str, Any]:
    place = wish.place or Address(street="")
    return {
        "channel": wish.channel.value,
        "contact": wish.contact,
        "language": wish.language.value,
        "street": place.street,
        "house": place.house,
        "quarter": place.quarter,
        "outage_id": wish.outage_id,
        "ahead_minutes": wish.power and wish.power.minutes,
        "quiet_from": wish.power and wish.power.quiet_from,
        "quiet_until": wish.power and wish.power.quiet_until,
    }


def _subscription(row: RowMapping) -> Subscription:
    street, house, quarter = (row[name] for name in ("street", "house", "quarter"))
    place = Address(street=street, house=house, quarter=quarter) if street else None
    return row_to(Subscription, row, place=place, power=read_ahead(row))


def read_ahead(row: RowMapping) -> PowerAhead | None:
    """Read when they are told of changes of the power; None for a subscription to outages."""
    if row["ahead_minutes"] is None:
        return None
    return PowerAhead(
        minutes=row["ahead_minutes"], quiet_from=row["quiet_from"], quiet_until=row["quiet_until"]
    )
