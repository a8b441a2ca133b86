"""One call's steps: numbered, stored once, gone on with by another process."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from hotline.calls.call import CallRecord, Outcome, Step
from hotline.voice.speech import Language, Phrase
from storage.store import Storage
from telephony.calls.journey import Journey
from tests.fakes.clock import NOON, SetClock
from tests.fakes.databases import fresh_storage

CALL = "hotline-1.1"


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def storage(clock: SetClock) -> AsyncIterator[Storage]:
    async with fresh_storage(clock) as opened:
        await opened.calls.open(CallRecord(id=CALL, number=None, shown="", arrived_at=NOON))
        yield opened


async def test_steps_are_numbered_from_one_in_their_order(storage: Storage, clock: SetClock) -> None:
    journey = Journey(CALL, storage.calls, clock)
    await journey.note(Step.ARRIVED, {}, NOON)
    clock.pass_by(2)
    await journey.note(Step.PRESSED, {"key": "1"})
    await storage.calls.flush()
    arrived, pressed = await storage.calls.journey(CALL)
    assert (arrived.number, arrived.step, arrived.at) == (1, Step.ARRIVED, NOON)
    assert (pressed.number, pressed.detail, pressed.at) == (2, {"key": "1"}, clock.now())


async def test_another_process_goes_on_behind_what_is_stored(storage: Storage, clock: SetClock) -> None:
    journey = Journey(CALL, storage.calls, clock)
    for step in (Step.ARRIVED, Step.ANSWERED):
        await journey.note(step, {})
    await storage.calls.flush()
    taken_up = await Journey.taken_up(CALL, storage.calls, clock)
    assert taken_up.has(Step.ANSWERED)
    assert not taken_up.has(Step.JOINED_LINE)
    await taken_up.note(Step.SERVICE_RESUMED, {})
    await storage.calls.flush()
    assert [one.number for one in await storage.calls.journey(CALL)] == [1, 2, 3]


async def test_the_outcome_is_judged_by_all_steps_those_of_the_process_before_included(
    storage: Storage, clock: SetClock
) -> None:
    await Journey(CALL, storage.calls, clock).note(Step.TALK_STARTED, {"dispatcher": 1})
    await storage.calls.flush()
    taken_up = await Journey.taken_up(CALL, storage.calls, clock)
    clock.pass_by(9)
    await taken_up.end(clock.now())
    await storage.calls.flush()
    call = await storage.calls.find(CALL)
    assert call is not None
    assert (call.outcome, call.ended_at) == (Outcome.TALKED, clock.now())
    assert (await storage.calls.journey(CALL))[-1].step is Step.ENDED


async def test_only_the_first_prompt_is_the_first(storage: Storage, clock: SetClock) -> None:
    journey = Journey(CALL, storage.calls, clock)
    await journey.sounding(NOON)
    clock.pass_by(5)
    await journey.sounding(clock.now())
    await storage.calls.flush()
    call = await storage.calls.find(CALL)
    assert call is not None
    assert call.first_prompt_at == NOON


async def test_a_call_that_two_processes_end_ends_once(storage: Storage, clock: SetClock) -> None:
    first, second = (Journey(CALL, storage.calls, clock) for _ in range(2))
    await first.end(NOON)
    clock.pass_by(9)
    await second.end(clock.now())
    await storage.calls.flush()
    call = await storage.calls.find(CALL)
    assert call is not None
    assert call.ended_at == NOON
    assert [one.step for one in await storage.calls.journey(CALL)] == [Step.ENDED]


async def test_what_is_told_once_is_known_by_its_words_after_a_restart(
    storage: Storage, clock: SetClock
) -> None:
    said = Phrase(name="city-message-1", uk="Зачиніть вікна.", en="Close your windows.", once=True)
    journey = Journey(CALL, storage.calls, clock)
    told = said.told_as(Language.UKRAINIAN)
    await journey.note(Step.HEARD, {"phrases": f"city-message {said.name}", "once": told})
    await storage.calls.flush()
    taken_up = await Journey.taken_up(CALL, storage.calls, clock)
    assert taken_up.told(told)
    assert not taken_up.told(said.told_as(Language.ENGLISH))
    assert not taken_up.told(replace(said, uk="Вікна можна відчинити.").told_as(Language.UKRAINIAN))


async def test_the_appeal_that_was_told_last_is_known_until_the_caller_goes_elsewhere(
    storage: Storage, clock: SetClock
) -> None:
    journey = Journey(CALL, storage.calls, clock)
    assert journey.asked_about is None
    await journey.note(Step.HEARD, {"phrases": "welcome menu"})
    await journey.note(Step.APPEAL_ASKED, {"appeal": "2600001", "theirs": True})
    await journey.note(Step.HEARD, {"phrases": "appeal-number-2600001 appeal-done"})
    assert (await Journey.taken_up(CALL, storage.calls, clock)).asked_about == "2600001"
    await journey.note(Step.JOINED_LINE, {})
    assert journey.asked_about is None
    await journey.note(Step.APPEAL_ASKED, {"appeal": "2600001", "theirs": True})
    await journey.note(Step.HEARD, {"phrases": "menu"})
    assert journey.asked_about is None


async def test_who_is_on_hold_is_known_until_it_ends_or_the_talk_does(
    storage: Storage, clock: SetClock
) -> None:
    journey = Journey(CALL, storage.calls, clock)
    seen = []
    for step, dispatcher in (
        (Step.TALK_STARTED, 7),
        (Step.HOLD_BEGAN, 7),
        (Step.PRESSED, 7),
        (Step.HOLD_ENDED, 7),
        (Step.HOLD_BEGAN, 7),
        (Step.TRANSFERRED, 7),
        (Step.TALK_STARTED, 8),
    ):
        await journey.note(step, {"dispatcher": dispatcher})
        seen.append(journey.on_hold(7))
    assert seen == [False, True, True, False, True, False, False]
