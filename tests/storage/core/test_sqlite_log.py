"""A disk that stands still keeps nobody who writes waiting; what SQLite logged is worked off afterwards."""

import asyncio
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import text

from storage.core import sqlite_log
from storage.core.database import Database, open_database
from storage.core.sqlite_log import ENOUGH_BYTES, SqliteLog
from tests.system.stalled_disk import StalledDisk

PROGRAM = """
import asyncio, sys
from sqlalchemy import text
from storage.core import sqlite_log
from storage.core.database import open_database

sqlite_log.QUICK_SECONDS = float(sys.argv[2])
ADD = text("INSERT INTO said VALUES (:word)")

async def told(word):
    print(word, flush=True)
    await asyncio.to_thread(sys.stdin.readline)

async def main():
    async with open_database(f"sqlite:///{sys.argv[1]}") as database:
        async with database.writing() as connection:
            await connection.execute(text("CREATE TABLE said (word)"))
            await connection.execute(text("CREATE TABLE ballast (octets)"))
            await connection.execute(text("INSERT INTO ballast VALUES (zeroblob(5000000))"))
        await told("long")
        async with database.write_inline() as connection:
            await connection.execute(ADD, {"word": "by the loop"})
        async with database.writing() as connection:
            await connection.execute(ADD, {"word": "by the thread"})
        async with database.reading() as connection:
            assert (await connection.execute(text("SELECT count(*) FROM said"))).scalar() == 2
        await told("written")
        await asyncio.to_thread(database._log._working.join)
        await told("worked off")
        async with database.write_inline() as connection:
            await connection.execute(ADD, {"word": "by the loop, again"})
        await told("written again")

asyncio.run(main())
"""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[StalledDisk]:
    one = StalledDisk(tmp_path / "disk")
    yield one
    one.go_on()


@pytest.mark.parametrize(
    ("quick_seconds", "begins_anew"),
    [pytest.param(3600, True, id="quick"), pytest.param(-1, False, id="slow")],
)
async def test_who_writes_waits_for_no_disk_neither_while_the_log_is_worked_off_nor_after(
    disk: StalledDisk, tmp_path: Path, *, quick_seconds: float, begins_anew: bool
) -> None:
    file = tmp_path / "hotline.db"
    pipe = asyncio.subprocess.PIPE
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROGRAM, str(file), str(quick_seconds)),
        env=os.environ | disk.environ,
        stdin=pipe,
        stdout=pipe,
    )
    assert program.stdin is not None
    assert program.stdout is not None

    async def until(word: bytes) -> None:
        assert program.stdout is not None
        async with asyncio.timeout(60):
            assert await program.stdout.readline() == word + b"\n"

    def go_on() -> None:
        assert program.stdin is not None
        program.stdin.write(b"\n")

    try:
        await until(b"long")
        disk.stall()
        go_on()
        await until(b"written")
        await disk.is_asked()
        disk.go_on()
        go_on()
        await until(b"worked off")
        assert (file.with_name("hotline.db-wal").stat().st_size < ENOUGH_BYTES) is begins_anew
        disk.stall()
        go_on()
        await until(b"written again")
        assert not disk.was_asked()
    finally:
        disk.go_on()
        program.stdin.close()
        await program.wait()
    with sqlite3.connect(file) as database:
        said = database.execute("SELECT word FROM said").fetchall()
        assert [word for (word,) in said] == ["by the loop", "by the thread", "by the loop, again"]
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    database.close()


async def writes(database: Database, octets: int) -> None:
    async with database.writing() as connection:
        await connection.execute(text("CREATE TABLE IF NOT EXISTS said (octets)"))
        await connection.execute(text("INSERT INTO said VALUES (zeroblob(:octets))"), {"octets": octets})


async def worked_off(database: Database) -> None:
    assert database._log is not None
    assert database._log._working is not None
    await asyncio.to_thread(database._log._working.join)


async def test_a_log_that_grows_under_a_standing_reader_is_told_until_it_is_worked_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_log, "GROWN_BYTES", ENOUGH_BYTES)
    file = tmp_path / "hotline.db"
    async with open_database(f"sqlite:///{file}") as database:
        await writes(database, 1)
        assert database.grown_log() == 0
        with closing(sqlite3.connect(file, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM said").fetchone()
            await writes(database, ENOUGH_BYTES)
            await writes(database, ENOUGH_BYTES)
            await worked_off(database)
            assert database.grown_log() > 2 * ENOUGH_BYTES
        await writes(database, ENOUGH_BYTES)
        await writes(database, 1)
        await worked_off(database)
        assert database.grown_log() == 0


async def test_what_is_written_is_written_though_no_thread_may_begin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoneBegins(Thread):
        def start(self) -> None:
            raise RuntimeError("can't create new thread at interpreter shutdown")

    monkeypatch.setattr(sqlite_log, "Thread", NoneBegins)
    async with open_database(f"sqlite:///{tmp_path / 'hotline.db'}") as database:
        await writes(database, ENOUGH_BYTES)
        await writes(database, 1)
        async with database.reading() as connection:
            assert (await connection.execute(text("SELECT count(*) FROM said"))).scalar() == 2


def test_after_an_error_of_any_kind_the_log_is_left_alone_until_it_has_grown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []

    def fails(_file: str) -> None:
        raise MemoryError

    class Counted(Thread):
        def start(self) -> None:
            begun.append(self.name)

    (tmp_path / "hotline.db-wal").write_bytes(bytes(ENOUGH_BYTES + 1))
    log = SqliteLog(str(tmp_path / "hotline.db"))
    monkeypatch.setattr(sqlite_log, "work_off", fails)
    monkeypatch.setattr(sqlite_log, "Thread", Counted)
    with pytest.raises(MemoryError):
        log._work()
    log.look()
    assert begun == []
