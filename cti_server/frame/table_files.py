"""The two kinds of file that a list is exported as, made row by row: neither is ever whole in memory."""

import asyncio
import csv
import io
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias
from zoneinfo import ZoneInfo

from hotline.errors import HotlineError

Cell: TypeAlias = str | int | float | datetime | date | None
"""A moment is aware; the file shows it in the city's time."""
Row: TypeAlias = Sequence[Cell]

MOST_ROWS = 300_000
_WORKBOOK = str(Path(__file__).with_name("workbook.py"))
_AT_ONCE = 500
_PIECE = 256 * 1024
_MARK = b"\xef\xbb\xbf"
"""By it Excel knows UTF-8."""
_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookSheet:
    """Rows of a sheet to be written. With `as_text` its cells are text: a number stays as it was typed.

    `about` are lines above the headings.
    """

    name: str
    headings: Sequence[str]
    batches: AsyncIterator[list[Row]]
    as_text: bool = False
    about: Sequence[str] = ()


class WorkbookFailed(HotlineError):  # noqa: N818 - reads as what happened
    """The program that writes workbooks failed; its last output is in the service's log."""

    code = "workbook"


async def batches_of(rows: AsyncIterator[Row], timezone: ZoneInfo, cut: str) -> AsyncIterator[list[Row]]:
    """Collect the rows with moments in the city's time, not aware any more, as files know no zones."""
    batch: list[Row] = []
    number = 0
    async for row in rows:
        if number == MOST_ROWS:
            batch.append([cut])
            break
        batch.append([_shown(cell, timezone) for cell in row])
        number += 1
        if len(batch) == _AT_ONCE:
            yield batch
            batch = []
    yield batch


def _shown(cell: Cell, timezone: ZoneInfo) -> Cell:
    if isinstance(cell, datetime):
        return cell.astimezone(timezone).replace(tzinfo=None)
    return cell.encode("utf-8", "replace").decode() if isinstance(cell, str) else cell


async def csv_file(headings: Row, batches: AsyncIterator[list[Row]]) -> AsyncIterator[bytes]:
    """RFC 4180, UTF-8; every cell quoted, so that a list separator of the reader's own opens no cell."""
    yield _MARK + _csv_lines([headings])
    async for batch in batches:
        yield _csv_lines(batch)


def csv_table(rows: Sequence[Row], timezone: ZoneInfo) -> bytes:
    """Write a table that is whole in memory as `csv_file` writes one row by row."""
    return _MARK + _csv_lines([[_shown(cell, timezone) for cell in row] for row in rows])


def _csv_lines(rows: Sequence[Row]) -> bytes:
    lines = io.StringIO()
    csv.writer(lines, quoting=csv.QUOTE_ALL).writerows([csv_cell(cell) for cell in row] for row in rows)
    return lines.getvalue().encode()


def csv_cell(cell: Cell) -> str:
    """Write the cell; a text that a spreadsheet would take for a formula gets an apostrophe before it.

    So does one that has such an apostrophe itself: what reads the file again takes away just one.
    """
    match cell:
        case None:
            return ""
        case str():
            return f"'{cell}" if cell.lstrip("'")[:1] in _FORMULA else cell
        case datetime():
            return cell.strftime("%d.%m.%Y %H:%M:%S")
        case date():
            return cell.strftime("%d.%m.%Y")
        case _:
            return str(cell)


@asynccontextmanager
async def workbook_file(sheets: Sequence[WorkbookSheet], turn: asyncio.Semaphore) -> AsyncIterator[Path]:
    """Have the workbook written by a process of its own, when its turn comes; the file is gone at the end."""
    with TemporaryDirectory(prefix="hotline-export-") as folder:
        file = Path(folder) / "table.xlsx"
        async with turn:
            command = (sys.executable, "-P", _WORKBOOK, str(file))
            process = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.PIPE)
            try:
                await _feed(process, sheets)
                if code := await process.wait():
                    raise WorkbookFailed(f"The program that writes workbooks ended with {code}.")
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()
        yield file


async def _feed(process: asyncio.subprocess.Process, sheets: Sequence[WorkbookSheet]) -> None:
    if (stream := process.stdin) is None:
        return
    with suppress(BrokenPipeError, ConnectionResetError):  # it died, and its code tells
        for sheet in sheets:
            begun = {
                "sheet": sheet.name,
                "about": sheet.about,
                "headings": sheet.headings,
                "as_text": sheet.as_text,
            }
            stream.write(json.dumps(begun).encode() + b"\n")
            async for batch in sheet.batches:
                stream.write(_json_lines(batch))
                await stream.drain()
        stream.close()
        await stream.wait_closed()


def _json_lines(rows: Sequence[Row]) -> bytes:
    return "".join(json.dumps([_json_cell(cell) for cell in row]) + "\n" for row in rows).encode()


def _json_cell(cell: Cell) -> object:
    match cell:
        case datetime():
            return {"moment": cell.isoformat()}
        case date():
            return {"day": cell.isoformat()}
        case _:
            return cell


async def pieces_of(file: Path) -> AsyncIterator[bytes]:
    """Read the file, a piece at a time."""
    with file.open("rb") as opened:
        while piece := await asyncio.to_thread(opened.read, _PIECE):
            yield piece
