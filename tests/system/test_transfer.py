"""A dispatcher passes a caller on: blindly, after asking a colleague, to nobody; nobody is ever lost."""

from pathlib import Path

import pytest

from hotline.calls.call import Outcome, Step
from hotline.line.presence_states import Presence
from telephony.phone.sound import tone
from tests.system.hotline import Hotline
from tests.system.people import CITIZEN, FIRST, SECOND, THIRD, in_talk, loudest, picks_up

pytestmark = pytest.mark.system


async def test_a_blind_transfer_brings_the_caller_to_the_colleague(hotline: Hotline) -> None:
    first = await hotline.desk("201")
    call, desk = await in_talk(hotline, first)
    second = await hotline.desk("202")

    assert await desk.transfer("202") == 202
    assert await desk.transfer_outcome() == 200
    assert (await desk.ended()).code == 200
    colleague = await picks_up(second, SECOND)

    await call.heard_tone(SECOND)
    await colleague.heard_tone(CITIZEN)
    assert (await hotline.dispatcher("201")).presence is Presence.READY
    await colleague.hang_up()
    await call.ended()
    record = await hotline.ended_call()
    steps = await hotline.steps(record.id)
    assert (record.outcome, steps.count(Step.TALK_STARTED)) == (Outcome.TALKED, 2)
    assert steps.count(Step.TRANSFERRED) == 1


async def test_a_colleague_who_does_not_answer_leaves_the_caller_to_anybody(hotline: Hotline) -> None:
    first = await hotline.desk("201")
    call, desk = await in_talk(hotline, first)
    second = await hotline.desk("202")

    await desk.transfer("202")
    await second.next_call()
    again = await first.next_call()

    await again.answer(tone(THIRD))
    await call.heard_tone(THIRD)


async def test_a_transfer_to_nobody_is_refused_and_the_talk_goes_on(hotline: Hotline) -> None:
    first = await hotline.desk("201")
    call, desk = await in_talk(hotline, first)
    await hotline.desk("202")
    await hotline.presence("202", Presence.PAUSED, "tea")
    await hotline.desk("203")
    await hotline.presence("203", Presence.AWAY)

    outcomes = {}
    for number in ("999", "201", "202", "203", "0671234567", "1580"):
        assert await desk.transfer(number) == 202
        outcomes[number] = await desk.transfer_outcome()

    assert set(outcomes.values()) == {503}
    desk.say(tone(THIRD))
    await call.heard_tone(THIRD)
    record = await hotline.only_call()
    assert Step.TRANSFERRED not in await hotline.steps(record.id)


async def test_a_phone_that_hangs_up_at_once_has_passed_the_caller_on(hotline: Hotline) -> None:
    first = await hotline.desk("201")
    call, desk = await in_talk(hotline, first)
    second = await hotline.desk("202")

    await desk.transfer("202")
    await desk.hang_up()

    await picks_up(second, SECOND)
    await call.heard_tone(SECOND)


async def test_an_attended_transfer_joins_the_caller_and_the_colleague_who_was_asked(
    hotline: Hotline,
) -> None:
    first = await hotline.desk("201")
    call, desk = await in_talk(hotline, first)
    second = await hotline.desk("202")
    await desk.hold()
    consult = await first.call("202", sound=tone(FIRST))
    asked = await picks_up(second, SECOND)
    await consult.heard_tone(SECOND)
    await asked.heard_tone(FIRST)

    assert await desk.transfer_attended(consult) == 202
    assert await desk.transfer_outcome() == 200

    await call.heard_tone(SECOND)
    await asked.heard_tone(CITIZEN)
    await consult.ended()
    await desk.ended()
    record = await hotline.only_call()
    place = await hotline.storage.line.entry(record.id)
    colleague = await hotline.dispatcher("202")
    assert place is not None
    assert (place.dispatcher_id, colleague.presence, colleague.reason) == (colleague.id, Presence.TALKING, "")
    assert (await hotline.dispatcher("201")).presence is Presence.READY
    await call.hang_up()
    await asked.ended()
    assert (await hotline.ended_call()).outcome is Outcome.TALKED
    await hotline.until(lambda: is_ready(hotline, "202"))


async def test_a_colleague_is_asked_in_vain_and_the_caller_is_taken_back(hotline: Hotline) -> None:
    first = await hotline.desk("201")
    call, desk = await in_talk(hotline, first)
    second = await hotline.desk("202")
    await hotline.presence("202", Presence.PAUSED, "tea")
    await desk.hold()
    consult = await first.call("202", sound=tone(FIRST))
    asked = await picks_up(second, SECOND)
    await consult.heard_tone(SECOND)
    assert (await hotline.dispatcher("202")).presence is Presence.TALKING
    assert await asked.transfer("201") == 202
    assert await asked.transfer_outcome() == 503
    third = await hotline.desk("203")

    assert (await (await third.call("202")).ended()).code == 486
    assert (await (await third.call("201")).ended()).code == 486
    assert (await (await third.call("203")).ended()).code == 486
    assert (await (await third.call("204")).ended()).code == 404
    await consult.hang_up()
    await asked.ended()
    await desk.resume()
    desk.say(tone(THIRD))

    await call.heard_tone(THIRD)
    await hotline.until(lambda: is_paused(hotline, "202"))
    assert (await hotline.dispatcher("202")).reason == "tea"


async def test_a_service_killed_in_a_talk_finds_it_again_also_after_an_attended_transfer(
    hotline: Hotline,
) -> None:
    first = await hotline.desk("201")
    call, desk = await in_talk(hotline, first)
    second = await hotline.desk("202")
    await hotline.kill_service()
    await hotline.start_service()
    await hotline.reached(Step.SERVICE_RESUMED)
    await desk.hold()
    consult = await first.call("202", sound=tone(FIRST))
    asked = await picks_up(second, SECOND)
    await consult.heard_tone(SECOND)
    assert await desk.transfer_attended(consult) == 202
    await call.heard_tone(SECOND)
    await hotline.reached(Step.TALK_STARTED, times=2)

    await hotline.kill_service()
    call.say(tone(THIRD))
    await asked.heard_tone(THIRD)
    await hotline.start_service()
    await hotline.reached(Step.SERVICE_RESUMED, times=2)
    await asked.heard_tone(THIRD)
    await asked.hang_up()
    await call.ended()

    record = await hotline.ended_call()
    kept = sorted(await hotline.storage.calls.recordings(record.id), key=lambda each: each.started_at)
    heard = [(loudest(Path(each.caller_file)), loudest(Path(each.dispatcher_file))) for each in kept]
    assert heard == [(CITIZEN, FIRST), (THIRD, SECOND)]
    steps = await hotline.steps(record.id)
    assert (steps.count(Step.TALK_STARTED), steps.count(Step.TALK_ENDED)) == (2, 2)
    await hotline.until(lambda: is_ready(hotline, "202"))


async def is_ready(hotline: Hotline, extension: str) -> bool:
    return (await hotline.dispatcher(extension)).presence is Presence.READY


async def is_paused(hotline: Hotline, extension: str) -> bool:
    return (await hotline.dispatcher(extension)).presence is Presence.PAUSED
