"""Copies of sounds in which what is masked is bleeped: made when somebody listens, and deleted soon after."""

import asyncio
import hashlib
import logging
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from attrs import define, field

from hotline.calls.sound_store import Sound, SoundStore
from hotline.errors import HotlineError
from hotline.isolation import repeat
from hotline.speech.shown_words import Span
from telephony.voice.programs import run

KEPT_SECONDS = 3600.0
"""Since somebody last listened: a player asks for parts of one sound for as long as it plays."""
EVERY_SECONDS = 600.0
LONGEST_SECONDS = 300.0
"""An hour of Opus takes half a minute."""

log = logging.getLogger(__name__)


class NotMasked(HotlineError):  # noqa: N818 - reads as what happened
    """A sound in which something is masked was not bleeped, so that it is not played."""

    code: ClassVar[str] = "not-masked"


@define(eq=False, repr=False)
class MaskedCopies:
    """Makes each copy once, while it is listened to."""

    _folder: Path
    _sounds: SoundStore
    _locks: dict[Path, asyncio.Lock] = field(factory=dict, init=False)

    async def __call__(self, sound: Sound, spans: Sequence[Span]) -> Sound:
        """Give the copy of this sound with these seconds bleeped; without any, the sound itself."""
        if not spans:
            return sound
        copy = self._name(sound, sorted(spans))
        async with self._locks.setdefault(copy, asyncio.Lock()):
            if not await asyncio.to_thread(_used, copy):
                await self._make(sound, copy, spans)
        self._locks.pop(copy, None)
        return await self._sounds.find(copy)

    async def _make(self, sound: Sound, copy: Path, spans: Sequence[Span]) -> None:
        async with self._sounds.scratch() as scratch, self._sounds.laid_out(sound.file) as plain:
            made = scratch / copy.name
            await _bleep(plain, made, spans)
            await self._sounds.keep(made, copy)

    async def keep(self) -> None:
        """Delete copies that nobody listens to any more, for ever."""
        await repeat(self.delete_old, every=EVERY_SECONDS, failure="masked copies not deleted")

    async def delete_old(self) -> None:
        await asyncio.to_thread(_delete_unused, self._folder, time.time() - KEPT_SECONDS)

    def _name(self, sound: Sound, spans: Sequence[Span]) -> Path:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file, said = sound.file, f"{sound.file} {sound.tag} {spans}"
        return self._folder / f"{file.stem}-{hashlib.sha256(said.encode()).hexdigest()[:16]}{file.suffix}"


async def _bleep(sound: Path, copy: Path, spans: Sequence[Span]) -> None:
    """Have the copy written by a process of its own; raises NotMasked, and then there is none."""
    said = [f"{begins:.3f}-{ends:.3f}" for begins, ends in spans]
    try:
        code = (await run("bleeping", str(sound), str(copy), *said, within=LONGEST_SECONDS)).code
    except TimeoutError:
        log.error("sound not masked within_seconds=%.0f file=%s", LONGEST_SECONDS, sound.name)
        code = None
    if code != 0:
        raise NotMasked(f"{sound.name} could not be masked: nobody hears it before it is.")


def _used(copy: Path) -> bool:
    """Note that a copy is listened to; False where there is none."""
    try:
        os.utime(copy)
    except FileNotFoundError:
        return False
    return True


def _delete_unused(folder: Path, before: float) -> None:
    for file in folder.glob("*"):
        if file.stat().st_mtime < before:
            file.unlink(missing_ok=True)
