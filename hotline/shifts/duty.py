"""Duty by the roster: who is on at a moment, until when, and who comes after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from attrs import define, field

from hotline.shifts.roster import WEEK, Roster, Shift, monday_of

EARLY = timedelta(minutes=30)
"""The time before a shift in which work that begins belongs to it."""
HANDS_OVER = timedelta(minutes=15)
"""How long before its end a shift is reminded of handing over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A moment of the roster. Without a published week nobody is planned, and nobody is outside of it."""

    drawn: bool
    on: Sequence[Shift] = ()
    later: Sequence[Shift] = ()
    """Those that begin later, the earliest first."""

    @property
    def planned(self) -> int | None:
        return len(self.on) if self.drawn else None

    def shift_of(self, user_id: int) -> Shift | None:
        return next((one for one in self.on if one.user_id == user_id), None)

    @property
    def senior(self) -> Shift | None:
        """Give the senior of the shift; of several the one who began first."""
        return senior_of(self.on)

    def outside(self, user_id: int, now: datetime, zone: ZoneInfo) -> bool:
        """Tell whether the person has no shift that is on or begins at once."""
        soon = [one for one in self.later if one.begins(zone) <= now + EARLY]
        return self.drawn and all(one.user_id != user_id for one in [*self.on, *soon])

    def after(self, shift: Shift, zone: ZoneInfo) -> Sequence[Shift]:
        """List the shifts of others that begin when this one ends."""
        return [
            one
            for one in self.later
            if one.user_id != shift.user_id and abs(one.begins(zone) - shift.ends(zone)) <= EARLY
        ]


def senior_of(on: Sequence[Shift]) -> Shift | None:
    """Find the senior among the shifts that are on; of several the one who began first."""
    return min((one for one in on if one.senior), key=lambda one: (one.day, one.since), default=None)


@dataclass(frozen=True, slots=True)
class _Counted:
    """An answer of `PlannedNow`, the roster by which it was given, and from when to when it holds."""

    planned: int | None
    shifts: Sequence[Shift]
    since: datetime
    until: datetime | None


@define(eq=False, repr=False)
class PlannedNow:
    """Tells how many the roster has on shift, for who asks again and again.

    It counts when a shift begins or ends and when the roster is changed; otherwise it says what it said.
    """

    _roster: Roster
    _zone: ZoneInfo
    _last: _Counted | None = field(default=None, init=False)

    async def at(self, now: datetime) -> int | None:
        """Give the number; None where no week is published."""
        shifts, last = await _around(self._roster, now, self._zone), self._last
        if (
            last is None
            or last.shifts is not shifts
            or now < last.since
            or (last.until is not None and now >= last.until)
        ):
            moments = [moment for one in shifts for moment in (one.begins(self._zone), one.ends(self._zone))]
            last = self._last = _Counted(
                _duty(shifts, now, self._zone).planned,
                shifts,
                now,
                min((moment for moment in moments if moment > now), default=None),
            )
        return last.planned


async def duty_at(roster: Roster, now: datetime, zone: ZoneInfo) -> Duty:
    """Read what holds at this moment."""
    return _duty(await _around(roster, now, zone), now, zone)


async def _around(roster: Roster, now: datetime, zone: ZoneInfo) -> Sequence[Shift]:
    """Read the shifts of this week, of the one before and of the next one."""
    monday = monday_of(now.astimezone(zone).date())
    return await roster.published(monday - WEEK, monday + WEEK)


def _duty(shifts: Sequence[Shift], now: datetime, zone: ZoneInfo) -> Duty:
    monday = monday_of(now.astimezone(zone).date())
    on = [one for one in shifts if one.on(now, zone)]
    return Duty(
        drawn=bool(on) or any(monday <= one.day < monday + WEEK for one in shifts),
        on=on,
        later=sorted((one for one in shifts if one.begins(zone) > now), key=lambda one: one.begins(zone)),
    )
