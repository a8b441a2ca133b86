"""The socket of events: bearer token, a hello with the position, then what happens, typed and numbered."""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta, structs

from cti_server.api.feed import Follower
from cti_server.api.messages import (
    CallArrived,
    Event,
    Hello,
    without_personal,
)
from cti_server.api.reading import read_query
from cti_server.api.seeing import OF_EVENTS, may_see
from cti_server.api.sources import API
from cti_server.audit import Action, audit
from cti_server.auth.access import with_token
from cti_server.auth.bearer import BEARERS
from cti_server.auth.errors import TooManyRequests
from cti_server.auth.revocation import lasting
from cti_server.keys import TOKEN
from hotline.access.permissions import Permission

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 15.0
FAREWELL_SECONDS = 5.0
"""How long a slow client has to take in why it is dropped."""
SOCKET_WAIT = 60
TOO_SLOW, TOKEN_ENDED = 4000, 4001
OPEN: web.AppKey[Counter[int]] = web.AppKey("open_api_sockets")
"""How many streams each token has open."""
_LONGEST_MESSAGE = 200


Position = Annotated[
    str,
    Meta(
        pattern=r"^[0-9a-f]{8}-[0-9]{1,18}(-[0-9]{1,14})?$",
        description="The last position or `id` that was seen.",
    ),
]


class EventsAsked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Whence the stream is to go on."""

    after: Position | None = None


@with_token(Permission.SEE_LINE, Permission.WORK_ON_APPEALS, scopes=OF_EVENTS)
async def events(request: web.Request) -> web.StreamResponse:
    """Serve one client until it goes, does not keep up (4000), or its token ends (4001)."""
    asked, token, opened = read_query(request, EventsAsked), request[TOKEN], request.app[OPEN]
    if opened[token.id] >= request.app[BEARERS].limits.sockets:
        raise TooManyRequests(SOCKET_WAIT)
    socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS, max_msg_size=_LONGEST_MESSAGE)
    if socket.can_prepare(request) and token.personal:
        await audit(request, Action.VIEW, "events")
    await socket.prepare(request)
    opened[token.id] += 1
    try:
        sources = request.app[API]
        async with sources.feed.follow(asked.after) as (hello, follower):
            missed = None
            if asked.after is not None and not hello.resumed:
                missed = await sources.missed.since(asked.after)
            told = structs.replace(hello, restored=missed is not None)
            first: list[Hello | Event] = [told, *(missed or ())]
            with lasting(request) as void:
                await _serve(request, socket, first, follower, void)
    finally:
        opened[token.id] -= 1
    return socket


async def _serve(
    request: web.Request,
    socket: web.WebSocketResponse,
    first: Sequence[Hello | Event],
    follower: Follower,
    void: asyncio.Event,
) -> None:
    sending = asyncio.create_task(_send(request, socket, first, follower))
    slow = asyncio.create_task(follower.dropped.wait())
    ended = asyncio.create_task(void.wait())
    tasks = [sending, slow, ended, asyncio.create_task(_listen(socket))]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        finished = {one for one in (slow, ended) if one.done()}
        for task in tasks:
            task.cancel()
        sent, *_ended = await asyncio.gather(*tasks, return_exceptions=True)
    if isinstance(sent, Exception) and not isinstance(sent, ConnectionError):
        log.error("event stream broke token=%d", request[TOKEN].id, exc_info=sent)
    if slow in finished:
        await _part(request, socket, TOO_SLOW, b"too slow")
    elif ended in finished:
        await _part(request, socket, TOKEN_ENDED, b"token ended")


async def _part(request: web.Request, socket: web.WebSocketResponse, code: int, why: bytes) -> None:
    """Say why, and wait only a while for a client that may not read."""
    with suppress(TimeoutError):
        async with asyncio.timeout(FAREWELL_SECONDS):
            await socket.close(code=code, message=why)
            return
    if request.transport is not None:
        request.transport.abort()


async def _send(
    request: web.Request, socket: web.WebSocketResponse, first: Sequence[Hello | Event], follower: Follower
) -> None:
    """Send the hello and what was missed, then what happens."""
    waiting = deque(first)
    while True:
        event = waiting.popleft() if waiting else await follower.next()
        if isinstance(event, Hello):
            await socket.send_str(msgspec.json.encode(event).decode())
            continue
        token = request[TOKEN]  # of this moment: its scopes may be others by now
        if not may_see(token, event):
            continue
        if not token.personal:
            event = without_personal(event)
        elif isinstance(event, CallArrived) and event.number:
            await audit(request, Action.VIEW, f"call:{event.call_id}", "events")
        await socket.send_str(msgspec.json.encode(event).decode())


async def _listen(socket: web.WebSocketResponse) -> None:
    """Hear nothing but that the client is gone."""
    async for _message in socket:
        pass
