"""Puts masters, copies and messages into the store elsewhere, and keeps as much of them here as was set.

A file goes from here once it was read back from there by its digest. A store that does not answer holds up
nothing: files wait here, and it is tried again, ever less often.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from pathlib import Path

from attrs import define, field, frozen

from hotline.calls.sound_store import SoundAway
from hotline.clock import Clock
from hotline.isolation import IsolatedItems, repeat
from hotline.retention.room import Room
from storage.calls.recordings import StoredRecordings
from storage.retention.sweep import StoredRetention
from storage.sounds.elsewhere import Elsewhere, Stored
from storage.sounds.store import KeptSounds

log = logging.getLogger(__name__)

EVERY_SECONDS = 10.0
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(minutes=10)
_AT_ONCE = 500


@frozen(kw_only=True)
class LocalFile:
    """A sound that lies here: its size, and when it was made."""

    path: Path
    name: str
    bytes: int
    made_at: float


@define(eq=False, repr=False, kw_only=True)
class Storing:
    """Puts files there and drops the oldest here."""

    _sounds: KeptSounds
    _elsewhere: Elsewhere
    _recordings: StoredRecordings
    _retention: StoredRetention
    _folders: Mapping[str, Path]
    """Those of recordings and of messages."""
    _kept_bytes: int
    """As much as stays here of what lies there."""
    _room: Callable[[], Room]
    _clock: Clock
    _isolated: IsolatedItems = field(factory=lambda: IsolatedItems("sound not put elsewhere"), init=False)
    _pause: timedelta = field(default=FIRST_PAUSE, init=False)
    _not_before: datetime | None = field(default=None, init=False)
    away_since: datetime | None = field(default=None, init=False)
    """When the store was first found not to answer; None while it does."""

    async def keep(self) -> None:
        """Put there what comes, for ever."""
        await repeat(self.once, every=EVERY_SECONDS, failure="sounds not put elsewhere")

    async def once(self) -> None:
        """Put there what waits, and drop here what there is too much of."""
        if self._not_before is None or self._clock.now() >= self._not_before:
            await self._put(await self.waiting())
        await self._drop()

    async def waiting(self) -> Sequence[LocalFile]:
        """List what lies here and not there, the oldest first; nothing plain where there is a key."""
        found = await asyncio.to_thread(self._here)
        there = await self._there(found)
        left = [one for one in found if one.name not in there]
        finished = {path for some in _parts(left) for path in await self._finished(some)}
        left = [one for one in left if str(one.path) in finished]
        if self._sounds.locked() or self._sounds.key():
            return [one for one in left if await self._sounds.is_encrypted(one.path)]
        return left

    async def _there(self, found: Sequence[LocalFile]) -> Mapping[str, Stored]:
        """Find those that lie in the store, by their names."""
        parts = [await self._elsewhere.stored([one.name for one in some]) for some in _parts(found)]
        return {one.name: one for part in parts for one in part}

    async def _finished(self, files: Sequence[LocalFile]) -> Sequence[str]:
        """Find those that a row names and that grow no more."""
        talks = [str(one.path) for one in files if one.path.suffix != ".wav"]
        messages = [str(one.path) for one in files if one.path.suffix == ".wav"]
        return [*await self._retention.named(talks), *await self._recordings.finished_messages(messages)]

    def _here(self) -> Sequence[LocalFile]:
        """List what may be put there, the oldest first."""
        talks, messages = self._folders["recordings"], self._folders["messages"]
        paths = chain(talks.glob("*.flac"), talks.glob("*.ogg"), messages.glob("*.wav"))
        found = []
        for path in paths:
            with contextlib.suppress(FileNotFoundError):  # deleted meanwhile
                known, name = path.stat(), self._sounds.name_of(path)
                found.append(LocalFile(path=path, name=name, bytes=known.st_size, made_at=known.st_mtime))
        return sorted(found, key=lambda one: one.made_at)

    async def _put(self, files: Sequence[LocalFile]) -> None:
        for one in files:
            self._not_before = None
            await self._isolated.do(one.name, partial(self._put_one, one))
            if self._not_before is not None:
                return

    async def _put_one(self, one: LocalFile) -> None:
        try:
            await self._sounds.put_elsewhere(one.path)
        except SoundAway as error:
            now = self._clock.now()
            if self.away_since is None:
                self.away_since = now
                log.error("store of recordings away reason=%s", str(error).splitlines()[-1])
            self._not_before, self._pause = now + self._pause, min(self._pause * 2, LONGEST_PAUSE)
            return
        except FileNotFoundError:  # deleted meanwhile
            return
        if self.away_since is not None:
            log.info("store of recordings is back away_since=%s", self.away_since)
        self.away_since, self._pause = None, FIRST_PAUSE

    async def _drop(self) -> None:
        """Delete here the oldest of what lies there, until no more is left than was set."""
        found = await asyncio.to_thread(self._here)
        there = await self._there(found)
        both = [one for one in found if one.name in there]
        left, most = sum(one.bytes for one in both), self._kept_bytes if self._room() is Room.AMPLE else 0
        for one in both:
            if left <= most:
                return
            await self._sounds.drop_copy(there[one.name])
            left -= one.bytes


def _parts(files: Sequence[LocalFile]) -> Sequence[Sequence[LocalFile]]:
    return [files[at : at + _AT_ONCE] for at in range(0, len(files), _AT_ONCE)]
