"""Programs that the hotline begins for each piece of work: in tests forked from one that has imported all.

To import what makes the master of a talk takes ten times as long as to make one of a few seconds. Each is a
process of its own as ever, has its own input and output, and may be killed: `tests.fakes.handed_over` stands
for it. A session with workers has a process of each kind from which they are forked, this module as a
program; a test alone, and whoever asks for `true_programs`, begins them as the hotline does. By night those
that bound their memory begin so, too: nothing else tells whether what they import has room in it.
"""

import asyncio
import gc
import importlib
import os
import runpy
import selectors
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fakes import handed_over

FORKED: Mapping[str, frozenset[str]] = {
    "makers": frozenset(
        {
            "cti_server.appeals.papers.typeset",
            "telephony.voice.bleeping",
            "telephony.voice.mastering",
            "telephony.voice.side_writing",
        }
    ),
    "readers": frozenset(
        {
            "service.signatures.signature_check",
            "storage.appeals.attachment_check",
            "storage.intake.document_sheets",
            "storage.intake.map_file",
            "storage.intake.sheets",
        }
    ),
    "decoders": frozenset({"telephony.voice.decoding"}),
    "watchers": frozenset({"service.cameras.pictures"}),
}
"""By kinds. Those that bound their memory are apart: what others import would count in it."""
UNBOUND = ("makers",)
_KINDS = {module: kind for kind, modules in FORKED.items() for module in modules}
MOST_WAITING = 64
TOLD_IN = "HOTLINE_PROGRAMS_FORKED_AT"
_ADDRESS: list[str] = []
"""The folder of where they are forked; empty where programs begin as the hotline begins them."""


def fork_programs() -> None:
    """Have this process, and all that are forked from it, fork them where the session does."""
    if (address := os.environ.get(TOLD_IN)) is None:
        return
    _ADDRESS.append(address)
    begin = asyncio.create_subprocess_exec

    async def begun(program: str, *words: str, **options: Any) -> asyncio.subprocess.Process:
        return await begin(program, *_handed_over(program, words), **options)

    asyncio.create_subprocess_exec = begun  # type: ignore[assignment]


def _handed_over(program: str, words: Sequence[str]) -> Sequence[str]:
    """Give the words by which it is forked, or the same where it is none of these."""
    plain = [word for word in words if word != "-I"]
    if not _ADDRESS or program != sys.executable or plain[:1] != ["-m"] or plain[1] not in _KINDS:
        return words
    address = Path(_ADDRESS[-1], _KINDS[plain[1]])
    return ("-I", "-S", handed_over.__file__, str(address), *plain[1:]) if address.exists() else words


@contextmanager
def truly_begun() -> Iterator[None]:
    """Have programs begun as the hotline does, to the end of the block."""
    kept = [*_ADDRESS]
    _ADDRESS.clear()
    try:
        yield
    finally:
        _ADDRESS.extend(kept)


@dataclass
class ProgramForge:
    """The session's processes from which they are forked."""

    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def begin(self, folder: Path, kinds: Iterable[str]) -> None:
        """Begin them, before there are workers; who asks while one still imports waits."""
        addresses = folder / "programs"
        addresses.mkdir()
        for kind in kinds:
            with socket.socket(socket.AF_UNIX) as listening:
                listening.bind(str(addresses / kind))
                listening.listen(MOST_WAITING)
                process = subprocess.Popen(  # noqa: S603 - our own module
                    (sys.executable, "-m", "tests.fakes.forked_programs", str(listening.fileno()), kind),
                    stdin=subprocess.PIPE,
                    pass_fds=[listening.fileno()],
                )
            self._processes.append(process)
        os.environ[TOLD_IN] = str(addresses)
        fork_programs()

    def end(self) -> None:
        """End them, when no worker is left."""
        while self._processes:
            self._processes.pop().communicate()


PROGRAMS = ProgramForge()


