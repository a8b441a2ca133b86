"""The free disk, watched: an alarm below the thresholds, and room made of what can be made anew."""

import asyncio
import logging
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from attrs import define, field

from hotline.isolation import repeat
from hotline.retention.room import DiskThresholds, Room

log = logging.getLogger(__name__)

EVERY_SECONDS = 20.0
_SIDES = (("-caller", "-dispatcher"), ("-rx", "-tx"))


@define(eq=False, repr=False)
class Disk:
    """The disk on which the state lies, asked anew each time."""

    _folder: Path
    _thresholds: DiskThresholds

    def free(self) -> int:
        """Give the bytes that are free for us."""
        return shutil.disk_usage(self._folder).free

    def room(self) -> Room:
        return self._thresholds.room(self.free())


@define(eq=False, repr=False)
class DiskWatch:
    """Looks at the room there is; below the threshold it deletes derived files until it is above."""

    _disk: Disk
    _forget_speech: Callable[[], int]
    """Deletes what was synthesised for somebody once, and returns how much."""
    _recordings: Path
    _last: Room = field(init=False, default=Room.AMPLE)

    async def keep(self) -> None:
        """Look now and then, for ever."""
        await repeat(self.look, every=EVERY_SECONDS, failure="free disk not watched")

    async def look(self) -> None:
        """Make room where it is low; say so when how much there is has changed."""
        if self._disk.room() is not Room.AMPLE and (deleted := await asyncio.to_thread(self._make_room)):
            log.warning("derived files deleted for lack of room files=%d", deleted)
        room = self._disk.room()
        if room is not self._last:
            tell = {Room.AMPLE: log.info, Room.LOW: log.warning, Room.SPENT: log.error}[room]
            tell("room on the disk is %s free_bytes=%d", room, self._disk.free())
        self._last = room

    def _make_room(self) -> int:
        deleted = self._forget_speech()
        for path in listening_copies(self._recordings):
            if self._disk.room() is Room.AMPLE:
                break
            path.unlink(missing_ok=True)
            deleted += 1
        return deleted


def listening_copies(recordings: Path) -> Sequence[Path]:
    """List the copies of talks whose master lies beside them, the oldest first: they can be made anew.

    Those of talks from before there were masters are made of the two sides.
    """
    lying = {path.name for path in recordings.iterdir()} if recordings.is_dir() else set()
    copies = [recordings / name for name in lying if _is_copy(Path(name), lying)]
    return sorted(copies, key=lambda one: one.stat().st_mtime)


def _is_copy(file: Path, lying: set[str]) -> bool:
    match file.suffix:
        case ".ogg":
            return f"{file.stem}.flac" in lying
        case ".wav":
            return any({f"{file.stem}{side}.wav" for side in sides} <= lying for sides in _SIDES)
        case _:
            return False
