"""The process that forks services of tests outlives a first call that fails and a worker that dies."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO

import pytest

from tests.system.forked import MOST_WORKERS, Forge

BROKEN = """
import socket, sys
from tests.system.forked import _warm_or_begin_cold

def serve_once():
    raise TimeoutError("nobody answered")

_warm_or_begin_cold(serve_once, socket.socket(fileno=int(sys.argv[1])))
"""
"""A program that is a forge only when it begins anew."""
HELP = ("service", "--help")


def started(words: tuple[str, ...], errors: BinaryIO, fd: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(words, stdin=subprocess.PIPE, stderr=errors, pass_fds=[fd])  # noqa: S603


@asynccontextmanager
async def begun(address: Path, said: Path) -> AsyncIterator[Forge]:
    """A forge whose first call fails; what it says of that is in the file."""
    with socket.socket(socket.AF_UNIX) as listening, said.open("wb") as errors:
        listening.bind(str(address))
        listening.listen(MOST_WORKERS)
        fd = listening.fileno()
        process = started((sys.executable, "-c", BROKEN, str(fd)), errors, fd)
    forge = Forge(process, str(address))
    try:
        yield forge
        await forge.close()
    finally:
        forge.end()


def dies_without_reading(address: Path, folder: Path) -> None:
    """A worker that asks for a command, and ends with something of the answer unread."""
    with socket.socket(socket.AF_UNIX) as worker:
        worker.connect(str(address))
        asked = [HELP, dict(os.environ), str(folder / "unread"), str(folder / "unread")]
        worker.sendall(json.dumps(asked).encode() + b"\n")
        worker.recv(1)


@pytest.mark.nightly  # it imports all twice
async def test_a_forge_whose_call_failed_begins_cold_and_outlives_a_worker(tmp_path: Path) -> None:
    address, said, printed = (tmp_path / name for name in ("forge", "said", "printed"))
    async with begun(address, said) as forge:
        dies_without_reading(address, tmp_path)

        running = await forge.run(*HELP, environ=os.environ, printed=printed, logged=tmp_path / "logged")

        assert await running.wait() == 0
    assert "usage: hotline" in printed.read_text(encoding="utf-8")
    assert "nobody answered" in said.read_text(encoding="utf-8")
