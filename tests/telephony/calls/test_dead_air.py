"""A caller whose conversation waits for something else than them is asked to wait, and hears music."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from hotline.calls.call import MEANWHILE, Step
from hotline.calls.conversation import EmergencySaid, Held, TalkEnd
from hotline.errors import CallGone
from telephony.ari.messages import CallerId, Channel, ChannelDtmfReceived, StasisEnd
from telephony.calls import dead_air
from telephony.calls import playing as playing_module
from telephony.calls.call import AsteriskCall
from telephony.calls.leg import Leg
from tests.fakes.ari_server import AriServer
from tests.fakes.clock import NOON
from tests.telephony.calls.test_call import ANSWER, HELLO, Calls, ShortVoice, call, calls, left, server, voice

__all__ = ["call", "calls", "left", "server", "voice"]

SOUNDS = ("sound:please-wait,sound:emergency-key", "sound:please-wait", "/moh", "sound:hello", "sound:answer")
Left = asyncio.Queue[str]


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dead_air, "MOMENT_SECONDS", 0.01)
    monkeypatch.setattr(dead_air, "EMERGENCY_SECONDS", 0.01)
    monkeypatch.setattr(playing_module, "SAID_LATE_SECONDS", 0.02)


class Heard:
    """What was asked of Asterisk, in its order; `until` waits for it."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self._more = asyncio.Event()

    async def answer(self, server: AriServer, request: dict[str, Any]) -> None:
        asked = f"{request['method']} {request}".replace("%3A", ":").replace("%2C", ",")
        sound = next((one for one in SOUNDS if one in asked), "")
        if sound:
            self.all.append(f"no {sound}" if asked.startswith("DELETE") else sound)
            self._more.set()
        await server.respond(request, 204)

    async def until(self, sound: str) -> None:
        async with asyncio.timeout(60):
            while sound not in self.all:
                self._more.clear()
                await self._more.wait()


@pytest.fixture
def heard(server: AriServer) -> Heard:
    found = Heard()
    server.answer = found.answer
    return found


@pytest.fixture
async def watched(call: AsteriskCall) -> AsyncIterator[AsteriskCall]:
    with call.watched(from_now=True):
        yield call


def press(call: AsteriskCall, keys: str) -> None:
    channel = Channel(id=call.id, name="PJSIP/x", state="Up", caller=CallerId(), creationtime=NOON)
    for key in keys:
        call.take(ChannelDtmfReceived(timestamp=NOON, channel=channel, digit=key))


async def test_while_a_step_waits_they_are_asked_to_and_hear_music_until_the_next_word(
    watched: AsteriskCall, heard: Heard
) -> None:
    await watched.play(HELLO)
    await heard.until("/moh")
    await watched.play(ANSWER)
    assert heard.all[:5] == ["sound:hello", SOUNDS[0], "/moh", "no /moh", "sound:answer"]
    said = [step.detail for step in watched.journey.steps if step.step is Step.HEARD]
    assert [bool(one.get(MEANWHILE)) for one in said[1:3]] == [True, False]


async def test_a_text_that_is_still_being_read_aloud_is_such_a_wait(
    watched: AsteriskCall, voice: ShortVoice, heard: Heard
) -> None:
    voice.unread[ANSWER.name] = asyncio.Event()
    playing = asyncio.create_task(watched.play(ANSWER))
    await heard.until("/moh")
    voice.unread[ANSWER.name].set()
    await playing
    assert heard.all[:4] == [SOUNDS[0], "/moh", "no /moh", "sound:answer"]  # then the next wait begins


async def test_nobody_is_asked_to_wait_who_is_waited_for(
    call: AsteriskCall, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dead_air, "MOMENT_SECONDS", 0.5)  # in which the music begins on a busy machine, too
    with call.watched(from_now=True):
        holding = asyncio.create_task(call.hold(60, keys="1"))
        await heard.until("/moh")
        await _moments()
        press(call, "1")
        assert await holding == "1"
    assert heard.all == ["/moh"]


async def test_the_emergencys_key_leads_to_a_person_as_soon_as_the_step_goes_on(
    watched: AsteriskCall, heard: Heard, left: Left, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dead_air, "EMERGENCY_SECONDS", 60)
    await heard.until("/moh")
    press(watched, "4")
    with pytest.raises(EmergencySaid):
        await watched.choose(HELLO, keys="4")
    assert left.empty()
    assert not watched.has_pressed("4")
    await watched.play(HELLO)
    assert watched.journey.urgent("4")


