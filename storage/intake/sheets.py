"""Files become lines of text: CSV in UTF-8, UTF-16 or Windows-1251, with any usual separator; XLSX.

As a program (`python -m storage.intake.sheets TARGET`) it reads the file from its input, within bounds, and
writes the lines into TARGET as `storage.intake.kept_lines` reads them. It prints `{}`, or
`{"unreadable": …, "about": […]}`.
"""

import csv
import io
import json
import re
import sys
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import IO
from xml.etree import ElementTree as ET

from python_calamine import CalamineError, CalamineWorkbook

from hotline.foreign_text import storable
from hotline.intake.imports import MOST_BYTES, MOST_ROWS
from hotline.intake.lines import FileLine, Unreadable
from storage.core.confinement import confine

MOST_UNPACKED = 512 * 1024 * 1024
MOST_CELLS = 200
"""The most that one line may have."""
MOST_AREA = 20_000_000
"""Cells between the first and the last one of a sheet, empty ones among them: each takes memory."""
MOST_MEMORY = 1536 * 2**20
MOST_SECONDS = 60
MOST_WRITTEN = 512 * 2**20
SIGN = b"hotline lines 1\n"
TOO_WIDE = (
    "Something stands far from the table: go there with Ctrl+End, delete those rows and columns,"
    " and save the file once more. It ends at:"
)
TOO_MUCH = (
    "This file takes more memory or time than a table of 500,000 lines needs: divide it, or save it as CSV."
)
DAMAGED = "This file is damaged, or no Excel file: save it as XLSX once more."
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_SEPARATORS = ";,\t|"
_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_FAR = re.compile(rb""" r=["']((?:[A-Z]{2,3})?)(\d{1,7})["']""")
"""The places of rows, and of cells beyond column Z."""
_PIECE, _LONGEST_PLACE = 4 * 2**20, 16
DAMAGES = (
    *(CalamineError, zipfile.BadZipFile, ET.ParseError, zlib.error),
    *(OSError, ValueError, LookupError, RuntimeError, NotImplementedError, StopIteration),
)
"""The errors that a broken archive or workbook raises where it is opened."""


def main(target: str) -> None:
    confine(memory=MOST_MEMORY, cpu_seconds=MOST_SECONDS, written=MOST_WRITTEN)
    try:
        told: dict[str, object] = {}
        write_lines(sys.stdin.buffer.read(), Path(target))
    except Unreadable as error:
        told = {"unreadable": error.message, "about": error.about}
    except (MemoryError, OSError):
        told = {"unreadable": TOO_MUCH, "about": []}
    print(json.dumps(told))  # noqa: T201 - the answer to the parent process


def write_lines(content: bytes, target: Path) -> None:
    """Write SIGN, the headings, then each line with its number; raises Unreadable."""
    headings, lines = read_sheet(content)
    with target.open("xb") as opened:
        opened.write(SIGN)
        opened.write(_json_line(headings))
        for line in lines:
            opened.write(_json_line([line.number, line.cells]))


