"""A real Kamailio before Asterisk nodes of a test, on free ports of this machine."""

import asyncio
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from service.node.edge import control_socket, prepare, program
from service.node.edge_control import EdgeAway, EdgeControl, NodeState
from service.node.local_node import child
from service.settings.settings import Settings, read_settings
from telephony.phone.call import PATIENCE_SECONDS
from tests.fakes.certificates import Given
from tests.system.node import LOOK_SECONDS, node_environ

CITIZENS_FROM, SCANNER = "127.0.0.1", "127.0.0.66"


@dataclass(frozen=True, kw_only=True)
class Edge:
    """A running Kamailio."""

    settings: Settings
    control: EdgeControl
    log: Path
    process: asyncio.subprocess.Process

    @property
    def port(self) -> int:
        return self.settings.edge.port

    @property
    def tls_port(self) -> int:
        return self.settings.edge.tls_port

    async def states(self) -> Mapping[str, NodeState]:
        return {one.name: one.state for one in await self.control.nodes()}

    async def calls(self) -> Mapping[str, int]:
        return {one.name: one.calls for one in await self.control.nodes()}

    async def knows(self, call_id: str) -> bool:
        """Whether it still knows of a request of this call that it has passed on."""
        return call_id in str(await self.control._ask("tm.list"))

    async def kill(self) -> None:
        """End all its processes at once, as when its machine loses its power."""
        os.killpg(self.process.pid, signal.SIGKILL)
        await self.process.wait()

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Have all its processes stand still for the block, as those of a machine that is moved."""
        os.killpg(self.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self.process.pid, signal.SIGCONT)

    async def until_state(self, name: str, state: NodeState) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (await self.states())[name] is not state:
                await asyncio.sleep(LOOK_SECONDS)

    async def until_calls(self, **calls: int) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await self.calls() != calls:
                await asyncio.sleep(LOOK_SECONDS)

    async def until_banned(self, address: str) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while address not in await self.control.banned():
                await asyncio.sleep(LOOK_SECONDS)


def edge_settings(folder: Path, port: int, nodes: Mapping[str, int], **environ: str) -> Settings:
    """Settings of an edge at this port; `nodes` by name, with their SIP ports."""
    given = {
        "HOTLINE_EDGE_PORT": str(port),
        "HOTLINE_EDGE_NODES": ",".join(f"{name}=127.0.0.1:{at}" for name, at in nodes.items()),
        "HOTLINE_EDGE_CALLERS": f"{CITIZENS_FROM}/32",
    }
    return read_settings(node_environ(folder, **(given | environ)))


def shows(given: Given, port: int) -> Mapping[str, str]:
    """Settings of an edge that takes SIP by TLS at this port."""
    return {
        "HOTLINE_EDGE_TLS_PORT": str(port),
        "HOTLINE_SIP_TLS_CERTIFICATE": str(given.certificate),
        "HOTLINE_SIP_TLS_KEY": str(given.key),
    }


@asynccontextmanager
async def running_edge(settings: Settings) -> AsyncIterator[Edge]:
    """Run a Kamailio until the block ends; it is ready when it answers on its socket."""
    prepare(settings)
    log = settings.folders.var / "kamailio.log"
    with log.open("wb") as file:
        async with child(program(settings), stdout=subprocess.DEVNULL, stderr=file.fileno()) as process:
            control = EdgeControl(control_socket(settings))
            one = Edge(settings=settings, control=control, log=log, process=process)
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not await _answers(one):
                    assert process.returncode is None, log.read_text(encoding="utf-8", errors="replace")
                    await asyncio.sleep(LOOK_SECONDS)
            yield one


@asynccontextmanager
async def over_tcp(path: Path) -> AsyncIterator[int]:
    """A port that leads to a socket in a folder: Kamailio knows databases by host and port alone."""
    relays = set[asyncio.Task[None]]()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                writer.write(data)
        finally:
            writer.close()

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_unix_connection(str(path))
        for one in (carry(reader, there[1]), carry(there[0], writer)):
            relays.add(asyncio.create_task(one))

    async with await asyncio.start_server(relay, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]
        for one in relays:
            one.cancel()
        await asyncio.gather(*relays, return_exceptions=True)


async def _answers(edge: Edge) -> bool:
    try:
        return bool(await edge.control.nodes())
    except EdgeAway:
        return False