async def test_with_an_emergency_they_are_given_to_asterisks_own_queue_where_nothing_goes_on(
    watched: AsteriskCall, heard: Heard, left: Left
) -> None:
    await heard.until("/moh")
    press(watched, "4")
    async with asyncio.timeout(60):
        assert await left.get() == watched.id


async def test_with_an_emergency_that_waits_for_its_place_in_the_line_too(
    watched: AsteriskCall, heard: Heard, left: Left
) -> None:
    await watched.set_urgent(urgent=True)
    async with asyncio.timeout(60):
        assert await left.get() == watched.id
    assert heard.all[:2] == ["sound:please-wait", "/moh"]


async def test_who_has_gone_to_asterisks_own_queue_is_not_led_on(
    watched: AsteriskCall, heard: Heard, left: Left
) -> None:
    await heard.until("/moh")
    press(watched, "4")
    async with asyncio.timeout(60):
        await left.get()
    channel = Channel(id=watched.id, name="PJSIP/x", state="Up", caller=CallerId(), creationtime=NOON)
    watched.take(StasisEnd(timestamp=NOON, channel=channel))
    with pytest.raises(CallGone):
        await watched.play(HELLO)


async def test_other_keys_answer_no_question_that_was_not_heard(watched: AsteriskCall, heard: Heard) -> None:
    await watched.choose(HELLO, keys="1")  # in silence
    await heard.until("/moh")
    press(watched, "12")
    assert await watched.choose(ANSWER, keys="1") is None
    assert heard.all[-1] == "sound:answer"
    pressed = [step.detail for step in watched.journey.steps if step.step is Step.PRESSED]
    assert pressed == [{"key": "12", "asked": "please-wait", MEANWHILE: True}]


async def test_before_the_first_question_keys_are_meant_for_the_menu(
    watched: AsteriskCall, heard: Heard
) -> None:
    await heard.until("/moh")
    press(watched, "21")
    assert await watched.choose(HELLO, keys="12") == "2"
    assert await watched.choose(ANSWER, keys="12") == "1"


async def test_who_typed_ahead_goes_on_typing(
    watched: AsteriskCall, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dead_air, "AHEAD_SECONDS", 60)  # in which the music begins on a busy machine, too
    await watched.choose(HELLO, keys="1")
    press(watched, "10")
    await heard.until("/moh")
    press(watched, "04")
    assert await watched.digits(ANSWER, most=4) == "1004"
    assert "sound:answer" not in heard.all


async def test_the_emergencys_key_pressed_in_the_silence_before_counts_where_nothing_was_asked_yet(
    watched: AsteriskCall, heard: Heard
) -> None:
    await watched.play(HELLO)
    press(watched, "4")
    await heard.until("/moh")
    with pytest.raises(EmergencySaid):
        await watched.play(ANSWER)


async def test_somebody_who_has_come_goes_before_the_emergencys_key(
    watched: AsteriskCall, heard: Heard, calls: Calls
) -> None:
    await heard.until("/moh")
    press(watched, "4")
    watched.contact = calls("2.1")
    assert await watched.hold(60) is Held.CONTACT


async def test_people_whom_we_have_called_are_offered_no_key(calls: Calls, heard: Heard) -> None:
    called = calls("out-1")
    with called.watched(from_now=True):
        await heard.until("/moh")
        press(called, "4")
        assert await called.choose(ANSWER, keys="4") is None
    assert heard.all[0] == "sound:please-wait"


async def test_before_we_have_answered_they_hear_it_ring(call: AsteriskCall, heard: Heard) -> None:
    with call.watched(from_now=False):
        await _moments()
        assert heard.all == []
        await call.answer()
        await heard.until("/moh")


async def _moments() -> None:
    """Some times as long as nobody is left in silence."""
    passed = asyncio.Event()
    asyncio.get_running_loop().call_later(5 * dead_air.MOMENT_SECONDS, passed.set)
    await passed.wait()


async def test_nobody_is_asked_to_wait_once_the_call_is_served_no_more(
    call: AsteriskCall, heard: Heard
) -> None:
    with call.watched(from_now=True):
        await call.play(HELLO)
    await _moments()
    assert heard.all[-1] != "/moh"


async def test_a_look_up_that_somebody_may_end_is_such_a_wait(watched: AsteriskCall, heard: Heard) -> None:
    looking = asyncio.create_task(watched.unless_somebody_comes(asyncio.Event().wait(), None))
    await heard.until("/moh")
    assert heard.all == [SOUNDS[0], "/moh"]
    await watched.hand_over(Leg("leg-1", "PJSIP/desk-201-1"))
    assert await looking is None


