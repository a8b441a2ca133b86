"""Services and commands of tests, forked from one that has imported everything: a second's work for each.

A session has one such process; it is what this module does as a program. Each worker has a connection to
it: a line asks for a service, a line of the answer tells of each that has begun or ended.
"""

import asyncio
import gc
import importlib
import json
import os
import runpy
import selectors
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from cti_server.frame.language import LANGUAGES
from cti_server.frame.pages import TEMPLATES, Pages
from service.equipment import watch
from service.retention import sweep
from service.wiring import rounds
from telephony.phone.call import PATIENCE_SECONDS
from tests.fakes.forked_programs import fork_programs
from tests.fakes.made_once import share_in
from tests.fakes.passwords import hash_quickly
from tests.fakes.warmed import COMPILED, share_templates
from tests.prepared import await_prepared
from tests.system.spoken import read_aloud_once

ITSELF = ("-m", "tests.system.forked")
MOST_WORKERS = 64
MOST_BYTES = 65536
AHEAD = ("service.command_line", "service.wiring.serve", "tests.fakes.asks_aloud")
"""What is run here imports them, some only when it is asked to serve: 0.4 s of the processor each time."""
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
    """The session's process that forks services, and this worker's connection to it."""

    _process: subprocess.Popen[bytes] | None = None
    _address: str = ""
    _asked: asyncio.StreamWriter | None = None
    _telling: asyncio.Task[None] | None = None
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)
    _begun: asyncio.Queue[Forked] = field(default_factory=asyncio.Queue)

    def begin(self, folder: Path, *, warm: bool, program: Sequence[str] = ITSELF) -> None:
        """Begin it, before there are workers; one that asks while it still imports waits.

        `warm`: it serves a call first, which takes as long as a test, and saves each service half of a start.
        """
        self._address = str(folder / "forge")
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(self._address)
            listening.listen(MOST_WORKERS)
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                (sys.executable, *program, str(listening.fileno()), *(["warm"] * warm)),
                stdin=subprocess.PIPE,
                pass_fds=[listening.fileno()],
            )

    def end(self) -> None:
        """End it, when no worker is left."""
        if self._process is not None:
            self._process.communicate()
            self._process = None

    async def run(
        self, module: str, *words: str, environ: Mapping[str, str], printed: Path, logged: Path
    ) -> Forked:
        """Start `python -m` this module with these words; it appends to the files what it says."""
        async with self._one_at_a_time:
            if self._asked is None:
                assert self._address, "no test of this session has the marker `system`"
                told, self._asked = await asyncio.open_unix_connection(self._address)
                self._telling = asyncio.create_task(self._hear(told), name="forge")
            asked = [[module, *words], dict(environ), str(printed), str(logged)]
            self._asked.write(json.dumps(asked).encode() + b"\n")
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await self._begun.get()

    async def _hear(self, told: asyncio.StreamReader) -> None:
        running: dict[int, asyncio.Future[int]] = {}
        async for line in told:
            pid, code = json.loads(line)
            if code is None:
                running[pid] = asyncio.get_running_loop().create_future()
                self._begun.put_nowait(Forked(pid, running[pid]))
            else:
                running.pop(pid).set_result(code)

    async def close(self) -> None:
        """Have this worker's services ended that nobody has ended."""
        if self._asked is not None and self._telling is not None:
            self._asked.write_eof()
            await self._telling
            self._asked.close()
            await self._asked.wait_closed()
            self._asked = None


FORGE = Forge()


@dataclass(frozen=True)
class Said:
    """What a command has said, and the exit code with which it ended."""

    code: int
    printed: str
    logged: str


