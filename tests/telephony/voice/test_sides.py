"""One side of a talk: read alike from its own file and out of the master; bleeped in a copy."""

from pathlib import Path

import av
import numpy as np
import pytest

from hotline.calls.call import Recording
from hotline.calls.recordings import Side
from telephony.voice.audio import NoSound, find_sound
from telephony.voice.bleeping import AROUND_SECONDS, HERTZ, bleep
from telephony.voice.master import measure, write_copy, write_master
from telephony.voice.side_writing import write_side
from tests.fakes.clock import NOON
from tests.fakes.sides import find_side
from tests.fakes.sounds import RATE, write_wav


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    sides = [write_wav(tmp_path / f"{name}.wav", 4, hertz=hertz) for name, hertz in (("c", 300), ("d", 500))]
    write_master([find_sound(one) for one in sides], tmp_path / "m.flac")
    return Recording(
        id="m",
        call_id="c1",
        dispatcher_id=None,
        started_at=NOON,
        caller_file=str(sides[0]),
        dispatcher_file=str(sides[1]),
        master_file=str(tmp_path / "m.flac"),
    )


@pytest.mark.parametrize("rate", [RATE, 16_000])
def test_a_side_sounds_alike_from_its_file_and_from_the_master(recording: Recording, rate: int) -> None:
    before = [b"".join(find_side(recording, side).minutes(rate)) for side in Side]
    for file in (recording.caller_file, recording.dispatcher_file):
        Path(file).unlink()
    after = [find_side(recording, side) for side in Side]
    assert [b"".join(one.minutes(rate)) for one in after] == before
    assert [one.seconds for one in after] == [4, 4]
    Path(recording.master_file or "").unlink()
    with pytest.raises(NoSound):
        find_side(recording, Side.CALLER)


def test_a_side_is_written_out_of_the_master_as_it_was(recording: Recording, tmp_path: Path) -> None:
    for side, file in zip(Side, (recording.caller_file, recording.dispatcher_file), strict=True):
        write_side(tmp_path / "m.flac", side, tmp_path / "side.wav")
        assert (tmp_path / "side.wav").read_bytes() == Path(file).read_bytes()


def test_only_the_seconds_of_a_secret_are_bleeped_in_a_copy_too(recording: Recording, tmp_path: Path) -> None:
    master = Path(recording.master_file or "")
    write_copy(master, tmp_path / "copy.ogg", measure(master).loudness)
    bleep(tmp_path / "copy.ogg", tmp_path / "masked.ogg", [(1.0, 2.0), (3.5, 9.0)])
    around = AROUND_SECONDS
    for channel, hertz in enumerate((300, 500)):
        assert pitch(tmp_path / "masked.ogg", channel, 0.1, 1 - around) == hertz
        assert pitch(tmp_path / "masked.ogg", channel, 1.05 - around, 1.95 + around) == HERTZ
        assert pitch(tmp_path / "masked.ogg", channel, 2.05 + around, 3.45 - around) == hertz
        assert pitch(tmp_path / "masked.ogg", channel, 3.55 - around, 4) == HERTZ


def pitch(file: Path, channel: int, begins: float, ends: float) -> float:
    """The loudest pitch there, to the nearest 20 Hz."""
    with av.open(str(file)) as container:
        rate = container.streams.audio[0].rate
        sound = np.concatenate([one.to_ndarray() for one in container.decode(audio=0)], axis=1)[channel]
    part = sound[round(begins * rate) : round(ends * rate)].astype(float)
    loudest = np.fft.rfftfreq(len(part), 1 / rate)[np.abs(np.fft.rfft(part)).argmax()]
    return 20 * round(float(loudest) / 20)
