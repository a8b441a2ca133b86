"""Sessions: opened, found by their cookie, ended."""

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from aiohttp import web

from cti_server.keys import ACCOUNTS, CODE_NEEDED, HTTPS, Accounts
from hotline.access.acting_heads import as_they_stand
from hotline.access.sign_in import CODE_WAIT, IDLE, LONGEST, Session
from hotline.access.tokens import hash_of
from hotline.access.users import User

_SEEN_AT_MOST_EVERY = timedelta(minutes=1)


def cookie_name(request: web.Request) -> str:
    """Over HTTPS the prefix makes browsers refuse the cookie from anywhere but this very host."""
    return "__Host-hotline" if request.app[HTTPS] else "hotline"


async def open_session(
    request: web.Request, response: web.StreamResponse, user: User, *, awaits_code: bool = False
) -> Session:
    """Sign the user in in this browser, under a token that nobody knew before."""
    accounts = request.app[ACCOUNTS]
    await end_session(request)
    now = accounts.clock.now()
    await accounts.sessions.sweep(now)
    token = secrets.token_urlsafe(32)
    session = Session(
        token_hash=hash_of(token),
        user_id=user.id,
        csrf=secrets.token_urlsafe(24),
        created_at=now,
        seen_at=now,
        expires_at=now + (CODE_WAIT if awaits_code else IDLE),
        awaits_code=awaits_code,
    )
    await accounts.sessions.open(session)
    response.set_cookie(
        cookie_name(request), token, path="/", httponly=True, samesite="Lax", secure=request.app[HTTPS]
    )
    return session


async def end_session(request: web.Request) -> None:
    """End the session of this browser, if there is one."""
    token = request.cookies.get(cookie_name(request))
    if token:
        await request.app[ACCOUNTS].sessions.close(hash_of(token))


async def find_session(request: web.Request) -> tuple[Session, User] | None:
    """Find who is signed in; None also for a user who may no longer sign in."""
    accounts = request.app[ACCOUNTS]
    token = request.cookies.get(cookie_name(request))
    if not token:
        return None
    now = accounts.clock.now()
    session = await accounts.sessions.find(hash_of(token), now)
    if session is None:
        return None
    user = (await standing_users(request.app, {session.user_id}))[session.user_id]
    if not user.active:
        return None
    await keep_open(accounts, session, now)
    return session, user


async def standing_users(app: web.Application, user_ids: Collection[int]) -> Mapping[int, User]:
    """Find accounts by their ids, with the rights of this moment."""
    accounts = app[ACCOUNTS]
    found, now = await accounts.users.those(user_ids), accounts.clock.now()
    return await as_they_stand(found, accounts.acting_heads, now, code_needed=app[CODE_NEEDED])


async def keep_open(accounts: Accounts, session: Session, now: datetime) -> None:
    """Take note that the session is in use, so that it does not idle out."""
    if not session.awaits_code and now - session.seen_at >= _SEEN_AT_MOST_EVERY:
        until = min(now + IDLE, session.created_at + LONGEST)
        await accounts.sessions.seen(session.token_hash, now, until)
