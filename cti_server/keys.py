"""Keys of the application and of a request, for handlers."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from cti_server.auth.passwords import Passwords
from hotline.access.acting_heads import ActingHeads
from hotline.access.saved_views import SavedViews
from hotline.access.sign_in import Session, Sessions, SignInAttempts
from hotline.access.tokens import Token
from hotline.access.users import AuditLog, User, Users
from hotline.clock import Clock
from hotline.line.line import Dispatchers
from hotline.portal.reporting import Reporting


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """Ports of sign-in, the users' page, what users keep of lists, and the audit log."""

    users: Users
    acting_heads: ActingHeads
    sessions: Sessions
    attempts: SignInAttempts
    audit: AuditLog
    views: SavedViews
    dispatchers: Dispatchers
    passwords: Passwords
    clock: Clock


ACCOUNTS: web.AppKey[Accounts] = web.AppKey("accounts")
CODE_NEEDED: web.AppKey[bool] = web.AppKey("code_needed")
"""Heads and administrators sign in with a one-time code as well, and acting heads are none without it:
everywhere but in the demo city."""
SMS_PREFIXES: web.AppKey[Sequence[str]] = web.AppKey("sms_prefixes")
"""Beginnings of the numbers to which short messages and codes go; forms that take a number say so."""
HTTPS: web.AppKey[bool] = web.AppKey("https")
"""People reach us over HTTPS, through a proxy or directly."""
REPORTING: web.AppKey[Reporting] = web.AppKey("reporting")
"""The act by which residents report without a dispatcher, for pages and for programs."""
EXPORTS: web.AppKey[asyncio.Semaphore] = web.AppKey("exports")
"""Held while a workbook is written, so that many at once do not take the machine from the calls."""

USER: web.RequestKey[User] = web.RequestKey("user", User)
"""The signed-in user; set for every handler that is not public."""
TOKEN: web.RequestKey[Token] = web.RequestKey("token", Token)
"""The program's token; set for every handler of the API."""
SESSION: web.RequestKey[Session] = web.RequestKey("session", Session)