def read_sheet(content: bytes) -> tuple[Sequence[str], Iterator[FileLine]]:
    """Read headings and lines by the file's content, not by its name.

    Raises Unreadable, some of it only while the lines are read.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable("The file is larger than 64 MiB: divide it.")
    if content.startswith(_OLD_EXCEL):
        raise Unreadable("This is an old Excel file (XLS): save it as XLSX or CSV.")
    lines = _xlsx(content) if content.startswith(_ZIP) else _csv(content)
    numbered = ((number, cells) for number, cells in enumerate(lines, 1) if any(map(str.strip, cells)))
    _, headings = next(numbered, (0, ()))
    if not headings:
        raise Unreadable("The file is empty.")
    return headings, _lines(numbered)


def _lines(numbered: Iterator[tuple[int, Sequence[str]]]) -> Iterator[FileLine]:
    for count, (number, cells) in enumerate(numbered):
        if count == MOST_ROWS:
            raise Unreadable("The file has more than 500,000 lines: divide it.")
        yield FileLine(number=number, cells=cells)


def _json_line(values: object) -> bytes:
    return json.dumps(values, ensure_ascii=False).encode() + b"\n"


def _csv(content: bytes) -> Iterator[Sequence[str]]:
    text = _decoded(content)
    if "\0" in text:
        raise Unreadable("This is no table: bring a CSV or XLSX file.")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    begins = 1
    try:
        for cells in rows:
            yield [_plain(cell) for cell in cells[:MOST_CELLS]]
            begins = rows.line_num + 1
    except csv.Error as error:
        text = "A cell does not end: look for a quotation mark too many. The row in the file:"
        raise Unreadable(text, [str(begins)]) from error


def _decoded(content: bytes) -> str:
    if content.startswith(_UTF16):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1251", "replace")


def _separator(text: str) -> str:
    """Find the sign that parts the headings most often outside quotation marks."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    bare = "".join(part for number, part in enumerate(first.split('"')) if number % 2 == 0)
    return max(_SEPARATORS, key=lambda sign: (bare.count(sign), -_SEPARATORS.index(sign)))


def _plain(cell: str) -> str:
    """Take away the apostrophe by which an export keeps a text from being a formula."""
    return cell[1:] if cell[:1] == "'" and cell.lstrip("'")[:1] in _FORMULA else cell


def _xlsx(content: bytes) -> Iterator[Sequence[str]]:
    (_, rows), *_ = workbook_sheets(content, most=1)
    yield from rows


def workbook_sheets(content: bytes, *, most: int) -> Sequence[tuple[str, Iterator[Sequence[str]]]]:
    """Open the first sheets of an Excel file, each with its name; raises Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED:
                raise Unreadable("The file is larger than 64 MiB: divide it.")
            names = []
            for name, part in islice(_sheets(packed), most):
                with packed.open(part) as opened:
                    _require_moderate(opened, name)
                names.append(name)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [(name, cells_of_rows(workbook.get_sheet_by_name(name).iter_rows())) for name in names]
    except DAMAGES as error:
        raise Unreadable(DAMAGED) from error


def cells_of_rows(rows: Iterator[Sequence[object]]) -> Iterator[Sequence[str]]:
    for row in rows:
        yield [_text(cell) for cell in row[:MOST_CELLS]]


def _sheets(packed: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Name the sheets in their order, each with its part of the archive; raises KeyError for none."""
    sheets = ET.fromstring(packed.read("xl/workbook.xml")).findall(".//{*}sheet")  # noqa: S314 - confined
    relations = ET.fromstring(packed.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - confined
    if not sheets:
        raise KeyError("sheet")
    for sheet in sheets:
        wanted = next(value for name, value in sheet.attrib.items() if name.endswith("}id"))
        target = next(one.attrib["Target"] for one in relations if one.get("Id") == wanted)
        yield sheet.attrib["name"], target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _require_moderate(sheet: IO[bytes], name: str) -> None:
    """Refuse a sheet with a cell far from its table: memory is taken for all cells between."""
    deepest, widest, kept = 0, "Z", b""
    while piece := sheet.read(_PIECE):
        for found in _FAR.finditer(kept + piece):
            column, row = found[1].decode(), int(found[2])
            deepest, widest = max(deepest, row), max(widest, column, key=_column)
        kept = piece[-_LONGEST_PLACE:]
    if deepest * _column(widest) > MOST_AREA:
        raise Unreadable(TOO_WIDE, [f"{name}!{widest}{deepest}"])


def _column(letters: str) -> int:
    """Count the columns up to this one: 1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _text(cell: object) -> str:
    match cell:
        case bool():
            return "1" if cell else "0"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime():
            return cell.strftime("%d.%m.%Y %H:%M:%S")
        case date():
            return cell.strftime("%d.%m.%Y")
        case time():
            return cell.strftime("%H:%M:%S")
        case _:
            return storable(str(cell))


if __name__ == "__main__":
    main(*sys.argv[1:])
