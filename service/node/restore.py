"""Restores a backup: checks it before touching anything, and sets the present state aside."""

import asyncio
import shutil
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from service.node.backup import MANIFEST, BackupRefused, Manifest, Progress, kept_folders, note_restored
from service.settings.settings import Settings
from storage.core import snapshot
from storage.core.database import open_database
from storage.core.locked_file import held
from storage.core.schema import newest, oldest
from storage.core.service_lock import only_service
from storage.migrations import migrate

SET_ASIDE = "before-restore-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """The result: the moment of the backup, its number of files, the notices that wait for a decision."""

    made_at: datetime
    files: int
    unsure: int
    set_aside: Path | None


async def restore(
    settings: Settings, backup: Path, *, now: datetime, over: bool, progress: Progress
) -> Restored:
    """Restore the backup; raises BackupRefused, or AnotherService while a hotline runs on this state.

    `over`: though there is a state already. Its files and SQLite's database are set aside, not deleted; the
    tables of a PostgreSQL are dropped.
    """
    told = read_manifest(backup)
    url, folders = settings.database_url, settings.folders
    async with AsyncExitStack() as alone:
        await alone.enter_async_context(held(folders.supervisor_lock))
        await alone.enter_async_context(held(folders.service_lock))
        if not snapshot.is_sqlite(url):
            database = await alone.enter_async_context(open_database(url))
            await alone.enter_async_context(only_service(database))
        await require_whole(url, backup, told)
        aside = await _set_aside(settings, now, over=over)
        await snapshot.restore(url, backup / told.database)
        await asyncio.to_thread(_put_back, backup, told, kept_folders(folders), progress)
        await migrate(url)
        moved = {
            name: (Path(told.folders[name]), folder)
            for name, folder in kept_folders(folders).items()
            if name in {"recordings", "messages"}
        }
        unsure = await snapshot.settle(url, moved, now)
    note_restored(backup, now)
    return Restored(made_at=told.made_at, files=len(told.files), unsure=unsure, set_aside=aside)


def read_manifest(backup: Path) -> Manifest:
    """Read what a backup says of itself; raises BackupRefused for one that this program cannot take."""
    try:
        told = msgspec.json.decode((backup / MANIFEST).read_bytes(), type=Manifest)
    except FileNotFoundError as error:
        raise BackupRefused(f"{backup} is no backup: it has no {MANIFEST}.") from error
    except msgspec.DecodeError as error:
        raise BackupRefused(f"{backup / MANIFEST} cannot be read: {error}.") from error
    if told.schema > newest():
        raise BackupRefused(
            f"{backup} was made by a newer hotline ({told.schema}, here {newest()}): update the program."
        )
    if told.schema < oldest():
        raise BackupRefused(
            f"{backup} is from before the first release ({told.schema}, which begins at {oldest()}):"
            " only the hotline that made it can restore it."
        )
    return told


async def require_whole(url: str, backup: Path, told: Manifest) -> None:
    """Raise BackupRefused, or SnapshotFailed, when it is not all there."""
    if told.database.endswith(".sqlite") != snapshot.is_sqlite(url):
        kind = "SQLite" if told.database.endswith(".sqlite") else "PostgreSQL"
        raise BackupRefused(f"{backup} is of a {kind}: let HOTLINE_DATABASE_URL name one.")
    for name, size in told.files.items():
        there = backup / name
        if not there.is_file() or there.stat().st_size != size:
            raise BackupRefused(f"{there} is missing, or not as large as it was: take another backup.")
    await snapshot.check(url, backup / told.database)


async def _set_aside(settings: Settings, now: datetime, *, over: bool) -> Path | None:
    """Move the present state out of the way; returns its new place."""
    folders, url = settings.folders, settings.database_url
    filled = [(name, folder) for name, folder in kept_folders(folders).items() if _holds_files(folder)]
    new = await snapshot.empty(url)
    if new and not filled:
        return None
    if not over:
        raise BackupRefused(
            f"There is a state already ({'files' if new else 'a database'} of {folders.var}):"
            " restore into an empty one (HOTLINE_VAR), or over this one with --over."
        )
    aside = folders.var / f"{SET_ASIDE}{now:%Y%m%d-%H%M%S}"
    aside.mkdir(mode=0o700)
    for name, folder in filled:
        folder.rename(aside / name)
    if snapshot.is_sqlite(url) and not new:
        await snapshot.take(url, aside / "database.sqlite")
    return aside


def _holds_files(folder: Path) -> bool:
    return any(path.is_file() for path in folder.rglob("*"))


def _put_back(backup: Path, told: Manifest, folders: Mapping[str, Path], progress: Progress) -> None:
    for folder in folders.values():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for done, name in enumerate(told.files, 1):
        which, _, rest = name.partition("/")
        target = folders[which] / rest
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copy2(backup / name, target)
        progress(done, len(told.files))
