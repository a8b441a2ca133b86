"""SQLite's short ways: what they save, and that they keep what the long way kept."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiosqlite
import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from hotline.line.presence_states import Presence
from storage.core.database import Database, open_database
from storage.store import Storage, open_storage
from storage.tables import dispatchers
from tests.fakes.databases import empty_database
from tests.storage.conftest import NOON

SOMEBODY = {
    "extension": "201",
    "name": "Олена",
    "secret": "s",
    "presence": "away",
    "reason": "",
    "since": NOON,
    "misses": 0,
}
_ADD = insert(dispatchers)
_COUNT = select(func.count()).select_from(dispatchers)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return Path(empty_database(tmp_path).removeprefix("sqlite:///"))


@pytest.fixture
async def database(file: Path) -> AsyncIterator[Database]:
    async with open_database(f"sqlite:///{file}") as opened:
        yield opened


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What went to a connection's thread."""
    made: list[str] = []
    whole = aiosqlite.Connection._execute

    async def counted(
        self: aiosqlite.Connection, run: Callable[..., Any], *given: Any, **options: Any
    ) -> Any:
        made.append(run.__name__)
        return await whole(self, run, *given, **options)

    monkeypatch.setattr(aiosqlite.Connection, "_execute", counted)
    return made


async def count(database: Database) -> int:
    async with database.reading() as connection:
        found: int = (await connection.execute(_COUNT)).scalar_one()
    return found


async def test_a_read_is_one_trip_a_write_two_and_an_inline_read_none(
    database: Database, trips: list[str]
) -> None:
    async with database.writing() as connection:
        await connection.execute(_ADD, SOMEBODY)
    await count(database)
    async with database.read_inline() as connection:
        await connection.execute(_COUNT)
    trips.clear()
    assert await count(database) == 1
    assert trips == ["_execute"]
    trips.clear()
    async with database.writing() as connection:
        await connection.execute(_ADD, SOMEBODY | {"extension": "202"})
    assert trips == ["_execute", "commit"]
    trips.clear()
    async with database.read_inline() as connection:
        assert (await connection.execute(_COUNT)).scalar_one() == 2
    assert trips == []


async def test_a_transaction_without_a_statement_costs_nothing(database: Database, trips: list[str]) -> None:
    await count(database)
    async with database.writing():
        pass
    trips.clear()
    async with database.writing():
        pass
    assert trips == []


async def test_lists_of_rows_that_are_written_together_are_one_trip(
    database: Database, trips: list[str]
) -> None:
    await count(database)
    async with database.writing_together():
        pass
    trips.clear()
    async with database.writing_together() as connection:
        await connection.execute(_ADD, [SOMEBODY])
        await connection.execute(_ADD, [SOMEBODY | {"extension": "202"}, SOMEBODY | {"extension": "203"}])
    assert trips == ["_together"]
    trips.clear()
    async with database.writing_together() as connection:
        await connection.execute(_ADD, [SOMEBODY | {"extension": "204"}])
        assert (await connection.execute(_COUNT)).scalar_one() == 4, "what is asked sees what was put off"
        await connection.execute(_ADD, [SOMEBODY | {"extension": "205"}])
    assert trips == ["_together", "_execute", "_together"]
    assert await count(database) == 5


async def test_of_what_is_written_together_all_is_kept_or_nothing(database: Database) -> None:
    async def write(*rows: dict[str, Any]) -> None:
        async with database.writing_together() as connection:
            for row in rows:
                await connection.execute(_ADD, [row])

    with pytest.raises(IntegrityError):
        await write(SOMEBODY, SOMEBODY)  # the extension is taken
    with pytest.raises(OverflowError):
        await write(SOMEBODY, SOMEBODY | {"extension": "202", "misses": 1 << 70})
    with pytest.raises(StatementError):
        await write(SOMEBODY, {"nothing": "of the kind"})
    assert await count(database) == 0
    async with database.writing() as connection:
        done = await connection.execute(_ADD, [SOMEBODY, SOMEBODY | {"extension": "202"}])
        assert done.rowcount == 2, "it waits for its result again"
    assert await count(database) == 2


