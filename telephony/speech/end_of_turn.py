"""End of turn: whether a caller who pauses has said all, by the smart-turn model (BSD-2, 23 languages)."""

import math
from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime
import soxr
from numpy.typing import NDArray

from telephony.speech.models import TELEPHONE, WIDE
from telephony.speech.onnx_session import session

SECONDS = 8
"""It looks at the last seconds of what was said; silence goes before what is shorter."""
_SAMPLES = SECONDS * WIDE
_FOURIER, _HOP, _MELS = 400, 160, 80
_FLOOR = 1e-10
_RANGE = 8.0
_TINY = 1e-7


class EndOfTurn:
    """Judges a pause by melody and words before it."""

    def __init__(self, model: onnxruntime.InferenceSession) -> None:
        self._model = model

    @classmethod
    def loaded(cls, file: Path) -> "EndOfTurn":
        return cls(session(file))

    def of(self, said: NDArray[np.float32]) -> float:
        """Tell how surely the turn is over after these samples at 8 kHz, between -1 and 1: from 0 to 1."""
        wide = soxr.resample(said[-SECONDS * TELEPHONE :], TELEPHONE, WIDE)[-_SAMPLES:]
        features = log_mel(np.pad(wide, (_SAMPLES - len(wide), 0)))
        return float(self._model.run(None, {"input_features": features[None]})[0][0, 0])


def log_mel(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Make Whisper's features of eight seconds at 16 kHz, of even loudness: 80 bands × 800 moments."""
    even = (samples - samples.mean()) / np.sqrt(samples.var() + _TINY)
    padded = np.pad(even, _FOURIER // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FOURIER)[::_HOP][:-1]
    hann = np.hanning(_FOURIER + 1)[:-1].astype(np.float32)
    power = np.abs(np.fft.rfft(frames * hann)).astype(np.float32) ** 2
    bands = np.log10(np.maximum(power @ _filters(), _FLOOR)).T
    features: NDArray[np.float32] = (np.maximum(bands, bands.max() - _RANGE) + 4.0) / 4.0
    return features.astype(np.float32)


@cache
def _filters() -> NDArray[np.float32]:
    """Give the triangular filters of Slaney's mel scale, of one area each: 201 frequencies × 80 bands."""
    edges = _hertz(np.linspace(0.0, _mel(WIDE / 2), _MELS + 2))
    hertz = np.linspace(0.0, WIDE / 2, _FOURIER // 2 + 1)[:, None]
    low, middle, high = edges[:-2], edges[1:-1], edges[2:]
    rising, falling = (hertz - low) / (middle - low), (high - hertz) / (high - middle)
    filters = np.maximum(0.0, np.minimum(rising, falling)) * (2.0 / (high - low))
    return filters.astype(np.float32)


_LINEAR_TO = 1000.0
"""Hertz up to which the scale is linear, 200/3 to a mel; beyond it is logarithmic."""
_PER_MEL = 200.0 / 3.0
_STEP = math.log(6.4) / 27.0


def _mel(hertz: float) -> float:
    """Place a frequency above the linear part on the scale."""
    return _LINEAR_TO / _PER_MEL + math.log(hertz / _LINEAR_TO) / _STEP


def _hertz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    beyond = _LINEAR_TO * np.exp(_STEP * (mels - _LINEAR_TO / _PER_MEL))
    return np.where(mels * _PER_MEL < _LINEAR_TO, mels * _PER_MEL, beyond)
