"""Closings of calls by the browser, in the database."""

from datetime import datetime

from attrs import define
from sqlalchemy import bindparam, select, update

from hotline.calls.web_calls import Closing
from storage.core.database import Database
from storage.tables import web_call_closings

_HOLDS = select(web_call_closings).where(web_call_closings.c.held)
_REOPEN = (
    update(web_call_closings)
    .where(web_call_closings.c.held)
    .values(held=None, opened_at=bindparam("at"), opened_by=bindparam("by"))
)


@define(eq=False, repr=False)
class StoredWebCallClosings:
    """Implements `hotline.calls.web_calls.WebCallClosings`."""

    _database: Database

    async def holding(self) -> Closing | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(_HOLDS)).mappings().first()
        if row is None:
            return None
        return Closing(at=row["closed_at"], by=row["closed_by"], reason=row["reason"])

    async def close(self, closing: Closing) -> None:
        insert = self._database.insert(web_call_closings).on_conflict_do_nothing()
        row = {"closed_at": closing.at, "closed_by": closing.by, "reason": closing.reason, "held": True}
        async with self._database.writing() as connection:
            await connection.execute(insert, row)

    async def reopen(self, at: datetime, by: int) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_REOPEN, {"at": at, "by": by})
