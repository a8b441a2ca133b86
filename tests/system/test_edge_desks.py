"""What the edge knows of desks' calls: whom a node's own queue may ring, and when a call counts as over."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from service.node import edge as edge_node
from service.node.edge_control import NodeState
from service.node.local_node import free_ports
from storage.store import open_storage
from telephony.phone.call import PATIENCE_SECONDS
from telephony.phone.incoming import IncomingCall
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.phone import Phone
from telephony.phone.signalling import Address
from telephony.phone.timeline import Who
from tests.storage.conftest import Cluster, cluster, migrated_postgres
from tests.system.edge import Edge, edge_settings, over_tcp, running_edge
from tests.system.node import LOOK_SECONDS

__all__ = ["cluster", "migrated_postgres"]
pytestmark = [pytest.mark.system, pytest.mark.nightly]

OWN_QUEUE = [("X-Hotline-Own-Queue", "1")]
OFFICE = "127.0.0.5"
"""Where the desks are; from 127.0.0.1 come citizens' calls."""
STANDS_STILL_SECONDS = 3.5


class SlowPhone(Phone):
    """A telephone that can stand still."""

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Read what comes in the block only at its end."""
        read = self._signalling.datagram_received
        came: list[tuple[bytes, Address]] = []
        self._signalling.datagram_received = lambda data, addr: came.append((data, addr))  # type: ignore[method-assign]
        yield
        self._signalling.datagram_received = read  # type: ignore[method-assign]
        for data, addr in came:
            read(data, addr)


@dataclass(frozen=True, kw_only=True)
class Office:
    """A Kamailio between two nodes, which are telephones here, and two desks."""

    edge: Edge
    nodes: dict[str, Phone]
    desks: dict[str, SlowPhone]

    async def rings(self, desk: str, node: str, *, own_queue: bool = False) -> OutgoingCall:
        """This node rings a desk."""
        to = ("127.0.0.1", self.edge.port)
        headers = OWN_QUEUE if own_queue else []
        return await self.nodes[node].call(f"desk-{desk}", to=to, headers=headers)

    async def refused(self, desk: str, node: str, *, own_queue: bool = True) -> int:
        """The answer to a node whose ring of this desk is refused."""
        return (await (await self.rings(desk, node, own_queue=own_queue)).ended()).code

    async def talk(
        self, desk: str, node: str, *, own_queue: bool = False
    ) -> tuple[OutgoingCall, IncomingCall]:
        """A talk of a node's caller with a desk: the node's end, and the desk's."""
        call = await self.rings(desk, node, own_queue=own_queue)
        theirs = await self.desks[desk].next_call()
        await theirs.answer()
        await call.answered()
        return call, theirs

    async def until_in_talk(self, *desks: str) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await self.edge.control.in_talk() != [*desks]:
                await asyncio.sleep(LOOK_SECONDS)


@pytest.fixture
async def office(cluster: Cluster, migrated_postgres: str, tmp_path: Path) -> AsyncIterator[Office]:
    del migrated_postgres  # the template of the database
    cluster.sql("CREATE DATABASE desks TEMPLATE hotline")
    try:
        async with AsyncExitStack() as stack:
            database = await stack.enter_async_context(over_tcp(cluster.folder / ".s.PGSQL.5432"))
            with free_ports(1) as (port,):
                pass
            nodes = {name: await stack.enter_async_context(Phone(user="201")) for name in ("a", "b")}
            settings = edge_settings(
                tmp_path,
                port,
                {name: one.address[1] for name, one in nodes.items()},
                HOTLINE_EDGE_DATABASE_URL=f"postgres://postgres@127.0.0.1:{database}/desks",
            )
            storage = await stack.enter_async_context(open_storage(cluster.url("desks")))
            edge = await stack.enter_async_context(running_edge(settings))
            desks = {}
            for extension in ("201", "2011"):
                one = await storage.dispatchers.add(extension, extension, f"secret-{extension}", frozenset())
                desks[extension] = await stack.enter_async_context(
                    SlowPhone(
                        OFFICE, user=f"desk-{extension}", secret=one.secret, registrar=("127.0.0.1", port)
                    )
                )
                await desks[extension].register()
            for name in nodes:
                await edge.until_state(name, NodeState.TAKES_CALLS)
            yield Office(edge=edge, nodes=nodes, desks=desks)
    finally:
        cluster.sql("DROP DATABASE desks WITH (FORCE)")


