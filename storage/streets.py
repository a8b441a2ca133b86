"""The register of streets. A town has hundreds of names: each search reads them all."""

import asyncio
import re
import time
from collections.abc import Sequence

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.addresses import FoundStreet, Gazetteer, Street
from hotline.errors import AlreadyTaken
from hotline.searching import normalised
from storage.database import Database
from storage.tables import houses, street_names

_ADD = insert(street_names)
_ALL = select(street_names).order_by(street_names.c.name != street_names.c.street, street_names.c.name)
FRESH_SECONDS = 60.0
"""What is brought in from a file is known to calls this much later at most."""
_HOUSES = select(houses)
_HOUSE = re.compile(r"(?<=\D)\s\d.*", re.DOTALL)


async def read_gazetteer(connection: AsyncConnection) -> Gazetteer:
    """Make it of the register as it is at this moment."""
    names = [(row.name, row.street) for row in (await connection.execute(_ALL)).all()]
    houses_there = (await connection.execute(_HOUSES)).all()
    return Gazetteer(names, {(row.street, normalised(row.house)): row.quarter for row in houses_there})


class StoredStreets:
    """`hotline.addresses.Streets` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._gazetteer: Gazetteer | None = None
        self._fresh_until = 0.0
        self._alone = asyncio.Lock()  # of six hundred first callers one reads it

    async def add(self, streets: Sequence[Street]) -> None:
        rows = [
            {"normalised": normalised(name), "name": name, "street": street.name}
            for street in streets
            for name in (street.name, *street.former)
        ]
        try:
            async with self._database.writing() as connection:
                await connection.execute(_ADD, rows)
        except IntegrityError as error:
            raise AlreadyTaken("One of the streets is in the register already.") from error
        self._gazetteer = None

    async def find(self, text: str, limit: int = 8) -> Sequence[FoundStreet]:
        begun = normalised(_HOUSE.sub("", text)).split()
        if not begun:
            return ()
        found: dict[str, FoundStreet] = {}
        for key, name, street in await self._names():
            if all(any(word.startswith(part) for word in key.split()) for part in begun):
                found.setdefault(street, FoundStreet(name=street, alias="" if name == street else name))
        return list(found.values())[:limit]

    async def present(self, address: str) -> str:
        wanted = f"{normalised(address)} "
        former = [(key, street) for key, name, street in await self._names() if name != street]
        for key, street in former:
            if wanted.startswith(f"{key} "):
                count = len(key.split())
                return street + re.sub(rf"^(?:[\W_]*[^\W_](?:['’ʼ]|[^\W_])*){{{count}}}", "", address)
        return address

    async def gazetteer(self) -> Gazetteer:
        if self._gazetteer is None:
            async with self._alone:
                return self._gazetteer or await self._read_gazetteer()
        if time.monotonic() >= self._fresh_until:
            return await self._read_gazetteer()
        return self._gazetteer

    async def _read_gazetteer(self) -> Gazetteer:
        self._fresh_until = time.monotonic() + FRESH_SECONDS  # whoever comes meanwhile reads the old one
        names = [(name, street) for _, name, street in await self._names()]
        async with self._database.reading() as connection:
            rows = (await connection.execute(_HOUSES)).all()
        quarters = {(row.street, normalised(row.house)): row.quarter for row in rows}
        self._gazetteer = Gazetteer(names, quarters)
        return self._gazetteer

    async def _names(self) -> Sequence[tuple[str, str, str]]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_ALL)).all()
        return [(row.normalised, row.name, row.street) for row in rows]
