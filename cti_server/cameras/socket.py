"""The socket of a page with cameras: pictures of those that it shows, and how the others stand.

A browser has six connections to a server at most: nine streams of their own would leave none for the rest
of the page. So all pictures of a page come by one socket. The browser says as JSON which cameras it shows
(`show`) and that somebody is there (`here`). It gets pictures, each four octets with the camera's id and then
the JPEG, and as JSON how a camera stands, that nothing is watched any longer (`asleep`), and signs of life.

A camera with WebRTC it plays itself: asked to (`play`) it makes an `offer`, gets the `answer`, and tells once
a second that it has `seen` pictures. The session ends with what is shown here.
"""

import asyncio
import json
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

import msgspec
from aiohttp import WSCloseCode, WSMsgType, web

from cti_server.auth.access import allowed
from cti_server.auth.revocation import lasting
from cti_server.cameras.sources import CAMERAS, SEEN, CameraSources
from cti_server.cameras.words import FAULTS
from cti_server.frame.language import words_of
from cti_server.frame.pages import PAGES
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.cameras.camera import StreamKind
from hotline.cameras.streams import (
    FIRST_WITHIN,
    LONGEST_SDP,
    SILENT_AFTER,
    NoStream,
    StreamFault,
    StreamState,
    Watcher,
    is_of_video,
)
from hotline.cameras.watch_log import WRITTEN_EVERY
from hotline.errors import NotFound
from hotline.isolation import repeat

MOST_SHOWN = 9
HEARTBEAT_SECONDS = 15.0
SIGN_OF_LIFE_SECONDS = 5.0
AGAIN_SECONDS = 5.0
"""After which a camera is followed again that could not be, such as while the log cannot be written."""
LONGEST_MESSAGE = 2 * LONGEST_SDP
"""An offer, whose lines end in four signs of JSON each."""


class Offer(msgspec.Struct, frozen=True):
    """The browser's offer for a camera that it plays itself."""

    camera: int
    sdp: str


class Said(msgspec.Struct, frozen=True):
    """A message of the browser: `show` are the cameras on its page; an empty one is a sign of somebody."""

    show: tuple[int, ...] | None = None
    offer: Offer | None = None
    seen: int | None = None
    """The camera that it plays itself, and of which it has pictures."""


class _Signals:
    """Messages of a browser that plays a WebRTC camera: its offer, and that the picture is there."""

    def __init__(self) -> None:
        self.offer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.seen = asyncio.Event()


@allowed(Permission.WATCH_CAMERAS)
async def watch(request: web.Request) -> web.StreamResponse:
    """Serve one page until it goes, or the right to watch ends."""
    # Pictures are compressed already.
    socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS, max_msg_size=LONGEST_MESSAGE, compress=False)
    await socket.prepare(request)
    with lasting(request) as ended:
        await _until_any(_Page(request, socket).serve(), ended.wait(), request.app[SHUTTING].wait())
    if ended.is_set():
        await socket.close(code=WSCloseCode.POLICY_VIOLATION, message=b"the right to watch has ended")
    return socket


SHUTTING: web.AppKey[asyncio.Event] = web.AppKey("cameras_shutting")


