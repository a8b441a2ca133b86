"""The web server: deadlines for what a client sends, and no more clients than there is room for.

aiohttp limits neither connections nor the time that headers and bodies take: connections are made here.
"""

import asyncio
import contextlib
import fcntl
import socket
import struct
import termios
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

from aiohttp import StreamReader, web

from cti_server.clients import TRUSTED
from cti_server.connection_limits import OpenConnections, Sent
from hotline.access.networks import Networks, network_of, within
from hotline.isolation import repeat

READ_BUFFER = 64 * 1024
"""Octets that aiohttp reads ahead of a handler; its own 256 KiB are much for each of many."""
MOST_HELD = 2**20
"""Octets of one body that are held in memory: a form is refused beyond them, a file goes to the disk."""
BACKLOG = 128
FULL = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
BYTES_ACKED = struct.Struct("=120xQ")
"""`tcpi_bytes_acked` of Linux' `struct tcp_info`."""
RESET = struct.pack("ii", 1, 0)
"""For SO_LINGER: what nobody has read is forgotten when the socket is closed."""


class Connection(web.RequestHandler):
    """One client's connection, and the time that it may take: an `OpenConnection` of the limits."""

    def __init__(self, server: web.Server, connections: OpenConnections, trusted: Networks) -> None:
        self._running = asyncio.get_running_loop()
        super().__init__(
            server,
            loop=self._running,
            access_log=None,  # type: ignore[arg-type] # as aiohttp's own runner gives it
            read_bufsize=READ_BUFFER,
        )
        self._open, self._trusted = connections, trusted
        self._deadline: asyncio.TimerHandle | None = None
        self._body: StreamReader | None = None
        """The body of the request that is served, from its headers to the answer."""
        self._early = False
        """Something of the next request came while the one before was served."""
        self.network = ""
        self.waits_since: float | None = None
        self.body_since: float | None = None
        self.held = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        peer = str((transport.get_extra_info("peername") or ("",))[0])
        self.network = "" if within(peer, self._trusted) else network_of(peer)
        self.waits_since = self._running.time()
        if not self._open.admit(self):
            assert isinstance(transport, asyncio.WriteTransport)  # noqa: S101 - it is TCP
            transport.write(FULL)
            transport.close()
            return
        super().connection_made(transport)
        self._due(self._open.limits.header_seconds)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._in_time()
        self._open.gone(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what the client sends; aiohttp gives nothing at all when it goes on with what it has."""
        if data and self.body_since is None:
            if self.waits_since is None:
                self._early = True
            elif self._deadline is None:
                self._due(self._open.limits.header_seconds)
        super().data_received(data)
        self._count_body()

    def began(self, body: StreamReader) -> None:
        """Note that a request is served from here on."""
        self._in_time()
        self.waits_since, self._early = None, False
        if body.is_eof() and not body.total_bytes:
            return
        self._body, self.body_since = body, self._running.time()
        self._count_body()
        body.on_eof(self._body_came)

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Send the answer; then the connection waits for the next request."""
        try:
            return await super().finish_response(request, resp, start_time)
        finally:
            if self._body is not None and (fault := self._body.exception()):
                # The fault and its frames hold one another, and what was read, until the collector comes by.
                fault.__traceback__ = None
            self._body = None
            self._open.release(self)
            self.waits_since = self._running.time()
            if self._early:
                self._due(self._open.limits.header_seconds)

    def sent(self) -> Sent:
        """Ask the system, which alone knows it of files too: it sends them without us."""
        assert self.transport is not None  # noqa: S101 - it is open
        sock = self.transport.get_extra_info("socket")
        (taken,) = BYTES_ACKED.unpack_from(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256))
        (waiting,) = struct.unpack("i", fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, bytes(4)))
        return Sent(given=taken + waiting, taken=taken)

    def leave(self) -> None:
        """End the connection, whatever is under way."""
        if self.transport is not None:
            self.transport.abort()

    def stop_sending(self) -> None:
        """Have whatever is being sent fail, upon which the connection ends.

        The system's own sending of a file would wait for ever beside a connection that was just closed.
        """
        if self.transport is None:
            return
        sock = self.transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        with contextlib.suppress(OSError):  # the client has ended it meanwhile
            sock.shutdown(socket.SHUT_RDWR)

    def _count_body(self) -> None:
        if self._body is None:
            return
        self._open.hold(self, min(self._body.total_bytes, MOST_HELD) - self.held)
        if self.body_since is not None:
            limits, came = self._open.limits, self._body.total_raw_bytes
            patience = limits.body_seconds + came / limits.slowest_body
            self._due(self.body_since + patience - self._running.time())

    def _body_came(self) -> None:
        self._in_time()
        self.body_since = None

    def _due(self, seconds: float) -> None:
        self._in_time()
        self._deadline = self._running.call_later(seconds, self.leave)

    def _in_time(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


@contextlib.asynccontextmanager
async def serving(
    app: web.Application, host: str, port: int, *, connections: OpenConnections, leave_seconds: float
) -> AsyncIterator[asyncio.Server]:
    """Serve the application to as many as there is room for; raises OSError when the port is taken."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=leave_seconds)
    await runner.setup()
    try:
        assert runner.server is not None  # noqa: S101 - it was set up
        make = _makes_connections(runner.server, connections, app[TRUSTED])
        loop = asyncio.get_running_loop()
        server = await loop.create_server(make, host, port, backlog=BACKLOG, reuse_address=True)
        readers = asyncio.create_task(
            repeat(
                connections.look_at_readers,
                every=connections.limits.reader_seconds,
                failure="not known who reads too slowly",
            )
        )
        try:
            yield server
        finally:
            readers.cancel()
            server.close()
    finally:
        await runner.cleanup()


def _makes_connections(
    server: web.Server, connections: OpenConnections, trusted: Networks
) -> Callable[[], Connection]:
    """Have connections told of their requests, which aiohttp makes when the headers are there."""
    make = server.request_factory

    def begun(
        message: Any, body: StreamReader, connection: web.RequestHandler, writer: Any, task: Any
    ) -> web.BaseRequest:
        if isinstance(connection, Connection):
            connection.began(body)
        return make(message, body, connection, writer, task)

    server.request_factory = begun
    return partial(Connection, server, connections, trusted)
