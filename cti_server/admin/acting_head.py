"""The page of acting heads: who stands in for the head, from when until when, by which order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.language import words_of
from cti_server.frame.moments import day_shown, read_day
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import PAGES, render
from cti_server.keys import ACCOUNTS, CODE_NEEDED, USER
from hotline.access.acting_heads import LONGEST_ORDER, ActingHead, NamedAlready, may_act
from hotline.access.permissions import Permission
from hotline.access.users import User

PATH = "/admin/acting-head"
LONGEST_DAYS = 366
_DAY = timedelta(days=1)
_FIELDS = ("user", "since", "until", "order")
_NAMES = allowed(Permission.NAME_ACTING_HEAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A time as acting head as the page has it: whole days, and the hour at which it was ended early."""

    acting: ActingHead
    name: str
    first: date
    last: date
    """Its last whole day, as it was named."""
    on: bool
    over: bool
    ended_by: str
    no_code: bool
    """It is on, and opens nothing: the dispatcher has not set up a one-time code yet."""


@_NAMES
async def page(request: web.Request) -> web.Response:
    today = _today(request)
    return await _page(request, dict.fromkeys(_FIELDS, "") | {"since": day_shown(today)})


@_NAMES
async def name(request: web.Request) -> web.Response:
    """Name a dispatcher; one who is named from today on acts at once."""
    accounts, form = request.app[ACCOUNTS], await request.post()
    typed = {field: " ".join(str(form.get(field, "")).split()) for field in _FIELDS}
    errors, gettext = await _errors(request, typed), words_of(request).gettext
    first, last = read_day(typed["since"]), read_day(typed["until"])
    if errors or first is None or last is None:
        return await _page(request, typed, errors)
    zone, now = request.app[PAGES].timezone, accounts.clock.now()
    try:
        named = await accounts.acting_heads.name(
            int(typed["user"]),
            max(_midnight(first, zone), now),
            _midnight(last + _DAY, zone),
            order=typed["order"],
            by=request[USER].id,
            at=now,
        )
    except NamedAlready:
        taken = gettext("Somebody is acting head on some of these days: see the list, and end that first.")
        return await _page(request, typed, {"since": taken})
    days = f"{first.isoformat()}/{last.isoformat()}"
    await audit(request, Action.ADD, f"acting-head:{named.id}", f"user:{named.user_id} {days} {named.order}")
    return noted_at(PATH, Noted.ACTING_HEAD_NAMED)


@_NAMES
async def end(request: web.Request) -> web.Response:
    """End it at once, or call off one that has not begun."""
    accounts, which = request.app[ACCOUNTS], int(request.match_info["id"])
    ended = await accounts.acting_heads.end(which, request[USER].id, accounts.clock.now())
    await audit(request, Action.REVOKE, f"acting-head:{ended.id}", f"user:{ended.user_id}")
    return noted_at(PATH, Noted.ACTING_HEAD_ENDED)


async def _errors(request: web.Request, typed: Mapping[str, str]) -> dict[str, str]:
    gettext, errors = words_of(request).gettext, {}
    if typed["user"] not in {str(one.id) for one in await _dispatchers(request)}:
        errors["user"] = gettext("Choose a dispatcher.")
    first, last = read_day(typed["since"]), read_day(typed["until"])
    if first is None:
        errors["since"] = gettext("Write a day, such as 25.11.2026.")
    elif first < _today(request):
        errors["since"] = gettext("This day is over: begin today or later.")
    if last is None:
        errors["until"] = gettext("Write a day, such as 25.11.2026.")
    elif first is not None and last < first:
        errors["until"] = gettext("The last day comes before the first one.")
    elif first is not None and (last - first).days >= LONGEST_DAYS:
        errors["until"] = gettext("A year at most.")
    if not 0 < len(typed["order"]) <= LONGEST_ORDER:
        errors["order"] = gettext("Write the number and the date of the order.")
    return errors


async def _dispatchers(request: web.Request) -> Sequence[User]:
    return [one for one in await request.app[ACCOUNTS].users.all() if may_act(one)]


def _today(request: web.Request) -> date:
    return request.app[ACCOUNTS].clock.now().astimezone(request.app[PAGES].timezone).date()


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone)


async def _page(
    request: web.Request, typed: Mapping[str, str], errors: Mapping[str, str] | None = None
) -> web.Response:
    accounts, gettext = request.app[ACCOUNTS], words_of(request).gettext
    users = {one.id: one for one in await accounts.users.all()}
    shown = [_shown(request, one, users) for one in await accounts.acting_heads.all()]
    people = [(str(one.id), f"{one.name} ({one.login})") for one in users.values() if may_act(one)]
    return render(
        request,
        "admin/acting_head.html.jinja2",
        status=422 if errors else 200,
        shown=shown,
        people=[("", gettext("— choose —")), *people],
        typed=typed,
        errors=errors or {},
        longest=LONGEST_ORDER,
    )


def _shown(request: web.Request, one: ActingHead, users: Mapping[int, User]) -> Shown:
    now, zone = request.app[ACCOUNTS].clock.now(), request.app[PAGES].timezone
    user, on = users[one.user_id], one.on(now)
    return Shown(
        acting=one,
        name=user.name,
        first=one.since.astimezone(zone).date(),
        last=one.until.astimezone(zone).date() - _DAY,
        on=on,
        over=one.over(now),
        ended_by=users[one.ended_by].name if one.ended_by else "",
        no_code=on and request.app[CODE_NEEDED] and user.totp_secret is None,
    )
