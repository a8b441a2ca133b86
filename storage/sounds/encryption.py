"""The form of an encrypted sound: authenticated, written in one go, opened at any place.

    head      56 bytes: "hotline-crypt-01", the id of the key (8), salt (32)
    segments  64 KiB of sound each, the last one what is left; each AES-256-GCM with its tag (16)

The file's own key is HKDF-SHA256 of the key, with the salt, over the head and the file's name: a file in
another's place does not open. A segment's nonce is its number (11 bytes) and whether it is the last (1): none
can be moved, left out or cut off unseen (STREAM of Hoang, Reyhanitabar, Rogaway and Vizár, 2015; age and Tink
do the same).
"""

import base64
import binascii
import hashlib
import io
import os
from typing import TYPE_CHECKING, BinaryIO

from attrs import define, field, frozen

from hotline.calls.sound_store import SoundDamaged

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"hotline-crypt-01"
SEAL = "sealed:"
"""Begins a short text that is sealed."""
SECRET_BYTES = 32
_ID_BYTES = 8
_SALT_BYTES = 32
HEAD_BYTES = len(MAGIC) + _ID_BYTES + _SALT_BYTES
SEGMENT_BYTES = 1 << 16
_TAG_BYTES = 16
_STORED_BYTES = SEGMENT_BYTES + _TAG_BYTES


@frozen
class Key:
    """A secret, known by an id that is made of it: a wrong one is never taken for the right one."""

    _secret: bytes = field(repr=False)

    @property
    def id(self) -> str:
        return hashlib.sha256(b"hotline key id\0" + self._secret).hexdigest()[: 2 * _ID_BYTES]

    def cipher(self, head: bytes, name: str) -> "AESGCM":
        """Derive the cipher of one file."""
        from cryptography.hazmat.primitives.ciphers.aead import (  # noqa: PLC0415 - costs memory that only a key needs
            AESGCM,
        )
        from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

        info = b"hotline sound\0" + head + name.encode()
        salt = head[-_SALT_BYTES:]
        return AESGCM(
            HKDF(algorithm=SHA256(), length=SECRET_BYTES, salt=salt, info=info).derive(self._secret)
        )


def key_id(head: bytes) -> str | None:
    """Tell under which key a file is encrypted by its first HEAD_BYTES; None for a plain one."""
    if not head.startswith(MAGIC):
        return None
    return head[len(MAGIC) : len(MAGIC) + _ID_BYTES].hex()


def encrypt(source: BinaryIO, target: BinaryIO, key: Key, name: str) -> None:
    """Write all that `source` holds, encrypted, for a file of that name."""
    head = MAGIC + bytes.fromhex(key.id) + os.urandom(_SALT_BYTES)
    cipher = key.cipher(head, name)
    target.write(head)
    number, segment = 0, source.read(SEGMENT_BYTES)
    while segment or not number:
        following = source.read(SEGMENT_BYTES)
        target.write(cipher.encrypt(_nonce(number, last=not following), segment, None))
        number, segment = number + 1, following


def sealed(text: str, key: Key, name: str) -> str:
    """Write a short text in the same form, in base64 behind SEAL, for a place of that name."""
    written = io.BytesIO()
    encrypt(io.BytesIO(text.encode()), written, key, name)
    return SEAL + base64.b64encode(written.getvalue()).decode()


def sealed_under(text: str) -> str | None:
    """Tell under which key a text is sealed, by its id; None for a plain one, whatever it begins with."""
    try:
        return key_id(_octets(text)[:HEAD_BYTES]) if text.startswith(SEAL) else None
    except binascii.Error:
        return None


def opened(text: str, key: Key, name: str) -> str:
    """Open a sealed text; raises SoundDamaged where it is not what was sealed for that place."""
    stored = _octets(text)
    encrypted = Encrypted(key.cipher(stored[:HEAD_BYTES], name), name, len(stored))
    return encrypted.opened(0, encrypted.size, stored[HEAD_BYTES:]).decode()


def _octets(text: str) -> bytes:
    return base64.b64decode(text.removeprefix(SEAL))


@define
class Encrypted:
    """A encrypted file that can be opened: which of its bytes hold a span of sound, and what they say."""

    _cipher: "AESGCM"
    _name: str
    _stored: int
    """Bytes of the whole file."""

    def __attrs_post_init__(self) -> None:
        if (
            self._stored < HEAD_BYTES + _TAG_BYTES
            or 0 < (self._stored - HEAD_BYTES) % _STORED_BYTES < _TAG_BYTES
        ):
            raise _damaged(self._name)

    @property
    def segments(self) -> int:
        return max(1, -(-(self._stored - HEAD_BYTES) // _STORED_BYTES))

    @property
    def size(self) -> int:
        """Bytes of the sound."""
        return max(0, self._stored - HEAD_BYTES - self.segments * _TAG_BYTES)

    def stored(self, begins: int, ends: int) -> tuple[int, int]:
        """Tell which bytes of the file have to be read for this span of sound."""
        first, last = begins // SEGMENT_BYTES, max(begins, ends - 1) // SEGMENT_BYTES
        return HEAD_BYTES + first * _STORED_BYTES, min(HEAD_BYTES + (last + 1) * _STORED_BYTES, self._stored)

    def opened(self, begins: int, ends: int, stored: bytes) -> bytes:
        """Open what `stored` told; raises SoundDamaged."""
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - as in `cipher`

        first = begins // SEGMENT_BYTES
        opened = bytearray()
        for number, at in enumerate(range(0, len(stored), _STORED_BYTES), first):
            nonce = _nonce(number, last=number == self.segments - 1)
            try:
                opened += self._cipher.decrypt(nonce, stored[at : at + _STORED_BYTES], None)
            except InvalidTag:
                raise _damaged(self._name) from None
        before = first * SEGMENT_BYTES
        return bytes(opened[begins - before : ends - before])


def _damaged(name: str) -> SoundDamaged:
    return SoundDamaged("%(name)s is not what was encrypted: bring it back from a backup.", name=name)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
