"""One's own account: a new password, the one-time code as a second proof."""

from collections.abc import Mapping
from dataclasses import replace

import pyotp
from aiohttp import web
from markupsafe import Markup

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.auth.credentials import matching_step, user_with_password
from cti_server.auth.errors import TooManyAttempts
from cti_server.frame.language import N_, words_of
from cti_server.frame.pages import render
from cti_server.keys import ACCOUNTS, CODE_NEEDED, SESSION, USER
from hotline.access.acting_heads import ActingHead, may_act
from hotline.access.password_rules import Fault, fault_of
from hotline.access.users import User, owed_by

ISSUER = "Hotline"
FAULTS: Mapping[Fault, str] = {
    Fault.LENGTH: N_("From 12 to 200 characters."),
    Fault.LOGIN: N_("Not with your login in it."),
    Fault.COMMON: N_(
        "This is tried first: a known word, a row of keys, a repetition. "
        "Take several words that do not belong together."
    ),
}
_SECRET_LENGTH = 32


@allowed(settles=True)
async def page(request: web.Request) -> web.Response:
    return await account_page(request)


@allowed(settles=True)
async def change_password(request: web.Request) -> web.Response:
    """Change one's own password; all other browsers of this user are signed out."""
    form, user, gettext = await request.post(), request[USER], words_of(request).gettext
    new = str(form.get("new", ""))
    errors = await wrong_password(request, str(form.get("current", "")), "current")
    if fault := fault_of(new, user.login, user.name):
        errors["new"] = gettext(FAULTS[fault])
    elif new == form.get("current"):
        errors["new"] = gettext("This is the password that you have now: choose another.")
    elif new != form.get("again"):
        errors["again"] = gettext("The two new passwords differ.")
    if errors:
        return await account_page(request, errors, status=422)
    accounts = request.app[ACCOUNTS]
    hashed = await accounts.passwords.hash(new)
    await accounts.users.update(replace(user, password_hash=hashed, password_given=False))
    await accounts.sessions.close_all_of(user.id, but=request[SESSION].token_hash)
    await audit(request, Action.PASSWORD, f"user:{user.id}")
    return done("password")


@allowed(settles=True)
async def totp_page(request: web.Request) -> web.Response:
    return _totp_page(request, pyotp.random_base32(_SECRET_LENGTH))


@allowed(settles=True)
async def turn_totp_on(request: web.Request) -> web.Response:
    """Take the secret into use once a code made with it, and the password, were entered."""
    form, user, gettext = await request.post(), request[USER], words_of(request).gettext
    secret = str(form.get("secret", ""))
    if len(secret) != _SECRET_LENGTH or not set(secret) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"):
        raise web.HTTPBadRequest
    errors = await wrong_password(request, str(form.get("current", "")), "current")
    step = matching_step(secret, str(form.get("code", "")), request.app[ACCOUNTS].clock)
    if step is None:
        errors["code"] = gettext("This is not the code that the secret gives now.")
    if errors or step is None:
        return _totp_page(request, secret, errors, status=422)
    await _set_totp(request, user, secret)
    await request.app[ACCOUNTS].users.use_code(user.id, step)  # this code opens no sign-in any more
    return done("totp-on")


@allowed(settles=True)
async def turn_totp_off(request: web.Request) -> web.Response:
    """Turn the one-time code off. It takes the password and a code: neither of them alone is enough."""
    form, user = await request.post(), request[USER]
    errors = await wrong_password(request, str(form.get("off", "")), "off")
    if not errors and (fault := await _wrong_code(request, str(form.get("off_code", "")))):
        errors["off_code"] = fault
    if errors:
        return await account_page(request, errors, status=422)
    await _set_totp(request, user, None)
    return done("totp-off")


async def _set_totp(request: web.Request, user: User, secret: str | None) -> None:
    await request.app[ACCOUNTS].users.update(replace(user, totp_secret=secret))
    await audit(request, Action.TOTP, f"user:{user.id}", "on" if secret else "off")


async def wrong_password(request: web.Request, password: str, field: str) -> dict[str, str]:
    """Return the fault of the present password; empty when it is right."""
    gettext = words_of(request).gettext
    try:
        if await user_with_password(request, request[USER].login, password):
            return {}
    except TooManyAttempts:
        return {field: gettext("Too many attempts. Wait a minute.")}
    return {field: gettext("This is not your present password.")}


async def _wrong_code(request: web.Request, code: str) -> str:
    """Return the fault of the one-time code; empty when it is right. The attempt is the password's."""
    accounts, user = request.app[ACCOUNTS], request[USER]
    step = matching_step(user.totp_secret or "", code, accounts.clock)
    if step is not None and await accounts.users.use_code(user.id, step):
        return ""
    return words_of(request).gettext("This code is wrong or was used already: enter the one shown now.")


async def account_page(
    request: web.Request, errors: dict[str, str] | None = None, *, status: int = 200
) -> web.Response:
    """Show the account, with `errors` at their fields."""
    what = request.query.get("done", "")
    user = request[USER]
    owed = owed_by(user, code_needed=request.app[CODE_NEEDED])
    named = await _named_without_code(request, user)
    return render(
        request,
        "account/account.html.jinja2",
        status=status,
        errors=errors or {},
        done=what,
        owed=owed,
        named=named,
    )


async def _named_without_code(request: web.Request, user: User) -> ActingHead | None:
    """Find that the user is named as acting head now, and is none for want of a one-time code."""
    accounts = request.app[ACCOUNTS]
    if not request.app[CODE_NEEDED] or user.totp_secret or not may_act(user):
        return None
    named = await accounts.acting_heads.at(accounts.clock.now())
    return named if named and named.user_id == user.id else None


def _totp_page(
    request: web.Request, secret: str, errors: dict[str, str] | None = None, *, status: int = 200
) -> web.Response:
    import segno  # noqa: PLC0415 - a megabyte and a half that the hotline does without until somebody asks

    uri = pyotp.TOTP(secret).provisioning_uri(name=request[USER].login, issuer_name=ISSUER)
    picture = segno.make(uri, error="m", micro=False).svg_inline(omitsize=True, light="#fff", border=4)
    context = {"errors": errors or {}, "secret": secret, "uri": uri, "picture": Markup(picture)}  # noqa: S704 - our own drawing
    return render(request, "account/totp.html.jinja2", status=status, **context)


def done(what: str) -> web.Response:
    """Go back to the account, with a line on the change."""
    return web.Response(status=303, headers={"Location": f"/account?done={what}"})
