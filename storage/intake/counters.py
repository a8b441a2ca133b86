"""Counters of numbers and indices of imported appeals: they assign missing ones, and skip used ones."""

import re
from functools import cache
from typing import Any

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals.appeal import Appeal
from storage.appeals.numbering import Indices
from storage.appeals.registry import DIGITS
from storage.core.database import Database, Into
from storage.tables import appeal_counters

_CENTURY = 2000
_OURS = re.compile(rf"(\d\d)(\d{{{DIGITS},{DIGITS + 2}}})")


@cache
def _counting(into: Into) -> Any:
    return (
        into(appeal_counters)
        .on_conflict_do_update(
            index_elements=[appeal_counters.c.year], set_={"last": appeal_counters.c.last + 1}
        )
        .returning(appeal_counters.c.last)
    )


@cache
def _raising(into: Into, *, shared: bool) -> Any:
    counting = into(appeal_counters)
    highest = func.greatest if shared else func.max
    return counting.on_conflict_do_update(
        index_elements=[appeal_counters.c.year],
        set_={"last": highest(appeal_counters.c.last, counting.excluded.last)},
    )


class Counters:
    """The counters that the registry counts by."""

    def __init__(self, database: Database) -> None:
        self._indices = Indices(database)
        self._count = _counting(database.insert)
        self._raise = _raising(database.insert, shared=database.shared)

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
