"""The supervisor with real child processes: each reports to the test over a socket that its death closes."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest
import uvloop

from service.ending import BEGIN_ANEW
from service.node import supervisor
from service.node.supervisor import Program, keep, stop_signals, supervise
from tests.fakes.forking import FORKING

CHILD = """
import os, signal, socket, subprocess, sys
path, name, manner = sys.argv[1:]
if manner == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
line = socket.socket(socket.AF_UNIX)
line.connect(path)
line.sendall(f"{name} {os.getpid()}\\n".encode())
if manner == "deaf":
    os.set_inheritable(line.fileno(), True)
    subprocess.Popen(["sleep", "600"], close_fds=False)
if manner != "brief":
    signal.pause()
"""


@dataclass
class RollCall:
    """Who started (`arrivals`: name and pid) and whose last process is gone (`departures`: name)."""

    path: Path
    arrivals: asyncio.Queue[tuple[str, int]] = field(default_factory=asyncio.Queue)
    departures: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    async def hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        name, pid = (await reader.readline()).decode().split()
        self.arrivals.put_nowait((name, int(pid)))
        with contextlib.suppress(ConnectionError):
            await reader.read()
        self.departures.put_nowait(name)
        writer.close()

    def child(self, name: str, manner: str = "patient") -> Program:
        return Program(name=name, argv=(sys.executable, "-c", CHILD, str(self.path), name, manner))


@pytest.fixture
async def roll_call(tmp_path: Path) -> AsyncIterator[RollCall]:
    call = RollCall(tmp_path / "roll")
    server = await asyncio.start_unix_server(call.hear, call.path)
    async with asyncio.timeout(60):
        yield call
    server.close()


@contextlib.asynccontextmanager
async def supervised(programs: Sequence[Program]) -> AsyncIterator[asyncio.Event]:
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(supervise(programs, stop))
        try:
            yield stop
        finally:
            stop.set()


async def test_a_program_that_is_killed_is_started_again(roll_call: RollCall) -> None:
    async with supervised([roll_call.child("one")]):
        _, first = await roll_call.arrivals.get()
        os.kill(first, signal.SIGKILL)
        _, second = await roll_call.arrivals.get()
    assert second != first


async def test_the_other_program_goes_on_when_one_dies(roll_call: RollCall) -> None:
    async with supervised([roll_call.child("one"), roll_call.child("two")]):
        pids = dict([await roll_call.arrivals.get(), await roll_call.arrivals.get()])
        os.kill(pids["one"], signal.SIGKILL)
        assert (await roll_call.arrivals.get())[0] == "one"
        os.kill(pids["two"], 0)
        assert await roll_call.departures.get() == "one"
        assert roll_call.departures.empty()


async def test_a_program_that_keeps_ending_is_started_ever_more_slowly(
    roll_call: RollCall, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "FIRST_PAUSE", 0.1)
    monkeypatch.setattr(supervisor, "LONGEST_PAUSE", 0.3)
    async with supervised([roll_call.child("one", "brief")]):
        for _ in range(4):
            await roll_call.arrivals.get()
    pauses = [record.args[2] for record in caplog.records if record.message.startswith("ended")]
    assert pauses[:3] == pytest.approx([0.1, 0.2, 0.3])


async def test_a_long_life_makes_the_next_start_quick_again(
    roll_call: RollCall, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "FIRST_PAUSE", 0.1)
    monkeypatch.setattr(supervisor, "STEADY_AFTER", 0.0)
    async with supervised([roll_call.child("one", "brief")]):
        for _ in range(3):
            await roll_call.arrivals.get()
    pauses = [record.args[2] for record in caplog.records if record.message.startswith("ended")]
    assert pauses[:2] == pytest.approx([0.1, 0.1])


async def test_a_program_that_asks_to_begin_anew_is_not_started_again_by_itself() -> None:
    asked = asyncio.Event()
    argv = (sys.executable, "-c", f"raise SystemExit({BEGIN_ANEW})")
    program = Program(name="service", argv=argv, anew=asked.set)
    async with asyncio.timeout(60):
        await keep(program)
    assert asked.is_set()


async def test_stopping_ends_the_last_program_first(roll_call: RollCall) -> None:
    async with supervised([roll_call.child("one"), roll_call.child("two")]):
        await roll_call.arrivals.get()
        await roll_call.arrivals.get()
    assert [await roll_call.departures.get(), await roll_call.departures.get()] == ["two", "one"]


async def test_a_program_deaf_to_the_signal_is_killed_with_all_it_started(
    roll_call: RollCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "PATIENCE", 0.2)
    async with supervised([roll_call.child("deaf", "deaf")]):
        await roll_call.arrivals.get()
    assert await roll_call.departures.get() == "deaf"


async def test_nothing_that_a_killed_program_began_is_left_beside_its_successor(roll_call: RollCall) -> None:
    async with supervised([roll_call.child("deaf", "deaf")]):
        _, pid = await roll_call.arrivals.get()
        os.kill(pid, signal.SIGKILL)
        assert await roll_call.departures.get() == "deaf"
        _, successor = await roll_call.arrivals.get()
        os.killpg(successor, signal.SIGKILL)


async def test_a_like_program_that_somebody_else_started_is_left_alone(roll_call: RollCall) -> None:
    stranger = await asyncio.create_subprocess_exec(*roll_call.child("stranger").argv)
    await roll_call.arrivals.get()
    async with supervised([roll_call.child("one")]):
        await roll_call.arrivals.get()
    assert await roll_call.departures.get() == "one"
    assert stranger.returncode is None
    stranger.terminate()
    await stranger.wait()


async def test_a_program_that_is_not_there_is_logged(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = asyncio.Event()
    monkeypatch.setattr(supervisor.asyncio, "sleep", lambda _: ended.set() or ended.wait())
    task = asyncio.create_task(keep(Program(name="absent", argv=("/nonexistent/program",))))
    await ended.wait()
    task.cancel()
    await asyncio.wait([task])
    assert "ended program=absent code=127" in caplog.text


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_each_signal_to_stop_ends_in_order_with_code_0(
    roll_call: RollCall, number: signal.Signals
) -> None:
    process = await start_supervisor(roll_call)
    assert process.pid
    os.kill(process.pid, number)
    await asyncio.to_thread(process.join)
    assert process.exitcode == 0
    assert await roll_call.departures.get() == "one"


async def test_a_supervisor_killed_outright_leaves_no_program_behind(roll_call: RollCall) -> None:
    process = await start_supervisor(roll_call)
    process.kill()
    await asyncio.to_thread(process.join)
    assert await roll_call.departures.get() == "one"


async def start_supervisor(roll_call: RollCall) -> ForkServerProcess:
    process = FORKING.Process(target=_supervise, args=(roll_call.child("one").argv,))
    process.start()
    await roll_call.arrivals.get()
    return process


def _supervise(argv: Sequence[str]) -> None:
    async def until_a_signal() -> None:
        with stop_signals() as stop:
            await supervise([Program(name="one", argv=argv)], stop)

    uvloop.run(until_a_signal())
