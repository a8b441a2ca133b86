"""A program of its own: it takes one side of a talk out of the master, once the side's own file is gone.

python -m telephony.voice.side_writing MASTER CALLER|DISPATCHER TARGET
"""

import os
import sys
import wave
from pathlib import Path

import numpy as np

from hotline.calls.recordings import Side
from telephony.voice.master import read_master, shape_of

NICE = 10
"""Calls go first."""


def main(master: str, side: str, target: str) -> int:
    os.nice(NICE)
    write_side(Path(master), Side(side), Path(target))
    return 0


def write_side(master: Path, side: Side, target: Path) -> None:
    """Write a side as a mono WAV; a master of one channel, in which both speak, yields that for either."""
    shape = shape_of(master)
    number = 1 if side is Side.DISPATCHER and shape.channels > 1 else 0
    with wave.open(str(target), "wb") as wav:
        wav.setparams((1, 2, shape.rate, 0, "NONE", ""))
        for block in read_master(master):
            wav.writeframes(np.ascontiguousarray(block[:, number]).tobytes())


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
