"""The folder of imported files: each is read by a program of its own, and only its lines are kept."""

import asyncio
import json
import logging
import secrets
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from itertools import islice
from pathlib import Path

from attrs import define, field

from hotline.intake.lines import FileLine, Unreadable
from storage.core.confined import ProgramDied, run_confined
from storage.intake.sheets import DAMAGED, SIGN, TOO_MUCH

log = logging.getLogger(__name__)

LONGEST_READING = 120.0
"""Seconds."""
GONE = "The file is not there any more: bring it once more."
_PROGRAM = "storage.intake.sheets"


@define(eq=False, repr=False)
class KeptLines:
    """The lines of one file, in a file of ours."""

    _file: Path
    headings: Sequence[str]

    @contextmanager
    def opened(self, behind: int = 0) -> Iterator["OpenedLines"]:
        """Open them behind the first ones."""
        with self._file.open("rb") as lines:
            yield OpenedLines(islice(lines, 2 + behind, None))


@define(eq=False, repr=False)
class OpenedLines:
    """Lines that are read one batch after another."""

    _lines: Iterator[bytes]

    async def next(self, most: int) -> Sequence[FileLine]:
        """Read the next lines; none at the end."""
        return await asyncio.to_thread(self._read, most)

    def _read(self, most: int) -> Sequence[FileLine]:
        read = map(json.loads, islice(self._lines, most))
        return [FileLine(number=number, cells=cells) for number, cells in read]


@define(eq=False, repr=False)
class LineFolder:
    """The lines of all files, each under its import's id. One file is read at a time."""

    _folder: Path
    _turn: asyncio.Semaphore = field(factory=lambda: asyncio.Semaphore(1), init=False)

    @asynccontextmanager
    async def read(self, content: bytes) -> AsyncIterator[Path]:
        """Have a file read: its lines, which go at the end unless they are kept. Raises Unreadable."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A file of the folder, so that the sweep of old ones finds it after a death.
        lines = self._folder / f".reading-{secrets.token_hex(8)}"
        try:
            async with self._turn:
                await _read(content, lines)
            yield lines
        finally:
            lines.unlink(missing_ok=True)

    def keep(self, import_id: int, lines: Path) -> None:
        lines.replace(self._file(import_id))

    async def of(self, import_id: int) -> KeptLines:
        """Find the lines; raises Unreadable when they are gone."""
        file = self._file(import_id)
        try:
            return await asyncio.to_thread(kept_lines, file)
        except FileNotFoundError as error:
            raise Unreadable(GONE) from error
        except _AsItCame:
            async with self.read(await asyncio.to_thread(file.read_bytes)) as lines:
                self.keep(import_id, lines)
            return await asyncio.to_thread(kept_lines, file)

    def _file(self, import_id: int) -> Path:
        return self._folder / str(import_id)


class _AsItCame(Exception):  # noqa: N818 - reads as what it is
    """The file was kept by an earlier version of this program, which read it each time anew."""


def kept_lines(file: Path) -> KeptLines:
    """Look at the beginning of the file."""
    with file.open("rb") as opened:
        if opened.readline(len(SIGN)) != SIGN:
            raise _AsItCame
        return KeptLines(file, json.loads(opened.readline()))


async def _read(content: bytes, target: Path) -> None:
    try:
        said = json.loads(await run_confined(_PROGRAM, str(target), given=content, seconds=LONGEST_READING))
    except ProgramDied as error:
        log.warning("file could not be read: %s", error)
        raise Unreadable(TOO_MUCH if error.exhausted else DAMAGED) from error
    if "unreadable" in said:
        raise Unreadable(said["unreadable"], said["about"])
