"""The list of numbers that are not called."""

from collections.abc import Collection, Sequence
from dataclasses import asdict

from sqlalchemy import bindparam, delete, select

from hotline.people.do_not_call import Unwanted
from storage.core.database import Database
from storage.tables import do_not_call

_LATEST = (
    select(do_not_call)
    .order_by(do_not_call.c.at.desc(), do_not_call.c.number)
    .limit(bindparam("most"))
    .offset(bindparam("skipped"))
)
_ALL = select(do_not_call.c.number)
_REMOVE = delete(do_not_call).where(do_not_call.c.number == bindparam("this"))


class StoredDoNotCall:
    """`hotline.people.do_not_call.DoNotCall` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._insert = database.insert(do_not_call).on_conflict_do_nothing()

    async def add(self, unwanted: Unwanted) -> bool:
        async with self._database.writing() as connection:
            return (await connection.execute(self._insert, asdict(unwanted))).rowcount > 0

    async def among(self, numbers: Collection[str]) -> Collection[str]:
        async with self._database.reading() as connection:  # the list is short, an order's numbers are many
            return set(numbers) & set((await connection.execute(_ALL)).scalars())

    async def remove(self, number: str) -> bool:
        async with self._database.writing() as connection:
            return (await connection.execute(_REMOVE, {"this": number})).rowcount > 0

    async def latest(self, most: int, skipped: int = 0) -> Sequence[Unwanted]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_LATEST, {"most": most, "skipped": skipped})).mappings()
            return [Unwanted(**row) for row in rows]
