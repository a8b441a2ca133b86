"""The two files in which Asterisk records a talk, one for each side."""

from pathlib import Path

from hotline.calls.call import Recording
from hotline.calls.recordings import Side
from telephony.voice.audio import MonoWav, find_sound


def side_file(recording: Recording, side: Side) -> Path:
    return Path(recording.caller_file if side is Side.CALLER else recording.dispatcher_file)


def sides_of(recording: Recording) -> list[MonoWav]:
    """Return the files of the sides, the caller's first; one that both share once."""
    names = dict.fromkeys((recording.caller_file, recording.dispatcher_file))
    return [find_sound(Path(name)) for name in names]
