"""FastAGI over real sockets: what Asterisk asks, and what else may come in on the port."""

import asyncio
import contextlib
import resource
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from telephony.agi import server as module
from telephony.agi.server import LARGEST_HEADER, WORD, agi_server

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
OURS = "a-word-of-the-dialplan"
ASKED = f"GET VARIABLE {WORD}\n"
REQUEST = "agi_network: yes\nagi_network_script: {script}\nagi_callerid: {number}\nagi_callerid2: x\n\n"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server:
    """A running server, and cards for two numbers."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked: list[str] = []
        self.cards = {"0457900001": "Олена Коваль, звернень: 2", "0457900002": 'a "b" \\ c\nSET x'}
        self.stuck = asyncio.Event()

    async def card(self, number: str) -> str:
        self.asked.append(number)
        if number == "stuck":
            await self.stuck.wait()
        if number == "broken":
            raise RuntimeError("the register is on fire")
        return self.cards.get(number, "")

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Streams]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            yield reader, writer
        finally:
            writer.close()

    async def ask(self, number: str, script: str = "caller", word: str = f"200 result=1 ({OURS})\n") -> str:
        """Ask as Asterisk does; the commands that came back, but for the question of the word."""
        async with self.connected() as (reader, writer):
            writer.write(REQUEST.format(script=script, number=number).encode())
            commands = ""
            async with asyncio.timeout(60):
                while line := (await reader.readline()).decode():
                    commands += line
                    writer.write((word if line == ASKED else "200 result=1\n").encode())
            return commands.removeprefix(ASKED)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    one = Server(_free_port())
    async with agi_server("127.0.0.1", one.port, one.card, word=OURS):
        yield one


async def test_a_known_caller_is_named_for_the_dispatchers_phone(server: Server) -> None:
    assert await server.ask("0457900001") == 'SET VARIABLE CALLERID(name) "Олена Коваль, звернень: 2"\n'
    assert server.asked == ["0457900001"]


async def test_an_unknown_caller_gets_no_command(server: Server) -> None:
    assert await server.ask("0457999999") == ""


async def test_a_card_cannot_break_out_of_its_argument(server: Server) -> None:
    assert await server.ask("0457900002") == 'SET VARIABLE CALLERID(name) "a b  cSET x"\n'


async def test_another_script_gets_no_command(server: Server) -> None:
    assert await server.ask("0457900001", script="elsewhere") == ""
    assert server.asked == []


@pytest.mark.parametrize("answer", ["0", "1 (a-word)", f"1 ({OURS[:-1]})", "1 ()", "1 (слово)", "-1"])
async def test_who_does_not_know_the_word_is_told_of_nobody(server: Server, answer: str) -> None:
    """Whatever is on this machine may come to loopback."""
    assert await server.ask("0457900001", word=f"200 result={answer}\n") == ""
    assert server.asked == []
    assert await server.ask("0457900001")


@pytest.mark.parametrize("answer", ["", "nonsense\n", "510 Invalid\n", "200 result=-1\n", "\xff\n"])
async def test_an_odd_answer_of_asterisk_ends_the_request_at_most(server: Server, answer: str) -> None:
    async with server.connected() as (reader, writer):
        writer.write(REQUEST.format(script="caller", number="0457900001").encode())
        await reader.readline()
        writer.write(f"200 result=1 ({OURS})\n".encode())
        assert (await reader.readline()).startswith(b"SET VARIABLE")
        writer.write(answer.encode("latin-1"))
        writer.write_eof()
        async with asyncio.timeout(60):
            assert await reader.read() == b""
    assert await server.ask("0457900001")


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"\n\n",
        b"\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\xff" * 1000 + b"\n\n",
        b"agi_network_script caller\n\n",
        b"x" * 1_000_000,
        (b"x" * 80 + b"\n") * 12_500,
    ],
    ids=["nothing", "empty", "half", "http", "no text", "no colon", "1 MB line", "1 MB lines"],
)
async def test_after_garbage_the_next_caller_is_named(server: Server, garbage: bytes) -> None:
    async with server.connected() as (reader, writer):
        with contextlib.suppress(ConnectionError):  # the server may have closed before the end of it
            writer.write(garbage)
            await writer.drain()
            writer.write_eof()
            await reader.read()
    assert await server.ask("0457900001")


async def test_silence_ends_after_a_while_and_delays_nobody(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "HEADER_SECONDS", 0.1)
    async with server.connected() as (reader, writer):
        writer.write(b"agi_network: yes\n")
        assert await server.ask("0457900001")
        async with asyncio.timeout(60):
            assert await reader.read() == b""


async def test_a_register_that_hangs_keeps_the_caller_no_longer_than_agreed(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ANSWER_SECONDS", 0.1)
    assert await server.ask("stuck") == ""


@pytest.mark.parametrize("said", ["", f"200 result=1 ({OURS})\n"], ids=["nothing", "the word alone"])
async def test_an_asterisk_that_never_answers_is_given_up(
    server: Server, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.setattr(module, "ANSWER_SECONDS", 0.1)
    async with server.connected() as (reader, writer):
        writer.write((REQUEST.format(script="caller", number="0457900001") + said).encode())
        async with asyncio.timeout(60):
            assert (b"SET VARIABLE" in await reader.read()) is bool(said)


async def test_a_register_that_fails_costs_the_card_alone(server: Server) -> None:
    assert await server.ask("broken") == ""
    assert await server.ask("0457900001")


async def test_connections_that_close_at_once_or_wait_cost_no_cpu(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """panoramisk's own reader would spin on them for ever."""
    monkeypatch.setattr(module, "HEADER_SECONDS", 0.4)
    for _ in range(20):
        async with server.connected():
            pass
    async with server.connected() as (reader, writer):
        writer.write(b"agi_network: yes\n")
        before = resource.getrusage(resource.RUSAGE_SELF)
        assert await reader.read() == b""
        after = resource.getrusage(resource.RUSAGE_SELF)
    assert after.ru_utime - before.ru_utime < 0.1
    assert await server.ask("0457900001")


async def test_fifty_at_once_are_all_answered(server: Server) -> None:
    answers = await asyncio.gather(*(server.ask("0457900001") for _ in range(50)))
    assert len(set(answers)) == 1


def test_a_real_request_is_far_below_the_limit() -> None:
    assert len(REQUEST) * 20 < LARGEST_HEADER
