"""Asterisk's own database in memory, with a copy on the disk: a disk that stands still stops no call.

Asterisk writes the contacts of telephones and the members of its own queue to an SQLite file, and has all who
read it wait until the disk has confirmed the write: each ring of a desk, and with it all that we ask
(docs/decisions/0056).
"""

import logging
import os
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from hotline.errors import SettingsError
from service.folders import Folders

DATABASE = "astdb.sqlite3"
LOOK_SECONDS = 2
LAST_LOOKS_SECONDS = 0.1
A_WRITE = 20_000_000
"""In nanoseconds: longer than memory takes for a write, and than the grain of a file's time."""

log = logging.getLogger(__name__)


def ready(folders: Folders) -> None:
    """Make the folder for the next Asterisk; what the memory has lost, it has back from the copy.

    Raises SettingsError for a folder that is not ours alone.
    """
    place = folders.asterisk_memory
    copy, used = folders.asterisk / "lib" / DATABASE, place / DATABASE
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
        fresh = _copied(copy, used.with_suffix(".new"))
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
    fresh = _copied(used, copy.with_suffix(".new"))
    whole = _changed(used) == changed and _sound(fresh)
    if whole:
        _send_off(fresh)
        fresh.replace(copy)
    else:
        fresh.unlink()
    return whole


def keep(folders: Folders, asterisk: int) -> None:
    """Put aside what changes for as long as Asterisk, which is our parent, lives, and what it wrote last.

    systemd tells all processes of a unit to end at the same time: we do so after Asterisk.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    pause, fault = float(LOOK_SECONDS), ""
    while os.getppid() == asterisk:
        fault = _tried(folders, fault)
        if signal.sigtimedwait({signal.SIGTERM}, pause):
            pause = LAST_LOOKS_SECONDS
    _tried(folders, fault, at_rest=True)


def _tried(folders: Folders, known: str, *, at_rest: bool = False) -> str:
    """Put aside what has changed; the fault that stood in the way, which the log hears of once."""
    try:
        put_aside(folders, at_rest=at_rest)
    except OSError as error:  # a full disk: it may have room at the next look
        if str(error) != known:
            log.warning("Asterisk's database not put aside reason=%s", error)
        return str(error)
    return ""


def _copied(source: Path, target: Path) -> Path:
    """Copy the bytes, and with them the moment by which a change is noticed."""
    changed = _changed(source)
    target.touch(mode=0o600)
    target.write_bytes(source.read_bytes())
    os.utime(target, ns=(changed, changed))
    return target


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
