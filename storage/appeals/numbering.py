"""The registration index of a new appeal, counted in its series and year by the registering transaction."""

import re
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals.appeal import AppealKind, Subject
from hotline.appeals.paperwork import index_of, paperwork
from storage.core.database import Database, Into
from storage.tables import appeal_series, appeals, citizens

_COUNTED = re.compile(r"(?<!\d)\d{1,9}(?!\d)")
_TAKEN = select(appeals.c.number).where(
    appeals.c.registration_index == bindparam("index"),
    func.substr(appeals.c.number, 1, 2) == bindparam("of_year"),
)
"""Other rules of the year may have given it: of a version before, or where a letter stands in the pattern."""
_NAME = select(citizens.c.name).where(citizens.c.id == bindparam("citizen"))


@cache
def _counting(into: Into) -> Any:
    return (
        into(appeal_series)
        .values(last=1)
        .on_conflict_do_update(
            index_elements=[appeal_series.c.year, appeal_series.c.series],
            set_={"last": appeal_series.c.last + 1},
        )
        .returning(appeal_series.c.last)
    )


@cache
def _raising(into: Into, *, shared: bool) -> Any:
    raising = into(appeal_series)
    highest = func.greatest if shared else func.max
    return raising.on_conflict_do_update(
        index_elements=[appeal_series.c.year, appeal_series.c.series],
        set_={"last": highest(appeal_series.c.last, raising.excluded.last)},
    )


class Indices:
    """Gives out indices by the city's rules (`hotline.appeals.paperwork`)."""

    def __init__(self, database: Database) -> None:
        self._count = _counting(database.insert)
        self._raise = _raising(database.insert, shared=database.shared)

    async def next(
        self,
        connection: AsyncConnection,
        *,
        kind: AppealKind,
        subject: Subject,
        applicant: int | None,
        number: str,
        year: int,
    ) -> str:
        """Give the next index, in a transaction that goes on; `applicant` is the citizen's id."""
        city = paperwork()
        rule = city.rule(kind)
        counted = {"year": year, "series": rule.series}
        letter = city.letter(await self._name(connection, applicant), subject)
        while True:
            running = (await connection.execute(self._count, counted)).scalar_one()
            index = index_of(rule, letter=letter, running=running, number=number, year=year)
            taken = {"index": index, "of_year": f"{year % 100:02d}"}
            if number in index or (await connection.execute(_TAKEN, taken)).first() is None:
                return index

    async def pass_by(self, connection: AsyncConnection, *, kind: AppealKind, index: str, year: int) -> None:
        """See to it that an index from elsewhere is not given out again; one without a number never is."""
        if found := _COUNTED.search(index):
            counted = {"year": year, "series": paperwork().rule(kind).series, "last": int(found[0])}
            await connection.execute(self._raise, counted)

    async def _name(self, connection: AsyncConnection, applicant: int | None) -> str:
        if applicant is None:
            return ""
        name: str = (await connection.execute(_NAME, {"citizen": applicant})).scalar_one()
        return name
