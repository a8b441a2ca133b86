"""Writes one XLSX file, as a program of its own: in the service it would hold the interpreter for seconds.

python workbook.py FILE: reads JSON lines. {"sheet": "…", "about": ["…"], "headings": ["…"], "as_text": false}
begins a sheet, with lines above its headings; its rows follow, whose cells are text, numbers, null,
{"moment": "2026-03-02T14:00:00"} (the city's time) or {"day": "2026-03-02"}. Memory is constant. `as_text`:
what people type into its columns stays the text that they typed, and 7.10 becomes no day.
"""

import json
import os
import sys
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

LONGEST_CELL = 32_767
"""Excel's limit; a longer text is cut, and ends in an ellipsis."""
_LONGEST_SHEET_NAME = 31
_NOT_IN_SHEET_NAMES = str.maketrans("[]:*?/\\'", " " * 8)
_WIDTHS = (12, 60)
"""The narrowest and the widest column, in digits."""
_POLITE = 10


class Sheet:
    """A sheet to which rows are appended; text stays text, whatever it looks like."""

    def __init__(self, workbook: Any, name: str, *, as_text: bool) -> None:
        self._sheet = workbook.add_worksheet(name.translate(_NOT_IN_SHEET_NAMES)[:_LONGEST_SHEET_NAME])
        self._text = workbook.add_format({"num_format": "@"}) if as_text else None
        self._bold = workbook.add_format({"bold": True})
        self._moment = workbook.add_format({"num_format": "dd.mm.yyyy hh:mm:ss"})
        self._day = workbook.add_format({"num_format": "dd.mm.yyyy"})
        self._row = 0

    def head(self, about: list[str], headings: list[str]) -> None:
        for line in about:
            self._sheet.write_string(self._row, 0, line, None if self._row else self._bold)
            self._row += 1
        self._row += bool(about)
        narrowest, widest = _WIDTHS
        for column, heading in enumerate(headings):
            width = min(widest, max(narrowest, len(heading) + 8))
            self._sheet.set_column(column, column, width, self._text)
            self._sheet.write_string(self._row, column, heading, self._bold)
        self._row += 1
        self._sheet.freeze_panes(self._row, 0)

    def add(self, cells: list[Any]) -> None:
        for column, cell in enumerate(cells):
            self._write(column, cell)
        self._row += 1

    def _write(self, column: int, cell: Any) -> None:
        match cell:
            case None | "":
                pass
            case str():
                self._sheet.write_string(self._row, column, _fitting(cell), self._text)
            case {"moment": moment}:
                self._sheet.write_datetime(self._row, column, datetime.fromisoformat(moment), self._moment)
            case {"day": day}:
                self._sheet.write_datetime(self._row, column, date.fromisoformat(day), self._day)
            case _:
                self._sheet.write_number(self._row, column, cell)


def write(file: Path, lines: Iterable[str | bytes]) -> None:
    """Write the workbook; `lines` are as the module says."""
    options = {"constant_memory": True, "tmpdir": str(file.parent)}
    with xlsxwriter.Workbook(str(file), options) as workbook:
        sheet: Sheet | None = None
        for line in map(json.loads, lines):
            if isinstance(line, dict):
                sheet = Sheet(workbook, line["sheet"], as_text=line["as_text"])
                sheet.head(line["about"], line["headings"])
            elif sheet:
                sheet.add(line)


def _fitting(text: str) -> str:
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"


if __name__ == "__main__":
    os.nice(_POLITE)  # calls come first
    write(Path(sys.argv[1]), sys.stdin.buffer)
