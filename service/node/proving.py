"""Proves that the last backup can be brought back: into a scratch place, by this program, and compared.

The hotline goes on meanwhile; of its own state nothing is touched.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy import exists, func, select, text, true
from sqlalchemy.exc import SQLAlchemyError

from hotline.clock import Clock
from hotline.errors import AnotherService, HotlineError
from service.folders import Folders
from service.node.backup import BackupRefused, last_backup, last_backup_folder, note_restored
from service.node.restore import read_manifest, require_whole
from service.settings.settings import Settings
from storage.core import snapshot
from storage.core.database import Database, open_database
from storage.core.locked_file import held
from storage.core.scratch import end_left, scratch_database
from storage.migrations import migrate
from storage.tables import appeal_history, appeals, audit

PLACE = "proving-"
NEVER: Final = float("inf")
TIMES_ITS_SIZE = 4
"""Room that a backup's database takes when it is brought back, with its indexes."""
TIMES_PRESENT = 2
"""The same by PostgreSQL's present size, with its log: how far a dump was compressed nobody knows."""
ON_DISK = Path("/var/tmp")  # noqa: S108 - /tmp may be memory
_ROOM_LEFT = 500_000_000
_UNDER_WAY = timedelta(minutes=1)
"""What was written in the moment of the backup may be in it or not."""
_IMPORTED = exists().where(
    appeal_history.c.number == appeals.c.number, appeal_history.c.facts["source"].as_string() == "import"
)
"""Brought from a file, with the moment that the file names."""
_GROWING = ((appeals.c.registered_at, ~_IMPORTED), (audit.c.at, true()))
"""Written once, at that very moment: nothing of a time before a backup comes later."""
_SIZE = text("SELECT pg_database_size(current_database())")
_OF_ROWS = ("DETAIL:", "CONTEXT:")
"""Begins what PostgreSQL tells of a row."""
_REFERENCES = text("PRAGMA foreign_key_check")


