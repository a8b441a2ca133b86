"""WAV files as Asterisk leaves them: read by their size, whatever became of them."""

import struct
import wave
from pathlib import Path

import numpy as np
import pytest

from telephony.voice.audio import find_sound, seconds_of, spoken_seconds


def mono(path: Path, seconds: float, amplitude: int = 8000, rate: int = 8000) -> Path:
    moments = np.arange(int(seconds * rate)) / rate
    samples = (amplitude * np.sin(2 * np.pi * 440 * moments)).astype("<i2")
    with wave.open(str(path), "wb") as wav:
        wav.setparams((1, 2, rate, 0, "NONE", ""))
        wav.writeframes(samples.tobytes())
    return path


@pytest.mark.parametrize("content", [None, b"", b"RIFF", b"not a recording at all" * 10])
def test_what_is_no_wav_has_no_sound(tmp_path: Path, content: bytes | None) -> None:
    lost = tmp_path / "d.wav"
    if content is not None:
        lost.write_bytes(content)
    assert seconds_of(lost) == 0.0


def test_a_file_that_asterisk_left_open_when_it_died_is_read_to_its_end(tmp_path: Path) -> None:
    caller = mono(tmp_path / "c.wav", 2)
    content = bytearray(caller.read_bytes())
    struct.pack_into("<I", content, 4, 36)
    struct.pack_into("<I", content, 40, 0)
    caller.write_bytes(bytes(content[:-1]))
    assert seconds_of(caller) == pytest.approx(2.0, abs=0.001)
    assert any(b"".join(find_sound(caller).minutes(8000))[-800:])


def test_a_file_that_was_continued_and_left_open_is_read_to_its_end(tmp_path: Path) -> None:
    caller = mono(tmp_path / "c.wav", 2)
    caller.write_bytes(caller.read_bytes() + bytes(16000))
    assert seconds_of(caller) == 3.0


def test_what_follows_the_sound_is_no_sound(tmp_path: Path) -> None:
    caller = mono(tmp_path / "c.wav", 2)
    caller.write_bytes(caller.read_bytes() + b"LIST" + struct.pack("<I", 26) + b"INFOISFT".ljust(26, b"\0"))
    assert seconds_of(caller) == 2.0


def test_one_word_in_a_long_silence_was_heard(tmp_path: Path) -> None:
    path = mono(tmp_path / "c.wav", 0.5)
    with wave.open(str(path)) as wav:
        word = wav.readframes(wav.getnframes())
    with wave.open(str(path), "wb") as wav:
        wav.setparams((1, 2, 8000, 0, "NONE", ""))
        wav.writeframes(bytes(16000 * 60) + word + bytes(16000 * 60))
    assert (seconds_of(path), spoken_seconds(path)) == (120.5, 120.5)


def test_a_message_in_which_nobody_spoke_is_none(tmp_path: Path) -> None:
    silent = tmp_path / "silent.wav"
    with wave.open(str(silent), "wb") as wav:
        wav.setparams((1, 2, 8000, 0, "NONE", ""))
        wav.writeframes(bytes(16000 * 3))
    assert (seconds_of(silent), spoken_seconds(silent)) == (3.0, 0.0)
    assert spoken_seconds(mono(tmp_path / "c.wav", 0.5)) == 0.5
    assert spoken_seconds(tmp_path / "nothing.wav") == 0.0
