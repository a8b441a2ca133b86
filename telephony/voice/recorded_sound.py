"""From a person's voice in a file of any usual kind to the two files that Asterisk plays."""

import asyncio
import math
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path

from hotline.voice.voice_recordings import MOST_BYTES, SoundFault, SoundRefused
from telephony.voice.programs import run

LONGEST_DECODING = 30.0
"""Seconds; three minutes of sound take less than one."""
QUIETEST = -50.0
"""dBFS: a peak below it is a microphone that was not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSound:
    """Two files, `stem`.alaw and `stem`.sln16, in the folder that was named."""

    stem: str
    seconds: float


async def keep_sound(source: Path, folder: Path, name: str) -> KeptSound:
    """Decode, trim, level and keep a sound; raises SoundRefused, and then nothing is left of it."""
    await asyncio.to_thread(_ready, source, folder)
    with tempfile.TemporaryDirectory(prefix=".taking-", dir=folder) as scratch:
        raw = Path(scratch) / "raw.wav"
        await _decoded(source, raw)
        stem = f"{name}-{uuid.uuid4().hex[:12]}"
        seconds = await asyncio.to_thread(_keep, raw, folder / stem)
    return KeptSound(stem=stem, seconds=seconds)


def _ready(source: Path, folder: Path) -> None:
    if source.stat().st_size > MOST_BYTES:
        raise SoundRefused(SoundFault.TOO_LARGE)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


async def _decoded(source: Path, target: Path) -> None:
    try:
        ended = await run("decoding", str(source), str(target), within=LONGEST_DECODING, quiet=True)
    except TimeoutError:
        raise SoundRefused(SoundFault.UNREADABLE) from None
    if ended.code:
        raise SoundRefused(SoundFault(ended.said) if ended.said in set(SoundFault) else SoundFault.UNREADABLE)


def _keep(raw: Path, target: Path) -> float:
    from telephony.voice.prompt_sound import (  # noqa: PLC0415 - numpy costs memory that only a new sound needs
        read_wav,
        shaped,
        telephone_files,
    )

    sound, rate = read_wav(raw)
    if not sound.size or 20 * math.log10(max(float(abs(sound).max()), 1e-9)) < QUIETEST:
        raise SoundRefused(SoundFault.SILENT)
    spoken = shaped(sound, rate)
    wide, narrow = telephone_files(spoken, rate, raw)
    for made in (wide, narrow):
        made.replace(target.with_name(target.name + made.suffix))
    return float(spoken.size / rate)
