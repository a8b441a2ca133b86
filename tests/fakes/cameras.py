"""Cameras with real streams, encoded by FFmpeg's libraries: MJPEG and HLS over HTTP, H.264 over RTSP.

Tiny pictures, few a second; a test switches a camera off and on, has it stand still, or ask for a password.
"""

import asyncio
import base64
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import av
import numpy as np
from aiohttp import web
from aiohttp.test_utils import TestServer
from attrs import define

WIDTH, HEIGHT, A_SECOND = 160, 120, 8
USER, PASSWORD = "watcher", "p@ss word"
_BOUNDARY = "frame"
_WORD = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()


def _frames(count: int) -> list[av.VideoFrame]:
    """Give grey pictures with a white bar that wanders from left to right."""
    made = []
    for number in range(count):
        dots = np.full((HEIGHT, WIDTH, 3), 90, dtype=np.uint8)
        at = number * 16 % WIDTH
        dots[:, at : at + 16] = 255
        frame = av.VideoFrame.from_ndarray(dots, format="rgb24")
        frame.pts = number
        made.append(frame)
    return made


@cache
def jpegs() -> tuple[bytes, ...]:
    made = []
    for frame in _frames(8):
        octets = io.BytesIO()
        frame.to_image().save(octets, "JPEG")
        made.append(octets.getvalue())
    return tuple(made)


