import asyncio
import contextlib
import logging
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from hotline.calls.call import CallRecord, JourneyStep, Outcome, Step
from storage.calls import journal as module
from storage.calls.journal import open_journal
from storage.calls.log import StoredCallLog
from storage.core.database import open_database
from storage.store import Storage, open_storage
from storage.tables import journey_steps
from tests.fakes.databases import empty_database
from tests.storage.conftest import NOON, Cluster


def call(call_id: str = "c1", **known: object) -> CallRecord:
    return CallRecord(id=call_id, number="+380457900012", shown="0457900012", arrived_at=NOON, **known)


def step(number: int, what: Step = Step.HEARD, call_id: str = "c1", **detail: str) -> JourneyStep:
    at = NOON + timedelta(seconds=number)
    return JourneyStep(call_id=call_id, number=number, at=at, step=what, detail=detail)


async def test_what_was_noted_is_there_after_a_flush(storage: Storage) -> None:
    await storage.calls.open(call())
    await storage.calls.note(step(1, phrase="greeting"))
    await storage.calls.flush()
    assert await storage.calls.find("c1") == call()
    assert await storage.calls.journey("c1") == [step(1, phrase="greeting")]
    await storage.calls.note(step(2, phrase="menu"))  # and what is not written yet
    assert await storage.calls.so_far("c1") == [step(1, phrase="greeting"), step(2, phrase="menu")]


async def test_the_journey_of_a_call_that_goes_on_is_at_hand_until_it_ends(storage: Storage) -> None:
    await storage.calls.open(call())
    await storage.calls.note(step(1, phrase="greeting"))
    await storage.calls.note(step(1, phrase="told twice"))
    await storage.calls.flush()
    async with storage.database.writing() as connection:
        await connection.execute(delete(journey_steps))
    assert await storage.calls.so_far("c1") == [step(1, phrase="greeting")]
    await storage.calls.close("c1", Outcome.TALKED, NOON)
    assert await storage.calls.so_far("c1") == []


async def test_a_call_that_another_worker_began_is_read_from_the_database(url: str) -> None:
    async with open_storage(url) as one, open_storage(url) as other:
        await one.calls.note(step(1, phrase="greeting"))
        await one.calls.flush()
        await other.calls.note(step(2, phrase="menu"))
        assert await other.calls.so_far("c1") == [step(1, phrase="greeting"), step(2, phrase="menu")]


