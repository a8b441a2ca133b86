"""Machines in one: each in a network of its own, whose cable is pulled, and put back."""

import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.bench.scaled.apart import apart_from_the_machine
from tests.bench.scaled.machine import OWN, Machine, city, run
from tests.bench.scaled.moving import Moving

PORT = 99
MOVED = "10.77.0.20"
LATE = 0.2
_HERE = "tests.service.bench.test_machines"


@pytest.mark.nightly
@pytest.mark.skipif(os.geteuid() != 0, reason="a network of one's own takes root")
def test_a_machine_is_reached_by_its_cable_alone() -> None:
    """In a process of its own: it leaves the network that it was begun in."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", f"import {_HERE} as here; here.play()"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=Path(__file__).resolve().parents[3],
    )
    told = ["reached", "late", "reached", "cut-off", "reached", "moved", "reached", "gone"]
    assert done.stdout.split() == told, done.stderr


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")


def play() -> None:
    apart_from_the_machine()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_play(Path(folder)))


async def _play(folder: Path) -> None:
    async with city(folder, [("a", "10.77.0.11"), ("b", "10.77.0.12")]) as machines:
        a, b = machines.values()
        await a.does(_serve(a.address))
        _say(await _asked(a, b))
        await a.delay(LATE)
        _say(await _asked(a, b))
        await a.well()
        _say(await _asked(a, b))
        await a.cut_off()
        asking = asyncio.create_task(_asked(a, b))
        while not a.lost:
            await asyncio.sleep(0.01)
        _say("cut-off" if not asking.done() else "reached after all")
        await a.well()
        await asking
        _say("reached")
        await _move(a, b)


async def _move(a: Machine, b: Machine) -> None:
    """An address that b takes leads to b, and goes with its power."""
    moving = Moving(MOVED, [a, b])
    following = asyncio.create_task(moving.follow())
    await b.does(run("ip", "addr", "add", f"{MOVED}/32", "dev", OWN))
    await b.does(_serve(MOVED))
    while moving.owner is not b:
        await asyncio.sleep(0.01)
    _say("moved")
    await a.does(_ask(MOVED))
    _say("reached")
    await b.power_off()
    _say("still there" if b.has(MOVED) else "gone")
    following.cancel()
    await asyncio.wait([following])


async def _asked(a: Machine, by: Machine) -> str:
    """Have a letter sent back over the cable, and tell how long that took."""
    return "late" if await by.does(_ask(a.address)) >= LATE else "reached"


async def _serve(address: str) -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.read(1))
        await writer.drain()
        writer.close()

    await asyncio.start_server(echo, address, PORT)


async def _ask(address: str) -> float:
    began = asyncio.get_running_loop().time()
    reader, writer = await asyncio.open_connection(address, PORT)
    writer.write(b"x")
    assert await reader.read(1) == b"x"
    writer.close()
    return asyncio.get_running_loop().time() - began
