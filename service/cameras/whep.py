"""Asks a camera's server for WebRTC by WHEP (draft-ietf-wish-whep): offers and answers go by us.

Pictures go from the city's server of streams to the browser. The address, name and password
leave for that server alone: a redirect, or a session, that leads to another one is a fault.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from urllib.parse import urljoin

import aiohttp
from attrs import define, field

from hotline.cameras.camera import CameraSource, StreamKind
from hotline.cameras.streams import LONGEST_SDP, NoStream, Played, StreamFault, is_of_video
from service.cameras.http_source import SECONDS, origin_of

log = logging.getLogger(__name__)

Done = TypeVar("Done")
_SDP = "application/sdp"
_MOST_HOPS = 3
_REFUSED = frozenset({401, 403})
_MOVED = frozenset({301, 302, 303, 307, 308})
_CREATED = 201
_WRONG, _AWAY = 400, 500
_NOT_FOUND = 404


@define(frozen=True)
class _Session:
    """A session at a camera's server, by its own address."""

    source: CameraSource
    url: str
    answer: str


@define(eq=False, repr=False)
class WhepSessions:
    """The sessions that browsers have by us; each ends at the camera's server when its look ends here."""

    _sources: Callable[[int], Awaitable[CameraSource]]
    _open: dict[int, set[Played]] = field(factory=dict, init=False)
    _running: set[asyncio.Task[Any]] = field(factory=set, init=False)

    @asynccontextmanager
    async def playing(self, camera_id: int, offer: str) -> AsyncIterator[Played]:
        source = await self._sources(camera_id)
        if source.kind is not StreamKind.WEBRTC:
            raise NoStream(StreamFault.ENDED)
        asking = self._begin(self._ask(source, offer))
        try:
            session = await asyncio.shield(asking)
        except asyncio.CancelledError:
            asking.add_done_callback(self._not_wanted)
            raise
        played = Played(session.answer)
        self._open.setdefault(camera_id, set()).add(played)
        try:
            yield played
        finally:
            self._open[camera_id].discard(played)
            self._begin(_leave(source, session.url))

    def renew(self, camera_id: int) -> None:
        """End those of a camera: its address has changed, or it is out of service."""
        for played in self._open.get(camera_id, ()):
            played.over.set()

    async def end(self) -> None:
        """Wait until all sessions that were left have ended."""
        await asyncio.gather(*self._running, return_exceptions=True)

    def _begin(self, what: Coroutine[Any, Any, Done]) -> "asyncio.Task[Done]":
        task = asyncio.create_task(what)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    def _not_wanted(self, asked: "asyncio.Task[_Session]") -> None:
        if not asked.cancelled() and asked.exception() is None:
            session = asked.result()
            self._begin(_leave(session.source, session.url))

    async def _ask(self, source: CameraSource, offer: str) -> _Session:
        """Send the offer; raises NoStream."""
        url = source.url
        try:
            async with _client(source) as client:
                for _ in range(_MOST_HOPS):
                    headers = {"Content-Type": _SDP, "Accept": _SDP}
                    async with client.post(url, data=offer, headers=headers, allow_redirects=False) as answer:
                        if answer.status not in _MOVED:
                            return await self._answered(source, url, answer)
                        url = _there(source, url, answer)
        except TimeoutError:
            raise NoStream(StreamFault.SILENT) from None
        except (aiohttp.ClientError, OSError, ValueError):
            raise NoStream(StreamFault.UNREACHABLE) from None
        raise NoStream(StreamFault.LEADS_ELSEWHERE)

    async def _answered(self, source: CameraSource, url: str, answer: aiohttp.ClientResponse) -> _Session:
        if answer.status in _REFUSED:
            raise NoStream(StreamFault.REFUSED)
        if answer.status >= _AWAY or answer.status == _NOT_FOUND:
            raise NoStream(StreamFault.UNREACHABLE)
        if answer.status != _CREATED or "Location" not in answer.headers:
            raise NoStream(StreamFault.NOT_A_STREAM)
        session = _there(source, url, answer)
        octets = b""
        async for piece in answer.content.iter_any():
            octets += piece
            if len(octets) > LONGEST_SDP:
                break
        text = octets.decode(errors="replace")
        if answer.content_type != _SDP or not is_of_video(text):
            self._begin(_leave(source, session))
            raise NoStream(StreamFault.NOT_A_STREAM)
        return _Session(source, session, text)


def _client(source: CameraSource) -> aiohttp.ClientSession:
    word = aiohttp.encode_basic_auth(source.user, source.password, "utf-8") if source.user else ""
    return aiohttp.ClientSession(
        headers={"Authorization": word} if word else None,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=SECONDS),
    )


def _there(source: CameraSource, url: str, answer: aiohttp.ClientResponse) -> str:
    """Give the address that an answer leads to; raises NoStream for one of another server."""
    there = urljoin(url, answer.headers.get("Location", ""))
    if origin_of(there) != origin_of(source.url):
        raise NoStream(StreamFault.LEADS_ELSEWHERE)
    return there


async def _leave(source: CameraSource, session: str) -> None:
    """End a session; a server that is away has ended it, or will when no pictures are taken from it."""
    try:
        async with _client(source) as client, client.delete(session, allow_redirects=False) as answer:
            if answer.status >= _WRONG and answer.status != _NOT_FOUND:
                log.warning("a camera's server did not end a session status=%d", answer.status)
    except (TimeoutError, aiohttp.ClientError, OSError):
        log.warning("a camera's server was not reached to end a session")
