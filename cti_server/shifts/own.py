"""A dispatcher's own shifts to come, everybody's week as it was published, the link of a calendar."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from http import HTTPStatus
from zoneinfo import ZoneInfo

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.city_data.words import WEEKDAYS
from cti_server.frame.language import language_of
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.numbers import tenths
from cti_server.frame.pages import render
from cti_server.hosts import own_origin
from cti_server.keys import ACCOUNTS, USER
from cti_server.shifts.drawing import around_of, asked_monday
from cti_server.shifts.grid import drawing_of, grid_of, people_of, text_of
from cti_server.shifts.sources import SHIFTS
from cti_server.shifts.wished import NOTHING_TYPED, WISHES, TypedWish, runs
from hotline.access.permissions import Permission
from hotline.access.tokens import hash_of
from hotline.access.users import User
from hotline.shifts.hours import hours_text
from hotline.shifts.roster import WEEK, Shift, monday_of
from hotline.shifts.shift_rules import shift_rules
from hotline.shifts.wishes import LONGEST_REASON

PATH = "/shifts/mine"
FEED_PATH = "/shifts/feed"
AHEAD = 8
"""Weeks."""
WISHED_AHEAD = timedelta(days=366)
_SECRET_BYTES = 32
_SEES = allowed(Permission.SEE_OWN_SHIFTS)
_HAS_CALENDAR = allowed(Permission.SEE_OWN_SHIFTS, Permission.DO_TASKS, one_is_enough=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnShift:
    """One of one's own shifts, with those who are on at the same time."""

    shift: Shift
    name: str
    hours: str
    length: float
    now: bool
    begun: bool
    together: Sequence[str]


@_SEES
async def page(request: web.Request) -> web.Response:
    """One's shifts from now on, and `?week=` of everybody."""
    await audit(request, Action.VIEW, "roster", "own")
    return await show(request)


@_HAS_CALENDAR
async def feed_page(request: web.Request) -> web.Response:
    """The link alone, for people who have tasks and no shifts."""
    return await _show_link(request)


@_HAS_CALENDAR
async def make_feed(request: web.Request) -> web.Response:
    """Make the link and show it this once; the former one opens nothing any more."""
    sources, secret = request.app[SHIFTS], secrets.token_urlsafe(_SECRET_BYTES)
    await sources.feeds.make(request[USER].id, hash_of(secret), sources.clock.now())
    await audit(request, Action.ADD, "roster-feed")
    link = f"{own_origin(request)}/shifts/feed/{secret}.ics"
    if request[USER].may(Permission.SEE_OWN_SHIFTS):
        return await show(request, link=link)
    return await _show_link(request, link)


@_HAS_CALENDAR
async def revoke_feed(request: web.Request) -> web.Response:
    await request.app[SHIFTS].feeds.revoke(request[USER].id)
    await audit(request, Action.REVOKE, "roster-feed")
    return noted_at(PATH if request[USER].may(Permission.SEE_OWN_SHIFTS) else FEED_PATH, Noted.FEED_REVOKED)


def may_have_calendar(user: User) -> bool:
    """Tell whether there is anything that a calendar of theirs could show."""
    return user.may(Permission.SEE_OWN_SHIFTS) or user.may(Permission.DO_TASKS)


async def _show_link(request: web.Request, link: str = "") -> web.Response:
    feed = await request.app[SHIFTS].feeds.of(request[USER].id)
    return render(request, "shifts/feed_page.html.jinja2", feed=feed, link=link)


async def show(
    request: web.Request,
    *,
    link: str = "",
    wish: TypedWish = NOTHING_TYPED,
    status: int = HTTPStatus.OK,
) -> web.Response:
    """Give the page, with the link that was made just now, or the wish as it was typed."""
    sources, monday = request.app[SHIFTS], asked_monday(request)
    users = await request.app[ACCOUNTS].users.all()
    published = await sources.roster.published(monday, monday)
    drawing, today = drawing_of(request), sources.today()
    ahead = await sources.wishes.between(today, today + WISHED_AHEAD)
    mine = [one for one in ahead if one.user_id == request[USER].id]
    grid = grid_of(monday, published, people_of(users, published), drawing)
    return render(
        request,
        "shifts/mine.html.jinja2",
        own=await _own(request, {one.id: one.name for one in users}),
        grid=grid,
        published=bool(published),
        monday=monday,
        weeks=around_of(request, monday),
        path_of=_address,
        tenths=partial(tenths, language_of(request)),
        feed=await sources.feeds.of(request[USER].id),
        link=link,
        wish=wish,
        wishes=[*runs(mine)],
        WISHES=WISHES,
        longest_reason=LONGEST_REASON,
        status=status,
        WEEKDAYS=WEEKDAYS,
    )


async def _own(request: web.Request, names: Mapping[int, str]) -> Sequence[OwnShift]:
    sources, now = request.app[SHIFTS], request.app[SHIFTS].clock.now()
    zone, language, rules = sources.timezone, language_of(request), shift_rules()
    monday = monday_of(now.astimezone(zone).date())
    shifts = await sources.roster.published(monday - WEEK, monday + AHEAD * WEEK)
    mine = [one for one in shifts if one.user_id == request[USER].id and one.ends(zone) > now]
    return [
        OwnShift(
            shift=one,
            name=text_of(one, rules, language),
            hours=hours_text(one.since, one.until),
            length=one.length(zone) / timedelta(hours=1),
            now=one.on(now, zone),
            begun=one.begins(zone) <= now,
            together=sorted(
                {names[other.user_id] for other in shifts if _meet(one, other, sources.timezone)}
            ),
        )
        for one in sorted(mine, key=lambda one: one.begins(zone))
    ]


def _meet(one: Shift, other: Shift, zone: ZoneInfo) -> bool:
    """Tell whether another person is on for a part of the shift."""
    begin, end = max(one.begins(zone), other.begins(zone)), min(one.ends(zone), other.ends(zone))
    return one.user_id != other.user_id and begin < end


def _address(monday: date) -> str:
    return f"{PATH}?week={monday}"
