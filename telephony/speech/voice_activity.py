"""Voice activity: how surely somebody speaks, by Silero's model (MIT), which knows speech from music."""

from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from telephony.speech.models import TELEPHONE
from telephony.speech.onnx_session import session

_CONTEXT = 32
"""Samples of the window before that it wants in front of each."""
_SURELY_QUIET = 0.1
_FORGETS_AFTER = 64
"""Windows, two seconds: a memory of music or of a long silence makes it miss the speech that follows."""
_QUIET_BEFORE = 5
"""Windows that have to be quiet one after the other before it may forget."""


class VoiceActivity:
    """One caller's sound, in windows of `turns.WINDOW` samples."""

    def __init__(self, model: onnxruntime.InferenceSession) -> None:
        self._model = model
        self._rate = np.array(TELEPHONE, dtype=np.int64)
        self.begin()

    def begin(self) -> None:
        """Take the next sound for that of another moment, or of another caller."""
        self._memory: NDArray[np.float32] = np.zeros((2, 1, 128), dtype=np.float32)
        self._before: NDArray[np.float32] = np.zeros(_CONTEXT, dtype=np.float32)
        self._windows = self._quiet = 0

    @classmethod
    def loaded(cls, file: Path) -> "VoiceActivity":
        return cls(session(file))

    def of(self, window: NDArray[np.float32]) -> float:
        """Tell how surely somebody speaks in these samples between -1 and 1: from 0 to 1."""
        heard, self._memory = self._model.run(
            None,
            {"input": np.concatenate((self._before, window))[None], "state": self._memory, "sr": self._rate},
        )
        self._before = window[-_CONTEXT:]
        voice = float(heard[0, 0])
        self._windows += 1
        self._quiet = self._quiet + 1 if voice < _SURELY_QUIET else 0
        if self._windows >= _FORGETS_AFTER and self._quiet >= _QUIET_BEFORE:
            self.begin()
        return voice