async def test_no_more_journeys_are_at_hand_than_there_is_room_for(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LIVE_CALLS", 2)
    for call_id in ("c1", "c2", "c3"):
        await storage.calls.note(step(1, call_id=call_id))
    await storage.calls.flush()
    async with storage.database.writing() as connection:
        await connection.execute(delete(journey_steps))
    assert [len(await storage.calls.so_far(call_id)) for call_id in ("c1", "c2", "c3")] == [0, 1, 1]


async def test_it_is_there_without_a_flush_after_closing(url: str) -> None:
    async with open_storage(url) as storage:
        await storage.calls.open(call())
    async with open_storage(url) as storage:
        assert await storage.calls.find("c1") == call()


async def test_a_flush_does_not_wait_for_the_batch_to_gather(url: str) -> None:
    async with open_database(url) as database, open_journal(database, gather_seconds=3600) as journal:
        log = StoredCallLog(database, journal)
        await log.open(call())
        await asyncio.sleep(0)  # the writer is gathering now
        async with asyncio.timeout(60):
            await log.flush()
        assert await log.find("c1") == call()


async def test_a_step_repeated_by_another_worker_is_kept_once_as_first_told(url: str) -> None:
    async with open_storage(url) as one, open_storage(url) as other:
        await one.calls.note(step(1, phrase="greeting"))
        await one.calls.flush()
        await other.calls.note(step(1, phrase="menu"))
        await other.calls.note(step(2))
        await other.calls.flush()
        assert await one.calls.journey("c1") == [step(1, phrase="greeting"), step(2)]


async def test_a_thousand_calls_in_parallel_lose_and_double_nothing(storage: Storage) -> None:
    async def live(call_id: str) -> None:
        await storage.calls.open(call(call_id))
        for number in range(1, 11):
            await storage.calls.note(step(number, call_id=call_id))
        await storage.calls.close(call_id, Outcome.ANSWERED_BY_MACHINE, NOON)

    async with asyncio.TaskGroup() as group:
        for number in range(1000):
            group.create_task(live(f"c{number}"))
    await storage.calls.flush()
    assert len(await storage.calls.recent(2000)) == 1000
    assert await storage.calls.unended() == []
    for number in range(0, 1000, 97):
        assert len(await storage.calls.journey(f"c{number}")) == 10


async def test_an_entry_that_no_database_takes_is_logged_and_the_others_are_kept(
    storage: Storage, caplog: pytest.LogCaptureFixture
) -> None:
    naive = JourneyStep(call_id="c1", number=2, at=NOON.replace(tzinfo=None), step=Step.HEARD)
    for good_or_bad in (step(1), naive, step(3)):
        await storage.calls.note(good_or_bad)
    await storage.calls.flush()
    assert await storage.calls.journey("c1") == [step(1), step(3)]
    assert "refused by the database" in caplog.text
    assert "number=2" in caplog.text


async def test_text_that_no_database_can_store_is_stored_legibly(storage: Storage) -> None:
    shown = 'a\0b\ud800 "ї🎉" ' + "x" * 10_000
    await storage.calls.open(CallRecord(id="c1", number=None, shown=shown, arrived_at=NOON))
    await storage.calls.note(step(1, name="\0\ud800ї"))
    await storage.calls.flush()
    kept = await storage.calls.find("c1")
    assert kept is not None
    assert kept.shown == shown.replace("\0", "\ufffd").replace("\ud800", "\ufffd")
    assert await storage.calls.journey("c1") == [step(1, name="\0\ud800ї")]


async def test_a_database_that_is_away_for_a_while_loses_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    url = empty_database(tmp_path)
    file = Path(url.removeprefix("sqlite:///"))
    async with open_storage(url) as storage:
        await asyncio.to_thread(_say, file, "ALTER TABLE journey_steps RENAME TO away")
        await storage.calls.open(call())
        await storage.calls.note(step(1))
        flushing = asyncio.create_task(storage.calls.flush())
        while "journal cannot write" not in caplog.text:
            await asyncio.wait([flushing], timeout=0.01)
        assert not flushing.done()
        await asyncio.to_thread(_say, file, "ALTER TABLE away RENAME TO journey_steps")
        async with asyncio.timeout(60):
            await flushing
        assert await storage.calls.journey("c1") == [step(1)]


def _say(file: Path, statement: str) -> None:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute(statement)


async def test_postgres_restarted_under_the_journal_loses_nothing(
    cluster: Cluster, migrated_postgres: str
) -> None:
    cluster.sql("TRUNCATE calls, journey_steps", "hotline")
    async with open_storage(migrated_postgres) as storage:
        await storage.calls.note(step(1))
        await storage.calls.flush()
        cluster.restart()
        await storage.calls.note(step(2))
        async with asyncio.timeout(30):
            await storage.calls.flush()
        assert await storage.calls.journey("c1") == [step(1), step(2)]


async def test_closing_with_the_database_away_names_every_lost_entry(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CLOSING_SECONDS", 0.2)
    url = empty_database(tmp_path)
    file = Path(url.removeprefix("sqlite:///"))
    async with open_storage(url) as storage:
        await asyncio.to_thread(_say, file, "ALTER TABLE calls RENAME TO away")
        await storage.calls.open(call("never-stored"))
    lost = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert len(lost) == 1
    assert "never-stored" in lost[0].getMessage()
