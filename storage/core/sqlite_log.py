"""Works off SQLite's log (its WAL) in a thread of its own, so that nobody else's write waits for a disk.

A commit goes into the log and waits for nothing (`synchronous=NORMAL`). Two things do wait until the disk has
confirmed them: copying the log into the file, and the first write into a log that begins anew. SQLite leaves
both to the next writer: that could be the event loop, and every call would stand with the disk. So
nobody copies by the way (`wal_autocheckpoint=0`), and the log begins anew nowhere but here: as long as
anybody reads by it SQLite writes behind what is there, and once something stands there that was not copied,
nobody can begin it anew (https://sqlite.org/wal.html, "Checkpointing").

Another program that copies the log whole (SQLite's own shell does) leaves its beginning to the next writer.
"""

import asyncio
import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Thread
from time import monotonic

ENOUGH_BYTES = 4_000_000
"""The length from which on the log is worked off: SQLite's own thousand pages."""
MOST_BYTES = 16 * ENOUGH_BYTES
"""The length from which on the log begins anew even where the disk is slow."""
GROWN_BYTES = 2 * MOST_BYTES
"""A length that it has where it cannot be worked off: somebody reads by it for long, or the disk is full."""
QUICK_SECONDS = 1.0
"""A disk that took longer to confirm the copy is not asked for a new beginning: all writers wait for that."""
TIMES = 3
"""How often the log is copied in a row: a second copy has only what was written during the first."""
BUSY_SECONDS = 1.0
CLOSING_SECONDS = 3.0
_BEGIN = "BEGIN IMMEDIATE"

logger = logging.getLogger(__name__)


class SqliteLog:
    """The log of one database file. Each commit looks at it, which costs microseconds."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._log = _log_of(file)
        self._enough = ENOUGH_BYTES
        self._working: Thread | None = None

    def look(self) -> None:
        """Have a thread work it off when it is long. The commit goes on where none can begin."""
        if _size(self._log) <= self._enough or (self._working is not None and self._working.is_alive()):
            return
        working = Thread(target=self._work, name="sqlite-log", daemon=True)
        try:
            working.start()
        except RuntimeError as error:  # the process ends, or has too many threads
            logger.warning("the database's log is not worked off now reason=%s", error)
        else:
            self._working = working

    def grown(self) -> int:
        """Give its bytes where it is not worked off in time; else 0."""
        size = _size(self._log)
        return size if size > GROWN_BYTES else 0

    def _work(self) -> None:
        try:
            work_off(self._file)
        except sqlite3.Error as error:  # full, locked for long: it goes on growing, and is tried again
            logger.warning("the database's log was not worked off reason=%s", error)
        finally:
            self._enough = _size(self._log) + ENOUGH_BYTES

    async def close(self) -> None:
        """Wait for it, but not for a disk that stands still: what is in the log stays there."""
        if self._working is not None:
            await asyncio.to_thread(self._working.join, CLOSING_SECONDS)


def work_off(file: str) -> None:
    """Copy the log into the file and begin it anew, unless somebody reads by it or the disk is slow."""
    log = _log_of(file)
    with closing(_connected(file)) as held, closing(_connected(file)) as working:
        for _ in range(TIMES):
            held.execute("BEGIN")
            held.execute("PRAGMA schema_version").fetchone()  # from here on nobody begins it anew
            began = monotonic()
            working.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            quick = monotonic() - began < QUICK_SECONDS
            working.execute(_BEGIN)  # nobody else writes until the end of this
            if quick or _size(log) > MOST_BYTES:
                held.execute("ROLLBACK")
            _write_anything(working)
            if held.in_transaction:
                held.execute("ROLLBACK")
            if _size(log) < ENOUGH_BYTES:
                return


def _connected(file: str) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None, timeout=BUSY_SECONDS)
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA wal_autocheckpoint=0")
    connection.execute("PRAGMA journal_size_limit=0")  # a log that begins anew is cut, so that its size tells
    return connection


def _write_anything(connection: sqlite3.Connection) -> None:
    """Write a page as it is: into a new log where nobody reads by the present one, else behind it."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    connection.execute(f"PRAGMA user_version={version}")
    connection.execute("COMMIT")


def _log_of(file: str) -> Path:
    return Path(f"{file}-wal")


def _size(log: Path) -> int:
    try:
        return log.stat().st_size
    except OSError:
        return 0
