"""The whole database in one file, of one moment, while the service goes on; and back again."""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from sqlalchemy import Connection, MetaData, Text, bindparam, func, make_url, text, update

from hotline.contact.channel import Channel
from hotline.delivery.notice_states import NOTICE, NoticeEvent, NoticeState
from hotline.errors import HotlineError
from storage.core.database import open_database, servers
from storage.core.transitions import moving
from storage.tables import Moment, notices, recordings, voice_messages

_OLD, _NEW = bindparam("old", type_=Text), bindparam("new", type_=Text)
_WITH_PATHS = {
    "recordings": (
        *(recordings.c.caller_file, recordings.c.dispatcher_file),
        *(recordings.c.listening_file, recordings.c.master_file),
    ),
    "messages": (voice_messages.c.file, recordings.c.caller_file, recordings.c.dispatcher_file),
}
"""Columns that name a file whole, by the folder that it lies in."""
_NOW = bindparam("now", type_=Moment)
_UNDER_WAY = moving(notices, NOTICE, NoticeEvent.LOSE, changed_at=_NOW, due_at=_NOW).where(
    notices.c.state != NoticeState.UNSURE.value,
    notices.c.channel.in_([Channel.EMAIL.value, Channel.SMS.value]),
)

_FUNCTIONS = text("""
SELECT CAST(CAST(oid AS regprocedure) AS text) FROM pg_proc
WHERE pronamespace = CAST(CAST(current_schema() AS text) AS regnamespace)
AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
""")
"""Functions of the database itself: what an extension has brought stays with it."""


class SnapshotFailed(HotlineError):  # noqa: N818 - reads as what happened
    """The database could not be written into a file, or read from one; the message says why."""

    code: ClassVar[str] = "snapshot-failed"


def is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def size(url: str) -> int:
    """Tell the bytes that a snapshot takes at most; 0 where the file is not ours to look at."""
    file = _sqlite_file(url)
    return file.stat().st_size if is_sqlite(url) and file.is_file() else 0


async def take(url: str, target: Path) -> None:
    """Write the database into `target`, as it is at one moment; raises SnapshotFailed."""
    if is_sqlite(url):
        await _vacuum(_sqlite_file(url), target)
    else:
        await _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", "--file", str(target))


async def check(url: str, source: Path) -> None:
    """Raise SnapshotFailed when `source` is no whole snapshot for a database of this kind."""
    if not is_sqlite(url):
        await _run("pg_restore", "", "--list", str(source))
        return
    try:
        fault = await asyncio.to_thread(_fault, source)
    except sqlite3.Error as error:
        raise SnapshotFailed(f"{source} is no whole database: {error}.") from error
    if fault != "ok":
        raise SnapshotFailed(f"{source} is damaged: {fault}.")


async def empty(url: str) -> bool:
    """Whether there is no database yet, or none of ours in it."""
    if is_sqlite(url) and not size(url):
        return True
    async with open_database(url) as database, database.reading() as connection:
        return not await connection.run_sync(_tables)


async def restore(url: str, source: Path) -> None:
    """Replace the content of the database by the snapshot; raises SnapshotFailed."""
    if is_sqlite(url):
        await asyncio.to_thread(_replace, _sqlite_file(url), source)
        return
    async with open_database(url) as database, database.writing() as connection:
        await connection.run_sync(_drop_all)
    await _run(
        "pg_restore",
        url,
        "--no-owner",
        "--no-privileges",
        "--exit-on-error",
        "--single-transaction",
        str(source),
    )


async def settle(url: str, moved: Mapping[str, tuple[Path, Path]], at: datetime) -> int:
    """Correct a restored database: paths of files, and notices that may have been sent already.

    Notices owed at the moment of the backup may have been sent since: they become unsure, and the gateway is
    asked, or a person decides. Returns how many notices that concerns.
    """
    async with open_database(url) as database, database.writing() as connection:
        for folder, (old, new) in moved.items():
            for column in _WITH_PATHS[folder]:
                tail = func.substr(column, func.length(_OLD) + 1)
                begins = func.substr(column, 1, func.length(_OLD)) == _OLD
                renamed = update(column.table).where(begins).values({column: _NEW + tail})
                await connection.execute(renamed, {"old": f"{old}{os.sep}", "new": f"{new}{os.sep}"})
        return (await connection.execute(_UNDER_WAY, {"now": at})).rowcount


def _replace(file: Path, source: Path) -> None:
    for gone in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
        gone.unlink(missing_ok=True)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copyfile(source, file)


def _tables(connection: Connection) -> Sequence[str]:
    found = MetaData()
    found.reflect(connection)
    return list(found.tables)


def _drop_all(connection: Connection) -> None:
    """Empty a PostgreSQL: what a snapshot brings must not be there, its triggers' functions included."""
    found = MetaData()
    found.reflect(connection)
    found.drop_all(connection)
    for name in connection.execute(_FUNCTIONS).scalars().all():
        connection.execute(text(f"DROP FUNCTION {name}"))


def _sqlite_file(url: str) -> Path:
    return Path(make_url(url).database or "")


async def _vacuum(file: Path, target: Path) -> None:
    """VACUUM INTO reads in one transaction and blocks nobody; `.backup` begins again at each commit."""
    with closing(_opened(file)) as database:
        reading = asyncio.create_task(asyncio.to_thread(database.execute, "VACUUM INTO ?", (str(target),)))
        try:
            await asyncio.shield(reading)
        except asyncio.CancelledError:
            database.interrupt()
            await asyncio.wait([reading])
            raise
        except sqlite3.Error as error:
            raise SnapshotFailed(f"The database could not be written to {target}: {error}.") from error


def _opened(file: Path) -> sqlite3.Connection:
    try:
        return sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True, check_same_thread=False)
    except sqlite3.Error as error:
        raise SnapshotFailed(f"There is no database {file}: run `hotline migrate`.") from error


def _fault(file: Path) -> str:
    with closing(_opened(file)) as database:
        (said,) = database.execute("PRAGMA integrity_check(1)").fetchone()
        return str(said)


async def _run(program: str, url: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; the password goes by the environment, which nobody else can list."""
    environ = {**os.environ, **_connection_variables(url)} if url else dict(os.environ)
    database = ["--dbname", environ["PGDATABASE"]] if program == "pg_restore" and url else []
    try:
        process = await asyncio.create_subprocess_exec(
            program,
            *database,
            *arguments,
            env=environ,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
    except FileNotFoundError as error:
        raise SnapshotFailed(f"{program} is missing: apt-get install postgresql-client.") from error
    try:
        _, said = await process.communicate()
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
    if process.returncode:
        raise SnapshotFailed(f"{program} failed: {said.decode(errors='replace').strip()}")


def _connection_variables(url: str) -> dict[str, str]:
    where = make_url(url)
    hosts, ports = zip(*servers(where), strict=True)
    known = {
        "PGHOST": ",".join(hosts),
        "PGPORT": ",".join(ports) if any(ports) else "",
        "PGUSER": where.username or "",
        "PGPASSWORD": str(where.password or ""),
        "PGDATABASE": where.database or "",
        "PGTARGETSESSIONATTRS": "read-write" if len(hosts) > 1 else "",
    }
    return {name: value for name, value in known.items() if value}
