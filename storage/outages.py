"""The register of outages; every call reads it, so what was read stays good for a moment."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from sqlalchemy import RowMapping, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.errors import NotFound
from hotline.outages import Outage, OutageKind, Utility
from storage.database import Database
from storage.tables import outages

FRESH_SECONDS = 1.0
"""Another process's change is told to callers this much later at most; our own at once."""
_STALE = float("-inf")

_OPEN = select(outages).where(outages.c.ended_at.is_(None)).order_by(outages.c.starts_at, outages.c.id)
_ADD = insert(outages).returning(outages.c.id)
_END = (
    update(outages)
    .where(outages.c.id == bindparam("outage"), outages.c.ended_at.is_(None))
    .values(ended_at=bindparam("moment"))
)
_KNOWN = select(outages.c.id).where(outages.c.id == bindparam("outage"))


class StoredOutages:
    """`hotline.outages.Outages` on a database. An outage holds from its start until somebody ends it."""

    def __init__(self, database: Database, seconds: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._seconds = seconds
        self._alone = asyncio.Lock()  # six hundred callers in one second are one read
        self._open: Sequence[Outage] = ()
        self._fresh_until = _STALE

    async def now(self, at: datetime) -> Sequence[Outage]:
        if self._seconds() >= self._fresh_until:
            async with self._alone:
                await self._read_if_stale()
        holding = [outage for outage in self._open if outage.starts_at <= at]
        return sorted(holding, key=lambda outage: outage.kind is not OutageKind.EMERGENCY)

    async def enter(
        self, utility: Utility, kind: OutageKind, starts_at: datetime, expected_end: datetime | None
    ) -> Outage:
        values = {
            "utility": utility.value,
            "kind": kind.value,
            "starts_at": starts_at,
            "expected_end": expected_end,
        }
        async with self._changing() as connection:
            outage_id = (await connection.execute(_ADD, values)).scalar_one()
        return Outage(
            id=outage_id, utility=utility, kind=kind, starts_at=starts_at, expected_end=expected_end
        )

    async def end(self, outage_id: int, at: datetime) -> None:
        """End the outage; the first end counts. Raises NotFound."""
        async with self._changing() as connection:
            if (await connection.execute(_KNOWN, {"outage": outage_id})).first() is None:
                raise NotFound(f"There is no outage {outage_id}.")
            await connection.execute(_END, {"outage": outage_id, "moment": at})

    @asynccontextmanager
    async def _changing(self) -> AsyncIterator[AsyncConnection]:
        async with self._alone:
            async with self._database.writing() as connection:
                yield connection
            self._fresh_until = _STALE

    async def _read_if_stale(self) -> None:
        if self._seconds() < self._fresh_until:
            return
        until = self._seconds() + FRESH_SECONDS
        async with self._database.glancing() as connection:
            self._open = [_outage(row) for row in (await connection.execute(_OPEN)).mappings()]
        self._fresh_until = until


def _outage(row: RowMapping) -> Outage:
    values = dict(row)
    values["utility"] = Utility(values["utility"])
    values["kind"] = OutageKind(values["kind"])
    return Outage(**values)
