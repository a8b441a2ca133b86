"""Files of a city's documents become sheets of text, read by a program of its own.

As a program (`python -m storage.intake.document_sheets`) it reads the file from its input, within bounds, and
prints `[["name", [["cell", …], …]], …]`, or `{"unreadable": …, "about": […]}`.
"""

import io
import json
import logging
import sys
from collections.abc import Iterator, Sequence
from itertools import islice

from python_calamine import CalamineWorkbook

from hotline.intake.documents import MOST_BYTES, MOST_ROWS, MOST_SHEETS, TOO_LARGE, FileSheet
from hotline.intake.lines import Unreadable
from storage.core.confined import ProgramDied, run_confined
from storage.core.confinement import confine
from storage.intake.sheets import (
    DAMAGED,
    DAMAGES,
    cells_of_rows,
    read_sheet,
    workbook_sheets,
)

log = logging.getLogger(__name__)

_MEMORY = 768 * 2**20
_CPU_SECONDS = 20
_LONGEST_READING = 40.0
"""Seconds."""
_ODS = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
_ZIP = b"PK\x03\x04"
_PROGRAM = "storage.intake.document_sheets"


async def read_document_sheets(content: bytes) -> Sequence[FileSheet]:
    """Have a file read: `hotline.intake.documents.SheetReader`."""
    if len(content) > MOST_BYTES:
        raise Unreadable(TOO_LARGE)
    try:
        said = json.loads(await run_confined(_PROGRAM, given=content, seconds=_LONGEST_READING))
    except ProgramDied as error:
        log.warning("file of a document could not be read: %s", error)
        raise Unreadable(TOO_LARGE if error.exhausted else DAMAGED) from error
    if isinstance(said, dict):
        raise Unreadable(said["unreadable"], said["about"])
    return [FileSheet(name=name, lines=lines) for name, lines in said]


def main() -> None:
    confine(memory=_MEMORY, cpu_seconds=_CPU_SECONDS, written=0)
    told: object
    try:
        told = [(name, [*_filled(rows)]) for name, rows in _sheets(sys.stdin.buffer.read())]
    except Unreadable as error:
        told = {"unreadable": error.message, "about": error.about}
    except (MemoryError, OSError):
        told = {"unreadable": TOO_LARGE, "about": []}
    print(json.dumps(told))  # noqa: T201 - the answer to the parent process


def _sheets(content: bytes) -> Sequence[tuple[str, Iterator[Sequence[str]]]]:
    if _ODS in content[:200]:
        return _open_document(content)
    if content.startswith(_ZIP):
        return workbook_sheets(content, most=MOST_SHEETS)
    headings, lines = read_sheet(content)
    return [("", iter([headings, *(one.cells for one in lines)]))]


def _open_document(content: bytes) -> Sequence[tuple[str, Iterator[Sequence[str]]]]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = workbook.sheet_names[:MOST_SHEETS]
        return [(name, cells_of_rows(workbook.get_sheet_by_name(name).iter_rows())) for name in names]
    except DAMAGES as error:
        raise Unreadable(DAMAGED) from error


def _filled(rows: Iterator[Sequence[str]]) -> Iterator[Sequence[str]]:
    """Leave out empty lines; of too many enough are kept to tell that they are too many."""
    return islice((row for row in rows if any(map(str.strip, row))), MOST_ROWS + 2)


if __name__ == "__main__":
    main()
