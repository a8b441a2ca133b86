"""Appeals from before there was a search get their words: in batches, so that one can stop and go on."""

from collections.abc import AsyncIterator

from attrs import define
from sqlalchemy import bindparam, exists, func, select

from storage.appeals.texts import AppealTexts
from storage.core.database import Database
from storage.tables import appeal_texts, appeals

AT_ONCE = 500

_WITHOUT_WORDS = ~exists().where(appeal_texts.c.appeal == appeals.c.number)
_HOW_MANY = select(func.count()).select_from(appeals).where(_WITHOUT_WORDS)
_SOME = (
    select(appeals.c.number, appeals.c.registered_at, appeals.c.text, appeals.c.address)
    .where(appeals.c.number > bindparam("last"), _WITHOUT_WORDS)
    .order_by(appeals.c.number)
    .limit(AT_ONCE)
)


@define(eq=False, repr=False)
class Reindexing:
    """Rebuilds the word index for `hotline reindex`. When it is stopped, the rows written so far stay."""

    _database: Database
    _texts: AppealTexts

    async def missing(self) -> int:
        """Count the appeals that the search does not know yet."""
        async with self._database.reading() as connection:
            return (await connection.execute(_HOW_MANY)).scalar_one()

    async def run(self) -> AsyncIterator[int]:
        """Write the words of those; gives how many are done after each batch."""
        last, done = "", 0
        while True:
            async with self._database.reading() as connection:
                rows = (await connection.execute(_SOME, {"last": last})).all()
            if not rows:
                return
            new = [
                (row.number, row.registered_at, await self._texts.of(row.text, row.address)) for row in rows
            ]
            async with self._database.writing() as connection:
                await self._texts.add_all(connection, new)
            last, done = rows[-1].number, done + len(rows)
            yield done
