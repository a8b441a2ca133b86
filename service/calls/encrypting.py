"""Encrypts sounds that lie plain: messages once they are spoken, and all from before there was this key.

A file is replaced by its encrypted form in one step, once that was read back and holds the same sound. A
service that died goes on with the next file; what is encrypted already is seen by its head.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from attrs import define, field

from hotline.calls.call import Recording
from hotline.calls.sound_store import SoundLocked
from hotline.clock import Clock
from hotline.isolation import IsolatedItems, repeat
from service.calls.masters import MasterMaker
from storage.calls.recordings import StoredRecordings
from storage.sounds.store import KeptSounds
from telephony.voice.audio import NoSound

log = logging.getLogger(__name__)

EVERY_SECONDS = 5.0
STILL_COMING = timedelta(days=1)
"""No message that began earlier than this is finished now."""
AGAIN_AFTER = timedelta(hours=1)
_EVER = timedelta(days=36500)
Progress = Callable[[int, int], None]
"""Hears how many of how many are done."""


def _untold(_done: int, _of: int) -> None:
    pass


@define(kw_only=True)
class EncryptedFiles:
    """How many files were encrypted of those that were looked at, and how many could not be."""

    encrypted: int = 0
    failed: int = 0
    of: int = 0


@define(eq=False, repr=False, kw_only=True)
class Encrypting:
    """Encrypts files under the present key, for as long as there is one."""

    _sounds: KeptSounds
    _recordings: StoredRecordings
    _maker: MasterMaker
    _folder: Path
    """Where masters and copies lie."""
    _clock: Clock
    _isolated: IsolatedItems = field(factory=lambda: IsolatedItems("sound not encrypted"), init=False)
    _under: str | None = field(default=None, init=False)
    """The key under which everything lies that was there when it came."""
    _again: datetime | None = field(default=None, init=False)
    """When everything is looked through once more, because something could not be encrypted."""
    _told: SoundLocked | None = field(default=None, init=False)
    """Why nothing could be encrypted at the last look."""

    async def keep(self) -> None:
        """Encrypt what comes, for ever."""
        await repeat(self.once, every=EVERY_SECONDS, failure="sounds not encrypted")

    async def once(self) -> None:
        """Encrypt the newest messages; everything, when the key is another than before."""
        locked = self._sounds.locked()
        if str(locked) != str(self._told):
            if locked is None:
                log.info("recordings can be encrypted again")
            else:
                log.error("recordings wait for their key reason=%s", str(locked).splitlines()[-1])
            self._told = locked
        if locked or (key := self._sounds.key()) is None:
            return
        if key == self._under and (self._again is None or self._clock.now() < self._again):
            await self._each(await self._messages(STILL_COMING))
            return
        done = await self.everything()
        if done.encrypted:
            log.info("encrypted under key=%s files=%d failed=%d", key, done.encrypted, done.failed)
        self._under, self._again = key, self._clock.now() + AGAIN_AFTER if done.failed else None

    async def everything(self, progress: Progress = _untold) -> EncryptedFiles:
        """Encrypt all that is not encrypted under the present key; raises SoundLocked when there is none."""
        key = self._sounds.key()
        files = [*await asyncio.to_thread(_masters_and_copies, self._folder)]
        files += await self._sounds.elsewhere_under_other_keys(key or "")
        talks = await self._recordings.without_master()
        return await self._each([*await self._messages(_EVER), *files], talks, progress)

    async def _messages(self, ago: timedelta) -> Sequence[Path]:
        return [Path(one) for one in await self._recordings.message_files(self._clock.now() - ago)]

    async def _each(
        self, files: Sequence[Path], talks: Sequence[Recording] = (), progress: Progress = _untold
    ) -> EncryptedFiles:
        found = EncryptedFiles(of=len(files) + len(talks))
        jobs = [(one.name, partial(self._encrypt, one, found)) for one in files]
        jobs += [(one.id, partial(self._take_over, one, found)) for one in talks]
        for number, (name, job) in enumerate(jobs, 1):
            found.failed += not await self._isolated.do(name, job)
            progress(number, found.of)
        return found

    async def _encrypt(self, file: Path, found: EncryptedFiles) -> None:
        found.encrypted += await self._sounds.encrypt(file)

    async def _take_over(self, recording: Recording, found: EncryptedFiles) -> None:
        """Make a master of a talk from before there were masters, and delete what it replaces."""
        before = Path(recording.listening_file or "")
        try:
            made = await self._maker.finish(recording)
        except NoSound:  # there is nothing but the copy
            await self._encrypt(before, found)
            return
        await self._maker.delete_sides(made)
        if str(before) != made.listening_file:
            await self._sounds.delete(before)
        found.encrypted += 1


def _masters_and_copies(folder: Path) -> Sequence[Path]:
    """List them; sides are not among them, which their master replaces."""
    return sorted(path for kind in ("*.flac", "*.ogg") for path in folder.glob(kind))
