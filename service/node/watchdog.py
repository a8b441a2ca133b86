"""The watchdog: a service that is alive and does nothing any more is found out by its silence.

The words are systemd's (sd_notify): the service's event loop says `WATCHDOG=1` twice a second to the socket
that `NOTIFY_SOCKET` names. Our own supervisor listens there; a unit with `WatchdogSec=` can do so as well.
Both watch from the first beat on: a start may take longer than silence may last.
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

NOTIFY_SOCKET = "NOTIFY_SOCKET"
BEAT_SECONDS = 0.5
LOOK_SECONDS = 1.0
SILENT_LOOKS = 5
"""After this many looks without a beat a service that uses no CPU is hung."""
BUSY_LOOKS = 30
"""After this many looks without a beat a service is hung that computes, or waits for a processor or disk."""
_BUSY_STATES = frozenset("RD")
"""Of a thread, by /proc: it runs, or it is in the kernel and waits for a disk, where no signal reaches it."""
_READY = b"READY=1"
_BEAT = b"WATCHDOG=1"
_STOPPING = b"STOPPING=1"


async def beat() -> NoReturn:
    """Tell that we have started, then send beats to the supervisor: the event loop runs."""
    _tell(_READY)
    while True:
        _tell(_BEAT)
        await asyncio.sleep(BEAT_SECONDS)


def tell_status(words: str) -> None:
    """Say in a line how we stand, for who asks systemd; empty: nothing is to be said."""
    _tell(f"STATUS={words}".encode())


def stopping() -> None:
    """Tell the supervisor that no more beats come: the process is stopping."""
    _tell(_STOPPING)


def _tell(what: bytes) -> None:
    name = os.environ.get(NOTIFY_SOCKET, "")
    if not name:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ours, contextlib.suppress(OSError):
        ours.settimeout(0)
        ours.sendto(what, f"\0{name[1:]}" if name.startswith("@") else name)


class Watchdog:
    """Listens to one process. `environ` is what it has to be started with."""

    def __init__(self, listening: socket.socket) -> None:
        self._socket = listening
        self._ending = False
        self.environ = {NOTIFY_SOCKET: "@" + listening.getsockname()[1:].decode()}

    async def hung(self, pid: int) -> None:
        """Wait until the process is hung.

        It is watched from its first beat to its word that it stops. Looks are counted, not seconds: a machine
        or a supervisor that was suspended has not looked meanwhile.
        """
        silent = None
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            told = self._told()
            self._ending |= _STOPPING in told
            if self._ending:
                continue
            if _BEAT in told:
                silent = 0
            elif silent is not None:
                silent += 1
                if silent >= (BUSY_LOOKS if is_busy(pid) else SILENT_LOOKS):
                    return

    def _told(self) -> set[bytes]:
        """The messages since the last look."""
        told = set()
        with contextlib.suppress(BlockingIOError):
            while True:
                told.add(self._socket.recv(64))
        return told


@contextlib.contextmanager
def watchdog() -> Iterator[Watchdog]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.settimeout(0)
        listening.bind("")  # Linux gives a name that nobody else has
        yield Watchdog(listening)


def is_busy(pid: int) -> bool:
    """Tell whether any thread of the process runs, or waits for a processor or a disk."""
    states = set()
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(OSError):
                states.add((thread / "stat").read_text(errors="replace").rpartition(")")[2].split()[0])
    return not _BUSY_STATES.isdisjoint(states)