@pytest.fixture
def soon_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have calls of which nothing is heard count as over after three seconds."""
    monkeypatch.setattr(edge_node, "DESK_CALL_SECONDS", 3)
    monkeypatch.setattr(edge_node, "FORGET_EVERY_SECONDS", 1)


async def test_the_end_of_another_call_of_the_same_desk_leaves_its_talk_a_talk(office: Office) -> None:
    call, _ = await office.talk("201", "a")
    beside, theirs = await office.talk("201", "b")  # as when its dispatcher is asked by a colleague
    await beside.hang_up()
    await theirs.ended()
    await office.until_in_talk("201")
    assert await office.refused("201", "b") == 486
    other = await office.rings("2011", "b", own_queue=True)
    await (await office.desks["2011"].next_call()).reject(486)
    await other.ended()
    await call.hang_up()
    await office.until_in_talk()
    await office.talk("201", "b", own_queue=True)


async def test_a_call_whose_end_nobody_told_is_over_soon_and_one_that_is_asked_after_goes_on(
    soon_forgotten: None, office: Office
) -> None:
    del soon_forgotten
    call, _ = await office.talk("2011", "a")
    lost, theirs = await office.talk("201", "b")
    await office.until_in_talk("201", "2011")
    lost.drop()
    theirs.drop()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while "201" in await office.edge.control.in_talk():
            await call.hold()  # a node asks in the same way, by an offer within the call
            await asyncio.sleep(LOOK_SECONDS)
    assert await office.edge.control.in_talk() == ["2011"]
    assert await office.refused("2011", "b") == 486
    await office.talk("201", "a", own_queue=True)


async def test_a_telephone_that_answers_a_ring_which_was_given_up_by_then_talks_with_nobody(
    office: Office,
) -> None:
    desk = office.desks["201"]
    with desk.standing_still():
        given_up = await office.rings("201", "a")
        assert (await given_up.ended()).code == 408
        office.nodes["a"].vanish()  # an Asterisk says nothing to what answers a call that it has forgotten
    theirs = await desk.next_call()
    await theirs.answer()
    await theirs.ended()
    await office.until_in_talk()


@pytest.fixture
def doubts_for_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have an edge that was out of its nodes' reach take care for a moment only."""
    monkeypatch.setattr(edge_node, "DOUBT_SECONDS", 1)
    monkeypatch.setattr(edge_node, "FORGET_EVERY_SECONDS", 1)


async def rung(office: Office, desk: str) -> bool:
    """Tell whether a desk's telephone hears of a ring that is over at once."""
    over = await office.rings(desk, "a")
    await over.hang_up()
    assert (await over.ended()).who is Who.US
    return await answers_the_next(office, desk) > 1


async def answers_the_next(office: Office, desk: str) -> int:
    """Have the desk's telephone answer a ring that is not over; tell how many it has heard by then."""
    call = await office.rings(desk, "a")
    heard = 1
    while (theirs := await office.desks[desk].next_call()).end is not None:
        heard += 1
    await theirs.answer()
    await call.answered()
    await call.hang_up()
    await theirs.ended()
    return heard


async def test_a_ring_that_is_over_rings_no_telephone_where_nodes_were_out_of_reach(
    doubts_for_a_second: None, office: Office
) -> None:
    """An Asterisk repeats it for half a minute, though it has hung up."""
    del doubts_for_a_second
    assert not await rung(office, "201"), "the edge has just begun"
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await rung(office, "201"):  # mostly it is heard at once
            await asyncio.sleep(LOOK_SECONDS)
    office.nodes["b"].vanish()
    await office.edge.until_state("b", NodeState.DOWN)
    assert not await rung(office, "201")
    await office.until_in_talk()


