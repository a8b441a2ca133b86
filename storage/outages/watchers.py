"""Watchers of outages: one row for each outage, way and address."""

from collections.abc import Sequence
from datetime import datetime

from attrs import define
from sqlalchemy import RowMapping, bindparam, func, select

from hotline.contact.channel import Channel
from hotline.errors import NotFound
from hotline.outages.watchers import Watcher
from hotline.voice.speech import Language
from storage.core.database import Database
from storage.core.rows import row_to
from storage.tables import outage_watchers, outages

_VERSION = select(outages.c.version).where(outages.c.id == bindparam("outage"))
_COUNT = select(func.count()).where(outage_watchers.c.outage_id == bindparam("outage"))
_ONE = select(outage_watchers).where(outage_watchers.c.id == bindparam("watcher"))
_OF_OUTAGE = (
    select(outage_watchers)
    .where(outage_watchers.c.outage_id == bindparam("outage"))
    .order_by(outage_watchers.c.asked_at, outage_watchers.c.id)
)


@define(eq=False, repr=False)
class StoredOutageWatch:
    """`hotline.outages.watchers.OutageWatch` on a database."""

    _database: Database

    async def watch(
        self,
        outage_id: int,
        *,
        channel: Channel,
        address: str,
        language: Language,
        call_id: str | None = None,
        at: datetime,
        version: int | None = None,
    ) -> bool:
        async with self._database.writing() as connection:
            present = (await connection.execute(_VERSION, {"outage": outage_id})).scalar()
            if present is None:
                raise NotFound("There is no outage %(number)s.", number=outage_id)
            values = {
                "outage_id": outage_id,
                "channel": channel.value,
                "address": address,
                "language": language.value,
                "call_id": call_id,
                "asked_at": at,
                "version": present if version is None else version,
            }
            once = self._database.insert(outage_watchers).on_conflict_do_nothing()
            return (await connection.execute(once, values)).rowcount > 0

    async def get(self, watcher_id: int) -> Watcher | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(_ONE, {"watcher": watcher_id})).mappings().first()
        return None if row is None else read_watcher(row)

    async def count(self, outage_id: int) -> int:
        async with self._database.reading() as connection:
            number: int = (await connection.execute(_COUNT, {"outage": outage_id})).scalar_one()
            return number

    async def watchers(self, outage_id: int) -> Sequence[Watcher]:
        async with self._database.reading() as connection:
            rows = await connection.execute(_OF_OUTAGE, {"outage": outage_id})
            return [read_watcher(row) for row in rows.mappings()]


def read_watcher(row: RowMapping) -> Watcher:
    return row_to(Watcher, row)
