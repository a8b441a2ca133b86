"""One person's shifts, tasks and meetings as a calendar (RFC 5545), behind a secret that they can revoke."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from aiohttp import web

from cti_server.auth.access import open_to_all
from cti_server.frame.icalendar import calendar_of, escaped, utc
from cti_server.frame.language import words
from cti_server.hosts import own_origin
from cti_server.keys import ACCOUNTS
from cti_server.meetings.events import meeting_event, meetings_of
from cti_server.shifts.grid import text_of
from cti_server.shifts.own import AHEAD, may_have_calendar
from cti_server.shifts.sources import SHIFTS
from cti_server.tasks.events import task_event, tasks_of
from hotline.access.permissions import Permission
from hotline.access.tokens import hash_of
from hotline.shifts.hours import hours_text
from hotline.shifts.roster import WEEK, Shift, monday_of
from hotline.shifts.shift_rules import shift_rules

_BACK = 4
"""Weeks."""
_LANGUAGE = "uk"
_USED_AT_MOST_EVERY = timedelta(hours=1)


@open_to_all
async def feed(request: web.Request) -> web.Response:
    """Give the published shifts, open tasks and meetings of the link's owner; 404 for any other link."""
    sources, now = request.app[SHIFTS], request.app[SHIFTS].clock.now()
    found = await sources.feeds.by_hash(hash_of(request.match_info["secret"]))
    if found is None:
        raise web.HTTPNotFound
    user = await request.app[ACCOUNTS].users.get(found.user_id)
    if not user.active or not may_have_calendar(user):
        raise web.HTTPNotFound
    if found.used_at is None or now - found.used_at >= _USED_AT_MOST_EVERY:
        await sources.feeds.used(user.id, now)
    monday = monday_of(now.astimezone(sources.timezone).date())
    own: Sequence[Shift] = ()
    if user.may(Permission.SEE_OWN_SHIFTS):
        shifts = await sources.roster.published(monday - _BACK * WEEK, monday + AHEAD * WEEK)
        own = [one for one in shifts if one.user_id == user.id]
    others = [line for task in await tasks_of(request, user) for line in task_event(request, task, now)]
    for meeting in await meetings_of(request, user, now):
        others += meeting_event(request, meeting, now)
    text = calendar_of(_calendar(request, own, others, now))
    return web.Response(text=text, content_type="text/calendar", charset="utf-8")


def _calendar(
    request: web.Request, shifts: Sequence[Shift], others: Sequence[str], now: datetime
) -> Iterator[str]:
    zone, host = request.app[SHIFTS].timezone, own_origin(request).partition("://")[2].partition(":")[0]
    gettext, rules = words(_LANGUAGE).gettext, shift_rules()
    title, shift = gettext("Work at the hotline"), gettext("Shift")
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield "PRODID:-//City hotline//Shifts//UK"
    yield "CALSCALE:GREGORIAN"
    yield "METHOD:PUBLISH"
    yield f"X-WR-CALNAME:{escaped(title)}"
    yield f"X-WR-TIMEZONE:{zone.key}"
    yield "REFRESH-INTERVAL;VALUE=DURATION:PT1H"
    yield "X-PUBLISHED-TTL:PT1H"
    for one in shifts:
        hours = hours_text(one.since, one.until)
        name = text_of(one, rules, _LANGUAGE)
        yield "BEGIN:VEVENT"
        yield f"UID:shift-{one.user_id}-{one.day:%Y%m%d}@{host}"
        yield f"DTSTAMP:{utc(now)}"
        yield f"DTSTART:{utc(one.begins(zone))}"
        yield f"DTEND:{utc(one.ends(zone))}"
        yield f"SUMMARY:{escaped(f'{shift}: {name}' if name == hours else f'{shift}: {name} {hours}')}"
        yield "END:VEVENT"
    yield from others
    yield "END:VCALENDAR"
