"""The page from which a resident calls by the browser, and the invitation that its button asks for.

The browser is known by a random word in a cookie of this page alone; we keep its digest, for one call.
"""

from http import HTTPStatus

from aiohttp import web

from cti_server.auth.access import public
from cti_server.auth.errors import TooManyAttempts
from cti_server.clients import counted_as
from cti_server.desk.softphone import DOMAIN
from cti_server.keys import HTTPS
from cti_server.outages.public.rendering import rendered_page
from cti_server.web_calls.guests import NobodyCalls, TooManyCalls
from cti_server.web_calls.origin import LONGEST, origin_of
from cti_server.web_calls.sources import WEB_CALLS

PATH = "/call"
LINE = f"{PATH}/line"
COOKIE = "call"
KEYS = ("123", "456", "789", "*0#")
"""In rows, as on a telephone."""


@public
async def page(request: web.Request) -> web.Response:
    """Show it; `from` is the path of the page with the button."""
    return rendered_page(
        request,
        "web_calls/page.html.jinja2",
        open=request.app[WEB_CALLS].guests.open,
        asked_from=request.query.get("from", "")[:LONGEST],
        minutes=round(request.app[WEB_CALLS].guests.rules.longest.total_seconds() / 60),
        keys=KEYS,
    )


@public
async def invite(request: web.Request) -> web.Response:
    """`POST /call`: who this browser is for one call, as JSON.

    403 `closed` when nobody calls so, 422 `consent` without the tick for the microphone, 429 `too-many` when
    as many calls go on as may, or the network has to wait.
    """
    sources, form = request.app[WEB_CALLS], await request.post()
    if form.get("consent") != "yes":
        return _no("consent", HTTPStatus.UNPROCESSABLE_ENTITY)
    network, now = counted_as(request), sources.clock.now()
    try:
        sources.wrong.require_patience(network, now)
        sources.begun.count(network, now)
        known = request.cookies.get(COOKIE, "")
        await sources.guests.leaves(known)
        origin = await origin_of(request, str(form.get("from", ""))[:LONGEST])
        word, one = sources.guests.invite(origin, known=known, network=network, now=now)
    except NobodyCalls:
        return _no("closed", HTTPStatus.FORBIDDEN)
    except (TooManyCalls, TooManyAttempts):
        return _no("too-many", HTTPStatus.TOO_MANY_REQUESTS)
    answer = web.json_response(
        {
            "user": one.name,
            "password": one.password,
            "uri": f"sip:{one.name}@{DOMAIN}",
            "target": f"sip:{sources.number}@{DOMAIN}",
            "socket": LINE,
        }
    )
    answer.set_cookie(
        COOKIE,
        word,
        max_age=round(sources.guests.rules.longest.total_seconds()),
        path=PATH,
        httponly=True,
        secure=request.app[HTTPS],
        samesite="Strict",
    )
    return answer


def _no(why: str, status: HTTPStatus) -> web.Response:
    return web.json_response({"error": why}, status=status)
