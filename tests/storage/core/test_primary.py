"""Of several servers the one that takes writes is found; one that takes none any more is left."""

import asyncio
from typing import Any

import asyncpg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from storage.core import primary
from storage.core.database import POSTGRES_READERS, Database, open_database, servers
from storage.core.snapshot import _connection_variables
from storage.tables import outages
from tests.storage.conftest import Cluster


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://u@a/d", [("a", "")]),
        ("postgresql://u@a:5433/d", [("a", "5433")]),
        ("postgresql://u@[2001:db8::1]:5433/d", [("2001:db8::1", "5433")]),
        ("postgresql://u@/d?host=/run/x", [("/run/x", "")]),
        ("postgresql://u@/d?host=a:1&host=b:2", [("a", "1"), ("b", "2")]),
        ("postgresql://u@/d?host=a:1,b:2", [("a", "1"), ("b", "2")]),
    ],
)
def test_a_url_names_one_server_or_several(url: str, expected: list[tuple[str, str]]) -> None:
    assert servers(make_url(url)) == expected


def test_programs_of_postgresql_are_led_to_the_primary() -> None:
    told = _connection_variables("postgresql://u:p@/d?host=a:1&host=b:2")
    assert (told["PGHOST"], told["PGPORT"], told["PGTARGETSESSIONATTRS"]) == ("a,b", "1,2", "read-write")
    assert "PGPORT" not in _connection_variables("postgresql://u:p@a/d")


async def test_a_connection_that_takes_no_writes_any_more_is_left(migrated_postgres: str) -> None:
    async with open_database(migrated_postgres) as database:
        async with database.writing() as connection:
            await connection.execute(text("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"))
        with pytest.raises(DBAPIError, match="read-only"):
            await _touch(database)
        await _touch(database)


async def _touch(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(outages.delete().where(outages.c.id == 0))


async def test_the_server_that_is_there_is_found(cluster: Cluster) -> None:
    url = f"postgresql://postgres@/hotline?host={cluster.folder}/none:5432&host={cluster.folder}:5432"
    async with open_database(url) as database, database.reading() as connection:
        assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1
        assert not await database.leave_replaced()


async def test_whoever_finds_none_is_told(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(primary, "PATIENCE_SECONDS", 0)
    url = f"postgresql://postgres@/hotline?host={cluster.folder}/none:5432&host={cluster.folder}/no:5432"
    async with open_database(url) as database:
        with pytest.raises(ConnectionError, match="takes writes"):
            async with database.reading():
                pass
        assert not await database.leave_replaced()


async def test_a_standby_that_refuses_us_hides_no_primary(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing = f"{cluster.folder}/full"
    connect = asyncpg.connect

    async def one_refuses(*, host: str, **given: Any) -> Any:
        if host == refusing:
            raise asyncpg.TooManyConnectionsError("sorry, too many clients already")
        return await connect(host=host, **given)

    monkeypatch.setattr(asyncpg, "connect", one_refuses)
    both = f"postgresql://postgres@/hotline?host={refusing}:5432&host={cluster.folder}:5432"
    async with open_database(both) as database, database.reading() as connection:
        assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1
    alone = f"postgresql://postgres@/hotline?host={refusing}:5432&host={refusing}:5433"
    async with open_database(alone) as database:
        with pytest.raises(DBAPIError, match="too many clients"):
            async with database.reading():
                pass


async def test_a_primary_that_answers_late_as_all_do_is_found(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(primary, "ANSWER_SECONDS", 0)
    connect = asyncpg.connect

    async def late(**given: Any) -> Any:
        connection = await connect(**given)
        await asyncio.sleep(0.1)
        return connection

    monkeypatch.setattr(asyncpg, "connect", late)
    both = f"postgresql://postgres@/hotline?host={cluster.folder}/none:5432&host={cluster.folder}:5432"
    async with open_database(both) as database, database.reading() as connection:
        assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1


async def test_a_pool_that_opens_all_its_connections_does_not_ask_for_all_at_once_nor_everywhere(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = asyncpg.connect
    away = f"{cluster.folder}/none"
    asked: list[str] = []
    opening, most = 0, 0

    async def counted(*, host: str, **given: Any) -> Any:
        nonlocal opening, most
        asked.append(host)
        opening += 1
        most = max(most, opening)
        try:
            return await connect(host=host, **given)
        finally:
            opening -= 1

    monkeypatch.setattr(asyncpg, "connect", counted)
    together = asyncio.Barrier(POSTGRES_READERS)

    async def read(database: Database) -> None:
        async with database.reading() as connection:
            await connection.execute(text("SELECT 1"))
            await together.wait()

    both = f"postgresql://postgres@/hotline?host={away}:5432&host={cluster.folder}:5432"
    async with open_database(both) as database:
        await asyncio.gather(*(read(database) for _ in range(POSTGRES_READERS)))
    assert most <= 2 * primary.AT_ONCE
    assert asked.count(str(cluster.folder)) == POSTGRES_READERS
    assert asked.count(away) <= primary.AT_ONCE, "the others go straight to the one that was found"


async def test_who_waits_behind_others_for_servers_that_are_silent_has_no_more_patience_than_they(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(primary, "PATIENCE_SECONDS", 0.1)
    monkeypatch.setattr(primary, "ANSWER_SECONDS", 3600)
    monkeypatch.setattr(primary, "SLOWEST_SECONDS", 3600)
    asked = []

    async def says_nothing(*, host: str, **_: Any) -> Any:
        asked.append(host)
        await asyncio.Event().wait()

    monkeypatch.setattr(asyncpg, "connect", says_nothing)
    both = f"postgresql://postgres@/hotline?host={cluster.folder}/a:5432&host={cluster.folder}/b:5432"

    async def read(database: Database) -> None:
        async with database.reading():
            pass

    async with open_database(both) as database:
        before = [asyncio.create_task(read(database)) for _ in range(primary.AT_ONCE)]
        while len(asked) < 2 * primary.AT_ONCE:
            await asyncio.sleep(0)
        with pytest.raises(ConnectionError, match="others wait"):
            await read(database)
        for one in before:
            one.cancel()
        await asyncio.wait(before)


async def test_who_is_cancelled_as_the_primary_is_found_leaves_no_session_there(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(primary, "GRACE_SECONDS", 0)
    connect, silent = asyncpg.connect, f"{cluster.folder}/silent"
    opened: list[Any] = []
    is_let_go, goes = asyncio.Event(), asyncio.Event()

    async def one_is_slow_to_go(*, host: str, **given: Any) -> Any:
        if host == silent:
            try:
                await goes.wait()
            finally:
                is_let_go.set()
                await goes.wait()
        opened.append(await connect(host=host, **given))
        return opened[-1]

    monkeypatch.setattr(asyncpg, "connect", one_is_slow_to_go)
    hosts = (silent, str(cluster.folder))
    connecting = primary.Primary().connect(
        host=hosts, port=(5432, 5432), user="postgres", database="postgres"
    )
    asking = asyncio.create_task(connecting)
    await is_let_go.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    (session,) = opened
    assert session.is_closed()
