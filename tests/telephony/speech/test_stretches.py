"""Long sounds are heard in stretches in which somebody speaks, and nothing of them is lost."""

import numpy as np
import pytest

from telephony.speech.stretches import AROUND_SECONDS, LONGEST_SECONDS, stretches

RATE = 8000


def sound(*parts: tuple[float, float]) -> bytes:
    """Join seconds of a tone, each so loud (from 0 to 1)."""
    return b"".join(
        (np.sin(np.arange(int(seconds * RATE)) / 3) * loudness * 32000).astype("<i2").tobytes()
        for seconds, loudness in parts
    )


def of(pcm: bytes) -> list[tuple[float, float]]:
    return [(since, since + len(stretch) / 2 / RATE) for since, stretch in stretches(pcm, RATE)]


def test_of_silence_there_is_nothing_to_hear() -> None:
    assert of(b"") == []
    assert of(sound((5, 0))) == []


def test_long_silence_between_words_is_left_out_and_a_short_pause_is_not() -> None:
    two, one = of(sound((3, 0), (1, 0.5), (1, 0), (1, 0.5), (10, 0), (1, 0.5), (3, 0)))
    assert two == pytest.approx((3 - AROUND_SECONDS, 6 + AROUND_SECONDS), abs=0.05)
    assert one == pytest.approx((16 - AROUND_SECONDS, 17 + AROUND_SECONDS), abs=0.05)


def test_what_is_heard_is_what_lies_there() -> None:
    pcm = sound((3, 0), (1, 0.5), (3, 0))
    ((since, stretch),) = stretches(pcm, RATE)
    begin = round(since * RATE) * 2
    assert stretch == pcm[begin : begin + len(stretch)]


def test_endless_speech_is_cut_where_it_is_quietest() -> None:
    pause = 45.0
    found = of(sound((pause, 0.5), (0.3, 0.01), (60, 0.5)))
    assert found[0][0] == 0
    assert pause <= found[0][1] <= pause + 0.3
    assert all(end - begin <= LONGEST_SECONDS for begin, end in found)
    assert [begin for begin, _ in found[1:]] == [end for _, end in found[:-1]]
    assert found[-1][1] == pytest.approx(105.3, abs=0.05)
