"""Bytes of a file as they are stored, here or elsewhere; and the sound in them, plain or encrypted."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from attrs import define, field

from storage.sounds.encryption import HEAD_BYTES, Encrypted, Key, key_id

PIECE_BYTES = 1 << 20
"""Read at once: sixteen segments."""


class Octets(Protocol):
    """A stored file, opened: it stays what it is though its name is given to another meanwhile."""

    size: int

    async def read(self, begins: int, ends: int) -> bytes: ...


@define(eq=False)
class LocalOctets:
    """A file of this machine; raises FileNotFoundError."""

    _path: Path
    _opened: int = field(init=False)
    size: int = field(init=False)

    def __attrs_post_init__(self) -> None:
        if not self._path.is_file():
            raise FileNotFoundError(self._path)
        self._opened = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        self.size = os.fstat(self._opened).st_size

    async def read(self, begins: int, ends: int) -> bytes:
        return await asyncio.to_thread(os.pread, self._opened, ends - begins, begins)

    def close(self) -> None:
        os.close(self._opened)


class Plain:
    """Octets that are the sound itself."""

    def __init__(self, octets: Octets) -> None:
        self._octets = octets
        self.size = octets.size

    async def read(self, begins: int, ends: int) -> bytes:
        return await self._octets.read(begins, ends)


class Decrypted:
    """The sound in encrypted octets; raises SoundDamaged."""

    def __init__(self, octets: Octets, encrypted: Encrypted) -> None:
        self._octets, self._encrypted = octets, encrypted
        self.size = encrypted.size

    async def read(self, begins: int, ends: int) -> bytes:
        stored = await self._octets.read(*self._encrypted.stored(begins, ends))
        return await asyncio.to_thread(self._encrypted.opened, begins, ends, stored)


async def sound_in(octets: Octets, key_of: Callable[[str], Key], name: str) -> Plain | Decrypted:
    """Look at the head; raises SoundLocked, or SoundDamaged."""
    head = await octets.read(0, min(HEAD_BYTES, octets.size))
    under = key_id(head)
    if under is None:
        return Plain(octets)
    cipher = key_of(under).cipher(head, name)
    return Decrypted(octets, Encrypted(cipher, name, octets.size))
