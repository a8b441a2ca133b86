"""Messages and talks get their words: after the call, by processes that end with the work.

Messages come before talks, and of each the newest first. What a crash broke off has no row: it is done anew.
"""

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Protocol

from attrs import define, field

from hotline.calls.recordings import Side
from hotline.calls.sound_store import SoundStore
from hotline.clock import Clock
from hotline.isolation import IsolatedItems, repeat
from hotline.speech.hearing import Model, NotHeard, Use, WritesDown
from hotline.speech.transcripts import EVER, Speaker, Transcript, Transcripts, Unwritten
from hotline.voice.speech import Language
from telephony.speech.models import look_at
from telephony.speech.process import listening
from telephony.voice.programs import run

log = logging.getLogger(__name__)

EVERY_SECONDS = 5.0
LOOKED_AT = 50
"""Sounds looked at in one round: one that fails now and then holds up no older one."""
AT_ONCE: Mapping[Use, int] = {Use.MESSAGES: 10, Use.RECORDINGS: 2}
"""Sounds that an ear writes down before it is looked again for newer ones, and for messages."""
LONGEST_SECONDS = 300.0
"""To take a side out of a master; an hour of talk takes seconds."""
STILL_COMING = timedelta(days=1)
"""Nothing that began earlier than this comes late: of older sounds none is owed once all are written down."""
Models = Mapping[Use, Mapping[Language, Model]]


class OpensEar(Protocol):
    """Loads the model of a use and language, for as long as the block lasts."""

    def __call__(self, use: Use, language: Language) -> AbstractAsyncContextManager[WritesDown]:
        """Raises NotHeard."""
        ...


class LaysOutSound(Protocol):
    """Gives the mono WAV of a message, or of one side of a talk, for as long as the block lasts."""

    def __call__(self, one: Unwritten) -> AbstractAsyncContextManager[Path]: ...


@define(eq=False, repr=False)
class Transcribing:
    """Works off the sounds that have no transcript."""

    _transcripts: Transcripts
    _opens: OpensEar
    _wanted: Mapping[Use, Collection[Language]]
    """The languages that are written down, by use: those that have a model."""
    _lays_out: LaysOutSound
    _clock: Clock
    _ears: int = 1
    """Ears that are open at once at most."""
    _isolated: IsolatedItems = field(factory=lambda: IsolatedItems("sound not written down"), init=False)
    _since: datetime = field(default=EVER, init=False)

    async def keep(self) -> None:
        """Write down what comes, for ever."""
        await repeat(self.once, every=EVERY_SECONDS, failure="messages and talks not written down")

    async def once(self) -> None:
        """Write down the most pressing that are owed."""
        began = self._clock.now()
        found = await self._transcripts.unwritten(self._wanted, LOOKED_AT, self._since)
        if len(found) < LOOKED_AT:  # all that is owed: of what is older nothing is
            self._since = min([began - STILL_COMING, *(one.began_at for one in found)])
        due = [one for one in found if not self._isolated.waits(_name(one))]
        for use in Use:
            some = [one for one in due if one.of is use][: AT_ONCE.get(use, 0) * self._ears]
            for language, sounds in _by_language(some).items():
                await self._isolated.do(
                    f"model-{use}-{language}", partial(self._share_out, use, language, sounds)
                )

    async def _share_out(self, use: Use, language: Language, sounds: Sequence[Unwritten]) -> None:
        left = deque(sounds)
        async with asyncio.TaskGroup() as tasks:
            for _ in range(min(self._ears, len(sounds))):
                tasks.create_task(self._work_off(use, language, left))

    async def _work_off(self, use: Use, language: Language, left: deque[Unwritten]) -> None:
        while left:
            async with self._opens(use, language) as ear:
                while left:  # an ear that died of a sound is opened anew for the next
                    one = left.popleft()
                    if not await self._isolated.do(_name(one), partial(self._write_down, one, ear)):
                        break

    async def _write_down(self, one: Unwritten, ear: WritesDown) -> None:
        async with self._lays_out(one) as sound:
            heard = await ear(sound)
        made = Transcript(
            sound=one.sound,
            of=one.of,
            speaker=one.speaker,
            text=heard.text,
            words=tuple(heard.words),
            engine=heard.engine,
            model=heard.model,
            language=one.language,
            made_at=self._clock.now(),
        )
        await self._transcripts.keep(made, one.began_at)
        log.info("written down %s=%s speaker=%s words=%d", one.of, one.sound, one.speaker, len(heard.words))


def ears(models: Models) -> OpensEar:
    """Open ears on these models, each in a process of its own."""

    @asynccontextmanager
    async def opened(use: Use, language: Language) -> AsyncIterator[WritesDown]:
        async with listening(look_at(models[use][language].folder), language) as ear:
            yield ear.hear

    return opened


def kept_in(sounds: SoundStore, recordings: Path) -> LaysOutSound:
    """Lay out messages and sides of talks; a side whose file has gone is taken out of the master."""

    @asynccontextmanager
    async def laid_out(one: Unwritten) -> AsyncIterator[Path]:
        file, master = Path(one.file), recordings / f"{one.sound}.flac"
        if await sounds.has(file) or one.of is Use.MESSAGES or not await sounds.has(master):
            async with sounds.laid_out(file) as whole:
                yield whole
            return
        async with sounds.scratch() as scratch, sounds.laid_out(master) as both:
            side = scratch / "side.wav"
            await _take_out(both, one.speaker, side)
            yield side

    return laid_out


async def _take_out(master: Path, speaker: Speaker, target: Path) -> None:
    side = Side.DISPATCHER if speaker is Speaker.DISPATCHER else Side.CALLER
    ended = await run("side_writing", str(master), side.value, str(target), within=LONGEST_SECONDS)
    if ended.code:
        raise NotHeard(f"{master.name} does not yield the side of the {side.value}.")


def _name(one: Unwritten) -> str:
    return f"{one.sound}-{one.speaker}"


def _by_language(sounds: Sequence[Unwritten]) -> Mapping[Language, Sequence[Unwritten]]:
    found: dict[Language, list[Unwritten]] = defaultdict(list)
    for one in sounds:
        found[one.language].append(one)
    return found
