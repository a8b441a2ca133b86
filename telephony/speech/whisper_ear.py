"""Whisper in CTranslate2's form: for what was recorded, not for menus, where a word takes it a second."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import faster_whisper
import numpy as np

from hotline.speech.hearing import HeardWord
from hotline.voice.speech import Language
from telephony.speech.models import Found
from telephony.speech.utterances import Gathered

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

    def hear(self, pcm: bytes, only: Sequence[str] = ()) -> Sequence[HeardWord]:  # noqa: ARG002
        """Write down what is said; words to listen for are not told to it.

        As a hint they are worse than none (measured on yes and no): behind a short answer it writes them on.
        """
        heard: list[HeardWord] = []
        for segment in segments(self._model, pcm, self._language, word_timestamps=True):
            for word in segment.words:
                _add(heard, word)
        return heard

    def begin(self, only: Sequence[str] = ()) -> Gathered:
        return Gathered(self, only)


def _add(heard: list[HeardWord], word: Any) -> None:
    """Add a word; a piece without a gap before it (`'ять` behind `п`) is the end of the word before."""
    if not (text := word.word.strip()):
        return
    begins, confidence = float(word.start), float(word.probability)
    if heard and not word.word[0].isspace():
        before = heard.pop()
        text, begins = before.text + text, before.begins
        confidence = min(before.confidence, confidence)
    heard.append(
        HeardWord(
            text=text,
            begins=round(begins, 2),
            ends=round(float(word.end), 2),
            confidence=round(confidence, 3),
        )
    )
