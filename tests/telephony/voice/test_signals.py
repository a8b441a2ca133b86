"""Tones of the hotline: soft, told apart by their notes, and there again when a file is deleted."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from telephony.phone.sound import tone_share
from telephony.voice.prompt_sound import SPEECH_LEVEL, wav_of_a_law
from telephony.voice.signals import NOTES, Signal, Signals
from telephony.voice.tones import sound

RATE = 8000


@pytest.mark.parametrize("signal", Signal)
def test_each_note_is_heard_and_softer_than_speech(signal: Signal) -> None:
    samples = sound(NOTES[signal], RATE)
    begins = 0
    for hertz, seconds in NOTES[signal]:
        note = samples[begins : begins + round(seconds * RATE)]
        begins += len(note)
        assert tone_share(note, hertz) > 0.9
        assert 20 * np.log10(np.sqrt(np.mean((note / 32768) ** 2))) < SPEECH_LEVEL
        assert abs(int(note[0])) < 50
        assert abs(int(note[-1])) < 50
    assert begins == len(samples)


def test_no_two_tones_are_alike() -> None:
    assert all(NOTES[one] != NOTES[other] for one, other in pairwise(Signal))


def test_a_tone_is_written_for_asterisk_and_again_when_it_is_gone(tmp_path: Path) -> None:
    signals = Signals(tmp_path / "prompts")
    stem = Path(signals.media(Signal.PAUSED).removeprefix("sound:"))
    narrow, wide = stem.with_suffix(".alaw"), stem.with_suffix(".sln16")
    assert wide.read_bytes() == sound(NOTES[Signal.PAUSED], 16_000).tobytes()
    heard = np.frombuffer(wav_of_a_law(narrow.read_bytes())[44:], "<i2")
    assert np.abs(heard - sound(NOTES[Signal.PAUSED], RATE).astype(int)).max() < 100
    narrow.unlink()
    signals.media(Signal.PAUSED)
    assert narrow.is_file()
