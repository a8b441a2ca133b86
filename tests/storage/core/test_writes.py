"""What nobody has changed is not read again, and whatever changed is, whoever changed it."""

import gc
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, event, insert, select, text, update
from sqlalchemy.engine import Engine

from hotline.contact.channel import Channel
from hotline.line.presence_states import Presence
from storage.core.fresh import Fresh
from storage.core.writes import Nothing, Remembered
from storage.store import Storage, open_storage
from storage.tables import WRITTEN, calls, metadata, street_names
from tests.storage.conftest import NOON

STREET = {"normalised": "поштова", "name": "Поштова", "street": "Поштова"}


class Reader:
    """Reads the street register, and counts how often."""

    def __init__(self, storage: Storage) -> None:
        self._database = storage.database
        self.reads = 0

    async def read(self) -> list[str]:
        self.reads += 1
        async with self._database.reading() as connection:
            return list((await connection.execute(select(street_names.c.name))).scalars())


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine a server answers late; nothing here is read because of that."""
    monkeypatch.setattr("storage.core.postgres_writes.ANSWER_SECONDS", 60.0)


@pytest.fixture
def reader(storage: Storage) -> Reader:
    return Reader(storage)


async def test_what_nobody_has_changed_is_not_read_again(storage: Storage, reader: Reader) -> None:
    remembered = Remembered(storage.database.writes, reader.read, [street_names])
    assert [await remembered.get() for _ in range(3)] == [[]] * 3
    assert reader.reads == 1


@pytest.mark.parametrize("way", ["writing", "write_inline", "write_one"])
async def test_a_write_of_our_own_is_seen_at_once(storage: Storage, reader: Reader, way: str) -> None:
    remembered = Remembered(storage.database.writes, reader.read, [street_names])
    assert await remembered.get() == []
    async with getattr(storage.database, way)() as connection:
        await connection.execute(insert(street_names), STREET)
    assert await remembered.get() == ["Поштова"]


async def test_a_write_of_another_program_is_seen_at_once(storage: Storage, reader: Reader, url: str) -> None:
    remembered = Remembered(storage.database.writes, reader.read, [street_names])
    assert await remembered.get() == []
    async with open_storage(url) as other, other.database.writing() as connection:
        await connection.execute(insert(street_names), STREET)
    assert await remembered.get() == ["Поштова"]


async def test_what_every_call_reads_is_renewed_only_when_somebody_has_written(
    storage: Storage, reader: Reader
) -> None:
    fresh = Fresh(reader.read, writes=storage.database.writes, of=[street_names])
    for _ in range(3):
        await fresh.renew()
    assert reader.reads == 1
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


async def test_a_write_to_another_table_is_not_waited_for(storage: Storage, reader: Reader) -> None:
    remembered = Remembered(storage.database.writes, reader.read, [street_names])
    await remembered.get()
    async with storage.database.writing() as connection:
        await connection.execute(insert(calls), CALL)
    await remembered.get()
    assert reader.reads == 1


@pytest.mark.parametrize("tables", [[], [street_names, calls]], ids=["none named", "one without triggers"])
async def test_what_is_of_any_table_is_read_after_any_write(
    storage: Storage, reader: Reader, tables: Sequence[Any]
) -> None:
    remembered = Remembered(storage.database.writes, reader.read, tables)
    await remembered.get()
    async with storage.database.writing() as connection:
        await connection.execute(insert(calls), CALL)
    await remembered.get()
    assert reader.reads == 2


async def test_each_kind_of_write_is_seen_and_one_that_is_rolled_back_does_no_harm(
    storage: Storage, reader: Reader
) -> None:
    remembered = Remembered(storage.database.writes, reader.read, [street_names])
    seen = [await remembered.get()]
    for write in (insert(street_names).values(STREET), update(street_names).values(name="Нова"), _GONE):
        async with storage.database.writing() as connection:
            await connection.execute(write)
        seen.append(await remembered.get())
    assert seen == [[], ["Поштова"], ["Нова"], []]
    async with storage.database.writing() as connection:
        await connection.execute(insert(street_names), STREET)
        assert await remembered.get() == []
        await connection.rollback()
    assert await remembered.get() == []


async def test_what_was_not_there_is_looked_for_again_when_somebody_has_written(
    storage: Storage, reader: Reader
) -> None:
    nothing = Nothing(storage.database.writes, [street_names])
    looks = [NOON, NOON, NOON + timedelta(hours=1), NOON + timedelta(minutes=30), NOON - timedelta(hours=1)]
    assert [list(await nothing.unless(since, reader.read)) for since in looks] == [[]] * 5
    assert reader.reads == 2, "once, and once from an earlier moment"
    async with storage.database.writing() as connection:
        await connection.execute(insert(street_names), STREET)
    assert [list(await nothing.unless(NOON, reader.read)) for _ in range(2)] == [["Поштова"]] * 2
    async with storage.database.writing() as connection:
        await connection.execute(_GONE)
    assert [list(await nothing.unless(NOON, reader.read)) for _ in range(2)] == [[], []]
    assert reader.reads == 5
    assert not await nothing.unless(NOON, reader.read, asked="another")
    assert reader.reads == 6


async def test_a_table_that_has_lost_a_trigger_is_read_after_any_write(
    storage: Storage, reader: Reader, url: str
) -> None:
    off, on = _SWITCHED[storage.database.shared]
    async with storage.database.writing() as connection:
        await connection.execute(text(off))
    async with open_storage(url) as another:
        remembered = Remembered(another.database.writes, reader.read, [street_names])
        await remembered.get()
        async with storage.database.writing() as connection:
            await connection.execute(insert(calls), CALL)
        await remembered.get()
    async with storage.database.writing() as connection:
        await connection.execute(text(on))
    assert reader.reads == 2


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_a_count_that_is_lost_while_we_run_is_not_believed(storage: Storage, reader: Reader) -> None:
    remembered = Remembered(storage.database.writes, reader.read, [street_names])
    assert await remembered.get() == []
    async with storage.database.writing() as connection:
        (told,) = await connection.execute(_TRIGGER)
        await connection.execute(text(f"DROP TRIGGER {WRITTEN}_street_names_INSERT"))
        await connection.execute(insert(street_names), STREET)
    assert await remembered.get() == ["Поштова"]
    async with storage.database.writing() as connection:
        await connection.execute(text("DELETE FROM street_names"))
        await connection.execute(text(f"UPDATE {WRITTEN} SET written = 0"))  # noqa: S608
        await connection.execute(text(told.sql))
    assert await remembered.get() == []
    async with storage.database.writing() as connection:
        await connection.execute(text(f"DELETE FROM {WRITTEN}"))  # noqa: S608
        await connection.execute(insert(street_names), STREET)
    assert await remembered.get() == ["Поштова"]


async def test_a_listener_that_was_cut_off_misses_nothing(storage: Storage, reader: Reader) -> None:
    remembered = Remembered(storage.database.writes, reader.read, [street_names])
    assert await remembered.get() == []
    async with storage.database.writing() as connection:
        if storage.database.shared:
            await connection.execute(text(_CUT_OFF))
        await connection.execute(insert(street_names), STREET)
    assert await remembered.get() == ["Поштова"]
    async with storage.database.writing() as connection:
        await connection.execute(_GONE)
    assert await remembered.get() == []
    reads = reader.reads
    assert await remembered.get() == []
    assert reader.reads == reads, "it listens again"


async def test_what_is_remembered_of_some_tables_reads_no_others_and_all_tell_of_writes(
    storage: Storage,
) -> None:
    await storage.outbox.any_under_way(Channel.CALL)
    await storage.roster.published(NOON.date(), NOON.date())
    kept = [one for one in gc.get_objects() if isinstance(one, Remembered | Nothing)]
    named = [one for one in kept if one._writes is storage.database.writes and one._of]
    assert len(named) > 18
    for one in named:
        if isinstance(one, Remembered):
            with _read_tables() as read:
                await one._read()
            assert read <= set(one._of), one._read
        if not (storage.database.shared and OFTEN & set(one._of)):
            told = await storage.database.writes.latest(one._of)
            assert isinstance(told, tuple), f"{one._of}: who rebuilds a table makes its triggers anew"


@contextmanager
def _read_tables() -> Iterator[set[str]]:
    """Collect the names of the tables in all statements of the block."""
    read: set[str] = set()

    def look(_one: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        read.update(set(re.findall(r"\w+", statement)) & metadata.tables.keys())

    event.listen(Engine, "before_cursor_execute", look)
    try:
        yield read
    finally:
        event.remove(Engine, "before_cursor_execute", look)


OFTEN = {
    *("appeals", "call_jobs", "dispatchers", "notices", "outage_alerts", "outage_reports"),
    "outage_watchers",
}
"""What PostgreSQL is asked for."""
CALL = {"id": "c-1", "shown": "", "arrived_at": NOON, "language": "uk", "recording_refused": False}
_GONE = delete(street_names)
_CUT_OFF = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE query = 'SELECT 1' AND datname = current_database() AND pid <> pg_backend_pid()
"""
_TRIGGER = text(f"SELECT sql FROM sqlite_master WHERE name = '{WRITTEN}_street_names_INSERT'")  # noqa: S608
_SWITCHED = {
    True: [f"ALTER TABLE street_names {switch} TRIGGER {WRITTEN}" for switch in ("DISABLE", "ENABLE")],
    False: [f"DROP TRIGGER {WRITTEN}_street_names_DELETE", "SELECT 1"],
}
"""A trigger is taken away and given back so, by whether it is PostgreSQL: other tests go on with that."""
