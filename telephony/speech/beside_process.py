"""The process that hears a talk while it goes on, seen from the hotline: begun and ended with the talk."""

import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec
from attrs import define

from hotline.speech.hearing import NotHeard
from hotline.speech.live import Saying
from hotline.voice.speech import Language
from telephony.speech.ear_process import EarProcess, as_heard, ear_process
from telephony.speech.models import Found
from telephony.speech.uttered import Uttered

PROGRAM = (sys.executable, "-m", "telephony.speech.beside")
_decode = msgspec.json.Decoder(Uttered).decode


class Sides(NamedTuple):
    """The two files of a recording that grow while people talk."""

    caller: Path
    dispatcher: Path


@define(eq=False, repr=False)
class HeardTalk:
    """A talk that is being heard."""

    _ear: EarProcess
    _over: bool = False

    def end(self) -> None:
        """The talk is over: what was said last is still heard, then `said` ends."""
        self._over = True
        self._ear.stdin.close()

    async def said(self) -> AsyncIterator[Saying]:
        """Give what is said, as it is heard. Raises NotHeard when the ear dies before the talk is over."""
        ear = self._ear
        while line := await ear.stdout.readline():
            uttered = _decode(line)
            if uttered.speaker is not None:
                heard = as_heard(ear.found, ear.language, uttered.words)
                yield Saying(
                    speaker=uttered.speaker, heard=heard, begins=uttered.begins, left_out=uttered.left_out
                )
        if await ear.ended() and not self._over:
            raise NotHeard(f"The ear beside a talk died. {ear.last_printed}".rstrip())


@asynccontextmanager
async def hearing_beside(
    found: Found, language: Language, sides: Sides, *, program: Sequence[str] = PROGRAM
) -> AsyncIterator[HeardTalk]:
    """Hear a talk in a process of its own, which is gone with the block. Raises NotHeard."""
    async with ear_process(program, found, language, *map(str, sides)) as ear:
        await ear.loaded(Uttered)
        yield HeardTalk(ear)
