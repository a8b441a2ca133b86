"""Cells of a city's documents as people read and write them, in words of their language."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from hotline.city.search_terms import normalised
from hotline.city_data.columns import SEVERAL, Choice, Column, DocumentTable, Holds, Rows
from hotline.city_data.rows import BETWEEN, is_day, parts

FLAGS = (Choice(value="yes", uk="так", en="yes"), Choice(value="no", uk="ні", en="no"))
_FLAGS_TOO = {"yes": {"1", "є", "true", "істина", "правда"}, "no": {"0", "немає", "false", "хибність"}}
_SIGNS = {"+": "yes", "-": "no", "−": "no", "–": "no"}
_UNITS = {
    "minutes": (("хвилина", "хвилини", "хвилин"), ("minute", "minutes")),
    "hours": (("година", "години", "годин"), ("hour", "hours")),
    "days": (("день", "дні", "днів"), ("day", "days")),
    "months": (("місяць", "місяці", "місяців"), ("month", "months")),
}
_SHORT = {"хв": "minutes", "год": "hours", "дн": "days", "дня": "days", "доба": "days", "доби": "days"}
_SHORT |= {"діб": "days", "міс": "months", "хвилину": "minutes", "годину": "hours", "місяця": "months"}
_TERM = re.compile(r"(\d{1,4})\s*([^\W\d_]+)\.?")
_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?: 00:00:00)?")
_DAY_OF_YEAR = re.compile(r"(\d{1,2})\.(\d{1,2})\.?(?:\d{4})?(?: 00:00:00)?")
_SEPARATORS = re.compile(r"[,;\n]")
_MONTHS = (
    *("січня", "лютого", "березня", "квітня", "травня", "червня"),
    *("липня", "серпня", "вересня", "жовтня", "листопада", "грудня"),
)
_NAMED_DAY = re.compile(rf"(\d{{1,2}}) ({'|'.join(_MONTHS)})")
_FEW, _TENS = range(2, 5), range(11, 15)


def choices(column: Column, rows: Rows, tables: Sequence[DocumentTable]) -> Sequence[Choice]:
    """Name what the column may hold: its own choices, or the rows of another table by their codes."""
    if column.holds is Holds.FLAG:
        return FLAGS
    if not column.of:
        return column.among
    table = next(one for one in tables if one.key == column.of)
    return [
        Choice(value=row[table.known_by], uk=table.row_name(row, "uk"), en=table.row_name(row, "en"))
        for row in rows.get(table.key, ())
    ]


def shown(column: Column, cell: str, language: str, among: Sequence[Choice] = ()) -> str:
    """Write the cell in the reader's language; what cannot be read is shown as it stands."""
    names = {one.value: one.name(language) for one in among}
    match column.holds:
        case Holds.ONE_OF | Holds.FLAG:
            return names.get(cell, cell)
        case Holds.SOME_OF:
            named = [names.get(one, one) for one in parts(cell)]
            return ("; " if any("," in one for one in named) else BETWEEN).join(named)
        case Holds.TERM:
            return _term_shown(cell, language)
        case Holds.DAY | Holds.DAYS:
            return BETWEEN.join(day_shown(one) for one in parts(cell))
        case Holds.DAY_OF_YEAR:
            month, dash, day = cell.partition("-")
            return f"{day}.{month}" if dash else cell
        case _:
            return cell


def understood(column: Column, typed: str, among: Sequence[Choice] = ()) -> str:
    """Read what somebody typed, in either language; what is not understood stays as typed, and is a fault."""
    if column.holds in SEVERAL:
        known = {normalised(name) for one in among for name in (one.uk, one.en)}
        given = (" ".join(one.split()) for one in _divided(typed, known))
        return BETWEEN.join(dict.fromkeys(_one(column, one, among) for one in given if one))
    return _one(column, " ".join(typed.split()), among)


def _divided(typed: str, known: Collection[str]) -> Iterator[str]:
    """Divide what stands in a cell; a comma within a known name divides nothing."""
    for part in re.split(r"[;\n]", typed):
        yield from [part] if normalised(part) in known else _SEPARATORS.split(part)


def _one(column: Column, text: str, among: Sequence[Choice]) -> str:
    match column.holds:
        case Holds.FLAG:
            return _SIGNS.get(text) or _chosen(text, FLAGS, _FLAGS_TOO)
        case Holds.ONE_OF | Holds.SOME_OF:
            return _chosen(text, among, {})
        case Holds.TERM:
            return _term_understood(text)
        case Holds.DAY | Holds.DAYS:
            return _day(text)
        case Holds.DAY_OF_YEAR:
            return _day_of_year(text)
        case _:
            return text


def _chosen(text: str, among: Sequence[Choice], further: Mapping[str, set[str]]) -> str:
    exactly = next((one.value for one in among if one.value == text), None)
    if exactly is not None:
        return exactly
    wanted = normalised(text)
    known = (
        one.value
        for one in among
        if wanted and wanted in {normalised(one.uk), normalised(one.en), *further.get(one.value, ())}
    )
    return next(known, text)


def _term_shown(cell: str, language: str) -> str:
    amount, _, unit = cell.partition(" ")
    if unit not in _UNITS or not amount.isdecimal():
        return cell
    ukrainian, english = _UNITS[unit]
    return f"{amount} {english[amount != '1'] if language == 'en' else ukrainian[_plural(int(amount))]}"


def _plural(amount: int) -> int:
    if amount % 100 in _TENS:
        return 2
    return 0 if amount % 10 == 1 else 1 if amount % 10 in _FEW else 2


def _term_understood(text: str) -> str:
    found = _TERM.fullmatch(text.casefold())
    if found is None:
        return text
    word = found[2]
    unit = next((one for one, forms in _UNITS.items() if word in {*forms[0], *forms[1]}), _SHORT.get(word))
    return f"{int(found[1])} {unit}" if unit else text


def day_shown(text: str) -> str:
    """Write a day as people in the city do."""
    return f"{date.fromisoformat(text):%d.%m.%Y}" if is_day(text) else text


def _day(text: str) -> str:
    found = _DAY.fullmatch(text)
    written = f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}" if found else text
    return written if is_day(written) else text


def _day_of_year(text: str) -> str:
    if named := _NAMED_DAY.fullmatch(text.casefold()):
        return f"{_MONTHS.index(named[2]) + 1:02}-{int(named[1]):02}"
    found = _DAY_OF_YEAR.fullmatch(text)
    return f"{int(found[2]):02}-{int(found[1]):02}" if found else text
