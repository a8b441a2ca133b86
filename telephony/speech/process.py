"""The process that hears, seen from the hotline: begun when there is work for it, and ended after it."""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO

import msgspec
from attrs import define

from hotline.speech.hearing import Heard, NotHeard
from hotline.voice.speech import Language
from telephony.speech.listening import Answer, Asked
from telephony.speech.models import Found
from telephony.voice.audio import seconds_of

LOADED_WITHIN = 120.0
HEARD_WITHIN = 900.0
"""Seconds for a message of three minutes, on a machine that is busy with calls."""
HEARD_FOR_A_SECOND = 5.0
"""Seconds for each second of what is longer."""
_LONGEST_LINE = 1 << 24
_LAST_PRINTED = 1000
PROGRAM = (sys.executable, "-m", "telephony.speech.listening")


@define(eq=False, repr=False)
class HearingProcess:
    """A process with one loaded model; one sound after the other."""

    found: Found
    language: Language
    loading: Answer
    """What it took to load the model."""
    _process: asyncio.subprocess.Process
    _printed: IO[bytes]

    async def hear(self, sound: Path, only: Sequence[str] = ()) -> Heard:
        """Write down one sound. Raises NotHeard; when the process has died of it, so will the next."""
        answer = await self.answer(sound, only)
        return Heard(
            engine=self.found.engine,
            model=self.found.folder.name,
            language=self.language,
            words=answer.words,
        )

    async def answer(self, sound: Path, only: Sequence[str] = ()) -> Answer:
        """Give the same with what it took."""
        assert self._process.stdin is not None  # noqa: S101 - both were asked for
        try:
            self._process.stdin.write(msgspec.json.encode(Asked(str(sound), tuple(only))) + b"\n")
            await self._process.stdin.drain()
        except ConnectionError as error:
            raise NotHeard(f"The ear on {self.found.folder.name} has died.") from error
        doing = f"{self.found.folder.name} on {sound.name}"
        within = max(HEARD_WITHIN, HEARD_FOR_A_SECOND * await asyncio.to_thread(seconds_of, sound))
        return await _read(self._process, self._printed, within, doing)


@asynccontextmanager
async def listening(
    found: Found, language: Language, *, program: Sequence[str] = PROGRAM
) -> AsyncIterator[HearingProcess]:
    """Load the model in a process of its own, which is gone with the block. Raises NotHeard."""
    with tempfile.TemporaryFile("a+b") as printed:
        process = await asyncio.create_subprocess_exec(
            *program,
            str(found.folder),
            str(language),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=printed,
            limit=_LONGEST_LINE,
        )
        try:
            loading = await _read(process, printed, LOADED_WITHIN, f"{found.folder} cannot be loaded")
            yield HearingProcess(found, language, loading, process, printed)
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def _read(process: asyncio.subprocess.Process, printed: IO[bytes], within: float, doing: str) -> Answer:
    assert process.stdout is not None  # noqa: S101 - it was asked for
    try:
        async with asyncio.timeout(within):
            line = await process.stdout.readline()
    except TimeoutError:
        process.kill()
        raise NotHeard(f"The ear did not answer within {within:.0f} s: {doing}.") from None
    if not line:
        raise NotHeard(f"The ear died: {doing}. {last_line(printed)}".rstrip())
    answer = msgspec.json.decode(line, type=Answer)
    if answer.fault:
        raise NotHeard(answer.fault)
    return answer


def last_line(printed: IO[bytes]) -> str:
    """Give what the engine printed last: of one that died of an error, the error."""
    printed.seek(max(0, printed.seek(0, os.SEEK_END) - _LAST_PRINTED))
    lines = printed.read().decode(errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
