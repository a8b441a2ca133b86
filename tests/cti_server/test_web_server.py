"""The web server on loopback, with real sockets: what a client may take, and what it does not hurt."""

import asyncio
import contextlib
import gc
import logging
import socket
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from cti_server.clients import TRUSTED
from cti_server.connection_limits import Limits, OpenConnections
from cti_server.explain import explain
from cti_server.web_server import MOST_HELD, serving

LIMITS = Limits(connections=8, of_one_network=4, header_seconds=60, body_seconds=60, reader_seconds=60)
"""Deadlines that no test reaches, unless it says so."""
AT_ONCE = 0.2
Raw = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Opened = Callable[[bytes], Awaitable[Raw]]


async def read(request: web.Request) -> web.Response:
    return web.Response(text=f"{len(await request.read())}\n")


class Mark:
    """Something that lives as long as a handler's frame."""


MARKS: list[weakref.ref[Mark]] = []


async def marked(request: web.Request) -> web.Response:
    mark = Mark()
    MARKS.append(weakref.ref(mark))
    with contextlib.suppress(ConnectionResetError):
        await request.read()
    return web.Response()


async def echo(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    async for message in socket:
        await socket.send_str(message.data)
    return socket


LARGE = 32 * 2**20
"""More than the buffers of a connection hold."""


async def large(_request: web.Request) -> web.Response:
    return web.Response(body=bytes(LARGE))


async def endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(bytes(2**16))


async def chatty(request: web.Request) -> web.StreamResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    while True:
        await socket.send_bytes(bytes(2**16))


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "film.bin"
    with path.open("wb") as file:
        file.truncate(LARGE)
    return path


@pytest.fixture
def limits() -> Limits:
    return LIMITS


@pytest.fixture
def connections(limits: Limits) -> OpenConnections:
    return OpenConnections(limits)


@pytest.fixture
async def port(connections: OpenConnections, film: Path) -> AsyncIterator[int]:
    async def file(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(film)

    app = web.Application(middlewares=[explain])
    app[TRUSTED] = ()
    app.router.add_post("/read", read)
    app.router.add_post("/marked", marked)
    app.router.add_get("/echo", echo)
    app.router.add_get("/large", large)
    app.router.add_get("/endless", endless)
    app.router.add_get("/chatty", chatty)
    app.router.add_get("/file", file)
    async with serving(app, "127.0.0.1", 0, connections=connections, leave_seconds=1) as server:
        yield server.sockets[0].getsockname()[1]


@pytest.fixture
async def opened(port: int) -> AsyncIterator[Opened]:
    """Open a connection of its own and send these octets."""
    async with contextlib.AsyncExitStack() as stack:

        async def one(sent: bytes) -> Raw:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            stack.callback(writer.close)
            writer.write(sent)
            return reader, writer

        yield one


def posting(octets: int) -> bytes:
    return f"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: {octets}\r\n\r\n".encode()


async def ended(connection: Raw) -> bytes:
    """Wait until the server has ended the connection; what it said before."""
    try:
        return await connection[0].read()
    except ConnectionResetError:
        return b""


async def answers(connection: Raw) -> bool:
    return (await connection[0].readline()).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("limits", [replace(LIMITS, header_seconds=AT_ONCE)])
@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-Half:"])
async def test_half_a_header_does_not_stay_open(opened: Opened, sent: bytes) -> None:
    assert await ended(await opened(sent)) == b""


@pytest.mark.parametrize("limits", [replace(LIMITS, header_seconds=AT_ONCE)])
async def test_half_a_second_header_does_not_stay_open_either(opened: Opened) -> None:
    reader, writer = await opened(posting(0))
    assert await answers((reader, writer))
    writer.write(b"POST /re")
    await ended((reader, writer))


@pytest.mark.parametrize("limits", [replace(LIMITS, body_seconds=AT_ONCE, slowest_body=1_000_000)])
async def test_half_a_body_does_not_stay_open(opened: Opened) -> None:
    assert await ended(await opened(posting(1000) + b"half")) == b""


@pytest.mark.parametrize("limits", [replace(LIMITS, body_seconds=AT_ONCE, slowest_body=10)])
async def test_a_slow_telephone_is_waited_for_as_long_as_its_photo_comes(opened: Opened) -> None:
    reader, writer = await opened(posting(2000) + bytes(1000))
    with pytest.raises(TimeoutError):  # by far longer than a body that does not come at all
        await asyncio.wait_for(reader.read(1), AT_ONCE * 4)
    writer.write(bytes(1000))
    assert await answers((reader, writer))


@pytest.mark.parametrize("limits", [replace(LIMITS, header_seconds=AT_ONCE, body_seconds=AT_ONCE)])
async def test_a_socket_that_is_silent_and_a_download_that_is_slow_stay(port: int, opened: Opened) -> None:
    reader, _writer = await opened(b"GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    first = await reader.readexactly(1)
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"http://127.0.0.1:{port}/echo") as socket,
    ):
        await ended(await opened(b"half"))  # the deadlines of this server have passed meanwhile
        await socket.send_str("still here")
        assert await socket.receive_str() == "still here"
    assert len(first + await reader.read()) > LARGE


async def nobody_reads(port: int, path: str) -> None:
    """Ask for something, read none of it, and wait until the server has given up: no task of it is left."""
    before = asyncio.all_tasks()
    upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    key = "Sec-WebSocket-Key: MTIzNDU2Nzg5MDEyMzQ1Ng==\r\n"
    with socket.socket() as idle:
        idle.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        idle.connect(("127.0.0.1", port))
        idle.sendall(
            f"GET {path} HTTP/1.1\r\nHost: x\r\n{upgrade + key if path == '/chatty' else ''}\r\n".encode()
        )
        async with asyncio.timeout(60):
            while asyncio.all_tasks() == before:
                await asyncio.sleep(0)
            while asyncio.all_tasks() - before:
                await asyncio.sleep(0)


@pytest.mark.parametrize("limits", [replace(LIMITS, reader_seconds=AT_ONCE, slowest_reader=10**9)])
@pytest.mark.parametrize("path", ["/large", "/endless", "/file", "/chatty"])
async def test_nobody_keeps_an_answer_open_by_not_reading_it(
    path: str, port: int, connections: OpenConnections, caplog: pytest.LogCaptureFixture
) -> None:
    await nobody_reads(port, path)
    assert not connections.inside
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR], "nothing of ours broke"


