"""Services of tests, forked from a process that has imported everything: a second's work for each start.

Run as a program it is that process: a line of its input asks for a service, a line of its output tells of
each that has begun or ended.
"""

import asyncio
import gc
import json
import os
import selectors
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from cti_server.frame.language import LANGUAGES
from cti_server.frame.pages import TEMPLATES, Pages
from hotline.reports import making
from service.command_line import main
from service.equipment import watch
from telephony.phone.call import PATIENCE_SECONDS
from tests.system.spoken import read_aloud_once

PAPERS_EVERY_SECONDS = 3600.0
"""A service makes papers of past days a minute after its start: seconds of work in each test that lasts."""


@dataclass(frozen=True)
class Forked:
    """A running service; it has of `asyncio.subprocess.Process` what the tests use."""

    pid: int
    _ended: asyncio.Future[int]

    @property
    def returncode(self) -> int | None:
        return self._ended.result() if self._ended.done() else None

    async def wait(self) -> int:
        return await asyncio.shield(self._ended)

    def send_signal(self, what: int) -> None:
        if not self._ended.done():
            with suppress(ProcessLookupError):  # ended, and nobody was told yet
                os.kill(self.pid, what)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


@dataclass
class Forge:
    """This worker's process that forks services, begun when the first is wanted."""

    _process: asyncio.subprocess.Process | None = None
    _telling: asyncio.Task[None] | None = None
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)
    _begun: asyncio.Queue[Forked] = field(default_factory=asyncio.Queue)

    async def serve(self, environ: Mapping[str, str], log: Path) -> Forked:
        """Start `hotline serve` with this environment; it appends to `log` what it says."""
        async with self._one_at_a_time:
            if self._process is None:
                self._process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "tests.system.forked"),
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                )
                self._telling = asyncio.create_task(self._told(self._process), name="forge")
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps([dict(environ), str(log)]).encode() + b"\n")
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await self._begun.get()

    async def _told(self, process: asyncio.subprocess.Process) -> None:
        running: dict[int, asyncio.Future[int]] = {}
        assert process.stdout is not None
        async for line in process.stdout:
            pid, code = json.loads(line)
            if code is None:
                running[pid] = asyncio.get_running_loop().create_future()
                self._begun.put_nowait(Forked(pid, running[pid]))
            else:
                running.pop(pid).set_result(code)

    async def close(self) -> None:
        """End it, and what it has started and nobody has ended."""
        if self._process is not None and self._telling is not None and self._process.stdin is not None:
            self._process.stdin.close()
            await self._process.wait()
            await self._telling
            self._process = None


FORGE = Forge()


def _forge() -> bool:
    """Fork for each line of the input; True in the service that is to begin, False at the input's end."""
    _read_ahead()
    read_aloud_once()
    making.EVERY_SECONDS = PAPERS_EVERY_SECONDS
    watch.AFTER_START_SECONDS = 0.0  # who waits for a fault waits for no minute
    gc.freeze()  # what all have in common is copied for none of them
    selector = selectors.DefaultSelector()
    selector.register(sys.stdin.buffer, selectors.EVENT_READ)
    running: dict[int, int] = {}
    while True:
        for key, _ in selector.select():
            if key.fileobj is not sys.stdin.buffer:
                selector.unregister(key.fd)
                os.close(key.fd)
                _, status = os.waitpid(running.pop(key.fd), 0)
                _tell(key.data, os.waitstatus_to_exitcode(status))
            elif not (line := sys.stdin.buffer.readline()):
                for pid in running.values():
                    os.kill(pid, signal.SIGKILL)
                return False
            elif not (pid := os.fork()):
                selector.close()
                for one in running:
                    os.close(one)
                _become(*json.loads(line))
                return True
            else:
                end = os.pidfd_open(pid)
                running[end] = pid
                selector.register(end, selectors.EVENT_READ, pid)
                _tell(pid, None)


def _read_ahead() -> None:
    """Read the catalogues and compile the desk's templates, as each service does when it begins."""
    pages = Pages(ZoneInfo("Europe/Kyiv"))
    for language in LANGUAGES:
        for template in (TEMPLATES / "desk").glob("*.jinja2"):
            pages._environments[language].get_template(f"desk/{template.name}")


def _tell(pid: int, code: int | None) -> None:
    sys.stdout.write(json.dumps([pid, code]) + "\n")
    sys.stdout.flush()


def _become(environ: Mapping[str, str], log: str) -> None:
    """Be what a process of its own would be: this environment, no input, all that it says in the log."""
    os.environ.clear()
    os.environ.update(environ)
    said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for opened, standard in ((nothing, 0), (said, 1), (said, 2)):
        os.dup2(opened, standard)
    os.close(said)
    os.close(nothing)


if __name__ == "__main__" and _forge():
    sys.exit(main(["serve"]))
