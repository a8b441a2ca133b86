"""The messages of questions, with a loudness for a voice and an ear that tells what it was given."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from hotline.speech.hearing import NO_HINTS, HeardWord, Hints, NotHeard
from telephony.speech.asked_questions import Questions
from telephony.speech.models import TELEPHONE, WIDE
from telephony.speech.questions import Begin, Chunk, End, Told
from tests.telephony.speech.test_turns import QUIET, VOICE, sound

WORD = HeardWord(text="вода", begins=0.1, ends=0.5, confidence=0.9)
OTHER = HeardWord(text="біда", begins=0.1, ends=0.5, confidence=0.4)

WATER = Hints(only=["вода"], before="Немає води.")


class ToyEar:
    """Implements `Ear` and `Utterance`: hears one word in whatever is long enough."""

    def __init__(self, rate: int = TELEPHONE, least: float = 0.0) -> None:
        self.rate = rate
        self.hints: list[Hints] = []
        self.seconds = 0.0
        self._least = least

    def hear(self, pcm: bytes, hints: Hints = NO_HINTS) -> Sequence[HeardWord]:
        self.begin(hints).take(pcm)
        return self.finish()

    def begin(self, hints: Hints = NO_HINTS) -> "ToyEar":
        if "невідоме" in hints.only:
            raise NotHeard("toy does not know невідоме.")
        self.hints.append(hints)
        self.seconds = 0.0
        return self

    def take(self, pcm: bytes) -> None:
        self.seconds += len(pcm) / 2 / self.rate

    def finish(self) -> Sequence[HeardWord]:
        return [WORD] if self.seconds >= self._least else []

    def others(self) -> Sequence[Sequence[HeardWord]]:
        return [[OTHER]]


def loudness(window: NDArray[np.float32]) -> float:
    return float(np.abs(window).mean())


def questions(ear: ToyEar) -> Questions:
    return Questions(ear, loudness, lambda _said: 1.0, lambda: None)


def asked(one: Questions, *messages: Begin | Chunk | End) -> list[Told]:
    return [told for message in messages for told in one.take(message)]


SPOKEN = Chunk(sound((QUIET, 0.5), (VOICE, 0.6), (QUIET, 0.4)))


@pytest.mark.parametrize("rate", [TELEPHONE, WIDE])
def test_a_turn_is_told_when_it_begins_and_with_its_words_when_it_is_over(rate: int) -> None:
    ear = ToyEar(rate)
    spoke, over = asked(questions(ear), Begin(7, WATER, 8.0), SPOKEN)
    assert (spoke.question, spoke.spoke, spoke.words) == (7, True, None)
    assert (over.question, over.words, over.others) == (7, (WORD,), ((OTHER,),))
    assert ear.hints == [WATER]
    assert ear.seconds == pytest.approx(1.35, abs=0.1)  # at its own rate, with the moment before


def test_what_is_said_after_the_answer_or_to_no_question_is_not_heard() -> None:
    one = questions(ToyEar())
    assert asked(one, SPOKEN) == []
    assert [told.words for told in asked(one, Begin(1, NO_HINTS, 8.0), SPOKEN, SPOKEN)] == [None, (WORD,)]
    assert asked(one, Begin(2, NO_HINTS, 8.0), End(), SPOKEN) == []


def test_a_click_without_a_word_is_listened_past_and_a_short_word_is_heard() -> None:
    short = Chunk(sound((VOICE, 0.1), (QUIET, 0.4)))
    assert asked(questions(ToyEar(least=0.8)), Begin(1, NO_HINTS, 8.0), short) == []
    assert [told.words for told in asked(questions(ToyEar()), Begin(1, NO_HINTS, 8.0), short)] == [(WORD,)]
    after = asked(questions(ToyEar(least=0.8)), Begin(1, NO_HINTS, 8.0), short, SPOKEN)
    assert [told.words for told in after] == [None, (WORD,)]


def test_words_that_the_ear_does_not_know_are_told_at_once_and_the_next_question_is_heard() -> None:
    one = questions(ToyEar())
    (fault,) = asked(one, Begin(1, Hints(only=["невідоме"]), 8.0), SPOKEN)
    assert (fault.question, fault.fault) == (1, "toy does not know невідоме.")
    assert asked(one, Begin(2, NO_HINTS, 8.0), SPOKEN)[-1].words == (WORD,)
