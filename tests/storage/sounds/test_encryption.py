"""Encrypted sounds: opened at any place, and not at all once a byte, a segment or the name is another."""

import asyncio
import io
import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.calls.sound_store import SoundDamaged
from storage.sounds.encryption import HEAD_BYTES, SEGMENT_BYTES, Key, encrypt
from storage.sounds.octets import LocalOctets, sound_in

KEY = Key(bytes(range(32)))
SIZES = [0, 1, SEGMENT_BYTES - 1, SEGMENT_BYTES, SEGMENT_BYTES + 1, 3 * SEGMENT_BYTES, 3 * SEGMENT_BYTES + 7]
STORED_SEGMENT = SEGMENT_BYTES + 16


def encrypted(sound: bytes, name: str = "a.ogg") -> bytes:
    target = io.BytesIO()
    encrypt(io.BytesIO(sound), target, KEY, name)
    return target.getvalue()


def opened(stored: bytes, file: Path, begins: int = 0, ends: int | None = None, name: str = "a.ogg") -> bytes:
    async def read() -> bytes:
        file.write_bytes(stored)
        with closing(LocalOctets(file)) as octets:
            sound = await sound_in(octets, lambda _: KEY, name)
            return await sound.read(begins, sound.size if ends is None else ends)

    return asyncio.run(read())


@pytest.mark.parametrize("size", SIZES)
def test_what_was_encrypted_is_opened_whole(size: int, tmp_path: Path) -> None:
    sound = os.urandom(size)
    stored = encrypted(sound)
    assert opened(stored, tmp_path / "f") == sound
    assert len(stored) == HEAD_BYTES + size + 16 * max(1, -(-size // SEGMENT_BYTES))
    assert len(sound) < 50 or sound[:50] not in stored


@given(size=st.sampled_from(SIZES[1:]), data=st.data())
def test_any_span_is_opened_by_itself(
    size: int, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    sound = bytes(range(256)) * (size // 256 + 1)
    begins = data.draw(st.integers(0, size - 1))
    ends = data.draw(st.integers(begins + 1, size))
    file = tmp_path_factory.getbasetemp() / "span"
    assert opened(encrypted(sound[:size]), file, begins, ends) == sound[begins:ends]


def flipped(at: int) -> Callable[[bytes], bytes]:
    def change(stored: bytes) -> bytes:
        changed = bytearray(stored)
        changed[at] ^= 1
        return bytes(changed)

    return change


def swapped(stored: bytes) -> bytes:
    head, rest = stored[:HEAD_BYTES], stored[HEAD_BYTES:]
    return (
        head + rest[STORED_SEGMENT : 2 * STORED_SEGMENT] + rest[:STORED_SEGMENT] + rest[2 * STORED_SEGMENT :]
    )


@pytest.mark.parametrize(
    "harm",
    [
        flipped(HEAD_BYTES - 1),
        flipped(HEAD_BYTES + 5),
        flipped(-1),
        swapped,
        lambda stored: stored[: HEAD_BYTES + 2 * STORED_SEGMENT],
        lambda stored: stored[:-1],
        lambda stored: stored[: HEAD_BYTES + 2 * STORED_SEGMENT + 3],
        lambda stored: stored[:HEAD_BYTES],
        lambda stored: stored + b"more",
    ],
    ids=["salt", "first", "tag", "swapped", "a segment less", "a byte less", "stub", "head alone", "more"],
)
def test_a_file_that_was_changed_does_not_open(harm: Callable[[bytes], bytes], tmp_path: Path) -> None:
    with pytest.raises(SoundDamaged, match=r"a\.ogg is not what was encrypted"):
        opened(harm(encrypted(os.urandom(2 * SEGMENT_BYTES + 9))), tmp_path / "f")


def test_a_file_in_anothers_place_does_not_open(tmp_path: Path) -> None:
    with pytest.raises(SoundDamaged):
        opened(encrypted(b"sound"), tmp_path / "f", name="b.ogg")


def test_no_two_files_are_encrypted_alike() -> None:
    assert encrypted(b"sound") != encrypted(b"sound")
