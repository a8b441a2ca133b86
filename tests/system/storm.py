"""Bad weather: garbage, connections that say nothing, mutated calls; and what a process costs meanwhile."""

import asyncio
import hashlib
import os
import random
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1_000_000
DATAGRAM = 1400
TICKS = os.sysconf("SC_CLK_TCK")
QUIET_SECONDS = 1.0
FLOOD_SECONDS = 10
SEED = 1580

Address = tuple[str, int]


def _chance() -> random.Random:
    return random.Random(SEED)  # noqa: S311 - the same at every run is what is wanted


def garbage(size: int, prefix: bytes = b"") -> bytes:
    """The same random bytes at every run, behind a prefix that a parser may take seriously."""
    return prefix + _chance().randbytes(size - len(prefix))


async def flood_datagrams(to: Address, data: bytes, *, prefix: bytes = b"") -> None:
    """Send it all in datagrams, each behind the prefix, with a breath now and then: others share the CPU."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.bind(("127.0.0.1", 0))
        sender.settimeout(0)
        for number, start in enumerate(range(0, len(data), DATAGRAM)):
            datagram = prefix + data[start : start + DATAGRAM]
            await asyncio.get_running_loop().sock_sendto(sender, datagram, to)
            if number % 50 == 0:
                await asyncio.sleep(0.01)


async def flood_stream(to: Address, data: bytes) -> int:
    """Push it all into one connection; how many bytes the other side took before it hung up or stopped."""
    _, writer = await asyncio.open_connection(*to)
    taken = 0
    try:
        async with asyncio.timeout(FLOOD_SECONDS):
            for start in range(0, len(data), 65536):
                writer.write(data[start : start + 65536])
                await writer.drain()
                taken = min(start + 65536, len(data))
    except (OSError, TimeoutError):
        pass
    finally:
        writer.transport.abort()
    return taken


@asynccontextmanager
async def half_open(to: Address, count: int, say: bytes) -> AsyncIterator[None]:
    """So many connections that begin a sentence and never end it."""
    opened = await asyncio.gather(*(asyncio.open_connection(*to) for _ in range(count)))
    for _, writer in opened:
        writer.write(say)
    try:
        yield
    finally:
        for _, writer in opened:
            writer.transport.abort()


@dataclass(frozen=True)
class Load:
    """What a process has used: CPU seconds so far, resident megabytes, open files."""

    cpu: float
    megabytes: float
    files: int


def load(pid: int) -> Load:
    """Ask the kernel. OSError when the process is gone."""
    stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return Load(
        cpu=(int(stat[11]) + int(stat[12])) / TICKS,
        megabytes=pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE,
        files=sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir()),
    )


async def idle_cpu(pid: int) -> float:
    """The share of one processor that a process uses in a quiet second."""
    before = load(pid).cpu
    await asyncio.sleep(QUIET_SECONDS)  # a share of CPU is nothing without time passing
    return (load(pid).cpu - before) / QUIET_SECONDS


NASTY = (
    b"", b"\0", b"\xff\xfe", b"%00", b"%0d%0a", b"\r\n", b"\r\n\r\n", b"9" * 400, b"-1", b"4294967296",
    b"<sip:", b'"', b"\\", b"${SHELL(id)}", b"%s%n", b"A" * 5000, b";;;;", b":::", b"[::1", "😀".encode(),
)  # fmt: skip


def mutated(message: bytes, count: int, seed: int = SEED) -> Iterator[bytes]:
    """A SIP message spoilt in ways that a seed repeats."""
    chance = random.Random(seed)  # noqa: S311 - so that one can do it again
    for _ in range(count):
        yield _spoilt(message, chance)


def _spoilt(message: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 3)):
        spoil = chance.choice((_bytes_changed, _cut, _line_twice, _line_lost, _value_replaced))
        message = spoil(message, chance)
    return message


def _bytes_changed(message: bytes, chance: random.Random) -> bytes:
    changed = bytearray(message)
    for _ in range(chance.randint(1, 8)):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(message: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(message) + 1)
    return message[:start] + message[start + chance.randint(1, 200) :]


def _line_twice(message: bytes, chance: random.Random) -> bytes:
    lines = message.split(b"\r\n")
    line = chance.choice(lines)
    return b"\r\n".join([*lines[:-1], *[line] * chance.randint(1, 30), lines[-1]])


def _line_lost(message: bytes, chance: random.Random) -> bytes:
    lines = message.split(b"\r\n")
    del lines[chance.randrange(len(lines))]
    return b"\r\n".join(lines)


def _value_replaced(message: bytes, chance: random.Random) -> bytes:
    lines = message.split(b"\r\n")
    at = chance.randrange(len(lines))
    name, colon, value = lines[at].partition(b":")
    nasty = chance.choice(NASTY)
    lines[at] = name + colon + (nasty if chance.random() < 0.5 else b" " + nasty + value)
    return b"\r\n".join(lines)


async def hang_up_whatever_is_answered(probe_socket: socket.socket, to: Address) -> int:
    """Acknowledge and end every call that the other side answers on this socket; how many it answered."""
    answered: set[bytes] = set()
    loop = asyncio.get_running_loop()
    try:
        while True:
            async with asyncio.timeout(0.3):
                data = await loop.sock_recv(probe_socket, 65536)
            if data.startswith(b"SIP/2.0 200") and b" INVITE" in data:
                answered.add(_header(data, b"Call-ID"))
                for method in (b"ACK", b"BYE"):
                    await loop.sock_sendto(probe_socket, _in_dialog(method, data, probe_socket, to), to)
    except TimeoutError:
        return len(answered)


def _in_dialog(method: bytes, answer: bytes, probe_socket: socket.socket, to: Address) -> bytes:
    host, port = probe_socket.getsockname()
    sequence = _header(answer, b"CSeq").split()[0]
    number = sequence if method == b"ACK" else str(int(sequence) + 1).encode()
    branch = hashlib.sha256(answer + method).hexdigest()[:16]
    lines: Sequence[bytes] = (
        method + f" sip:1580@{to[0]}:{to[1]} SIP/2.0".encode(),
        f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{branch}".encode(),
        b"From: " + _header(answer, b"From"),
        b"To: " + _header(answer, b"To"),
        b"Call-ID: " + _header(answer, b"Call-ID"),
        b"CSeq: " + number + b" " + method,
        b"Max-Forwards: 70",
        b"Content-Length: 0",
    )
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _header(message: bytes, name: bytes) -> bytes:
    for line in message.split(b"\r\n"):
        key, _, value = line.partition(b":")
        if key.strip().lower() == name.lower():
            return value.strip()
    return b""
