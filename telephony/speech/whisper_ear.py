"""Whisper in CTranslate2's form: for what was recorded, not for menus, where a word takes it a second."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import faster_whisper
import numpy as np

from hotline.speech.hearing import HeardWord
from hotline.voice.speech import Language
from telephony.speech.models import Found

LOOP_PIECES = 5
"""The shortest run of pieces of words that may not come twice: else one is written for ever."""


def opened(found: Found, language: Language) -> "WhisperEar":
    return WhisperEar(loaded(found.folder), found.rate, language)


def loaded(folder: Path) -> Any:
    return faster_whisper.WhisperModel(
        str(folder), device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True
    )


def segments(model: Any, pcm: bytes, language: Language, **wanted: object) -> Iterator[Any]:
    """Write down 16-bit samples at 16 kHz piece by piece; what cannot be made out is not guessed at."""
    heard, _ = model.transcribe(
        np.frombuffer(pcm, "<i2").astype(np.float32) / 32768,
        language=str(language),
        temperature=0.0,
        condition_on_previous_text=False,
        no_repeat_ngram_size=LOOP_PIECES,
        **wanted,
    )
    yield from heard


class WhisperEar:
    """Implements `hotline.speech.hearing.Ear`."""

    def __init__(self, model: Any, rate: int, language: Language) -> None:
        self._model = model
        self._language = language
        self.rate = rate

    def hear(self, pcm: bytes, only: Sequence[str] = ()) -> Sequence[HeardWord]:
        hint = ", ".join(only) or None
        return [
            HeardWord(
                text=word.word.strip(),
                begins=round(float(word.start), 2),
                ends=round(float(word.end), 2),
                confidence=round(float(word.probability), 3),
            )
            for segment in segments(
                self._model, pcm, self._language, initial_prompt=hint, word_timestamps=True
            )
            for word in segment.words
            if word.word.strip()
        ]
