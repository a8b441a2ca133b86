"""The desk's socket: everything at first, then what changes; browsers say when they show a caller."""

import asyncio

from aiohttp import WSCloseCode, WSMsgType, web

from cti_server.auth.access import allowed
from cti_server.auth.revocation import lasting
from cti_server.desk.sources import DESK
from cti_server.desk.state import fragments, read_state
from cti_server.frame.language import language_of
from cti_server.frame.pages import PAGES
from cti_server.keys import USER
from cti_server.screens import Screen, Screens
from hotline.access.permissions import Permission
from hotline.errors import NoDesk

HEARTBEAT_SECONDS = 15.0
LONGEST_MESSAGE = 200
"""All that a browser says is the id of a call."""


@allowed(Permission.ANSWER_CALLS)
async def events(request: web.Request) -> web.StreamResponse:
    """Serve one open desk until its browser goes, or does not keep up."""
    sources, user, language = request.app[DESK].sources, request[USER], language_of(request)
    if user.dispatcher_id is None:
        raise NoDesk(f"User {user.id} has no desk.")
    socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS, max_msg_size=LONGEST_MESSAGE)
    await socket.prepare(request)
    opening = sources.screens.open(
        user.dispatcher_id, user.id, language, supervises=lambda: request[USER].may(Permission.SUPERVISE)
    )
    with lasting(request) as ended, opening as screen:
        state = await read_state(sources, user, user.dispatcher_id)
        screen.begin(fragments(request.app[PAGES], language, state))
        await _serve(socket, screen, sources.screens, ended)
    if ended.is_set():  # the page goes, with all that it shows of callers
        await socket.close(code=WSCloseCode.POLICY_VIOLATION, message=b"the right to the desk has ended")
    if screen.dropped.is_set() and request.transport is not None:
        request.transport.abort()  # a closing handshake would wait for a browser that does not read
    return socket


async def _serve(
    socket: web.WebSocketResponse, screen: Screen, screens: Screens, ended: asyncio.Event
) -> None:
    tasks = [
        asyncio.create_task(_send(socket, screen)),
        asyncio.create_task(_listen(socket, screen, screens)),
        asyncio.create_task(screen.dropped.wait()),
        asyncio.create_task(ended.wait()),
    ]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _send(socket: web.WebSocketResponse, screen: Screen) -> None:
    while True:
        await socket.send_str(await screen.next())


async def _listen(socket: web.WebSocketResponse, screen: Screen, screens: Screens) -> None:
    async for message in socket:
        if message.type is WSMsgType.TEXT:
            screens.seen(screen.dispatcher_id, message.data)
