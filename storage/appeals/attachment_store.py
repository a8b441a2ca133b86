"""The folder in which bytes of photos and papers lie: `ab/abcdef…`, named by us, for the service alone."""

import asyncio
import hashlib
import json
import logging
import os
import secrets
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from hotline.appeals.attachments import FileLimits, FileRefusal, FileRefused, StoredFile
from hotline.retention.room import DiskThresholds
from storage.core.confined import ProgramDied, run_confined
from storage.core.disk_threads import on_disk

log = logging.getLogger(__name__)

MOST_PIXELS = 70_000_000
"""The most pixels of a picture: telephones make 12 to 50 million, and redrawing takes four octets for
each."""
ROOM = DiskThresholds().spent
"""Octets that must be left on the disk: calls are recorded on it as well."""
LONGEST_CHECK = 60.0
"""Seconds."""
_CHECK = "storage.appeals.attachment_check"
_OWNER_ONLY, _FOLDER_MODE = 0o600, 0o700
_PIECE = 256 * 1024
_FRESH = 3600.0
"""Seconds for which bytes may lie in the store before the list names them."""


class AttachmentFolder:
    """`hotline.appeals.attachments.FileStore` in a folder.

    It checks one file at a time: redrawing takes memory.
    """

    def __init__(self, folder: Path, limits: FileLimits, *, room: int = ROOM) -> None:
        self.limits = limits
        self._room = room
        self._folder = folder
        self._incoming = folder / "incoming"
        self._turn = asyncio.Semaphore(1)

    def prepare(self) -> None:
        """Make the folder; drop uploads that the death of a service cut off.

        What is fresh stays: another process of the service may be taking it now.
        """
        self._incoming.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        self._folder.chmod(_FOLDER_MODE)
        for file in _not_fresh(self._incoming.iterdir()):
            file.unlink(missing_ok=True)

    async def take(self, pieces: AsyncIterator[bytes]) -> StoredFile:
        if shutil.disk_usage(self._folder).free < self._room + self.limits.most_bytes:
            log.error("no room for files free_bytes=%d", shutil.disk_usage(self._folder).free)
            raise FileRefused(FileRefusal.NO_ROOM)
        key = secrets.token_hex(16)
        came, drawn, small = (self._incoming / f"{key}{end}" for end in ("", ".drawn", ".small"))
        try:
            if not await self._write(came, pieces):
                raise FileRefused(FileRefusal.EMPTY)
            async with self._turn:
                media_type = await _looked_into(came, drawn, small)
            return await on_disk(self._keep, key, media_type, drawn if drawn.exists() else came)
        finally:
            for one in (came, drawn, small):
                one.unlink(missing_ok=True)

    async def drop(self, key: str) -> None:
        for one in (self.path(key), self.preview(key)):
            await on_disk(one.unlink, missing_ok=True)

    def path(self, key: str) -> Path:
        return file_of(self._folder, key)

    def preview(self, key: str) -> Path:
        return preview_of(self._folder, key)

    async def sweep(self, known: Callable[[Collection[str]], Awaitable[frozenset[str]]]) -> int:
        """Throw away bytes that no list knows: the service died before they were noted. How many."""
        lying = await asyncio.to_thread(lambda: list(self._lying()))
        lost = set(lying) - await known(lying)
        for key in lost:
            await self.drop(key)
        return len(lost)

    async def _write(self, file: Path, pieces: AsyncIterator[bytes]) -> int:
        """Write what comes, piece by piece; how many octets. Raises FileRefused for too many."""
        held, size = bytearray(), 0
        with _new(file) as opened:
            async for piece in pieces:
                size += len(piece)
                if size > self.limits.most_bytes:
                    raise FileRefused(FileRefusal.TOO_LARGE)
                held += piece
                if len(held) >= _PIECE:
                    await on_disk(opened.write, bytes(held))
                    held.clear()
            await on_disk(opened.write, bytes(held))
        return size

    def _keep(self, key: str, media_type: str, file: Path) -> StoredFile:
        """Move it, and its small picture before it, to where it stays; both are on the disk then."""
        target = self.path(key)
        target.parent.mkdir(mode=_FOLDER_MODE, exist_ok=True)
        small = self._incoming / f"{key}.small"
        if small.exists():
            small.replace(self.preview(key))
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
            os.fsync(opened.fileno())
        file.replace(target)
        return StoredFile(key=key, media_type=media_type, bytes=target.stat().st_size, sha256=digest)

    def _lying(self) -> Iterator[str]:
        for file in _not_fresh(self._folder.glob("[0-9a-f][0-9a-f]/*")):
            yield file.stem


def _not_fresh(files: Iterable[Path]) -> Iterator[Path]:
    before = time.time() - _FRESH
    for file in files:
        with suppress(FileNotFoundError):  # another process has moved or dropped it meanwhile
            if file.stat().st_mtime < before:
                yield file


def file_of(folder: Path, key: str) -> Path:
    """Tell where in the folder of attachments the file of this key lies."""
    return folder / key[:2] / key


def preview_of(folder: Path, key: str) -> Path:
    return file_of(folder, key).with_suffix(".preview")


def _new(file: Path) -> BinaryIO:
    file.touch(mode=_OWNER_ONLY, exist_ok=False)
    return file.open("wb")


async def _looked_into(came: Path, drawn: Path, small: Path) -> str:
    """Have another program say what the file is; raises FileRefused."""
    try:
        said = await run_confined(
            _CHECK, str(came), str(drawn), str(small), str(MOST_PIXELS), seconds=LONGEST_CHECK
        )
    except ProgramDied as error:
        log.warning("file could not be looked into: %s", error)
        raise FileRefused(FileRefusal.DAMAGED) from error
    answer = json.loads(said)
    if "refused" in answer:
        raise FileRefused(FileRefusal(answer["refused"]))
    media_type: str = answer["media_type"]
    return media_type
