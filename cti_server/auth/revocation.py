"""Ends what lasts when the right behind it ends: sockets, a phone behind one, streams, downloads.

What goes on has the rights of this moment in `request[USER]`: an open desk, too, is an acting head's in time.

    with lasting(request) as ended:  # a socket, which says why it closes
        await ended.wait()

    async with cut_off_in_time(request):  # a file, which just breaks off
        await response.write(piece)

One watch looks once a second whether the sessions, accounts and tokens behind all that is open still stand as
they did when it began, so that it does not matter which process, page or command ended them.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import cast

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from attrs import define, field

from cti_server.auth.access import access_of
from cti_server.auth.bearer import BEARERS
from cti_server.auth.session import keep_open, standing_users
from cti_server.keys import ACCOUNTS, SESSION, TOKEN, USER
from hotline.access.permissions import AT_A_DESK
from hotline.access.users import User
from hotline.isolation import repeat

LOOK_SECONDS = 1.0
"""A desk, a phone or a stream outlives the right to it by this time at most, and the look itself."""


@define(eq=False, repr=False)
class _Open:
    """One request that lasts, and what is done when it may not any longer."""

    request: web.Request
    end: Callable[[], None]


@define(eq=False, repr=False)
class Watch:
    """Looks after all that is open in this process; a look that fails ends nothing."""

    _app: web.Application
    _open: set[_Open] = field(factory=set, init=False)

    @contextmanager
    def over(self, request: web.Request, end: Callable[[], None]) -> Iterator[None]:
        """Call `end` once, should the right of the request end within the block."""
        one = _Open(request, end)
        self._open.add(one)
        try:
            yield
        finally:
            self._open.discard(one)

    async def look(self) -> None:
        """End what lost its right."""
        signed_in = [one for one in self._open if SESSION in one.request]
        bearing = [one for one in self._open if TOKEN in one.request]
        for one in [*await self._signed_out(signed_in), *await self._void(bearing)]:
            if one in self._open:  # it may have ended by itself while we looked
                self._open.discard(one)
                one.end()

    async def _signed_out(self, found: list[_Open]) -> list[_Open]:
        if not found:
            return []
        accounts = self._app[ACCOUNTS]
        now = accounts.clock.now()
        sessions = await accounts.sessions.those({one.request[SESSION].token_hash for one in found}, now)
        for session in sessions.values():  # an open page keeps its session from idling out
            await keep_open(accounts, session, now)
        users = await standing_users(self._app, {one.request[USER].id for one in found})
        ended = []
        for one in found:
            user = users[one.request[USER].id]
            if one.request[SESSION].token_hash in sessions and _may_go_on(one.request, user):
                one.request[USER] = user
            else:
                ended.append(one)
        return ended

    async def _void(self, found: list[_Open]) -> list[_Open]:
        if not found:
            return []
        now = self._app[ACCOUNTS].clock.now()
        tokens = await self._app[BEARERS].tokens.those({one.request[TOKEN].id for one in found})
        makers = await standing_users(self._app, {token.user_id for token in tokens.values()})
        good = {token.id for token in tokens.values() if token.good(now, makers[token.user_id])}
        for one in found:
            if one.request[TOKEN].id in good:
                one.request[TOKEN] = one.request[TOKEN].beside(tokens[one.request[TOKEN].id])
        return [
            one
            for one in found  # what an old secret opened ends with that secret
            if one.request[TOKEN].id not in good
            or one.request[TOKEN].expires_at <= now
            or not _still_opened(one.request)
        ]


def _still_opened(request: web.Request) -> bool:
    """Tell whether the token still has a scope of the route that it opened."""
    access = access_of(request.match_info.handler)
    return access is not None and request[TOKEN].opens(*access.scopes)


def _may_go_on(request: web.Request, user: User) -> bool:
    """Tell whether what was opened may go on: an acting head's days end all but their desk and its phone."""
    opened_as = request[USER]
    if opened_as.acting_until is None or user.acting_until is not None:
        return user.stands_as(opened_as)
    access = access_of(request.match_info.handler)
    return user.stands_as(opened_as) and access is not None and access.permissions <= AT_A_DESK


WATCH: web.AppKey[Watch] = web.AppKey("watch_over_rights")


@contextmanager
def lasting(request: web.Request) -> Iterator[asyncio.Event]:
    """Tell when the right to this request has ended."""
    ended = asyncio.Event()
    with request.app[WATCH].over(request, ended.set):
        yield ended


@asynccontextmanager
async def cut_off_in_time(request: web.Request) -> AsyncIterator[None]:
    """Break off what is being sent when the right to it has ended, with ConnectionResetError, unfinished."""
    try:
        async with asyncio.timeout(None) as limit:
            with request.app[WATCH].over(request, lambda: limit.reschedule(0)):
                yield
    except TimeoutError:
        if not limit.expired():
            raise
        if request.transport is not None:
            request.transport.abort()
        raise ConnectionResetError from None


class LastingFile(web.FileResponse):
    """A file that breaks off when the right to it ends: it is sent after its handler has returned."""

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        async with cut_off_in_time(cast("web.Request", request)):
            return await super().prepare(request)


def watch_over_rights(app: web.Application) -> None:
    """Add the watch to the application; it looks for as long as the application runs."""
    app[WATCH] = Watch(app)
    app.cleanup_ctx.append(_watching)


async def _watching(app: web.Application) -> AsyncIterator[None]:
    failure = "not known who is still signed in"
    watching = asyncio.create_task(repeat(app[WATCH].look, every=LOOK_SECONDS, failure=failure))
    yield
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
