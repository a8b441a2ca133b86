"""Files of registers as lines: what is read, what is refused and why, and that no file ends the service."""

import asyncio
import io
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hotline.intake.lines import Unreadable
from storage.intake import sheets
from storage.intake.kept_lines import LineFolder
from storage.intake.sheets import TOO_MUCH, TOO_WIDE, read_sheet

_OOXML = "http://schemas.openxmlformats.org"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_OOXML}/package/2006/content-types"/>',
    "_rels/.rels": f'<Relationships xmlns="{_OOXML}/package/2006/relationships"><Relationship Id="R0"'
    f' Type="{_OOXML}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>",
    "xl/workbook.xml": f'<workbook xmlns="{_OOXML}/spreadsheetml/2006/main"'
    f' xmlns:r="{_OOXML}/officeDocument/2006/relationships">'
    '<sheets><sheet name="Люди" sheetId="1" r:id="R1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_OOXML}/package/2006/relationships">'
    f'<Relationship Id="R1" Type="{_OOXML}/officeDocument/2006/relationships/worksheet"'
    ' Target="worksheets/one.xml"/></Relationships>',
}
_SHEET = f'<worksheet xmlns="{_OOXML}/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'


def workbook(*cells: str, blank: str = " ") -> bytes:
    """A workbook of a kilobyte with "1" in these cells; `blank` stands before their places."""
    rows = "".join(
        f'<row{blank}r="{one.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}"><c{blank}r="{one}"><v>1</v></c></row>'
        for one in cells
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in {**_PARTS, "xl/worksheets/one.xml": _SHEET % rows}.items():
            packed.writestr(name, content)
    return made.getvalue()


def rows(content: bytes) -> list[list[str]]:
    headings, lines = read_sheet(content)
    return [list(headings), *(list(line.cells) for line in lines)]


@pytest.mark.parametrize("last", ["XFD1048576", "XFD3000", "AA999999"])
def test_a_stray_cell_far_from_the_table_is_named_before_memory_is_taken(last: str) -> None:
    with pytest.raises(Unreadable) as refused:
        rows(workbook("A1", "A2", last))
    assert (refused.value.message, refused.value.about) == (TOO_WIDE, [f"Люди!{last}"])


def test_a_stray_cell_near_enough_hurts_nobody() -> None:
    assert rows(workbook("A1", "A2", "XFD3"))[:2] == [["1"] + [""] * 199, ["1"] + [""] * 199]
    assert len(rows(workbook("A1", "A2", "B400000"))) == 3


async def test_a_workbook_that_ends_the_program_which_reads_it_ends_nothing_else(tmp_path: Path) -> None:
    """The places are written so that they are not seen beforehand: half a terabyte is asked for."""
    folder = LineFolder(tmp_path)
    with pytest.raises(Unreadable, match=TOO_MUCH):
        async with folder.read(workbook("A1", "XFD1048576", blank="\n")):
            pass
    assert list(tmp_path.iterdir()) == []


async def test_a_reading_that_is_given_up_ends_its_program_and_leaves_nothing(tmp_path: Path) -> None:
    folder = LineFolder(tmp_path)

    async def read() -> None:
        async with folder.read("ПІБ\n".encode() + b"x\n" * 400_000):
            pass

    reading = asyncio.create_task(read())
    while not list(tmp_path.iterdir()):
        await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_that_grows_beyond_bounds_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_UNPACKED", 100)
    with pytest.raises(Unreadable, match="larger"):
        rows(workbook("A1"))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0", "XLS"),
        (b"PK\x03\x04 damaged", "damaged"),
        ('ПІБ\nОлена\n"Марія'.encode() + b"x" * 200_000, "quotation"),
        (b"a\0b", "no table"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_what_to_do(content: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why) as refused:
        rows(content)
    assert why != "quotation" or refused.value.about == ["3"], "the row where the quotation mark stands"


def test_a_file_with_too_many_lines_is_to_be_divided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 2)
    assert len(rows(b"a\n1\n2\n")) == 3
    with pytest.raises(Unreadable, match="divide"):
        rows(b"a\n1\n2\n3\n")


@given(content=some.binary(max_size=300) | some.text(max_size=200).map(str.encode))
def test_any_file_is_a_table_or_is_refused(content: bytes) -> None:
    for one in (content, "ПІБ\n".encode() + content, b"PK\x03\x04" + content):
        with suppress(Unreadable):
            assert all(isinstance(cell, str) for line in rows(one) for cell in line)
