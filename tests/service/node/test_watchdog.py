"""A program that falls silent is killed and started again; one that is slow, busy or ending is left alone."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from service.node import watchdog
from service.node.supervisor import Program, supervise

CHILD = """
import asyncio, os, signal, sys
from pathlib import Path
from service.node import watchdog
from service.node.watchdog import beat, stopping
file, manner, pace = sys.argv[1:]
watchdog.BEAT_SECONDS *= float(pace)
with Path(file).open("a") as told:
    told.write(f"{os.getpid()}\\n")

async def main():
    match manner:
        case "silent":
            await asyncio.Event().wait()
        case "ending":
            beating = asyncio.create_task(beat())
            await asyncio.sleep(0)
            beating.cancel()
            stopping()
            await asyncio.Event().wait()
        case "busy":
            beating = asyncio.create_task(beat())
            await asyncio.sleep(0)
            while True:
                pass
        case "disk":
            beating = asyncio.create_task(beat())
            await asyncio.sleep(0)
            # Until its child has opened the pipe it waits in the kernel, as one does for a disk.
            opening = os.POSIX_SPAWN_OPEN, 0, file + ".pipe", os.O_RDONLY, 0
            os.posix_spawn("/bin/true", ["true"], {}, file_actions=[opening])
            await asyncio.Event().wait()
        case _:
            await beat()

asyncio.run(main())
"""


SILENT = 2
"""Looks at which a program may be silent."""
PACE = 0.2
"""Beats and looks come five times as often: a program that computes takes the processor until then."""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchdog, "LOOK_SECONDS", PACE * watchdog.LOOK_SECONDS)
    monkeypatch.setattr(watchdog, "SILENT_LOOKS", SILENT)


class Looks:
    """Counts the watchdog's looks, so that a test waits for them and for no time."""

    def __init__(self) -> None:
        self.seen = 0
        self.more = asyncio.Event()

    async def further(self, looks: int) -> None:
        until = self.seen + looks
        while self.seen < until:
            self.more.clear()
            await self.more.wait()


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Looks:
    counted = Looks()
    told = watchdog.Watchdog._told

    def look(self: watchdog.Watchdog) -> set[bytes]:
        counted.seen += 1
        counted.more.set()
        return told(self)

    monkeypatch.setattr(watchdog.Watchdog, "_told", look)
    return counted


@contextlib.asynccontextmanager
async def watched(file: Path, manner: str) -> AsyncIterator[None]:
    stop = asyncio.Event()
    program = Program(
        name="one", argv=(sys.executable, "-c", CHILD, str(file), manner, str(PACE)), watched=True
    )
    async with asyncio.timeout(120), asyncio.TaskGroup() as tasks:
        tasks.create_task(supervise([program], stop))
        try:
            yield
        finally:
            stop.set()


async def started(file: Path, times: int) -> list[int]:
    while not file.exists() or len(file.read_text().splitlines()) < times:
        await asyncio.sleep(0.05)
    return [int(pid) for pid in file.read_text().splitlines()]


async def test_systemd_hears_that_the_service_has_started_before_it_counts_its_silence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind("")
        monkeypatch.setenv("NOTIFY_SOCKET", "@" + systemd.getsockname()[1:].decode())
        beating = asyncio.create_task(watchdog.beat())
        await asyncio.sleep(0)
        beating.cancel()
        assert [systemd.recv(64), systemd.recv(64)] == [b"READY=1", b"WATCHDOG=1"]
    unit = Path(__file__).parents[3] / "setup" / "systemd" / "hotline.service"
    assert {"Type=notify", "NotifyAccess=main"} <= set(unit.read_text("utf-8").splitlines())


async def test_a_program_that_is_stopped_is_killed_and_started_again(tmp_path: Path, looks: Looks) -> None:
    file = tmp_path / "pids"
    async with watched(file, "well"):
        (first,) = await started(file, 1)
        await looks.further(4)
        os.kill(first, signal.SIGSTOP)
        second = (await started(file, 2))[1]
        with pytest.raises(ProcessLookupError):
            os.kill(first, 0)
        os.kill(second, 0)


@pytest.mark.parametrize("manner", ["well", "silent", "ending", "busy"])
async def test_a_program_that_is_well_slow_to_start_ending_or_busy_is_left_alone(
    tmp_path: Path, looks: Looks, manner: str
) -> None:
    file = tmp_path / "pids"
    async with watched(file, manner):
        (first,) = await started(file, 1)
        await looks.further(2 * SILENT)
        assert await started(file, 1) == [first]
        os.kill(first, 0)


async def test_a_program_that_waits_for_a_disk_is_left_alone(tmp_path: Path, looks: Looks) -> None:
    file, pipe = tmp_path / "pids", tmp_path / "pids.pipe"
    os.mkfifo(pipe)
    async with watched(file, "disk"):
        try:
            (first,) = await started(file, 1)
            await looks.further(2 * SILENT)
            assert await started(file, 1) == [first]
            os.kill(first, 0)
        finally:
            os.close(os.open(pipe, os.O_RDWR))


async def test_a_program_that_only_computes_is_given_longer_but_not_for_ever(
    tmp_path: Path, looks: Looks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchdog, "BUSY_LOOKS", 6)
    file = tmp_path / "pids"
    async with watched(file, "busy"):
        assert len(await started(file, 2)) == 2
