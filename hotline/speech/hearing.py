"""The ear: a port that turns sound into words with their times and how sure it is of each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Protocol

from hotline.errors import HotlineError
from hotline.voice.speech import Language


class Engine(StrEnum):
    """A kind of recogniser; a model's folder tells which one reads it."""

    VOSK = "vosk"
    ONNX = "onnx"
    """CTC, RNN-T and TDT models, by `onnx-asr`."""
    WHISPER = "whisper"
    """Whisper in CTranslate2's form, by `faster-whisper`."""


class Use(StrEnum):
    """The work of a model; each has models of its own, by language."""

    MESSAGES = "messages"
    """Writing down, after the call, what a citizen left as a voice message."""
    RECORDINGS = "recordings"
    """Writing down, after the call, what each side of a recorded talk said."""
    BESIDE = "beside"
    """Writing along what both sides of a talk say, for the dispatcher's desk."""
    CONVERSATIONS = "conversations"
    """Hearing what a caller answers, while they are on the telephone."""


SURE_FROM = {Engine.VOSK: 0.8, Engine.ONNX: 0.6, Engine.WHISPER: 0.5}
"""Each engine counts its confidence in its own way: below this a word is shown as unsure."""


class NotHeard(HotlineError):  # noqa: N818 - reads as what happened
    """An ear could not be had, or broke: its message says what to do."""

    code: ClassVar[str] = "not-heard"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardWord:
    """One word: seconds from the beginning of the sound, and confidence from 0 to 1."""

    text: str
    begins: float
    ends: float
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was heard in one sound, in order; no words: nothing was made out."""

    engine: Engine
    model: str
    """The name of the model's folder."""
    language: Language
    words: Sequence[HeardWord] = ()
    others: Sequence[Sequence[HeardWord]] = ()
    """Further guesses at the same words, the likeliest first; none from an ear that makes one guess."""

    @property
    def guesses(self) -> Sequence["Heard"]:
        """All that it may have been, each as if nothing else were, the likeliest first."""
        return [replace(self, words=words, others=()) for words in (self.words, *self.others)]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def confidence(self) -> float:
        """How sure the engine is of the word that it is least sure of; 0: nothing was made out."""
        return min((word.confidence for word in self.words), default=0.0)

    @property
    def is_sure(self) -> bool:
        """Whether something was made out, and no word is below the engine's SURE_FROM."""
        return bool(self.words) and self.confidence >= SURE_FROM[self.engine]


ONE_OF = "|"
"""Divides words to listen for that mean the same: «так | ага»."""


def alike(words: str) -> Sequence[str]:
    """Give each of the words to listen for that mean the same."""
    return [one.strip() for one in words.split(ONE_OF)]


def typed(text: str, language: Language, *, confidence: float = 1.0) -> Heard:
    """Give what an ear would give for words that were typed: each takes a second."""
    words = [
        HeardWord(text=word, begins=at, ends=at + 1, confidence=confidence)
        for at, word in enumerate(text.split())
    ]
    return Heard(engine=Engine.VOSK, model="typed", language=language, words=words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model that is set: its folder, the language that it knows, and what it is for."""

    folder: Path
    language: Language
    use: Use


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """Hints that a flow gives an ear before the caller answers; each engine uses those that it can."""

    only: Sequence[str] = ()
    """The words to listen for; none: free speech. Those of one entry, divided by ONE_OF, mean the same."""
    before: str = ""
    """What a caller might have said before: its words are made out sooner, and never heard in silence."""


NO_HINTS = Hints()


class Utterance(Protocol):
    """One turn of a speaker, heard as it comes."""

    def take(self, pcm: bytes) -> None:
        """Take the next mono samples of 16 bits at the ear's rate."""
        ...

    def finish(self) -> Sequence[HeardWord]:
        """Give the words of all of it; seconds count from its beginning."""
        ...

    def others(self) -> Sequence[Sequence[HeardWord]]:
        """Give what else it may have been, once it is finished; the likeliest first."""
        ...


class Ear(Protocol):
    """A loaded model. It holds the processor while it hears: it belongs into a process of its own."""

    @property
    def rate(self) -> int:
        """Samples a second that it wants."""
        ...

    def hear(self, pcm: bytes, hints: Hints = NO_HINTS) -> Sequence[HeardWord]:
        """Write down mono samples of 16 bits at `rate`.

        With `hints.only` it listens for those words; an engine that cannot be bound to them hears freely.
        Which of the words that mean the same it was need not be sure.
        Raises NotHeard where it is bound, and the model does not know one of them.
        """
        ...

    def begin(self, hints: Hints = NO_HINTS) -> Utterance:
        """Begin to hear somebody who still speaks; hints as in `hear`. Raises NotHeard at once."""
        ...


class WritesDown(Protocol):
    """Writes down a sound file with a model that is loaded, without holding up anybody."""

    async def __call__(self, sound: Path) -> Heard:
        """Raises NotHeard."""
        ...
