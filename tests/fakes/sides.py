"""What a side of a talk said, wherever it lies now: in its own file, or in the master."""

import tempfile
from pathlib import Path

from hotline.calls.call import Recording
from hotline.calls.recordings import Side
from telephony.voice.audio import MonoWav, NoSound, find_sound
from telephony.voice.side_writing import write_side
from telephony.voice.sides import side_file


def find_side(recording: Recording, side: Side) -> MonoWav:
    """Find it; raises NoSound when it lies nowhere."""
    own = find_sound(side_file(recording, side))
    if own.size:
        return own
    master = Path(recording.master_file or "")
    if not master.is_file():
        raise NoSound(f"Recording {recording.id} has no sound of the {side.value}.")
    taken = Path(tempfile.mkdtemp()) / f"{side.value}.wav"
    write_side(master, side, taken)
    return find_sound(taken)
