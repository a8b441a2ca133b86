"""The process that forks services of tests outlives a first call that fails and a worker that dies."""

import json
import os
import socket
from pathlib import Path

import pytest

from tests.system.forked import Forge

BROKEN = """
import socket, sys
from tests.system.forked import _warm_or_begin_cold

def serve_once():
    raise TimeoutError("nobody answered")

_warm_or_begin_cold(serve_once, socket.socket(fileno=int(sys.argv[1])))
"""
"""A program that is a forge only when it begins anew."""
HELP = ("service", "--help")


def dies_without_reading(folder: Path) -> None:
    """A worker that asks for a command, and ends with something of the answer unread."""
    with socket.socket(socket.AF_UNIX) as worker:
        worker.connect(str(folder / "forge"))
        asked = [HELP, dict(os.environ), str(folder / "unread"), str(folder / "unread")]
        worker.sendall(json.dumps(asked).encode() + b"\n")
        worker.recv(1)


@pytest.mark.nightly  # it imports all twice
async def test_a_forge_whose_call_failed_begins_cold_and_outlives_a_worker(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    forge, printed = Forge(), tmp_path / "printed"
    forge.begin(tmp_path, warm=False, program=("-c", BROKEN))
    try:
        dies_without_reading(tmp_path)

        running = await forge.run(*HELP, environ=os.environ, printed=printed, logged=tmp_path / "logged")

        assert await running.wait() == 0
        await forge.close()
    finally:
        forge.end()
    assert "usage: hotline" in printed.read_text(encoding="utf-8")
    assert "nobody answered" in capfd.readouterr().err
