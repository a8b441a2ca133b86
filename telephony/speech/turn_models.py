"""The files of the two models of turns: voice activity and end of turn, out of the wheel of `pipecat-ai`.

`./start --speech` lays them beside the packages (setup/turns.sh, docs/decisions/0027-turns-by-model.md).
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from hotline.speech.hearing import NotHeard
from telephony.speech.models import SET_UP

FOLDER = Path(sys.prefix) / "share" / "hotline" / "turns"


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnModels:
    """The two files."""

    voice: Path
    turn: Path


def turn_models(folder: Path = FOLDER) -> TurnModels:
    """Find them. Raises NotHeard where one is missing."""
    found = TurnModels(voice=folder / "silero_vad.onnx", turn=folder / "smart-turn-v3.2-cpu.onnx")
    for file in (found.voice, found.turn):
        if not file.is_file():
            raise NotHeard(f"{file} is missing: {SET_UP}.")
    return found
