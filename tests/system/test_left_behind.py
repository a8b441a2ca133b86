"""A session of tests, or a benchmark, that is killed outright leaves no Asterisk behind."""

import asyncio
import os
import select
import signal
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from tests.fakes.forking import FORKING, PATIENCE_SECONDS
from tests.system.node import running_node

pytestmark = [pytest.mark.system, pytest.mark.nightly]


def test_an_asterisk_that_was_made_to_stand_still_ends_with_whoever_began_it(tmp_path: Path) -> None:
    ours, theirs = FORKING.Pipe(duplex=False)
    process = FORKING.Process(target=_tests, args=(tmp_path, theirs))
    process.start()
    theirs.close()
    assert ours.poll(PATIENCE_SECONDS)
    asterisk = os.pidfd_open(ours.recv())
    process.kill()
    process.join()
    try:
        assert select.select([asterisk], [], [], PATIENCE_SECONDS)[0]
    finally:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(asterisk, signal.SIGKILL)
        os.close(asterisk)


def _tests(folder: Path, told: Connection) -> None:
    async def run() -> None:
        async with running_node(folder, documented=True) as node:
            node.process.send_signal(signal.SIGSTOP)
            told.send(node.process.pid)
            await asyncio.Event().wait()

    asyncio.run(run())
