"""A talk heard from the files into which it is recorded: they grow, begin late, and stand still."""

import wave
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from hotline.speech.hearing import NO_HINTS, HeardWord, Hints
from hotline.speech.transcripts import Speaker
from telephony.speech.beside import LAST_LOOKS, LONGEST_STILL, STILL_LOOKS, SideHeard, follow
from telephony.speech.models import TELEPHONE
from telephony.speech.utterances import Gathered
from telephony.speech.uttered import Uttered

HEAD = 44
LOUD = 0.2


class CountingEar:
    """Hears one word for each utterance: how many tenths of a second are loud in it."""

    rate = TELEPHONE

    def hear(self, pcm: bytes, hints: Hints = NO_HINTS) -> Sequence[HeardWord]:
        samples = np.abs(np.frombuffer(pcm, "<i2").astype(np.float64)) / 32768
        tenths = round((samples > LOUD / 2).sum() / TELEPHONE * 10)
        said = tenths and not hints.only
        return [HeardWord(text=f"{tenths}", begins=0, ends=1, confidence=1)] if said else []

    def begin(self, hints: Hints = NO_HINTS) -> Gathered:
        return Gathered(self, hints)


def loudness(window: NDArray[np.float32]) -> float:
    return float(np.abs(window).max() > LOUD / 2)


class GrowingFile:
    """A mono WAV as Asterisk writes one: its head says that it is empty until it is closed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def begin(self) -> None:
        with wave.open(str(self.path), "wb") as file:
            file.setparams((1, 2, TELEPHONE, 0, "NONE", ""))

    def says(self, *parts: tuple[float, float]) -> None:
        """Write on: (seconds, loudness)."""
        with self.path.open("ab") as file:
            for seconds, loud in parts:
                file.write(np.full(round(seconds * TELEPHONE), loud * 32768, dtype="<i2").tobytes())


@pytest.fixture
def files(tmp_path: Path) -> dict[Speaker, GrowingFile]:
    return {one: GrowingFile(tmp_path / f"{one}.wav") for one in Speaker}


@pytest.fixture
def sides(files: dict[Speaker, GrowingFile]) -> Sequence[SideHeard]:
    return [SideHeard(one, file.path, CountingEar(), loudness) for one, file in files.items()]


def talk(*acts: Callable[[], None]) -> Callable[[float], bool]:
    """Each time when there is nothing to be heard the next of these is done; behind the last it is over."""
    left = list(acts)

    def goes_on(seconds: float) -> bool:
        if seconds and left:
            left.pop(0)()
        return bool(left) or not seconds

    return goes_on


def told(heard: Iterator[Uttered]) -> list[tuple[str, str]]:
    return [(str(one.speaker), one.words[0].text) for one in heard]


def test_both_sides_are_told_as_they_are_said(
    files: dict[Speaker, GrowingFile], sides: Sequence[SideHeard]
) -> None:
    caller, dispatcher = files[Speaker.CALLER], files[Speaker.DISPATCHER]

    def begin() -> None:
        caller.begin()
        dispatcher.begin()

    heard = follow(
        sides,
        talk(
            begin,
            lambda: dispatcher.says((0.5, 0), (1.0, LOUD), (1.0, 0)),
            lambda: caller.says((2.0, 0), (0.5, LOUD), (1.0, 0)),
            lambda: dispatcher.says((1.0, 0), (0.3, LOUD)),  # cut off by the end of the talk
            lambda: None,
        ),
    )
    assert told(heard) == [("dispatcher", "10"), ("caller", "5"), ("dispatcher", "3")]


def test_what_was_said_last_is_told_though_the_recording_stands_still(
    files: dict[Speaker, GrowingFile], sides: Sequence[SideHeard]
) -> None:
    caller = files[Speaker.CALLER]
    told_at: list[int] = []
    looks = [
        lambda: caller.says((1.0, 0), (1.0, LOUD)),  # put on hold in the middle of a word
        *[lambda: None] * STILL_LOOKS,
        lambda: caller.says((0.5, LOUD), (1.0, 0)),
    ]
    caller.begin()
    written: list[Uttered] = []
    for one in follow(sides, talk(*looks)):
        told_at.append(caller.path.stat().st_size)
        written.append(one)
    assert [one.words[0].text for one in written] == ["10", "5"]
    assert told_at[0] < told_at[1]
    assert [one.begins for one in written] == pytest.approx([0.7, 2.0], abs=0.5)


def test_what_is_said_tells_when(files: dict[Speaker, GrowingFile], sides: Sequence[SideHeard]) -> None:
    for one in files.values():
        one.begin()
    files[Speaker.CALLER].says((3.0, 0), (1.0, LOUD), (2.0, 0))
    (one,) = follow(sides, talk())
    assert one.begins == pytest.approx(2.7, abs=0.5)  # with the moment before the voice


def test_who_speaks_without_a_pause_is_told_piece_by_piece(
    files: dict[Speaker, GrowingFile], sides: Sequence[SideHeard]
) -> None:
    for one in files.values():
        one.begin()
    files[Speaker.CALLER].says((26.0, LOUD))
    heard = told(follow(sides, talk()))
    assert [speaker for speaker, _ in heard] == ["caller"] * 3
    assert sum(int(tenths) for _, tenths in heard) == pytest.approx(260, abs=2)


def test_an_ear_that_is_far_behind_goes_on_with_what_is_said_now(
    files: dict[Speaker, GrowingFile], sides: Sequence[SideHeard]
) -> None:
    for one in files.values():
        one.begin()
    files[Speaker.CALLER].says((300.0, 0), (1.0, LOUD), (1.0, 0))
    gap, one = follow(sides, talk())
    assert (gap.words, gap.left_out) == ((), pytest.approx(299.5, abs=0.6))
    assert (one.words[0].text, one.left_out) == ("10", 0.0)


def test_files_that_never_come_end_with_the_talk(sides: Sequence[SideHeard]) -> None:
    looks = 0

    def goes_on(seconds: float) -> bool:
        nonlocal looks
        looks += 1
        return False

    assert list(follow(sides, goes_on)) == []
    assert looks == LAST_LOOKS


def test_a_recording_that_nobody_writes_on_is_over(
    files: dict[Speaker, GrowingFile], sides: Sequence[SideHeard]
) -> None:
    looks = 0

    def goes_on(seconds: float) -> bool:
        nonlocal looks
        looks += 1
        return True

    for one in files.values():
        one.begin()
    assert list(follow(sides, goes_on)) == []
    assert looks == LONGEST_STILL
