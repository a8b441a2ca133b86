"""Arranged calls: the form, and changes from the list of call-backs.

They are made as missed calls are called back: a click on the number (`cti_server.desk.calling_out`).
"""

from datetime import datetime

from aiohttp import web
from yarl import URL

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.calls.arranging import (
    TypedArrangement,
    arrangement,
    moment_of,
    read_typed,
    today_at,
    tomorrow_at,
)
from cti_server.calls.missed import show_list
from cti_server.calls.sources import PAST_CALLS
from cti_server.frame.language import words_of
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import PAGES, render
from cti_server.keys import ACCOUNTS, USER
from hotline.access.permissions import Permission
from hotline.errors import NotFound
from hotline.line.callbacks import CallbackResult
from hotline.line.scheduled_callbacks import LONGEST_WHY, referred


@allowed(Permission.CALL_OUT)
async def form(request: web.Request) -> web.Response:
    """An empty form; `number`, `call` and `appeal` of the address are filled in."""
    typed = read_typed(request.query)
    if today_at(_now(request), request.app[PAGES].timezone) is None:
        typed.when = "tomorrow"
    return _form(request, typed)


@allowed(Permission.CALL_OUT)
async def arrange(request: web.Request) -> web.Response:
    """Arrange the call; a form with faults comes back as typed."""
    past, typed = request.app[PAST_CALLS], read_typed(await request.post())
    zone, user = request.app[PAGES].timezone, request[USER]
    wanted = arrangement(typed, user.id, _now(request), zone=zone, rules=past.rules)
    if wanted is None:
        return _form(request, typed, status=422)
    made = await past.scheduled.arrange(wanted)
    await audit(request, Action.ADD, f"callback:{made.id}", f"number:{wanted.number}")
    return _to_list(made.reference)


@allowed(Permission.SEE_CALLS)
async def move(request: web.Request) -> web.Response:
    """Move the call to another moment, `at`; an unreadable one comes back with the reason."""
    scheduled_id, typed = _id(request), str((await request.post()).get("at", ""))
    zone = request.app[PAGES].timezone
    at, fault = moment_of(typed, _now(request), zone)
    if fault:
        error = words_of(request).gettext(fault)
        return await show_list(request, status=422, moved={"id": scheduled_id, "at": typed, "error": error})
    try:
        await request.app[PAST_CALLS].scheduled.move(scheduled_id, at)
    except NotFound:
        return _gone()
    await audit(request, Action.CHANGE, f"callback:{scheduled_id}", f"moved to {at.isoformat()}")
    return _to_list()


@allowed(Permission.SEE_CALLS)
async def close(request: web.Request) -> web.Response:
    """Take it off the list: `end` is reached, by somebody who dialled themselves, or given-up."""
    scheduled_id, end = _id(request), str((await request.post()).get("end", ""))
    scheduled = request.app[PAST_CALLS].scheduled
    try:
        match end:
            case "reached":
                await scheduled.tried(scheduled_id, request[USER].id, CallbackResult.REACHED, _now(request))
            case "given-up":
                await scheduled.give_up(scheduled_id)
            case _:
                raise web.HTTPBadRequest
    except NotFound:
        return _gone()
    await audit(request, Action.CHANGE, f"callback:{scheduled_id}", end)
    return _to_list()


def _form(request: web.Request, typed: TypedArrangement, *, status: int = 200) -> web.Response:
    now, zone = _now(request), request.app[PAGES].timezone
    return render(
        request,
        "calls/arrange.html.jinja2",
        status=status,
        typed=typed,
        today=today_at(now, zone),
        tomorrow=tomorrow_at(now, zone),
        longest=LONGEST_WHY,
    )


def _id(request: web.Request) -> int:
    scheduled_id = referred(request.match_info["reference"])
    if scheduled_id is None:
        raise NotFound("No such call is arranged.")
    return scheduled_id


def _now(request: web.Request) -> datetime:
    return request.app[ACCOUNTS].clock.now()


def _gone() -> web.Response:
    """Lead the second of two back to the list, which says that the call stands there no more."""
    return noted_at("/calls/missed", Noted.CALLBACK_GONE)


def _to_list(entry: str = "") -> web.Response:
    return web.Response(status=303, headers={"Location": str(URL("/calls/missed").with_fragment(entry))})
