"""Access to the set-up: nothing else is open before it is done, and nobody finds it afterwards.

    @in_setup
    async def page(request: web.Request) -> web.Response: ...

serves the one browser that typed the code; others are led to where a code is typed.
"""

import secrets
from collections.abc import Collection
from functools import wraps
from http import HTTPStatus

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler as AnyHandler

from cti_server.audit import Action, audit
from cti_server.auth.access import Handler, public, public_with_files
from cti_server.auth.errors import TooManyAttempts
from cti_server.auth.rates import WrongTokens
from cti_server.clients import counted_as
from cti_server.frame.language import words_of
from cti_server.frame.pages import render
from cti_server.keys import HTTPS
from cti_server.new_city.sources import NewCitySources
from hotline.access.tokens import hash_of
from hotline.new_city.setup import SetupStep, plain_code

PATH = "/setup"
COOKIE = "hotline-setup"
SUBJECT = "city-setup"
"""Of entries in the audit log."""
FREE_FAILURES = 5
"""Wrong codes from one address, within an hour, before it has to wait."""
_OPEN_BEFORE = ("/static/", "/health/", "/preferences", "/brand/", "/status.css")

NEW_CITY: web.AppKey[NewCitySources] = web.AppKey("new_city")


class SetupAccess:
    """Open until the set-up is finished; what is closed never opens again in this process."""

    def __init__(self, *, open_now: bool) -> None:
        self._open = open_now
        self.wrong = WrongTokens(FREE_FAILURES)

    async def is_open(self, sources: NewCitySources) -> bool:
        if self._open:
            self._open = await sources.setup.needed()
        return self._open


DOOR: web.AppKey[SetupAccess] = web.AppKey("door", SetupAccess)


@web.middleware
async def nothing_before(request: web.Request, handler: AnyHandler) -> web.StreamResponse:
    """Lead everybody to the set-up while it is to be done."""
    path = request.path
    if path == PATH or path.startswith((f"{PATH}/", *_OPEN_BEFORE)):
        return await handler(request)
    if not await request.app[DOOR].is_open(request.app[NEW_CITY]):
        return await handler(request)
    if request.method in {"GET", "HEAD"}:
        raise web.HTTPSeeOther(PATH)
    raise web.HTTPForbidden


async def require_open(request: web.Request) -> None:
    """Raise HTTPNotFound where there is nothing to set up."""
    if not await request.app[DOOR].is_open(request.app[NEW_CITY]):
        raise web.HTTPNotFound


async def is_in(request: web.Request) -> bool:
    """Tell whether this is the browser that typed the code."""
    token = request.cookies.get(COOKIE, "")
    held = (await request.app[NEW_CITY].setup.get()).session_hash
    return bool(token) and held is not None and secrets.compare_digest(hash_of(token), held)


def in_setup(handler: Handler) -> Handler:
    """Declare a page of the set-up."""
    return public(_guarded(handler))


def in_setup_with_files(handler: Handler) -> Handler:
    """Declare one whose form may bring files."""
    return public_with_files(_guarded(handler))


def _guarded(handler: Handler) -> Handler:
    @wraps(handler)
    async def guarded(request: web.Request) -> web.StreamResponse:
        await require_open(request)
        if not await is_in(request):
            return _to(PATH)
        return await handler(request)

    return guarded


async def noted(request: web.Request, step: SetupStep, *, undoing: Collection[SetupStep] = ()) -> None:
    """Take note that the step is done, also in the audit log."""
    await request.app[NEW_CITY].setup.note(step, undoing=undoing)
    await audit(request, Action.CHANGE, SUBJECT, step)


@public
async def enter(request: web.Request) -> web.StreamResponse:
    """Take the code; it is spent, and this browser is the one that sets the city up."""
    await require_open(request)
    gettext, sources = words_of(request).gettext, request.app[NEW_CITY]
    typed, now = str((await request.post()).get("code", "")), sources.clock.now()
    wrong, whose = request.app[DOOR].wrong, counted_as(request)
    try:
        wrong.require_patience(whose, now)
    except TooManyAttempts:
        return code_page(request, gettext("Too many wrong codes. Wait some minutes, then try again."), 429)
    token = secrets.token_urlsafe(32)
    if not await sources.setup.open(hash_of(plain_code(typed)), hash_of(token), now):
        wrong.count(whose, now)
        await audit(request, Action.SIGN_IN_REFUSED, SUBJECT)
        error = gettext("This code opens nothing: it was used already, or a newer one was printed.")
        return code_page(request, error, HTTPStatus.UNPROCESSABLE_ENTITY)
    await audit(request, Action.SIGN_IN, SUBJECT)
    response = _to(PATH)
    response.set_cookie(COOKIE, token, path=PATH, httponly=True, samesite="Strict", secure=request.app[HTTPS])
    return response


def code_page(request: web.Request, error: str = "", status: int = HTTPStatus.OK) -> web.Response:
    return render(request, "new_city/code.html.jinja2", status=status, error=error)


def _to(path: str) -> web.Response:
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: path})
