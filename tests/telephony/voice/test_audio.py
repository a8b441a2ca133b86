"""The listening copy: both sides, whole, whatever became of the files."""

import asyncio
import struct
import wave
from pathlib import Path

import numpy as np
import pytest

from telephony.voice.audio import NoSound, Side, listening_copy, seconds_of, silent_sides, spoken_seconds


def mono(path: Path, seconds: float, amplitude: int = 8000, rate: int = 8000) -> Path:
    moments = np.arange(int(seconds * rate)) / rate
    samples = (amplitude * np.sin(2 * np.pi * 440 * moments)).astype("<i2")
    with wave.open(str(path), "wb") as wav:
        wav.setparams((1, 2, rate, 0, "NONE", ""))
        wav.writeframes(samples.tobytes())
    return path


def sides(path: Path) -> tuple[np.ndarray, np.ndarray, int]:
    with wave.open(str(path)) as wav:
        assert wav.getnchannels() == 2
        both = np.frombuffer(wav.readframes(wav.getnframes()), dtype="<i2").reshape(-1, 2)
        return both[:, 0], both[:, 1], wav.getframerate()


async def test_the_caller_is_left_and_the_dispatcher_right(tmp_path: Path) -> None:
    caller, dispatcher = mono(tmp_path / "c.wav", 2, 8000), mono(tmp_path / "d.wav", 2, 4000)
    seconds = await listening_copy(caller, dispatcher, tmp_path / "copies" / "both.wav")
    left, right, rate = sides(tmp_path / "copies" / "both.wav")
    assert (seconds, rate, len(left)) == (2.0, 8000, 16000)
    assert (left.max(), right.max()) == (pytest.approx(8000, abs=50), pytest.approx(4000, abs=50))


async def test_the_shorter_side_is_silent_to_the_end(tmp_path: Path) -> None:
    caller, dispatcher = mono(tmp_path / "c.wav", 3), mono(tmp_path / "d.wav", 1)
    assert await listening_copy(caller, dispatcher, tmp_path / "both.wav") == 3.0
    left, right, _ = sides(tmp_path / "both.wav")
    assert left[16000:].any()
    assert not right[8000:].any()


@pytest.mark.parametrize("content", [None, b"", b"RIFF", b"not a recording at all" * 10])
async def test_a_side_that_is_lost_does_not_take_the_other_with_it(
    tmp_path: Path, content: bytes | None
) -> None:
    caller, lost = mono(tmp_path / "c.wav", 1), tmp_path / "d.wav"
    if content is not None:
        lost.write_bytes(content)
    assert await listening_copy(caller, lost, tmp_path / "both.wav") == 1.0
    assert await silent_sides(caller, lost) == {Side.DISPATCHER}
    assert seconds_of(lost) == 0.0


def test_two_lost_sides_are_an_error_and_no_file(tmp_path: Path) -> None:
    with pytest.raises(NoSound, match=r"c\.wav"):
        asyncio.run(listening_copy(tmp_path / "c.wav", tmp_path / "d.wav", tmp_path / "both.wav"))
    assert list(tmp_path.iterdir()) == []


async def test_a_file_that_asterisk_left_open_when_it_died_is_read_to_its_end(tmp_path: Path) -> None:
    caller, dispatcher = mono(tmp_path / "c.wav", 2), mono(tmp_path / "d.wav", 2)
    content = bytearray(caller.read_bytes())
    struct.pack_into("<I", content, 4, 36)
    struct.pack_into("<I", content, 40, 0)
    caller.write_bytes(bytes(content[:-1]))
    assert seconds_of(caller) == pytest.approx(2.0, abs=0.001)
    await listening_copy(caller, dispatcher, tmp_path / "both.wav")
    left, _, _ = sides(tmp_path / "both.wav")
    assert left[-400:].any()


async def test_sides_of_different_rates_keep_their_pace(tmp_path: Path) -> None:
    caller, dispatcher = mono(tmp_path / "c.wav", 1, rate=8000), mono(tmp_path / "d.wav", 1, rate=16000)
    assert await listening_copy(caller, dispatcher, tmp_path / "both.wav") == 1.0
    left, _, rate = sides(tmp_path / "both.wav")
    assert rate == 16000
    assert int(np.abs(np.fft.rfft(left)).argmax()) == 440


async def test_a_talk_of_several_minutes_stays_in_step(tmp_path: Path) -> None:
    caller, dispatcher = mono(tmp_path / "c.wav", 130), mono(tmp_path / "d.wav", 125)
    assert await listening_copy(caller, dispatcher, tmp_path / "both.wav") == 130.0
    left, right, _ = sides(tmp_path / "both.wav")
    assert len(left) == 130 * 8000
    assert np.array_equal(left[: 125 * 8000], right[: 125 * 8000])
    assert not right[125 * 8000 :].any()


async def test_a_side_that_was_never_heard_is_told(tmp_path: Path) -> None:
    loud, hiss = mono(tmp_path / "c.wav", 2), mono(tmp_path / "d.wav", 2, amplitude=16)
    assert await silent_sides(loud, hiss) == {Side.DISPATCHER}
    assert await silent_sides(hiss, loud) == {Side.CALLER}
    assert await silent_sides(loud, loud) == frozenset()


async def test_one_word_in_a_long_silence_was_heard(tmp_path: Path) -> None:
    path = mono(tmp_path / "c.wav", 0.5)
    with wave.open(str(path)) as wav:
        word = wav.readframes(wav.getnframes())
    with wave.open(str(path), "wb") as wav:
        wav.setparams((1, 2, 8000, 0, "NONE", ""))
        wav.writeframes(bytes(16000 * 60) + word + bytes(16000 * 60))
    assert await silent_sides(path, path) == frozenset()
    assert seconds_of(path) == 120.5


async def test_a_message_in_which_nobody_spoke_is_none(tmp_path: Path) -> None:
    silent = tmp_path / "silent.wav"
    with wave.open(str(silent), "wb") as wav:
        wav.setparams((1, 2, 8000, 0, "NONE", ""))
        wav.writeframes(bytes(16000 * 3))
    assert (seconds_of(silent), spoken_seconds(silent)) == (3.0, 0.0)
    assert spoken_seconds(mono(tmp_path / "c.wav", 0.5)) == 0.5
    assert spoken_seconds(tmp_path / "nothing.wav") == 0.0


async def test_a_copy_that_cannot_be_made_again_leaves_the_last_good_one(tmp_path: Path) -> None:
    target = tmp_path / "both.wav"
    await listening_copy(mono(tmp_path / "c.wav", 1), mono(tmp_path / "d.wav", 1), target)
    with pytest.raises(NoSound):
        await listening_copy(tmp_path / "gone", tmp_path / "gone-too", target)
    assert len(sides(target)[0]) == 8000
