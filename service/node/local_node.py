"""A hotline of one's own on this machine, besides any other: free ports, fresh secrets, its own state.

Benchmarks and system tests run on it; every process they start here ends with them.
"""

import asyncio
import atexit
import os
import secrets
import shutil
import signal
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import cache
from pathlib import Path

from hotline.errors import HotlineError
from service.node.asterisk_node import before_a_start, program
from service.node.supervisor import BOUND_TO_US
from service.settings.settings import Settings

START_SECONDS = 60
FIRST_PORT = 8400
SHARE = 200
SHARES = 18
"""From 8400 to 11999: above them lie the RTP ports."""
CLOSED_TO_BROWSERS = frozenset({10080})
"""At these no browser opens a page ("bad port" of the Fetch standard)."""
STOP_SECONDS = 10
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - for folders that only their owner may enter
_MEMORY_OF = "city-hotline-of-"
_KILLED_WITH_US = ("setpriv", "--pdeathsig", "KILL", "--")
"""An Asterisk that stands still, as some tests and benchmarks have it, takes no other signal."""
RTP_PORTS = 2000
RTP_RANGES = range(12000, 30000, RTP_PORTS)


class NotStarted(HotlineError):  # noqa: N818 - reads as what happened
    """A program ended, or said nothing, while it was starting; the message holds what it wrote."""

    code = "not-started"


def own_environ(folder: Path, private_root: Path, **more: str) -> dict[str, str]:
    """Make the environment of a hotline with state in `folder`/var; `more` are `HOTLINE_…` variables.

    Nothing of another hotline's settings (its database above all) is taken over.
    """
    with free_ports(6) as (http, sip, ari, ami, agi, sip_tls):
        ports = {"HTTP": http, "SIP": sip, "ARI": ari, "AMI": ami, "AGI": agi, "SIP_TLS": sip_tls}
    rtp_first = secrets.choice(RTP_RANGES)
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")},
        **{f"HOTLINE_{name}_PORT": str(port) for name, port in ports.items()},
        "HOTLINE_VAR": str(folder / "var"),
        "HOTLINE_PRIVATE_ROOT": str(private_root),
        "HOTLINE_MEMORY_FOLDER": str(_own_memory() / secrets.token_hex(4)) if IN_MEMORY.is_dir() else "",
        "HOTLINE_ARI_SECRET": secrets.token_hex(16),
        "HOTLINE_AMI_SECRET": secrets.token_hex(16),
        "HOTLINE_RTP_FIRST": str(rtp_first),
        "HOTLINE_RTP_LAST": str(rtp_first + RTP_PORTS - 1),
        **more,
    }


@contextmanager
def free_ports(count: int) -> Iterator[Sequence[int]]:
    """Ports that are free for both TCP and UDP, held until the block ends.

    They lie below those that the system gives to outgoing connections, and each process looks in a share of
    its own: nobody takes one between our letting go and Asterisk's or the service's beginning.
    """
    share = _own_share()
    held: list[socket.socket] = []
    ports: list[int] = []
    try:
        while len(ports) < count:
            port = secrets.choice(share)
            if port in CLOSED_TO_BROWSERS:
                continue
            stream = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            datagram = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            held += [stream, datagram]
            try:
                stream.bind(("127.0.0.1", port))
                datagram.bind(("127.0.0.1", port))
            except OSError:
                continue
            ports.append(port)
        yield ports
    finally:
        for one in held:
            one.close()


@cache
def _own_memory() -> Path:
    """Name a folder in memory for what this process begins, and delete those of processes that are gone."""
    for one in IN_MEMORY.glob(f"{_MEMORY_OF}*"):
        if not Path("/proc", one.name.removeprefix(_MEMORY_OF)).exists():
            shutil.rmtree(one, ignore_errors=True)
    return IN_MEMORY / f"{_MEMORY_OF}{os.getpid()}"


@cache
def _own_share() -> range:
    """Claim a share for as long as this process lives, by a name that the system gives to one alone.

    With more processes than shares the last ones look where others do.
    """
    mine = os.getpid() % SHARES
    for share in (*range(mine, SHARES), *range(mine)):
        claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            claim.bind(f"\0city-hotline-ports-{share}")
        except OSError:
            claim.close()
            continue
        atexit.register(claim.close)
        mine = share
        break
    first = FIRST_PORT + SHARE * mine
    return range(first, first + SHARE)


@asynccontextmanager
async def asterisk(settings: Settings, console: list[str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a prepared Asterisk, ready for calls; what it writes goes to `console`. Raises NotStarted."""
    before_a_start(settings)
    command = (*_KILLED_WITH_US, *program(settings))
    async with child(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            async with asyncio.timeout(START_SECONDS):
                await _ready(process, console)
        except TimeoutError as error:
            raise NotStarted("\n".join(["Asterisk is not ready in time:", *console])) from error
        draining = asyncio.create_task(_drain(process, console))
        yield process
    await draining


@asynccontextmanager
async def child(
    command: Sequence[str],
    *,
    environ: Mapping[str, str] | None = None,
    stdout: int = subprocess.DEVNULL,
    stderr: int = subprocess.DEVNULL,
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a program until the block ends; it also ends when we are killed."""
    process = await asyncio.create_subprocess_exec(
        *(*BOUND_TO_US, *command),
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        start_new_session=True,  # Ctrl-C in the terminal reaches us alone, and we end it in order
    )
    try:
        yield process
    finally:
        await end(process)


async def end(process: asyncio.subprocess.Process) -> None:
    """Ask it to end; kill it when it does not."""
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), STOP_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()


async def _ready(process: asyncio.subprocess.Process, console: list[str]) -> None:
    assert process.stdout  # noqa: S101 - we asked for a pipe
    async for line in process.stdout:
        console.append(line.decode(errors="replace").rstrip())
        if console[-1] == "Asterisk Ready.":
            return
    raise NotStarted("\n".join(["Asterisk ended while starting:", *console]))


async def _drain(process: asyncio.subprocess.Process, console: list[str]) -> None:
    assert process.stdout  # noqa: S101 - we asked for a pipe
    async for line in process.stdout:
        console.append(line.decode(errors="replace").rstrip())  # noqa: PERF401 - it is read meanwhile
