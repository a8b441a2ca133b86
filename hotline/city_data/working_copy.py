"""The working copy of a document: its draft, or the version in force where there is none."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from hotline.city_data.cells import choices
from hotline.city_data.columns import Choice, Column, DocumentTable, Row, Rows
from hotline.city_data.differences import Differences, differences
from hotline.city_data.kinds import in_force, read
from hotline.city_data.rows import rows_of, text_of, without
from hotline.city_data.tables import TABLES
from hotline.documents.document import Document, DocumentKind, revision
from hotline.documents.faults import DocumentFault, DocumentFaults


@dataclass(frozen=True)
class WorkingCopy:
    """What a person sees and changes; `seen` names it, so that nobody overwrites what they did not see."""

    present: Document
    draft: Document | None

    @property
    def kind(self) -> DocumentKind:
        return self.present.kind

    @property
    def tables(self) -> Sequence[DocumentTable]:
        return TABLES[self.kind]

    @property
    def text(self) -> str:
        return (self.draft or self.present).text

    @property
    def seen(self) -> str:
        return revision(self.present.version, self.draft)

    @cached_property
    def rows(self) -> Rows:
        return rows_of(self.tables, self.text)

    @cached_property
    def faults(self) -> Sequence[DocumentFault]:
        return faults_of(self.kind, self.text)

    @cached_property
    def differences(self) -> Differences:
        return differences(self.tables, rows_of(self.tables, self.present.text), self.rows)

    def among(self, column: Column) -> Sequence[Choice]:
        return choices(column, self.rows, self.tables)

    def find(self, table: DocumentTable, place: int, code: str) -> int | None:
        """Find where the row with the code stands now, at `place` first of all; None: it was removed."""
        rows = self.rows[table.key]
        if place < len(rows) and (table.single or rows[place][table.known_by] == code):
            return place
        return next((at for at, row in enumerate(rows) if row[table.known_by] == code), None)

    def with_row(self, table: DocumentTable, row: Row, place: int | None, to: int) -> Rows:
        """Give the rows with this one at `to`, instead of the one at `place` (None: it is new)."""
        rows = [one for at, one in enumerate(self.rows[table.key]) if at != place]
        rows.insert(to, row)
        return {**self.rows, table.key: rows}

    def without_row(self, table: DocumentTable, place: int) -> Rows:
        return without(self.tables, self.rows, table, place)

    def written(self, rows: Rows) -> str:
        return text_of(self.tables, rows)


def faults_of(kind: DocumentKind, text: str) -> Sequence[DocumentFault]:
    """Name all that keeps the text from coming into force."""
    try:
        read(kind, text, former=in_force(kind))
    except DocumentFaults as found:
        return found.faults
    return ()


def faults_of_row(
    faults: Sequence[DocumentFault], table: DocumentTable, place: int
) -> dict[str, DocumentFault]:
    """Give the faults of one row by the columns' keys; one of the whole row stands at its first column."""
    found: dict[str, DocumentFault] = {}
    for fault in faults:
        key = column_of(fault)
        of_row = not fault.place if table.single else (fault.table, fault.place) == (table.key, place + 1)
        if not of_row:
            continue
        if table.single and all(key != one.key for one in table.columns):
            continue
        found.setdefault(key if any(key == one.key for one in table.columns) else table.columns[0].key, fault)
    return found


def column_of(fault: DocumentFault) -> str:
    """Give the key of the fault's column: a table of one row has the keys of tables within it."""
    return f"{fault.table}.{fault.field}" if fault.table and not fault.place and fault.field else fault.field
