"""Tests that use one file after the other find nothing of each other in it."""

import sqlite3
from contextlib import closing

from sqlalchemy import text

from storage.store import Storage
from tests.fakes.clock import SetClock
from tests.fakes.databases import fresh_storage

MANY = 3_000


async def test_the_next_finds_nothing_of_what_was_written_and_begins_to_count_anew() -> None:
    files = set()
    for _ in range(3):
        async with fresh_storage(SetClock()) as storage:
            files.add(storage.database.file)
            assert await storage.users.all() == []
            assert await storage.users.by_login("olena") is None
            assert (await storage.citizens.add("Олена", "Київський квартал, 7", ["+380457900001"])).id == 1
            await fill(storage)
            assert verdict(storage) == "ok"
    assert len(files) == 1


async def fill(storage: Storage) -> None:
    """Make the file longer than it was, by both connections that write."""
    async with storage.database.writing() as connection:
        await connection.execute(
            text("INSERT INTO citizens (name, address) VALUES (:name, '')"),
            [{"name": "s" * 500} for _ in range(MANY)],
        )
    async with storage.database.write_inline() as connection:
        await connection.execute(text("DELETE FROM citizens WHERE id > 1 AND id % 2"))


def verdict(storage: Storage) -> str:
    """Have the file itself judged: a connection that has searched before remembers the index of that time."""
    with closing(sqlite3.connect(storage.database.file)) as connection:
        (said,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    return str(said)


async def test_a_file_that_somebody_still_reads_is_left_to_them() -> None:
    async with fresh_storage(SetClock()) as storage:
        file = storage.database.file
        await storage.citizens.add("Олена", "Київський квартал, 7", ["+380457900001"])
        reader = sqlite3.connect(file, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM users")
    async with fresh_storage(SetClock()) as storage:
        assert storage.database.file != file
        assert verdict(storage) == "ok"
    reader.close()
