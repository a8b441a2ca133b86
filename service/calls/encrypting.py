"""Encrypts sounds that lie plain: messages once they are spoken, and all from before there was this key.

A file is replaced by its encrypted form in one step, once that was read back and holds the same sound. A
service that died goes on with the next file; what is encrypted already is seen by its head.
"""

import logging
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from attrs import define, field

from hotline.calls.call import Recording
from hotline.calls.sound_store import SoundLocked
from hotline.clock import Clock
from hotline.isolation import IsolatedItems, Job, repeat
from service.calls.masters import MasterMaker
from storage.calls.recordings import BEFORE_ALL, StoredRecordings
from storage.sounds.store import KeptSounds
from telephony.voice.audio import NoSound

log = logging.getLogger(__name__)

EVERY_SECONDS = 5.0
STILL_COMING = timedelta(days=1)
"""No talk or message that began earlier than this is finished now."""
AGAIN_AFTER = timedelta(hours=1)
AT_ONCE = 500
"""Looked at in a round, so that calls do not notice when there are years of recordings."""
_NamedJob = tuple[str, Job]
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
    _clock: Clock
    _isolated: IsolatedItems = field(factory=lambda: IsolatedItems("sound not encrypted"), init=False)
    _under: str | None = field(default=None, init=False)
    """The key under which everything is being encrypted, or is."""
    _again: datetime | None = field(default=None, init=False)
    """When everything is looked through once more, because something could not be encrypted."""
    _found: EncryptedFiles = field(factory=EncryptedFiles, init=False)
    _rest: AsyncIterator[Sequence[_NamedJob]] | None = field(default=None, init=False)
    """The files of before that are still to be looked at; None: no look goes on."""
    _told: SoundLocked | None = field(default=None, init=False)
    """Why nothing could be encrypted at the last look."""

    async def keep(self) -> None:
        """Encrypt what comes, for ever."""
        await repeat(self.once, every=EVERY_SECONDS, failure="sounds not encrypted")

    async def once(self) -> None:
        """Encrypt the newest messages; then a part of everything, when the key is another than before."""
        locked = self._sounds.locked()
        if str(locked) != str(self._told):
            if locked is None:
                log.info("recordings can be encrypted again")
            else:
                log.error("recordings wait for their key reason=%s", str(locked).splitlines()[-1])
            self._told = locked
        if locked or (key := self._sounds.key()) is None:
            return
        again = self._again is not None and self._clock.now() >= self._again
        if key != self._under or again:
            self._under, self._again, self._found = key, None, EncryptedFiles()
            self._rest = self._parts(key, self._found)
        since = self._clock.now() - STILL_COMING
        messages, found = [Path(one) for one in await self._recordings.message_files(since)], EncryptedFiles()
        await self._do(await self._jobs(messages, key, found), found)
        if self._rest is not None:
            await self._go_on(self._rest, key)

    async def everything(self, progress: Progress = _untold) -> EncryptedFiles:
        """Encrypt all that is not encrypted under the present key; raises SoundLocked when there is none."""
        found = EncryptedFiles()
        parts = self._parts(self._sounds.key() or "", found)
        await self._do([job async for part in parts for job in part], found, progress)
        return found

    async def _go_on(self, rest: AsyncIterator[Sequence[_NamedJob]], key: str) -> None:
        """Do the next part of all that was there when this key came."""
        self._under = None  # a look that breaks off here begins anew
        part, found = await anext(rest, None), self._found
        self._under = key
        if part is not None:
            await self._do(part, found)
            return
        self._rest = None
        if found.encrypted:
            log.info("encrypted under key=%s files=%d failed=%d", key, found.encrypted, found.failed)
        if found.failed:
            self._again = self._clock.now() + AGAIN_AFTER

    async def _parts(self, key: str, found: EncryptedFiles) -> AsyncIterator[Sequence[_NamedJob]]:
        """Give what is to be done with all that is on record, some at once; `found` counts the files."""
        after = BEFORE_ALL
        while files := await self._recordings.files(after, AT_ONCE):
            after = files[-1]
            yield await self._jobs([Path(one.file) for one in files], key, found)
        # What went from here since its part was given is among these.
        elsewhere = await self._sounds.elsewhere_under_other_keys(key)
        jobs = [(file.name, partial(self._encrypt, file, found)) for file in elsewhere]
        jobs += [
            (talk.id, partial(self._take_over, talk, found))
            for talk in await self._recordings.without_master()
        ]
        found.of += len(jobs)
        for at in range(0, len(jobs), AT_ONCE):
            yield jobs[at : at + AT_ONCE]

    async def _jobs(self, files: Sequence[Path], key: str, found: EncryptedFiles) -> Sequence[_NamedJob]:
        """Give what is to be done with those of these files that lie here, and not under this key."""
        keys = await self._sounds.keys_here(files)
        found.of += len(keys)
        return [(file.name, partial(self._encrypt, file, found)) for file in keys if keys[file] != key]

    async def _do(
        self, jobs: Sequence[_NamedJob], found: EncryptedFiles, progress: Progress = _untold
    ) -> None:
        for number, (name, job) in enumerate(jobs, found.of - len(jobs) + 1):
            found.failed += not await self._isolated.do(name, job)
            progress(number, found.of)

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
