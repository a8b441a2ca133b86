"""The times of acting heads."""

from collections.abc import Sequence
from datetime import datetime

from attrs import define
from sqlalchemy import bindparam, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.access.acting_heads import ActingHead, NamedAlready
from hotline.errors import NotFound, Outdated
from storage.core.database import Database
from storage.core.rows import row_to
from storage.tables import acting_heads as table

_AT = select(table).where(
    table.c.since <= bindparam("now"), table.c.until > bindparam("now"), table.c.ended_at.is_(None)
)
_OVERLAPPING = (
    select(table)
    .where(table.c.since < bindparam("ends"), table.c.until > bindparam("begins"), table.c.ended_at.is_(None))
    .order_by(table.c.since)
    .limit(1)
)
_ALL = select(table).order_by(table.c.since.desc(), table.c.id.desc())
_ONE = select(table).where(table.c.id == bindparam("this"))
_END = (
    update(table)
    .where(table.c.id == bindparam("this"), table.c.ended_at.is_(None), table.c.until > bindparam("now"))
    .values(ended_at=bindparam("now"), ended_by=bindparam("by"))
)
_ONE_AT_A_TIME = text("LOCK TABLE acting_heads IN SHARE ROW EXCLUSIVE MODE")
"""They can be read meanwhile; of two who name at one moment one sees the other's. SQLite has one writer."""


async def read_acting(connection: AsyncConnection, now: datetime) -> ActingHead | None:
    """Find who is acting head at this moment."""
    row = (await connection.execute(_AT, {"now": now})).mappings().first()
    return None if row is None else row_to(ActingHead, row)


@define(eq=False, repr=False)
class StoredActingHeads:
    """`hotline.access.acting_heads.ActingHeads` on a database."""

    _database: Database

    async def name(
        self, user_id: int, since: datetime, until: datetime, *, order: str, by: int, at: datetime
    ) -> ActingHead:
        values = {
            "user_id": user_id,
            "since": since,
            "until": until,
            "order": order,
            "named_by": by,
            "named_at": at,
        }
        async with self._database.writing() as connection:
            if self._database.shared:
                await connection.execute(_ONE_AT_A_TIME)
            other = (await connection.execute(_OVERLAPPING, {"begins": since, "ends": until})).first()
            if other is not None:
                raise NamedAlready(
                    f"User {other.user_id} is acting head from {other.since} to {other.until}."
                )
            row = (await connection.execute(insert(table).returning(table), values)).mappings().one()
        return row_to(ActingHead, row)

    async def end(self, acting_id: int, by: int, at: datetime) -> ActingHead:
        async with self._database.writing() as connection:
            ended = await connection.execute(_END, {"this": acting_id, "by": by, "now": at})
            row = (await connection.execute(_ONE, {"this": acting_id})).mappings().first()
        if row is None:
            raise NotFound(f"There is no acting head {acting_id}.")
        if not ended.rowcount:
            raise Outdated(f"Acting head {acting_id} is one no longer.")
        return row_to(ActingHead, row)

    async def at(self, now: datetime) -> ActingHead | None:
        async with self._database.read_inline() as connection:
            return await read_acting(connection, now)

    async def all(self) -> Sequence[ActingHead]:
        async with self._database.reading() as connection:
            return [row_to(ActingHead, row) for row in (await connection.execute(_ALL)).mappings()]
