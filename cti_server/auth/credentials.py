"""Whether the person is who they say: the password and the one-time code, both throttled."""

import hmac
from dataclasses import replace

import pyotp
from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.errors import DemoAccount, TooManyAttempts
from cti_server.clients import address_of, counted_as, from_elsewhere
from cti_server.keys import ACCOUNTS
from hotline.access.users import User
from hotline.clock import Clock

_LONGEST_LOGIN = 64
STEP_SECONDS = 30
_STEPS_AROUND = (0, -1, 1)
"""Clocks of telephones and servers differ a little (RFC 6238, 6)."""


async def user_with_password(request: web.Request, login: str, password: str) -> User | None:
    """Find the active user with this password, as slowly for an unknown login.

    Raises TooManyAttempts, DemoAccount, and TooManyTogether before anything is counted.
    """
    with request.app[ACCOUNTS].passwords.place():
        return await _user_with_password(request, login, password)


async def _user_with_password(request: web.Request, login: str, password: str) -> User | None:
    accounts = request.app[ACCOUNTS]
    attempt = await _begin(request, login)
    user = await accounts.users.by_login(login[:_LONGEST_LOGIN])
    may = user is not None and user.active
    right = await accounts.passwords.verify(user.password_hash if user and may else None, password)
    if user is None or not right:
        await audit(request, Action.SIGN_IN_REFUSED, f"user:{user.id}" if user else "user:?", by=user)
        return None
    if from_elsewhere(request) and user.login in await accounts.users.demo_accounts():
        raise DemoAccount(f"{user.login} has a demo password, and {address_of(request)} is another machine.")
    if user.totp_secret is None:  # otherwise only the code makes it a success
        await accounts.attempts.succeeded(attempt)
    return await _with_todays_hash(request, user, password)


async def right_code(request: web.Request, user: User, code: str) -> bool:
    """Whether this is the user's one-time code of now, not used before; raises TooManyAttempts."""
    accounts = request.app[ACCOUNTS]
    attempt = await _begin(request, user.login)
    step = matching_step(user.totp_secret or "", code, accounts.clock)
    if step is None or not await accounts.users.use_code(user.id, step):
        await audit(request, Action.SIGN_IN_REFUSED, f"user:{user.id}", "code", by=user)
        return False
    await accounts.attempts.succeeded(attempt)
    return True


def matching_step(secret: str, code: str, clock: Clock) -> int | None:
    """Return the time step (RFC 6238) of this code, or None."""
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    now = int(clock.now().timestamp()) // STEP_SECONDS
    given = "".join(code.split()).encode()
    for step in (now + offset for offset in _STEPS_AROUND):
        if hmac.compare_digest(totp.generate_otp(step).encode(), given):
            return step
    return None


async def _begin(request: web.Request, login: str) -> int:
    accounts = request.app[ACCOUNTS]
    now = accounts.clock.now()
    attempt = await accounts.attempts.begin(login[:_LONGEST_LOGIN], counted_as(request), now)
    if attempt.id is None:
        raise TooManyAttempts(attempt.not_before or now)
    return attempt.id


async def _with_todays_hash(request: web.Request, user: User, password: str) -> User:
    """Hash the password again when the parameters have become stronger since."""
    accounts = request.app[ACCOUNTS]
    if not accounts.passwords.outdated(user.password_hash):
        return user
    renewed = replace(user, password_hash=await accounts.passwords.hash(password))
    await accounts.users.update(renewed)
    return renewed
