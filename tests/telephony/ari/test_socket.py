"""Our end of a WebSocket against a server that splits its words, joins them, refuses, and goes away."""

import asyncio
import base64
import contextlib
import hashlib
from collections.abc import AsyncIterator

import pytest

from hotline.errors import TelephonyError
from telephony.ari import socket as module
from telephony.ari.errors import AriUnavailable
from telephony.ari.socket import EventSocket, SocketRefused, masked, open_socket

TEXT, LAST_PART, CLOSE, PING, PONG = 0x81, 0x80, 0x88, 0x89, 0x8A
FIRST_PART, NEXT_PART = 0x01, 0x00


class Server:
    """Answers the handshake as RFC 6455 has it, or with `answer`, and keeps the frames that come."""

    def __init__(self) -> None:
        self.answer: str | None = None
        self.together = b""
        """What is sent in one piece with the answer."""
        self.asked = ""
        self.frames: asyncio.Queue[tuple[int, bytes]] = asyncio.Queue()
        self.url = ""
        self.gone = asyncio.Event()
        self._serving: asyncio.Task[None] | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._serving, self._writer = asyncio.current_task(), writer
        self.asked = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = dict(line.split(": ", 1) for line in self.asked.split("\r\n")[1:] if line)
        key = f"{headers['Sec-WebSocket-Key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        accept = base64.b64encode(hashlib.sha1(key.encode(), usedforsecurity=False).digest()).decode()
        upgraded = f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {accept}"
        writer.write(f"{self.answer or upgraded}\r\n\r\n".encode() + self.together)
        try:
            while True:
                self.frames.put_nowait(await _frame_from(reader))
        except (asyncio.IncompleteReadError, ConnectionError):
            self.gone.set()
        finally:
            writer.close()

    async def send(self, *pieces: bytes) -> None:
        """Send each piece by itself."""
        assert self._writer is not None
        for piece in pieces:
            self._writer.write(piece)
            await self._writer.drain()
            await asyncio.sleep(0)

    def stop_reading(self) -> None:
        assert self._writer is not None
        self._writer.transport.pause_reading()  # type: ignore[attr-defined]  # it is one for both ways

    def cut(self) -> None:
        assert self._writer is not None
        self._writer.transport.abort()

    async def end(self) -> None:
        """Part with a client that is still there, or of which a test has not heard that it is gone."""
        if self._serving is None or self._serving.done():
            return
        self.cut()
        self._serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._serving


async def _frame_from(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    first, second = await reader.readexactly(2)
    assert second & 0x80, "a client masks what it sends"
    length = second & 0x7F
    if length >= 126:
        length = int.from_bytes(await reader.readexactly(2 if length == 126 else 8))
    key = await reader.readexactly(4)
    return first, masked(await reader.readexactly(length), key)


def frame(first: int, payload: bytes) -> bytes:
    size = len(payload)
    if size < 126:
        return bytes((first, size)) + payload
    if size < 1 << 16:
        return bytes((first, 126)) + size.to_bytes(2) + payload
    return bytes((first, 127)) + size.to_bytes(8) + payload


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    one = Server()
    async with await asyncio.start_server(one.serve, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        one.url = f"http://127.0.0.1:{port}/ari/events?app=hotline"
        yield one
        await one.end()


class Reader:
    """Reads a socket, and keeps what was handed over."""

    def __init__(self, socket: EventSocket) -> None:
        self.socket = socket
        self.heard: asyncio.Queue[bytes] = asyncio.Queue()
        self.reading = asyncio.create_task(socket.read(self.heard.put_nowait))


@pytest.fixture
async def reader(server: Server) -> AsyncIterator[Reader]:
    socket = await open_socket(server.url, {"Authorization": "Basic x"})
    one = Reader(socket)
    yield one
    one.reading.cancel()
    await asyncio.gather(one.reading, return_exceptions=True)
    await socket.close()


async def test_it_asks_as_a_client_does(server: Server, reader: Reader) -> None:
    del reader
    assert server.asked.startswith("GET /ari/events?app=hotline HTTP/1.1\r\n")
    assert "\r\nAuthorization: Basic x\r\n" in server.asked
    assert "\r\nSec-WebSocket-Version: 13\r\n" in server.asked


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 300_000])
async def test_a_text_of_any_length_comes_whole_and_goes_whole(
    server: Server, reader: Reader, size: int
) -> None:
    text = bytes(one % 251 for one in range(size))
    await server.send(frame(TEXT, text))
    assert await reader.heard.get() == text
    reader.socket.send(text)
    assert await server.frames.get() == (TEXT, text)


async def test_texts_come_in_order_however_the_octets_are_split(server: Server, reader: Reader) -> None:
    texts = [b"one", b"", b"x" * 200, b"\xd0\xb6"]
    octets = b"".join(frame(TEXT, one) for one in texts)
    await server.send(*(octets[at : at + 1] for at in range(len(octets))))
    assert [await reader.heard.get() for _ in texts] == texts
    await server.send(octets)
    assert [await reader.heard.get() for _ in texts] == texts


async def test_a_text_in_several_frames_is_one_and_a_ping_between_them_is_answered(
    server: Server, reader: Reader
) -> None:
    await server.send(
        frame(FIRST_PART, b"a") + frame(PING, b"?") + frame(NEXT_PART, b"b") + frame(LAST_PART, b"c")
    )
    assert await reader.heard.get() == b"abc"
    assert await server.frames.get() == (PONG, b"?")