async def test_with_an_emergency_such_a_look_up_is_not_waited_for(
    watched: AsteriskCall, heard: Heard, left: Left
) -> None:
    del heard
    await watched.set_urgent(urgent=True)
    looking = asyncio.create_task(watched.unless_somebody_comes(asyncio.Event().wait(), None))
    async with asyncio.timeout(60):
        assert await left.get() == watched.id
    looking.cancel()


async def test_who_waits_beside_keeps_nobody_company(watched: AsteriskCall, heard: Heard) -> None:
    """A desk's ringing waits on the caller's channel too."""
    ringing = asyncio.create_task(watched.channel.until(lambda: False, beside=True))
    await watched.play(HELLO)
    await heard.until("/moh")
    ringing.cancel()


async def test_a_case_that_becomes_an_emergency_under_music_does_not_wait_for_its_place(
    watched: AsteriskCall, heard: Heard, left: Left
) -> None:
    await watched.hold(0.01)
    await heard.until("/moh")
    await _moments()
    await watched.set_urgent(urgent=True)
    async with asyncio.timeout(60):
        assert await left.get() == watched.id


async def test_asterisk_knows_of_the_emergency_at_once_and_once(
    watched: AsteriskCall, server: AriServer
) -> None:
    told: list[list[str]] = []

    async def answer(server: AriServer, request: dict[str, Any]) -> None:
        if request["uri"].endswith("/variable"):
            told.append([one["value"] for one in request["query_strings"]])
        await server.respond(request, 204)

    server.answer = answer
    for _ in range(2):
        await watched.set_urgent(urgent=True)
    await watched.set_urgent(urgent=False)
    assert told == [["EMERGENCY", "1"], ["EMERGENCY", "0"]]


async def test_with_an_emergency_they_stay_while_a_desk_is_rung(
    watched: AsteriskCall, heard: Heard, left: Left
) -> None:
    with watched.rung_for():
        await watched.set_urgent(urgent=True)
        await heard.until("/moh")
        await _moments()
        assert left.empty()
    async with asyncio.timeout(60):
        assert await left.get() == watched.id


async def test_who_answers_in_that_moment_finds_them_there(
    watched: AsteriskCall, heard: Heard, left: Left
) -> None:
    with watched.rung_for():
        await watched.set_urgent(urgent=True)
        await heard.until("/moh")
        await _moments()
        await watched.hand_over(Leg("leg-1", "PJSIP/desk-201-1"))
    await _moments()
    assert left.empty()


async def test_the_emergencys_key_counts_also_while_they_wait_behind_a_talk_that_broke(
    watched: AsteriskCall, heard: Heard, left: Left, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dead_air, "EMERGENCY_SECONDS", 60)

    async def pressed() -> None:
        await heard.until("/moh")
        press(watched, "44")

    with watched._dead_air.in_company():
        await watched.meanwhile(pressed())
    with pytest.raises(EmergencySaid):
        await watched.play(HELLO)
    assert left.empty()
    await watched.play(ANSWER)
    assert heard.all[-1] == "sound:answer"


async def test_who_refuses_the_recording_behind_a_talk_that_broke_refuses_the_next_and_not_what_they_dialled(
    watched: AsteriskCall, heard: Heard
) -> None:
    class Talks:
        async def talk(self, call: AsteriskCall, _leg: Leg) -> TalkEnd:
            press(call, "1")
            call.leg = None
            await call.meanwhile(self._behind(call))
            return TalkEnd.BROKEN

        async def _behind(self, call: AsteriskCall) -> None:
            await heard.until("/moh")
            press(call, "*")

    await watched.note(Step.JOINED_LINE)
    talks: Any = Talks()
    watched._talks = talks
    await watched.hand_over(Leg("leg-1", "PJSIP/desk-201-1"))
    assert await watched.talk() is TalkEnd.BROKEN
    assert await watched.hold(60, keys="1*") == "*"


async def test_in_the_line_the_key_that_refuses_the_recording_counts_whenever_it_is_pressed(
    watched: AsteriskCall, heard: Heard
) -> None:
    await watched.choose(HELLO, keys="1")
    await watched.note(Step.JOINED_LINE)
    await heard.until("/moh")
    press(watched, "1*")
    assert watched.has_pressed("*")
    assert await watched.hold(60, keys="*") == "*"
