"""Counters of numbers and indices of imported appeals: they assign missing ones, and skip used ones."""

import re

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals.appeal import Appeal
from storage.appeals.numbering import Indices
from storage.appeals.registry import DIGITS
from storage.core.database import Database
from storage.tables import appeal_counters

_CENTURY = 2000
_OURS = re.compile(rf"(\d\d)(\d{{{DIGITS},{DIGITS + 2}}})")


class Counters:
    """The counters that the registry counts by."""

    def __init__(self, database: Database) -> None:
        self._indices = Indices(database)
        by_year = [appeal_counters.c.year]
        counting = database.insert(appeal_counters)
        self._count = counting.on_conflict_do_update(
            index_elements=by_year, set_={"last": appeal_counters.c.last + 1}
        ).returning(appeal_counters.c.last)
        highest = func.greatest if database.shared else func.max
        self._raise = counting.on_conflict_do_update(
            index_elements=by_year, set_={"last": highest(appeal_counters.c.last, counting.excluded.last)}
        )

    async def number(self, connection: AsyncConnection, year: int) -> str:
        """Give the next number of the year."""
        running = (await connection.execute(self._count, {"year": year, "last": 1})).scalar_one()
        return f"{year % 100:02d}{running:0{DIGITS}d}"

    async def pass_by(self, connection: AsyncConnection, appeal: Appeal, year: int) -> None:
        """See to it that the appeal's own number and index are not given out again."""
        await self._indices.pass_by(connection, kind=appeal.kind, index=appeal.registration_index, year=year)
        if found := _OURS.fullmatch(appeal.number):
            await connection.execute(self._raise, {"year": _CENTURY + int(found[1]), "last": int(found[2])})

    async def index(self, connection: AsyncConnection, appeal: Appeal, year: int) -> str:
        """Give the next index of the appeal's series."""
        return await self._indices.next(
            connection,
            kind=appeal.kind,
            subject=appeal.subject,
            applicant=appeal.applicant_id,
            number=appeal.number,
            year=year,
        )
