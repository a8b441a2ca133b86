"""Cables that a test can cut or stall: relays between two programs, of connections and of datagrams."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Severable:
    """Listens on `port` and relays to another port of this machine."""

    target: int
    port: int = 0
    plugged: bool = True
    _writers: list[asyncio.StreamWriter] = field(default_factory=list)
    _stalled: set[asyncio.StreamWriter] = field(default_factory=set)

    def cut(self) -> None:
        """End every connection at once; new ones are relayed."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    def unplug(self) -> None:
        """End every connection and let no new one come, until it is plugged in again."""
        self.plugged = False
        self.cut()

    def plug(self) -> None:
        self.plugged = True

    def stall(self) -> None:
        """Let every connection that is open now fall silent without a word; new ones are relayed."""
        self._stalled.update(self._writers)

    async def relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.plugged:
            writer.transport.abort()
            return
        try:
            there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        self._writers += [writer, there_writer]
        async with asyncio.TaskGroup() as both:
            both.create_task(self._pump(reader, there_writer))
            both.create_task(self._pump(there_reader, writer))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                if writer not in self._stalled:
                    writer.write(data)
                    await writer.drain()
        writer.transport.abort()


@contextlib.asynccontextmanager
async def severable(target: int) -> AsyncIterator[Severable]:
    """Relay to `target` until the end of the block."""
    cable = Severable(target)
    server = await asyncio.start_server(cable.relay, "127.0.0.1", 0)
    cable.port = server.sockets[0].getsockname()[1]
    try:
        yield cable
    finally:
        server.close()
        cable.cut()


class SeverableDatagrams(asyncio.DatagramProtocol):
    """Relays what comes to another port of this machine, and the answers back to who asked last."""

    def __init__(self, target: int) -> None:
        self.plugged = True
        self._there = ("127.0.0.1", target)
        self._asked = self._there
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if addr != self._there:
            self._asked = addr
        if self.plugged and self._transport is not None:
            self._transport.sendto(data, self._asked if addr == self._there else self._there)


@contextlib.asynccontextmanager
async def severable_datagrams(target: int) -> AsyncIterator[tuple[SeverableDatagrams, int]]:
    """Relay to `target` until the end of the block; gives the port beside it."""
    loop = asyncio.get_running_loop()
    transport, cable = await loop.create_datagram_endpoint(
        lambda: SeverableDatagrams(target), local_addr=("127.0.0.1", 0)
    )
    try:
        yield cable, transport.get_extra_info("sockname")[1]
    finally:
        transport.close()
