"""Duty by the roster: who is on at a moment, until when, and who comes after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

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


async def duty_at(roster: Roster, now: datetime, zone: ZoneInfo) -> Duty:
    """Read what holds at this moment."""
    monday = monday_of(now.astimezone(zone).date())
    shifts = await roster.published(monday - WEEK, monday + WEEK)
    on = [one for one in shifts if one.on(now, zone)]
    return Duty(
        drawn=bool(on) or any(monday <= one.day < monday + WEEK for one in shifts),
        on=on,
        later=sorted((one for one in shifts if one.begins(zone) > now), key=lambda one: one.begins(zone)),
    )
