"""Documents as their pages show them: rows in groups, with the name first and further texts beneath it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from hotline.city.search_terms import normalised
from hotline.city_data.cells import choices, shown
from hotline.city_data.columns import Choice, Column, DocumentTable, Row, Rows
from hotline.city_data.working_copy import column_of
from hotline.documents.faults import DocumentFault

_NAMING = frozenset({"uk", "en", "code"})
"""Columns that are shown with the row's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRow:
    """A row as the page shows it: its name, smaller lines beneath the name, and the cells of the columns."""

    place: int
    name: str
    beneath: Sequence[str]
    cells: Sequence[str]
    faulty: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownGroup:
    """Rows under one heading, "" where the table has no groups."""

    heading: str
    rows: Sequence[ShownRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTable:
    """A table as the page shows it, with the rows that the search found; `of` counts all its rows."""

    table: DocumentTable
    headings: Sequence[str]
    groups: Sequence[ShownGroup]
    of: int


@dataclass(frozen=True, slots=True)
class Showing:
    """Makes the tables of one document: of all rows that have the words that are sought."""

    tables: Sequence[DocumentTable]
    rows: Rows
    language: str
    sought: str = ""
    faulty: Collection[tuple[str, int]] = ()
    """Rows with a mistake: the table's key, and the place from 1."""

    def all(self) -> Sequence[ShownTable]:
        return [self._table(table) for table in self.tables]

    def _table(self, table: DocumentTable) -> ShownTable:
        beside = [one for one in table.columns if not _with_name(table, one)]
        group = next((one for one in beside if one.groups), None)
        columns = [one for one in beside if one is not group]
        among = {one.key: choices(one, self.rows, self.tables) for one in table.columns}
        found = []
        for place, row in enumerate(self.rows[table.key]):
            cells = {
                one.key: shown(one, row[one.key], self.language, among[one.key]) for one in table.columns
            }
            if has(cells.values(), self.sought):
                made = ShownRow(
                    place=place,
                    name=self._name(table, row, among),
                    beneath=self._beneath(table, row, cells),
                    cells=[cells[one.key] or "—" for one in columns],
                    faulty=(table.key, place + 1) in self.faulty,
                )
                found.append((cells[group.key] if group else "", made))
        return ShownTable(
            table=table,
            headings=[one.name(self.language) for one in columns],
            groups=_grouped(found),
            of=len(self.rows[table.key]),
        )

    def _name(self, table: DocumentTable, row: Row, among: Mapping[str, Sequence[Choice]]) -> str:
        name = table.row_name(row, self.language)
        if table.single or table.called == "uk":
            return name or "—"
        return shown(table.column(table.called), name, self.language, among[table.called]) or "—"

    def _beneath(self, table: DocumentTable, row: Row, cells: Mapping[str, str]) -> Sequence[str]:
        other = row.get("uk" if self.language == "en" else "en", "")
        code = row.get("code", "")
        smaller = [one for one in table.columns if one.beneath and cells[one.key]]
        lines = [f"{one.name(self.language)}: {cells[one.key]}" for one in smaller]
        return [" · ".join(filter(None, (code, other))), *lines]


def _with_name(table: DocumentTable, column: Column) -> bool:
    return column.beneath or column.key in _NAMING or column.key == table.called


def _grouped(found: Sequence[tuple[str, ShownRow]]) -> Sequence[ShownGroup]:
    """Put rows together by their headings, in the order in which these come; those without one last."""
    order = {heading: at for at, heading in enumerate(dict.fromkeys(heading for heading, _ in found))}
    sorted_ones = sorted(found, key=lambda one: (not one[0], order[one[0]]))
    return [
        ShownGroup(heading=heading, rows=[row for _, row in of])
        for heading, of in groupby(sorted_ones, key=lambda one: one[0])
    ]


def has(cells: Collection[str], sought: str) -> bool:
    """Tell whether the cells have words that begin as those that are sought."""
    there = normalised(" ".join(cells)).split()
    return all(any(word.startswith(part) for word in there) for part in normalised(sought).split())


def faulty_rows(faults: Sequence[DocumentFault]) -> Collection[tuple[str, int]]:
    return {(one.table, one.place) for one in faults}


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultPlace:
    """Name the place of a fault in words, and the address of the form that mends it ("": there is none)."""

    words: str
    form: str


def in_words(
    fault: DocumentFault, tables: Sequence[DocumentTable], rows: Rows, language: str
) -> DocumentFault:
    """Give the fault with what it names as the page writes it: `24 години`, not `24 hours`."""
    column = next((one for one in _table_of(fault, tables).columns if one.key == column_of(fault)), None)
    if column is None:
        return fault
    among = choices(column, rows, tables)
    values = dict(fault.values)
    if "value" in values:
        values["value"] = shown(column, str(values["value"]), language, among)
    if "choices" in values and among:
        values["choices"] = ", ".join(one.name(language) for one in among)
    return replace(fault, values=values)


def _table_of(fault: DocumentFault, tables: Sequence[DocumentTable]) -> DocumentTable:
    """Find the fault's table: what is in none of many rows stands in the table of one row."""
    named = (one for one in tables if not one.single and one.key == fault.table)
    single = (one for one in tables if one.single)
    return next(named, None) or next(single, tables[0])


def place_of(fault: DocumentFault, tables: Sequence[DocumentTable], language: str) -> FaultPlace:
    """Say where the fault stands."""
    key = column_of(fault)
    table = _table_of(fault, tables)
    column = next((one for one in table.columns if one.key == key), None)
    row = f"{fault.place} ({fault.row})" if fault.place and fault.row else str(fault.place or fault.row)
    words = [table.name(language), row, column.name(language) if column else ""]
    form = "general/0" if table.single else f"{table.key}/{fault.place - 1}" if fault.place else ""
    return FaultPlace(words=", ".join(filter(None, words)), form=form)
