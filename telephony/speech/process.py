"""The process that hears, seen from the hotline: begun when there is work for it, and ended after it."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from attrs import define

from hotline.speech.hearing import NO_HINTS, Heard, Hints, NotHeard
from hotline.voice.speech import Language
from telephony.speech.ear_process import EarProcess, as_heard, ear_process
from telephony.speech.listening import Answer, Asked
from telephony.speech.models import Found
from telephony.voice.audio import seconds_of

HEARD_WITHIN = 900.0
"""Seconds for a message of three minutes, on a machine that is busy with calls."""
HEARD_FOR_A_SECOND = 5.0
"""Seconds for each second of what is longer."""
PROGRAM = (sys.executable, "-m", "telephony.speech.listening")


@define(eq=False, repr=False)
class HearingProcess:
    """A process with one loaded model; one sound after the other."""

    loading: Answer
    """What it took to load the model."""
    _ear: EarProcess

    async def hear(self, sound: Path, hints: Hints = NO_HINTS, *, turn: bool = False) -> Heard:
        """Write down one sound, or hear it as what a caller says in their `turn`.

        Raises NotHeard; when the process has died of it, so will the next.
        """
        answer = await self.answer(sound, hints, turn=turn)
        return as_heard(self._ear.found, self._ear.language, answer.words, answer.others)

    async def answer(self, sound: Path, hints: Hints = NO_HINTS, *, turn: bool = False) -> Answer:
        """Give the same with what it took."""
        model = self._ear.found.folder.name
        try:
            self._ear.stdin.write(msgspec.json.encode(Asked(str(sound), hints, turn)) + b"\n")
            await self._ear.stdin.drain()
        except ConnectionError as error:
            raise NotHeard(f"The ear on {model} has died.") from error
        within = max(HEARD_WITHIN, HEARD_FOR_A_SECOND * await asyncio.to_thread(seconds_of, sound))
        return await self._ear.line(Answer, within, f"{model} on {sound.name}")


@asynccontextmanager
async def listening(
    found: Found, language: Language, *, program: Sequence[str] = PROGRAM
) -> AsyncIterator[HearingProcess]:
    """Load the model in a process of its own, which is gone with the block. Raises NotHeard."""
    async with ear_process(program, found, language) as ear:
        yield HearingProcess(await ear.loaded(Answer), ear)