async def _until_any(*awaited: Any) -> None:
    tasks = [asyncio.ensure_future(one) for one in awaited]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Page:
    """Sends the pictures to an open page: a task follows each camera that the page shows."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self._request = request
        self._socket = socket
        self._sources: CameraSources = request.app[CAMERAS]
        self._showing: dict[int, asyncio.Task[None]] = {}
        self._turn = asyncio.Lock()
        """One picture is on its way at a time: a slow browser gets fewer, and never an old one."""
        self._here = asyncio.Event()
        self._signals: dict[int, _Signals] = {}
        self._dark: dict[int, datetime] = {}
        """Since when a camera that the browser plays itself shows nothing."""

    async def serve(self) -> None:
        try:
            await _until_any(self._listen(), self._alive(), self._sleepy())
        finally:
            await self._show(())

    async def _listen(self) -> None:
        async for message in self._socket:
            if message.type is WSMsgType.TEXT:
                try:
                    said = msgspec.json.decode(message.data, type=Said)
                except msgspec.DecodeError:
                    continue
                if said.offer is not None or said.seen is not None:
                    self._signal(said)
                    continue
                self._here.set()
                if said.show is not None:
                    await self._show(said.show[:MOST_SHOWN])

    def _signal(self, said: Said) -> None:
        """Pass on what a player tells, which is no sign of a person."""
        offer = said.offer
        if offer and is_of_video(offer.sdp) and (signals := self._signals.get(offer.camera)):
            if not signals.offer.done():
                signals.offer.set_result(offer.sdp)
        elif said.seen is not None and (signals := self._signals.get(said.seen)):
            signals.seen.set()

    async def _alive(self) -> None:
        while True:
            await self._send({"alive": True})
            await asyncio.sleep(SIGN_OF_LIFE_SECONDS)

    async def _sleepy(self) -> None:
        """End what is watched when nobody was there for long: a screen that nobody sees is not watched."""
        while True:
            self._here.clear()
            try:
                async with asyncio.timeout(self._sources.awake.total_seconds()):
                    await self._here.wait()
            except TimeoutError:
                await self._show(())
                await self._send({"asleep": True})
                await self._here.wait()

    async def _show(self, wanted: Iterable[int]) -> None:
        cameras = dict.fromkeys(wanted)
        gone = [self._showing.pop(one) for one in tuple(self._showing) if one not in cameras]
        for task in gone:
            task.cancel()
        await asyncio.gather(*gone, return_exceptions=True)
        for one in cameras:
            if one not in self._showing:
                failure = f"camera not shown camera={one}"
                followed = repeat(partial(self._follow, one), every=AGAIN_SECONDS, failure=failure)
                self._showing[one] = asyncio.create_task(followed)

    async def _follow(self, camera_id: int) -> None:
        if await self._is_played(camera_id):
            # A browser that has gone is no failure: its page ends by itself.
            with suppress(ConnectionError):
                await self._play(camera_id)
        else:
            await self._pictures(camera_id)

    async def _is_played(self, camera_id: int) -> bool:
        """Tell whether browsers play the camera themselves."""
        try:
            return (await self._sources.cameras.get(camera_id)).kind is StreamKind.WEBRTC
        except NotFound:
            return False

    async def _play(self, camera_id: int) -> None:
        """Have the browser play it, until it has no pictures any more; tell why."""
        signals = self._signals[camera_id] = _Signals()
        entry = _Entry(self._sources, camera_id, self._request[USER].id)
        try:
            fault = await self._played(camera_id, signals, entry)
        finally:
            del self._signals[camera_id]
            self._request.app[SEEN].pop((self._request[USER].id, camera_id), None)
            await entry.end()
        since = self._dark.setdefault(camera_id, self._sources.clock.now())
        await self._send(self._standing(camera_id, StreamState(since=since, shows=False, fault=fault)))

    async def _played(self, camera_id: int, signals: _Signals, entry: "_Entry") -> StreamFault:
        """Write down that it is watched while the browser has pictures; give why it has none any more."""
        try:
            await self._send({"camera": camera_id, "play": True})
            async with asyncio.timeout(FIRST_WITHIN):
                offer = await signals.offer
            async with self._sources.streams.playing(camera_id, offer) as played:
                await self._send({"camera": camera_id, "answer": played.answer})
                within = FIRST_WITHIN
                while True:
                    async with asyncio.timeout(within):
                        await _until_any(signals.seen.wait(), played.over.wait())
                    if played.over.is_set():
                        return StreamFault.ENDED
                    signals.seen.clear()
                    self._dark.pop(camera_id, None)
                    now = self._sources.clock.now()
                    await entry.write(now)  # what cannot be written down is not shown
                    self._request.app[SEEN][self._request[USER].id, camera_id] = now
                    within = SILENT_AFTER
        except TimeoutError:
            return StreamFault.SILENT
        except NoStream as error:
            return error.fault
        except NotFound:
            return StreamFault.ENDED

    async def _pictures(self, camera_id: int) -> None:
        entry = _Entry(self._sources, camera_id, self._request[USER].id)
        told: StreamState | None = None
        # A browser that has gone is no failure: its page ends by itself.
        with suppress(ConnectionError), self._sources.streams.watching(camera_id) as watcher:
            try:
                async for _ in watcher.changes():
                    if watcher.state != told:
                        told = watcher.state
                        await self._send(self._standing(camera_id, told))
                    # What cannot be written down is not shown.
                    await entry.write(watcher.picture.at if watcher.picture else None)
                    await self._picture(camera_id, watcher)
            finally:
                await entry.end()

    async def _picture(self, camera_id: int, watcher: Watcher) -> None:
        async with self._turn:
            if (picture := watcher.picture) is not None:
                await self._socket.send_bytes(camera_id.to_bytes(4, "big") + picture.jpeg)

    async def _send(self, told: dict[str, Any]) -> None:
        async with self._turn:
            await self._socket.send_str(json.dumps(told, ensure_ascii=False))

    def _standing(self, camera_id: int, state: StreamState) -> dict[str, Any]:
        since = self._request.app[PAGES].local(state.since, "%H:%M:%S")
        words = words_of(self._request)
        text = words.gettext(FAULTS[state.fault])
        if state.fault is not None:
            text = f"{text} · " + words.gettext("since %(at)s") % {"at": since}
        return {"camera": camera_id, "shows": state.shows, "text": "" if state.shows else text}


class _Entry:
    """The row of the watch log of one camera on one page: it lasts while pictures come."""

    def __init__(self, sources: CameraSources, camera_id: int, user_id: int) -> None:
        self._sources = sources
        self._camera_id = camera_id
        self._user_id = user_id
        self._row: int | None = None
        self._written = sources.clock.now()
        self._seen = self._written

    async def write(self, at: datetime | None) -> None:
        """Begin it with the first picture, write it on once a minute; end it where there is none."""
        if at is None:
            await self.end()
            return
        now = self._seen = at
        if self._row is None:
            self._row = await self._sources.log.begin(self._camera_id, self._user_id, now)
            self._written = now
        elif now - self._written >= WRITTEN_EVERY:
            await self._sources.log.extend([self._row], now)
            self._written = now

    async def end(self) -> None:
        if self._row is not None:
            row, self._row = self._row, None
            await self._sources.log.extend([row], self._seen)
