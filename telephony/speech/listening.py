"""A program of its own that hears: an engine that dies, hangs or grows takes nothing of the hotline along.

    python -m telephony.speech.listening FOLDER LANGUAGE

It loads the model and says so in one line; then it answers each line of its input, an `Asked`, with one line.
It gives way to whatever else runs here, and ends when its input does.
"""

import os
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from hotline.speech.hearing import NO_HINTS, Ear, HeardWord, Hints, NotHeard
from hotline.voice.speech import Language
from telephony.speech.models import look_at, open_ear
from telephony.voice.audio import samples_of

LOWEST_PRIORITY = 19
_SAMPLE_BYTES = 2


class Asked(msgspec.Struct, frozen=True):
    """One sound to be heard, a mono WAV; hints as in `Ear.hear`."""

    file: str
    hints: Hints = NO_HINTS
    turn: bool = False
    """It is what a caller says in their turn; else a message, or a talk, that is written down."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What was heard, or the fault that kept the ear from it; the first answer only says that it is ready."""

    words: tuple[HeardWord, ...] = ()
    others: tuple[tuple[HeardWord, ...], ...] = ()
    """Further guesses at a turn, the likeliest first."""
    fault: str = ""
    seconds: float = 0.0
    """Length of the sound."""
    took: float = 0.0
    """Seconds of the processor to hear it, or to load the model: other work does not lengthen them."""
    peak_mb: int = 0
    """The most memory that this process has had, in megabytes."""


def main(folder: str, language: str) -> int:
    """Answer until the input ends; 1 when there is no ear."""
    answers = replies(LOWEST_PRIORITY)
    began = time.process_time()
    try:
        ear = open_ear(look_at(Path(folder)), Language(language))
    except NotHeard as error:
        _answer(answers, Answer(fault=str(error)))
        return 1
    _answer(answers, Answer(took=time.process_time() - began, peak_mb=peak_mb()))
    for line in sys.stdin.buffer:
        _answer(answers, _heard(ear, msgspec.json.decode(line, type=Asked)))
    return 0


def _heard(ear: Ear, asked: Asked) -> Answer:
    pcm = samples_of(Path(asked.file), ear.rate)
    began = time.process_time()
    try:
        heard = (
            _turn(ear, pcm, asked.hints) if asked.turn else Answer(words=tuple(_words(ear, pcm, asked.hints)))
        )
    except NotHeard as error:
        return Answer(fault=str(error))
    seconds = len(pcm) / _SAMPLE_BYTES / ear.rate
    return msgspec.structs.replace(
        heard, seconds=seconds, took=time.process_time() - began, peak_mb=peak_mb()
    )


def _turn(ear: Ear, pcm: bytes, hints: Hints) -> Answer:
    utterance = ear.begin(hints)
    utterance.take(pcm)
    words = tuple(utterance.finish())
    return Answer(words=words, others=tuple(map(tuple, utterance.others())))


def _words(ear: Ear, pcm: bytes, hints: Hints) -> Iterator[HeardWord]:
    from telephony.speech.stretches import (  # noqa: PLC0415 - numpy costs memory that only an ear needs
        stretches,
    )

    for since, stretch in stretches(pcm, ear.rate):
        for word in ear.hear(stretch, hints):
            yield HeardWord(
                text=word.text,
                begins=round(word.begins + since, 2),
                ends=round(word.ends + since, 2),
                confidence=word.confidence,
            )


def replies(priority: int) -> BinaryIO:
    """Open what the hotline reads, and give way to it: one thread, offline, of this priority."""
    os.nice(priority)
    os.environ |= {"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # engines print as they like: nothing of it is an answer
    return answers


def peak_mb() -> int:
    """Tell the most memory that this process has had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _answer(answers: BinaryIO, answer: Answer) -> None:
    answers.write(msgspec.json.encode(answer) + b"\n")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
