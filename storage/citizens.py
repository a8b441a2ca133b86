"""The register of callers: people by the numbers they call from."""

from collections.abc import Sequence

from sqlalchemy import bindparam, insert, select

from hotline.citizens import Citizen
from storage.database import Database
from storage.tables import citizen_numbers, citizens

CALLING_FROM = (
    select(citizens)
    .join(citizen_numbers, citizen_numbers.c.citizen_id == citizens.c.id)
    .where(citizen_numbers.c.number == bindparam("caller"))
    .order_by(citizens.c.id)
)
_ADD = insert(citizens).returning(citizens.c.id)
_ADD_NUMBERS = insert(citizen_numbers)


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
            added = await connection.execute(_ADD, {"name": name, "address": address})
            citizen_id = added.scalar_one()
            if numbers:
                links = [{"number": number, "citizen_id": citizen_id} for number in dict.fromkeys(numbers)]
                await connection.execute(_ADD_NUMBERS, links)
        return Citizen(id=citizen_id, name=name, address=address)
