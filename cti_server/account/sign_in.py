"""The sign-in page, the page for the one-time code, and signing out."""

import math

from aiohttp import hdrs, web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed, public
from cti_server.auth.credentials import right_code, user_with_password
from cti_server.auth.errors import TooManyAttempts, TooManyTogether
from cti_server.auth.session import cookie_name, end_session, find_session, open_session
from cti_server.frame.homes import home_of
from cti_server.frame.language import words_of
from cti_server.frame.pages import render
from cti_server.frame.preferences import own_path
from cti_server.keys import ACCOUNTS, HTTPS, USER
from hotline.access.users import User
from hotline.foreign_text import tidied


@public
async def page(request: web.Request) -> web.Response:
    if user := request.get(USER):
        return web.Response(status=303, headers={"Location": home_of(request.app, user)})
    return _form(request, back=own_path(request.query.get("next", "/")))


@public
async def sign_in(request: web.Request) -> web.Response:
    """Check the password; a wrong one and an unknown login get the same answer in the same time."""
    form = await request.post()
    login, password = tidied(str(form.get("login", ""))), str(form.get("password", ""))
    back = own_path(str(form.get("next", "/")))
    try:
        user = await user_with_password(request, login, password)
    except TooManyAttempts as early:
        return _form(request, back=back, login=login, error=_wait(request, early), status=429)
    except TooManyTogether as crowd:
        error = words_of(request).gettext("Many people are signing in right now. Try again in a few seconds.")
        response = _form(request, back=back, login=login, error=error, status=503)
        response.headers[hdrs.RETRY_AFTER] = str(crowd.after)
        return response
    if user is None:
        error = words_of(request).gettext("The login or the password is wrong.")
        return _form(request, back=back, login=login, error=error, status=422)
    if user.totp_secret:
        response = web.Response(status=303, headers={"Location": _code_page(request, back)})
        await open_session(request, response, user, awaits_code=True)
        return response
    return await _enter(request, user, back)


@public
async def code_page(request: web.Request) -> web.Response:
    if await _awaited(request) is None:
        return web.Response(status=303, headers={"Location": "/sign-in"})
    return _code_form(request, own_path(request.query.get("next", "/")))


@public
async def enter_code(request: web.Request) -> web.Response:
    user = await _awaited(request)
    if user is None:
        return web.Response(status=303, headers={"Location": "/sign-in"})
    form = await request.post()
    back = own_path(str(form.get("next", "/")))
    try:
        right = await right_code(request, user, str(form.get("code", "")))
    except TooManyAttempts as early:
        return _code_form(request, back, error=_wait(request, early), status=429)
    if not right:
        error = words_of(request).gettext("This code is wrong or was used already: enter the one shown now.")
        return _code_form(request, back, error=error, status=422)
    return await _enter(request, user, back)


@allowed(settles=True)
async def sign_out(request: web.Request) -> web.Response:
    await end_session(request)
    await audit(request, Action.SIGN_OUT, f"user:{request[USER].id}")
    response = web.Response(status=303, headers={"Location": "/sign-in"})
    response.del_cookie(
        cookie_name(request), path="/", httponly=True, samesite="Lax", secure=request.app[HTTPS]
    )
    return response


async def _enter(request: web.Request, user: User, back: str) -> web.Response:
    target = home_of(request.app, user) if back == "/" else back
    response = web.Response(status=303, headers={"Location": target})
    await open_session(request, response, user)
    await request.app[ACCOUNTS].users.signed_in(user.id, request.app[ACCOUNTS].clock.now())
    await audit(request, Action.SIGN_IN, f"user:{user.id}", by=user)
    return response


async def _awaited(request: web.Request) -> User | None:
    """Return the user whose code this browser is to enter."""
    found = await find_session(request)
    return found[1] if found and found[0].awaits_code else None


def _form(
    request: web.Request, *, status: int = 200, login: str = "", error: str = "", back: str
) -> web.Response:
    return render(request, "account/sign_in.html.jinja2", status=status, login=login, error=error, back=back)


def _code_form(request: web.Request, back: str, *, status: int = 200, error: str = "") -> web.Response:
    return render(request, "account/code.html.jinja2", status=status, error=error, back=back)


def _code_page(request: web.Request, back: str) -> str:
    return str(request.app.router["code"].url_for().with_query(next=back))


def _wait(request: web.Request, error: TooManyAttempts) -> str:
    left = error.not_before - request.app[ACCOUNTS].clock.now()
    seconds = max(1, math.ceil(left.total_seconds()))
    return words_of(request).ngettext(
        "Too many attempts. Try again in %(num)d second.",
        "Too many attempts. Try again in %(num)d seconds.",
        seconds,
    ) % {"num": seconds}
