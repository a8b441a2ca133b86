"""Two Asterisk nodes behind Kamailio for one test, with a telephony process each and an edge before them."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from hotline.calls.call import Step
from hotline.dialling.nodes import node_of
from hotline.line.invariants import InAsterisk, Looks, broken
from hotline.line.presence_states import Presence
from service.node.local_node import free_ports
from service.wiring.telephony import ari_address
from telephony.ari.client import reading
from telephony.node.asterisk_state import seen
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.phone import Phone
from telephony.phone.sound import tone
from tests.fakes.certificates import Given
from tests.storage.conftest import Cluster
from tests.system.edge import Edge, edge_settings, over_tcp, running_edge, shows
from tests.system.hotline import Hotline, started_hotline
from tests.system.people import CITIZEN
from tests.system.severable import Severable, SeverableDatagrams, severable, severable_datagrams
from tests.system.test_roles import CONNECTED, serve


@dataclass(frozen=True, kw_only=True)
class Cables:
    """The cables of the second node: to the database, and to the first, which asks whether it is there."""

    database: Severable
    neighbour: SeverableDatagrams

    def unplug(self) -> None:
        self.database.unplug()
        self.neighbour.plugged = False

    def plug(self) -> None:
        self.database.plug()
        self.neighbour.plugged = True


@dataclass(frozen=True, kw_only=True)
class Scaled:
    """Two nodes with a telephony process each, and the edge before them, of which there may be two."""

    edge: Edge
    a: Hotline
    b: Hotline
    phones: AsyncExitStack
    cables: Cables | None = None
    before: Edge | None = None
    """Of two edges the one that browsers are brought to first; citizens call by `edge`."""

    async def start_service(self, one: Hotline) -> None:
        """Start a node's process, and wait until it serves its Asterisk."""
        roles = "telephony,scheduler,media" if one is self.a else "telephony"
        before = _log(one).count(CONNECTED)
        one.service = await serve(one.node.environ, one.log, roles)
        await one.until(lambda: _log(one).count(CONNECTED) > before)

    async def kill(self, one: Hotline) -> None:
        """End a node's process and its Asterisk, as when its machine loses its power."""
        assert one.service is not None
        one.service.kill()
        one.node.kill()
        await one.service.wait()
        await one.node.process.wait()

    async def calls(self, number: str) -> OutgoingCall:
        """Somebody calls the hotline's one address, and is in the menu."""
        phone = await self.phones.enter_async_context(Phone(user=number))
        call = await phone.call(self.a.settings.number, to=("127.0.0.1", self.edge.port), sound=tone(CITIZEN))
        await call.answered()
        return call

    async def citizen(self, number: str) -> OutgoingCall:
        """Somebody calls and asks for a dispatcher."""
        call = await self.calls(number)
        await call.press("0")
        return call

    async def to_node(self, name: str) -> None:
        """Have the edge give new calls to this node."""
        await self.edge.control.take_back(name)
        await self.edge.control.drain("b" if name == "a" else "a")

    async def desk(self, extension: str) -> Phone:
        """A dispatcher on duty, whose telephone is registered at the edge."""
        one = await self.a.storage.dispatchers.add(extension, extension, f"secret-{extension}", frozenset())
        phone = await self.phones.enter_async_context(
            Phone(user=f"desk-{extension}", secret=one.secret, registrar=("127.0.0.1", self.edge.port))
        )
        await phone.register()
        for node in (self.a, self.b):
            await node.until(lambda node=node: f"endpoint=desk-{extension} reachable=True" in _log(node))
        await self.a.presence(extension, Presence.READY)
        return phone

    async def waits(self, number: str, *, of: int) -> OutgoingCall:
        """Somebody calls, and waits when so many have joined the line in all."""
        call = await self.citizen(number)
        await self.a.reached(Step.JOINED_LINE, times=of)
        return call

    async def nodes(self) -> list[str]:
        """The node of each call, the first call first."""
        return [node_of(call.id) for call in await self.a.calls()]


def _log(node: Hotline) -> str:
    return node.log.read_text("utf-8", errors="replace") if node.log.exists() else ""


