"""Whisper in CTranslate2's form: writes down what was recorded, and hears callers' turns (`whisper_turn`)."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import faster_whisper
import numpy as np
from faster_whisper.tokenizer import Tokenizer

from hotline.speech.hearing import NO_HINTS, HeardWord, Hints
from hotline.voice.speech import Language
from telephony.speech.models import Found
from telephony.speech.whisper_turn import WhisperTurn, silence
from telephony.speech.whisper_words import LOOP_PIECES, joined_pieces

MIXED_IN = {Language.UKRAINIAN: "ru"}
"""The language whose words callers mix in (surzhyk), as Whisper calls it.

What a caller wants is guessed at in both: in one of them words of the other are written torn.
"""


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
        self._tokenizer = _writing(model, str(language))
        self._mixed = _writing(model, MIXED_IN[language]) if language in MIXED_IN else None
        self._silence = silence(model, self._tokenizer)
        self.rate = rate

    def hear(self, pcm: bytes, hints: Hints = NO_HINTS) -> Sequence[HeardWord]:  # noqa: ARG002
        """Write down what is said; words to listen for are not told to it.

        As a hint they are worse than none (measured on yes and no): behind a short answer it writes them on.
        """
        return joined_pieces(
            (word.word, float(word.start), float(word.end), float(word.probability))
            for segment in segments(self._model, pcm, self._language, word_timestamps=True)
            for word in segment.words
        )

    def begin(self, hints: Hints = NO_HINTS) -> WhisperTurn:
        return WhisperTurn(self._model, self._tokenizer, self._silence, hints, self._mixed)


def _writing(model: Any, language: str) -> Tokenizer:
    return Tokenizer(model.hf_tokenizer, model.model.is_multilingual, task="transcribe", language=language)
