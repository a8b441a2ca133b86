"""The watch log: of each camera and day what was watched by whom, and of each shift what nobody watched."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.cameras.sources import CAMERAS, CameraSources
from cti_server.cameras.wall import PATH as WALL
from cti_server.frame.moments import day_shown, read_day
from cti_server.frame.pages import render
from cti_server.keys import ACCOUNTS
from hotline.access.permissions import Permission
from hotline.cameras.incidents import median
from hotline.cameras.watch_log import Span, Watched, gaps, together
from hotline.shifts.hours import hours_text
from hotline.shifts.roster import DAY, WEEK, Shift, monday_of

PATH = f"{WALL}/log"
WIDTH = 960
_HOURS = 24
_MOST_GAPS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A camera's day as it is drawn: when somebody watched it (x and width), and who for how long."""

    name: str
    pieces: Sequence[tuple[float, float]]
    by: Sequence[tuple[str, timedelta]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftWatch:
    """A shift on this day: its dispatchers, how much of it they watched any camera, and the gaps."""

    hours: str
    people: Sequence[str]
    percent: int
    gaps: Sequence[Span]
    more: int
    """Gaps beyond those."""


@allowed(Permission.MANAGE_CAMERAS)
async def page(request: web.Request) -> web.Response:
    """`?day=`, today at first."""
    sources = request.app[CAMERAS]
    zone, now = sources.timezone, sources.clock.now()
    today = now.astimezone(zone).date()
    on = min(read_day(request.query.get("day", "")) or today, today)
    await audit(request, Action.VIEW, "cameras", f"log {on}")
    day = Span(since=_midnight(on, zone), until=_midnight(on + DAY, zone))
    users = {one.id: one.name for one in await request.app[ACCOUNTS].users.all()}
    watched = await sources.log.between(day.since, day.until)
    incidents = await sources.incidents.between(day.since, day.until)
    return render(
        request,
        "cameras/log.html.jinja2",
        day=on,
        today=today,
        before=on - DAY,
        after=on + DAY,
        shown=day_shown(on),
        strips=await _strips(sources, watched, day, users),
        shifts=await _shifts(sources, day, users),
        incidents=incidents,
        names=users,
        told=median([one.told_after for one in incidents if one.told_after is not None]),
        accepted=median([one.accepted_after for one in incidents if one.accepted_after is not None]),
        lasted=lasted,
        hours=[(round(WIDTH * hour / _HOURS, 1), hour) for hour in range(0, _HOURS, 3)],
        width=WIDTH,
    )


def lasted(time_: timedelta) -> str:
    """Write a time as hours, minutes and seconds: 0:12, 1:02:05."""
    minutes, seconds = divmod(max(0, round(time_.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


async def _strips(
    sources: CameraSources, watched: Sequence[Watched], day: Span, users: Mapping[int, str]
) -> Sequence[Strip]:
    of_camera: dict[int, list[Watched]] = defaultdict(list)
    for one in watched:
        of_camera[one.camera_id].append(one)
    return [
        Strip(
            name=camera.name,
            pieces=[_piece(span, day) for span in together(of_camera[camera.id], day)],
            by=_by(of_camera[camera.id], day, users),
        )
        for camera in await sources.cameras.all()
    ]


def _piece(span: Span, day: Span) -> tuple[float, float]:
    scale = WIDTH / day.length.total_seconds()
    x, width = ((span.since - day.since).total_seconds() * scale, span.length.total_seconds() * scale)
    return round(x, 1), max(round(width, 1), 1.0)


def _by(watched: Sequence[Watched], day: Span, users: Mapping[int, str]) -> Sequence[tuple[str, timedelta]]:
    """Tell who watched how long, the longest first."""
    times: dict[int, timedelta] = defaultdict(timedelta)
    for user_id in {one.user_id for one in watched}:
        own = together((one for one in watched if one.user_id == user_id), day)
        times[user_id] = sum((one.length for one in own), timedelta())
    ranked = sorted(times.items(), key=lambda one: (-one[1], one[0]))
    return [(users.get(user_id, "—"), length) for user_id, length in ranked]


async def _shifts(sources: CameraSources, day: Span, users: Mapping[int, str]) -> Sequence[ShiftWatch]:
    """Draw up the shifts of the roster that begin on this day; those of the same hours are one."""
    zone, on = sources.timezone, day.since.astimezone(sources.timezone).date()
    published = await sources.roster.published(monday_of(on) - WEEK, monday_of(on))
    of_hours: dict[tuple[time, time], list[Shift]] = defaultdict(list)
    for one in published:
        if one.day == on:
            of_hours[one.since, one.until].append(one)
    now, found = sources.clock.now(), []
    for (since, until), shifts in sorted(of_hours.items()):
        within = Span(since=shifts[0].begins(zone), until=min(shifts[0].ends(zone), now))
        if within.length <= timedelta():
            continue
        # Read anew: a night's shift ends on the next day.
        spans = together(await sources.log.between(within.since, within.until), within)
        missing = gaps(spans, within)
        seen = sum((one.length for one in spans), timedelta())
        found.append(
            ShiftWatch(
                hours=hours_text(since, until),
                people=sorted(users.get(one.user_id, "—") for one in shifts),
                percent=round(100 * seen / within.length),
                gaps=missing[:_MOST_GAPS],
                more=max(0, len(missing) - _MOST_GAPS),
            )
        )
    return found


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
