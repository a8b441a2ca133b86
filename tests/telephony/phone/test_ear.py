"""What was said is in the recording whole, whenever its packets came."""

import struct
from collections.abc import Sequence

import numpy as np
import pytest

from telephony.phone.ear import Ear
from telephony.phone.g711 import FRAME, RATE, encode
from telephony.phone.sdp import Law

FRAME_SECONDS = FRAME / RATE
FRAMES = 200
MIDDLE = FRAMES // 2
MARKED = (MIDDLE - 1, MIDDLE, FRAMES - 1)
"""Packets that are told from the others in the recording."""
BEGAN = 100.0


@pytest.fixture
def ear(monkeypatch: pytest.MonkeyPatch) -> Ear:
    monkeypatch.setattr("telephony.phone.ear.time.monotonic", lambda: BEGAN)
    return Ear(lambda _kind, _key: None)


def take(ear: Ear, monkeypatch: pytest.MonkeyPatch, arrivals: Sequence[float]) -> None:
    """One stream, whose packets come at these moments."""
    for number, at in enumerate(arrivals):
        sound = np.full(FRAME, -5000 if number in MARKED else 5000, np.int16)
        header = struct.pack("!BBHII", 0x80, Law.ALAW.payload_type, number, 160_000 + number * FRAME, 7)
        monkeypatch.setattr("telephony.phone.ear.time.monotonic", lambda at=at: BEGAN + at)
        ear.take(header + encode(sound, Law.ALAW))


def heard(ear: Ear) -> tuple[int, list[float]]:
    """How many packets are in the recording, and when the marked ones begin."""
    samples = ear.recording(BEGAN, BEGAN + 10).astype(int)
    marked = np.flatnonzero(samples < -1000)
    begins = [int(at) for at in marked if at % FRAME == marked[0] % FRAME or at - 1 not in marked]
    return int(np.count_nonzero(np.abs(samples) > 1000)) // FRAME, [round(at / RATE, 2) for at in begins]


@pytest.mark.parametrize("asleep", [0.4, 0.7, 1.5, 2.5])
def test_packets_that_waited_while_we_were_not_run_keep_their_places(
    ear: Ear, monkeypatch: pytest.MonkeyPatch, asleep: float
) -> None:
    due = [number * FRAME_SECONDS for number in range(FRAMES)]
    take(ear, monkeypatch, [max(at, 1 + asleep) if 1 <= at < 1 + asleep else at for at in due])
    assert heard(ear) == (FRAMES, [pytest.approx(due[one], abs=0.05) for one in MARKED])


@pytest.mark.parametrize("pause", [0.7, 2.0])
def test_a_pause_in_which_nothing_was_sent_is_heard_as_one(
    ear: Ear, monkeypatch: pytest.MonkeyPatch, pause: float
) -> None:
    """Asterisk counts its stamps on from one sound to the next, however long nobody spoke."""
    came = [number * FRAME_SECONDS + (pause if number >= MIDDLE else 0) for number in range(FRAMES)]
    take(ear, monkeypatch, came)
    assert heard(ear) == (FRAMES, [pytest.approx(came[one], abs=0.05) for one in MARKED])


@pytest.mark.parametrize("pause", [0.1, 0.3, 0.45])
def test_the_latest_sound_is_that_which_came_however_short_the_pauses_that_nobody_told_of(
    ear: Ear, monkeypatch: pytest.MonkeyPatch, pause: float
) -> None:
    """A pause too short to be heard as one moves no packet: all that follow have their place before now."""
    came = [number * FRAME_SECONDS + (pause if number >= MIDDLE else 0) for number in range(FRAMES)]
    take(ear, monkeypatch, came)
    now = BEGAN + came[-1] + FRAME_SECONDS
    end = ear.latest(now)
    assert np.abs(ear.recording(end - 1, end)).min() > 1000
    assert not ear.recording(now - 1, now)[-round((pause - FRAME_SECONDS) * RATE) :].any()
