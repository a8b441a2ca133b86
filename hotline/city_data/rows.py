"""Documents of a city's data as rows: their TOML becomes rows of plain text, and rows become TOML again."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from hotline.city_data.columns import SEVERAL, Column, DocumentTable, Holds, Row, Rows

BETWEEN = ", "
_LONGEST_NUMBER = 9
_TRUTH = {"yes": True, "no": False}


def rows_of(tables: Sequence[DocumentTable], text: str) -> Rows:
    """Read the rows of well-formed TOML, whatever stands in it; raises tomllib.TOMLDecodeError."""
    read = tomllib.loads(text)
    return {table.key: [_row(table, one) for one in _tables_of(table, read)] for table in tables}


def without(tables: Sequence[DocumentTable], rows: Rows, table: DocumentTable, place: int) -> Rows:
    """Take a row out. Rows that name it name it no more, and go along if they were for it alone."""
    gone = rows[table.key][place].get(table.known_by, "")
    left = [one for at, one in enumerate(rows[table.key]) if at != place]
    others = {**rows, table.key: left}
    if any(one.get(table.known_by) == gone for one in left):  # written twice: the other one is named yet
        return others
    return {one.key: [*_unnamed(one, others.get(one.key, ()), table.key, gone)] for one in tables}


def _unnamed(table: DocumentTable, rows: Sequence[Row], of: str, code: str) -> Iterator[Row]:
    naming = [one.key for one in table.columns if one.holds is Holds.SOME_OF and one.of]
    mine = [one.key for one in table.columns if one.holds is Holds.SOME_OF and one.of == of]
    for row in rows:
        left = {key: BETWEEN.join(one for one in parts(row.get(key, "")) if one != code) for key in mine}
        now = {**row, **left}
        if now == row or any(now.get(key) for key in naming):
            yield now


def text_of(tables: Sequence[DocumentTable], rows: Rows) -> str:
    """Write the rows as TOML; what cannot be read as its column holds is written as a text."""
    parts = [_head(table, rows.get(table.key, ())) for table in tables if table.single]
    parts += [_entry(table, row) for table in tables if not table.single for row in rows.get(table.key, ())]
    return "\n".join(one for one in parts if one)


def unknown_in(tables: Sequence[DocumentTable], text: str) -> Sequence[str]:
    """Name the keys of the TOML that are in no table, such as `category.colour`: rows would lose them."""
    read = tomllib.loads(text)
    return sorted({*_unknown(tables, read)})


def _unknown(tables: Sequence[DocumentTable], read: Mapping[str, Any]) -> Iterator[str]:
    arrays = {table.key: {column.key for column in table.columns} for table in tables if not table.single}
    single = {column.key for table in tables if table.single for column in table.columns}
    for key, value in read.items():
        if key in arrays:
            for one in value if isinstance(value, list) else [value]:
                yield from (
                    (f"{key}.{inner}" for inner in one if inner not in arrays[key])
                    if isinstance(one, dict)
                    else (key,)
                )
        elif isinstance(value, dict):
            yield from (f"{key}.{inner}" for inner in value if f"{key}.{inner}" not in single)
        elif key not in single:
            yield key


def _tables_of(table: DocumentTable, read: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    if table.single:
        return [read]
    found = read.get(table.key, [])
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _row(table: DocumentTable, read: Mapping[str, Any]) -> Row:
    return {column.key: _cell(column, _value(column.key, read)) for column in table.columns}


def _value(key: str, read: Mapping[str, Any]) -> Any:
    outer, dot, inner = key.partition(".")
    if not dot:
        return read.get(key)
    within = read.get(outer)
    return within.get(inner) if isinstance(within, dict) else None


def _cell(column: Column, value: Any) -> str:
    match value:
        case None:
            return column.otherwise
        case bool():
            return "yes" if value else "no"
        case date():
            return value.isoformat()
        case list():
            return BETWEEN.join(str(one) for one in value)
        case _:
            return str(value)


def _head(table: DocumentTable, rows: Sequence[Row]) -> str:
    """Write the table of one row: plain keys first, then those of tables within."""
    row = rows[0] if rows else {}
    plain = [column for column in table.columns if "." not in column.key]
    lines = [*_lines(plain, row)]
    outer = dict.fromkeys(one.key.partition(".")[0] for one in table.columns if "." in one.key)
    for name in outer:
        within = [*_lines([one for one in table.columns if one.key.startswith(f"{name}.")], row)]
        lines += [f"\n[{name}]", *within]
    return "".join(f"{line}\n" for line in lines)


def _entry(table: DocumentTable, row: Row) -> str:
    return "".join(f"{line}\n" for line in (f"[[{table.key}]]", *_lines(table.columns, row)))


def _lines(columns: Sequence[Column], row: Row) -> Iterator[str]:
    for column in columns:
        cell = row.get(column.key, "")
        if column.needed or cell not in {"", column.otherwise}:
            yield f"{column.key.rpartition('.')[2]} = {_written(column, cell)}"


def _written(column: Column, cell: str) -> str:
    if column.holds in SEVERAL:
        return f"[{BETWEEN.join(_quoted(one) for one in parts(cell))}]"
    if column.holds is Holds.FLAG and cell in _TRUTH:
        return "true" if _TRUTH[cell] else "false"
    if column.holds is Holds.DAY and is_day(cell):
        return cell
    if column.holds is Holds.NUMBER and is_number(cell):
        return cell
    return _quoted(cell)


def parts(cell: str) -> Sequence[str]:
    """Divide a cell that holds several."""
    return [one for one in cell.split(BETWEEN) if one]


def is_day(text: str) -> bool:
    """Tell whether it is a day as TOML writes one."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def is_number(text: str) -> bool:
    """Tell whether it is a whole number as TOML writes one."""
    return text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER and text == str(int(text))


def _quoted(text: str) -> str:
    """Write a basic string of TOML."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return '"' + "".join(one if one.isprintable() else f"\\U{ord(one):08X}" for one in escaped) + '"'
