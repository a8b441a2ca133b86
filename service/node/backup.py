"""A backup: the database of one moment and every file that it names, in a folder of its own.

The database is written first, then the files: files are added and hardly ever removed, so that the copy holds
all files of that moment's rows. In the reverse order files of the meantime would be missing. Secrets are not
in it: they belong to the machine, and missing ones are made anew.
"""

import asyncio
import contextlib
import errno
import os
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar

import msgspec

from hotline.errors import HotlineError
from service.folders import Folders
from storage.core import snapshot
from storage.core.schema import newest

MANIFEST = "manifest.json"
BEGUN = ".unfinished-"
NAMED = "hotline-"
RESTORED = "restored-at"
_ROOM_LEFT = 200_000_000
"""Bytes that a backup leaves free: calls go on being recorded while it runs."""
_PIECE = 1 << 20

Progress = Callable[[int, int], None]


class BackupRefused(HotlineError):  # noqa: N818 - reads as what happened
    """No backup was made, or none can be restored; the message says why and what to do."""

    code: ClassVar[str] = "backup-refused"


def kept_folders(folders: Folders) -> Mapping[str, Path]:
    """Return the folders whose files cannot be made anew, by their names in a backup."""
    return {
        "recordings": folders.recordings,
        "messages": folders.messages,
        "voices": folders.voices,
        "evidence": folders.evidence,
        "outbox": folders.var / "outbox",
    }


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The description in a backup. `folders` are the original places of its files, `files` their sizes."""

    made_at: datetime
    schema: str
    database: str
    folders: dict[str, str]
    files: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """One file of the state: its name in the backup, and its size."""

    name: str
    path: Path
    bytes: int
    changed: int
    """When, in nanoseconds."""


async def back_up(
    folders: Folders, url: str, into: Path, *, now: datetime, keep: int, progress: Progress
) -> Path:
    """Make a backup below `into` and delete the oldest beyond `keep` (0: none); returns its folder.

    Raises BackupRefused. A backup that is stopped or fails leaves nothing behind.
    """
    begun, made, before = _begin(into, f"{NAMED}{now:%Y%m%d-%H%M%S}")
    try:
        await _fill(begun, folders, url, now=now, like=before[-1] if before else None, progress=progress)
        begun.rename(made)
        _note(folders, now, made)
    except OSError as error:
        raise BackupRefused(f"The backup in {into} failed: {_why(error)}") from error
    finally:
        shutil.rmtree(begun, ignore_errors=True)
    for old in before[: max(0, len(before) + 1 - keep)] if keep else ():
        shutil.rmtree(old)
    return made


def _note(folders: Folders, now: datetime, made: Path) -> None:
    """Note when the last was made, and in which folder: the board of equipment tells its age."""
    beside = folders.last_backup.with_suffix(".new")
    beside.write_text(f"{now.isoformat()}\n{made.absolute()}\n")
    beside.replace(folders.last_backup)


def last_backup(folders: Folders) -> datetime | None:
    """Tell when the last was made; None where that is not known."""
    return _moment(_noted(folders)[:1])


def last_backup_folder(folders: Folders) -> Path | None:
    """Tell where the last is, or was."""
    noted = _noted(folders)
    return Path(noted[1]) if len(noted) > 1 else None


def restored_at(folders: Folders) -> datetime | None:
    """Tell when the last backup was brought back, in whichever state; None while it never was, or is away."""
    try:
        return _moment([(Path(_noted(folders)[1]) / RESTORED).read_text()])
    except (IndexError, OSError):
        return None


def note_restored(backup: Path, now: datetime) -> None:
    """Note in a backup that a state was restored from it: its own hotline tells so."""
    with contextlib.suppress(OSError):  # kept where nothing is written any more
        (backup / RESTORED).write_text(now.isoformat())


def _noted(folders: Folders) -> Sequence[str]:
    try:
        return folders.last_backup.read_text().splitlines()
    except FileNotFoundError:
        return ()


def _moment(lines: Sequence[str]) -> datetime | None:
    try:
        return datetime.fromisoformat(lines[0].strip()) if lines else None
    except ValueError:
        return None


def _begin(into: Path, name: str) -> tuple[Path, Path, Sequence[Path]]:
    """Make the folder to be filled; where it goes when whole, and the backups of before, oldest first."""
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in into.glob(f"{BEGUN}*"):  # by one that was killed
        shutil.rmtree(left)
    begun, made = into / f"{BEGUN}{name}", into / name
    if made.exists():
        raise BackupRefused(f"{made} is there already: wait a second.")
    begun.mkdir(mode=0o700)
    return begun, made, sorted(into.glob(f"{NAMED}*"))


async def _fill(
    begun: Path, folders: Folders, url: str, *, now: datetime, like: Path | None, progress: Progress
) -> None:
    _require_room(begun, snapshot.size(url), "the database")
    database = begun / ("database.sqlite" if snapshot.is_sqlite(url) else "database.dump")
    await snapshot.take(url, database)
    files = list(_files(folders))
    new = [one for one in files if not _linked(one, begun, like)]
    _require_room(begun, sum(one.bytes for one in new), "the files")
    stop = threading.Event()
    copying = asyncio.create_task(asyncio.to_thread(_copy, new, begun, stop, progress))
    try:
        await asyncio.shield(copying)
    except asyncio.CancelledError:
        stop.set()
        await asyncio.wait([copying])
        raise
    (begun / MANIFEST).write_bytes(msgspec.json.encode(_told(begun, files, database, folders, now)))


def _told(begun: Path, files: Sequence[_File], database: Path, folders: Folders, now: datetime) -> Manifest:
    return Manifest(
        made_at=now,
        schema=newest(),
        database=database.name,
        folders={name: str(folder) for name, folder in kept_folders(folders).items()},
        files={one.name: (begun / one.name).stat().st_size for one in files if (begun / one.name).exists()},
    )


def _files(folders: Folders) -> Iterator[_File]:
    for name, folder in kept_folders(folders).items():
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts):
                known = path.stat()
                where = f"{name}/{path.relative_to(folder)}"
                yield _File(name=where, path=path, bytes=known.st_size, changed=known.st_mtime_ns)


def _linked(one: _File, begun: Path, like: Path | None) -> bool:
    """Whether the last backup holds this very file: then both backups share it, and it takes no room."""
    if like is None:
        return False
    held = like / one.name
    try:
        known = held.stat()
        if (known.st_size, known.st_mtime_ns) != (one.bytes, one.changed):
            return False
        (begun / one.name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.link(held, begun / one.name)
    except OSError:  # not there, or a disk that knows no links
        return False
    return True


def _copy(files: Sequence[_File], begun: Path, stop: threading.Event, progress: Progress) -> None:
    for done, one in enumerate(files, 1):
        if stop.is_set():
            return
        target = begun / one.name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with one.path.open("rb") as source, target.open("xb") as kept:
                while (piece := source.read(_PIECE)) and not stop.is_set():
                    kept.write(piece)
        except FileNotFoundError:  # deleted since we looked: nothing names it any more
            continue
        os.utime(target, ns=(one.changed, one.changed))
        progress(done, len(files))


def _require_room(into: Path, wanted: int, what: str) -> None:
    free = shutil.disk_usage(into).free
    if free < wanted + _ROOM_LEFT:
        raise BackupRefused(
            f"No room for {what} below {into.parent}: {_megabytes(wanted + _ROOM_LEFT)} MB are needed,"
            f" {_megabytes(free)} MB are free. Make room, or name another disk: `hotline backup FOLDER`."
        )


def _megabytes(size: int) -> int:
    return -(-size // 1_000_000)


def _why(error: OSError) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "the disk is full. Make room, or name another disk: `hotline backup FOLDER`."
    return f"{error.strerror or error}."
