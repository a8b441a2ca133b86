"""The hotline on two Asterisk nodes behind Kamailio: one line, and a desk registered at the edge alone."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from hotline.calls.call import Outcome, Step
from hotline.dialling.nodes import node_of
from hotline.line.invariants import InAsterisk, Looks, broken
from hotline.line.presence_states import Presence
from service.node.edge_control import NodeState
from service.node.local_node import free_ports
from service.wiring.telephony import ari_address
from telephony.ari.client import reading
from telephony.node.asterisk_state import seen
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.phone import Phone
from telephony.phone.sound import tone
from tests.storage.conftest import Cluster, cluster, migrated_postgres
from tests.system.edge import Edge, edge_settings, over_tcp, running_edge
from tests.system.hotline import Hotline, started_hotline
from tests.system.people import CITIZEN, FIRST, picks_up
from tests.system.test_roles import CONNECTED, serve

__all__ = ["cluster", "migrated_postgres"]
pytestmark = [pytest.mark.system, pytest.mark.nightly]


@dataclass(frozen=True, kw_only=True)
class Scaled:
    """Two nodes with a telephony process each, and the edge before them."""

    edge: Edge
    a: Hotline
    b: Hotline
    phones: AsyncExitStack

    async def citizen(self, number: str) -> OutgoingCall:
        """Somebody calls the hotline's one address and asks for a dispatcher."""
        phone = await self.phones.enter_async_context(Phone(user=number))
        call = await phone.call(self.a.settings.number, to=("127.0.0.1", self.edge.port), sound=tone(CITIZEN))
        await call.answered()
        await call.press("0")
        return call

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


@pytest.fixture
async def scaled(cluster: Cluster, migrated_postgres: str, tmp_path: Path) -> AsyncIterator[Scaled]:
    cluster.sql("CREATE DATABASE scaled TEMPLATE hotline")
    held = ExitStack()
    (edge_port,) = held.enter_context(free_ports(1))  # no node takes it meanwhile
    environ = {"HOTLINE_DATABASE_URL": cluster.url("scaled"), "HOTLINE_EDGE": f"127.0.0.1:{edge_port}"}
    try:
        async with AsyncExitStack() as stack:
            a, b = [
                await stack.enter_async_context(
                    started_hotline(tmp_path / name, service=False, HOTLINE_NODE=name, **environ)
                )
                for name in ("a", "b")
            ]
            ports = {"a": a.settings.sip_port, "b": b.settings.sip_port}
            database = await stack.enter_async_context(over_tcp(cluster.folder / ".s.PGSQL.5432"))
            desks = {"HOTLINE_EDGE_DATABASE_URL": f"postgres://postgres@127.0.0.1:{database}/scaled"}
            held.close()
            edge = await stack.enter_async_context(
                running_edge(edge_settings(tmp_path / "edge", edge_port, ports, **desks))
            )
            a.service = await serve(a.node.environ, a.log, "telephony,scheduler,media")
            b.service = await serve(b.node.environ, b.log, "telephony")
            for one in (a, b):
                await one.until(lambda one=one: CONNECTED in _log(one))
            phones = await stack.enter_async_context(AsyncExitStack())
            yield Scaled(edge=edge, a=a, b=b, phones=phones)
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


async def to_node(scaled: Scaled, name: str) -> None:
    """Have the edge give new calls to this node."""
    other = "b" if name == "a" else "a"
    await scaled.edge.control.take_back(name)
    await scaled.edge.control.drain(other)


async def test_callers_of_both_nodes_wait_in_one_line_and_reach_a_desk_at_the_edge(scaled: Scaled) -> None:
    desk = await scaled.desk("201")
    await scaled.edge.control.drain("a")
    first = await scaled.citizen("+380457900001")
    talk = await picks_up(desk, FIRST)
    await first.heard_tone(FIRST)
    await talk.heard_tone(CITIZEN)
    await scaled.edge.control.take_back("a")
    await scaled.edge.until_state("a", NodeState.TAKES_CALLS)

    second = await scaled.waits("+380457900002", of=2)
    third = await scaled.waits("+380457900003", of=3)
    assert (await scaled.nodes())[:2] == ["b", "a"]  # the third is on either: both have one
    await talk.hang_up()
    for citizen, number in ((second, "+380457900002"), (third, "+380457900003")):
        talk = await picks_up(desk, FIRST)
        assert talk.caller == number
        await citizen.heard_tone(FIRST)
        await talk.heard_tone(CITIZEN)
        await talk.hang_up()
        await citizen.ended()

    async def all_ended() -> bool:
        return all(call.ended_at for call in await scaled.a.calls())

    await scaled.a.until(all_ended)
    assert [call.outcome for call in await scaled.a.calls()] == [Outcome.TALKED] * 3
    await all_holds(scaled.a, scaled.b)

    await to_node(scaled, "a")
    await scaled.citizen("+380457900004")
    talk = await picks_up(desk, FIRST)
    await to_node(scaled, "b")
    await scaled.waits("+380457900005", of=5)
    await to_node(scaled, "a")
    behind = await scaled.waits("+380457900006", of=6)
    assert (await scaled.nodes())[3:] == ["a", "b", "a"]
    scaled.b.node.kill()
    await talk.hang_up()
    talk = await picks_up(desk, FIRST)  # the first in line is on a node that is dead: nobody waits for it
    assert talk.caller == "+380457900006"
    await behind.heard_tone(FIRST)
    waiting = [entry.call_id for entry in await scaled.a.storage.line.entries()]
    assert (await scaled.a.calls())[4].id in waiting  # they keep their place
