"""A process with a loaded model, seen from the hotline: it is begun, prints lines of JSON, and is ended."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import IO, Protocol, TypeVar

import msgspec
from attrs import define

from hotline.speech.hearing import Heard, HeardWord, NotHeard
from hotline.voice.speech import Language
from telephony.speech.models import Found

LOADED_WITHIN = 120.0
_LONGEST_LINE = 1 << 24
_LAST_PRINTED = 1000


class Line(Protocol):
    """A line that a process prints."""

    @property
    def fault(self) -> str:
        """Why there is no ear, or nothing was heard; empty: none."""
        ...


Printed = TypeVar("Printed", bound=Line)


@define(eq=False, repr=False)
class EarProcess:
    """One process with its model. Its lines are read by one task at a time."""

    found: Found
    language: Language
    stdin: asyncio.StreamWriter
    stdout: asyncio.StreamReader
    _process: asyncio.subprocess.Process
    _printed: IO[bytes]

    async def loaded(self, kind: type[Printed]) -> Printed:
        """Give its first line, by which it tells that the model is loaded. Raises NotHeard."""
        return await self.line(kind, LOADED_WITHIN, f"{self.found.folder} cannot be loaded")

    async def line(self, kind: type[Printed], within: float, doing: str) -> Printed:
        """Give its next line; `doing` tells what it was to do.

        Raises NotHeard where the line tells a fault, where the process has died, and where no line comes
        within the seconds: the process is killed then.
        """
        try:
            async with asyncio.timeout(within):
                line = await self.stdout.readline()
        except TimeoutError:
            self.kill()
            raise NotHeard(f"The ear did not answer within {within:.0f} s: {doing}.") from None
        if not line:
            raise NotHeard(f"The ear died: {doing}. {self.last_printed}".rstrip())
        answer = msgspec.json.decode(line, type=kind)
        if answer.fault:
            raise NotHeard(answer.fault)
        return answer

    async def ended(self) -> int:
        """Wait for its end; gives its exit status."""
        return await self._process.wait()

    def kill(self) -> bool:
        """End it at once; False where it has ended already."""
        runs = self._process.returncode is None
        if runs:
            self._process.kill()
        return runs

    @property
    def last_printed(self) -> str:
        """What the engine itself printed last: of one that died of an error, the error."""
        printed = self._printed
        printed.seek(max(0, printed.seek(0, os.SEEK_END) - _LAST_PRINTED))
        lines = printed.read().decode(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")


@asynccontextmanager
async def ear_process(
    program: Sequence[str], found: Found, language: Language, *files: str
) -> AsyncIterator[EarProcess]:
    """Begin the program on a model; the process is gone with the block."""
    with tempfile.TemporaryFile("a+b") as printed:
        process = await asyncio.create_subprocess_exec(
            *program,
            str(found.folder),
            str(language),
            *files,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=printed,
            limit=_LONGEST_LINE,
        )
        assert process.stdin is not None  # noqa: S101 - both were asked for
        assert process.stdout is not None  # noqa: S101
        ear = EarProcess(found, language, process.stdin, process.stdout, process, printed)
        try:
            yield ear
        finally:
            ear.kill()
            await process.wait()


def as_heard(
    found: Found,
    language: Language,
    words: Sequence[HeardWord],
    others: Sequence[Sequence[HeardWord]] = (),
) -> Heard:
    """Give the words, and what else they may have been, with the ear that heard them."""
    return Heard(engine=found.engine, model=found.folder.name, language=language, words=words, others=others)