async def test_what_comes_before_anybody_reads_is_not_lost(server: Server) -> None:
    server.together = frame(TEXT, b"early")
    socket = await open_socket(server.url, {})
    one = Reader(socket)
    assert await one.heard.get() == b"early"
    await socket.close()
    await one.reading


async def test_any_octet_is_a_sign_of_life(server: Server, reader: Reader) -> None:
    reader.socket.heard = False
    reader.socket.ping()
    assert await server.frames.get() == (PING, b"")
    await server.send(frame(PONG, b"") + frame(TEXT, b"x"))
    await reader.heard.get()
    assert reader.socket.heard


async def test_a_connection_that_is_cut_ends_the_reading_and_takes_nothing_more(
    server: Server, reader: Reader
) -> None:
    server.cut()
    await reader.reading
    with pytest.raises(ConnectionError):
        reader.socket.send(b"x")


async def test_a_server_that_parts_is_answered_and_left(server: Server, reader: Reader) -> None:
    await server.send(frame(CLOSE, (1001).to_bytes(2) + b"bye"))
    await reader.reading
    assert await server.frames.get() == (CLOSE, (1001).to_bytes(2))


async def test_behind_its_end_a_server_is_not_answered(server: Server, reader: Reader) -> None:
    await server.send(frame(CLOSE, b"") + frame(PING, b"?") + frame(CLOSE, b""))
    await reader.reading
    assert await server.frames.get() == (CLOSE, b"")
    await server.gone.wait()
    assert server.frames.empty()


@pytest.mark.parametrize(
    "octets",
    [
        bytes((TEXT, 0x81)) + b"keysX",
        frame(0x82, b"binary"),
        frame(0xC1, b"compressed"),
        frame(LAST_PART, b"of nothing"),
        frame(FIRST_PART, b"a") + frame(TEXT, b"b"),
    ],
)
async def test_what_has_no_place_in_the_protocol_ends_the_connection(
    server: Server, reader: Reader, octets: bytes
) -> None:
    await server.send(octets)
    with pytest.raises(AriUnavailable):
        await reader.reading
    assert reader.heard.empty()
    await server.gone.wait()


@pytest.mark.parametrize("way", ["it parts", "we part", "we give up"])
async def test_whoever_waits_for_a_server_that_reads_nothing_goes_on_once_it_is_left(
    server: Server, reader: Reader, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(module, "CLOSING_SECONDS", 60 if way == "we give up" else 0.01)
    server.stop_reading()
    reader.socket.send(bytes(32 << 20))
    waiting = asyncio.create_task(reader.socket.drained())
    if way == "it parts":
        await server.send(frame(CLOSE, b""))
        while not reader.socket._transport.is_closing():  # type: ignore[union-attr]
            await asyncio.sleep(0)
    closing = asyncio.create_task(reader.socket.close())
    await asyncio.sleep(0)
    assert not waiting.done()
    if way == "we give up":
        closing.cancel()
    async with asyncio.timeout(60):
        await waiting
        await asyncio.wait([closing])


async def test_closing_tells_the_server(server: Server, reader: Reader) -> None:
    await reader.socket.close()
    assert await server.frames.get() == (CLOSE, (1000).to_bytes(2))
    await server.gone.wait()


@pytest.mark.parametrize("early", [True, False])
async def test_what_the_reader_raises_ends_the_connection_and_is_raised_by_reading(
    server: Server, *, early: bool
) -> None:
    def refuse(_text: bytes) -> None:
        raise TelephonyError("enough")

    server.together = frame(TEXT, b"x") * early
    socket = await open_socket(server.url, {})
    reading = asyncio.create_task(socket.read(refuse))
    if not early:
        await asyncio.sleep(0)  # now it reads
        await server.send(frame(TEXT, b"x"))
    with pytest.raises(TelephonyError, match="enough"):
        await reading
    await server.gone.wait()


async def test_texts_that_nobody_reads_any_more_are_dropped(server: Server, reader: Reader) -> None:
    reader.reading.cancel()
    await asyncio.wait([reader.reading])
    await server.send(frame(TEXT, b"x") + frame(PING, b"still there?"))
    assert await server.frames.get() == (PONG, b"still there?")
    assert reader.heard.empty()


@pytest.mark.parametrize(
    "answer",
    [
        "HTTP/1.1 401 Unauthorized",
        "HTTP/1.1 200 OK",
        "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: bm90IG91cnM=",
        "nonsense",
    ],
)
async def test_whoever_does_not_agree_is_refused(server: Server, answer: str) -> None:
    server.answer = answer
    with pytest.raises(SocketRefused):
        await open_socket(server.url, {})
    await server.gone.wait()


async def test_an_answer_without_end_is_refused(server: Server) -> None:
    server.answer = "x" * 20_000
    with pytest.raises(SocketRefused):
        await open_socket(server.url, {})
    await server.gone.wait()


def test_masking_twice_gives_the_text_again() -> None:
    for size in (0, 1, 3, 4, 5, 1000):
        text = bytes(one % 256 for one in range(size))
        assert masked(masked(text, b"\x01\xff\x00\x7f"), b"\x01\xff\x00\x7f") == text
