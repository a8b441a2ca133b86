"""Kamailio before two nodes without their service: calls spread, fail over; scanners are banned."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from service.node.edge_control import NodeState
from service.node.local_node import free_ports
from telephony.phone.call import PATIENCE_SECONDS
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.phone import Phone
from telephony.phone.sound import tone
from tests.system.edge import SCANNER, Edge, edge_settings, running_edge
from tests.system.node import FALLBACK_TONES, LOOK_SECONDS, Node, running_node
from tests.system.sip_probe import Probe
from tests.system.test_asterisk_starts import events

pytestmark = [pytest.mark.system, pytest.mark.nightly]

OFFICE, STRANGER = "127.0.0.2", "127.0.0.67"
GREETING, CITIZEN = FALLBACK_TONES["fallback-greeting"], 1000


@dataclass(frozen=True, kw_only=True)
class Two:
    """Two nodes and their edge."""

    edge: Edge
    nodes: dict[str, Node]
    phones: AsyncExitStack
    services: dict[str, AsyncExitStack]
    """What makes a node take calls: its service takes them, and falls silent."""

    async def caller(self) -> OutgoingCall:
        """Somebody who has called and hears the greeting of whichever node has answered.

        They go on speaking: a message that nobody speaks into ends after ten seconds, and the call with it.
        """
        phone = await self.phones.enter_async_context(Phone(user="+380457900001"))
        call = await phone.call("1580", to=("127.0.0.1", self.edge.port), sound=tone(CITIZEN))
        await call.answered()
        await call.heard_tone(GREETING)
        return call


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[Two]:
    async with AsyncExitStack() as stack:
        held = stack.enter_context(ExitStack())
        (edge_port,) = held.enter_context(free_ports(1))  # no node takes it meanwhile
        nodes = {
            name: await stack.enter_async_context(
                running_node(
                    tmp_path / name,
                    HOTLINE_NODE=name,
                    HOTLINE_EDGE=f"127.0.0.1:{edge_port}",
                    HOTLINE_LEASE_SECONDS="1",
                )
            )
            for name in ("a", "b")
        }
        ports = {name: node.settings.sip_port for name, node in nodes.items()}
        held.close()
        edge = await stack.enter_async_context(
            running_edge(
                edge_settings(tmp_path / "edge", edge_port, ports, HOTLINE_DESK_NETWORKS=f"{OFFICE}/32")
            )
        )
        services = {}
        for name, node in nodes.items():
            services[name] = await stack.enter_async_context(AsyncExitStack())
            await services[name].enter_async_context(events(node))
        phones = await stack.enter_async_context(AsyncExitStack())
        yield Two(edge=edge, nodes=nodes, phones=phones, services=services)


def _is_empty(node: Node) -> bool:
    """Whether all channels that have begun have ended, by Asterisk's own account."""
    kinds = Counter(row["eventtype"] for row in node.cel_rows())
    return kinds["CHAN_START"] == kinds["CHAN_END"]


def _calls_of(node: Node) -> int:
    return len({row["linkedid"] for row in node.cel_rows() if row["eventtype"] == "CHAN_START"})


async def test_calls_are_spread_and_a_node_that_dies_or_rests_gets_no_new_ones(two: Two) -> None:
    edge = two.edge
    callers = [await two.caller() for _ in range(4)]
    assert await edge.calls() == {"a": 2, "b": 2}
    assert {name: _calls_of(node) for name, node in two.nodes.items()} == {"a": 2, "b": 2}
    ids = {row["uniqueid"] for node in two.nodes.values() for row in node.cel_rows()}
    assert {one.rpartition("-")[0] for one in ids} == {"hotline-a", "hotline-b"}

    await edge.control.drain("b")
    drained = [await two.caller() for _ in range(3)]
    assert _calls_of(two.nodes["b"]) == 2
    assert await edge.calls() == {"a": 5, "b": 2}  # and its talks go on
    await edge.control.take_back("b")

    for one in (*callers, *drained):
        await one.hang_up()
    await edge.until_calls(a=0, b=0)

    await two.services["b"].aclose()
    given_back = [await two.caller() for _ in range(2)]  # the second comes to b first
    assert _calls_of(two.nodes["a"]) == 7
    assert await edge.calls() == {"a": 2, "b": 0}

    two.nodes["a"].kill()  # at once: before anybody has asked whether it is there
    await two.caller()  # b gives it back, and is the only one
    await edge.until_state("a", NodeState.DOWN)
    await two.caller()
    assert await edge.calls() == {"a": 2, "b": 2}
    for one in given_back:
        one.drop()


async def test_a_call_that_comes_as_the_nodes_are_reached_again_is_served(two: Two) -> None:
    for node in two.nodes.values():
        node.process.send_signal(signal.SIGSTOP)
    for name in two.nodes:
        await two.edge.until_state(name, NodeState.DOWN)
    for node in two.nodes.values():
        node.process.send_signal(signal.SIGCONT)
    await two.caller()


