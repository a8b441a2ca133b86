"""The centre's page of calls by the browser: how many go on, and the switch that closes them."""

from http import HTTPStatus

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.keys import USER
from cti_server.web_calls.sources import WEB_CALLS
from hotline.access.permissions import Permission
from hotline.calls.web_calls import Closing

PATH = "/web-calls"
LONGEST_REASON = 300


@allowed(Permission.SEE_ANNOUNCEMENTS)
async def page(request: web.Request) -> web.Response:
    """Show how it stands."""
    return await _show(request)


@allowed(Permission.MANAGE_ANNOUNCEMENTS)
async def close(request: web.Request) -> web.Response:
    """Close them at once: who is on the line by a browser is put out. A reason is needed."""
    sources = request.app[WEB_CALLS]
    reason = str((await request.post()).get("reason", "")).strip()[:LONGEST_REASON]
    if not reason:
        return await _show(request, wordless=True)
    await sources.closings.close(Closing(at=sources.clock.now(), by=request[USER].id, reason=reason))
    sources.guests.close()
    sources.tells(0)
    await audit(request, Action.CHANGE, "web-calls", f"closed: {reason}")
    return noted_at(PATH, Noted.WEB_CALLS_CLOSED)


@allowed(Permission.MANAGE_ANNOUNCEMENTS)
async def reopen(request: web.Request) -> web.Response:
    """Let residents call so again."""
    sources = request.app[WEB_CALLS]
    await sources.closings.reopen(sources.clock.now(), request[USER].id)
    sources.guests.reopen()
    sources.tells(1)
    await audit(request, Action.CHANGE, "web-calls", "opened")
    return noted_at(PATH, Noted.WEB_CALLS_OPEN)


async def _show(request: web.Request, *, wordless: bool = False) -> web.Response:
    guests = request.app[WEB_CALLS].guests
    return render(
        request,
        "web_calls/switch.html.jinja2",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wordless else HTTPStatus.OK,
        rules=guests.rules,
        on_line=guests.on_line_now,
        closing=await request.app[WEB_CALLS].closings.holding(),
        manages=request[USER].may(Permission.MANAGE_ANNOUNCEMENTS),
        longest=LONGEST_REASON,
        wordless=wordless,
    )
