"""Questions as an ear works on them: it cuts the turn out of the sound, and hears it."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from hotline.speech.hearing import Ear, NotHeard
from telephony.speech.questions import Begin, Chunk, End, Message, Told
from telephony.speech.turns import Patience, Turn, TurnReader
from telephony.speech.utterances import utterance

BOUND_PAUSE, FREE_PAUSE = 0.6, 1.2
"""Seconds of silence after which a turn is over whatever it sounds like: one word, or a sentence."""
Judge = Callable[[NDArray[np.float32]], float]


class Questions:
    """The road of one ear's messages. `voice` and `over` judge turns; `forget` is for the next caller."""

    def __init__(self, ear: Ear, voice: Judge, over: Judge, forget: Callable[[], None]) -> None:
        self._ear = ear
        self._voice = voice
        self._over = over
        self._forget = forget
        self._asked: Begin | None = None

    def take(self, message: Message) -> Iterator[Told]:
        match message:
            case Begin():
                yield from self._begin(message)
            case Chunk():
                yield from self._hear(message.pcm)
            case End():
                self._asked = None

    def _begin(self, asked: Begin) -> Iterator[Told]:
        self._asked = None
        try:
            self._utterance = utterance(self._ear, asked.hints)
        except NotHeard as error:
            yield Told(question=asked.question, fault=str(error))
            return
        self._asked = asked
        self._forget()
        pause = BOUND_PAUSE if asked.hints.only else FREE_PAUSE
        self._turns = TurnReader(self._voice, self._over, Patience(most=asked.most_seconds, pause=pause))

    def _hear(self, pcm: bytes) -> Iterator[Told]:
        asked = self._asked
        if asked is None:
            return
        for told in self._turns.take(pcm):
            match told:
                case Turn.SPOKE:
                    yield Told(question=asked.question, spoke=True)
                case Turn.OVER | Turn.TOO_SHORT:
                    words = tuple(self._utterance.finish())
                    if words or told is Turn.OVER:
                        self._asked = None
                        others = tuple(map(tuple, self._utterance.others()))
                        yield Told(question=asked.question, words=words, others=others)
                        return
                    self._utterance = utterance(self._ear, asked.hints)  # a click: listen on
                case _:
                    self._utterance.take(told)