class Proof(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The outcome of the last trial. Without a `fault` the backup was whole."""

    at: datetime
    backup: str
    made_at: datetime | None = None
    seconds: float = 0.0
    rows: int = 0
    """Appeals and acts that were found in it again."""
    fault: str = ""
    whole_at: datetime | None = None
    """When the last trial without a fault was, if there was any."""


def last_proof(folders: Folders) -> Proof | None:
    """Tell the last; None while there was none."""
    try:
        return msgspec.json.decode(folders.last_proof.read_bytes(), type=Proof)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def unproven_seconds(folders: Folders, now: datetime) -> float | None:
    """Tell for how long no backup was brought back without a fault; None where there is none."""
    if last_backup(folders) is None:
        return None
    proof = last_proof(folders)
    return NEVER if proof is None or proof.whole_at is None else (now - proof.whole_at).total_seconds()


async def prove(settings: Settings, backup: Path | None, clock: Clock) -> Proof:
    """Try the backup, the last one unless another is named, and note the outcome; raises BackupRefused.

    What is stopped in the middle notes nothing and leaves nothing behind.
    """
    folders = settings.folders
    folder = backup or last_backup_folder(folders)
    if folder is None:
        raise BackupRefused("No backup was made by this hotline yet: `hotline backup`.")
    async with alone(folders.proving_lock):
        now = clock.now()
        await clear(*_place(settings))
        try:
            made_at, rows = await _tried(settings, folder)
            proof = Proof(at=now, backup=str(folder), made_at=made_at, rows=rows, whole_at=now)
        except (HotlineError, OSError, SQLAlchemyError) as error:
            proof = _failed(folders, now, folder, _told(error))
        proof = msgspec.structs.replace(proof, seconds=round((clock.now() - now).total_seconds(), 1))
        _note(folders, proof)
        if not proof.fault:
            note_restored(folder, now)
        return proof


def note_fault(folders: Folders, now: datetime, fault: str) -> None:
    """Note that a trial of the last backup has failed which could not note it itself."""
    _note(folders, _failed(folders, now, last_backup_folder(folders), fault))


def _failed(folders: Folders, now: datetime, backup: Path | None, fault: str) -> Proof:
    before = last_proof(folders)
    whole_at = None if before is None else before.whole_at
    return Proof(at=now, backup=str(backup or ""), fault=fault, whole_at=whole_at)


def _told(error: Exception) -> str:
    """Give its words, which go to the log, without those that tell of citizens."""
    return "\n".join(line for line in str(error).splitlines() if not line.startswith(_OF_ROWS))


async def clear_left(settings: Settings) -> None:
    """Take away what a trial has left that was killed, unless one is under way."""
    with suppress(BackupRefused):
        async with alone(settings.folders.proving_lock):
            await clear(*_place(settings))


@asynccontextmanager
async def alone(lock: Path) -> AsyncIterator[None]:
    """Be the one trial of this place; raises BackupRefused."""
    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(held(lock))
        except AnotherService as error:
            raise BackupRefused(
                f"Another trial of a backup is under way ({lock}): wait for its end."
            ) from error
        yield


async def _tried(settings: Settings, backup: Path) -> tuple[datetime, int]:
    """Bring it back and look; gives its moment, and how much of what is known was found in it."""
    url = settings.database_url
    told = read_manifest(backup)
    await require_whole(url, backup, told)
    where, prefix = _place(settings)
    async with open_database(url) as present:
        await require_room(where, present, (backup / told.database).stat().st_size)
        with tempfile.TemporaryDirectory(prefix=prefix, dir=where) as place:
            async with scratch_database(url, Path(place)) as scratch:
                await snapshot.restore(scratch, backup / told.database)
                await migrate(scratch)
                async with open_database(scratch) as restored:
                    await _require_references(restored)
                    return told.made_at, await require_all(restored, present, told.made_at - _UNDER_WAY)


async def clear(where: Path, prefix: str) -> None:
    """Take away what a trial has left that was killed. There must be none under way."""
    for left in await asyncio.to_thread(lambda: list(where.glob(f"{prefix}*"))):
        await end_left(left)
        shutil.rmtree(left, ignore_errors=True)


def _place(settings: Settings) -> tuple[Path, str]:
    """Give the folder of trials, and how they are named: beside the state, so that its disk is the one used.

    A PostgreSQL that root has begun belongs to another user, who may not come there.
    """
    var = settings.folders.var
    if snapshot.is_sqlite(settings.database_url) or os.geteuid() != 0:
        return var, PLACE
    return ON_DISK, f"{PLACE}{sha256(str(var).encode()).hexdigest()[:8]}-"


async def require_room(where: Path, present: Database, snapshot_bytes: int = 0) -> None:
    """Raise BackupRefused where a trial would fill the disk."""
    size = 0
    if present.shared:
        async with present.reading() as connection:
            size = (await connection.execute(_SIZE)).scalar_one()
    wanted = max(TIMES_ITS_SIZE * snapshot_bytes, TIMES_PRESENT * size) + _ROOM_LEFT
    if shutil.disk_usage(where).free < wanted:
        raise BackupRefused(f"No room to try a backup below {where}: {wanted // 1_000_000} MB are needed.")


async def _require_references(restored: Database) -> None:
    """Ask SQLite, which takes a file as it is; PostgreSQL has looked while it read."""
    if restored.shared:
        return
    async with restored.reading() as connection:
        if broken := (await connection.execute(_REFERENCES)).first():
            raise BackupRefused(f"A row of {broken[0]} names one of {broken[2]} that is not in the backup.")


async def require_all(restored: Database, present: Database, until: datetime) -> int:
    """Compare it with the present state: what that has of the time before has to be in the backup."""
    found = 0
    for written, here_at_once in _GROWING:
        question = select(func.count()).select_from(written.table).where(written <= until, here_at_once)
        async with restored.reading() as there, present.reading() as here:
            in_backup = (await there.execute(question)).scalar_one()
            known = (await here.execute(question)).scalar_one()
        if in_backup < known:
            raise BackupRefused(
                f"{written.table.name}: {in_backup} of {known} from before the backup are in it."
            )
        found += in_backup
    return found


def _note(folders: Folders, proof: Proof) -> None:
    beside = folders.last_proof.with_suffix(".new")
    beside.write_bytes(msgspec.json.encode(proof))
    beside.replace(folders.last_proof)
