"""Asterisk's own database in memory, with a copy on the disk: a disk that stands still stops no call.

Asterisk writes the contacts of telephones and the members of its own queue to an SQLite file, and has all who
read it wait until the disk has confirmed the write: each ring of a desk, and with it all that we ask
(docs/decisions/0056).
"""

import logging
import os
import signal
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from hotline.errors import SettingsError
from service.folders import Folders

DATABASE = "astdb.sqlite3"
NEW = ".new"
LOOK_SECONDS = 2
LAST_LOOKS_SECONDS = 0.1
A_WRITE = 20_000_000
"""In nanoseconds: longer than memory takes for a write, and than the grain of a file's time."""
LEFT_SECONDS = 60.0
"""By then a copy is whole and has its name, or who made it was killed over it."""

log = logging.getLogger(__name__)


def ready(folders: Folders) -> None:
    """Make the folder for the next Asterisk; what the memory has lost, it has back from the copy.

    Raises SettingsError for a folder that is not ours alone.
    """
    place = folders.asterisk_memory
    copy, used = folders.asterisk / "lib" / DATABASE, place / DATABASE
    _tidy(copy.parent)
    if copy == used:  # on the disk, where it is no folder that others could have made before us
        return
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    seen = place.lstat()
    if place.is_symlink() or seen.st_uid != os.geteuid() or seen.st_mode & 0o077:
        raise SettingsError(
            f"HOTLINE_MEMORY_FOLDER is {str(place)!r}, which is a link or open to others: name a folder of"
            f" Asterisk's user alone (mode 0700)."
        )
    if _changed(copy) <= _changed(used):  # newer is what an Asterisk wrote that was begun without this folder
        return
    if _sound(copy):
        fresh = _copied(copy, place)
        used.with_name(f"{used.name}-journal").unlink(
            missing_ok=True
        )  # SQLite would write it into what is new
        fresh.replace(used)
    else:
        log.warning("the copy of Asterisk's database is broken; telephones register anew path=%s", copy)


def put_aside(folders: Folders, *, at_rest: bool = False) -> bool:
    """Copy the database to the disk where it has changed; whether that was done.

    Read without a lock: while somebody holds one, Asterisk gives up what it was to write. What is being
    written in this moment is left to the next look. `at_rest`: nobody writes any more; what an Asterisk that
    died had half written is undone first.
    """
    copy, used = folders.asterisk / "lib" / DATABASE, folders.asterisk_memory / DATABASE
    if copy == used or not used.exists():
        return False
    if at_rest and not _sound(used):
        return False
    changed = _changed(used)
    if changed == _changed(copy) or (not at_rest and time.time_ns() < changed + A_WRITE):
        return False
    fresh = _copied(used, copy.parent)
    whole = _changed(used) == changed and _sound(fresh)
    if whole:
        _send_off(fresh)
        fresh.replace(copy)
    else:
        fresh.unlink()
    return whole


def keep(folders: Folders, asterisk: int) -> None:
    """Have a process put aside what changes while Asterisk, our parent, lives; then what it wrote last.

    The process is begun again when it dies alone: Asterisk would go on for months, and its copy grow old.
    systemd tells all processes of a unit to end at the same time: we do so after Asterisk.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    pause, copying = float(LOOK_SECONDS), 0
    while os.getppid() == asterisk:
        if copying and os.waitpid(copying, os.WNOHANG)[0]:
            log.warning("what puts Asterisk's database aside died, and is begun again pid=%d", copying)
            copying = 0
        copying = copying or _begun(folders, asterisk)
        if signal.sigtimedwait({signal.SIGTERM}, pause):
            pause = LAST_LOOKS_SECONDS
    if copying:
        os.kill(copying, signal.SIGKILL)
        os.waitpid(copying, 0)
    _tried(folders, "", at_rest=True)


def _begun(folders: Folders, asterisk: int) -> int:
    """Begin the process that puts aside what changes; its id. Alone it goes on as long as Asterisk lives."""
    watcher = os.getpid()
    if copying := os.fork():
        return copying
    pause, fault = float(LOOK_SECONDS), ""
    while os.getppid() == watcher or _runs(asterisk):
        fault = _tried(folders, fault)
        if signal.sigtimedwait({signal.SIGTERM}, pause):
            pause = LAST_LOOKS_SECONDS
    _tried(folders, fault, at_rest=True)
    sys.exit()


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _tried(folders: Folders, known: str, *, at_rest: bool = False) -> str:
    """Put aside what has changed; the fault that stood in the way, which the log hears of once."""
    try:
        put_aside(folders, at_rest=at_rest)
    except OSError as error:  # a full disk: it may have room at the next look
        if str(error) != known:
            log.warning("Asterisk's database not put aside reason=%s", error)
        return str(error)
    return ""


def _copied(source: Path, folder: Path) -> Path:
    """Copy the bytes, and with them the moment by which a change is noticed.

    Under a name that nobody else writes: what an Asterisk before this one had beside it may still be at it.
    """
    changed = _changed(source)
    file, name = tempfile.mkstemp(prefix=f"{DATABASE}-", suffix=NEW, dir=folder)
    os.close(file)
    target = Path(name)
    target.write_bytes(source.read_bytes())
    os.utime(target, ns=(changed, changed))
    return target


def _tidy(folder: Path) -> None:
    """Delete copies over which those who made them were killed."""
    for left in folder.glob(f"{DATABASE}-*{NEW}"):
        if time.time() - left.stat().st_ctime > LEFT_SECONDS:
            left.unlink()


def _send_off(path: Path) -> None:
    """Have the file system begin to write it, and do not wait.

    XFS would else have its name on the disk half a minute before its bytes: after a power cut it is empty.
    """
    file = os.open(path, os.O_RDONLY)
    try:
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(file)


def _changed(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0


def _sound(path: Path) -> bool:
    """Tell whether it is Asterisk's database, and whole; of an empty file SQLite says that it is well."""
    try:
        with closing(sqlite3.connect(path)) as database:
            database.execute("select key, value from astdb limit 1")
            return bool(database.execute("pragma quick_check").fetchall() == [("ok",)])
    except sqlite3.DatabaseError:
        return False
