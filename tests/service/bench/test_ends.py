"""Where a turn ends on a clip: behind the speaker's last sound, or in the middle of what they say."""

from pathlib import Path

import numpy as np
import pytest

from tests.bench.ends import Ends
from tests.fakes.sounds import write_samples
from tests.telephony.speech.test_asked_questions import loudness
from tests.telephony.speech.test_turns import QUIET, VOICE, Piece, sound

WHOLE = ((QUIET, 0.3), (VOICE, 1.0), (QUIET, 0.4), (VOICE, 1.0), (QUIET, 0.2))


def wav(folder: Path, *parts: Piece) -> Path:
    return write_samples(folder / "said.wav", np.frombuffer(sound(*parts), "<i2") / 32768)


def judged(surely_over: float) -> Ends:
    return Ends(loudness, lambda _said: surely_over, lambda: None)


def test_a_turn_that_is_taken_for_over_in_a_pause_is_cut_short(tmp_path: Path) -> None:
    end = judged(1.0).of(wav(tmp_path, *WHOLE), pause=1.2)
    assert end is not None
    assert end.cut_short
    assert end.pause == pytest.approx(-1.1, abs=0.1)


def test_a_turn_that_nothing_takes_for_over_ends_by_silence_behind_it(tmp_path: Path) -> None:
    end = judged(0.0).of(wav(tmp_path, *WHOLE), pause=1.2)
    assert end is not None
    assert not end.cut_short
    assert end.pause == pytest.approx(1.2, abs=0.1)


def test_in_silence_there_is_no_turn(tmp_path: Path) -> None:
    assert judged(1.0).of(wav(tmp_path, (QUIET, 1.0)), pause=1.2) is None