@cache
def units() -> tuple[tuple[bytes, ...], ...]:
    """Give the NAL units of H.264, picture by picture; each begins anew."""
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    encoder.framerate, encoder.gop_size = A_SECOND, 1
    encoder.options = {
        "preset": "ultrafast",
        "tune": "zerolatency",
        "x264-params": "repeat-headers=1:slices=1",
    }
    packets = [packet for frame in _frames(8) for packet in encoder.encode(frame)]
    packets += encoder.encode(None)
    return tuple(
        tuple(one for one in bytes(packet).replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1") if one)
        for packet in packets
    )


def write_hls(folder: Path, seconds: int = 3) -> None:
    """Write a playlist with its segments, as a recorder does; it has no end, and nothing is added to it."""
    with av.open(
        str(folder / "live.m3u8"),
        "w",
        format="hls",
        options={"hls_time": "1", "hls_list_size": "0", "hls_flags": "omit_endlist"},
    ) as made:
        stream = made.add_stream("libx264", rate=A_SECOND)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.options = {"preset": "ultrafast", "g": str(A_SECOND)}
        for frame in _frames(seconds * A_SECOND):
            made.mux(stream.encode(frame))
        made.mux(stream.encode(None))


@define(eq=False)
class FakeCameras:
    """All of them behind one address. `off`: they answer nothing; `still`: they send nothing more."""

    http: str
    rtsp: str
    folder: Path
    off: bool = False
    still: bool = False
    asks: bool = False
    """For the name and the password."""
    moved_to: str = ""
    """Where RTSP redirects to, once it has the name and password."""
    asked: int = 0
    """How often RTSP was asked for anything."""
    opened: int = 0
    """How many streams were asked for."""

    def switch_off(self) -> None:
        """End what is being sent, and answer nobody."""
        self.off = True

    def mjpeg(self) -> str:
        return f"{self.http}/mjpeg"

    async def _mjpeg(self, request: web.Request) -> web.StreamResponse:
        self._admit(request)
        self.opened += 1
        response = web.StreamResponse(
            headers={"Content-Type": f"multipart/x-mixed-replace; boundary={_BOUNDARY}"}
        )
        await response.prepare(request)
        number = 0
        while not self.off:
            if not self.still:
                jpeg = jpegs()[number % len(jpegs())]
                head = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
                await response.write(head.encode() + jpeg + b"\r\n")
                number += 1
            await asyncio.sleep(1 / A_SECOND)
        return response

    async def _file(self, request: web.Request) -> web.StreamResponse:
        self._admit(request)
        return web.FileResponse(self.folder / request.match_info["name"])

    async def _elsewhere(self, request: web.Request) -> web.StreamResponse:
        """A playlist, and a redirect, that lead to another server."""
        self._admit(request)
        if request.match_info["name"].endswith(".m3u8"):
            lines = "#EXTM3U", "#EXT-X-TARGETDURATION:1", "#EXTINF:1,", "http://127.0.0.2:1/secret.ts"
            return web.Response(text="\n".join(lines) + "\n")
        raise web.HTTPFound("http://127.0.0.2:1/secret")

    def _admit(self, request: web.Request) -> None:
        if self.off:
            raise web.HTTPServiceUnavailable
        given = request.headers.get("Authorization", "")
        if self.asks and given != f"Basic {_WORD}":
            raise web.HTTPUnauthorized(headers={"WWW-Authenticate": 'Basic realm="camera"'})

    async def serve_rtsp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one player (RFC 2326), over its own connection (RTP interleaved)."""
        playing: asyncio.Task[None] | None = None
        try:
            while asked := await reader.readuntil(b"\r\n\r\n"):
                self.asked += 1
                verb, _, rest = asked.decode().partition(" ")
                number = rest.lower().partition("cseq:")[2].split()[0]
                head, body = self._answer(verb, asked.decode())
                writer.write(f"RTSP/1.0 {head}\r\nCSeq: {number}\r\n".encode() + body)
                await writer.drain()
                if verb == "PLAY":
                    self.opened += 1
                    playing = asyncio.create_task(self._play(writer))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            if playing is not None:
                playing.cancel()
            writer.close()

    def _answer(self, verb: str, asked: str) -> tuple[str, bytes]:
        if self.asks and f"Basic {_WORD}" not in asked:
            return "401 Unauthorized", b'WWW-Authenticate: Basic realm="camera"\r\n\r\n'
        if verb == "DESCRIBE" and self.moved_to:
            return "302 Moved Temporarily", f"Location: {self.moved_to}\r\n\r\n".encode()
        if verb == "DESCRIBE":
            sdp = (
                b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\n"
                b"a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1\r\na=control:v\r\n"
            )
            head = f"Content-Type: application/sdp\r\nContent-Length: {len(sdp)}\r\n\r\n"
            return "200 OK", head.encode() + sdp
        more = {
            "OPTIONS": "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n",
            "SETUP": "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1\r\n",
        }.get(verb, "Session: 1\r\n")
        return "200 OK", f"{more}\r\n".encode()

    async def _play(self, writer: asyncio.StreamWriter) -> None:
        sequence = number = 0
        while not self.off:
            if not self.still:
                picture = units()[number % len(units())]
                for at, unit in enumerate(picture, 1):
                    last = 0x80 if at == len(picture) else 0
                    time = number * 90_000 // A_SECOND
                    packet = (
                        bytes([0x80, last | 96])
                        + (sequence & 0xFFFF).to_bytes(2, "big")
                        + (time & 0xFFFFFFFF).to_bytes(4, "big")
                        + b"\0\0\0\7"
                        + unit
                    )
                    writer.write(b"$\0" + len(packet).to_bytes(2, "big") + packet)
                    sequence += 1
                number += 1
                await writer.drain()
            await asyncio.sleep(1 / A_SECOND)
        writer.close()


@asynccontextmanager
async def fake_cameras(folder: Path) -> AsyncIterator[FakeCameras]:
    """Switch them on; HLS files go into the folder."""
    write_hls(folder)
    made = FakeCameras(http="", rtsp="", folder=folder)
    app = web.Application()
    app.router.add_get("/mjpeg", made._mjpeg)
    app.router.add_get("/hls/{name}", made._file)
    app.router.add_get("/elsewhere/{name}", made._elsewhere)
    async with TestServer(app) as server:
        made.http = str(server.make_url("/")).rstrip("/")
        rtsp = await asyncio.start_server(made.serve_rtsp, "127.0.0.1", 0)
        async with rtsp:
            made.rtsp = f"rtsp://127.0.0.1:{rtsp.sockets[0].getsockname()[1]}/main"
            yield made
            made.switch_off()
