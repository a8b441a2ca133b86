"""The database stands still before the line: callers are asked to wait, hear music, and lose nothing."""

import signal

import numpy as np
import pytest

from hotline.calls.call import MEANWHILE, Outcome, Step
from hotline.voice.speech import Phrase
from ivr_flows import prompts
from telephony.phone.g711 import RATE
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.sound import tone
from tests.system.heard import heard_of, recorded, sound_of
from tests.system.hotline import Hotline
from tests.system.lending import Hotlines
from tests.system.locked import locked_for_writing
from tests.system.people import (
    CITIZEN,
    FIRST,
    SECOND,
    asks_for_a_dispatcher,
    in_talk,
    picks_up,
    spoken,
)
from tests.system.test_hung_service import MUSIC
from tests.system.test_service_killed import said, until

pytestmark = pytest.mark.system

NUMBER = "+380457900011"
LISTENED_SECONDS = 1.0
LATE_SECONDS = 0.5
"""Sound is never taken for older: what comes later than that has its place moved."""


async def test_a_caller_who_leaves_a_message_hears_music_until_it_can_be_begun(hotline: Hotline) -> None:
    call = await in_menu(hotline)
    with locked_for_writing(hotline):
        await call.press("3")
        since = await asked_to_wait(hotline, call)
        await hotline.until(lambda: hears_music(call, since))
        await call.press("1")  # answers nothing: nothing was asked
    await hotline.reached(Step.MESSAGE_LEFT)
    await spoken(hotline)
    await call.press("#")
    await call.ended()
    record = await hotline.ended_call()
    assert record.outcome is Outcome.MESSAGE_LEFT
    journey = await hotline.journey(record.id)
    meanwhile = [(step.step, step.detail.get("key")) for step in journey if MEANWHILE in step.detail]
    assert meanwhile == [(Step.HEARD, None), (Step.PRESSED, "1")]
    assert Step.FELL_BACK not in [step.step for step in journey]


async def test_the_emergencys_key_reaches_a_desk_while_nothing_can_be_written(hotline: Hotline) -> None:
    desk = await hotline.desk("201")
    call = await in_menu(hotline)
    with locked_for_writing(hotline):
        await call.press("3")
        await asked_to_wait(hotline, call)
        await call.press("4")
        talk = await picks_up(desk, FIRST)
        await call.heard_tone(FIRST)
        await talk.heard_tone(CITIZEN)
    await hotline.reached(Step.FELL_BACK)
    await call.heard_tone(FIRST)
    await talk.hang_up()
    await call.ended()
    record = await hotline.ended_call()
    assert record.outcome is Outcome.TALKED
    pressed = [s.detail for s in await hotline.journey(record.id) if s.step is Step.PRESSED]
    assert pressed[-1] == {"key": "4", "asked": "please-wait", MEANWHILE: True}


@pytest.mark.nightly
async def test_an_emergency_that_still_waits_in_asterisks_own_queue_comes_back_first(
    hotline: Hotline,
) -> None:
    desk = await hotline.desk("201")
    call = await in_menu(hotline)
    with locked_for_writing(hotline):
        await call.press("3")
        await asked_to_wait(hotline, call)
        await call.press("4")
        ringing = await desk.next_call()  # by Asterisk's own queue
    await ringing.ended()
    talk = await picks_up(desk, SECOND)
    await call.heard_tone(SECOND)
    await talk.heard_tone(CITIZEN)
    await talk.hang_up()
    await call.ended()
    record = await hotline.ended_call()
    journey = await hotline.journey(record.id)
    joined = [step.detail["priority"] for step in journey if step.step is Step.JOINED_LINE]
    assert joined == ["emergency"]


@pytest.mark.nightly  # by day `tests/telephony/node/test_call_session.py`
async def test_whoever_is_fetched_from_asterisks_own_queue_hears_music_until_they_are_in_the_line(
    hotlines: Hotlines,
) -> None:
    async with hotlines.lent(HOTLINE_LEASE_SECONDS="10") as hotline:
        talking, _ = await in_talk(hotline, await hotline.desk("201"))
        waiting = await asks_for_a_dispatcher(hotline, NUMBER)
        await until(hotline, NUMBER, Step.JOINED_LINE)
        assert hotline.service
        hotline.service.send_signal(signal.SIGSTOP)
        await hotline.node.until(lambda: _began(hotline, "Queue", "hotline"))
        with locked_for_writing(hotline):
            hotline.service.send_signal(signal.SIGCONT)
            await hotline.node.until(lambda: _began(hotline, "Stasis", "hotline,resumed"))
            since = recorded(waiting)
            await hotline.until(lambda: hears_music(waiting, since))
        await until(hotline, NUMBER, Step.SERVICE_RESUMED)
        await waiting.hang_up()
        await talking.hang_up()


def _began(hotline: Hotline, application: str, given: str) -> bool:
    """Whether Asterisk has begun this application for somebody."""
    rows = (row for row in hotline.node.cel_rows() if row["eventtype"] == "APP_START")
    return any(row["appname"] == application and row["appdata"].startswith(given) for row in rows)


async def in_menu(hotline: Hotline) -> OutgoingCall:
    """A citizen who has been greeted, and is asked what they want."""
    call = await hotline.citizen(NUMBER, tone(CITIZEN))
    await call.answered()
    await call.press("8")
    await said(hotline, NUMBER, "wrong-key")
    return call


async def asked_to_wait(hotline: Hotline, call: OutgoingCall, last: Phrase = prompts.EMERGENCY_KEY) -> float:
    """Until which second of their recording the caller was asked to wait; by the words that come last."""
    words = await sound_of(hotline, last)
    before = recorded(call)

    def heard() -> float:
        return heard_of(words, call.recording()[round(before * RATE) :])

    await hotline.until(lambda: heard() > 0.8 * len(words) / RATE)
    return before + heard()


def hears_music(call: OutgoingCall, since: float, *, after: float = LISTENED_SECONDS) -> bool:
    """Whether each fifth of the last second has sound, all of it so many seconds after that moment."""
    if recorded(call) < since + after + LATE_SECONDS + 1:
        return False
    pieces = np.abs(call.latest(1).astype(np.int32)).reshape(5, -1)
    return bool((pieces.max(axis=1) > MUSIC).all())
