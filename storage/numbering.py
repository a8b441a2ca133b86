"""The registration index of a new appeal, counted in its series and year by the registering transaction."""

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals import AppealKind, Subject
from hotline.paperwork import index_of, paperwork
from storage.database import Database
from storage.tables import citizens
from storage.tables_of_registers import appeal_series

_NAME = select(citizens.c.name).where(citizens.c.id == bindparam("citizen"))


class Indices:
    """Gives out indices by the city's rules (`hotline.paperwork`)."""

    def __init__(self, database: Database) -> None:
        counting = database.insert(appeal_series).values(last=1)
        self._count = counting.on_conflict_do_update(
            index_elements=[appeal_series.c.year, appeal_series.c.series],
            set_={"last": appeal_series.c.last + 1},
        ).returning(appeal_series.c.last)

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
        running = (await connection.execute(self._count, counted)).scalar_one()
        name = await self._name(connection, applicant)
        letter = city.letter(name, subject)
        return index_of(rule, letter=letter, running=running, number=number, year=year)

    async def _name(self, connection: AsyncConnection, applicant: int | None) -> str:
        if applicant is None:
            return ""
        return (await connection.execute(_NAME, {"citizen": applicant})).scalar_one()
