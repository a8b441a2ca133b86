"""A session of tests, or a benchmark, that is killed outright leaves no PostgreSQL behind."""

import asyncio
import os
import select
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from tests.bench import postgres as benchmarks
from tests.fakes.forking import FORKING, PATIENCE_SECONDS
from tests.fakes.made_once import made_once
from tests.storage.conftest import copy_data, make_cluster, placed


def test_the_server_of_a_session_of_tests_ends_with_it() -> None:
    with killed_over(_tests, made_once("postgres", make_cluster)) as ended:
        assert ended()


@pytest.mark.nightly
def test_the_server_of_a_benchmark_ends_with_it_whoever_is_connected() -> None:
    with tempfile.TemporaryDirectory(prefix="hotline-postgres-") as name:
        folder = Path(name)
        with killed_over(_measures, folder, meanwhile=lambda: _connected(folder)) as ended:
            assert ended()


@contextmanager
def killed_over(
    works: Callable[[Path, Connection], None],
    folder: Path,
    *,
    meanwhile: Callable[[], "subprocess.Popen[str] | None"] = lambda: None,
) -> Iterator[Callable[[], bool]]:
    """Kill who works with a server; give what waits for the server's end, and says whether it came."""
    ours, theirs = FORKING.Pipe(duplex=False)
    process = FORKING.Process(target=works, args=(folder, theirs))
    process.start()
    theirs.close()
    assert ours.poll(PATIENCE_SECONDS)
    server = os.pidfd_open(ours.recv())
    connected = meanwhile()
    process.kill()
    process.join()
    try:
        yield lambda: bool(select.select([server], [], [], PATIENCE_SECONDS)[0])
    finally:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(server, signal.SIGQUIT)
        os.close(server)
        if connected is not None:
            connected.communicate()


def _tests(made: Path, told: Connection) -> None:
    with placed() as postgres:
        copy_data(made, postgres.data)
        postgres.start()
        told.send(_number(postgres.data))
        signal.pause()


def _measures(folder: Path, told: Connection) -> None:
    async def run() -> None:
        await benchmarks.prepare_cluster(folder)
        async with benchmarks.serving(folder):
            told.send(_number(folder / benchmarks.DATA))
            await asyncio.Event().wait()

    asyncio.run(run())


def _connected(folder: Path) -> "subprocess.Popen[str]":
    """Somebody who stays connected."""
    command = ("psql", "-qAt", "-h", str(folder), "-U", benchmarks.USER, "-d", "postgres")
    pipe = subprocess.PIPE
    one = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)  # noqa: S603
    assert one.stdin is not None
    assert one.stdout is not None
    one.stdin.write("SELECT 1;\n")
    one.stdin.flush()
    assert one.stdout.readline() == "1\n"
    return one


def _number(data: Path) -> int:
    return int((data / "postmaster.pid").read_text(encoding="ascii").split()[0])
