"""Backups of the database machines by pgBackRest, and their proof, with all that was written since."""

import asyncio
import os
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from sqlalchemy import text

from hotline.clock import Clock
from service.node.backup import BackupRefused
from service.node.database_machine import ARCHIVE_SECONDS, BACKUPS, PATRONI_PORT, STANZA
from service.node.proving import alone, clear, require_all, require_room
from service.settings.database import DatabaseMachineSettings
from storage.core.database import open_database
from storage.core.scratch import address, run, serving

PLACE = "hotline-proving-"
LOCK = "hotline-proving.lock"
ANSWER_SECONDS = 5.0
UNDER_WAY = timedelta(seconds=2 * ARCHIVE_SECONDS)
"""What was written since may not be in the archive yet."""
_RECOVERS = text("SELECT pg_is_in_recovery()")
_LOOK_SECONDS = 0.5
_PROGRAM = Path("/usr/bin/pgbackrest")


async def back_up(settings: DatabaseMachineSettings, etc: Path, *, full: bool) -> bool:
    """Back up this machine's database if it is the primary; whether it is. Raises SnapshotFailed."""
    if not await asyncio.to_thread(_is_primary, settings.databases.get(settings.machine, "")):
        return False
    await _pgbackrest(etc, "stanza-create")
    await _pgbackrest(etc, "backup", f"--type={'full' if full else 'diff'}")
    return True


async def prove(settings: DatabaseMachineSettings, etc: Path, url: str, clock: Clock) -> int:
    """Bring the newest backup back, with all that was archived since, and compare it with the present state.

    Gives how many appeals and acts were found in it. Raises BackupRefused or SnapshotFailed.
    """
    until, where = clock.now() - UNDER_WAY, settings.data.parent
    async with alone(where / LOCK), open_database(url) as present:
        await clear(where, PLACE)
        await require_room(where, present)
        with tempfile.TemporaryDirectory(prefix=PLACE, dir=where) as place:
            folder = Path(place)
            if os.geteuid() == 0:
                shutil.chown(folder, "postgres", "postgres")
            await _pgbackrest(etc, "restore", f"--pg1-path={folder / 'data'}", "--archive-mode=off")
            async with serving(folder), open_database(address(folder)) as restored:
                while True:
                    async with restored.reading() as connection:
                        if not (await connection.execute(_RECOVERS)).scalar_one():
                            break
                    await asyncio.sleep(_LOOK_SECONDS)
                return await require_all(restored, present, until)


def _is_primary(host: str) -> bool:
    try:
        with urlopen(f"http://{host}:{PATRONI_PORT}/primary", timeout=ANSWER_SECONDS):
            return True
    except (URLError, OSError):
        return False


def _are_there(*files: Path) -> bool:
    return all(one.exists() for one in files)


async def _pgbackrest(etc: Path, verb: str, *more: str) -> None:
    config = etc / BACKUPS
    if not await asyncio.to_thread(_are_there, _PROGRAM, config):
        raise BackupRefused(
            f"{_PROGRAM} or {config} is missing: apt-get install pgbackrest, set HOTLINE_DATABASE_BACKUPS and"
            " give `hotline database write`."
        )
    await run(_PROGRAM, f"--config={config}", f"--stanza={STANZA}", *more, verb)
