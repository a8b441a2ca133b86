"""The secret links by which calendars ask for somebody's shifts."""

from datetime import datetime

from attrs import define
from sqlalchemy import RowMapping, bindparam, delete, select, update

from hotline.shifts.roster import RosterFeed
from storage.core.database import Database
from storage.tables import roster_feeds as table

_OF = select(table).where(table.c.user_id == bindparam("of"))
_BY_HASH = select(table).where(table.c.secret_hash == bindparam("hash"))
_USED = update(table).where(table.c.user_id == bindparam("of")).values(used_at=bindparam("at"))
_REVOKE = delete(table).where(table.c.user_id == bindparam("of"))


@define(eq=False, repr=False)
class StoredRosterFeeds:
    """`hotline.shifts.roster.RosterFeeds` on a database."""

    _database: Database

    async def of(self, user_id: int) -> RosterFeed | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(_OF, {"of": user_id})).mappings().one_or_none()
        return None if row is None else _feed(row)

    async def make(self, user_id: int, secret_hash: str, at: datetime) -> None:
        made = self._database.insert(table).values(
            user_id=user_id, secret_hash=secret_hash, made_at=at, used_at=None
        )
        anew = {"secret_hash": secret_hash, "made_at": at, "used_at": None}
        async with self._database.writing() as connection:
            await connection.execute(made.on_conflict_do_update(index_elements=["user_id"], set_=anew))

    async def revoke(self, user_id: int) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_REVOKE, {"of": user_id})

    async def by_hash(self, secret_hash: str) -> RosterFeed | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(_BY_HASH, {"hash": secret_hash})).mappings().one_or_none()
        return None if row is None else _feed(row)

    async def used(self, user_id: int, at: datetime) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_USED, {"of": user_id, "at": at})


def _feed(row: RowMapping) -> RosterFeed:
    return RosterFeed(user_id=row["user_id"], made_at=row["made_at"], used_at=row["used_at"])