@asynccontextmanager
async def scaled_hotline(
    cluster: Cluster,
    folder: Path,
    *,
    browsers: bool = False,
    edges: int = 1,
    cables: bool = False,
    shown: Given | None = None,
    **more: str,
) -> AsyncIterator[Scaled]:
    """Run them on a database of their own; more settings of the nodes by `HOTLINE_…` keywords.

    `browsers` register at the edge; of two addresses that pages are told, the first is of none where there is
    one edge. `cables` of the second node can be cut. Each edge shows the certificate `shown` by TLS, and goes
    with phones as `more` says.
    """
    cluster.sql("CREATE DATABASE scaled TEMPLATE hotline")
    held = ExitStack()
    sip, websockets, tls = [held.enter_context(free_ports(edges)) for _ in range(3)]  # no node takes them
    environ = {
        "HOTLINE_DATABASE_URL": cluster.url("scaled"),
        "HOTLINE_EDGE": ",".join(f"127.0.0.1:{one}" for one in sip),
    } | more
    if browsers:
        there = [9, *websockets] if edges == 1 else websockets
        environ["HOTLINE_EDGE_WEBSOCKETS"] = ",".join(f"ws://127.0.0.1:{one}" for one in there)
    try:
        async with AsyncExitStack() as stack:
            a, b = [
                await stack.enter_async_context(
                    started_hotline(folder / name, service=False, HOTLINE_NODE=name, **environ)
                )
                for name in ("a", "b")
            ]
            ports = {"a": a.settings.sip_port, "b": b.settings.sip_port}
            database = await stack.enter_async_context(over_tcp(cluster.folder / ".s.PGSQL.5432"))
            held.close()
            running = []
            for at, (port, websocket) in enumerate(zip(sip, websockets, strict=True)):
                desks = {"HOTLINE_EDGE_DATABASE_URL": f"postgres://postgres@127.0.0.1:{database}/scaled"}
                if browsers:
                    desks["HOTLINE_EDGE_WEBSOCKET_PORT"] = str(websocket)
                if shown:
                    desks |= shows(shown, tls[at]) | {"HOTLINE_DESK_TLS": environ["HOTLINE_DESK_TLS"]}
                if edges > 1:
                    desks["HOTLINE_EDGE_PEER"] = f"127.0.0.1:{sip[at - 1]}"
                settings = edge_settings(folder / f"edge-{at}", port, ports, **desks)
                running.append(await stack.enter_async_context(running_edge(settings)))
            *before, edge = running
            for one in (a, b):
                one.node.environ["HOTLINE_EDGE_NODES"] = ",".join(
                    f"{name}=127.0.0.1:{port}" for name, port in ports.items()
                )
            laid = None
            if cables:
                to_database = await stack.enter_async_context(severable(database))
                to_a, relayed = await stack.enter_async_context(severable_datagrams(ports["b"]))
                url = f"postgresql://postgres@127.0.0.1:{to_database.port}/scaled"
                b.node.environ["HOTLINE_DATABASE_URL"] = url
                a.node.environ["HOTLINE_EDGE_NODES"] = f"a=127.0.0.1:{ports['a']},b=127.0.0.1:{relayed}"
                laid = Cables(database=to_database, neighbour=to_a)
            phones = await stack.enter_async_context(AsyncExitStack())
            scaled = Scaled(edge=edge, a=a, b=b, phones=phones, cables=laid, before=next(iter(before), None))
            for one in (a, b):
                await scaled.start_service(one)
            yield scaled
    finally:
        held.close()
        cluster.sql("DROP DATABASE scaled WITH (FORCE)")


async def all_holds(*nodes: Hotline) -> None:
    """Wait until all truths of the line hold over these nodes together; neither service found one broken."""
    for node in nodes:
        assert not re.findall(r"defect .*", _log(node))

    async def holds() -> bool:
        record, channels, bridges = await nodes[0].storage.records.on_record(), {}, []
        for node in nodes:
            async with reading(ari_address(node.settings)) as ari:
                found = await seen(ari)
            channels |= found.channels
            bridges += found.bridges
        return not Looks().after(broken(record, InAsterisk(channels=channels, bridges=bridges)), 0.0).since

    await nodes[0].until(holds)
