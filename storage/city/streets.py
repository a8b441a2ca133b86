"""The register of streets. A town has hundreds of names: each search reads them all."""

import re
import time
from collections.abc import Callable, Sequence

from sqlalchemy import Text, bindparam, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.city.addresses import Address, FoundStreet, Gazetteer, Street, house_number
from hotline.city.search_terms import normalised
from hotline.errors import AlreadyTaken
from storage.core.database import Database
from storage.core.fresh import Fresh
from storage.tables import houses, street_names

_ADD = insert(street_names)
_ALL = select(street_names).order_by(street_names.c.name != street_names.c.street, street_names.c.name)
_HOUSES = select(houses)
_OF_STREET = select(houses.c.house).where(houses.c.street == bindparam("of_street", type_=Text))
# Streets and houses are added and never changed: an equal count means equal rows.
_HOW_MANY = select(
    select(func.count()).select_from(street_names).scalar_subquery(),
    select(func.count()).select_from(houses).scalar_subquery(),
)
_HOUSE = re.compile(r"(?<=\D)\s\d.*", re.DOTALL)


async def read_gazetteer(connection: AsyncConnection, *, quarters: bool = True) -> Gazetteer:
    """Make it of the register as it is at this moment; without the houses' quarters it is soon made."""
    names = [(row.name, row.street) for row in (await connection.execute(_ALL)).all()]
    there = (await connection.execute(_HOUSES)).all() if quarters else ()
    return Gazetteer(names, {(row.street, normalised(row.house)): row.quarter for row in there})


class StoredStreets:
    """`hotline.city.addresses.Streets` on a database."""

    def __init__(self, database: Database, seconds: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._made_of: tuple[tuple[int, ...], Gazetteer] | None = None
        self._gazetteer = Fresh(self._read_gazetteer, seconds, database.writes, [street_names, houses])

    async def renew(self) -> None:
        """Reload the register if it has grown, apart from the callers' path."""
        await self._gazetteer.renew()

    async def add(self, streets: Sequence[Street]) -> None:
        rows = [
            {"normalised": normalised(name), "name": name, "street": street.name}
            for street in streets
            for name in (street.name, *street.former)
        ]
        try:
            async with self._gazetteer.changing(), self._database.writing() as connection:
                await connection.execute(_ADD, rows)
        except IntegrityError as error:
            raise AlreadyTaken("One of the streets is in the register already.") from error

    async def find(self, text: str, limit: int = 8) -> Sequence[FoundStreet]:
        begun = normalised(_HOUSE.sub("", text)).split()
        if not begun:
            return ()
        found: dict[str, FoundStreet] = {}
        for key, name, street in await self._names():
            if all(any(word.startswith(part) for word in key.split()) for part in begun):
                found.setdefault(street, FoundStreet(name=street, alias="" if name == street else name))
        return list(found.values())[:limit]

    async def houses(self, street: str) -> Sequence[str]:
        async with self._database.reading() as connection:
            found = (await connection.execute(_OF_STREET, {"of_street": street})).scalars().all()
        return sorted(
            found, key=lambda one: (house_number(Address(street=street, house=one)) or (0, ""), one)
        )

    async def present(self, address: str) -> str:
        wanted = f"{normalised(address)} "
        former = [(key, street) for key, name, street in await self._names() if name != street]
        for key, street in former:
            if wanted.startswith(f"{key} "):
                count = len(key.split())
                return street + re.sub(rf"^(?:[\W_]*[^\W_](?:['’ʼ]|[^\W_])*){{{count}}}", "", address)
        return address

    async def gazetteer(self) -> Gazetteer:
        return await self._gazetteer.get()

    async def _read_gazetteer(self) -> Gazetteer:
        """Give the last one while the register is as large as then: to make one takes long."""
        async with self._database.reading() as connection:
            how_many = tuple((await connection.execute(_HOW_MANY)).one())
            if self._made_of is None or self._made_of[0] != how_many:
                self._made_of = how_many, await read_gazetteer(connection)
        return self._made_of[1]

    async def _names(self) -> Sequence[tuple[str, str, str]]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_ALL)).all()
        return [(row.normalised, row.name, row.street) for row in rows]
