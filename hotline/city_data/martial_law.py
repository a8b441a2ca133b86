"""Martial law in the city's days off: holidays are working days from one day to another, told by one act."""

from datetime import date

from hotline.city_data.columns import Row, Rows
from hotline.city_data.rows import is_day

SUSPENDED = "suspended"
_SINCE, _UNTIL = "since", "until"


def suspension_at(rows: Rows, day: date) -> int | None:
    """Find the row by which holidays are ordinary days on that day; None: they are days off."""
    found = [at for at, row in enumerate(rows[SUSPENDED]) if _holds(row, day)]
    return found[-1] if found else None


def with_martial_law(rows: Rows, today: date, day: date) -> Rows:
    """Give the rows once somebody has told the day: the last one of what holds `today`, or else the first."""
    at, there = suspension_at(rows, today), [*rows[SUSPENDED]]
    if at is None:
        there.append({_SINCE: day.isoformat(), _UNTIL: ""})
    else:
        there[at] = {**there[at], _UNTIL: day.isoformat()}
    return {**rows, SUSPENDED: there}


def _holds(row: Row, day: date) -> bool:
    if not is_day(row[_SINCE]) or date.fromisoformat(row[_SINCE]) > day:
        return False
    return not is_day(row[_UNTIL]) or day <= date.fromisoformat(row[_UNTIL])
