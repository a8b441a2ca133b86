"""A person's voice from every usual kind of file, opened in a process of its own."""

import io
import wave
from pathlib import Path

import av
import numpy as np
import pytest

from hotline.voice.voice_recordings import MOST_BYTES, SoundFault, SoundRefused
from telephony.voice.prompt_sound import a_law, wav_of_a_law
from telephony.voice.recorded_sound import keep_sound

RATE = 48_000
KINDS = {
    "voice.mp3": "libmp3lame",
    "voice.ogg": "libopus",
    "voice.webm": "libopus",
    "voice.m4a": "aac",
    "voice.wav": "pcm_s16le",
    "voice.flac": "flac",
}


def spoken(seconds: float = 2.0, *, level: float = 0.05, silence: float = 1.0) -> np.ndarray:
    """Silence, 440 Hz, silence; 16 bits at 48 kHz, quieter than a prompt."""
    moments = np.arange(int(seconds * RATE)) / RATE
    quiet = np.zeros(int(silence * RATE))
    sound = np.concatenate([quiet, level * np.sin(2 * np.pi * 440 * moments), quiet])
    return (sound * 32767).astype(np.int16)


def written(path: Path, samples: np.ndarray, codec: str) -> Path:
    """Write both channels of a stereo file, as a telephone or a studio does."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=RATE, layout="stereo")
        frame = av.AudioFrame.from_ndarray(
            np.repeat(samples, 2).reshape(1, -1), format="s16", layout="stereo"
        )
        frame.sample_rate = RATE
        resampler = av.AudioResampler(format=stream.format, layout="stereo", rate=RATE, frame_size=960)
        for one in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(one))
        container.mux(stream.encode(None))
    return path


def heard(folder: Path, stem: str) -> np.ndarray:
    with wave.open(io.BytesIO(wav_of_a_law((folder / f"{stem}.alaw").read_bytes()))) as wav:
        return np.frombuffer(wav.readframes(wav.getnframes()), "<i2").astype(np.float64)


@pytest.mark.parametrize(("name", "codec"), KINDS.items())
async def test_every_usual_kind_becomes_an_even_prompt_without_silence(
    tmp_path: Path, name: str, codec: str
) -> None:
    kept = await keep_sound(written(tmp_path / name, spoken(), codec), tmp_path / "voices", "menu")
    samples = heard(tmp_path / "voices", kept.stem)
    assert kept.stem.startswith("menu-")
    assert kept.seconds == pytest.approx(2.2, abs=0.15)
    assert len(samples) / 8000 == pytest.approx(kept.seconds, abs=0.02)
    wide = (tmp_path / "voices" / f"{kept.stem}.sln16").stat().st_size
    assert wide == pytest.approx(len(samples) * 4, abs=64)
    middle = samples[4000:12000]
    assert 20 * np.log10(np.sqrt((middle**2).mean()) / 32768) == pytest.approx(-20, abs=1)
    spectrum = np.abs(np.fft.rfft(middle))
    assert np.argmax(spectrum) == pytest.approx(440, abs=2)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", SoundFault.UNREADABLE),
        (b"no sound at all" * 100, SoundFault.UNREADABLE),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", SoundFault.UNREADABLE),
        (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", SoundFault.UNREADABLE),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", SoundFault.UNREADABLE),
    ],
)
async def test_what_is_no_sound_is_refused_and_leaves_nothing(
    tmp_path: Path, content: bytes, fault: SoundFault
) -> None:
    file = tmp_path / "voice.mp3"
    file.write_bytes(content)
    with pytest.raises(SoundRefused) as refused:
        await keep_sound(file, tmp_path / "voices", "menu")
    assert refused.value.fault is fault
    assert list((tmp_path / "voices").iterdir()) == []


async def test_silence_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path / "voice.wav", spoken(level=0.0005), "pcm_s16le")
    with pytest.raises(SoundRefused) as refused:
        await keep_sound(file, tmp_path / "voices", "menu")
    assert refused.value.fault is SoundFault.SILENT


async def test_more_than_three_minutes_are_refused(tmp_path: Path) -> None:
    file = written(tmp_path / "voice.flac", spoken(181.0), "flac")  # quickly written
    with pytest.raises(SoundRefused) as refused:
        await keep_sound(file, tmp_path / "voices", "menu")
    assert refused.value.fault is SoundFault.TOO_LONG


async def test_a_file_that_is_too_large_is_not_even_opened(tmp_path: Path) -> None:
    file = tmp_path / "voice.wav"
    with file.open("wb") as opened:
        opened.truncate(MOST_BYTES + 1)
    with pytest.raises(SoundRefused) as refused:
        await keep_sound(file, tmp_path / "voices", "menu")
    assert refused.value.fault is SoundFault.TOO_LARGE
    assert not (tmp_path / "voices").exists()


def test_what_browsers_play_is_what_was_encoded() -> None:
    samples = np.arange(-32768, 32767, 7, dtype=np.int16)
    with wave.open(io.BytesIO(wav_of_a_law(a_law(samples)))) as wav:
        again = np.frombuffer(wav.readframes(wav.getnframes()), "<i2")
    error = np.abs(again.astype(int) - samples)
    assert (error <= np.maximum(np.abs(samples.astype(int)) / 16, 8) + 1).all()
