"""A third in a talk: asked alone while the citizen hears music, joined, dropped, left with the citizen."""

from pathlib import Path

import pytest

from hotline.calls.call import Outcome, Step
from hotline.line.presence_states import Presence
from telephony.phone.call import Call
from telephony.phone.incoming import IncomingCall
from telephony.phone.sound import tone
from tests.system.people import CITIZEN, FIRST, SECOND, asks_for_a_dispatcher, loudest, picks_up
from tests.system.test_calling_out import City, city
from tests.system.test_transfer import is_ready

pytestmark = pytest.mark.system
__all__ = ["city"]

EXECUTOR = "0457 900 099"


async def in_talk(city: City) -> Call:
    """A citizen and the dispatcher, who hear each other."""
    citizen = await asks_for_a_dispatcher(city.hotline, sound=tone(CITIZEN))
    await city.desk.picks_up()
    await citizen.heard_tone(FIRST)
    await city.desk.hears(CITIZEN)
    return citizen


async def asked(city: City) -> tuple[Call, IncomingCall]:
    """A citizen who hears music while the dispatcher speaks with an executor."""
    citizen = await in_talk(city)
    await city.desk.dials(EXECUTOR, "call")
    executor = await city.provider.next_call()
    await executor.answer(tone(SECOND))
    await executor.heard_tone(FIRST)
    await city.desk.hears(SECOND)
    await city.third_is("alone")
    await city.hotline.until(lambda: not citizen.hears_tone(FIRST) and not citizen.hears_tone(SECOND))
    return citizen, executor


async def all_together(city: City) -> tuple[Call, IncomingCall]:
    """Three who hear one another, each the two others."""
    citizen, executor = await asked(city)
    await city.desk.press("Shift+F8")
    await city.third_is("together")
    await city.hotline.until(lambda: hears_both(citizen, FIRST, SECOND))
    await city.hotline.until(lambda: hears_both(executor, FIRST, CITIZEN))
    return citizen, executor


def hears_both(call: Call, one: int, other: int) -> bool:
    """Two tones of one loudness at once: each is about half of what is heard."""
    return call.tone_share(one) > 0.2 and call.tone_share(other) > 0.2


async def test_three_hear_one_another_and_the_dispatcher_ends_it(city: City) -> None:
    citizen, executor = await all_together(city)
    assert await city.desk.hears_both(CITIZEN, SECOND)

    await city.desk.press("F4")

    await citizen.ended()
    await executor.ended()
    call = await city.hotline.ended_call()
    steps = await city.hotline.steps(call.id)
    assert call.outcome is Outcome.TALKED
    assert [one for one in steps if one in {Step.THIRD_CALLED, Step.CONFERENCE, Step.THIRD_LEFT}] == [
        *(Step.THIRD_CALLED, Step.CONFERENCE, Step.THIRD_LEFT)
    ]
    (kept,) = await city.hotline.storage.calls.recordings(call.id)
    assert loudest(Path(kept.dispatcher_file)) == FIRST
    await city.hotline.until(lambda: is_ready(city.hotline, "201"))


@pytest.mark.nightly
async def test_a_third_who_is_let_go_or_hangs_up_leaves_the_two_talking(city: City) -> None:
    citizen, executor = await asked(city)

    await city.desk.press("F4")

    await executor.ended()
    await citizen.heard_tone(FIRST)
    await city.desk.hears(CITIZEN)
    await city.desk.dials(EXECUTOR, "call")
    again = await city.provider.next_call()
    await again.answer(tone(SECOND))
    await city.third_is("alone")
    await again.hang_up()
    await city.third_is("none")
    await citizen.heard_tone(FIRST)
    await city.desk.hears(CITIZEN)


@pytest.mark.nightly  # by day the next test begins with one
async def test_a_third_who_is_busy_is_told_and_the_two_talk_on(city: City) -> None:
    citizen = await in_talk(city)
    await city.desk.dials(EXECUTOR, "call")
    executor = await city.provider.next_call()
    await city.hotline.until(lambda: not citizen.hears_tone(FIRST))

    await executor.reject(486)

    await city.third_is("missed")
    await citizen.heard_tone(FIRST)
    await city.desk.hears(CITIZEN)


async def test_a_citizen_is_passed_on_to_somebody_outside_who_answers_and_to_nobody_who_does_not(
    city: City,
) -> None:
    citizen = await in_talk(city)
    await city.desk.dials(EXECUTOR, "transfer")
    nobody = await city.provider.next_call()
    await nobody.reject(486)
    await city.third_is("missed")
    await citizen.heard_tone(FIRST)

    await city.desk.dials(EXECUTOR, "transfer")
    executor = await city.provider.next_call()
    await executor.answer(tone(SECOND))
    await city.desk.call_is("none")
    await citizen.heard_tone(SECOND)
    await executor.heard_tone(CITIZEN)
    await executor.hang_up()
    await citizen.ended()


