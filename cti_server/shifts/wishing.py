"""Wishes for the roster: a dispatcher asks to work on days, or to have them off, and takes it back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from http import HTTPStatus

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.language import words_of
from cti_server.frame.moments import read_day
from cti_server.frame.noted import Noted, noted_at
from cti_server.keys import USER
from cti_server.shifts import own
from cti_server.shifts.sources import SHIFTS
from cti_server.shifts.wished import TypedWish
from hotline.access.permissions import Permission
from hotline.foreign_text import tidied
from hotline.shifts.roster import DAY
from hotline.shifts.wishes import LONGEST_REASON, MOST_DAYS, Wish

PATH = f"{own.PATH}/wishes"
_WISHES = allowed(Permission.SEE_OWN_SHIFTS)


@_WISHES
async def wish(request: web.Request) -> web.Response:
    """Keep a wish for the days from one to another; without the other it is for one day."""
    form, sources = await request.post(), request.app[SHIFTS]
    typed = TypedWish(
        since=_tidy(form.get("since")),
        until=_tidy(form.get("until")),
        wish=_tidy(form.get("wish")),
        reason=_tidy(form.get("reason")),
    )
    days, faults = _read(request, typed)
    if faults:
        return await own.show(
            request, wish=replace(typed, faults=faults), status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    now, by = sources.clock.now(), request[USER].id
    await sources.wishes.wish(by, days, Wish(typed.wish), typed.reason, now)
    await audit(request, Action.ADD, "roster-wish", f"{days[0]}–{days[-1]} {typed.wish}")
    return noted_at(own.PATH, Noted.WISH_KEPT)


@_WISHES
async def take_back(request: web.Request) -> web.Response:
    """Take back the wishes of the days from `since` to `until`."""
    form = await request.post()
    first, last = (read_day(str(form.get(name, ""))) for name in ("since", "until"))
    if first is None or last is None or not first <= last < first + MOST_DAYS * DAY:
        raise web.HTTPUnprocessableEntity
    await request.app[SHIFTS].wishes.take_back(request[USER].id, _days(first, last))
    await audit(request, Action.REMOVE, "roster-wish", f"{first}–{last}")
    return noted_at(own.PATH, Noted.WISH_TAKEN_BACK)


def _read(request: web.Request, typed: TypedWish) -> tuple[Sequence[date], Mapping[str, str]]:
    gettext, today = words_of(request).gettext, request.app[SHIFTS].today()
    first, faults = read_day(typed.since), {}
    last = read_day(typed.until) if typed.until else first
    if first is None or first < today:
        faults["since"] = gettext("Choose a day from today on.")
    elif last is None or not first <= last < first + MOST_DAYS * DAY:
        faults["until"] = gettext("Choose a later day, %(most)s days on at most.") % {"most": MOST_DAYS}
    if typed.wish not in set(Wish):
        faults["wish"] = gettext("Choose one of the two.")
    if len(typed.reason) > LONGEST_REASON:
        faults["reason"] = gettext("This is too long: write %(most)s characters at most.") % {
            "most": LONGEST_REASON
        }
    elif typed.wish == Wish.OFF and not typed.reason:
        faults["reason"] = gettext("Say why: the head weighs it while drawing.")
    return (_days(first, last) if first and last and not faults else ()), faults


def _days(first: date, last: date) -> Sequence[date]:
    return [first + number * DAY for number in range((last - first).days + 1)]


def _tidy(text: object) -> str:
    """Read a field; what is far too long is cut, and told to be too long."""
    return tidied(str(text or "")).strip()[: 2 * LONGEST_REASON]
