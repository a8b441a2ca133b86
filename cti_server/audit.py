"""Audit of handlers: one line for each that shows, plays or changes a record.

    await audit(request, Action.PLAY, f"recording:{recording.id}")

It is awaited before the answer is sent: a view that cannot be recorded is not shown.
"""

from collections.abc import MutableMapping
from datetime import datetime, timedelta
from enum import StrEnum

from aiohttp import web

from cti_server.clients import address_of
from cti_server.keys import ACCOUNTS, SESSION, TOKEN, USER
from hotline.access.users import AuditEntry, User

STILL_LOOKING = timedelta(seconds=45)
"""A user who asks again within this time is still looking: pages poll every 30 s or more often."""
Seen = tuple[str, str, str]
LOOKING: web.AppKey[MutableMapping[Seen, datetime]] = web.AppKey("looking")
"""Session, subject and detail of views that go on, and when they were asked for last."""


class Action(StrEnum):
    """Kinds of audited actions."""

    SIGN_IN = "sign-in"
    SIGN_IN_REFUSED = "sign-in-refused"
    SIGN_OUT = "sign-out"
    VIEW = "view"
    SEARCH = "search"
    PLAY = "play"
    EXPORT = "export"
    CALL_OUT = "call-out"
    SUPERVISE = "supervise"
    """Listened to a colleague's talk, whispered, joined, took it over; the detail begins with which."""
    ADD = "add"
    CHANGE = "change"
    PASSWORD = "password"  # noqa: S105 - the action of changing one
    TOTP = "totp"
    DEACTIVATE = "deactivate"
    ACTIVATE = "activate"
    TOKEN_REFUSED = "token-refused"  # noqa: S105 - the name of an action
    REVOKE = "revoke"
    COMMAND = "command"
    """By the command line, on the machine itself."""
    REMOVE = "remove"
    ERASE = "erase"


async def audit(
    request: web.Request, action: Action, subject: str, detail: str = "", *, by: User | None = None
) -> None:
    """Record what the signed-in user (or `by`) does; `subject` is such as `call:ID`, `user:7`.

    A program's line has no user, and its token before the detail.
    """
    accounts = request.app[ACCOUNTS]
    user = by or request.get(USER)
    if token := request.get(TOKEN):
        detail = f"token:{token.id} {token.name}; {detail}".rstrip("; ")
    await accounts.audit.append(
        AuditEntry(
            at=accounts.clock.now(),
            user_id=user.id if user else None,
            action=action,
            subject=subject,
            address=address_of(request),
            detail=detail,
            acting_head=user is not None and user.acting_until is not None,
        )
    )


async def audit_watching(request: web.Request, subject: str, detail: str = "") -> None:
    """Record a view of a page that polls: once, for as long as it goes on."""
    looking, now = request.app[LOOKING], request.app[ACCOUNTS].clock.now()
    for one in [one for one, at in looking.items() if at < now - STILL_LOOKING]:
        del looking[one]
    seen = (request[SESSION].token_hash, subject, detail)
    if seen not in looking:
        await audit(request, Action.VIEW, subject, detail)
    looking[seen] = now
