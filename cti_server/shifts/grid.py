"""The grid of a week: a line for each person, a cell for each day, in words as they are typed and shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from gettext import NullTranslations
from zoneinfo import ZoneInfo

from aiohttp import web

from cti_server.city_data.words import WEEKDAYS
from cti_server.frame.language import N_, language_of, words_of
from cti_server.shifts.sources import SHIFTS
from hotline.access.permissions import Permission
from hotline.access.users import User
from hotline.shifts.hours import hours_between, hours_text
from hotline.shifts.rest import Breach, Hours, ShiftBreach, breaches, hours_of
from hotline.shifts.roster import DAY, Shift, by_cell
from hotline.shifts.shift_rules import ShiftKind, ShiftRules, shift_rules
from hotline.shifts.wishes import DayWish, Wish, by_person_and_day

WEEK_DAYS = 7
SENIOR = "*"
"""Behind the shift of its senior, as it is typed and shown."""
BREACHES: Mapping[Breach, str] = {
    Breach.OVERLAPS: N_("begins before the one before it has ended"),
    Breach.REST: N_("%(hours)s h of rest before it, at least %(rule)s are needed"),
    Breach.TOO_LONG: N_("lasts %(hours)s h, at most %(rule)s are allowed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One person's day; `text` is what stands in it, `fault` why it cannot be read."""

    name: str
    """Of its field in the form."""
    day: date
    text: str
    hours: str = ""
    """Of the shift that stands there."""
    fault: str = ""
    amiss: Sequence[str] = ()
    """In words: which rules of rest the shift breaks."""
    wish: DayWish | None = None

    @property
    def against(self) -> bool:
        """Tell whether a shift stands on a day that its person asks to have off."""
        return self.wish is not None and self.wish.wish is Wish.OFF and bool(self.hours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One person's week; `over` when the average is above the rule's."""

    user: User
    cells: Sequence[Cell]
    hours: Hours
    over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The shifts of the weeks beside the one that is drawn, for rest over Sunday's night and averages."""

    before: Sequence[Shift] = ()
    after: Sequence[Shift] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The week as it is drawn."""

    days: Sequence[date]
    lines: Sequence[Line]
    amiss: Sequence[ShiftBreach]
    wishes: Sequence[DayWish] = ()

    @property
    def against(self) -> int:
        """How many shifts stand on a day that their person asks to have off."""
        return sum(cell.against for line in self.lines for cell in line.cells)

    @property
    def overlaps(self) -> bool:
        return any(one.breach is Breach.OVERLAPS for one in self.amiss)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """By which rules, in which zone and language a week is drawn."""

    rules: ShiftRules
    zone: ZoneInfo
    language: str
    words: NullTranslations


def drawing_of(request: web.Request) -> Drawing:
    return Drawing(
        rules=shift_rules(),
        zone=request.app[SHIFTS].timezone,
        language=language_of(request),
        words=words_of(request),
    )


def days_of(monday: date) -> Sequence[date]:
    return [monday + number * DAY for number in range(WEEK_DAYS)]


def people_of(users: Sequence[User], shifts: Sequence[Shift]) -> Sequence[User]:
    """List who answers calls, by name, with those who stand in the week and do so no longer."""
    there = {one.user_id for one in shifts}
    found = [one for one in users if one.id in there or (one.active and one.may(Permission.ANSWER_CALLS))]
    return sorted(found, key=lambda one: (one.name, one.id))


def field_of(user: User, day: date) -> str:
    return f"s{user.id}-{day.weekday()}"


def text_of(shift: Shift, rules: ShiftRules, language: str) -> str:
    """Name the shift by its kind; one of other hours by them."""
    for kind in rules.kinds.values():
        if (kind.since, kind.until) == (shift.since, shift.until):
            return kind.name(language)
    return hours_text(shift.since, shift.until)


def shift_text(shift: Shift, drawing: Drawing) -> str:
    """Write a shift with its day: Monday 02.03, Day 08:00–20:00."""
    name, hours = text_of(shift, drawing.rules, drawing.language), hours_text(shift.since, shift.until)
    weekday = drawing.words.gettext(WEEKDAYS[shift.day.weekday()])
    return f"{weekday} {shift.day:%d.%m}, {name}" + (f" {hours}" if name != hours else "")


def read_cell(text: str, rules: ShiftRules) -> tuple[time, time] | None:
    """Read a kind by its name or the beginning of it, or hours; None for anything else.

    A star behind it, for the senior of the shift, is read by itself.
    """
    text = text.strip().removesuffix(SENIOR).strip()
    wanted = text.casefold()
    kinds = [one for one in rules.kinds.values() if wanted and _is_called(one, wanted)]
    if kinds:
        return kinds[0].since, kinds[0].until
    return hours_between(text)


def _is_called(kind: ShiftKind, wanted: str) -> bool:
    return any(name.casefold().startswith(wanted) for name in (kind.uk, kind.en, kind.code))


def read_grid(
    typed: Mapping[str, str], people: Sequence[User], monday: date, rules: ShiftRules
) -> tuple[Sequence[Shift], Sequence[str]]:
    """Read what was typed: the shifts, and the names of the fields that cannot be read."""
    shifts, faults = [], []
    for user in people:
        for day in days_of(monday):
            text = typed.get(name := field_of(user, day), "").strip()
            if not text:
                continue
            if (hours := read_cell(text, rules)) is None:
                faults.append(name)
            else:
                senior = text.endswith(SENIOR)
                shifts.append(Shift(user_id=user.id, day=day, since=hours[0], until=hours[1], senior=senior))
    return shifts, faults


def grid_of(
    monday: date,
    shifts: Sequence[Shift],
    people: Sequence[User],
    drawing: Drawing,
    around: Around = Around(),
    *,
    wishes: Sequence[DayWish] = (),
    typed: Mapping[str, str] | None = None,
    faults: Sequence[str] = (),
) -> Grid:
    """Draw the week; where it was `typed`, cells keep what was typed."""
    rules, days = drawing.rules, days_of(monday)
    every = [*around.before, *shifts, *around.after]
    amiss = [one for one in breaches(every, rules, drawing.zone) if one.shift.day in days]
    hours = hours_of(every, monday, rules, drawing.zone)
    cells, wished = by_cell(shifts), by_person_and_day(wishes)
    told: dict[tuple[int, date], list[str]] = {}
    for one in amiss:
        told.setdefault((one.shift.user_id, one.shift.day), []).append(breach_text(one, drawing))

    def cell(user: User, day: date) -> Cell:
        shift, name = cells.get((user.id, day)), field_of(user, day)
        shown = text_of(shift, rules, drawing.language) + SENIOR * shift.senior if shift else ""
        wrong = drawing.words.gettext("Write a shift’s name or its hours, such as 08:00–20:00.")
        return Cell(
            name=name,
            day=day,
            text=shown if typed is None or name not in faults else typed.get(name, ""),
            hours=hours_text(shift.since, shift.until) if shift else "",
            fault=wrong if name in faults else "",
            amiss=told.get((user.id, day), ()),
            wish=wished.get((user.id, day)),
        )

    nothing = Hours(week=0.0, average=0.0)
    lines = [
        Line(
            user=user,
            cells=[cell(user, day) for day in days],
            hours=(own := hours.get(user.id, nothing)),
            over=own.average > rules.week_hours,
        )
        for user in people
    ]
    return Grid(days=days, lines=lines, amiss=amiss, wishes=wishes)


def breach_text(one: ShiftBreach, drawing: Drawing) -> str:
    rule = drawing.rules.rest_hours if one.breach is Breach.REST else drawing.rules.longest_hours
    return drawing.words.gettext(BREACHES[one.breach]) % {"hours": f"{one.hours:g}", "rule": rule}
