"""The process that hears a talk while it goes on, seen from the hotline: begun and ended with the talk."""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, NamedTuple

import msgspec
from attrs import define

from hotline.speech.hearing import Heard, NotHeard
from hotline.speech.live import Saying
from hotline.voice.speech import Language
from telephony.speech.models import Found
from telephony.speech.process import LOADED_WITHIN, last_line
from telephony.speech.uttered import Uttered

PROGRAM = (sys.executable, "-m", "telephony.speech.beside")
_LONGEST_LINE = 1 << 20
_decode = msgspec.json.Decoder(Uttered).decode


class Sides(NamedTuple):
    """The two files of a recording that grow while people talk."""

    caller: Path
    dispatcher: Path


@define(eq=False, repr=False)
class HeardTalk:
    """A talk that is being heard."""

    _found: Found
    _language: Language
    _process: asyncio.subprocess.Process
    _printed: IO[bytes]
    _over: bool = False

    def end(self) -> None:
        """The talk is over: what was said last is still heard, then `said` ends."""
        self._over = True
        if self._process.stdin is not None:
            self._process.stdin.close()

    async def said(self) -> AsyncIterator[Saying]:
        """Give what is said, as it is heard. Raises NotHeard when the ear dies before the talk is over."""
        assert self._process.stdout is not None  # noqa: S101 - it was asked for
        while line := await self._process.stdout.readline():
            uttered = _decode(line)
            if uttered.speaker is None:
                continue
            heard = Heard(
                engine=self._found.engine,
                model=self._found.folder.name,
                language=self._language,
                words=uttered.words,
            )
            yield Saying(speaker=uttered.speaker, heard=heard, left_out=uttered.left_out)
        if await self._process.wait() and not self._over:
            raise NotHeard(f"The ear beside a talk died. {last_line(self._printed)}".rstrip())


@asynccontextmanager
async def hearing_beside(
    found: Found, language: Language, sides: Sides, *, program: Sequence[str] = PROGRAM
) -> AsyncIterator[HeardTalk]:
    """Hear a talk in a process of its own, which is gone with the block. Raises NotHeard."""
    with tempfile.TemporaryFile("a+b") as printed:
        process = await asyncio.create_subprocess_exec(
            *program,
            str(found.folder),
            str(language),
            *map(str, sides),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=printed,
            limit=_LONGEST_LINE,
        )
        try:
            await _ready(process, printed)
            yield HeardTalk(found, language, process, printed)
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def _ready(process: asyncio.subprocess.Process, printed: IO[bytes]) -> None:
    assert process.stdout is not None  # noqa: S101 - it was asked for
    try:
        async with asyncio.timeout(LOADED_WITHIN):
            line = await process.stdout.readline()
    except TimeoutError:
        raise NotHeard(f"The ear was not loaded within {LOADED_WITHIN:.0f} s.") from None
    if not line:
        raise NotHeard(f"The ear died while it was loaded. {last_line(printed)}".rstrip())
    if fault := _decode(line).fault:
        raise NotHeard(fault)
