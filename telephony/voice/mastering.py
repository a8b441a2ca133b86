"""A program of its own: it makes the master of a talk and the copy to listen to, and measures both sides.

    python -m telephony.voice.mastering < WORK

`WORK` is `Work` as JSON; lines of `Told` as JSON come out. A long talk takes seconds of a processor, and a
sound that an encoder stumbles over ends this process and no call. It writes into the files it is given and
renames none: who started it decides what becomes of them.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from hotline.calls.recordings import measured
from telephony.voice.audio import NoSound, find_sound
from telephony.voice.master import measure, verify_master, write_copy, write_master
from telephony.voice.master_work import Done, Made, MasterDiffers, Refused, Step, Told, Work, digest

NICE = 10
"""Calls go first."""


def main() -> int:
    """Do the work that stands on standard input."""
    os.nice(NICE)
    work = msgspec.json.decode(sys.stdin.buffer.read(), type=Work)
    try:
        _tell(make(work, lambda done: _tell(Step(done))))
    except NoSound as error:
        _tell(Refused(str(error), empty=True))
    except (MasterDiffers, OSError) as error:
        _tell(Refused(str(error)))
        return 1
    return 0


def make(work: Work, reached: Callable[[Done], None]) -> Made:
    """Make and measure it; `reached` hears of each thing that is done.

    Raises NoSound, MasterDiffers, or OSError when the disk has no room.
    """
    master, copy = Path(work.master), Path(work.copy)
    if work.sides:
        sides = [find_sound(Path(side)) for side in work.sides]
        write_master(sides, master)
        reached(Done.WRITTEN)
        verify_master(sides, master)
        reached(Done.VERIFIED)
    found = measure(master)
    write_copy(master, copy, found.loudness)
    reached(Done.COPIED)
    return Made(
        sha256=digest(master),
        seconds=found.seconds,
        figures=measured(found.levels, found.peaks, work.paused),
        loudest=[max(side, default=-100.0) for side in found.levels],
    )


def _tell(told: Told) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
