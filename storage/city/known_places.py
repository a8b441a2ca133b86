"""Addresses of telephone numbers, in one indexed read: in a blackout hundreds of callers wait for it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Text, bindparam, literal, select, union_all

from hotline.city.addresses import Address, Streets
from hotline.city.known_places import exact_ones
from storage.core.database import Database
from storage.tables import citizen_numbers, citizens, number_places

_CALLER = bindparam("caller", type_=Text)
_LIVING = (
    select(citizens.c.address.label("street"), literal("").label("house"))
    .join(citizen_numbers, citizen_numbers.c.citizen_id == citizens.c.id)
    .where(citizen_numbers.c.number == _CALLER)
)
_SAID = select(number_places.c.street, number_places.c.house).where(number_places.c.number == _CALLER)
_KNOWN = union_all(_LIVING, _SAID)


class StoredKnownPlaces:
    """`hotline.city.known_places.KnownPlaces` on a database; texts are located by the register of streets."""

    def __init__(self, database: Database, streets: Streets) -> None:
        self._database = database
        self._streets = streets
        fresh = database.insert(number_places)
        self._remember = fresh.on_conflict_do_update(
            index_elements=[number_places.c.number, number_places.c.street, number_places.c.house],
            set_={"said_at": fresh.excluded.said_at, "call_id": fresh.excluded.call_id},
        )

    async def addresses_of(self, number: str | None) -> Sequence[Address]:
        if number is None:
            return []
        async with self._database.reading() as connection:
            rows = (await connection.execute(_KNOWN, {"caller": number})).all()
        if not rows:
            return []
        gazetteer = await self._streets.gazetteer()
        # Keyed-in addresses are located as well: a street may have been renamed since.
        found = [gazetteer.locate(f"{row.street} {row.house}") for row in rows]
        return exact_ones([one for one in found if one is not None])

    async def remember(self, number: str, address: Address, *, call_id: str, at: datetime) -> None:
        said = {"street": address.street, "house": address.house, "said_at": at, "call_id": call_id}
        async with self._database.writing() as connection:
            await connection.execute(self._remember, said | {"number": number})
