"""Masters hold every sample; copies sound even; what was measured is what was said."""

import sys
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from hotline.calls.recordings import MarkKind, measured
from telephony.voice.audio import MonoWav, NoSound, find_sound
from telephony.voice.master import (
    TARGET_LUFS,
    MasterDiffers,
    measure,
    read_master,
    shape_of,
    verify_master,
    write_copy,
    write_master,
)
from telephony.voice.master_making import MasterNotMade, make
from telephony.voice.mastering import Done, Work
from tests.fakes.sounds import RATE, write_samples

Samples = NDArray[np.float64]
NOISE = np.random.default_rng(1)


def spoken(pattern: str, loudness: float) -> Samples:
    """A second of noise, which an encoder finds as hard as speech, for each `1`."""
    return np.concatenate([NOISE.standard_normal(RATE) * loudness * (one == "1") for one in pattern])


def side(path: Path, pattern: str, loudness: float = 0.1) -> MonoWav:
    return find_sound(write_samples(path, np.clip(spoken(pattern, loudness), -1, 1)))


def held(master: Path) -> NDArray[np.int16]:
    return np.concatenate([*read_master(master)])


def heard(copy: Path) -> Samples:
    """What a listener hears, a column for each side; full scale is 1."""
    with av.open(str(copy)) as container:
        planes = [frame.to_ndarray() for frame in container.decode(audio=0)]
    return np.concatenate(planes, axis=1).T.astype(np.float64)


def samples(of: MonoWav) -> NDArray[np.int16]:
    return np.frombuffer(b"".join(of.minutes(RATE)), "<i2")


@pytest.mark.parametrize("seconds", [(3, 2), (2, 3), (130, 125), (60, 60)])
def test_a_master_holds_every_sample_of_both_sides(tmp_path: Path, seconds: tuple[int, int]) -> None:
    both = [side(tmp_path / f"{n}.wav", "1" * long) for n, long in enumerate(seconds)]
    write_master(both, tmp_path / "m.flac")
    verify_master(both, tmp_path / "m.flac")
    found = held(tmp_path / "m.flac")
    assert len(found) == max(seconds) * RATE
    for channel, one in enumerate(both):
        said = samples(one)
        assert np.array_equal(found[: len(said), channel], said)
        assert not found[len(said) :, channel].any()
    shape = shape_of(tmp_path / "m.flac")
    assert (shape.rate, shape.channels, shape.seconds) == (RATE, 2, max(seconds))


def test_a_side_that_is_lost_does_not_take_the_other_with_it(tmp_path: Path) -> None:
    both = [find_sound(tmp_path / "gone.wav"), side(tmp_path / "d.wav", "11")]
    write_master(both, tmp_path / "m.flac")
    verify_master(both, tmp_path / "m.flac")
    assert not held(tmp_path / "m.flac")[:, 0].any()
    with pytest.raises(NoSound, match=r"gone\.wav"):
        write_master(both[:1], tmp_path / "none.flac")


@pytest.mark.parametrize("damage", ["sample", "shorter", "longer"])
def test_a_master_that_differs_in_one_sample_is_not_taken_for_whole(tmp_path: Path, damage: str) -> None:
    both = [side(tmp_path / f"{n}.wav", "111") for n in range(2)]
    write_master(both, tmp_path / "m.flac")
    said = samples(both[1]).astype(np.float64) / 32767
    match damage:
        case "sample":
            said[9999] += 2 / 32767
        case "shorter":
            said = np.append(said, 0.1)
        case _:
            both[0] = side(tmp_path / "0.wav", "11")
            said = said[:-1]
    with pytest.raises(MasterDiffers):
        verify_master([both[0], find_sound(write_samples(tmp_path / "1.wav", said))], tmp_path / "m.flac")