@pytest.mark.parametrize("limits", [replace(LIMITS, reader_seconds=AT_ONCE, slowest_reader=10**9)])
async def test_a_socket_with_nothing_to_read_stays(port: int) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"http://127.0.0.1:{port}/echo") as silent,
    ):
        await silent.send_str("before")
        assert await silent.receive_str() == "before"
        await nobody_reads(port, "/endless")  # others were looked at, and this one as well
        await silent.send_str("after")
        assert await silent.receive_str() == "after"


async def test_half_open_connections_keep_nobody_out(opened: Opened, connections: OpenConnections) -> None:
    many = [await opened(b"POST /re") for _ in range(40)]
    late = await opened(posting(3) + b"abc")
    assert await answers(late)
    assert len(connections.inside) <= LIMITS.of_one_network
    await asyncio.gather(*(ended(one) for one in many[:36]))


@pytest.mark.parametrize("limits", [replace(LIMITS, connections=2)])
async def test_with_everybody_served_the_next_is_told_to_come_again(opened: Opened) -> None:
    for _ in range(2):
        await opened(posting(9) + b"half")
    said = b""
    while not said.startswith(b"HTTP/1.1 503"):  # until both requests have begun, a newcomer takes a place
        said = await asyncio.wait_for(ended(await opened(b"")), 60)
    assert b"Retry-After: 5" in said


@pytest.mark.parametrize(
    "limits", [replace(LIMITS, connections=300, of_one_network=300, bodies=3 * MOST_HELD)]
)
async def test_bodies_that_do_not_end_hold_no_more_than_they_may(
    opened: Opened, connections: OpenConnections
) -> None:
    sent = 900_000
    many = [await opened(posting(sent + 1) + bytes(sent)) for _ in range(12)]
    await asyncio.gather(*(ended(one) for one in many[:6]))
    assert connections.held <= 3 * MOST_HELD
    assert await answers(await opened(posting(3) + b"abc"))


async def test_what_came_of_a_body_is_freed_with_its_connection_not_when_the_collector_comes_by(
    opened: Opened, connections: OpenConnections
) -> None:
    gc.disable()
    try:
        _reader, writer = await opened(b"POST /marked HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf")
        async with asyncio.timeout(60):
            while not MARKS:
                await asyncio.sleep(0)
            writer.close()
            while connections.inside or MARKS[0]() is not None:
                await asyncio.sleep(0)
    finally:
        gc.enable()


async def test_a_body_is_counted_as_long_as_it_lies_in_memory_and_no_longer(
    opened: Opened, connections: OpenConnections
) -> None:
    reader, writer = await opened(posting(100_000) + bytes(100_000))
    assert await answers((reader, writer))
    assert b"100000" in await reader.readuntil(b"100000\n")
    writer.write(posting(0))
    assert await answers((reader, writer))
    assert connections.held == 0
