"""Programs prove who they are with a token in the `Authorization` header: never a cookie, never a URL."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import hdrs, web

from cti_server.audit import Action, audit
from cti_server.auth.access import Access
from cti_server.auth.errors import Forbidden, ScopeNeeded, TokenNeeded
from cti_server.auth.rates import Rates, TokenLimits, WrongTokens
from cti_server.auth.session import standing_users
from cti_server.clients import counted_as
from cti_server.keys import ACCOUNTS, TOKEN
from hotline.access.tokens import Token, Tokens, hash_of

TOGETHER = 2
_USED_AT_MOST_EVERY = timedelta(minutes=1)
_LONGEST_SECRET = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearers:
    """The valid tokens, and the counts of their requests."""

    tokens: Tokens
    limits: TokenLimits
    rates: Rates
    wrong: WrongTokens
    turn: asyncio.Semaphore
    """Few are served together, so that the desks find the database free."""


BEARERS: web.AppKey[Bearers] = web.AppKey("bearers")


def bearers(tokens: Tokens, limits: TokenLimits | None = None) -> Bearers:
    chosen = limits or TokenLimits()
    return Bearers(
        tokens=tokens,
        limits=chosen,
        rates=Rates(chosen),
        wrong=WrongTokens(chosen.free_failures),
        turn=asyncio.Semaphore(TOGETHER),
    )


async def require_token(request: web.Request, access: Access) -> None:
    """Let in only a valid token that may, and was made for this.

    Raises TokenNeeded, Forbidden, ScopeNeeded, TooManyRequests, TooManyAttempts.
    """
    token = await token_by(request, secret_of(request))
    if not access.admits(token):
        raise Forbidden(f"Token {token.id} ({token.role}) may not {request.method} {request.path}.")
    if not token.opens(*access.scopes):
        raise ScopeNeeded(f"Token {token.id} has none of {', '.join(access.scopes)}.", access.scopes)


async def token_by(request: web.Request, secret: str) -> Token:
    """Find whose secret it is, and count the request; raises as `require_token` does."""
    now, known = request.app[ACCOUNTS].clock.now(), request.app[BEARERS]
    token = await known.tokens.by_hash(hash_of(secret)) if secret else None
    makers = await standing_users(request.app, {token.user_id}) if token else {}
    if token is None or not token.good(now, makers[token.user_id]):
        raise await _refused(request, token, given=bool(secret))
    known.rates.take(token.id)
    request[TOKEN] = token
    if token.used_at is None or now - token.used_at >= _USED_AT_MOST_EVERY:
        await known.tokens.used(token.id, now)
    return token


async def _refused(request: web.Request, token: Token | None, *, given: bool) -> TokenNeeded:
    if given:
        request.app[BEARERS].wrong.count(counted_as(request), request.app[ACCOUNTS].clock.now())
        await audit(request, Action.TOKEN_REFUSED, f"token:{token.id if token else '?'}")
    return TokenNeeded("The request bears no valid token.")


def secret_of(request: web.Request) -> str:
    scheme, _, secret = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    secret = secret.strip()
    return secret if scheme.lower() == "bearer" and len(secret) <= _LONGEST_SECRET else ""
