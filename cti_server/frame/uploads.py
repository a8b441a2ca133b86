"""Forms that bring files, read part by part: no handler before has read them (`allowed(streams=True)`)."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import BodyPartReader, web

from cti_server.auth.gate import MALFORMED, PARTS

FILE = "file"
"""The name of the fields that bring files."""
LONGEST_UPLOAD = 20 * 60.0
"""Seconds: a slow telephone network takes ten minutes for what may come at once."""
_LONGEST_NAME = 200
_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One file with the fields beside it; without a file its name is empty."""

    fields: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    content: bytes = b""


async def read_upload(request: web.Request, most: int, *wanted: str) -> Upload:
    """Read the one file `file` and the fields `wanted`, each up to one octet more than `most`."""
    fields: dict[str, str] = {}
    name, content = "", b""
    async for part in parts_of(request):
        if part.name == FILE and part.filename:
            name, content = part.filename[-_LONGEST_NAME:], await read_part(part, most)
        elif part.name in wanted:
            fields[part.name] = (await read_part(part, most)).decode(errors="replace")
    return Upload(fields=fields, name=name, content=content)


@asynccontextmanager
async def bounded(request: web.Request, *, most: int, within: float) -> AsyncIterator[None]:
    """Read a form inside: 413 for more than `most` octets or no length told, 408 after `within` seconds."""
    if request.content_length is None or request.content_length > most:
        raise web.HTTPRequestEntityTooLarge(max_size=most, actual_size=request.content_length or 0)
    try:
        async with asyncio.timeout(within):
            yield
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error


async def parts_of(request: web.Request) -> AsyncIterator[BodyPartReader]:
    """Give the parts one after the other; HTTPBadRequest for what only says that it is a form with files."""
    if PARTS not in request:
        return
    try:
        while part := await request[PARTS].next():
            if isinstance(part, BodyPartReader):
                yield part
    except MALFORMED as error:
        raise web.HTTPBadRequest from error


async def pieces_of(part: BodyPartReader) -> AsyncIterator[bytes]:
    """Give the octets of a part as they come; HTTPBadRequest as above."""
    try:
        while piece := await part.read_chunk(_PIECE):
            yield piece
    except MALFORMED as error:
        raise web.HTTPBadRequest from error


async def read_part(part: BodyPartReader, most: int) -> bytes:
    """Read a part, up to one piece more than `most` octets."""
    content = bytearray()
    async for piece in pieces_of(part):
        content += piece
        if len(content) > most:
            break
    return bytes(content)
