"""Differences between two versions of a city's document: rows that come, go and change, field by field."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hotline.city_data.columns import SEVERAL, Column, DocumentTable, Row, Rows
from hotline.city_data.rows import parts


class Way(StrEnum):
    """How a row differs."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDifference:
    """A field of a row. Of a list `before` holds what goes, and `after` what comes."""

    column: Column
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDifference:
    """A row that is not in both, or not the same: as it is in the later version, a removed one as it was."""

    table: DocumentTable
    way: Way
    row: Row
    place: int | None
    """Where it stands in the later version, from 0; None for a removed one."""
    fields: Sequence[FieldDifference] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """All rows that differ, table by table, and the tables whose rows stand in another order alone."""

    rows: Sequence[RowDifference]
    reordered: Sequence[DocumentTable]

    def __len__(self) -> int:
        return len(self.rows) + len(self.reordered)


def differences(tables: Sequence[DocumentTable], before: Rows, after: Rows) -> Differences:
    """Compare two versions. A row is the same one when it has the same code."""
    found: list[RowDifference] = []
    reordered = []
    for table in tables:
        was, now = before.get(table.key, ()), after.get(table.key, ())
        rows = [*_of_table(table, was, now)]
        found += rows
        if not rows and list(was) != list(now):
            reordered.append(table)
    return Differences(rows=found, reordered=reordered)


def _of_table(table: DocumentTable, before: Sequence[Row], after: Sequence[Row]) -> Iterator[RowDifference]:
    left = _by_code(table, before)
    for place, row in enumerate(after):
        same = left[_code(table, row)]
        if not same:
            yield RowDifference(table=table, way=Way.ADDED, row=row, place=place)
        elif fields := [*_fields(table, same.pop(0), row)]:
            yield RowDifference(table=table, way=Way.CHANGED, row=row, place=place, fields=fields)
    for rows in left.values():
        for row in rows:
            yield RowDifference(table=table, way=Way.REMOVED, row=row, place=None)


def _by_code(table: DocumentTable, rows: Sequence[Row]) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[_code(table, row)].append(row)
    return found


def _code(table: DocumentTable, row: Row) -> str:
    return row.get(table.known_by, "")


def _fields(table: DocumentTable, before: Row, after: Row) -> Iterator[FieldDifference]:
    for column in table.columns:
        was, now = before.get(column.key, ""), after.get(column.key, "")
        if was == now:
            continue
        if column.holds in SEVERAL:
            had, has = parts(was), parts(now)
            was = ", ".join(one for one in had if one not in has)
            now = ", ".join(one for one in has if one not in had)
        yield FieldDifference(column=column, before=was, after=now)
