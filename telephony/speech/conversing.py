"""A program of its own that hears callers while they speak, one question after the other.

    python -m telephony.speech.conversing FOLDER LANGUAGE

It loads the model and those of turns, and says so in one line; then it reads messages, a line each, and tells
of each question when speech began and what was said. It gives way to the calls themselves, and ends when its
input does.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import msgspec

from hotline.speech.hearing import NotHeard
from hotline.voice.speech import Language
from telephony.speech.asked_questions import Questions
from telephony.speech.end_of_turn import EndOfTurn
from telephony.speech.listening import peak_mb, replies
from telephony.speech.models import look_at, open_ear
from telephony.speech.questions import Message, Told
from telephony.speech.turn_models import turn_models
from telephony.speech.voice_activity import VoiceActivity

PRIORITY = 5
"""Calls and their sound go first, all other work of the machine after it."""


def main(folder: str, language: str) -> int:
    """Hear until the input ends; 1 when there is no ear."""
    tell = _teller(replies(PRIORITY))
    began = time.process_time()
    try:
        models = turn_models()
        ear = open_ear(look_at(Path(folder)), Language(language))
    except NotHeard as error:
        tell(Told(fault=str(error)))
        return 1
    voice, over = VoiceActivity.loaded(models.voice), EndOfTurn.loaded(models.turn)
    questions = Questions(ear, voice.of, over.of, voice.begin)
    tell(Told(took=time.process_time() - began, peak_mb=peak_mb()))
    decoder = msgspec.json.Decoder(Message)
    for line in sys.stdin.buffer:
        for told in questions.take(decoder.decode(line)):
            tell(told)
    return 0


def _teller(answers: BinaryIO) -> Callable[[Told], None]:
    encode = msgspec.json.Encoder().encode

    def tell(told: Told) -> None:
        answers.write(encode(told) + b"\n")

    return tell


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
