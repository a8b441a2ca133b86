"""The journal makes nobody wait: what it has no room for lies in a file that survives kill -9."""

import asyncio
import contextlib
import logging
import os
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from hotline.calls.call import CallRecord, JourneyStep, Outcome, Step
from storage.calls import journal as module
from storage.calls.entries import entry_of, line_of
from storage.calls.journal import open_journal
from storage.calls.log import StoredCallLog
from storage.calls.rows import CallChange
from storage.calls.spill import Spill
from storage.core.database import open_database
from storage.store import open_storage
from tests.fakes.forking import ended
from tests.storage.conftest import NOON, Cluster
from tests.storage.others import dies_at

Say: TypeAlias = Callable[[str], None]
AWAY = "ALTER TABLE journey_steps RENAME TO away"
BACK = "ALTER TABLE away RENAME TO journey_steps"
CALLS = 40
KILLED = -signal.SIGKILL


@pytest.fixture
def say(url: str, request: pytest.FixtureRequest) -> Say:
    """Say an SQL statement to the database from outside."""
    if url.startswith("sqlite"):

        def to_file(statement: str) -> None:
            with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
                connection.execute(statement)

        return to_file
    cluster: Cluster = request.getfixturevalue("cluster")
    return lambda statement: cluster.sql(statement, "hotline") and None


@pytest.fixture(autouse=True)
def little_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROOM", 5)
    monkeypatch.setattr(module, "MOST_ROWS", 7)
    monkeypatch.setattr(module, "CLOSING_SECONDS", 0.2)


async def tell(log: StoredCallLog, first: int = 0, calls: int = CALLS) -> None:
    """Calls from their arrival to their end, the latter known only to whoever has written the former."""
    for number in range(first, first + calls):
        name = f"c{number}"
        await log.open(CallRecord(id=name, number=None, shown="", arrived_at=NOON))
        await log.note(JourneyStep(call_id=name, number=1, at=NOON, step=Step.HEARD, detail={"n": number}))
        await log.close(name, Outcome.TALKED, NOON)


async def all_there(log: StoredCallLog, calls: int = CALLS) -> None:
    assert len(await log.recent(1000)) == calls
    assert await log.unended() == []
    for number in range(calls):
        (step,) = await log.journey(f"c{number}")
        assert step.detail == {"n": number}


async def test_nobody_waits_while_the_database_takes_nothing_and_nothing_is_lost(
    url: str, say: Say, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "spill"
    async with open_storage(url, spill=file) as storage:
        await asyncio.to_thread(say, AWAY)
        async with asyncio.timeout(60):
            await tell(storage.calls)
        assert storage.calls.spills
        await asyncio.to_thread(say, BACK)
        async with asyncio.timeout(60):
            await storage.calls.flush()
        assert not storage.calls.spills
        await all_there(storage.calls)
        assert file.stat().st_size == 0
        await tell(storage.calls, CALLS, 1)
        await storage.calls.flush()
        await all_there(storage.calls, CALLS + 1)
    warned = [record for record in caplog.records if "no room" in record.message]
    assert len(warned) == 1


async def test_the_journey_of_a_call_that_goes_on_is_at_hand_though_it_lies_in_the_file(
    url: str, say: Say, tmp_path: Path
) -> None:
    async with open_storage(url, spill=tmp_path / "spill") as storage:
        steps = [JourneyStep(call_id="c1", number=n, at=NOON, step=Step.HEARD) for n in range(1, 30)]
        await asyncio.to_thread(say, AWAY)
        for one in steps:
            await storage.calls.note(one)
        assert storage.calls.spills
        assert await storage.calls.so_far("c1") == steps
        await asyncio.to_thread(say, BACK)
        assert await storage.calls.journey("c1") == steps


async def test_what_cannot_be_written_at_the_end_is_left_to_the_next_service_in_its_order(
    url: str, say: Say, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "spill"
    async with open_storage(url, spill=file) as storage:
        await asyncio.to_thread(say, AWAY)
        await tell(storage.calls)
    await asyncio.to_thread(say, BACK)
    async with open_storage(url, spill=file) as storage:
        await all_there(storage.calls)
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


def _spill_and_die(url: str, file: str) -> None:
    module.ROOM = 5

    async def run() -> None:
        async with open_storage(url, spill=Path(file)) as storage:
            await tell(storage.calls)
            while not storage.calls.behind:
                await asyncio.sleep(0.01)
            os.kill(os.getpid(), signal.SIGKILL)

    asyncio.run(run())


def _replay_and_die(url: str, file: str, statement: int) -> None:
    module.MOST_ROWS = 7

    async def run() -> None:
        async with open_database(url) as database:
            dies_at(statement, database)
            async with open_journal(database, file=Path(file)):
                pass

    asyncio.run(run())


async def test_a_service_killed_between_the_file_and_the_database_loses_only_what_was_in_memory(
    url: str, say: Say, tmp_path: Path
) -> None:
    file = tmp_path / "spill"
    say(AWAY)
    assert await asyncio.to_thread(ended, _spill_and_die, url, str(file)) == KILLED
    say(BACK)
    for statement in (1, 4, 9, 16):
        assert await asyncio.to_thread(ended, _replay_and_die, url, str(file), statement) == KILLED
    async with open_storage(url, spill=file) as storage:
        known = {call.id for call in await storage.calls.recent(1000)}
        in_memory = {f"c{number}" for number in range(5)}
        assert known >= {f"c{number}" for number in range(CALLS)} - in_memory
        for name in known - in_memory:
            assert len(await storage.calls.journey(name)) == 1
        assert {call.id for call in await storage.calls.unended()} <= in_memory


@pytest.mark.parametrize(
    "entry",
    [
        CallRecord(id="c1", number=None, shown='a\0b\ud800 "ї🎉"\n', arrived_at=NOON, outcome=Outcome.LOST),
        JourneyStep(call_id="c1", number=1, at=NOON, step=Step.HEARD, detail={"s": "ї", "b": True, "f": 1.5}),
        JourneyStep(call_id="c1", number=1, at=NOON.replace(tzinfo=None), step=Step.HEARD),
        CallChange(call_id="c1", ended_at=NOON, outcome=Outcome.TALKED),
    ],
)
def test_an_entry_reads_as_it_was_written(entry: CallRecord | JourneyStep | CallChange) -> None:
    assert entry_of(line_of(entry)) == entry


@pytest.mark.parametrize(
    "line", [b'["CallRecord", {"id"', b"[]", b'["Other", {}]', b'["CallRecord", {}]', b"7"]
)
def test_a_line_that_was_cut_off_is_passed_over_and_the_others_are_read(tmp_path: Path, line: bytes) -> None:
    file = tmp_path / "spill"
    change = CallChange(call_id="c1", ended_at=NOON)
    file.write_bytes(line_of(change) + line)
    spill = Spill(file)
    spill.add(change)
    assert spill.next(10) == [change, change]
    spill.done()
    assert not spill.holds
    spill.close()
