"""Files of a city's documents: sheets become rows, in the columns that the pages show.

A sheet is a table's by its name, or by its headings. Tables that the file has not stay as they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from hotline.city.search_terms import normalised
from hotline.city_data.cells import choices, understood
from hotline.city_data.columns import Choice, Column, DocumentTable, Row, Rows
from hotline.intake.lines import Unreadable

MOST_BYTES = 4 * 1024 * 1024
TOO_LARGE = "The file is larger than 4 MiB: it is not one of this document."
MOST_ROWS = 2000
"""Of one table."""
MOST_SHEETS = 20
NO_TABLE = (
    "None of the sheets is a table of this document: take the downloaded file as a pattern. The sheets:"
)
TWICE = "Two sheets are the same table: leave one of them. The sheets:"
TOO_MANY_ROWS = "A table has more than 2,000 rows: it is not one of this document. The sheet:"
MISSING_HEADINGS = "These headings are missing in the first line:"
UNKNOWN_HEADINGS = "These headings are not known here: take them out. The headings:"
TWICE_HEADED = "A heading stands twice: leave one of them."


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSheet:
    """One sheet of a file as text: its name, "" in a CSV file, and its lines that are not empty."""

    name: str
    lines: Sequence[Sequence[str]]


class SheetReader(Protocol):
    """Reads the sheets of a foreign file, where what harms the reader harms nothing else."""

    async def __call__(self, content: bytes) -> Sequence[FileSheet]:
        """Read an XLSX, ODS or CSV file; raises Unreadable."""
        ...


def rows_brought(tables: Sequence[DocumentTable], present: Rows, sheets: Sequence[FileSheet]) -> Rows:
    """Give the document's rows with those of the file in their tables' place; raises Unreadable."""
    found: dict[str, FileSheet] = {}
    for sheet in sheets:
        table = _table_of(tables, sheet)
        if table is None:
            continue
        if table.key in found:
            raise Unreadable(TWICE, [found[table.key].name, sheet.name])
        found[table.key] = sheet
    if not found:
        raise Unreadable(NO_TABLE, [one.name for one in sheets])
    cells = {table.key: _cells(table, found[table.key]) for table in tables if table.key in found}
    codes: Rows = {**present, **cells}
    return {**present, **{key: _read(_of(tables, key), rows, codes, tables) for key, rows in cells.items()}}


def _of(tables: Sequence[DocumentTable], key: str) -> DocumentTable:
    return next(one for one in tables if one.key == key)


def _table_of(tables: Sequence[DocumentTable], sheet: FileSheet) -> DocumentTable | None:
    """Tell whose sheet it is: by its name; else the table of most columns that are all headed."""
    if not sheet.lines:
        return None
    name = normalised(sheet.name)
    named = next((one for one in tables if name and name in {*map(normalised, _names(one))}), None)
    if named:
        return named
    headings = {normalised(one) for one in sheet.lines[0]}
    headed = [
        one
        for one in tables
        if all(headings & {*map(normalised, _headings(column))} for column in one.columns)
    ]
    return max(headed, key=lambda one: len(one.columns), default=None)


def _names(table: DocumentTable) -> Sequence[str]:
    """Name the table as sheets are named: a name that is too long for one is cut."""
    names = [name for name in (table.key, table.uk, table.en) if name]
    return [*names, *(sheet_name(one) for one in names)]


def sheet_name(name: str) -> str:
    """Cut a table's name to what a sheet can be called."""
    return name[:31]


def _headings(column: Column) -> Sequence[str]:
    return column.key, column.uk, column.en


def _cells(table: DocumentTable, sheet: FileSheet) -> Sequence[Row]:
    headings, *lines = sheet.lines
    if len(lines) > MOST_ROWS:
        raise Unreadable(TOO_MANY_ROWS, [sheet.name])
    places: dict[str, int] = {}
    unknown = []
    for place, heading in enumerate(headings):
        wanted = normalised(heading)
        column = next((one for one in table.columns if wanted in {*map(normalised, _headings(one))}), None)
        if column is None:
            unknown += [heading] if wanted else []
        elif column.key in places:
            raise Unreadable(TWICE_HEADED, [heading])
        else:
            places[column.key] = place
    if missing := [one.uk for one in table.columns if one.key not in places]:
        raise Unreadable(MISSING_HEADINGS, missing)
    if unknown:
        raise Unreadable(UNKNOWN_HEADINGS, unknown)
    return [{key: line[at] if at < len(line) else "" for key, at in places.items()} for line in lines]


def _read(
    table: DocumentTable, cells: Sequence[Row], codes: Rows, tables: Sequence[DocumentTable]
) -> Sequence[Row]:
    among = {column.key: choices(column, codes, tables) for column in table.columns}
    rows = [_row(table, row, among) for row in cells]
    return rows[:1] if table.single else rows


def _row(table: DocumentTable, cells: Row, among: Mapping[str, Sequence[Choice]]) -> Row:
    return {
        column.key: understood(column, cells[column.key], among[column.key]) or column.otherwise
        for column in table.columns
    }
