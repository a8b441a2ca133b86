"""Vosk: quick where it is bound to a few words, and free speech where it is not."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import vosk

from hotline.speech.hearing import NO_HINTS, HeardWord, Hints, NotHeard, alike
from hotline.voice.speech import Language
from telephony.speech.models import Found

UNKNOWN = "[unk]"
"""Without it among the words any sound is forced onto one of them."""
_CHUNK = 8000
_QUIET = -1


def opened(found: Found, _language: Language) -> "VoskEar":
    vosk.SetLogLevel(_QUIET)
    return VoskEar(
        found, vosk.Model(str(found.folder))
    )  # by its path: Vosk downloads what it is told by name


class VoskEar:
    """Implements `hotline.speech.hearing.Ear`."""

    def __init__(self, found: Found, model: Any) -> None:
        self._found = found
        self._model = model

    @property
    def rate(self) -> int:
        return self._found.rate

    def hear(self, pcm: bytes, hints: Hints = NO_HINTS) -> Sequence[HeardWord]:
        utterance = self.begin(hints)
        for at in range(0, len(pcm), _CHUNK):
            utterance.take(pcm[at : at + _CHUNK])
        return utterance.finish()

    def begin(self, hints: Hints = NO_HINTS) -> "VoskUtterance":
        recogniser = self._recogniser(hints.only)
        recogniser.SetWords(True)  # noqa: FBT003 - Vosk's own
        return VoskUtterance(recogniser)

    def _recogniser(self, only: Sequence[str]) -> Any:
        if not only:
            return vosk.KaldiRecognizer(self._model, self.rate)
        if not self._found.bound:
            raise NotHeard(f"{self._found.folder.name} cannot be bound to words: its graph is whole.")
        # Vosk drops a word that it does not know with a line in its log, and then never hears it.
        known = [[phrase for phrase in alike(one) if not self._unknown(phrase)] for one in only]
        unknown = {
            word for one, some in zip(only, known, strict=True) if not some for word in self._unknown(one)
        }
        if unknown:
            raise NotHeard(f"{self._found.folder.name} does not know {', '.join(sorted(unknown))}.")
        phrases = [phrase for some in known for phrase in some]
        return vosk.KaldiRecognizer(
            self._model, self.rate, json.dumps([*phrases, UNKNOWN], ensure_ascii=False)
        )

    def _unknown(self, phrases: str) -> set[str]:
        words = {word for phrase in alike(phrases) for word in phrase.split()}
        return {word for word in words if self._model.vosk_model_find_word(word) < 0}


class VoskUtterance:
    """Implements `hotline.speech.hearing.Utterance`."""

    def __init__(self, recogniser: Any) -> None:
        self._recogniser = recogniser
        self._heard: list[HeardWord] = []

    def take(self, pcm: bytes) -> None:
        if self._recogniser.AcceptWaveform(pcm):
            self._heard += _words(self._recogniser.Result())

    def finish(self) -> Sequence[HeardWord]:
        return [*self._heard, *_words(self._recogniser.FinalResult())]

    def others(self) -> Sequence[Sequence[HeardWord]]:
        return ()


def _words(result: str) -> Iterator[HeardWord]:
    for one in json.loads(result).get("result", ()):
        if one["word"] != UNKNOWN:
            yield HeardWord(
                text=one["word"], begins=one["start"], ends=one["end"], confidence=min(1.0, one["conf"])
            )
