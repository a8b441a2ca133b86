"""Attendance: each person's day as a strip, the shift of the roster around it, and who is late or absent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.language import N_
from cti_server.frame.moments import day_shown, read_day
from cti_server.frame.pages import render
from cti_server.frame.words import PRESENCES
from cti_server.keys import ACCOUNTS
from cti_server.shifts.grid import people_of
from cti_server.shifts.sources import SHIFTS
from hotline.access.permissions import Permission
from hotline.access.users import User
from hotline.line.presence_states import Presence
from hotline.shifts.attendance import Attendance, Came, PresenceSpan, attendance
from hotline.shifts.hours import hours_text
from hotline.shifts.roster import DAY, WEEK, Shift, monday_of
from hotline.shifts.shift_rules import shift_rules

PATH = "/shifts/presence"
WIDTH = 960
CAME: Mapping[Came, str] = {
    Came.TO_COME: N_("is to come"),
    Came.ON_TIME: N_("came on time"),
    Came.LATE: N_("came late"),
    Came.MISSING: N_("is not there yet"),
    Came.ABSENT: N_("did not come"),
}
AMISS = frozenset({Came.LATE, Came.MISSING, Came.ABSENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of the strip; for a shift no presence."""

    x: float
    width: float
    presence: Presence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """One person's day."""

    user: User
    spans: Sequence[Piece]
    shifts: Sequence[Piece]
    attended: Sequence[tuple[Attendance, str]]
    """Each shift of the day with its hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The city's day, from midnight to midnight: 23 or 25 hours where the clocks are changed."""

    begin: datetime
    end: datetime

    def piece(self, since: datetime, until: datetime, presence: Presence | None = None) -> Piece | None:
        """Give the part of the strip; None for what lies outside the day."""
        since, until = max(since, self.begin), min(until, self.end)
        scale = WIDTH / (self.end - self.begin).total_seconds()
        if since >= until:
            return None
        x, width = (round(part.total_seconds() * scale, 1) for part in (since - self.begin, until - since))
        return Piece(x=x, width=width, presence=presence)


@allowed(Permission.MANAGE_ROSTER)
async def page(request: web.Request) -> web.Response:
    """`?day=`, today at first."""
    sources, now = request.app[SHIFTS], request.app[SHIFTS].clock.now()
    zone = sources.timezone
    today = now.astimezone(zone).date()
    day = min(read_day(request.query.get("day", "")) or today, today)
    await audit(request, Action.VIEW, "roster", f"presence {day}")
    strips = await _strips(request, day, now)
    return render(
        request,
        "shifts/presence.html.jinja2",
        day=day,
        today=today,
        before=day - DAY,
        after=day + DAY,
        strips=strips,
        hours=[(round(WIDTH * hour / 24, 1), hour) for hour in range(0, 24, 3)],
        width=WIDTH,
        CAME=CAME,
        AMISS=AMISS,
        PRESENCES={one: text for one, text in PRESENCES.items() if one != Presence.AWAY},
        shown=day_shown(day),
    )


async def _strips(request: web.Request, on: date, now: datetime) -> Sequence[Strip]:
    """Draw the day of those who were there, or stand in the roster."""
    sources = request.app[SHIFTS]
    zone = sources.timezone
    day = Day(begin=_midnight(on, zone), end=_midnight(on + DAY, zone))
    monday = monday_of(on)
    published = await sources.roster.published(monday - WEEK, monday)
    shifts = [one for one in published if day.piece(one.begins(zone), one.ends(zone))]
    since = min([day.begin, *(one.begins(zone) for one in shifts)])
    until = min(now, max([day.end, *(one.ends(zone) for one in shifts)]))
    spans = await sources.presence.spans(since, until)
    users = people_of(await request.app[ACCOUNTS].users.all(), shifts)
    strips = [_strip(user, day, shifts, spans, now, zone) for user in users]
    return [one for one in strips if one.spans or one.shifts]


def _strip(  # noqa: PLR0917 - a person's day, and all that is known of it
    user: User,
    day: Day,
    shifts: Sequence[Shift],
    spans: Sequence[PresenceSpan],
    now: datetime,
    zone: ZoneInfo,
) -> Strip:
    own = [one for one in spans if user.dispatcher_id is not None and one.dispatcher_id == user.dispatcher_id]
    mine = [one for one in shifts if one.user_id == user.id]
    grace = timedelta(minutes=shift_rules().late_minutes)
    pieces = [day.piece(one.since, one.until, one.presence) for one in own if one.there]
    drawn = [day.piece(one.begins(zone), one.ends(zone)) for one in mine]
    return Strip(
        user=user,
        spans=[one for one in pieces if one],
        shifts=[one for one in drawn if one],
        attended=[
            (attendance(one, own, now, zone, grace=grace), hours_text(one.since, one.until)) for one in mine
        ],
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
