import asyncio

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Connection, inspect

from storage.core.database import open_database
from storage.migrations import migrate
from storage.tables import FTS, SPOKEN_FTS, WRITTEN, metadata


def _differences(connection: Connection) -> list[object]:
    def described(_one: object, name: str | None, *_more: object) -> bool:
        """What the two databases search by is different, and no table to SQLAlchemy in SQLite."""
        ours = (FTS, SPOKEN_FTS, WRITTEN, "ix_appeal_texts_lemmas", "ix_transcripts_lemmas")
        only_there = () if connection.dialect.name == "postgresql" else ("ix_appeals_owed",)
        return name is None or not name.startswith((*ours, *only_there))

    options = {"include_object": described}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


async def test_the_schema_is_the_one_the_tables_describe_also_when_migrated_twice(url: str) -> None:
    await migrate(url)
    async with open_database(url) as database, database.reading() as connection:
        assert await connection.run_sync(_differences) == []


async def test_two_processes_may_migrate_at_once(bare_url: str) -> None:
    await asyncio.gather(migrate(bare_url), migrate(bare_url))


def _checks(connection: Connection) -> set[tuple[str, str | None]]:
    """The checks that the database keeps, with their tables."""
    kept = inspect(connection).get_check_constraints
    return {(table, one["name"]) for table in metadata.tables for one in kept(table)}


async def test_the_database_keeps_the_checks_that_the_tables_describe(url: str) -> None:
    async with open_database(url) as database, database.reading() as connection:
        kept = await connection.run_sync(_checks)
    described = {
        (table.name, str(one.name))
        for table in metadata.tables.values()
        for one in table.constraints
        if isinstance(one, CheckConstraint)
    }
    assert kept == described
