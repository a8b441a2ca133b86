"""A program of its own that hears a talk while it goes on, from the two files into which it is recorded.

    python -m telephony.speech.beside FOLDER LANGUAGE CALLER.wav DISPATCHER.wav

It loads the model and says so in one line; then it follows both files, cuts each side into what was said
between two pauses, and gives a line of words for each; of what it leaves out, a line without words. When its
input ends the talk is over: it hears the rest, and ends. It gives way to whatever else runs here.
"""

import os
import select
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from hotline.speech.hearing import NO_HINTS, Ear, NotHeard
from hotline.speech.transcripts import Speaker
from hotline.voice.speech import Language
from telephony.speech.listening import LOWEST_PRIORITY, replies
from telephony.speech.models import TELEPHONE, look_at, open_ear
from telephony.speech.turn_models import turn_models
from telephony.speech.turns import Patience, Turn, TurnReader
from telephony.speech.utterances import utterance
from telephony.speech.uttered import Uttered
from telephony.speech.voice_activity import VoiceActivity
from telephony.voice.audio import grown

LOOKS_EVERY = 0.25
"""Seconds; Asterisk itself writes a recording on in pieces of two seconds."""
STILL_LOOKS = 12
"""Looks that find nothing more, three seconds: pieces come sooner, but not while the talk is on hold."""
LAST_LOOKS = 6
"""Looks that find nothing more, after the talk: Asterisk closes its files within a second."""
LONGEST_STILL = 2400
"""Looks, ten minutes: a recording that nobody writes on is over, whatever the hotline knows."""
PIECE = TELEPHONE
"""Bytes of one side that are heard before the other's turn comes: half a second."""
PATIENCE = Patience(most=12.0, pause=0.7)
"""Who speaks on without a pause is written down all the same, piece by piece."""
MOST_BEHIND = 30 * 2 * TELEPHONE
"""Bytes, half a minute. An ear that is further behind leaves out all but the last of it."""
GOES_ON_WITH = 2 * 2 * TELEPHONE
_SAMPLE_BYTES = 2
_SILENCE = bytes(2 * TELEPHONE)
Judge = Callable[[NDArray[np.float32]], float]
"""Tells how surely somebody speaks in a window of samples."""


class SideHeard:
    """One side of the talk: its file, how far it was read, and what is being said."""

    def __init__(self, speaker: Speaker, file: Path, ear: Ear, voice: Judge) -> None:
        self._speaker = speaker
        self._file = file
        self._ear = ear
        self._turns = TurnReader(voice, _never_over, PATIENCE)
        self._utterance = utterance(ear, NO_HINTS)
        self._read = 0
        self._taken = 0
        """Bytes of what is being said."""

    def listen(self) -> Iterator[Uttered] | None:
        """Hear the next piece; None where nothing has come."""
        pcm, behind = grown(self._file, self._read, PIECE)
        if not pcm:
            return None
        self._read += len(pcm)
        if behind > MOST_BEHIND:
            skipped = behind - GOES_ON_WITH
            self._read += skipped - skipped % _SAMPLE_BYTES
            gap = Uttered(
                speaker=self._speaker,
                begins=round(self._read / _SAMPLE_BYTES / TELEPHONE, 1),
                left_out=round(skipped / _SAMPLE_BYTES / TELEPHONE, 1),
            )
            return chain(self._hear(pcm), [gap])
        return self._hear(pcm)

    def rest(self) -> Iterator[Uttered]:
        """Hear what was said last: nothing more comes behind it, perhaps for ever."""
        read = self._read
        self._read += len(_SILENCE)
        yield from self._hear(_SILENCE)
        self._read = read

    def _hear(self, pcm: bytes) -> Iterator[Uttered]:
        for told in self._turns.take(pcm):
            match told:
                case Turn.SPOKE:
                    pass
                case Turn.OVER | Turn.TOO_SHORT:
                    yield from self._uttered()
                case _:
                    self._taken += len(told)
                    self._utterance.take(told)

    def _uttered(self) -> Iterator[Uttered]:
        words = tuple(self._utterance.finish())
        begins = max(0, self._read - self._taken) / _SAMPLE_BYTES / TELEPHONE
        self._utterance, self._taken = utterance(self._ear, NO_HINTS), 0
        if words:
            yield Uttered(speaker=self._speaker, begins=round(begins, 1), words=words)


def _never_over(_said: NDArray[np.float32]) -> float:
    """Only a pause ends what was said: nobody waits for an answer here."""
    return 0.0


def follow(sides: Sequence[SideHeard], goes_on: Callable[[float], bool]) -> Iterator[Uttered]:
    """Hear both sides as they come; `goes_on` waits for some seconds, and tells whether the talk does."""
    looks, over = 0, False
    while looks < (LAST_LOOKS if over else LONGEST_STILL):
        heard = [one for side in sides if (one := side.listen()) is not None]
        for some in heard:
            yield from some
        looks = 0 if heard else looks + 1
        if looks == STILL_LOOKS:
            yield from _last_said(sides)
        if not goes_on(0.0 if heard else LOOKS_EVERY) and not over:
            over, looks = True, min(looks, 1)  # what came to nothing before says nothing of the last piece
    yield from _last_said(sides)


def _last_said(sides: Sequence[SideHeard]) -> Iterator[Uttered]:
    return chain.from_iterable(side.rest() for side in sides)


class _Input:
    """The hotline's end of the pipe: the talk goes on as long as it is open."""

    def __init__(self) -> None:
        self._open = True

    def goes_on(self, seconds: float) -> bool:
        if self._open and select.select([sys.stdin], [], [], seconds)[0]:
            self._open = bool(os.read(sys.stdin.fileno(), 1))
        elif not self._open:
            select.select([], [], [], seconds)
        return self._open


def main(folder: str, language: str, caller: str, dispatcher: str) -> int:
    """Hear until the talk is over; 1 when there is no ear."""
    answers, encode = replies(LOWEST_PRIORITY), msgspec.json.Encoder().encode
    try:
        models = turn_models()
        ear = open_ear(look_at(Path(folder)), Language(language))
    except NotHeard as error:
        answers.write(encode(Uttered(fault=str(error))) + b"\n")
        return 1
    files = {Speaker.CALLER: Path(caller), Speaker.DISPATCHER: Path(dispatcher)}
    sides = [
        SideHeard(speaker, file, ear, VoiceActivity.loaded(models.voice).of)
        for speaker, file in files.items()
    ]
    answers.write(encode(Uttered()) + b"\n")
    for uttered in follow(sides, _Input().goes_on):
        answers.write(encode(uttered) + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
