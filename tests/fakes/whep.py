"""A server of streams that speaks WHEP (draft-ietf-wish-whep), with a real WebRTC stack behind it.

It plays a red field with a white bar that wanders. Below other names it does what broken servers do.
"""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

import av
import numpy as np
from aiohttp import web
from aiohttp.test_utils import TestServer
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription, VideoStreamTrack
from attrs import define, field

WIDTH, HEIGHT = 320, 180
EACH = 5
"""Of thirty moments a second every fifth has a picture: each is encoded, decoded and drawn."""
USER, PASSWORD = "watcher", "p@ss word"
_WORD = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
SDP = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n"
"""As short as an answer may be."""
ELSEWHERE = "http://127.0.0.2:1"


class WanderingBar(VideoStreamTrack):
    """The moving picture."""

    async def recv(self) -> av.VideoFrame:
        for _ in range(EACH):
            pts, time_base = await self.next_timestamp()
        dots = np.zeros((HEIGHT, WIDTH, 3), dtype=np.uint8)
        dots[:, :, 0] = 230
        at = pts // 3000 * 8 % WIDTH
        dots[:, at : at + 16] = 255
        frame = av.VideoFrame.from_ndarray(dots, format="rgb24")
        frame.pts, frame.time_base = pts, time_base
        return frame


@define(eq=False)
class FakeWhep:
    """The server. `asks`: for name and password; `told`: what it was asked, with what authorisation."""

    url: str = ""
    asks: bool = False
    told: list[tuple[str, str, str]] = field(factory=list)
    open: dict[str, RTCPeerConnection | None] = field(factory=dict)
    """Sessions that were not ended, by their names."""
    opened: int = 0
    changed: asyncio.Condition = field(factory=asyncio.Condition)
    _names: count = field(factory=count)  # type: ignore[type-arg]

    def at(self, name: str) -> str:
        return f"{self.url}/{name}/whep"

    async def all_ended(self) -> None:
        """Wait until sessions were opened, and none is open."""
        async with self.changed:
            await self.changed.wait_for(lambda: self.opened and not self.open)

    async def _offered(self, request: web.Request) -> web.StreamResponse:
        self._tell(request)
        name = request.match_info["name"]
        if (where := self._moved().get(name)) is not None:
            raise web.HTTPTemporaryRedirect(where)
        if (status := {"refuses": 403, "broken": 502, "page": 200}.get(name)) is not None:
            return web.Response(status=status, text="<p>A page</p>", content_type="text/html")
        if name == "silent":
            await asyncio.sleep(3600)
        if name != "square":
            answer = {"big": SDP + "a=x\r\n" * 20_000, "text": "no description"}.get(name, SDP)
            where = {"endless": None, "session-elsewhere": f"{ELSEWHERE}/session"}.get(name, "")
            return await self._created((None, answer), where)
        offer = await request.text()
        if self.asks and request.headers.get("Authorization") != f"Basic {_WORD}":
            raise web.HTTPUnauthorized(headers={"WWW-Authenticate": 'Basic realm="streams"'})
        return await self._created(await self._media(offer))

    def _moved(self) -> dict[str, str]:
        return {"moved": self.at("short"), "round": self.at("round"), "elsewhere": f"{ELSEWHERE}/square/whep"}

    async def _created(
        self, made: tuple[RTCPeerConnection | None, str], location: str | None = ""
    ) -> web.Response:
        session = f"s{next(self._names)}"
        async with self.changed:
            self.open[session] = made[0]
            self.opened += 1
            self.changed.notify_all()
        headers = {} if location is None else {"Location": location or f"/sessions/{session}"}
        return web.Response(status=201, text=made[1], content_type="application/sdp", headers=headers)

    async def _media(self, offer: str) -> tuple[RTCPeerConnection, str]:
        # By itself it would first ask a server on the Internet what address it has.
        peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        peer.addTrack(WanderingBar())
        await peer.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        await peer.setLocalDescription(await peer.createAnswer())
        return peer, peer.localDescription.sdp

    async def _ended(self, request: web.Request) -> web.StreamResponse:
        self._tell(request)
        await self._end(request.match_info["session"])
        return web.Response()

    async def _end(self, session: str) -> None:
        async with self.changed:
            peer = self.open.pop(session, None)
            self.changed.notify_all()
        if peer is not None:
            await peer.close()

    def _tell(self, request: web.Request) -> None:
        self.told.append((request.method, request.path, request.headers.get("Authorization", "")))

    async def end(self) -> None:
        for session in tuple(self.open):
            await self._end(session)


@asynccontextmanager
async def fake_whep() -> AsyncIterator[FakeWhep]:
    made = FakeWhep()
    app = web.Application()
    app.router.add_post("/{name}/whep", made._offered)
    app.router.add_delete("/sessions/{session}", made._ended)
    async with TestServer(app) as server:
        made.url = str(server.make_url("/")).rstrip("/")
        try:
            yield made
        finally:
            await made.end()
