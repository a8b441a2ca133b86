"""A node that stood still reads calls that another serves by then: the edge has it let go of them."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from service.node.edge import NODE_SILENT_MS
from service.node.local_node import free_ports
from telephony.phone.call import PATIENCE_SECONDS
from tests.system.edge import Edge, edge_settings, running_edge
from tests.system.node import LOOK_SECONDS
from tests.system.sip_probe import Probe

pytestmark = pytest.mark.system

TRYING, OK = "SIP/2.0 100 Trying", "SIP/2.0 200 OK"


@dataclass(kw_only=True)
class FakeNode:
    """Stands where an Asterisk stands: it tells the edge that it is there, and answers when it is told to."""

    name: str
    sip: socket.socket
    got: list[str] = field(default_factory=list)
    """Requests but OPTIONS, the first of each."""
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def keep(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            data, edge = await loop.sock_recvfrom(self.sip, 65536)
            message = data.decode()
            if message.startswith("OPTIONS "):
                await loop.sock_sendto(self.sip, answering(message, OK).encode(), edge)
            elif message not in self.got:
                self.got.append(message)
                self.came.set()

    async def told(self, method: str) -> str:
        """The first of these requests, as soon as it is there."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (found := [one for one in self.got if one.startswith(f"{method} ")]):
                self.came.clear()
                await self.came.wait()
        return found[0]

    async def answers(self, invite: str, line: str, *, port: int) -> None:
        to = ("127.0.0.1", port)
        await asyncio.get_running_loop().sock_sendto(self.sip, answering(invite, line).encode(), to)


def answering(request: str, line: str) -> str:
    kept = [
        one
        for one in request.split("\r\n")
        if one.startswith(("Via:", "From:", "Call-ID:", "CSeq:", "Record-Route:"))
    ]
    to = next(one for one in request.split("\r\n") if one.startswith("To:"))
    tag = "" if line == TRYING else ";tag=node"
    head = [line, *kept, f"{to}{tag}", "Contact: <sip:1580@127.0.0.1:9>", "Content-Length: 0"]
    return "\r\n".join(head) + "\r\n\r\n"


def header(message: str, name: str) -> str:
    found = re.search(rf"^{name}: *(.*?)\r$", message, re.MULTILINE)
    assert found, f"{name} in {message}"
    return found.group(1)


def branch(message: str) -> str:
    return header(message, "Via").partition("branch=")[2].partition(";")[0]


@dataclass(frozen=True, kw_only=True)
class Late:
    """A caller whom the second node is to serve, as the first said nothing."""

    edge: Edge
    hung: FakeNode
    serves: FakeNode
    caller: Probe
    invite: str
    """As it lay in the first node's socket."""

    @property
    def port(self) -> int:
        return self.edge.port

    async def is_served(self) -> None:
        """Have the second node serve the caller, and wait until the edge has forgotten what went before."""
        await self.serves.answers(await self.serves.told("INVITE"), OK, port=self.port)
        await _final(self.caller)
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert await self.edge.knows(self.caller.call_id)
            while await self.edge.knows(self.caller.call_id):
                await asyncio.sleep(LOOK_SECONDS)


@pytest.fixture
async def late(tmp_path: Path) -> AsyncIterator[Late]:
    with free_ports(1) as (port,):
        pass
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as tasks:
        nodes = [FakeNode(name=name, sip=_bound()) for name in ("a", "b")]
        ports = {one.name: one.sip.getsockname()[1] for one in nodes}
        keeping = [tasks.create_task(one.keep()) for one in nodes]
        edge = await stack.enter_async_context(running_edge(edge_settings(tmp_path / "edge", port, ports)))
        caller = Probe(port=port)
        await caller.send("INVITE")
        first = asyncio.create_task(_first(nodes))
        hung = await first
        serves = next(one for one in nodes if one is not hung)
        await serves.told("INVITE")
        yield Late(edge=edge, hung=hung, serves=serves, caller=caller, invite=await hung.told("INVITE"))
        caller.close()
        for one in (*keeping,):
            one.cancel()
        for one in nodes:
            one.sip.close()


async def _first(nodes: list[FakeNode]) -> FakeNode:
    """The node that got the call first."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            for one in nodes:
                if any(message.startswith("INVITE ") for message in one.got):
                    return one
            await asyncio.sleep(0.01)


def _bound() -> socket.socket:
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.settimeout(0)
    one.bind(("127.0.0.1", 0))
    return one


async def _final(caller: Probe) -> list[str]:
    """The answers that a caller gets until the final one."""
    heard: list[str] = []
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not any(one.startswith("SIP/2.0 2") for one in heard):
            heard.append((await asyncio.get_running_loop().sock_recv(caller.sip, 65536)).decode())
    return heard


@pytest.mark.parametrize("long_after", [False, pytest.param(True, marks=pytest.mark.nightly)])
async def test_its_first_word_has_it_cancelled_before_it_answers(late: Late, *, long_after: bool) -> None:
    if long_after:
        await late.is_served()
    await late.hung.answers(late.invite, TRYING, port=late.port)
    cancel = await late.hung.told("CANCEL")
    assert branch(cancel) == branch(late.invite)
    for name in ("From", "To", "Call-ID"):
        assert header(cancel, name) == header(late.invite, name)
    assert header(cancel, "CSeq") == header(late.invite, "CSeq").replace("INVITE", "CANCEL")


async def test_its_answer_is_acknowledged_and_ended_by_the_edge_and_the_caller_hears_the_other(
    late: Late,
) -> None:
    await late.hung.answers(late.invite, OK, port=late.port)
    ack, bye = await late.hung.told("ACK"), await late.hung.told("BYE")
    for one, method in ((ack, "ACK"), (bye, "BYE")):
        assert one.startswith(f"{method} sip:1580@127.0.0.1:9 ")
        assert header(one, "To") == f"{header(late.invite, 'To')};tag=node"
        assert header(one, "From") == header(late.invite, "From")
    assert branch(ack) != branch(bye)
    served = await late.serves.told("INVITE")
    await late.serves.answers(served, OK, port=late.port)
    (answer,) = [one for one in await _final(late.caller) if one.startswith(OK)]
    assert header(answer, "Via").startswith("SIP/2.0/UDP 127.0.0.1")
    await late.hung.answers(
        late.invite, OK, port=late.port
    )  # it repeats it, and the call of the other goes on
    assert not [one for one in late.serves.got if not one.startswith(("INVITE ", "ACK "))]


async def test_where_no_other_node_is_left_a_slow_one_is_waited_for(late: Late) -> None:
    served = await late.serves.told("INVITE")
    await asyncio.sleep(2 * NODE_SILENT_MS / 1000)
    await late.serves.answers(served, OK, port=late.port)
    assert [one for one in await _final(late.caller) if one.startswith(OK)]


async def test_who_has_given_up_is_let_go_of_as_well(late: Late) -> None:
    served = await late.serves.told("INVITE")
    await late.serves.answers(served, "SIP/2.0 486 Busy Here", port=late.port)
    await late.serves.told("ACK")
    await late.hung.answers(late.invite, "SIP/2.0 180 Ringing", port=late.port)
    cancel = await late.hung.told("CANCEL")
    assert header(cancel, "To") == header(late.invite, "To"), "the tag is the node's own"
    await late.hung.answers(late.invite, "SIP/2.0 487 Request Terminated", port=late.port)
    ack = await late.hung.told("ACK")
    assert branch(ack) == branch(late.invite)
