"""A migration beside programs that go on writing: it gives way and begins anew, and ends no transaction."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DBAPIError

from storage import migrations
from storage.core.database import Database, is_lost, open_database, sql_state
from storage.migrations import TablesInUse, migrate, wait_briefly
from storage.tables import calls, dispatchers, talks
from tests.storage.conftest import NOON

BEFORE = "0141"
_WAITS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)
_SOONER_THAN_THE_MIGRATION = text("SET LOCAL deadlock_timeout = '700ms'")
"""Looks whether it is in a deadlock: so the writer would be the one that PostgreSQL ends."""
_CALL = {
    "id": "c1",
    "number": None,
    "shown": "",
    "language": "uk",
    "recording_refused": False,
    "arrived_at": NOON,
}
_DESK = {
    "extension": "201",
    "name": "Оля",
    "secret": "s",
    "presence": "away",
    "reason": "",
    "since": NOON,
    "misses": 0,
}
on_postgresql = pytest.mark.parametrize("bare_url", ["postgresql"], indirect=True)


async def somebody_waits(database: Database) -> None:
    async with asyncio.timeout(30), database.session() as connection:
        while not (await connection.execute(_WAITS)).scalar_one():
            await asyncio.sleep(0.02)


@on_postgresql
async def test_a_writer_with_whom_it_waits_in_turn_goes_on_and_it_begins_anew(bare_url: str) -> None:
    await migrate(bare_url, BEFORE)
    async with open_database(bare_url) as database:
        async with database.writing() as connection:
            await connection.execute(insert(calls), _CALL)
            await connection.execute(insert(dispatchers), _DESK)
        async with database.writing() as writer:
            await writer.execute(_SOONER_THAN_THE_MIGRATION)
            await writer.execute(
                insert(talks), {"call_id": "c1", "dispatcher_id": 1, "started_at": NOON, "ended_at": NOON}
            )
            migration = asyncio.create_task(migrate(bare_url))
            await somebody_waits(database)  # for the talks, and has the calls
            async with asyncio.timeout(30):
                await writer.execute(update(calls).values(ended_at=NOON + timedelta(minutes=1)))
            assert not migration.done()
        async with asyncio.timeout(60):
            await migration
        async with database.reading() as connection:
            assert await connection.scalar(select(calls.c.ended_at)) == NOON + timedelta(minutes=1)
            assert await connection.scalar(text("SELECT to_regclass('line_days') IS NOT NULL"))


@on_postgresql
async def test_a_table_that_somebody_keeps_is_named_as_the_reason_and_nothing_is_half_done(
    bare_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await migrate(bare_url, BEFORE)
    monkeypatch.setattr(migrations, "GIVES_UP_AFTER", timedelta(0))
    async with open_database(bare_url) as database:
        async with database.writing() as writer:
            await writer.execute(insert(calls), _CALL)
            pid = await writer.scalar(text("SELECT pg_backend_pid()"))
            with pytest.raises(TablesInUse, match=rf"calls.* \(process {pid} since .*pg_terminate_backend"):
                await migrate(bare_url)
        async with database.reading() as connection:
            assert await connection.scalar(text("SELECT version_num FROM alembic_version")) == BEFORE
            assert await connection.scalar(text("SELECT to_regclass('line_days') IS NULL"))
        await migrate(bare_url)


@on_postgresql
async def test_an_autovacuum_is_waited_for_until_postgresql_ends_it(bare_url: str) -> None:
    await migrate(bare_url)

    async def waits() -> str:
        async with database.writing() as migration:
            await wait_briefly(migration)
            return str(await migration.scalar(text("SHOW lock_timeout")))

    async with open_database(bare_url) as database:
        async with database.writing() as writer:
            await writer.execute(insert(calls), _CALL)
            assert await waits() == "300ms"
        async with database.writing() as autovacuum:
            await autovacuum.execute(text("LOCK calls IN SHARE UPDATE EXCLUSIVE MODE"))
            looks = text("SELECT current_setting('deadlock_timeout')::interval < interval '1500ms'")
            assert await autovacuum.scalar(looks)
            assert await waits() == "1500ms"
        assert await waits() == "300ms"


@on_postgresql
async def test_what_postgresql_ended_for_anothers_sake_can_be_done_again(bare_url: str) -> None:
    await migrate(bare_url)
    change = update(calls).values(shown="1")
    async with open_database(bare_url) as database:
        async with database.writing() as connection:
            await connection.execute(insert(calls), [_CALL, _CALL | {"id": "c2"}])

        async def crosswise(first: str, then: str) -> None:
            async with database.writing() as connection:
                await connection.execute(change.where(calls.c.id == first))
                await both.wait()
                await connection.execute(change.where(calls.c.id == then))

        both = asyncio.Barrier(2)
        told = await asyncio.gather(crosswise("c1", "c2"), crosswise("c2", "c1"), return_exceptions=True)
    (ended,) = [one for one in told if one is not None]
    assert isinstance(ended, DBAPIError)
    assert sql_state(ended) == "40P01"
    assert is_lost(ended)
