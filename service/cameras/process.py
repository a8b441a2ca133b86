"""The process of one stream, seen from the service: it is begun, asked by one line, and gives pictures."""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import msgspec
from attrs import define

from hotline.cameras.camera import CameraSource
from hotline.cameras.streams import StreamFault

_LENGTH = 4
_LARGEST = 8 << 20
_PROGRAM = "service.cameras.pictures"
FAULTS: Mapping[StreamFault, int] = {
    StreamFault.ENDED: 0,
    StreamFault.UNREACHABLE: 11,
    StreamFault.REFUSED: 12,
    StreamFault.NOT_A_STREAM: 13,
    StreamFault.LEADS_ELSEWHERE: 14,
    StreamFault.SILENT: 15,
}
"""The exit codes of the program; another one is a process that died."""
_BY_CODE = {code: fault for fault, code in FAULTS.items()}


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the program is asked: how many pictures a second at most, how wide at most, of which stream."""

    source: CameraSource
    a_second: float
    width: int


@define(eq=False, repr=False)
class PictureProcess:
    """One running program."""

    _process: asyncio.subprocess.Process
    _pictures: asyncio.StreamReader

    async def next(self) -> bytes | None:
        """Wait for the next picture; None when the program has ended."""
        try:
            length = int.from_bytes(await self._pictures.readexactly(_LENGTH), "big")
            return await self._pictures.readexactly(length) if length <= _LARGEST else None
        except asyncio.IncompleteReadError:
            return None

    async def fault(self) -> StreamFault:
        """End it, where it has not ended; tell why there are no pictures any more."""
        await _end(self._process, within=1.0)
        return _BY_CODE.get(self._process.returncode or 0, StreamFault.NOT_A_STREAM)


@asynccontextmanager
async def picture_process(asked: Asked) -> AsyncIterator[PictureProcess]:
    """Begin the program; the process is gone with the block."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", _PROGRAM),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # libraries write addresses with their passwords into it
        limit=1 << 18,
    )
    assert process.stdin is not None  # noqa: S101 - both were asked for
    assert process.stdout is not None  # noqa: S101
    try:
        process.stdin.write(msgspec.json.encode(asked) + b"\n")
        yield PictureProcess(process, process.stdout)
    finally:
        await _end(process)


async def _end(process: asyncio.subprocess.Process, within: float = 0.0) -> None:
    if process.returncode is not None:
        return
    try:
        async with asyncio.timeout(within):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
