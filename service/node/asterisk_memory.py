"""Asterisk's own database in memory, with a copy on the disk: a disk that stands still stops no call.

Asterisk writes the contacts of telephones and the members of its own queue to an SQLite file, and has all who
read it wait until the disk has confirmed the write: each ring of a desk, and with it all that we ask
(docs/decisions/0056).
"""

import logging
import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from hotline.errors import SettingsError
from service.folders import Folders

DATABASE = "astdb.sqlite3"
LOOK_SECONDS = 2
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
    if used.exists() or not copy.exists():
        return
    if _sound(copy):
        _copied(copy, used.with_suffix(".new")).replace(used)
    else:
        log.warning("the copy of Asterisk's database is broken; telephones register anew path=%s", copy)


def put_aside(folders: Folders) -> bool:
    """Copy the database to the disk where it has changed; whether that was done.

    Read without a lock: while somebody holds one, Asterisk gives up what it was to write. What is being
    written in this moment is left to the next look.
    """
    copy, used = folders.asterisk / "lib" / DATABASE, folders.asterisk_memory / DATABASE
    if copy == used or not used.exists():
        return False
    changed = _changed(used)
    if changed == _changed(copy) or time.time_ns() < changed + A_WRITE:
        return False
    fresh = _copied(used, copy.with_suffix(".new"))
    whole = _changed(used) == changed and _sound(fresh)
    if whole:
        fresh.replace(copy)
    else:
        fresh.unlink()
    return whole


def keep(folders: Folders, asterisk: int) -> None:
    """Put aside what changes for as long as Asterisk, which is our parent, lives."""
    while os.getppid() == asterisk:
        try:
            put_aside(folders)
        except OSError as error:  # a full disk: it may have room at the next look
            log.warning("Asterisk's database not put aside reason=%s", error)
        time.sleep(LOOK_SECONDS)


def _copied(source: Path, target: Path) -> Path:
    """Copy the bytes, and with them the moment by which a change is noticed."""
    changed = _changed(source)
    target.touch(mode=0o600)
    target.write_bytes(source.read_bytes())
    os.utime(target, ns=(changed, changed))
    return target


def _changed(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0


def _sound(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(path)) as database:
            return bool(database.execute("pragma quick_check").fetchall() == [("ok",)])
    except sqlite3.DatabaseError:
        return False
