"""A program that is forked in the place of a new one ends as that one does, by itself and killed."""

import asyncio
import signal
import sys

import pytest

PROGRAM = (sys.executable, "-m", "telephony.voice.mastering")


async def begun() -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(*PROGRAM, stdin=pipe, stdout=pipe, stderr=pipe)


async def test_it_fails_with_its_traceback_and_its_code() -> None:
    program = await begun()
    said, complaint = await program.communicate(b"no work")
    assert (program.returncode, said) == (1, b"")
    assert b"msgspec.DecodeError" in complaint


async def test_killed_it_writes_nothing_more() -> None:
    program = await begun()
    assert program.stdout is not None
    program.kill()
    assert await program.wait() == -signal.SIGKILL
    assert await program.stdout.read() == b"", "the end comes when nobody holds its output"


@pytest.mark.usefixtures("true_programs")
async def test_who_needs_the_true_one_has_it() -> None:
    program = await begun()
    _, complaint = await program.communicate(b"no work")
    assert b"forked_programs" not in complaint
    assert b"runpy" in complaint
