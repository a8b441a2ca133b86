"""A program of its own: it writes a copy of a sound in which some seconds are bleeped.

    python -m telephony.voice.bleeping SOURCE TARGET BEGIN-END…

A WAV stays one, sample for sample beside the bleeps; what is compressed becomes Opus in Ogg. All channels are
bleeped, as each speaker may be heard in the other's.
"""

import os
import shutil
import sys
import warnings
import wave
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import chain
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

from telephony.voice.audio import find_sound

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # as in `telephony.voice.audio`
    from pydub import AudioSegment
    from pydub.generators import Sine

NICE = 10
"""Calls go first."""
HERTZ = 1000
DBFS = -20.0
AROUND_SECONDS = 0.2
"""Bleeped before and after a word: ears are not exact to the syllable."""
OPUS_RATE = 16_000
OPUS_BITS = 32_000
_SAMPLE_BYTES = 2
Span = tuple[float, float]


def main(source: str, target: str, *spans: str) -> int:
    """Write the copy; 0 when it is there, whole."""
    os.nice(NICE)
    bleep(Path(source), Path(target), [_span(one) for one in spans])
    return 0


def bleep(source: Path, target: Path, spans: Sequence[Span]) -> None:
    """Write the copy. A WAV whose head says "empty", because Asterisk died, is bleeped as well."""
    unfinished = target.with_name(f".{target.name}.part")
    if source.suffix == ".wav":
        _patch(source, unfinished, spans)
    else:
        _recode(source, unfinished, spans)
    unfinished.replace(target)


def _span(text: str) -> Span:
    begins, _, ends = text.partition("-")
    return float(begins), float(ends)


def _patch(source: Path, target: Path, spans: Sequence[Span]) -> None:
    shutil.copyfile(source, target)
    sound = find_sound(source)
    with wave.open(str(source), "rb") as wav:
        channels = wav.getnchannels()
    frame, frames = _SAMPLE_BYTES * channels, sound.size // (_SAMPLE_BYTES * channels)
    with target.open("r+b") as file:
        for first, past in _places(spans, sound.rate, frames):
            file.seek(sound.start + first * frame)
            file.write(_tone(past - first, sound.rate, channels).raw_data[: (past - first) * frame])


def _recode(source: Path, target: Path, spans: Sequence[Span]) -> None:
    with av.open(str(source)) as reading, av.open(str(target), "w", format="ogg") as writing:
        read = reading.streams.audio[0]
        channels, layout = read.channels, read.layout.name
        stream = writing.add_stream("libopus", rate=OPUS_RATE, layout=layout, options={"application": "voip"})
        stream.bit_rate = OPUS_BITS
        resampler = AudioResampler(format="s16", layout=layout, rate=OPUS_RATE)
        at = 0
        for decoded in chain(reading.decode(read), (None,)):
            for frame in resampler.resample(decoded):
                samples = frame.to_ndarray().reshape(-1, channels).copy()
                _cover(samples, at, spans)
                writing.mux(stream.encode(_frame(samples, at, layout)))
                at += len(samples)
        writing.mux(stream.encode(None))


def _cover(samples: np.ndarray, at: int, spans: Sequence[Span]) -> None:
    """Put the tone over what of the spans lies in these samples, which begin at sample `at`."""
    for first, past in _places(spans, OPUS_RATE, at + len(samples)):
        begin = max(first, at)
        if begin < past:
            tone = np.frombuffer(_tone(past - begin, OPUS_RATE, 1).raw_data, "<i2")[: past - begin]
            samples[begin - at : past - at] = tone[:, None]


def _places(spans: Sequence[Span], rate: int, frames: int) -> Iterator[tuple[int, int]]:
    for begins, ends in spans:
        first = max(0, int((begins - AROUND_SECONDS) * rate))
        past = min(frames, int((ends + AROUND_SECONDS) * rate))
        if first < past:
            yield first, past


def _tone(frames: int, rate: int, channels: int) -> AudioSegment:
    tone = Sine(HERTZ, sample_rate=rate).to_audio_segment(duration=1000 * frames / rate + 1, volume=DBFS)
    return AudioSegment.from_mono_audiosegments(*[tone] * channels) if channels > 1 else tone


def _frame(samples: np.ndarray, at: int, layout: str) -> AudioFrame:
    frame = AudioFrame.from_ndarray(np.ascontiguousarray(samples).reshape(1, -1), format="s16", layout=layout)
    frame.sample_rate, frame.pts, frame.time_base = OPUS_RATE, at, Fraction(1, OPUS_RATE)
    return frame


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
