import asyncio

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, select, text

from storage import migrations
from storage.core.database import open_database
from storage.migrations import migrate
from storage.tables import FTS, appeal_history, metadata


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


async def test_what_was_put_right_of_an_appeal_is_read_under_its_new_name(bare_url: str) -> None:
    async with open_database(bare_url) as database:
        async with database.writing() as connection:
            await connection.run_sync(_at_0048)
            for before in _BEFORE_0049:
                await connection.execute(text(before))
        await migrate(bare_url)
        async with database.reading() as connection:
            told = (await connection.execute(text("SELECT text FROM appeals"))).scalar()
            facts = (await connection.execute(select(appeal_history.c.facts))).scalar()
    assert told == "Немає світла"
    assert facts == {"text": "Немає світла", "kind": "report"}


def _at_0048(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", migrations.__path__[0].replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "0048")


_BEFORE_0049 = (
    """
    INSERT INTO appeals (number, summary, state, registered_at, due_on)
    VALUES ('2600001', 'Немає світла', 'registered', '2026-03-02 12:00:00+00:00', '2026-03-17')
    """,
    """
    INSERT INTO appeal_history (number, version, at, act, part, state_after, said, hidden, facts)
    VALUES ('2600001', 2, '2026-03-02 12:00:00+00:00', 'amend', 'dispatcher', 'registered', '', true,
            '{"summary"\\: "Немає світла", "kind"\\: "report"}')
    """,
)
