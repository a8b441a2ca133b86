"""Letters between processes: in the order of their writing, none missed, and soon told."""

import asyncio
from collections.abc import AsyncIterator, Collection
from datetime import timedelta

import pytest
from sqlalchemy import make_url

from storage.core.database import open_database
from storage.processes.letters import StoredLetters, Written
from tests.storage.conftest import Cluster

CUT_OFF = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT process_letters.id%'
"""


def letter(place: int, kind: str = "event", body: str = "1", *, told: bool = True) -> Written:
    return Written(place=place, kind=kind, body=body, told=told)


@pytest.fixture
async def letters(cluster: Cluster, migrated_postgres: str) -> AsyncIterator[StoredLetters]:
    cluster.empty()
    async with open_database(migrated_postgres) as database:
        yield StoredLetters(database)


async def test_they_are_read_in_the_order_in_which_they_were_written(letters: StoredLetters) -> None:
    before = await letters.newest()
    await letters.send("one", [letter(1), letter(2, body="2"), letter(3, "beat", "3", told=False)])
    await letters.send("other", [letter(1, body="4")])

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
            await letters.send(sender, [letter(number, body=str(number))])

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


async def test_a_writing_is_told_with_its_sender_and_kinds_and_so_is_the_loss_of_the_connection(
    letters: StoredLetters, cluster: Cluster
) -> None:
    told: list[tuple[str, list[str]]] = []
    heard = asyncio.Event()

    def tell(sender: str, kinds: Collection[str]) -> None:
        told.append((sender, [*kinds]))
        heard.set()

    async with asyncio.timeout(60), letters.listening(tell) as listening:
        await letters.send("one", [letter(1, "beat", told=False)])
        await letters.send("one", [letter(2), letter(3, "beat", told=False), letter(4, "answer"), letter(5)])
        await heard.wait()
        assert told == [("one", ["event", "answer"])]
        assert [one.number for one in await listening.after(0)] == [1, 2, 3, 4, 5]
        assert not listening.lost.is_set()
        cluster.sql(CUT_OFF)
        await listening.lost.wait()
        with pytest.raises(ConnectionError):
            await listening.after(0)


async def test_what_a_process_of_a_version_before_tells_has_no_sender(
    letters: StoredLetters, cluster: Cluster, migrated_postgres: str
) -> None:
    told: asyncio.Queue[tuple[str, Collection[str]]] = asyncio.Queue()
    async with asyncio.timeout(60), letters.listening(lambda *of: told.put_nowait(of)):
        cluster.sql("NOTIFY process_letters, '7'", make_url(migrated_postgres).database or "")
        assert await told.get() == ("", ["7"])


async def test_old_ones_are_deleted(letters: StoredLetters) -> None:
    await letters.send("one", [letter(1)])
    await letters.forget(timedelta(hours=1))
    assert len(await letters.after(0)) == 1
    await letters.forget(timedelta())
    assert await letters.after(0) == []