async def command(environ: Mapping[str, str], *words: str) -> Said:
    """Run `hotline` with these words, as an administrator does, to its end."""
    with TemporaryDirectory() as folder:
        printed, logged = Path(folder) / "printed", Path(folder) / "logged"
        running = await FORGE.run("service", *words, environ=environ, printed=printed, logged=logged)
        code = await running.wait()
        return Said(code, printed.read_text(encoding="utf-8"), logged.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Asking:
    """A worker that has asked the forge for services."""

    connection: socket.socket
    running: dict[int, int] = field(default_factory=dict)
    """Its services: the process by what the system tells its end through."""

    def asks(self) -> bytes:
        """Give its next line; nothing when it has ended."""
        line = b""
        with suppress(ConnectionResetError):  # it died, and had not read all that it was told
            while not line.endswith(b"\n") and (more := self.connection.recv(MOST_BYTES)):
                line += more
        return line if line.endswith(b"\n") else b""

    def tell(self, pid: int, code: int | None) -> None:
        with suppress(OSError):  # it may have died, and wants to know nothing
            self.connection.sendall(json.dumps([pid, code]).encode() + b"\n")


def _forge(listening: socket.socket, *, warm: bool) -> Sequence[str]:
    """Fork for each line that a worker writes. Give each child its module and words, in the end nothing."""
    for module in AHEAD:
        importlib.import_module(module)
    folder = Path(listening.getsockname()).parent
    share_templates(folder / COMPILED)
    _read_ahead()
    read_aloud_once()
    hash_quickly()
    fork_programs()
    rounds.PAPERS_EVERY = PAPERS_EVERY_SECONDS
    watch.AFTER_START_SECONDS = 0.0  # who waits for a fault waits for no minute
    sweep.NIGHT = range(0)  # else each service that a test starts at three in the morning sweeps first
    if warm:
        from tests.system.served_once import serve_once  # noqa: PLC0415 - it starts a hotline by this module

        share_in(folder)
        await_prepared()
        _warm_or_begin_cold(serve_once, listening)
    gc.freeze()  # what all have in common is copied for none of them
    looking = selectors.DefaultSelector()
    looking.register(sys.stdin, selectors.EVENT_READ)
    looking.register(listening, selectors.EVENT_READ)
    workers: list[Asking] = []
    while True:
        key, _ = looking.select()[0]  # one at a time: to deal with it may end what others tell of
        worker: Asking = key.data
        if key.fileobj is sys.stdin:
            for one in workers:
                _end_all(looking, one)
            return ()
        if key.fileobj is listening:
            connection, _ = listening.accept()
            workers.append(Asking(connection))
            looking.register(connection, selectors.EVENT_READ, workers[-1])
        elif key.fd in worker.running:
            _ended(looking, worker, key.fd)
        elif line := worker.asks():
            if not (pid := os.fork()):
                _leave(looking)
                program, environ, printed, logged = json.loads(line)
                _become(environ, printed, logged)
                return program
            end = os.pidfd_open(pid)
            worker.running[end] = pid
            looking.register(end, selectors.EVENT_READ, worker)
            worker.tell(pid, None)
        else:
            _end_all(looking, worker)
            looking.unregister(worker.connection)
            worker.connection.close()


def _warm_or_begin_cold(serve_once: Callable[[], None], listening: socket.socket) -> None:
    """Serve a call; when that fails, tell why and be the same program anew that has served none.

    A call among all that a check begins with may fail, and what it leaves in a process is not to be forked.
    Workers that ask meanwhile wait at the socket, which stays open.
    """
    try:
        serve_once()
    except Exception:  # noqa: BLE001 - whatever it was: without us there is no test with a service
        traceback.print_exc()
        again = (sys.executable, *ITSELF, str(listening.fileno()))
        os.execv(sys.executable, again)  # noqa: S606 - our own module


def _end_all(looking: selectors.BaseSelector, worker: Asking) -> None:
    for end, pid in list(worker.running.items()):
        os.kill(pid, signal.SIGKILL)
        _ended(looking, worker, end)


def _ended(looking: selectors.BaseSelector, worker: Asking, end: int) -> None:
    """Wait for a service's end and tell the worker."""
    looking.unregister(end)
    os.close(end)
    pid = worker.running.pop(end)
    _, status = os.waitpid(pid, 0)
    worker.tell(pid, os.waitstatus_to_exitcode(status))


def _leave(looking: selectors.BaseSelector) -> None:
    """Close in a service what is the forge's."""
    for key in list(looking.get_map().values()):
        if isinstance(key.fileobj, socket.socket):
            key.fileobj.close()
        elif key.fileobj is not sys.stdin:
            os.close(key.fd)
    looking.close()


def _read_ahead() -> None:
    """Read the catalogues and compile the desk's templates, as each service does when it begins."""
    pages = Pages(ZoneInfo("Europe/Kyiv"))
    for language in LANGUAGES:
        for template in (TEMPLATES / "desk").glob("*.jinja2"):
            pages._environments[language].get_template(f"desk/{template.name}")


def _become(environ: Mapping[str, str], printed: str, logged: str) -> None:
    """Be what a process of its own would be: this environment, no input, all that it says in the files."""
    os.environ.clear()
    os.environ.update(environ)
    said = (os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) for file in (printed, logged))
    for standard, opened in enumerate((os.open(os.devnull, os.O_RDONLY), *said)):
        os.dup2(opened, standard)
        os.close(opened)


if __name__ == "__main__" and (
    words := _forge(socket.socket(fileno=int(sys.argv[1])), warm="warm" in sys.argv)
):
    sys.argv = list(words)
    runpy.run_module(words[0], run_name="__main__", alter_sys=True)
