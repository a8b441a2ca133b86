"""A question that may be answered aloud: what decides it, with an ear that does as it is told."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from hotline.calls.call import Step
from hotline.speech.hearing import Engine, Heard, HeardWord, Hints
from hotline.voice.speech import Language
from telephony.ari.messages import ChannelDtmfReceived
from telephony.calls import call as call_module
from telephony.calls import playing as playing_module
from telephony.calls.call import AsteriskCall
from telephony.calls.channel import FollowedChannel
from telephony.speech.models import Found
from telephony.speech.questions import Told
from telephony.speech.talk_ears import Listening, TalkEar
from tests.fakes.clock import NOON
from tests.fakes.said import heard
from tests.telephony.calls.test_call import HELLO, Calls, calls, left, server, voice

__all__ = ["calls", "left", "server", "voice"]
FOUND = Found(folder=Path("tiny"), engine=Engine.VOSK, rate=8000, bound=True)
YES = HeardWord(text="так", begins=0, ends=1, confidence=1)
YES_OR_NO = Hints(only=["так", "ні"])
Act = Callable[[Listening, AsteriskCall], None]


class ToyHearing:
    """In the place of `telephony.calls.hearing.Hearing`: at each question the ear does the next act."""

    def __init__(self, call: AsteriskCall, *acts: Act) -> None:
        self.asked: list[Hints] = []
        self.listening: list[Listening] = []
        self.free = True
        self._call = call
        self._acts = list(acts)

    def hears(self, _language: Language) -> bool:
        return self.free

    def begin(
        self, caller: FollowedChannel, language: Language, hints: Hints, _most_seconds: float
    ) -> Listening | None:
        self.asked.append(hints)
        ear = TalkEar(FOUND, language, ())
        self.listening.append(ear.begin(hints, 1, caller.changed))
        asyncio.get_running_loop().call_soon(self._acts.pop(0), self.listening[-1], self._call)
        return self.listening[-1]


def says(*words: HeardWord) -> Act:
    return lambda listening, _call: listening.told(Told(spoke=True, words=words))


def begins_to_speak(listening: Listening, _call: AsteriskCall) -> None:
    listening.told(Told(spoke=True))


def presses(key: str) -> Act:
    def press(_listening: Listening, call: AsteriskCall) -> None:
        call.take(ChannelDtmfReceived(timestamp=NOON, channel=cast("Any", None), digit=key))

    return press


def both(*acts: Act) -> Act:
    def act(listening: Listening, call: AsteriskCall) -> None:
        for one in acts:
            one(listening, call)

    return act


def dies(listening: Listening, _call: AsteriskCall) -> None:
    listening.lose()


@pytest.fixture
def call(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> AsteriskCall:
    monkeypatch.setattr(playing_module, "SAID_LATE_SECONDS", 0.02)
    monkeypatch.setattr(call_module, "ANSWERED_LATE_SECONDS", 0.02)
    one = calls("1.1")
    monkeypatch.setattr(one._playing, "hush_beside", lambda: None)
    return one


def hears(call: AsteriskCall, *acts: Act) -> ToyHearing:
    toy = ToyHearing(call, *acts)
    call._hearing = cast("Any", toy)
    return toy


async def last(call: AsteriskCall) -> tuple[Step, dict[str, Any]]:
    step = (await call.journey._log.so_far(call.id))[-1]
    return step.step, dict(step.detail)


async def test_what_is_said_is_the_answer_and_stands_in_the_journey(call: AsteriskCall) -> None:
    toy = hears(call, says(YES))
    heard = await call.listen(HELLO, keys="12", hints=YES_OR_NO)
    assert isinstance(heard, Heard)
    assert (heard.text, toy.asked) == ("так", [YES_OR_NO])
    told = {"words": "так", "confidence": 1.0, "engine": "vosk", "asked": "hello"}
    assert await last(call) == (Step.SAID, told)
    assert toy.listening[0].ended.is_set()


async def test_a_number_of_a_card_is_in_no_journey_though_the_flow_hears_it(call: AsteriskCall) -> None:
    halves = ["пишіть 4149 4993", "1234 5679 все"]
    hears(call, *(says(*heard(half).words) for half in halves))
    answers = [await call.listen(HELLO, keys="12") for _ in halves]
    assert [one.text for one in answers if isinstance(one, Heard)] == halves
    assert (await last(call))[1]["words"] == "*** все"
    hears(call, says(*heard("номер 4149499312345679").words))
    await call.listen(HELLO, keys="12")
    assert (await last(call))[1]["words"] == "номер ***"


@pytest.mark.parametrize(
    "act", [presses("2"), both(begins_to_speak, presses("2")), both(says(YES), presses("2"))]
)
async def test_a_key_wins_before_while_and_after_they_speak(call: AsteriskCall, act: Act) -> None:
    toy = hears(call, act)
    assert await call.listen(HELLO, keys="12") == "2"
    assert await last(call) == (Step.PRESSED, {"key": "2", "asked": "hello"})
    assert toy.listening[0].ended.is_set()


async def test_silence_is_none_and_is_waited_for_once(call: AsteriskCall) -> None:
    hears(call, lambda _listening, _call: None)
    assert await call.listen(HELLO, keys="12") is None
    assert await last(call) == (Step.SILENT, {"asked": "hello"})


async def test_a_key_pressed_ahead_needs_no_ear(call: AsteriskCall) -> None:
    toy = hears(call)
    presses("1")(cast("Any", None), call)
    assert await call.listen(HELLO, keys="12") == "1"
    assert toy.asked == []


async def test_an_ear_that_dies_before_a_word_leaves_the_question_to_the_keys(call: AsteriskCall) -> None:
    hears(call, both(dies, presses("1")))
    assert await call.listen(HELLO, keys="12") == "1"
    hears(call, dies)
    assert await call.listen(HELLO, keys="12") is None


@pytest.mark.parametrize("then", [dies, lambda _listening, _call: None])
async def test_of_an_ear_that_dies_or_hangs_in_the_middle_of_a_word_nothing_was_made_out(
    call: AsteriskCall, then: Act
) -> None:
    hears(call, both(begins_to_speak, then))
    heard = await call.listen(HELLO, keys="12", most_seconds=0.01)
    assert isinstance(heard, Heard)
    assert heard.words == ()
    assert (await last(call))[1]["words"] == ""


async def test_after_three_answers_in_a_row_that_were_not_understood_all_goes_by_keys(
    call: AsteriskCall,
) -> None:
    unsure = HeardWord(text="так", begins=0, ends=1, confidence=0.3)
    toy = hears(call, says(), says(unsure), says(YES), says(), says(), says(unsure))
    for _ in range(5):
        await call.listen(HELLO, keys="12")
        assert call.hears
    await call.listen(HELLO, keys="12")
    assert not call.hears
    assert await call.listen(HELLO, keys="12") is None
    assert len(toy.asked) == 6


async def test_where_no_ear_is_free_nobody_is_invited_to_speak(call: AsteriskCall) -> None:
    toy = hears(call)
    toy.free = False
    assert not call.hears
    assert await call.listen(HELLO, keys="12") is None
    assert toy.asked == []