async def test_what_is_said_further_in_a_call_that_waited_for_a_node_goes_by_the_edge(two: Two) -> None:
    async with waits_for_a_node(two) as call:
        pass
    await call.answered()
    await call.heard_tone(GREETING)
    assert call.dialog.routes
    assert all(f":{two.edge.port};" in route for route in call.dialog.routes)
    await call.hold()
    await call.resume()
    assert sum((await two.edge.calls()).values()) == 1
    await call.hang_up()
    await two.edge.until_calls(a=0, b=0)
    for node in two.nodes.values():
        await node.until(partial(_is_empty, node))


async def test_whoever_gives_up_while_their_call_waits_for_a_node_is_let_go_and_reaches_none(
    two: Two,
) -> None:
    async with waits_for_a_node(two) as call:
        assert (await call.hang_up()).code == 487
    for name in two.nodes:
        await two.edge.until_state(name, NodeState.TAKES_CALLS)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await two.edge.knows(call.dialog.call_id):
            await asyncio.sleep(LOOK_SECONDS)
    assert await two.edge.calls() == {"a": 0, "b": 0}
    assert [_calls_of(node) for node in two.nodes.values()] == [0, 0]
    await two.caller()


@asynccontextmanager
async def waits_for_a_node(two: Two) -> AsyncIterator[OutgoingCall]:
    """Somebody calls while the edge knows of no node that lives; both go on at the end of the block."""
    for node in two.nodes.values():
        node.process.send_signal(signal.SIGSTOP)
    try:
        for name in two.nodes:
            await two.edge.until_state(name, NodeState.DOWN)
        phone = await two.phones.enter_async_context(Phone(user="+380457900001"))
        call = await phone.call("1580", to=("127.0.0.1", two.edge.port))
        assert await call.reached() == 100
        yield call
    finally:
        for node in two.nodes.values():
            node.process.send_signal(signal.SIGCONT)


async def test_where_no_node_is_left_a_call_is_refused_after_a_few_looks(two: Two) -> None:
    for name, node in two.nodes.items():
        node.kill()
        await two.edge.until_state(name, NodeState.DOWN)
    phone = await two.phones.enter_async_context(Phone(user="+380457900001"))
    call = await phone.call("1580", to=("127.0.0.1", two.edge.port))
    assert (await call.ended()).code == 503


async def test_a_node_that_stood_still_answers_nobody_whom_another_serves_by_then(two: Two) -> None:
    edge, a, b = two.edge, two.nodes["a"], two.nodes["b"]
    await edge.control.drain("a")
    await two.caller()
    await edge.control.take_back("a")
    a.process.send_signal(signal.SIGSTOP)
    try:
        served = await two.caller()  # a has fewer calls, and says nothing
        assert _calls_of(b) == 2
    finally:
        a.process.send_signal(signal.SIGCONT)
    await a.until(lambda: "LINKEDID_END" in [row["eventtype"] for row in a.cel_rows()])
    kinds = [row["eventtype"] for row in a.cel_rows()]
    assert kinds.count("CHAN_START") == 1
    assert "ANSWER" not in kinds
    assert served.end is None


async def test_a_scanner_is_heard_no_more(two: Two) -> None:
    scanner = Probe(port=two.edge.port, address=SCANNER)
    assert (await scanner.request("INVITE")).code == 403
    await scanner.send("OPTIONS", "100", "User-Agent: friendly-scanner", sequence=2)
    await two.edge.until_banned(SCANNER)
    await scanner.send("OPTIONS", sequence=3)
    await two.caller()  # whoever brings citizens' calls is heard
    with suppress(BlockingIOError):
        while True:
            assert "CSeq: 3 " not in scanner.sip.recv(65536).decode()
    scanner.close()


async def test_only_from_desks_networks_anybody_calls_in_a_desks_name_and_an_office_may_come_at_once(
    two: Two,
) -> None:
    stranger = Probe(port=two.edge.port, address=STRANGER, shown='"Desk" <sip:desk-999@127.0.0.1>')
    assert (await stranger.request("INVITE")).code == 403
    ports = (two.edge.port, two.nodes["a"].settings.sip_port)
    route = "Route: " + ", ".join(f"<sip:127.0.0.1:{port};lr>" for port in ports)
    within = await stranger.request("INVITE", "1580", route, sequence=2)
    assert within.code == 481, "the node's answer: it belongs to no call"
    assert not _calls_of(two.nodes["a"])
    stranger.close()
    office = Probe(port=two.edge.port, address=OFFICE)
    for sequence in range(1, 61):
        await office.send("OPTIONS", "100", sequence=sequence)
    assert (await office.request("OPTIONS", "100", sequence=61)).code == 200
    assert OFFICE not in await two.edge.control.banned()
    office.close()