@dataclass(frozen=True)
class Asked:
    """A program that somebody wants, and the files that are its input and output."""

    folder: str
    command: Sequence[str]
    environ: dict[bytes, bytes]
    files: Sequence[int]

    @classmethod
    def heard(cls, connection: socket.socket) -> "Asked | None":
        """None when it was killed before it had asked."""
        told, files, _, _ = socket.recv_fds(connection, handed_over.LENGTH_BYTES, len(handed_over.STANDARD))
        length, said = int.from_bytes(told, "big"), b""
        while len(said) < length and (more := connection.recv(length - len(said))):
            said += more
        if not said or len(said) < length:
            _close(files)
            return None
        folder, count, *rest = said.split(b"\0")
        command, environ = rest[: int(count)], rest[int(count) :]
        return cls(
            folder=os.fsdecode(folder),
            command=[os.fsdecode(word) for word in command],
            environ=dict(one.split(b"=", 1) for one in environ),
            files=files,
        )


def _close(files: Sequence[int]) -> None:
    for one in files:
        os.close(one)


@dataclass(frozen=True)
class Forks:
    """Those that run: each process by what the system tells its end through, and who waits for it."""

    listening: socket.socket
    looking: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    running: dict[int, tuple[int, socket.socket]] = field(default_factory=dict)

    def until_asked(self) -> Asked | None:
        """Fork for each who asks. Give each child what was asked, in the end nothing."""
        self.looking.register(sys.stdin, selectors.EVENT_READ)
        self.looking.register(self.listening, selectors.EVENT_READ)
        while True:
            key, _ = self.looking.select()[0]  # one at a time: to deal with it may end what others tell of
            if key.fileobj is sys.stdin:
                for end in list(self.running):
                    self._ended(end, killed=True)
                return None
            if key.fileobj is self.listening:
                if (asked := self._forked()) is not None:
                    return asked
            else:
                self._ended(key.data, killed=key.fd != key.data)

    def _forked(self) -> Asked | None:
        """In the child, what it was asked for."""
        connection, _ = self.listening.accept()
        asked = Asked.heard(connection)
        if asked is None:
            connection.close()
            return None
        if not (pid := os.fork()):
            connection.close()
            self._leave()
            return asked
        _close(asked.files)
        end = os.pidfd_open(pid)
        self.running[end] = pid, connection
        self.looking.register(end, selectors.EVENT_READ, end)
        self.looking.register(connection, selectors.EVENT_READ, end)  # its end: what stands for it was killed
        return None

    def _ended(self, end: int, *, killed: bool) -> None:
        pid, connection = self.running.pop(end)
        if killed:
            os.kill(pid, signal.SIGKILL)
        self.looking.unregister(end)
        self.looking.unregister(connection)
        os.close(end)
        _, status = os.waitpid(pid, 0)
        code = os.waitstatus_to_exitcode(status)
        with suppress(OSError):
            connection.sendall(code.to_bytes(handed_over.LENGTH_BYTES, "big", signed=True))
        connection.close()

    def _leave(self) -> None:
        """Close in a child what is not its own."""
        self.looking.close()
        self.listening.close()
        for end, (_, connection) in self.running.items():
            os.close(end)
            connection.close()


def _import_all(kind: str) -> None:
    for module in FORKED[kind]:
        importlib.import_module(module)
    for module in FORKED[kind]:  # it is read anew as a program, which is little without what it imports
        del sys.modules[module]
    gc.collect()
    gc.freeze()


def _become(asked: Asked) -> None:
    for standard, file in enumerate(asked.files):
        os.dup2(file, standard)
        os.close(file)
    os.environb.clear()
    os.environb.update(asked.environ)
    os.chdir(asked.folder)
    sys.argv = list(asked.command)


def _run(module: str) -> int:
    """Run it as a program to its end; returns its exit code. What it fails with ends the process as ever."""
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else bool(error.code)
    return 0


if __name__ == "__main__":
    _import_all(sys.argv[2])
    if (wanted := Forks(socket.socket(fileno=int(sys.argv[1]))).until_asked()) is not None:
        _become(wanted)
        ended = _run(wanted.command[0])
        sys.stdout.flush()
        os._exit(ended)  # to take all apart that was imported is as much work as what was done
