"""A real Asterisk with our own configuration on free ports, alive for the time of one test."""

import asyncio
import csv
import os
import time
import wave
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from http import HTTPStatus
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import aiohttp
import numpy as np

from service.node import local_node
from service.node.asterisk_node import prepare
from service.settings.settings import Settings, read_settings
from telephony.ami.client import AmiAddress, AmiConnection, connect
from telephony.phone.call import PATIENCE_SECONDS
from tests.fakes.made_once import made_once

CEL_FIELDS = (
    *("eventtype", "eventtime", "uniqueid", "linkedid", "channame", "context", "exten", "appname"),
    *("appdata", "cid_num", "peer", "extra"),
)
FALLBACK_TONES = {
    "fallback-greeting": 440,
    "fallback-greeting-any": 1600,
    "fallback-recorded": 1900,
    "fallback-city-message": 1300,
    "fallback-message": 620,
    "fallback-goodbye": 850,
}

NEVER_LOOKED_UP = ("module", "managerEvent")

LOOK_SECONDS = 0.1
LONGEST_REST = 0.5
REST = 9
"""Of ten parts of the time a test looks in one, whatever a look takes: the calls need the processor more."""


def rest(looked: float) -> float:
    """Give the seconds between two looks, of which the last took so many."""
    return min(LONGEST_REST, max(LOOK_SECONDS, REST * looked))


@dataclass(kw_only=True)
class Node:
    """One running Asterisk. `environ` starts our service (or a command) beside it."""

    settings: Settings
    environ: dict[str, str]
    process: asyncio.subprocess.Process
    console: list[str] = field(default_factory=list)
    _forgotten: int = 0
    """Bytes of CEL that tell of what is nobody's business any more."""

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
        lines = _bytes(self.settings.folders.cel)[self._forgotten :].decode(errors="replace").splitlines()
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

    def manager(self) -> AbstractAsyncContextManager[AmiConnection]:
        """Log in at Asterisk's manager interface, as our service does."""
        asterisk = self.settings.asterisk
        return connect(
            AmiAddress(host=asterisk.host, port=asterisk.ami_port, user="hotline", secret=asterisk.ami_secret)
        )

    async def provide(self, kind: str, name: str, **fields: str) -> None:
        """Make a PJSIP object (`endpoint`, `aor`, `auth`) at run time, as our service does for desks."""
        rows = [{"attribute": attribute, "value": value} for attribute, value in fields.items()]
        await self.ask("PUT", f"asterisk/config/dynamic/res_pjsip/{kind}/{name}", {"fields": rows})

    async def until(self, holds: Callable[[], bool], *, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until something that Asterisk writes (log, CEL, files) says so; TimeoutError otherwise."""
        async with asyncio.timeout(seconds):
            began = time.monotonic()
            while not holds():
                await asyncio.sleep(rest(time.monotonic() - began))
                began = time.monotonic()

    async def end_channel(self, name: str) -> None:
        """Hang up; a channel that is gone already is as good."""
        try:
            await self.ask("DELETE", f"channels/{name}")
        except aiohttp.ClientResponseError as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise

    def forget(self) -> None:
        """From here on log and CEL tell of what comes, as if Asterisk had just been started."""
        folders = self.settings.folders
        self._forgotten = len(_bytes(folders.cel))
        os.truncate(folders.asterisk / "log" / "messages", 0)  # Asterisk appends
        self.console.clear()

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()


@asynccontextmanager
async def running_node(folder: Path, *, documented: bool = False, **environ: str) -> AsyncIterator[Node]:
    """Start Asterisk with its state in `folder`/var; more settings by `HOTLINE_…` keywords. Always ended.

    `documented`: with all of its documentation; to read it is two thirds of a start.
    """
    surroundings = node_environ(folder, **environ)
    settings = read_settings(surroundings)
    prepare(settings)
    if not documented:
        _leave_out_documentation(settings.folders.asterisk / "data" / "documentation")
    _lay_out_prompts(settings.folders.prompts)
    async with running(settings, surroundings) as node:
        yield node


@asynccontextmanager
async def running(settings: Settings, environ: dict[str, str]) -> AsyncIterator[Node]:
    """Start an Asterisk that is already prepared: for a test that kills it and starts it again."""
    console: list[str] = []
    async with local_node.asterisk(settings, console) as process:
        yield Node(settings=settings, environ=environ, process=process, console=console)


def node_environ(folder: Path, **environ: str) -> dict[str, str]:
    """The environment of a node of its own: free ports, fresh secrets, state in `folder`/var."""
    root = os.environ.get("HOTLINE_PRIVATE_ROOT", str(Path("var/root").absolute()))
    return local_node.own_environ(folder, Path(root), **environ)


def write_tone(path: Path, hertz: float, seconds: float) -> None:
    """A sine of half the full scale as 8 kHz mono WAV."""
    moments = np.arange(round(8000 * seconds)) / 8000
    samples = (16000 * np.sin(2 * np.pi * hertz * moments)).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(samples.tobytes())


def _leave_out_documentation(link: Path) -> None:
    whole = link.resolve()
    link.unlink()
    link.symlink_to(_shortened(whole))


@cache
def _shortened(whole: Path) -> Path:
    return made_once("documentation", partial(_shorten, whole))


def _shorten(whole: Path, shortened: Path) -> None:
    """Keep how settings are written, by which Asterisk reads its own; of all else the names."""
    shortened.mkdir()
    for file in whole.glob("*.xml"):
        tree = ET.parse(file)  # noqa: S314 - comes with Asterisk
        root = tree.getroot()
        for one in list(root):
            if one.tag in NEVER_LOOKED_UP:
                root.remove(one)
            elif one.tag != "configInfo":
                del one[:]
        tree.write(shortened / file.name, encoding="UTF-8", xml_declaration=True)


def _lay_out_prompts(prompts: Path) -> None:
    """Tones stand in for the fallback's prompts, unless the test brings spoken ones."""
    for name, hertz in FALLBACK_TONES.items():
        if not any(prompts.glob(f"{name}.*")):
            write_tone(prompts / f"{name}.wav", hertz, 1.0)


def _text(path: Path) -> str:
    return _bytes(path).decode(errors="replace")


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""
