"""Asterisk is killed under people: whoever it cut off is called back at once, in their turn and only once."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.calls.call import Outcome, Step
from hotline.dialling.dialler import Result
from hotline.line.presence_states import Presence
from storage.tables import call_attempts
from telephony.phone.sound import tone
from tests.system.node import running
from tests.system.oracle import differences
from tests.system.outside import Outside, calling_outside
from tests.system.people import CITIZEN, FIRST, SECOND, asks_for_a_dispatcher, picks_up

pytestmark = pytest.mark.system

CALLED = TALKS, WAITS, CALLS_AGAIN = "+380457900001", "+380457900002", "+380457900003"


@pytest.fixture
async def city(tmp_path: Path) -> AsyncIterator[Outside]:
    settings = {"HOTLINE_ANNOUNCE_SECONDS": "2", "HOTLINE_AFTER_CALL_SECONDS": "0"}
    async with calling_outside(tmp_path, **settings) as outside:
        yield outside


async def test_a_talk_the_line_and_who_calls_again_go_on_where_asterisk_cut_them_off(city: Outside) -> None:
    hotline = city.hotline
    desk = await hotline.desk("201")
    for place, number in enumerate(CALLED, start=1):
        await asks_for_a_dispatcher(hotline, number)
        await hotline.reached(Step.JOINED_LINE, times=place)
        if number == TALKS:
            await picks_up(desk, FIRST)
            await hotline.reached(Step.TALK_STARTED)
    before = {one.call_id: one.entered_at for one in await hotline.storage.line.entries()}

    hotline.node.kill()
    await hotline.node.process.wait()
    async with running(hotline.settings, hotline.node.environ):
        await hotline.ready()
        talked = await city.rung(TALKS)
        assert (await hotline.dispatcher("201")).presence is Presence.OFFERED
        await desk.register()
        await talked.answer()
        waited = await city.rung(WAITS)
        await waited.answer()
        rings = await city.rung(CALLS_AGAIN)
        again = await hotline.citizen(CALLS_AGAIN)
        await again.answered()
        await hotline.until(lambda: _takes_over(city))
        await rings.reject(486)

        talk = await picks_up(desk, SECOND)
        assert talk.caller == TALKS
        talked.say(tone(CITIZEN))  # a tone from the start would be a machine's greeting
        await talked.heard_tone(SECOND)
        await talk.heard_tone(CITIZEN)
        await hotline.reached(Step.JOINED_LINE, times=6)
        waiting = [one for one in await hotline.storage.line.entries() if one.dispatcher_id is None]
        assert [one.entered_at for one in waiting] == sorted(before.values())[1:]
        assert waiting[1].call_id not in before

        for gives_up in (waited, again):
            await gives_up.hang_up()
        await talk.hang_up()
        await talked.ended()
        await hotline.until(lambda: _nobody_is_owed(city))
        await hotline.until(lambda: _all_ended(city))
        assert await differences(hotline) == []
        ended = {
            call: [one.outcome for one in await hotline.calls() if one.number == call] for call in CALLED
        }
        assert ended[TALKS] == [Outcome.LOST, Outcome.TALKED]
        assert ended[WAITS] == [Outcome.LOST, Outcome.CALLBACK_WANTED]
        assert sorted(ended[CALLS_AGAIN]) == sorted([Outcome.LOST, Outcome.BUSY, Outcome.ABANDONED_IN_LINE])
        cut = [call.number for call in await hotline.calls() if Step.CUT_OFF in await hotline.steps(call.id)]
        assert sorted(map(str, cut)) == sorted(CALLED)


async def _takes_over(city: Outside) -> bool:
    """Whether who calls again has their place by now, and is owed no call any more."""
    return await city.hotline.storage.kept_places.of(CALLS_AGAIN) is None


async def _nobody_is_owed(city: Outside) -> bool:
    storage = city.hotline.storage
    return not await storage.line.entries() and not await storage.call_jobs.under_way(9)


async def _all_ended(city: Outside) -> bool:
    return all(call.ended_at is not None for call in await city.hotline.calls())


@pytest.mark.nightly
async def test_who_is_being_called_back_when_the_service_dies_is_rung_once_at_a_time(city: Outside) -> None:
    hotline = city.hotline
    desk = await hotline.desk("201")
    await asks_for_a_dispatcher(hotline, TALKS)
    await picks_up(desk, FIRST)
    await asks_for_a_dispatcher(hotline, WAITS)
    await hotline.reached(Step.JOINED_LINE, times=2)
    hotline.node.kill()
    await hotline.node.process.wait()
    await hotline.kill_service()
    async with running(hotline.settings, hotline.node.environ):
        await hotline.start_service()
        rings = await city.rung(WAITS)
        await hotline.kill_service()
        await hotline.start_service()
        await rings.ended()
        await hotline.until(lambda: _results(city, [Result.INTERRUPTED] * 2), seconds=60)
        place = await hotline.storage.kept_places.of(WAITS)
        assert place is not None
        assert place.cut_at is not None


async def _is_ready(city: Outside) -> bool:
    return (await city.hotline.dispatcher("201")).presence is Presence.READY


async def _is_ended(city: Outside, number: str) -> bool:
    (call,) = [one for one in await city.hotline.calls() if one.number == number]
    return call.ended_at is not None


async def _results(city: Outside, expected: list[Result]) -> bool:
    """Whether the attempts to call came to this, in their order."""
    async with city.hotline.storage.database.reading() as connection:
        ordered = select(call_attempts.c.result).order_by(call_attempts.c.dialled_at)
        return [*(await connection.execute(ordered)).scalars()] == expected


@pytest.mark.nightly
async def test_asterisk_that_is_shut_down_in_order_owes_the_same_calls(city: Outside) -> None:
    hotline = city.hotline
    desk = await hotline.desk("201")
    await asks_for_a_dispatcher(hotline, TALKS)
    await picks_up(desk, FIRST)
    gone = await asks_for_a_dispatcher(hotline, CALLS_AGAIN)
    await asks_for_a_dispatcher(hotline, WAITS)
    await hotline.reached(Step.JOINED_LINE, times=3)
    await gone.hang_up()
    await hotline.until(lambda: _is_ended(city, CALLS_AGAIN))
    hotline.node.process.terminate()
    await hotline.node.process.wait()
    async with running(hotline.settings, hotline.node.environ):
        talked = await city.rung(TALKS)
        assert (await hotline.dispatcher("201")).presence is Presence.OFFERED
        waited = await city.rung(WAITS)
        for called in (talked, waited):
            await called.reject(603)
        await hotline.until(lambda: _results(city, [Result.REFUSED] * 2))
        await hotline.until(lambda: _is_ready(city))
        assert await hotline.storage.kept_places.of(CALLS_AGAIN) is None
