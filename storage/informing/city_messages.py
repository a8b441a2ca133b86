"""The prepared messages to the whole city; one at most is on, which the database's transaction sees to."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from sqlalchemy import RowMapping, bindparam, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.clock import Clock
from hotline.errors import ForbiddenTransition, NotFound, Outdated
from hotline.informing.city_messages import CityMessage, MessageAct, MessageBy, MessageEntry, NewMessage
from storage.core.database import Database
from storage.core.fresh import Fresh
from storage.core.rows import row_to
from storage.tables import city_message_history, city_messages

_THERE = select(city_messages).where(city_messages.c.removed.is_(False))
_ALL = _THERE.order_by(city_messages.c.title, city_messages.c.id)
_ONE = _THERE.where(city_messages.c.id == bindparam("message"))
_ON = _THERE.where(city_messages.c.on_since.is_not(None)).order_by(city_messages.c.on_since.desc())
_ADD = insert(city_messages).returning(city_messages)
_CHANGE = update(city_messages).where(city_messages.c.id == bindparam("message")).returning(city_messages)
_NOTE = insert(city_message_history)
_HISTORY = select(city_message_history).order_by(city_message_history.c.id.desc())
_ONE_AT_A_TIME = text("LOCK TABLE city_messages IN SHARE ROW EXCLUSIVE MODE")
"""Messages can be read meanwhile; two who switch come one after the other. SQLite has one writer anyway."""


class StoredCityMessages:
    """`hotline.informing.city_messages.CityMessages` on a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._on: Fresh[CityMessage | None] = Fresh(self._read_on, writes=database.writes, of=[city_messages])

    async def renew(self) -> None:
        """Refresh the message that every caller asks for, apart from the callers' path."""
        await self._on.renew()

    async def on(self, at: datetime) -> CityMessage | None:
        message = await self._on.get()
        return message if message is not None and message.on(at) else None

    async def all(self) -> Sequence[CityMessage]:
        async with self._database.reading() as connection:
            return [row_to(CityMessage, row) for row in (await connection.execute(_ALL)).mappings()]

    async def get(self, message_id: int) -> CityMessage:
        async with self._database.reading() as connection:
            return await _one(connection, message_id)

    async def enter(self, new: NewMessage, by: MessageBy) -> CityMessage:
        async with self._changing() as connection:
            values = {"title": new.title, "uk": new.uk, "en": new.en}
            entered = row_to(CityMessage, (await connection.execute(_ADD, values)).mappings().one())
            await self._note(connection, entered, MessageAct.ENTERED, by)
        return entered

    async def amend(self, was: CityMessage, now: NewMessage, by: MessageBy) -> CityMessage:
        values = {"title": now.title, "uk": now.uk, "en": now.en}
        if values == {"title": was.title, "uk": was.uk, "en": was.en}:
            return was
        async with self._changing() as connection:
            there = await _one(connection, was.id)
            if there.version != was.version:
                raise Outdated("Somebody has changed this message meanwhile: read it again.")
            return await self._becomes(connection, there, MessageAct.AMENDED, by, **values)

    async def switch_on(
        self,
        message_id: int,
        by: MessageBy,
        until: datetime | None = None,
        *,
        wanted: str | None = None,
        seen: str | None = None,
    ) -> CityMessage:
        async with self._changing() as connection:
            message = await _one(connection, message_id)
            if wanted not in {None, message.mark}:
                raise Outdated("Somebody has changed this message meanwhile.")
            await self._require_seen(connection, seen)
            await self._all_off(connection, by, but=message_id)
            values = {"on_since": self._clock.now(), "until": until and until.astimezone(UTC)}
            return await self._becomes(connection, message, MessageAct.SWITCHED_ON, by, **values)

    async def switch_off(self, by: MessageBy, *, seen: str | None = None) -> CityMessage | None:
        async with self._changing() as connection:
            await self._require_seen(connection, seen)
            return await self._all_off(connection, by)

    async def remove(self, message_id: int, by: MessageBy) -> None:
        async with self._changing() as connection:
            message = await _one(connection, message_id)
            if message.on(self._clock.now()):
                raise ForbiddenTransition("Every caller hears this message now: switch it off first.")
            await self._becomes(connection, message, MessageAct.REMOVED, by, removed=True, on_since=None)

    async def history(self, limit: int) -> Sequence[MessageEntry]:
        async with self._database.reading() as connection:
            return [_entry(row) for row in (await connection.execute(_HISTORY.limit(limit))).mappings()]

    async def _read_on(self) -> CityMessage | None:
        async with self._database.read_inline() as connection:
            row = (await connection.execute(_ON.limit(1))).mappings().first()
        return None if row is None else row_to(CityMessage, row)

    async def _require_seen(self, connection: AsyncConnection, seen: str | None) -> None:
        heard = [row_to(CityMessage, row) for row in (await connection.execute(_ON)).mappings()]
        if seen is not None and any(one.on(self._clock.now()) and one.mark != seen for one in heard):
            raise Outdated("Somebody has switched a message on meanwhile.")

    async def _all_off(
        self, connection: AsyncConnection, by: MessageBy, *, but: int | None = None
    ) -> CityMessage | None:
        """Switch off the messages that are on; returns the one that callers still heard."""
        heard = None
        for row in (await connection.execute(_ON)).mappings().all():
            message = row_to(CityMessage, row)
            if message.id == but:
                continue
            if message.on(self._clock.now()):
                heard = message
            off = {"on_since": None, "until": None}
            await self._becomes(connection, message, MessageAct.SWITCHED_OFF, by, **off)
        return heard

    async def _becomes(
        self, connection: AsyncConnection, was: CityMessage, act: MessageAct, by: MessageBy, **values: object
    ) -> CityMessage:
        values["version"] = was.version + 1
        changed = await connection.execute(_CHANGE.values(values), {"message": was.id})
        message = row_to(CityMessage, changed.mappings().one())
        await self._note(connection, message, act, by)
        return message

    async def _note(
        self, connection: AsyncConnection, message: CityMessage, act: MessageAct, by: MessageBy
    ) -> None:
        facts = {"title": message.title, "uk": message.uk, "en": message.en}
        if message.until is not None:
            facts["until"] = message.until.isoformat()
        values = {
            "message_id": message.id,
            "at": self._clock.now(),
            "act": act.value,
            "user_id": by.user_id,
            "call_id": by.call_id,
            "facts": facts,
        }
        await connection.execute(_NOTE, values)

    @asynccontextmanager
    async def _changing(self) -> AsyncIterator[AsyncConnection]:
        async with self._on.changing(), self._database.writing() as connection:
            if self._database.shared:
                await connection.execute(_ONE_AT_A_TIME)
            yield connection


async def _one(connection: AsyncConnection, message_id: int) -> CityMessage:
    row = (await connection.execute(_ONE, {"message": message_id})).mappings().first()
    if row is None:
        raise NotFound("There is no message %(number)s.", number=message_id)
    return row_to(CityMessage, row)


def _entry(row: RowMapping) -> MessageEntry:
    return row_to(MessageEntry, row, by=row_to(MessageBy, row))
