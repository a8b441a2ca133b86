"""The register of callers: people by the numbers they call from, and by name."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from attrs import define
from sqlalchemy import RowMapping, bindparam, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.city.search_terms import place_tokens, words
from hotline.errors import NotFound
from hotline.people.benefits import BENEFITS
from hotline.people.citizens import Citizen
from storage.core.constants import all_of
from storage.core.database import Database
from storage.people.numbers import know_numbers
from storage.people.people_search import people_named
from storage.tables import citizen_benefits, citizen_numbers, citizen_words, citizens

_BENEFITS = (
    select(all_of(citizen_benefits.c.code, " "))
    .where(citizen_benefits.c.citizen_id == citizens.c.id)
    .scalar_subquery()
)
PERSON = select(citizens.c.id, citizens.c.name, citizens.c.address, _BENEFITS.label("benefits"))
CALLING_FROM = (
    PERSON.join(citizen_numbers, citizen_numbers.c.citizen_id == citizens.c.id)
    .where(citizen_numbers.c.number == bindparam("caller"))
    .order_by(citizens.c.id)
)
CALLING_FROM_ANY = (
    PERSON.add_columns(citizen_numbers.c.number)
    .join(citizen_numbers, citizen_numbers.c.citizen_id == citizens.c.id)
    .where(citizen_numbers.c.number.in_(bindparam("callers", expanding=True)))
    .order_by(citizens.c.id)
)

_ADD = insert(citizens).returning(citizens.c.id)
_ADD_NUMBERS = insert(citizen_numbers)
_ADD_WORDS = insert(citizen_words)
_FORGET_BENEFITS = delete(citizen_benefits).where(citizen_benefits.c.citizen_id == bindparam("citizen"))
_ADD_BENEFITS = insert(citizen_benefits)
_BY_ID = PERSON.where(citizens.c.id == bindparam("citizen"))
_BY_IDS = PERSON.where(citizens.c.id.in_(bindparam("people", expanding=True)))


@define(eq=False, repr=False)
class StoredCitizens:
    """`hotline.people.citizens.Citizens` on a database."""

    _database: Database

    async def calling_from(self, number: str) -> Sequence[Citizen]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(CALLING_FROM, {"caller": number})).mappings().all()
        return [read_citizen(row) for row in rows]

    async def calling_from_any(self, numbers: Collection[str]) -> Mapping[str, Sequence[Citizen]]:
        people: dict[str, list[Citizen]] = {}
        if not numbers:
            return people
        async with self._database.reading() as connection:
            rows = (await connection.execute(CALLING_FROM_ANY, {"callers": list(numbers)})).mappings().all()
        for row in rows:
            people.setdefault(row["number"], []).append(read_citizen(row))
        return people

    async def add(self, name: str, address: str, numbers: Sequence[str]) -> Citizen:
        async with self._database.writing() as connection:
            citizen_id = await add_citizen(connection, name, address, numbers)
        return Citizen(id=citizen_id, name=name, address=address)

    async def find(self, text: str, limit: int = 8) -> Sequence[Citizen]:
        async with self._database.reading() as connection:
            return await read_citizens(connection, await people_named(connection, words(text), limit))

    async def get(self, citizen_id: int) -> Citizen:
        async with self._database.reading() as connection:
            row = (await connection.execute(_BY_ID, {"citizen": citizen_id})).mappings().first()
        if row is None:
            raise NotFound(f"There is no citizen {citizen_id}.")
        return read_citizen(row)

    async def note_benefits(self, citizen_id: int, codes: Sequence[str], at: datetime) -> None:
        async with self._database.writing() as connection:
            if (await connection.execute(_BY_ID, {"citizen": citizen_id})).first() is None:
                raise NotFound(f"There is no citizen {citizen_id}.")
            await note_benefits(connection, citizen_id, codes, at)


async def add_citizen(connection: AsyncConnection, name: str, address: str, numbers: Sequence[str]) -> int:
    """Enter a person in a transaction that goes on; their id."""
    citizen_id: int = (await connection.execute(_ADD, {"name": name, "address": address})).scalar_one()
    await make_findable(connection, citizen_id, name, address, numbers)
    return citizen_id


async def make_findable(
    connection: AsyncConnection, citizen_id: int, name: str, address: str, numbers: Sequence[str]
) -> None:
    """Write the numbers and words by which a person is found; there are none of them yet."""
    if numbers:
        links = [{"number": number, "citizen_id": citizen_id} for number in dict.fromkeys(numbers)]
        await connection.execute(_ADD_NUMBERS, links)
        await know_numbers(connection, numbers)
    if said := [*words(name), *place_tokens(address)]:
        await connection.execute(_ADD_WORDS, [{"word": word, "citizen_id": citizen_id} for word in said])


async def note_benefits(
    connection: AsyncConnection, citizen_id: int, codes: Sequence[str], at: datetime
) -> None:
    """Replace the citizen's categories in a transaction that goes on."""
    await connection.execute(_FORGET_BENEFITS, {"citizen": citizen_id})
    if codes:
        noted = {"citizen_id": citizen_id, "version": BENEFITS.version, "noted_at": at}
        await connection.execute(_ADD_BENEFITS, [noted | {"code": code} for code in dict.fromkeys(codes)])


async def read_citizens(connection: AsyncConnection, ids: Sequence[int]) -> Sequence[Citizen]:
    """Read these people, in this order."""
    if not ids:
        return ()
    rows = (await connection.execute(_BY_IDS, {"people": ids})).mappings()
    people = {row["id"]: read_citizen(row) for row in rows}
    return [people[one] for one in ids]


def read_citizen(row: RowMapping) -> Citizen:
    benefits = tuple((row["benefits"] or "").split())
    return Citizen(id=row["id"], name=row["name"], address=row["address"], benefits=benefits)
