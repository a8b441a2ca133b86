"""When people may be called by a machine: hours by kind, days off, and one budget of a person and day."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hotline.city.days_off import days_off
from hotline.dialling.dialler import Kind

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayHours:
    """From when until when (not included), by the clock on the wall, somebody may be called in a day."""

    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class CallingWeek:
    """The hours of working days and of days off; None: nobody is called then."""

    working: DayHours | None
    off: DayHours | None = None

    def of(self, *, off: bool) -> DayHours | None:
        return self.off if off else self.working


CALLING_HOURS: Mapping[Kind, CallingWeek] = {
    Kind.OUTAGE: CallingWeek(DayHours(time(8), time(22)), DayHours(time(8), time(22))),
    Kind.SURVEY: CallingWeek(DayHours(time(9), time(20)), DayHours(time(10), time(18))),
    Kind.INFORMING: CallingWeek(DayHours(time(8), time(21)), DayHours(time(9), time(20))),
}
"""Never between 22 and 8, the quiet hours of the law (2657-IV, on sanitary welfare: article 24). Kinds that
are missing are called at any hour: an emergency, and callers who wait for their call-back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiallingRules:
    """When, and how often, somebody is called; by the clock on the city's walls."""

    zone: ZoneInfo
    budget: int = 3
    """The most calls to one number in a day, for any purpose: HOTLINE_AUTOMATIC_CALLS_PER_PERSON."""
    week: Mapping[Kind, CallingWeek] = field(default_factory=lambda: CALLING_HOURS)
    own: Collection[str] = frozenset()
    """Our own numbers (`calling_out.own_numbers`): by those the machine would talk with itself."""

    def opens(self, kind: Kind, at: datetime, *, exempt: bool = False) -> datetime:
        """Give `at` where a call of this kind may be placed then, else the next moment at which it may."""
        week = self.week.get(kind)
        if exempt or week is None:
            return at
        days, today = days_off(), at.astimezone(self.zone).date()
        for day in (today + ahead * _DAY for ahead in range(_LOOK_AHEAD)):
            hours = week.of(off=days.is_off(day))
            if hours is None:
                continue
            opens, closes = self._moment(day, hours.opens), self._moment(day, hours.closes)
            if at < closes:
                return max(at, opens)
        raise ValueError(f"No day has hours for calls of the kind {kind}.")

    def next_day(self, kind: Kind, at: datetime, *, exempt: bool = False) -> datetime:
        """Give the first moment of a later day at which a call of this kind may be placed."""
        return self.opens(kind, self.day_begins(at, days=1), exempt=exempt)

    def day_begins(self, at: datetime, *, days: int = 0) -> datetime:
        """Return the local midnight before `at`, or the one `days` later."""
        return self._moment(at.astimezone(self.zone).date() + days * _DAY, time())

    def _moment(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.zone).astimezone(UTC)


_LOOK_AHEAD = 30
"""Days; no holidays last longer."""


class Rate:
    """The number of calls that may be placed now, for at most `per_second` in each second."""

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        self._saved = max(1.0, per_second)
        self._at: datetime | None = None

    def allowed(self, at: datetime) -> int:
        """Tell how many calls may be placed at this moment."""
        if self._at is not None:
            grown = max(0.0, (at - self._at).total_seconds()) * self._per_second
            self._saved = min(max(1.0, self._per_second), self._saved + grown)
        self._at = at
        return int(self._saved)

    def placed(self, count: int) -> None:
        self._saved -= count
