"""The register of outages; every call reads it, so a reading stays good for a moment."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from copy import copy
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.city.classifier import Utility
from hotline.clock import Clock
from hotline.errors import ForbiddenTransition, NotFound, Outdated
from hotline.events import Events, OutageChanged
from hotline.outages.outage import (
    OVER_FOR,
    By,
    NewOutage,
    Outage,
    OutageAct,
    OutageEntry,
    OutageKind,
    Position,
)
from storage.core.database import Database
from storage.core.fresh import Fresh
from storage.outages.rows import add_outage, note_outage, outage_values, read_outage, read_outage_entry
from storage.tables import outage_history, outages

Then = Callable[[AsyncConnection, Outage], Awaitable[None]]

_OPEN = select(outages).where(outages.c.ended_at.is_(None)).order_by(outages.c.starts_at, outages.c.id)
_ENDED = (
    select(outages)
    .where(outages.c.ended_at >= bindparam("since"))
    .order_by(outages.c.ended_at.desc(), outages.c.id.desc())
)
_ONE = select(outages).where(outages.c.id == bindparam("outage"))
_BY_KEY = select(outages).where(outages.c.idempotency_key == bindparam("key"))
_CHANGE = update(outages).where(outages.c.id == bindparam("outage")).returning(outages)
_HISTORY = (
    select(outage_history)
    .where(outage_history.c.outage_id == bindparam("outage"))
    .order_by(outage_history.c.version)
)
_HISTORIES = (
    select(outage_history)
    .where(outage_history.c.outage_id.in_(bindparam("outages", expanding=True)))
    .order_by(outage_history.c.outage_id, outage_history.c.version)
)


class StoredOutages:
    """`hotline.outages.outage.Outages` on a database."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        seconds: Callable[[], float] = time.monotonic,
        events: Events | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._events = events
        self._not_over: Fresh[Sequence[Outage]] = Fresh(self._read_open, seconds, database.writes, [outages])
        self._over: Fresh[Sequence[Outage]] = Fresh(self._read_over, seconds)

    def told_on(self, events: Events) -> "StoredOutages":
        """Return a copy with the same cache that publishes each committed act on these events."""
        told = copy(self)
        told._events = events  # noqa: SLF001 - of the same class
        return told

    async def renew(self) -> None:
        """Refresh the outages that callers ask for, apart from the callers' path."""
        await self._not_over.renew()

    async def now(self, at: datetime) -> Sequence[Outage]:
        holding = [outage for outage in await self._not_over.get() if outage.starts_at <= at]
        return sorted(holding, key=lambda outage: outage.kind is not OutageKind.EMERGENCY)

    async def coming(self, at: datetime) -> Sequence[Outage]:
        return [outage for outage in await self._not_over.get() if outage.starts_at > at]

    async def get(self, outage_id: int) -> Outage:
        async with self._database.reading() as connection:
            return await _one(connection, _ONE, outage_id)

    async def find(
        self,
        *,
        limit: int,
        skipped: int = 0,
        executor_id: int | None = None,
        utility: Utility | None = None,
        over: bool | None = None,
        since: datetime | None = None,
        behind: Position | None = None,
    ) -> Sequence[Outage]:
        wanted = select(outages).order_by(outages.c.starts_at.desc(), outages.c.id.desc())
        if executor_id is not None:
            wanted = wanted.where(outages.c.executor_id == executor_id)
        if utility is not None:
            wanted = wanted.where(outages.c.utility == utility.value)
        if over is not None:
            wanted = wanted.where(outages.c.ended_at.is_not(None) if over else outages.c.ended_at.is_(None))
        if since is not None:
            wanted = wanted.where(outages.c.entered_at >= since)
        if behind is not None:
            at, number = behind
            same = and_(outages.c.starts_at == at, outages.c.id < number)
            wanted = wanted.where(outages.c.starts_at <= at, or_(outages.c.starts_at < at, same))
        async with self._database.reading() as connection:
            rows = await connection.execute(wanted.limit(limit).offset(skipped))
            return [read_outage(row) for row in rows.mappings()]

    async def lately_over(self, at: datetime) -> Sequence[Outage]:
        over = await self._over.get()
        return [one for one in over if one.ended_at is not None and one.ended_at >= at - OVER_FOR]

    async def history(self, outage_id: int) -> Sequence[OutageEntry]:
        async with self._database.reading() as connection:
            rows = await connection.execute(_HISTORY, {"outage": outage_id})
            return [read_outage_entry(row) for row in rows.mappings()]

    async def histories(self, outage_ids: Sequence[int]) -> Mapping[int, Sequence[OutageEntry]]:
        found: dict[int, list[OutageEntry]] = {one: [] for one in outage_ids}
        async with self._database.reading() as connection:
            for row in (await connection.execute(_HISTORIES, {"outages": list(outage_ids)})).mappings():
                found[row["outage_id"]].append(read_outage_entry(row))
        return found

    async def enter(
        self, new: NewOutage, by: By, *, idempotency_key: str | None = None, then: Then | None = None
    ) -> Outage:
        """See the port. `then` is done in the same transaction: both, or neither."""
        try:
            async with self._changing() as connection:
                entered = await add_outage(
                    connection, new, by, self._clock.now(), idempotency_key=idempotency_key
                )
                if then is not None:
                    await then(connection, entered)
        except IntegrityError:
            earlier = await self.by_idempotency_key(idempotency_key) if idempotency_key else None
            if earlier is None:
                raise
            return earlier
        return self._told(entered, OutageAct.ENTERED)

    async def by_idempotency_key(self, idempotency_key: str) -> Outage | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(_BY_KEY, {"key": idempotency_key})).mappings().one_or_none()
        return None if row is None else read_outage(row)

    async def change(self, was: Outage, now: NewOutage, by: By, note: str = "") -> Outage:
        if outage_values(now) == outage_values(was):
            return was
        end_alone = outage_values(now) | {"expected_end": None} == outage_values(was) | {"expected_end": None}
        act = OutageAct.END_MOVED if end_alone else OutageAct.AMENDED
        async with self._changing() as connection:
            there = await self._locked(connection, was.id)
            if there.version != was.version:
                raise Outdated("Somebody has changed this outage meanwhile: read it again.")
            if there.over:
                raise ForbiddenTransition("This outage is over: enter a new one, or reopen it.")
            changed = await self._becomes(connection, there, act, by, note, **outage_values(now))
        return self._told(changed, act)

    async def end(self, outage_id: int, at: datetime, by: By, note: str = "") -> Outage:
        async with self._changing() as connection:
            there = await self._locked(connection, outage_id)
            if there.over:
                return there
            ended = await self._becomes(connection, there, OutageAct.ENDED, by, note, ended_at=at)
        return self._told(ended, OutageAct.ENDED)

    async def cancel(self, outage_id: int, by: By, note: str) -> Outage:
        async with self._changing() as connection:
            there = await self._locked(connection, outage_id)
            if there.over:
                return there
            over = {"ended_at": self._clock.now(), "cancelled": True}
            cancelled = await self._becomes(connection, there, OutageAct.CANCELLED, by, note, **over)
        return self._told(cancelled, OutageAct.CANCELLED)

    async def reopen(self, outage_id: int, by: By, note: str) -> Outage:
        async with self._changing() as connection:
            there = await self._locked(connection, outage_id)
            if not there.over:
                return there
            again = {"ended_at": None, "cancelled": False}
            reopened = await self._becomes(connection, there, OutageAct.REOPENED, by, note, **again)
        return self._told(reopened, OutageAct.REOPENED)

    def _told(self, outage: Outage, act: OutageAct) -> Outage:
        if self._events is not None:
            self._events.tell(OutageChanged(outage=outage, act=act))
        return outage

    async def _locked(self, connection: AsyncConnection, outage_id: int) -> Outage:
        return await _one(connection, _ONE.with_for_update() if self._database.shared else _ONE, outage_id)

    async def _becomes(
        self, connection: AsyncConnection, was: Outage, act: OutageAct, by: By, note: str, **values: object
    ) -> Outage:
        values["version"] = was.version + 1
        changed = await connection.execute(_CHANGE.values(values), {"outage": was.id})
        outage = read_outage(changed.mappings().one())
        await note_outage(connection, outage, by, act=act.value, at=self._clock.now(), note=note)
        return outage

    @asynccontextmanager
    async def _changing(self) -> AsyncIterator[AsyncConnection]:
        async with (
            self._not_over.changing(),
            self._over.changing(),
            self._database.writing() as connection,
        ):
            yield connection

    async def _read_open(self) -> Sequence[Outage]:
        async with self._database.read_inline() as connection:
            return [read_outage(row) for row in (await connection.execute(_OPEN)).mappings()]

    async def _read_over(self) -> Sequence[Outage]:
        since = {"since": self._clock.now() - OVER_FOR}
        async with self._database.read_inline() as connection:
            return [read_outage(row) for row in (await connection.execute(_ENDED, since)).mappings()]


async def _one(connection: AsyncConnection, statement: Any, outage_id: int) -> Outage:
    row = (await connection.execute(statement, {"outage": outage_id})).mappings().first()
    if row is None:
        raise NotFound("There is no outage %(number)s.", number=outage_id)
    return read_outage(row)
