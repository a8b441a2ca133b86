"""A sound with bleeps is made when somebody listens, once, and deleted when nobody does any more."""

import asyncio
import os
import wave
from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
import pytest

from hotline.speech.shown_words import Span
from service.speech.masked_copies import KEPT_SECONDS, MaskedCopies, NotMasked
from telephony.voice.bleeping import AROUND_SECONDS, HERTZ
from tests.fakes.kept_sounds import sounds_in
from tests.fakes.sounds import RATE, write_wav


@pytest.fixture
def masks(tmp_path: Path) -> MaskedCopies:
    return MaskedCopies(tmp_path / "masked", sounds_in(tmp_path))


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return write_wav(tmp_path / "said.wav", 4.0, hertz=300)


async def bleeped(masks: MaskedCopies, sound: Path, spans: Sequence[Span]) -> Path:
    return (await masks(await sounds_in(sound.parent).find(sound), spans)).file


def pitch(file: Path, begins: float, ends: float) -> int:
    """The loudest pitch there, in Hz."""
    with wave.open(str(file)) as wav:
        samples = np.frombuffer(wav.readframes(wav.getnframes()), "<i2")
    part = samples[round(begins * RATE) : round(ends * RATE)].astype(float)
    return round(np.fft.rfftfreq(len(part), 1 / RATE)[np.abs(np.fft.rfft(part)).argmax()])


@pytest.mark.usefixtures("true_programs")
async def test_only_the_seconds_of_a_secret_are_bleeped(masks: MaskedCopies, sound: Path) -> None:
    copy = await bleeped(masks, sound, [(1.0, 2.0), (3.5, 9.0)])
    around = AROUND_SECONDS
    assert pitch(copy, 0, 1 - around) == 300
    assert pitch(copy, 1 - around, 2 + around) == HERTZ
    assert pitch(copy, 2 + around, 3.5 - around) == 300
    assert pitch(copy, 3.5 - around, 4) == HERTZ
    assert copy.stat().st_size == sound.stat().st_size
    assert pitch(sound, 0, 4) == 300


async def test_a_sound_without_secrets_is_played_as_it_is(masks: MaskedCopies, sound: Path) -> None:
    assert await bleeped(masks, sound, []) == sound


async def test_a_sound_that_asterisk_left_open_is_bleeped_too(masks: MaskedCopies, sound: Path) -> None:
    whole = sound.read_bytes()
    sound.write_bytes(whole[:40] + b"\0\0\0\0" + whole[44:])
    copy = await bleeped(masks, sound, [(0.0, 4.0)])
    assert copy.read_bytes()[44 : 44 + RATE] != whole[44 : 44 + RATE]


async def test_a_compressed_sound_is_bleeped_as_long_as_it_was(masks: MaskedCopies, tmp_path: Path) -> None:
    with av.open(str(tmp_path / "said.ogg"), "w") as file:
        stream = file.add_stream("libopus", rate=48_000, layout="stereo")
        moments = np.arange(4 * 48_000) / 48_000
        tone = (np.sin(2 * np.pi * 300 * moments) * 8000).astype("<i2")
        both = np.stack([tone, tone], axis=1).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(both, format="s16", layout="stereo")
        frame.sample_rate = 48_000
        file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    copy = await bleeped(masks, tmp_path / "said.ogg", [(1.0, 2.0)])
    with av.open(str(copy)) as file:
        rate = file.streams.audio[0].rate
        heard = np.concatenate([one.to_ndarray() for one in file.decode(audio=0)], axis=-1)
    assert heard.shape[-1] / rate == pytest.approx(4.0, abs=0.05)
    for side in heard:
        for begins, ends, hertz in ((0, 0.7, 300), (0.9, 2.1, HERTZ), (2.3, 3.9, 300)):
            part = side[round(begins * rate) : round(ends * rate)]
            loudest = np.fft.rfftfreq(len(part), 1 / rate)[np.abs(np.fft.rfft(part)).argmax()]
            assert loudest == pytest.approx(hertz, abs=5)


async def test_what_cannot_be_bleeped_is_not_played(masks: MaskedCopies, tmp_path: Path) -> None:
    (tmp_path / "said.ogg").write_bytes(b"no sound")
    with pytest.raises(NotMasked):
        await bleeped(masks, tmp_path / "said.ogg", [(1.0, 2.0)])


async def test_a_copy_is_made_once_and_anew_when_more_is_masked(masks: MaskedCopies, sound: Path) -> None:
    one, same = await asyncio.gather(*(bleeped(masks, sound, [(1.0, 2.0)]) for _ in range(2)))
    other = await bleeped(masks, sound, [(1.0, 2.5)])
    assert one == same
    assert one != other


async def test_a_copy_that_nobody_listens_to_is_deleted(masks: MaskedCopies, sound: Path) -> None:
    old, new = [await bleeped(masks, sound, [(1.0, end)]) for end in (2.0, 3.0)]
    os.utime(old, (0, old.stat().st_mtime - KEPT_SECONDS - 1))
    await masks.delete_old()
    assert [old.exists(), new.exists()] == [False, True]
    assert (await bleeped(masks, sound, [(1.0, 2.0)])).exists()
