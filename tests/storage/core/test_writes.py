"""What nobody has changed is not read again, and whatever changed is, whoever changed it."""

import pytest
from sqlalchemy import insert, select

from hotline.line.presence_states import Presence
from storage.core.fresh import Fresh
from storage.core.writes import Remembered
from storage.store import Storage, open_storage
from storage.tables import street_names
from tests.storage.conftest import NOON

STREET = {"normalised": "поштова", "name": "Поштова", "street": "Поштова"}


class Reader:
    """Reads the street register, and counts how often."""

    def __init__(self, storage: Storage) -> None:
        self._database = storage.database
        self.reads = 0
        self.shared = storage.database.shared

    async def read(self) -> list[str]:
        self.reads += 1
        async with self._database.reading() as connection:
            return list((await connection.execute(select(street_names.c.name))).scalars())


@pytest.fixture
def reader(storage: Storage) -> Reader:
    return Reader(storage)


async def test_what_nobody_has_changed_is_not_read_again(storage: Storage, reader: Reader) -> None:
    remembered = Remembered(storage.database.writes, reader.read)
    assert [await remembered.get() for _ in range(3)] == [[]] * 3
    assert reader.reads == (3 if reader.shared else 1)


@pytest.mark.parametrize("way", ["writing", "write_inline", "write_one"])
async def test_a_write_of_our_own_is_seen_at_once(storage: Storage, reader: Reader, way: str) -> None:
    remembered = Remembered(storage.database.writes, reader.read)
    assert await remembered.get() == []
    async with getattr(storage.database, way)() as connection:
        await connection.execute(insert(street_names), STREET)
    assert await remembered.get() == ["Поштова"]


async def test_a_write_of_another_program_is_seen_at_once(storage: Storage, reader: Reader, url: str) -> None:
    remembered = Remembered(storage.database.writes, reader.read)
    assert await remembered.get() == []
    async with open_storage(url) as other, other.database.writing() as connection:
        await connection.execute(insert(street_names), STREET)
    assert await remembered.get() == ["Поштова"]


async def test_what_every_call_reads_is_renewed_only_when_somebody_has_written(
    storage: Storage, reader: Reader
) -> None:
    fresh = Fresh(reader.read, writes=storage.database.writes)
    for _ in range(3):
        await fresh.renew()
    assert reader.reads == (3 if reader.shared else 1)
    async with storage.database.writing() as connection:
        await connection.execute(insert(street_names), STREET)
    await fresh.renew()
    assert await fresh.get() == ["Поштова"]


async def test_a_presence_that_another_program_has_set_is_read_a_moment_later(
    storage: Storage, url: str
) -> None:
    added = await storage.dispatchers.add("201", "Олена", "secret", frozenset())
    assert [one.presence for one in await storage.dispatchers.all()] == [Presence.AWAY]
    async with open_storage(url) as other:
        await other.dispatchers.set_presence(added.id, Presence.READY, NOON)
    assert [one.presence for one in await storage.dispatchers.all()] == [Presence.READY]
    assert [one.presence for one in (await storage.records.on_record()).dispatchers] == [Presence.READY]
