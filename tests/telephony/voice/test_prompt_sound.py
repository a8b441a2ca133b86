"""What a caller gets to hear: no wait before the words, one loudness, no clipping, exact A-law."""

import importlib
import wave
from pathlib import Path

import numpy as np
import pytest
import soxr

from telephony.voice.prompt_sound import Sound, a_law, at_rate, read_wav, shaped

RATE = 24_000


def tone(hertz: float, seconds: float, amplitude: float = 0.1) -> Sound:
    moments = np.arange(int(RATE * seconds)) / RATE
    return (amplitude * np.sin(2 * np.pi * hertz * moments)).astype(np.float32)


def silence(seconds: float) -> Sound:
    return np.zeros(int(RATE * seconds), dtype=np.float32)


def level(samples: Sound) -> float:
    return float(10 * np.log10((samples.astype(np.float64) ** 2).mean()))


def test_the_silence_before_the_words_is_cut_to_twenty_milliseconds() -> None:
    made = shaped(np.concatenate([silence(0.4), tone(440, 1), silence(0.6)]), RATE)
    first = np.flatnonzero(np.abs(made) > 0.01)[0] / RATE
    assert first == pytest.approx(0.02, abs=0.006)
    assert len(made) / RATE == pytest.approx(1.17, abs=0.01)


@pytest.mark.parametrize("amplitude", [0.003, 0.05, 0.9])
def test_quiet_and_loud_voices_come_out_alike(amplitude: float) -> None:
    made = shaped(np.concatenate([tone(440, 1, amplitude), silence(2), tone(440, 1, amplitude)]), RATE)
    assert level(made[RATE // 10 : RATE // 2]) == pytest.approx(-20, abs=0.5)


def test_pure_silence_leaves_nothing() -> None:
    assert shaped(silence(1), RATE).size == 0
    assert shaped(silence(0), RATE).size == 0


@pytest.mark.parametrize("wanted", [8_000, 16_000])
def test_peaks_stay_below_minus_three_decibels(wanted: int) -> None:
    loud = tone(300, 1)
    loud[RATE // 2 : RATE // 2 + 200] *= 30
    made = at_rate(loud * 4, RATE, wanted)
    assert np.abs(made).max() <= round(32767 * 10 ** (-3 / 20))


def test_what_the_telephone_cannot_carry_is_filtered_not_folded_back() -> None:
    made = at_rate(tone(6_000, 1, 0.5), RATE, 8_000)
    assert np.abs(made[800:-800]).max() < 33


@pytest.mark.filterwarnings("ignore:'audioop' is deprecated:DeprecationWarning")
def test_a_law_is_the_standard_s_for_every_sample_there_is() -> None:
    samples = np.arange(-32768, 32768).astype(np.int16)
    assert a_law(samples) == importlib.import_module("audioop").lin2alaw(samples.tobytes(), 2)


def test_a_wav_is_read_with_its_rate(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "a.wav"), "wb") as wav:
        wav.setparams((1, 2, RATE, 0, "NONE", ""))
        wav.writeframes(np.array([0, 16384, -32768], dtype="<i2").tobytes())
    sound, rate = read_wav(tmp_path / "a.wav")
    assert (sound.tolist(), rate) == ([0.0, 0.5, -1.0], RATE)
    assert len(soxr.resample(sound, RATE, 8_000)) == 1
