"""A service that is alive and does nothing any more: it is started again, and nobody is left in silence."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from hotline.calls import Step
from tests.system.hotline import Hotline, running_hotline
from tests.system.test_service_killed import said

pytestmark = pytest.mark.system

SUPERVISOR = """
import sys, uvloop
from service.logs import set_up_logs
from service.supervisor import Program, supervise, stop_signals

async def main():
    serve = Program(name="service", argv=(sys.executable, "-m", "service", "serve"), watched=True)
    with stop_signals() as stop:
        await supervise([serve], stop)

set_up_logs()
uvloop.run(main())
"""


@pytest.fixture
async def unserved(tmp_path: Path) -> AsyncIterator[Hotline]:
    """A hotline without its service, which the test starts in a manner of its own."""
    async with running_hotline(tmp_path, service=False) as one:
        yield one


@asynccontextmanager
async def supervised(hotline: Hotline) -> AsyncIterator[None]:
    with hotline.log.open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", SUPERVISOR),
            env=hotline.node.environ,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        await hotline.ready()
        yield
    finally:
        process.terminate()
        await process.wait()


def started(hotline: Hotline) -> list[int]:
    """The services that the supervisor has started, by their pids."""
    lines = hotline.log.read_text(encoding="utf-8").splitlines()
    return [int(line.rpartition("pid=")[2]) for line in lines if "started program=service" in line]


async def test_a_stopped_service_does_not_keep_its_callers_until_their_lease_ends(unserved: Hotline) -> None:
    hotline = unserved
    async with supervised(hotline):
        caller = await hotline.citizen("+380457900011")
        await caller.answered()
        await caller.press("8")
        await said(hotline, "+380457900011", "wrong-key")

        os.kill(started(hotline)[-1], signal.SIGSTOP)
        await hotline.reached(Step.SERVICE_RESUMED)

        await said(hotline, "+380457900011", "resumed")
        await caller.press("1")
        await said(hotline, "+380457900011", "no-outages")
        assert len(started(hotline)) == 2
        assert "hung, killed program=service" in hotline.log.read_text(encoding="utf-8")
        assert Step.FELL_BACK not in await hotline.steps((await hotline.only_call()).id)
        await caller.hang_up()
