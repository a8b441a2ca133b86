"""A copy of a sound in which some seconds are bleeped: what is said there is nobody else's business."""

import shutil
import warnings
import wave
from collections.abc import Sequence
from pathlib import Path

from telephony.voice.audio import find_sound

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # as in `telephony.voice.audio`
    from pydub import AudioSegment
    from pydub.generators import Sine

HERTZ = 1000
DBFS = -20.0
AROUND_SECONDS = 0.2
"""Bleeped before and after a word: ears are not exact to the syllable."""
_SAMPLE_BYTES = 2
Span = tuple[float, float]


def bleep(source: Path, target: Path, spans: Sequence[Span]) -> None:
    """Write the copy; all channels are bleeped, as each may be heard in the other.

    A WAV whose head says "empty", because Asterisk died, is bleeped as well.
    """
    unfinished = target.with_name(f".{target.name}.part")
    shutil.copyfile(source, unfinished)
    sound = find_sound(source)
    with wave.open(str(source), "rb") as wav:
        channels = wav.getnchannels()
    frame, frames = _SAMPLE_BYTES * channels, sound.size // (_SAMPLE_BYTES * channels)
    with unfinished.open("r+b") as file:
        for begins, ends in spans:
            first = max(0, int((begins - AROUND_SECONDS) * sound.rate))
            past = min(frames, int((ends + AROUND_SECONDS) * sound.rate))
            if first < past:
                file.seek(sound.start + first * frame)
                file.write(_tone(past - first, sound.rate, channels))
    unfinished.replace(target)


def _tone(frames: int, rate: int, channels: int) -> bytes:
    milliseconds = 1000 * frames / rate + 1
    tone = Sine(HERTZ, sample_rate=rate).to_audio_segment(duration=milliseconds, volume=DBFS)
    every = AudioSegment.from_mono_audiosegments(*[tone] * channels) if channels > 1 else tone
    return bytes(every.raw_data[: frames * _SAMPLE_BYTES * channels])
