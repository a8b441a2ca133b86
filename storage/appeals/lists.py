"""The list of appeals: filters, keyset paging, and the names behind ids; few indexed reads a page."""

from collections.abc import Iterable, Mapping, Sequence

from attrs import define
from sqlalchemy import Column, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals.appeal import Appeal
from hotline.appeals.lists import AppealFilter, ListedAppeal, Order, Position
from hotline.city.search_terms import Terms
from storage.appeals.list_filters import count_of, not_to_begin_with, numbers_of
from storage.appeals.lists_by_words import WordsAndFilter, behind_place, on_postgresql, on_sqlite, read
from storage.appeals.register import read_appeal
from storage.appeals.texts import AppealTexts
from storage.core.database import Database
from storage.tables import appeals, citizens, executors, users

_BY_NUMBER = select(appeals).where(appeals.c.number.in_(bindparam("numbers", expanding=True)))


@define(eq=False, repr=False)
class StoredAppealLists:
    """`hotline.appeals.lists.AppealLists` on a database."""

    _database: Database
    _texts: AppealTexts

    async def find(
        self, wanted: AppealFilter, *, order: Order, limit: int, behind: Position | None = None
    ) -> Sequence[ListedAppeal]:
        terms = await self._terms(wanted)
        async with self._database.reading_planned() as connection:
            numbers = await self._numbers(connection, wanted, terms, order, limit, behind)
            return await named(connection, await _numbered(connection, numbers))

    async def read(self, wanted: AppealFilter, *, order: Order, limit: int, offset: int) -> Sequence[Appeal]:
        """Find them without the names behind their ids; of those before the page only numbers are read."""
        terms = await self._terms(wanted)
        async with self._database.reading_planned() as connection:
            numbers = await self._numbers(connection, wanted, terms, order, offset + limit, None)
            return await _numbered(connection, numbers[offset:])

    async def _terms(self, wanted: AppealFilter) -> Terms | None:
        """Parse what is asked for before there is a connection: it may read the dictionary."""
        return await self._texts.terms(wanted.text) if wanted.text else None

    async def _numbers(  # noqa: PLR0917 - a page, and what it is read on
        self,
        connection: AsyncConnection,
        wanted: AppealFilter,
        terms: Terms | None,
        order: Order,
        limit: int,
        behind: Position | None,
    ) -> Sequence[str]:
        if terms is None:
            few = frozenset() if self._database.shared else not_to_begin_with(wanted, order)
            return await read(connection, numbers_of(wanted, order, behind, None, few), limit)
        asked = WordsAndFilter(terms=terms, wanted=wanted, order=order, behind=behind, limit=limit)
        return await self._by_words(connection, asked) if terms else ()

    async def by_numbers(self, numbers: Sequence[str]) -> Sequence[ListedAppeal]:
        async with self._database.reading() as connection:
            return await named(connection, await _numbered(connection, numbers)) if numbers else ()

    async def _by_words(self, connection: AsyncConnection, asked: WordsAndFilter) -> Sequence[str]:
        if not self._database.shared:
            return await on_sqlite(connection, self._texts, asked)
        words_alone = asked.wanted == AppealFilter(text=asked.wanted.text)
        if words_alone and asked.order is Order.NEWEST:
            return await self._texts.newest(connection, [asked.terms], asked.limit, *behind_place(asked))
        return await on_postgresql(connection, self._texts, asked)

    async def count(self, wanted: Sequence[AppealFilter], most: int) -> Sequence[int]:
        counts = [count_of(one, most) for one in wanted]
        async with self._database.reading_planned() as connection:
            return tuple((await connection.execute(select(*counts))).one())


async def _numbered(connection: AsyncConnection, numbers: Sequence[str]) -> Sequence[Appeal]:
    rows = (await connection.execute(_BY_NUMBER, {"numbers": numbers})).mappings()
    found = {row["number"]: read_appeal(row) for row in rows}
    return [found[number] for number in numbers if number in found]


async def named(connection: AsyncConnection, found: Sequence[Appeal]) -> Sequence[ListedAppeal]:
    """Read the names behind the ids of these appeals, in few reads for all of them."""
    people = await _names(connection, citizens.c.name, (one.applicant_id for one in found))
    enterprises = await _names(connection, executors.c.short, (one.executor_id for one in found))
    registrars = await _names(connection, users.c.name, (one.registered_by for one in found))
    return [
        ListedAppeal(
            appeal=one,
            applicant=people.get(one.applicant_id or 0, ""),
            executor=enterprises.get(one.executor_id or 0, ""),
            registrar=registrars.get(one.registered_by or 0, ""),
        )
        for one in found
    ]


async def _names(
    connection: AsyncConnection, name: Column[str], ids: Iterable[int | None]
) -> Mapping[int, str]:
    wanted = sorted({one for one in ids if one is not None})
    if not wanted:
        return {}
    key = name.table.c.id
    rows = await connection.execute(select(key, name).where(key.in_(wanted)))
    return {row[0]: row[1] for row in rows}
