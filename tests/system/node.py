"""A real Asterisk with our own configuration on free ports, alive for the time of one test."""

import asyncio
import csv
import os
import secrets
import signal
import socket
import subprocess
import wave
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np

from service.asterisk_node import prepare, program
from service.settings import Settings, read_settings

CEL_FIELDS = (
    *("eventtype", "eventtime", "uniqueid", "linkedid", "channame", "context", "exten", "appname"),
    *("appdata", "cid_num", "peer", "extra"),
)
FALLBACK_TONES = {"fallback-greeting": 440, "fallback-message": 620, "fallback-goodbye": 850}
START_SECONDS = 20
STOP_SECONDS = 10
RTP_PORTS = 2000


@dataclass(kw_only=True)
class Node:
    """One running Asterisk. `environ` starts our service (or a command) beside it."""

    settings: Settings
    environ: dict[str, str]
    process: asyncio.subprocess.Process
    console: list[str] = field(default_factory=list)

    @property
    def log(self) -> str:
        """All of Asterisk's log so far."""
        return _text(self.settings.folders.asterisk / "log" / "messages")

    @property
    def complaints(self) -> list[str]:
        """The log's warnings and errors."""
        return [line for line in self.log.splitlines() if "WARNING[" in line or "ERROR[" in line]

    def cel_rows(self) -> list[dict[str, str]]:
        """Asterisk's own account of all calls so far, oldest event first."""
        lines = _text(self.settings.folders.cel).splitlines()
        return list(csv.DictReader(lines, fieldnames=CEL_FIELDS))

    async def ask(self, method: str, path: str, body: Any = None, **parameters: str) -> Any:
        """Ask ARI, `path` being below `/ari/`; raises aiohttp.ClientResponseError when it refuses."""
        control = self.settings.asterisk
        who = aiohttp.encode_basic_auth("hotline", control.ari_secret)
        async with (
            aiohttp.ClientSession(headers={"Authorization": who}) as session,
            session.request(
                method,
                f"http://{control.host}:{control.ari_port}/ari/{path}",
                params=parameters,
                json=body,
                raise_for_status=True,
            ) as answer,
        ):
            return await answer.json() if answer.content_type == "application/json" else None

    async def provide(self, kind: str, name: str, **fields: str) -> None:
        """Make a PJSIP object (`endpoint`, `aor`, `auth`) at run time, as our service does for desks."""
        rows = [{"attribute": attribute, "value": value} for attribute, value in fields.items()]
        await self.ask("PUT", f"asterisk/config/dynamic/res_pjsip/{kind}/{name}", {"fields": rows})

    async def until(self, holds: Callable[[], bool], *, seconds: float = 15) -> None:
        """Wait until something that Asterisk writes (log, CEL, files) says so; TimeoutError otherwise."""
        async with asyncio.timeout(seconds):
            while not holds():  # noqa: ASYNC110 - a file has no event to wait for
                await asyncio.sleep(0.05)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()


@asynccontextmanager
async def running_node(folder: Path, **environ: str) -> AsyncIterator[Node]:
    """Start Asterisk with its state in `folder`/var; more settings by `HOTLINE_…` keywords. Always ended."""
    surroundings = node_environ(folder, **environ)
    settings = read_settings(surroundings)
    prepare(settings)
    _lay_out_prompts(settings.folders.prompts)
    async with running(settings, surroundings) as node:
        yield node


@asynccontextmanager
async def running(settings: Settings, environ: dict[str, str]) -> AsyncIterator[Node]:
    """Start an Asterisk that is already prepared: for a test that kills it and starts it again."""
    process = await asyncio.create_subprocess_exec(
        *program(settings), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
    )
    node = Node(settings=settings, environ=environ, process=process)
    try:
        async with asyncio.timeout(START_SECONDS):
            await _ready(node)
        draining = asyncio.create_task(_drain(node))
        yield node
    finally:
        await _end(process)
    await draining


def node_environ(folder: Path, **environ: str) -> dict[str, str]:
    """The environment of a node of its own: free ports, fresh secrets, state in `folder`/var."""
    with free_ports(6) as (http, sip, ari, ami, agi, sip_tls):
        ports = {"HTTP": http, "SIP": sip, "ARI": ari, "AMI": ami, "AGI": agi, "SIP_TLS": sip_tls}
    rtp_first = 12000 + RTP_PORTS * secrets.randbelow(9)
    return {
        **os.environ,
        **{f"HOTLINE_{name}_PORT": str(port) for name, port in ports.items()},
        "HOTLINE_VAR": str(folder / "var"),
        "HOTLINE_PRIVATE_ROOT": os.environ.get("HOTLINE_PRIVATE_ROOT", str(Path("var/root").absolute())),
        "HOTLINE_ARI_SECRET": secrets.token_hex(16),
        "HOTLINE_AMI_SECRET": secrets.token_hex(16),
        "HOTLINE_RTP_FIRST": str(rtp_first),
        "HOTLINE_RTP_LAST": str(rtp_first + RTP_PORTS - 1),
        **environ,
    }


@contextmanager
def free_ports(count: int) -> Iterator[Sequence[int]]:
    """Ports that are free for both TCP and UDP, held until the block ends."""
    held: list[socket.socket] = []
    ports: list[int] = []
    try:
        while len(ports) < count:
            stream = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            datagram = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            held += [stream, datagram]
            stream.bind(("127.0.0.1", 0))
            try:
                datagram.bind(stream.getsockname())
            except OSError:
                continue
            ports.append(stream.getsockname()[1])
        yield ports
    finally:
        for one in held:
            one.close()


def write_tone(path: Path, hertz: float, seconds: float) -> None:
    """A sine of half the full scale as 8 kHz mono WAV."""
    moments = np.arange(round(8000 * seconds)) / 8000
    samples = (16000 * np.sin(2 * np.pi * hertz * moments)).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(samples.tobytes())


def _lay_out_prompts(prompts: Path) -> None:
    """Tones stand in for the fallback's prompts, unless the test brings spoken ones."""
    for name, hertz in FALLBACK_TONES.items():
        if not any(prompts.glob(f"{name}.*")):
            write_tone(prompts / f"{name}.wav", hertz, 1.0)


async def _ready(node: Node) -> None:
    assert node.process.stdout
    async for line in node.process.stdout:
        node.console.append(line.decode(errors="replace").rstrip())
        if node.console[-1] == "Asterisk Ready.":
            return
    message = "Asterisk ended while starting:\n" + "\n".join(node.console)
    raise RuntimeError(message)


async def _drain(node: Node) -> None:
    assert node.process.stdout
    async for line in node.process.stdout:
        node.console.append(line.decode(errors="replace").rstrip())


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), STOP_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
