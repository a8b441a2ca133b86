"""A database of another schema is named as such, with the command that mends it."""

import pytest
from sqlalchemy import text

from storage.core.database import open_database
from storage.core.schema import OtherSchema, newest
from storage.migrations import migrate
from storage.store import open_storage


async def test_a_database_without_tables_tells_the_command(bare_url: str) -> None:
    with pytest.raises(OtherSchema, match="run `hotline migrate`"):
        async with open_storage(bare_url):
            pass


@pytest.mark.parametrize(("version", "advice"), [("0001", "set it aside"), ("9999", "update the program")])
async def test_a_database_of_before_the_first_migration_and_a_newer_one_are_told_apart(
    url: str, version: str, advice: str
) -> None:
    async with open_database(url) as database, database.writing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": version})
    try:
        with pytest.raises(OtherSchema, match=advice):
            async with open_storage(url):
                pass
        with pytest.raises(OtherSchema, match=advice):
            await migrate(url)
    finally:
        async with open_database(url) as database, database.writing() as connection:
            await connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": newest()})


async def test_a_database_that_a_migration_leads_on_from_tells_the_command(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.core.schema.newest", lambda: "9999")
    with pytest.raises(OtherSchema, match="run `hotline migrate`"):
        async with open_storage(url):
            pass


async def test_after_the_migration_it_opens(bare_url: str) -> None:
    await migrate(bare_url)
    async with open_storage(bare_url) as storage:
        assert storage.database