@pytest.mark.nightly
async def test_the_citizen_and_the_third_are_left_together(city: City) -> None:
    citizen, executor = await all_together(city)

    await city.desk.press("Control+F8")

    await city.desk.call_is("none")
    await citizen.heard_tone(SECOND)
    await executor.heard_tone(CITIZEN)
    await city.hotline.until(lambda: is_ready(city.hotline, "201"))
    await executor.hang_up()
    await citizen.ended()
    steps = await city.hotline.steps((await city.hotline.ended_call()).id)
    assert steps.count(Step.LEFT_TOGETHER) == 1


async def test_when_the_citizen_hangs_up_the_dispatcher_speaks_on_with_the_third(city: City) -> None:
    citizen, executor = await all_together(city)

    await citizen.hang_up()

    await city.hotline.ended_call()
    await executor.heard_tone(FIRST)
    await city.desk.hears(SECOND)
    assert (await city.hotline.dispatcher("201")).presence is Presence.TALKING
    await executor.hang_up()
    await city.desk.call_is("none")
    await city.hotline.until(lambda: is_ready(city.hotline, "201"))


async def test_a_colleague_joins_and_takes_the_citizen_over(city: City) -> None:
    colleague = await city.hotline.desk("202")
    await city.hotline.presence("202", Presence.PAUSED, "tea")
    citizen = await in_talk(city)
    await city.desk.dials("202", "call")
    third = await picks_up(colleague, SECOND)
    await third.heard_tone(FIRST)
    await city.desk.press("Shift+F8")
    await city.hotline.until(lambda: hears_both(citizen, FIRST, SECOND))

    await city.desk.press("Control+F8")

    await city.desk.call_is("none")
    await city.hotline.reached(Step.TALK_STARTED, times=2)
    await citizen.heard_tone(SECOND)
    await third.heard_tone(CITIZEN)
    await third.hang_up()
    await citizen.ended()
    call = await city.hotline.ended_call()
    kept = await city.hotline.storage.calls.recordings(call.id)
    assert sorted(loudest(Path(one.dispatcher_file)) for one in kept) == [FIRST, SECOND]


async def test_a_conference_goes_on_while_the_service_is_dead_and_after(city: City) -> None:
    citizen, executor = await all_together(city)
    await city.hotline.kill_service()
    await city.hotline.until(lambda: hears_both(citizen, FIRST, SECOND))
    await city.hotline.start_service()
    await city.hotline.reached(Step.SERVICE_RESUMED)

    await city.hotline.until(lambda: hears_both(executor, FIRST, CITIZEN))
    await city.desk.shows("ready")
    await city.third_is("together")
    await city.desk.press("F4")

    await citizen.ended()
    await executor.ended()


async def test_nobody_hears_music_for_a_third_who_hung_up_while_the_service_was_dead(city: City) -> None:
    citizen, executor = await asked(city)
    await city.hotline.kill_service()
    await executor.hang_up()
    await city.hotline.start_service()

    await citizen.heard_tone(FIRST)
    await city.desk.hears(CITIZEN)
    await city.third_is("none")


@pytest.mark.nightly
@pytest.mark.parametrize("answers", [True, False], ids=["answered meanwhile", "rings still"])
async def test_a_third_who_rang_when_the_service_died_is_heard_or_given_up(
    city: City, *, answers: bool
) -> None:
    citizen = await in_talk(city)
    await city.desk.dials(EXECUTOR, "call")
    executor = await city.provider.next_call()
    await city.third_is("ringing")
    await city.hotline.kill_service()
    if answers:
        await executor.answer(tone(SECOND))
    await city.hotline.start_service()

    if answers:
        await executor.heard_tone(FIRST)
        await city.desk.hears(SECOND)
        await city.third_is("alone")
    else:
        await executor.ended()
        await city.third_is("missed")
        await citizen.heard_tone(FIRST)
        await city.desk.hears(CITIZEN)


async def test_the_citizen_is_not_forgotten_when_the_dispatcher_hangs_up_aside(city: City) -> None:
    citizen, executor = await asked(city)

    await city.desk.page.evaluate("document.querySelector('[data-softphone]').softphone.hangUp()")

    await executor.ended()
    await city.desk.picks_up()
    await citizen.heard_tone(FIRST)
