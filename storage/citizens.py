"""The register of callers: people by the numbers they call from, and by name."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Text, and_, bindparam, exists, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.citizens import Citizen
from hotline.errors import NotFound
from hotline.searching import words
from storage.database import Database
from storage.tables import citizen_numbers, citizen_words, citizens

CALLING_FROM = (
    select(citizens)
    .join(citizen_numbers, citizen_numbers.c.citizen_id == citizens.c.id)
    .where(citizen_numbers.c.number == bindparam("caller"))
    .order_by(citizens.c.id)
)
AFTER_ALL = "\U0010ffff"
"""Sorts after every letter: the words that begin with `x` lie between `x` and `x` with this behind it."""
MOST_WORDS = 5

_ADD = insert(citizens).returning(citizens.c.id)
_ADD_NUMBERS = insert(citizen_numbers)
_ADD_WORDS = insert(citizen_words)
_BY_ID = select(citizens).where(citizens.c.id == bindparam("citizen"))


class StoredCitizens:
    """`hotline.citizens.Citizens` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def calling_from(self, number: str) -> Sequence[Citizen]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(CALLING_FROM, {"caller": number})).mappings().all()
        return [Citizen(**row) for row in rows]

    async def add(self, name: str, address: str, numbers: Sequence[str]) -> Citizen:
        async with self._database.writing() as connection:
            citizen_id = await add_citizen(connection, name, address, numbers)
        return Citizen(id=citizen_id, name=name, address=address)

    async def find(self, text: str, limit: int = 8) -> Sequence[Citizen]:
        begun = sorted(words(text), key=len, reverse=True)[:MOST_WORDS]
        if not begun:
            return ()
        of_person = citizen_words.c.citizen_id == citizens.c.id
        wanted = [exists().where(of_person, _begins(one)) for one in begun]
        statement = select(citizens).where(*wanted).order_by(citizens.c.name, citizens.c.id).limit(limit)
        async with self._database.reading() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        return [Citizen(**row) for row in rows]

    async def get(self, citizen_id: int) -> Citizen:
        async with self._database.reading() as connection:
            row = (await connection.execute(_BY_ID, {"citizen": citizen_id})).mappings().first()
        if row is None:
            raise NotFound(f"There is no citizen {citizen_id}.")
        return Citizen(**row)


async def add_citizen(connection: AsyncConnection, name: str, address: str, numbers: Sequence[str]) -> int:
    """Enter a person in a transaction that goes on; their id."""
    citizen_id: int = (await connection.execute(_ADD, {"name": name, "address": address})).scalar_one()
    if numbers:
        links = [{"number": number, "citizen_id": citizen_id} for number in dict.fromkeys(numbers)]
        await connection.execute(_ADD_NUMBERS, links)
    if said := words(name):
        await connection.execute(_ADD_WORDS, [{"word": word, "citizen_id": citizen_id} for word in said])
    return citizen_id


def _begins(beginning: str) -> ColumnElement[bool]:
    low, high = literal(beginning, Text), literal(beginning + AFTER_ALL, Text)
    return and_(citizen_words.c.word >= low, citizen_words.c.word <= high)
