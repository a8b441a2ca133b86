"""A sound that somebody brings with a form, as a file or from the microphone: never more than may come."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from aiohttp import BodyPartReader, web

from cti_server.frame.uploads import parts_of, pieces_of, read_part
from hotline.voice.voice_recordings import MOST_BYTES, Origin, SoundFault, SoundRefused

LONGEST_UPLOAD = 10 * 60.0
_FIELD = 256


@dataclass(slots=True)
class Brought:
    """The form fields that came with the sound."""

    origin: Origin = Origin.FILE
    seen: str = ""
    """The mark of the words that stood on the page, from which somebody read them."""
    octets: int = 0


async def received(request: web.Request, file: Path) -> Brought:
    """Read the form, its sound into a file; one octet more than may come is enough: raises SoundRefused."""
    brought = Brought()
    try:
        async with asyncio.timeout(LONGEST_UPLOAD):
            with await asyncio.to_thread(file.open, "wb") as opened:
                async for part in parts_of(request):
                    await _take(part, brought, opened)
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error
    return brought


async def _take(part: BodyPartReader, brought: Brought, opened: BinaryIO) -> None:
    if part.name == "origin":
        named = (await read_part(part, _FIELD)).decode(errors="replace")
        brought.origin = Origin.MICROPHONE if named == Origin.MICROPHONE else Origin.FILE
    elif part.name == "seen":
        brought.seen = (await read_part(part, _FIELD)).decode(errors="replace")
    elif part.name == "sound" and part.filename:
        async for piece in pieces_of(part):
            brought.octets += len(piece)
            if brought.octets > MOST_BYTES:
                raise SoundRefused(SoundFault.TOO_LARGE)
            await asyncio.to_thread(opened.write, piece)
