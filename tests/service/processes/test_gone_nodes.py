"""When another node is taken for gone: its Asterisk refuses or is silent, and it had been there before."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import cast

import pytest

from service.processes import gone_nodes
from service.processes.gone_nodes import (
    DOUBTED_AFTER,
    KNOWN_WITHIN,
    LEFT_TO_ITSELF,
    REFUSED_LOOKS,
    SILENT_LOOKS,
    Answer,
    GoneNode,
    GoneNodes,
    ask_by_options,
)
from service.settings.edge import SipAddress

THERE, REFUSED, SILENT = Answer.THERE, Answer.REFUSED, Answer.SILENT


@dataclass
class Seconds:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Known:
    seconds: Seconds = field(default_factory=Seconds)
    node: GoneNode = field(init=False)

    def __post_init__(self) -> None:
        self.node = GoneNode(seconds=self.seconds)

    def looks(self, answers: Iterable[Answer], *, serves: bool = False) -> "Known":
        for one in answers:
            self.node.looks(one, serves=serves)
        return self


def test_an_asterisk_that_is_refused_twice_is_gone_and_its_callers_are_called() -> None:
    known = Known().looks([THERE], serves=True)
    assert not known.looks([REFUSED] * (REFUSED_LOOKS - 1)).node.is_adopted
    assert known.looks([REFUSED]).node.is_adopted
    assert known.node.calls_back
    assert not known.looks([THERE]).node.gone


def test_silence_counts_after_an_answer_alone() -> None:
    assert not Known().looks([SILENT] * 99).node.gone
    known = Known().looks([THERE], serves=True).looks([SILENT] * (SILENT_LOOKS - 1))
    assert not known.node.gone
    assert known.looks([SILENT]).node.is_adopted


def test_of_whom_too_little_is_known_nobody_is_called_and_it_may_come_back_first() -> None:
    known = Known().looks([THERE], serves=True)
    known.seconds.now += KNOWN_WITHIN + 1  # its process died meanwhile, and Asterisk served by itself
    known.looks([THERE]).looks([REFUSED] * REFUSED_LOOKS)
    assert known.node.gone
    assert not known.node.is_adopted
    known.seconds.now += LEFT_TO_ITSELF
    assert known.node.is_adopted
    assert not known.node.calls_back
    assert not Known().looks([REFUSED] * REFUSED_LOOKS, serves=True).node.calls_back, "it has never answered"


def test_one_that_serves_and_does_not_answer_is_doubted() -> None:
    """The network between the two is cut, then PostgreSQL is begun anew, and all locks end."""
    known = Known().looks([THERE], serves=True).looks([SILENT] * SILENT_LOOKS, serves=True)
    assert known.node.is_adopted, "only its lock, which it holds, keeps it from being adopted"
    known.seconds.now += DOUBTED_AFTER
    assert known.looks([SILENT], serves=True).node.doubted
    known.seconds.now += LEFT_TO_ITSELF - 1
    assert not known.looks([SILENT]).node.is_adopted
    known.seconds.now += 1
    assert known.node.is_adopted
    assert not known.node.calls_back
    assert not known.looks([THERE]).node.doubted


def test_at_a_wrong_address_nobody_is_found_gone_who_serves() -> None:
    known = Known().looks([REFUSED] * REFUSED_LOOKS, serves=True)
    known.seconds.now += LEFT_TO_ITSELF * 9
    assert known.looks([REFUSED], serves=True).node.doubted
    known.seconds.now += LEFT_TO_ITSELF - 1  # its process is begun anew, or PostgreSQL
    assert not known.looks([REFUSED]).node.is_adopted


class _Asterisk(asyncio.DatagramProtocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        assert data.startswith(b"OPTIONS sip:127.0.0.1:")
        assert data.endswith(b"\r\n\r\n")
        self.transport.sendto(b"SIP/2.0 401 Unauthorized\r\n\r\n", addr)


@asynccontextmanager
async def asterisk(port: int = 0) -> AsyncIterator[SipAddress]:
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        _Asterisk, local_addr=("127.0.0.1", port)
    )
    try:
        yield SipAddress(*transport.get_extra_info("sockname"))
    finally:
        transport.close()


@contextmanager
def silent() -> Iterator[SipAddress]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        yield SipAddress(*one.getsockname())


async def test_who_answers_is_there_whatever_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gone_nodes, "ANSWERED_WITHIN", 0.05)
    async with asterisk() as address:
        assert await ask_by_options(address) is THERE
    assert await ask_by_options(address) is REFUSED
    with silent() as deaf:
        assert await ask_by_options(deaf) is SILENT


async def test_a_node_whose_asterisk_ends_is_adopted_again_and_again_until_it_is_back() -> None:
    happened: list[Answer | tuple[str, bool]] = []
    adopted: asyncio.Queue[tuple[str, bool]] = asyncio.Queue()
    answers = asyncio.Queue[Answer]()

    async def asks(_address: SipAddress) -> Answer:
        answer = await answers.get()
        happened.append(answer)
        return answer

    async def adopts(node: str, call_back: bool) -> None:  # noqa: FBT001 - as it is told
        happened.append((node, call_back))
        adopted.put_nowait((node, call_back))

    looking = GoneNodes(
        nodes={"b": SipAddress("127.0.0.1", 9)}, serves=lambda node: node == "b", adopts=adopts, asks=asks
    )
    following = asyncio.create_task(looking.keep())
    for one in (THERE, *[REFUSED] * REFUSED_LOOKS):
        answers.put_nowait(one)
    # Its lock may be free before the next answer, which a silent one does not give.
    assert [await adopted.get() for _ in range(3)] == [("b", True)] * 3
    answers.put_nowait(THERE)
    answers.put_nowait(REFUSED)
    while answers.qsize():
        await asyncio.sleep(0)
    assert ("b", True) not in happened[happened.index(THERE, 1) :]
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
