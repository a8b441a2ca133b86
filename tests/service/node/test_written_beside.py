"""Who logs waits for nobody, be it a disk or whoever reads; what waits is written in order."""

import asyncio
import logging
import os
import sys
from contextlib import suppress

import pytest

from service.node import written_beside
from service.node.written_beside import WrittenBeside

ENTRIES = 2_000
PROGRAM = f"""
import logging, sys
from service.node.logs import set_up_logs
logs = set_up_logs()
for number in range({ENTRIES}):
    logging.warning("entry=%d %s", number, "x" * 100)
print("went on", flush=True)
sys.stdin.read()
logs.write_out()
"""
PAGE_BYTES = 4096
"""The pieces in which Linux's pipe takes what it holds."""


async def test_a_program_whose_log_nobody_reads_goes_on_and_writes_it_when_somebody_does() -> None:
    reading, writing = os.pipe()
    pipe = asyncio.subprocess.PIPE
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, stdin=pipe, stdout=pipe, stderr=writing
    )
    os.close(writing)
    assert program.stdin is not None
    assert program.stdout is not None
    with os.fdopen(reading, "rb") as log:
        try:
            async with asyncio.timeout(60):
                assert await program.stdout.readline() == b"went on\n"
            lines = await asyncio.to_thread(lambda: [log.readline() for _ in range(ENTRIES)])
            program.stdin.close()
            assert await program.wait() == 0
        finally:
            if program.returncode is None:
                program.kill()
                await program.wait()
    assert [b"entry=%d x" % number in line for number, line in enumerate(lines)] == [True] * ENTRIES


async def test_of_what_finds_no_room_the_number_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(written_beside, "ROOM", 10)
    reading, writing = os.pipe()
    fill(writing)
    logger = logging.getLogger("of this test")
    logger.propagate = False
    logger.addHandler(logging.StreamHandler(WrittenBeside(writing)))
    for number in range(30):
        logger.warning("entry %d", number)
    written, left_out = list[str](), 0
    with os.fdopen(reading, encoding="utf-8") as log:
        while len(written) + left_out < 30:
            line = (await asyncio.to_thread(log.readline)).strip()
            if line.startswith("entry"):
                written.append(line)
            elif line:
                left_out = int(line.rpartition("=")[2])
    os.close(writing)
    assert written == [f"entry {number}" for number in range(len(written))]
    assert 10 <= len(written) <= 11


def fill(pipe: int) -> None:
    """Write blank lines until it takes no more, however large the system makes it."""
    os.set_blocking(pipe, False)
    with suppress(BlockingIOError):
        while True:
            os.write(pipe, b"\n".rjust(PAGE_BYTES))
    os.set_blocking(pipe, True)
