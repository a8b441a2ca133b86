"""A database dies and its standby takes over: what was acknowledged is there, and nobody leads twice."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.calls.call import Step
from hotline.errors import AnotherService
from storage.calls.journal import open_journal
from storage.core import service_lock as module
from storage.core.database import Database, open_database
from storage.core.service_lock import only_service
from storage.store import open_storage
from storage.tables import journey_steps, outages
from tests.storage.calls.test_journal import call, step
from tests.storage.pair import Pair, pair

__all__ = ["pair"]
pytestmark = pytest.mark.nightly

log = logging.getLogger(__name__)
HELD = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
_KEEP = text("INSERT INTO kept (number) VALUES (:number)")
_KEPT = text("SELECT number FROM kept")
Begin = Callable[[], AbstractAsyncContextManager[AsyncConnection]]


@dataclass
class Writer:
    """Writes one number after the other, and remembers which were acknowledged."""

    begin: Begin
    numbers: Iterator[int]
    acknowledged: list[int] = field(default_factory=list)
    longest: float = 0.0

    async def write(self) -> None:
        since = monotonic()
        while True:
            number = next(self.numbers)
            with suppress(SQLAlchemyError, OSError):
                async with self.begin() as connection:
                    await connection.execute(_KEEP, {"number": number})
                self.acknowledged.append(number)
                self.longest, since = max(self.longest, monotonic() - since), monotonic()
            await asyncio.sleep(0.001)


@asynccontextmanager
async def writing(database: Database, since: int = 1) -> AsyncIterator[list[Writer]]:
    """Writers by each of the ways there are; their numbers begin at `since`."""
    numbers = count(since)
    writers = [Writer(one, numbers) for one in (database.writing, database.write_inline, database.write_one)]
    tasks = [asyncio.create_task(one.write()) for one in writers]
    try:
        yield writers
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


async def all_write(writers: list[Writer], more: int, *, seconds: float = 60) -> None:
    """Wait until each has so many more acknowledged."""
    before = [len(one.acknowledged) for one in writers]
    async with asyncio.timeout(seconds):
        while any(len(one.acknowledged) < known + more for one, known in zip(writers, before, strict=True)):
            await asyncio.sleep(0.01)


async def test_what_was_acknowledged_outlives_the_server_that_did(pair: Pair, tmp_path: Path) -> None:
    pair.first.sql("CREATE TABLE kept (number integer PRIMARY KEY)", "hotline")
    async with (
        open_database(pair.url()) as database,
        open_journal(database, file=tmp_path / "spill") as journal,
        only_service(database),
    ):
        journal.put(call())
        before = await database.writes.latest([outages.name])
        async with writing(database) as writers:
            await all_write(writers, 20)
            journal.put(step(1))
            pair.kill_first()
            journal.put(step(2))
            await asyncio.to_thread(pair.promote)
            journal.put(step(3))
            await all_write(writers, 20)
        await journal.flush()
        log.info("longest_pause_s=%.2f", max(one.longest for one in writers))
        assert before is not None
        assert await database.writes.latest([outages.name]) != before
        async with database.reading() as connection:
            kept = set((await connection.execute(_KEPT)).scalars())
            steps = (await connection.execute(select(journey_steps.c.number))).scalars().all()
    for one in writers:
        assert set(one.acknowledged) <= kept
    assert sorted(steps) == [1, 2, 3]


async def test_who_comes_back_as_of_old_is_not_taken_for_the_primary(pair: Pair) -> None:
    pair.kill_first()
    pair.promote()
    pair.first.start()  # nobody has told it; it takes writes, and nobody reads them any more
    async with open_storage(pair.url()) as storage:
        await storage.calls.open(call())
        await storage.calls.note(step(1, Step.ARRIVED))
        await storage.calls.flush()
    assert pair.second.sql("SELECT count(*) FROM calls", "hotline") == "1\n"
    assert pair.first.sql("SELECT count(*) FROM calls", "hotline") == "0\n"


async def test_nobody_leads_at_a_server_that_was_replaced(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first lives on with its sessions and their locks, as one that is cut off from the others."""
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.2)
    async with open_database(pair.url()) as one, only_service(one) as lock:
        assert pair.first.sql(HELD) == "1\n"
        pair.promote()
        async with open_database(pair.url()) as other, only_service(other), asyncio.timeout(30):
            assert isinstance(await lock.lost(), AnotherService)
        assert pair.first.sql(HELD) == "0\n"


async def test_whoever_led_leads_again_after_its_server_was_replaced(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.2)
    async with open_database(pair.url()) as one, only_service(one) as lock:
        watching = asyncio.create_task(lock.lost())
        pair.promote()
        async with asyncio.timeout(30):
            while (pair.first.sql(HELD), pair.second.sql(HELD)) != ("0\n", "1\n"):
                await asyncio.sleep(0.05)
        assert not watching.done()
        watching.cancel()
