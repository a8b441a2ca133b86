"""Queues of power by the digests of accounts, as the supplier's latest list has them."""

from collections.abc import Mapping
from datetime import datetime

from attrs import define
from sqlalchemy import bindparam, delete, func, insert, select

from storage.core.database import Database
from storage.tables import power_accounts

AT_ONCE = 1000
_ONE = select(power_accounts.c.queue).where(power_accounts.c.digest == bindparam("digest"))
_FIRST = select(power_accounts.c.digest).limit(1)
_COUNT = select(func.count()).select_from(power_accounts)


@define(eq=False, repr=False)
class StoredAccounts:
    """`hotline.power.accounts.KeptAccounts` on a database."""

    _database: Database

    async def replace(self, queues: Mapping[str, str], at: datetime, *, by: int) -> None:
        rows = [
            {"digest": digest, "queue": queue, "told_at": at, "told_by": by}
            for digest, queue in queues.items()
        ]
        async with self._database.writing() as connection:
            await connection.execute(delete(power_accounts))
            for first in range(0, len(rows), AT_ONCE):
                await connection.execute(insert(power_accounts), rows[first : first + AT_ONCE])

    async def queue_of(self, digest: str) -> str | None:
        async with self._database.reading() as connection:
            found: str | None = (await connection.execute(_ONE, {"digest": digest})).scalar()
            return found

    async def any(self) -> bool:
        async with self._database.reading() as connection:
            return (await connection.execute(_FIRST)).first() is not None

    async def count(self) -> int:
        async with self._database.reading() as connection:
            number: int = (await connection.execute(_COUNT)).scalar_one()
            return number
