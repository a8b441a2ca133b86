"""Indexes of great tables are built while others write; what was broken off is built anew."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, text

from storage import migrations
from storage.core.database import Database, open_database
from storage.core.schema import OtherSchema
from storage.migrations import TablesInUse, built_before, migrate
from storage.tables import journey_steps

BEFORE = "0138"
_WAITS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX CONCURRENTLY%'"
    " AND wait_event_type = 'Lock' AND datname = current_database()"
)
_MADE = text(
    "SELECT pg_get_indexdef(indexrelid) AS made, indisvalid FROM pg_index"
    " WHERE indexrelid = 'ix_journey_steps_at'::regclass"
)
_SPOIL = text("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_journey_steps_at'::regclass")

on_postgresql = pytest.mark.parametrize("bare_url", ["postgresql"], indirect=True)


@on_postgresql
async def test_while_an_index_is_built_journeys_are_written(bare_url: str) -> None:
    await migrate(bare_url, BEFORE)
    async with open_database(bare_url) as database:
        async with database.writing() as other:  # for whose end PostgreSQL waits before it begins
            await other.execute(insert(journey_steps), _step(0))
            migration = asyncio.create_task(migrate(bare_url))
            await _is_building(database, migration)
            async with asyncio.timeout(30), database.writing() as connection:
                await connection.execute(insert(journey_steps), _step(1))
            assert not migration.done()
        await migration
        await _is_whole(database)


@on_postgresql
async def test_a_reading_that_stays_open_is_told_meanwhile_and_named_when_the_time_is_over(
    bare_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await migrate(bare_url, BEFORE)
    monkeypatch.setattr(migrations, "GIVES_UP_AFTER", timedelta(seconds=1))
    monkeypatch.setattr(built_before, "TOLD_EVERY_SECONDS", 0.05)
    async with open_database(bare_url) as database:
        async with database.writing() as backup:  # has a snapshot, as a backup does
            await backup.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            pid = await backup.scalar(
                text("SELECT pg_backend_pid() FROM (SELECT count(*) FROM journey_steps) AS read")
            )
            with caplog.at_level("INFO"), pytest.raises(TablesInUse, match=f"indexes.*process {pid} since"):
                await migrate(bare_url)
        assert f"waits_for_process={pid}" in caplog.text
        await migrate(bare_url)
        await _is_whole(database)


@on_postgresql
async def test_half_an_index_that_somebody_left_is_built_anew(bare_url: str) -> None:
    await migrate(bare_url, BEFORE)
    async with open_database(bare_url) as database:
        async with database.writing() as connection:
            await connection.execute(text("CREATE INDEX ix_journey_steps_at ON journey_steps (number)"))
            await connection.execute(_SPOIL)
        await migrate(bare_url)
        await _is_whole(database)


@on_postgresql
async def test_two_migrations_at_once_build_it_once(bare_url: str) -> None:
    await migrate(bare_url, BEFORE)
    await asyncio.gather(migrate(bare_url), migrate(bare_url))
    async with open_database(bare_url) as database:
        await _is_whole(database)


@on_postgresql
async def test_in_a_database_too_old_to_be_migrated_nothing_is_built_and_the_refusal_is_told(
    bare_url: str,
) -> None:
    async with open_database(bare_url) as database, database.writing() as connection:
        await connection.execute(text("CREATE TABLE alembic_version (version_num text)"))
        await connection.execute(text("INSERT INTO alembic_version VALUES ('0001')"))
    with pytest.raises(OtherSchema, match="set it aside"):
        await migrate(bare_url)


async def _is_building(database: Database, migration: "asyncio.Task[None]") -> None:
    async with asyncio.timeout(30), database.session() as connection:
        while not (await connection.execute(_WAITS)).scalar_one():
            assert not migration.done()
            await asyncio.sleep(0.02)


async def _is_whole(database: Database) -> None:
    async with database.reading() as connection:
        row = (await connection.execute(_MADE)).one()
    assert row.indisvalid
    assert row.made.endswith("USING btree (at)")


def _step(number: int) -> dict[str, object]:
    return {
        "call_id": "c1",
        "number": number,
        "at": datetime(2026, 12, 1, tzinfo=UTC),
        "step": "heard",
        "detail": {},
    }
