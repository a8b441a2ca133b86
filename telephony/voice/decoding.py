"""A program of its own: it opens a sound from outside, of whatever kind, and writes it as a plain WAV.

    python -m telephony.voice.decoding SOURCE TARGET

A damaged or evil file can at most end this process, which has little memory, time and disk. It prints the
reason (`unreadable`, `too-long`) and ends with 1 when the sound cannot be taken.
"""

import resource
import sys
import wave

import av
from av.audio.resampler import AudioResampler
from av.error import FFmpegError

from hotline.voice.voice_recordings import LONGEST_SECONDS, SoundFault

RATE = 24_000
MOST_MEMORY = 1 << 30
MOST_CPU_SECONDS = 20
MOST_WRITTEN = 64 << 20
ONLY = {"protocol_whitelist": "file", "format_whitelist": "wav,mp3,ogg,flac,aac,mov,matroska"}
"""Containers as FFmpeg calls them: M4A is one of `mov`, WebM of `matroska`. No playlist opens other files."""


def main(source: str, target: str) -> int:
    """Decode; 0 when the WAV is there."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_WRITTEN, MOST_WRITTEN))
    try:
        fault = _decode(source, target)
    except (FFmpegError, OSError, ValueError, MemoryError):
        fault = SoundFault.UNREADABLE
    if fault is not None:
        sys.stdout.write(fault.value)
    return 0 if fault is None else 1


def _decode(source: str, target: str) -> SoundFault | None:
    with av.open(source, options=ONLY) as container:
        if not container.streams.audio:
            return SoundFault.UNREADABLE
        # Planes side by side become one voice; swresample filters before it takes samples away.
        resampler = AudioResampler(format="s16", layout="mono", rate=RATE)
        left = int(LONGEST_SECONDS * RATE)
        with wave.open(target, "wb") as wav:
            wav.setparams((1, 2, RATE, 0, "NONE", ""))
            for decoded in container.decode(audio=0):
                for frame in resampler.resample(decoded):
                    left -= frame.samples
                    if left < 0:
                        return SoundFault.TOO_LONG
                    wav.writeframesraw(frame.to_ndarray().astype("<i2").tobytes())
            for frame in resampler.resample(None):
                wav.writeframesraw(frame.to_ndarray().astype("<i2").tobytes())
    return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
