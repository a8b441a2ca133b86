"""CTC, RNN-T and TDT models in ONNX: a city's own Ukrainian model, or parakeet-tdt-0.6b-v3, in a folder."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx_asr
import onnxruntime

from hotline.speech.hearing import NO_HINTS, HeardWord, Hints
from hotline.voice.speech import Language
from telephony.speech.models import Found
from telephony.speech.utterances import Gathered

LAST_TOKEN = 0.2
"""Seconds that the last piece of a word lasts at most: models tell only when it begins."""


def opened(found: Found, language: Language) -> "OnnxEar":
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    model = onnx_asr.load_model(
        found.kind,
        found.folder,
        quantization=found.quantised or None,
        sess_options=options,
        providers=["CPUExecutionProvider"],
    )
    return OnnxEar(model.with_timestamps(), found, language)


class OnnxEar:
    """Implements `hotline.speech.hearing.Ear`."""

    def __init__(self, model: Any, found: Found, language: Language) -> None:
        self._model = model
        self._asks = {"language": str(language)} if "whisper" in found.kind else {}
        self.rate = found.rate

    def hear(self, pcm: bytes, hints: Hints = NO_HINTS) -> Sequence[HeardWord]:  # noqa: ARG002 - takes none
        samples = np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32768)
        if not samples.size:
            return []
        heard = self._model.recognize(samples, sample_rate=self.rate, **self._asks)
        if heard.tokens is None or heard.timestamps is None:  # Whisper tells no times
            return [HeardWord(text=word, begins=0, ends=0, confidence=1) for word in heard.text.split()]
        return words_of(heard.tokens, heard.timestamps, heard.logprobs or [0.0] * len(heard.tokens))

    def begin(self, hints: Hints = NO_HINTS) -> Gathered:
        return Gathered(self, hints)


def words_of(
    tokens: Sequence[str], times: Sequence[float], logarithms: Sequence[float]
) -> Sequence[HeardWord]:
    """Join pieces to words: a space begins one, and it is as sure as the least sure of its pieces."""
    words: list[HeardWord] = []
    text, begins, least = "", 0.0, 0.0
    last = 0.0

    def finish(before: float) -> None:
        if word := text.strip():
            ends = max(begins, min(before, last + LAST_TOKEN))
            words.append(
                HeardWord(
                    text=word,
                    begins=round(begins, 2),
                    ends=round(ends, 2),
                    confidence=round(math.exp(min(0.0, least)), 3),
                )
            )

    for token, at, logarithm in zip(tokens, times, logarithms, strict=True):
        if token.startswith(" ") or not text:
            finish(at)
            text, begins, least = "", at, 0.0
        text += token
        least, last = min(least, logarithm), at
    finish(math.inf)
    return words