def test_a_quiet_caller_and_a_loud_dispatcher_are_equally_loud_in_the_copy(tmp_path: Path) -> None:
    both = [
        side(tmp_path / "c.wav", "1" * 10 + "0" * 10, 0.02),
        side(tmp_path / "d.wav", "0" * 10 + "1" * 10, 0.3),
    ]
    write_master(both, tmp_path / "m.flac")
    loudness = measure(tmp_path / "m.flac").loudness
    assert loudness[1] - loudness[0] > 20
    write_copy(tmp_path / "m.flac", tmp_path / "c.ogg", loudness)
    found = heard(tmp_path / "c.ogg")
    assert shape_of(tmp_path / "c.ogg").channels == 2
    assert (tmp_path / "c.ogg").stat().st_size < (tmp_path / "m.flac").stat().st_size / 3
    levels = [np.sqrt((found[part, channel] ** 2).mean()) for part, channel in _turns(found)]
    assert 20 * np.log10(levels[1] / levels[0]) == pytest.approx(0, abs=2.5)
    crosstalk = np.sqrt((found[_turns(found)[0][0], 1] ** 2).mean())
    assert 20 * np.log10(max(crosstalk, 1e-5) / levels[0]) < -25
    assert np.abs(found).max() < 1


def _turns(found: Samples) -> list[tuple[slice, int]]:
    """The middle of each one's turn, and the channel in which it is heard."""
    second = len(found) // 20
    return [(slice(2 * second, 8 * second), 0), (slice(12 * second, 18 * second), 1)]


def test_loudness_is_measured_as_ebu_r128_has_it(tmp_path: Path) -> None:
    """A sine of 997 Hz and -20 dBFS (peak) in one channel has -23 LUFS (ITU-R BS.1770)."""
    sine = np.sin(2 * np.pi * 997 * np.arange(20 * RATE) / RATE) * 10 ** (-20 / 20)
    write_master([find_sound(write_samples(tmp_path / "s.wav", sine))], tmp_path / "m.flac")
    assert measure(tmp_path / "m.flac").loudness == [pytest.approx(-23.0, abs=0.15)]
    assert TARGET_LUFS == -16


def test_who_spoke_when_is_measured(tmp_path: Path) -> None:
    both = [side(tmp_path / "c.wav", "1111000000"), side(tmp_path / "d.wav", "0011110001")]
    write_master(both, tmp_path / "m.flac")
    found = measure(tmp_path / "m.flac")
    figures = measured(found.levels, found.peaks)
    assert (figures.caller_seconds, figures.dispatcher_seconds) == (4, 5)
    assert (figures.silence_seconds, figures.longest_silence, figures.talk_over_seconds) == (3, 3, 2)
    assert [(one.kind, one.begins, one.ends) for one in figures.marks] == [
        (MarkKind.TALK_OVER, 2, 4),
        (MarkKind.SILENCE, 6, 9),
    ]
    caller, dispatcher = figures.peaks
    assert len(caller) == len(dispatcher) == 400
    assert min(caller[:150]) > 10
    assert max(caller[170:]) == 0
    assert min(dispatcher[90:230]) > 10


@pytest.mark.usefixtures("true_programs")
async def test_the_program_tells_each_thing_that_is_done(tmp_path: Path) -> None:
    for name in ("c", "d"):
        side(tmp_path / f"{name}.wav", "11")
    done: list[Done] = []
    made = await make(_work(tmp_path), done.append)
    assert done == [Done.WRITTEN, Done.VERIFIED, Done.COPIED]
    assert (made.seconds, len(made.loudest), len(made.sha256)) == (2, 2, 64)
    again: list[Done] = []
    anew = await make(
        Work(sides=[], master=str(tmp_path / "m.flac"), copy=str(tmp_path / "n.ogg")), again.append
    )
    assert (again, anew.figures) == ([Done.COPIED], made.figures)


@pytest.mark.usefixtures("true_programs")
async def test_two_lost_sides_and_a_folder_that_takes_nothing_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(NoSound, match=r"c\.wav"):
        await make(_work(tmp_path), lambda _: None)
    side(tmp_path / "c.wav", "11")
    with pytest.raises(MasterNotMade, match="No such file"):
        await make(
            Work(sides=[str(tmp_path / "c.wav")], master=str(tmp_path / "no/m.flac"), copy="c.ogg"), print
        )


@pytest.mark.usefixtures("true_programs")
async def test_a_program_that_dies_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(MasterNotMade, match="ended with 1"):
        await make(_work(tmp_path), lambda _: None)


def _work(folder: Path) -> Work:
    return Work(
        sides=[str(folder / "c.wav"), str(folder / "d.wav")],
        master=str(folder / "m.flac"),
        copy=str(folder / "c.ogg"),
    )
