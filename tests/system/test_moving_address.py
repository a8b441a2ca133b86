"""One address before two Kamailios: keepalived leaves it where its question is answered, else moves it on."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from service.node import edge
from service.settings.settings import read_settings
from telephony.phone.call import PATIENCE_SECONDS
from tests.bench import process
from tests.bench.scaled.apart import apart_from_the_machine
from tests.bench.scaled.hotline import let_all_by, program_on
from tests.bench.scaled.machine import ROUTER, Machine, city
from tests.bench.scaled.moving import SHIPPED, Moving, keepalived
from tests.system.node import LOOK_SECONDS, node_environ

pytestmark = [
    pytest.mark.system,
    pytest.mark.nightly,
    pytest.mark.skipif(
        os.geteuid() != 0 or shutil.which("keepalived", path="/usr/sbin:/usr/bin") is None,
        reason="networks of one's own take root, and the address keepalived",
    ),
]

MOVING, PORT = "10.77.0.20", 5060
HOSTS = {"one": "10.77.0.21", "two": "10.77.0.22"}
KAMAILIO = edge.CONFIGURATION
_HERE = "tests.system.test_moving_address"
_NOTED = """#!/bin/bash
"$(dirname "$0")/shipped" "$@"
code=$?
echo "$code" >>"$(dirname "$0")/codes"
exit "$code"
"""
"""Asks what we ship, and writes down what came of it."""


def test_the_address_is_where_kamailio_answers() -> None:
    """In a process of its own: it leaves the network that it was begun in."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", f"import {_HERE} as here; here.play()"],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
        cwd=Path(__file__).resolve().parents[2],
    )
    told = ["held", "answers", "moved", "answers", "stayed", "back", "answers"]
    assert done.stdout.split() == told, done.stderr


def play() -> None:
    apart_from_the_machine()
    with tempfile.TemporaryDirectory() as folder:
        let_all_by(Path(folder))
        asyncio.run(_play(Path(folder)))


async def _play(folder: Path) -> None:
    async with city(folder, [*HOSTS.items()]) as machines:
        for machine in machines.values():
            machine.follows_clock = False
            await _begin(machine)
        pair = [*machines.values()]
        moving = Moving(MOVING, pair)
        following = asyncio.create_task(moving.follow())
        try:
            await _moves(moving, pair)
        except TimeoutError:
            for machine in pair:
                log = machine.folder / "keepalived" / "log"
                sys.stderr.write(f"{machine.name}:\n{log.read_text('utf-8')}\n")
            raise
        finally:
            following.cancel()
            await asyncio.wait([following])


async def _moves(moving: Moving, pair: list[Machine]) -> None:
    await _until(lambda: any(one.has(MOVING) for one in pair))
    holder, other = sorted(pair, key=lambda one: not one.has(MOVING))
    await _until(lambda: moving.owner is holder)
    asked = len(_codes(holder))
    await _until(lambda: len(_codes(holder)) >= asked + 10)
    still = holder.has(MOVING) and not other.has(MOVING)
    _say("held" if still and set(_codes(holder)[asked:]) == {"0"} else f"not held {_codes(holder)}")
    await _answers()

    with _stands_still(holder):
        await _until(lambda: other.has(MOVING) and not holder.has(MOVING) and moving.owner is other)
        _say("moved" if _codes(holder)[-3:] == ["124"] * 3 else f"moved too soon {_codes(holder)}")
        await _answers()
    asked = len(_codes(holder))
    await _until(lambda: _codes(holder)[asked:].count("0") >= 5)  # who has it keeps it
    _say("stayed" if other.has(MOVING) and not holder.has(MOVING) else "moved needlessly")

    await other.power_off()
    await _until(lambda: holder.has(MOVING) and moving.owner is holder)
    _say("back")
    await _answers()


async def _begin(machine: Machine) -> None:
    """Begin a Kamailio there as `hotline edge` does, and beside it keepalived with the files that we ship."""
    (other,) = (address for address in HOSTS.values() if address != machine.address)
    settings = read_settings(
        node_environ(
            machine.folder,
            HOTLINE_EDGE_HOST=machine.address,
            HOTLINE_EDGE_PORT=str(PORT),
            HOTLINE_EDGE_NODES=f"a={ROUTER}:5071",
            HOTLINE_EDGE_MOVING=MOVING,
        )
    )
    edge.prepare(settings)
    log = settings.folders.var / "kamailio.log"
    await machine.keeps(program_on(machine, "kamailio", edge.program(settings), log))
    command = keepalived(machine, other, MOVING, first=machine.name == "one")
    folder = machine.folder / "keepalived"
    (folder / "answers").rename(folder / "shipped")
    (folder / "answers").write_text(_NOTED, encoding="utf-8")
    (folder / "answers").chmod(0o755)
    (folder / "codes").touch()
    (folder / "codes").chmod(0o666)
    await machine.keeps(program_on(machine, "keepalived", command, folder / "log"))


def _codes(machine: Machine) -> list[str]:
    """What came of each question so far; 0: Kamailio has answered, 124: nobody has within a second."""
    return (machine.folder / "keepalived" / "codes").read_text(encoding="ascii").split()


@contextmanager
def _stands_still(machine: Machine) -> Iterator[None]:
    """Have its Kamailio hang for the time of the block: it takes what comes, and says nothing."""
    pids = process.tree(machine.pid(KAMAILIO))
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


async def _answers() -> None:
    """Ask at the address itself, from the city's router."""
    asked = await asyncio.create_subprocess_exec(SHIPPED / "answers", MOVING, str(PORT))
    _say("answers" if await asked.wait() == 0 else "is silent")


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not holds():
            await asyncio.sleep(LOOK_SECONDS)


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
