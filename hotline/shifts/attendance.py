"""Attendance: who came to a shift of the roster, when, and who did not, by the presence that is on record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from hotline.line.presence_states import Presence
from hotline.shifts.roster import Shift


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceSpan:
    """A time in which a dispatcher's presence was the same."""

    dispatcher_id: int
    presence: Presence
    since: datetime
    until: datetime

    @property
    def there(self) -> bool:
        """Tell whether they were at work: on a pause they are."""
        return self.presence is not Presence.AWAY


class PresenceLog(Protocol):
    """The presence that is on record."""

    async def spans(self, since: datetime, until: datetime) -> Sequence[PresenceSpan]:
        """List what everybody was between the two moments, cut at both; each one's in order."""
        ...


class Came(StrEnum):
    """How somebody stands to their shift."""

    TO_COME = "to-come"
    """It has not begun, or began minutes ago."""
    ON_TIME = "on-time"
    LATE = "late"
    MISSING = "missing"
    """It has begun, and they are not there yet."""
    ABSENT = "absent"
    """It is over, and they never came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """One shift, and whether somebody came to it."""

    shift: Shift
    came: Came
    arrived_at: datetime | None = None
    left_early_at: datetime | None = None
    """When they were there last, of a shift that is over and that they left before its end."""


def attendance(
    shift: Shift, spans: Sequence[PresenceSpan], now: datetime, zone: ZoneInfo, *, grace: timedelta
) -> Attendance:
    """Compare the shift with the spans of its own person; `grace` is how late still counts as on time."""
    begins, ends = shift.begins(zone), shift.ends(zone)
    there = [one for one in spans if one.there and one.until > begins and one.since < min(ends, now)]
    if not there:
        if now < begins + grace:
            return Attendance(shift=shift, came=Came.TO_COME)
        return Attendance(shift=shift, came=Came.ABSENT if ends <= now else Came.MISSING)
    arrived, left = max(begins, there[0].since), min(ends, there[-1].until)
    return Attendance(
        shift=shift,
        came=Came.LATE if arrived - begins > grace else Came.ON_TIME,
        arrived_at=arrived,
        left_early_at=left if ends <= now and ends - left > grace else None,
    )


def attendances(
    shifts: Sequence[Shift],
    spans: Sequence[PresenceSpan],
    desks: Mapping[int, int | None],
    now: datetime,
    zone: ZoneInfo,
    *,
    grace: timedelta,
) -> Sequence[Attendance]:
    """Compare each shift with the spans of its person's desk; those of people without a desk are left out."""
    return [
        attendance(one, [span for span in spans if span.dispatcher_id == desk], now, zone, grace=grace)
        for one in shifts
        if (desk := desks.get(one.user_id)) is not None
    ]