@pytest.mark.parametrize("way", ["writing", "writing_together", "write_inline"])
async def test_a_commit_that_fails_leaves_nothing_and_the_next_one_works(
    database: Database, file: Path, way: str
) -> None:
    with sqlite3.connect(file) as other:
        of = "REFERENCES dispatchers DEFERRABLE INITIALLY DEFERRED"
        other.execute(f"CREATE TABLE parts (whole INTEGER {of})")

    async def write(*parts: int) -> None:
        async with getattr(database, way)() as connection:
            await connection.execute(_ADD, [SOMEBODY])
            for whole in parts:
                await connection.execute(text("INSERT INTO parts VALUES (:whole)"), [{"whole": whole}])

    with pytest.raises(IntegrityError):
        await write(77)
    assert await count(database) == 0
    await write()
    assert await count(database) == 1


@pytest.mark.parametrize("way", ["writing", "write_inline"])
async def test_what_fails_leaves_nothing_and_the_next_one_works(database: Database, way: str) -> None:
    async def write(*rows: dict[str, Any]) -> None:
        async with getattr(database, way)() as connection:
            for row in rows:
                await connection.execute(_ADD, row)

    with pytest.raises(IntegrityError):
        await write(SOMEBODY, SOMEBODY)  # the extension is taken
    assert await count(database) == 0
    with pytest.raises(StatementError):
        await write(SOMEBODY, {"nothing": "of the kind"})
    assert await count(database) == 0
    async with getattr(database, way)() as connection:
        done = await connection.execute(_ADD, [SOMEBODY, SOMEBODY | {"extension": "202"}])
        assert done.rowcount == 2
    assert await count(database) == 2


async def test_cancelled_in_the_middle_nothing_is_kept_and_nobody_is_locked_out(database: Database) -> None:
    begun = asyncio.Event()

    async def write() -> None:
        async with database.writing() as connection:
            await connection.execute(_ADD, SOMEBODY)
            begun.set()
            await asyncio.Event().wait()

    writing = asyncio.create_task(write())
    await begun.wait()
    writing.cancel()
    await asyncio.wait([writing])
    async with database.write_inline() as connection:
        await connection.execute(_ADD, SOMEBODY)
    assert await count(database) == 1


async def test_while_somebody_else_writes_an_inline_write_waits_its_turn_and_the_loop_goes_on(
    database: Database, file: Path
) -> None:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async def jot() -> None:
        async with database.write_inline() as connection:
            await connection.execute(_ADD, SOMEBODY)

    write_inline = asyncio.create_task(jot())
    done, _waiting = await asyncio.wait([write_inline], timeout=0.05)  # the loop is not held
    assert not done
    other.execute("COMMIT")
    other.close()
    async with asyncio.timeout(60):
        await write_inline
    assert await count(database) == 1


async def test_two_processes_pair_each_caller_once(file: Path) -> None:
    url = f"sqlite:///{file}"
    async with open_storage(url) as one, open_storage(url) as two:
        for at in range(10):
            desk = await one.dispatchers.add(str(201 + at), "Олена", "s", frozenset())
            await one.dispatchers.set_presence(desk.id, Presence.READY, NOON)
            await one.line.enter(f"c-{at}", at=NOON + timedelta(seconds=at))

        async def pair(storage: Storage) -> list[tuple[str, int]]:
            made = []
            while offer := await storage.line.pair(NOON):
                made.append((offer.call_id, offer.dispatcher.id))
                await asyncio.sleep(0)
            return made

        first, second = await asyncio.gather(pair(one), pair(two))
    offers = first + second
    assert len(offers) == len({call for call, _ in offers}) == len({who for _, who in offers}) == 10


async def test_rows_come_with_their_names_and_statements_tell_how_many_they_touched(
    database: Database,
) -> None:
    async with database.writing() as connection:
        added = (await connection.execute(_ADD.returning(dispatchers), SOMEBODY)).mappings().one()
        assert (added["name"], added["since"]) == ("Олена", NOON)
        touched = await connection.execute(text("UPDATE dispatchers SET misses = 1 WHERE extension = '201'"))
        assert touched.rowcount == 1
        assert (await connection.execute(text("DELETE FROM dispatchers WHERE id = 999"))).rowcount == 0
