"""Letters between processes: in the order of their writing, none missed, and soon told."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from storage.core.database import open_database
from storage.processes.letters import StoredLetters
from tests.storage.conftest import Cluster


@pytest.fixture
async def letters(cluster: Cluster, migrated_postgres: str) -> AsyncIterator[StoredLetters]:
    cluster.empty()
    async with open_database(migrated_postgres) as database:
        yield StoredLetters(database)


async def test_they_are_read_in_the_order_in_which_they_were_written(letters: StoredLetters) -> None:
    before = await letters.newest()
    await letters.send("one", [(1, "event", "1"), (2, "event", "2"), (3, "beat", "3")])
    await letters.send("other", [(1, "event", "4")])

    read = await letters.after(before)

    assert [(one.sender, one.kind, one.body) for one in read] == [
        *(("one", "event", "1"), ("one", "event", "2"), ("one", "beat", "3")),
        ("other", "event", "4"),
    ]
    assert all(0 <= one.age < 30 for one in read)
    assert await letters.after(read[-1].number) == []


async def test_who_reads_while_many_write_misses_none(letters: StoredLetters) -> None:
    """Numbers given before their rows are committed would let a reader pass some by."""
    writers, each = 5, 20

    async def write(sender: str) -> None:
        for number in range(each):
            await letters.send(sender, [(number, "event", str(number))])

    async def read() -> list[str]:
        found: list[str] = []
        last = 0
        while len(found) < writers * each:
            for one in await letters.after(last):
                last = one.number
                found.append(f"{one.sender} {one.body}")
            await asyncio.sleep(0)
        return found

    async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
        reading = tasks.create_task(read())
        for name in range(writers):
            tasks.create_task(write(str(name)))
    assert sorted(reading.result()) == sorted(f"{name} {n}" for name in range(writers) for n in range(each))


async def test_a_writing_is_told_and_so_is_the_loss_of_the_connection(
    letters: StoredLetters, cluster: Cluster
) -> None:
    told = asyncio.Event()
    async with asyncio.timeout(60), letters.listening(told.set) as lost:
        await letters.send("one", [(1, "event", "1")])
        await told.wait()
        assert not lost.is_set()
        cluster.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
        await lost.wait()


async def test_old_ones_are_deleted(letters: StoredLetters) -> None:
    await letters.send("one", [(1, "event", "1")])
    await letters.forget(timedelta(hours=1))
    assert len(await letters.after(0)) == 1
    await letters.forget(timedelta())
    assert await letters.after(0) == []
