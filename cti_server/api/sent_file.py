"""A file as a program sends it: the whole body, put into the store as it comes, never whole in memory."""

import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from attrs import define, field

from cti_server.api.errors import OctetsNeeded
from cti_server.appeals.files.sources import EVIDENCE
from cti_server.frame.uploads import LONGEST_UPLOAD, bounded
from hotline.appeals.attachments import FileRefusal, FileRefused, StoredFile

OCTETS = "application/octet-stream"
_PIECE = 64 * 1024


@define(eq=False)
class SentFile:
    """A file in the store that no list names yet; `sha256` is of what was sent."""

    kept: StoredFile
    sha256: str
    listed: bool = field(default=False, init=False)
    """A list names it now, so that it stays."""


@asynccontextmanager
async def sent_file(request: web.Request) -> AsyncIterator[SentFile]:
    """Take the body into the store; a list takes it inside, or it is dropped.

    Raises OctetsNeeded, FileRefused; 413 when no length is told, 408 for a sender that is too slow.
    """
    if request.content_type != OCTETS:
        raise OctetsNeeded(f"The body is {request.content_type}.")
    store, digest = request.app[EVIDENCE].store, hashlib.sha256()
    most = store.limits.most_bytes
    if (request.content_length or 0) > most:
        raise FileRefused(FileRefusal.TOO_LARGE)
    async with bounded(request, most=most, within=LONGEST_UPLOAD):
        kept = await store.take(_pieces(request, digest.update))
    file = SentFile(kept, digest.hexdigest())
    try:
        yield file
    finally:
        if not file.listed:
            await store.drop(kept.key)


async def _pieces(request: web.Request, count: Callable[[bytes], None]) -> AsyncIterator[bytes]:
    async for piece in request.content.iter_chunked(_PIECE):
        count(piece)
        yield piece