async def test_a_ring_that_is_over_rings_no_telephone_where_the_edge_stood_still(
    doubts_for_a_second: None, office: Office
) -> None:
    del doubts_for_a_second
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await rung(office, "201"):
            await asyncio.sleep(LOOK_SECONDS)
    with office.edge.standing_still():
        over = await office.rings("201", "a")
        hung_up = asyncio.create_task(over.hang_up())
        await asyncio.sleep(STANDS_STILL_SECONDS)
    await hung_up
    assert (await over.ended()).who is Who.US
    assert await answers_the_next(office, "201") == 1


async def test_what_a_desk_says_within_its_call_tells_that_it_goes_on(
    soon_forgotten: None, office: Office
) -> None:
    del soon_forgotten
    _, desk = await office.talk("2011", "a")
    lost, theirs = await office.talk("201", "b")
    lost.drop()
    theirs.drop()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while "201" in await office.edge.control.in_talk():
            await desk.hold()
            await asyncio.sleep(LOOK_SECONDS)
    assert await office.edge.control.in_talk() == ["2011"]


async def test_of_two_own_queues_one_rings_a_desk_until_its_ring_is_over(office: Office) -> None:
    desk = office.desks["201"]
    both = [await office.rings("201", name, own_queue=True) for name in ("a", "b")]
    ends = {asyncio.create_task(one.ended()): one for one in both}
    rung = await desk.next_call()
    (refused,), _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    assert (await refused).code == 486
    (rings,) = [one for one in both if one is not ends[refused]]
    await rung.ring()
    assert await office.refused("201", "b") == 486

    await rings.hang_up()  # given up by its queue
    await rung.ended()
    again = await office.rings("201", "b", own_queue=True)
    await (await desk.next_call()).reject(486)
    await again.ended()
    again = await office.rings("201", "a", own_queue=True)
    await (await desk.next_call()).answer()
    await again.answered()
    assert await office.refused("201", "b") == 486
    await again.hang_up()
    await office.talk("201", "b", own_queue=True)
    assert len(desk.calls) == 4, "no other has rung"
    for one in ends:
        await one


async def test_a_desk_that_answers_nothing_may_be_rung_again(office: Office) -> None:
    office.desks["201"].vanish()
    assert await office.refused("201", "a") == 408
    assert await office.refused("201", "b") == 408, "it is free, and not there"


async def test_a_service_rings_beside_an_own_queue_and_into_no_talk_of_one(office: Office) -> None:
    rings = await office.rings("201", "a", own_queue=True)
    queued = await office.desks["201"].next_call()
    service = await office.rings("201", "b")
    await (await office.desks["201"].next_call()).reject(486)
    assert (await service.ended()).code == 486, "the telephone's own"
    assert await office.refused("201", "b") == 486
    await queued.answer()
    await rings.answered()
    assert await office.refused("201", "b", own_queue=False) == 409
    await queued.hang_up()
    await rings.ended()
    await office.talk("201", "b")


async def test_a_telephone_that_says_409_itself_is_busy_since_that_is_the_edges_own_word(
    office: Office,
) -> None:
    service = await office.rings("201", "b")
    await (await office.desks["201"].next_call()).reject(409)
    assert (await service.ended()).code == 486
    await office.talk("201", "a", own_queue=True)


async def test_a_desk_that_calls_by_itself_is_rung_by_no_own_queue(office: Office) -> None:
    call = await office.desks["201"].call("202")
    asked = {asyncio.create_task(one.next_call()) for one in office.nodes.values()}
    (first,), others = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
    for one in others:
        one.cancel()
    await (await first).answer()
    await call.answered()
    await office.until_in_talk("201")
    assert await office.refused("201", "a") == 486
    await call.hang_up()
    await office.until_in_talk()
