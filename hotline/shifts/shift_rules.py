"""The shifts that a roster offers, and the rules of rest: data of the city, not code."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from hotline.documents.document import DocumentKind
from hotline.documents.faults import Flaw
from hotline.documents.in_force import InForce
from hotline.documents.named import Named
from hotline.documents.reading import Fields, document_of, note_doubled
from hotline.shifts.hours import hour_of

_LONGEST_REST, _LONGEST_SHIFT, _LONGEST_WEEK, _MOST_LATE = 72, 24, 168, 60
MOST_WEEKS = 26
"""Of an average."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftKind(Named):
    """A shift that is offered by its name; `until` at or before `since` is on the next day."""

    code: str
    since: time
    until: time


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftRules:
    """The kinds by code, in the order in which they are offered; all else is in hours."""

    kinds: Mapping[str, ShiftKind]
    rest_hours: int
    """Between the end of one shift and the beginning of the next, at least."""
    longest_hours: int
    """Of one shift."""
    week_hours: int
    """Of a week on average, over the last `average_weeks`."""
    average_weeks: int
    late_minutes: int
    """How late still counts as on time."""
    swaps_by_rule: bool
    """A swap that keeps all these rules holds once both agree, without the head."""


def read_shift_rules(text: str, _version: int) -> ShiftRules:
    """Read the rules; raises DocumentFaults."""
    document = document_of(text)
    read = [(row, _kind(row)) for row in document.rows("shift")]
    note_doubled(((row, one.code) for row, one in read), "code")
    made = ShiftRules(
        kinds={one.code: one for _, one in read},
        rest_hours=document.number("rest_hours", 0, _LONGEST_REST),
        longest_hours=document.number("longest_hours", 1, _LONGEST_SHIFT),
        week_hours=document.number("week_hours", 1, _LONGEST_WEEK),
        average_weeks=document.number("average_weeks", 1, MOST_WEEKS),
        late_minutes=document.number("late_minutes", 0, _MOST_LATE),
        swaps_by_rule=document.yes("swaps_by_rule", otherwise=False),
    )
    document.end()
    return made


SHIFT_RULES = InForce(DocumentKind.SHIFTS, read_shift_rules)


def shift_rules() -> ShiftRules:
    """Give the rules in force."""
    return SHIFT_RULES.get()


def _kind(row: Fields) -> ShiftKind:
    return ShiftKind(
        code=row.code(),
        uk=row.text("uk"),
        en=row.text("en"),
        since=_hour(row, "since"),
        until=_hour(row, "until"),
    )


def _hour(row: Fields, field: str) -> time:
    """Read an hour of the day such as 08:00; midnight for a fault."""
    text = row.text(field)
    hour = hour_of(text)
    if text and hour is None:
        row.note(Flaw.NO_HOUR, field, value=text)
    return hour or time()
