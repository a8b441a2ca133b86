"""Files become lines of text: CSV in UTF-8, UTF-16 or Windows-1251, with any usual separator; XLSX."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time

from python_calamine import CalamineError, CalamineWorkbook

from hotline.intake.imports import MOST_BYTES, MOST_ROWS
from hotline.intake.lines import FileLine, Sheet, Unreadable

MOST_UNPACKED = 512 * 1024 * 1024
MOST_CELLS = 200
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_SEPARATORS = ";,\t|"
_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read_sheet(content: bytes) -> Sheet:
    """Read the file by its content, not by its name; raises Unreadable."""
    if len(content) > MOST_BYTES:
        raise Unreadable("The file is larger than 64 MiB: divide it.")
    if content.startswith(_OLD_EXCEL):
        raise Unreadable("This is an old Excel file (XLS): save it as XLSX or CSV.")
    lines = _xlsx(content) if content.startswith(_ZIP) else _csv(content)
    numbered = ((number, cells) for number, cells in enumerate(lines, 1) if any(map(str.strip, cells)))
    _, headings = next(numbered, (0, ()))
    if not headings:
        raise Unreadable("The file is empty.")
    found: list[FileLine] = []
    for number, cells in numbered:
        if len(found) == MOST_ROWS:
            raise Unreadable("The file has more than 500,000 lines: divide it.")
        found.append(FileLine(number=number, cells=tuple(cells[:MOST_CELLS])))
    return Sheet(headings=tuple(headings[:MOST_CELLS]), lines=found)


def _csv(content: bytes) -> Iterator[Sequence[str]]:
    text = _decoded(content)
    if "\0" in text:
        raise Unreadable("This is no table: bring a CSV or XLSX file.")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    try:
        for cells in rows:
            yield [_plain(cell) for cell in cells]
    except csv.Error as error:
        raise Unreadable("A cell of this file does not end: look for a quotation mark too many.") from error


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
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED:
                raise Unreadable("The file is larger than 64 MiB: divide it.")
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError, IndexError) as error:
        raise Unreadable("This file is damaged, or no Excel file: save it as XLSX once more.") from error
    yield from _texts(rows)


def _texts(rows: Iterable[Sequence[object]]) -> Iterator[Sequence[str]]:
    for row in rows:
        yield [_text(cell) for cell in row]


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
            return str(cell)
