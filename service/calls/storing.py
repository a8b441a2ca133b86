"""Puts masters, copies and messages into the store elsewhere, and keeps as much of them here as was set.

A file goes from here once it was read back from there by its digest. A store that does not answer holds up
nothing: files wait here, and it is tried again, ever less often.
"""

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from attrs import define, field

from hotline.calls.sound_store import SoundAway
from hotline.clock import Clock
from hotline.isolation import IsolatedItems, repeat
from hotline.retention.room import Room
from service.calls.encrypting import STILL_COMING
from storage.calls.recordings import BEFORE_ALL, SoundFile, StoredRecordings
from storage.sounds.elsewhere import Elsewhere, Stored
from storage.sounds.store import KeptSounds

log = logging.getLogger(__name__)

EVERY_SECONDS = 10.0
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(minutes=10)
EVERYTHING_EVERY = timedelta(minutes=10)
"""Between looking at all that is on record; in between at that of the last day."""
_AT_ONCE = 500


@define(eq=False, repr=False, kw_only=True)
class Storing:
    """Puts files there and drops the oldest here."""

    _sounds: KeptSounds
    _elsewhere: Elsewhere
    _recordings: StoredRecordings
    _folders: Mapping[str, Path]
    """The folders of recordings and of messages."""
    _kept_bytes: int
    """As much as stays here of what lies there."""
    _room: Callable[[], Room]
    _clock: Clock
    _isolated: IsolatedItems = field(factory=lambda: IsolatedItems("sound not put elsewhere"), init=False)
    _pause: timedelta = field(default=FIRST_PAUSE, init=False)
    _not_before: datetime | None = field(default=None, init=False)
    _everything_at: datetime | None = field(default=None, init=False)
    """When all that is on record was last gone through to its end."""
    _more: bool = field(default=True, init=False)
    """More may lie here than was set: so at first, and once a file was put into the store."""
    _dropped: Stored | None = field(default=None, init=False)
    """What was stored until then lies here no more."""
    away_since: datetime | None = field(default=None, init=False)
    """When the store was first found not to answer; None while it does."""

    async def keep(self) -> None:
        """Put there what comes, for ever."""
        await repeat(self.once, every=EVERY_SECONDS, failure="sounds not put elsewhere")

    async def once(self) -> None:
        """Put there what waits, and drop here what there is too much of."""
        if self._not_before is None or self._clock.now() >= self._not_before:
            await self._put_what_waits()
        await self._drop()

    async def waiting(self, after: SoundFile = BEFORE_ALL) -> AsyncIterator[Sequence[SoundFile]]:
        """Give what lies here and not there, oldest first, in parts; nothing plain where there is a key."""
        while found := await self._recordings.files_not_stored(self._folders, after, _AT_ONCE):
            after = found[-1]
            ready = set(await self._ready([Path(one.file) for one in found]))
            if here := [one for one in found if Path(one.file) in ready]:
                yield here

    async def _put_what_waits(self) -> None:
        began, self._not_before = self._clock.now(), None
        since = SoundFile(began_at=began - STILL_COMING, file="")
        everything = self._everything_at is None or began - self._everything_at >= EVERYTHING_EVERY
        async with aclosing(self._parts(BEFORE_ALL if everything else since)) as parts:
            async for files in parts:
                await self._put(files)
                if self._not_before is not None:
                    self._everything_at = None
                    return
                await self._drop()
        if everything:
            self._everything_at = began

    async def _parts(self, after: SoundFile) -> AsyncGenerator[Sequence[Path]]:
        """Give what another form of lies there, of whatever age; then what waits."""
        last = ""
        while names := await self._elsewhere.begun(last, _AT_ONCE):
            last = names[-1]
            yield await self._ready([self._sounds.file_of(name) for name in names])
        async for files in self.waiting(after):
            yield [Path(one.file) for one in files]

    async def _ready(self, files: Sequence[Path]) -> Sequence[Path]:
        """Find those that lie here, encrypted where there is a key."""
        keys = await self._sounds.keys_here(files)
        encrypted = bool(self._sounds.locked() or self._sounds.key())
        return [file for file, under in keys.items() if under or not encrypted]

    async def _put(self, files: Sequence[Path]) -> None:
        for one in files:
            await self._isolated.do(one.name, partial(self._put_one, one))
            if self._not_before is not None:
                return

    async def _put_one(self, file: Path) -> None:
        try:
            await self._sounds.put_elsewhere(file)
        except SoundAway as error:
            now = self._clock.now()
            if self.away_since is None:
                self.away_since = now
                log.error("store of recordings away reason=%s", str(error).splitlines()[-1])
            self._not_before, self._pause = now + self._pause, min(self._pause * 2, LONGEST_PAUSE)
            return
        except FileNotFoundError:  # deleted meanwhile
            return
        self._more = True
        if self.away_since is not None:
            log.info("store of recordings is back away_since=%s", self.away_since)
        self.away_since, self._pause = None, FIRST_PAUSE

    async def _drop(self) -> None:
        """Delete here the oldest of what lies there, until no more is left than was set."""
        ample = self._room() is Room.AMPLE
        if ample and not self._more:
            return
        most = self._kept_bytes if ample else 0
        left = await self._elsewhere.stored_bytes(self._dropped)
        while left > most and (stored := await self._elsewhere.stored(self._dropped, _AT_ONCE)):
            here = {one.name for one in await self._sounds.lying_here(stored)}
            for one in stored:
                if left <= most:
                    break
                if one.name in here:
                    await self._sounds.drop_copy(one)
                self._dropped, left = one, left - one.bytes
        self._more = False
