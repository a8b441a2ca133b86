"""A vacuum that PostgreSQL ends for nobody: a migration that waits for it in vain says so, and what to do."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from storage import migrations
from storage.core.database import open_database
from storage.core.wraparound import SOON, soon_vacuumed
from storage.migrations import TablesInUse, migrate
from storage.migrations.holders import Holder, advice
from tests.fakes.made_once import made_once
from tests.storage.conftest import Cluster, copy_data, make_cluster, placed
from tests.storage.core.test_migrating_beside_writers import BEFORE, on_postgresql

AT_ONCE = 100_000
"""Transactions: no age that is set may be less."""
_CALLS = f"""
INSERT INTO calls (id, arrived_at, shown, language, recording_refused)
SELECT 'c' || i, now(), '', 'uk', false FROM generate_series(1, {AT_ONCE // 2}) AS n(i);
ALTER TABLE calls SET (
    autovacuum_enabled = off, autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1
);
ANALYZE calls
"""  # noqa: S608 - numbers of our own
"""Vacuumed slowly, and only to prevent wraparound: so many rows would begin an ordinary vacuum before it."""
_MANY_TRANSACTIONS = f"""
CREATE TEMP TABLE one (i bigint);
DO $$ BEGIN
    FOR i IN 1..{AT_ONCE} LOOP
        BEGIN INSERT INTO one VALUES (i); EXCEPTION WHEN others THEN NULL; END;
    END LOOP;
END $$
"""  # noqa: S608 - as above
_VACUUMS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'autovacuum: VACUUM% public.calls (to prevent%'"
)
SINCE = datetime(2026, 12, 1, 20, 10, tzinfo=UTC)
VACUUM = Holder(pid=17, since=SINCE, tables=["calls"], vacuums=True, aged=True)
WRITER = Holder(pid=18, since=SINCE, tables=["calls", "talks"], vacuums=False, aged=True)


def test_who_gives_way_to_nobody_is_waited_for_and_anybody_else_is_ended() -> None:
    assert "calls (process 17 since 2026-12-01 20:10 UTC): it vacuums" in advice([VACUUM, WRITER])
    assert "Wait until it is over" in advice([VACUUM])
    ordinary = Holder(pid=17, since=None, tables=["calls"], vacuums=True, aged=False)
    for found in ([WRITER], [ordinary, WRITER]):
        assert "calls, talks (process 18 since 2026-12-01 20:10 UTC)" in advice(found)
        assert "pg_terminate_backend" in advice(found)
    assert "keeps a table" in advice([])


@on_postgresql
async def test_great_tables_are_named_once_it_is_near(bare_url: str) -> None:
    await migrate(bare_url)
    async with open_database(bare_url) as database:
        assert await soon_vacuumed(database, pages=0) == []
        assert "calls" in await soon_vacuumed(database, pages=0, soon=-1.0)
        assert await soon_vacuumed(database, soon=-1.0) == [], "what is small takes it seconds"


@pytest.fixture
def hasty() -> Iterator[Cluster]:
    """A server that vacuums after a hundred thousand transactions, and looks each second."""
    with placed() as postgres:
        copy_data(made_once("postgres", make_cluster), postgres.data)
        soon = ("autovacuum=on", "autovacuum_naptime=1s", f"autovacuum_freeze_max_age={AT_ONCE}")
        postgres.start(more=[f"-c {one}" for one in soon])
        try:
            yield postgres
        finally:
            postgres.end()


@pytest.mark.nightly
async def test_a_vacuum_to_prevent_wraparound_is_named_and_not_ended(
    hasty: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasty.sql("CREATE DATABASE older")
    url = hasty.url("older")
    await migrate(url, BEFORE)
    hasty.sql(_CALLS, "older")
    hasty.sql(_MANY_TRANSACTIONS, "older")
    monkeypatch.setattr(migrations, "GIVES_UP_AFTER", timedelta(0))
    async with open_database(url) as database:
        async with asyncio.timeout(120), database.reading() as connection:
            while not (await connection.execute(_VACUUMS)).scalar_one():
                await asyncio.sleep(0.1)
        assert await soon_vacuumed(database, soon=SOON, pages=100) == ["calls"]
        with pytest.raises(TablesInUse, match=r"to prevent wraparound .* Wait until it is over"):
            await migrate(url)
        async with database.reading() as connection:
            assert (await connection.execute(_VACUUMS)).scalar_one() == 1, "it goes on"
            assert await connection.scalar(text("SELECT version_num FROM alembic_version")) == BEFORE
