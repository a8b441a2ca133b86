import asyncio

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from storage.core.database import open_database
from storage.migrations import migrate
from storage.tables import FTS, metadata


def _differences(connection: Connection) -> list[object]:
    def described(_one: object, name: str | None, *_more: object) -> bool:
        """What the two databases search by is different, and no table to SQLAlchemy in SQLite."""
        return name is None or not name.startswith((FTS, "ix_appeal_texts_lemmas"))

    options = {"include_object": described}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


async def test_the_migrated_schema_is_the_one_the_tables_describe(bare_url: str) -> None:
    await migrate(bare_url)
    async with open_database(bare_url) as database, database.reading() as connection:
        assert await connection.run_sync(_differences) == []


async def test_migrating_twice_changes_nothing(bare_url: str) -> None:
    await migrate(bare_url)
    await migrate(bare_url)


async def test_two_processes_may_migrate_at_once(bare_url: str) -> None:
    await asyncio.gather(migrate(bare_url), migrate(bare_url))
