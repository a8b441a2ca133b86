"""The database dies in the middle of calls, and its standby takes over: nobody is lost, none called twice."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path
from time import monotonic

import asyncpg
import pytest
from playwright.async_api import Error as BrowserError
from sqlalchemy import select

from hotline.appeals.appeal import AppealState
from hotline.calls.call import Outcome, Step
from hotline.dialling.job_states import JobState
from hotline.line.presence_states import Presence
from hotline.line.queue_entry_states import QueueEntryState
from hotline.surveys.completion import SurveyOutcome
from ivr_flows import prompts
from storage.tables import talks
from telephony.calls.dead_air import EMERGENCY_SECONDS
from telephony.phone.incoming import IncomingCall
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.phone import Phone
from telephony.phone.sound import tone
from tests.storage.pair import Pair, pair
from tests.system.hotline import Hotline, running_hotline
from tests.system.outside import calling_outside
from tests.system.people import (
    CITIZEN,
    FIRST,
    SECOND,
    THIRD,
    asks_for_a_dispatcher,
    in_talk,
    picks_up,
    rung_first,
    spoken,
)
from tests.system.test_dead_air import asked_to_wait, hears_music, in_menu
from tests.system.test_informing import approved, order_calling
from tests.system.test_survey_call import AROUND_THE_CLOCK, furnished
from tests.system.test_truths import is_now
from tests.system.web_desk import WebDesk, web_desk

__all__ = ["pair"]
pytestmark = [pytest.mark.system, pytest.mark.nightly]

log = logging.getLogger(__name__)
ENTERS = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE wait_event = 'relation' AND query LIKE 'INSERT INTO queue_entries%'"
)
WAITING, CALLING, LATER = "+380457900002", "+380457900003", "+380457900004"
OUTSIDE = "+380671234567"


@pytest.fixture
async def hotline(pair: Pair, tmp_path: Path) -> AsyncIterator[Hotline]:
    # A desk rings for longer than anything here takes.
    ring = {"HOTLINE_RING_SECONDS": "60"}
    async with running_hotline(tmp_path, HOTLINE_DATABASE_URL=pair.url(), **ring) as one:
        yield one


async def test_calls_outlive_the_database_that_knew_them(hotline: Hotline, pair: Pair) -> None:
    desk = await hotline.desk("201")
    talking, talk = await in_talk(hotline, desk)
    waiting = await asks_for_a_dispatcher(hotline, WAITING, tone(CITIZEN))
    await hotline.reached(Step.JOINED_LINE, times=2)

    pair.kill_first()
    since = monotonic()
    calling = await asks_for_a_dispatcher(hotline, CALLING, tone(CITIZEN))
    await talking.heard_tone(FIRST)
    pair.promote()

    await hotline.reached(Step.JOINED_LINE, times=3)
    log.info("from_death_to_the_line_s=%.2f", monotonic() - since)
    await talk.heard_tone(CITIZEN)
    await talk.hang_up()
    await talking.ended()
    for citizen, hertz in ((waiting, SECOND), (calling, THIRD)):
        second = await picks_up(desk, hertz)
        await citizen.heard_tone(hertz)
        await second.heard_tone(CITIZEN)
        await citizen.hang_up()
        await second.ended()
    later = await asks_for_a_dispatcher(hotline, LATER, tone(CITIZEN))
    last = await picks_up(desk, FIRST)
    await later.heard_tone(FIRST)
    await last.hang_up()
    await later.ended()

    async def all_ended() -> bool:
        return all(call.ended_at for call in await hotline.calls())

    await hotline.until(all_ended)
    calls = await hotline.calls()
    assert [call.outcome for call in calls] == [Outcome.TALKED] * 4
    for call in calls:
        assert (await hotline.steps(call.id)).count(Step.TALK_STARTED) == 1


async def test_who_is_in_the_menu_when_the_database_dies_is_asked_to_wait_and_goes_on(
    hotline: Hotline, pair: Pair
) -> None:
    call = await in_menu(hotline)
    pair.kill_first()
    await call.press("3")
    await asked_to_wait(hotline, call)
    pair.promote()
    await hotline.reached(Step.MESSAGE_LEFT)
    await spoken(hotline)
    await call.press("#")
    await call.ended()
    record = await hotline.ended_call()
    assert record.outcome is Outcome.MESSAGE_LEFT
    assert Step.FELL_BACK not in await hotline.steps(record.id)


async def test_a_caller_whose_statement_is_under_way_when_the_database_dies_stays_in_our_line(
    hotline: Hotline, pair: Pair
) -> None:
    desk = await hotline.desk("201")
    blocking = await asyncpg.connect(host=str(pair.first.folder), user="postgres", database="hotline")
    transaction = blocking.transaction()
    await transaction.start()
    await blocking.execute("LOCK TABLE queue_entries IN EXCLUSIVE MODE")
    calling = await asks_for_a_dispatcher(hotline, CALLING, tone(CITIZEN))

    async def enters() -> bool:
        return bool(await blocking.fetchval(ENTERS))

    await hotline.until(enters)
    pair.kill_first()
    pair.promote()
    talk = await picks_up(desk, FIRST)
    await calling.heard_tone(FIRST)
    await talk.hang_up()
    await calling.ended()
    await hotline.reached(Step.ENDED)
    (call,) = await hotline.calls()
    steps = await hotline.steps(call.id)
    assert Step.FELL_BACK not in steps
    assert steps.count(Step.SERVICE_RESUMED) == 1
    assert call.outcome is Outcome.TALKED


async def test_a_caller_whose_dispatcher_answers_while_no_database_is_there_talks_and_it_is_on_record_later(
    hotline: Hotline, pair: Pair
) -> None:
    desk = await hotline.desk("201")
    calling = await asks_for_a_dispatcher(hotline, CALLING, tone(CITIZEN))
    rung = await desk.next_call()
    pair.kill_first()
    await rung.answer(tone(FIRST))
    await calling.heard_tone(FIRST)
    await rung.heard_tone(CITIZEN)
    pair.promote()
    await hotline.reached(Step.TALK_STARTED)

    async def on_record() -> bool:
        return [one.state for one in await hotline.storage.line.entries()] == [QueueEntryState.TALKING]

    await hotline.until(on_record)
    await rung.hang_up()
    await calling.ended()
    await hotline.reached(Step.ENDED)
    (call,) = await hotline.calls()
    steps = await hotline.steps(call.id)
    assert steps.count(Step.DISPATCHER_OFFERED) == 1
    assert Step.FELL_BACK not in steps
    assert call.outcome is Outcome.TALKED


async def test_whom_a_dispatcher_has_called_talks_though_the_database_died_as_they_answered(
    pair: Pair, tmp_path: Path
) -> None:
    ring = {"HOTLINE_RING_SECONDS": "60"}
    async with calling_outside(tmp_path, HOTLINE_DATABASE_URL=pair.url(), **ring) as outside:
        hotline = outside.hotline
        async with web_desk(hotline, "201", FIRST) as desk:
            await desk.dials(OUTSIDE, "call")
            called = await outside.provider.next_call()
            await called.ring()
            await hotline.reached(Step.RANG)
            pair.kill_first()
            await called.answer(tone(CITIZEN))
            await called.press("1")
            await called.heard_tone(FIRST)
            await desk.hears(CITIZEN)
            pair.promote()
            await hotline.reached(Step.TALK_STARTED)

            async def on_record() -> bool:
                return await talks_on_record(hotline) == [False]

            await hotline.until(on_record)
            assert called.end is None
            await called.hang_up()
            await desk.call_is("none")
        record = await hotline.ended_call()
        assert record.outcome is Outcome.TALKED
        assert await talks_on_record(hotline) == [True]
        assert len(outside.provider.calls) == 1


async def test_what_is_said_in_a_survey_counts_though_the_database_died_in_its_middle(
    pair: Pair, tmp_path: Path
) -> None:
    async with calling_outside(tmp_path, HOTLINE_DATABASE_URL=pair.url(), **AROUND_THE_CLOCK) as outside:
        city = await furnished(outside)
        appeal = await city.reported_done()
        called = await city.answered("1")
        await city.hotline.until(lambda: city.asked(2))
        pair.kill_first()
        await called.press("15")
        await called.ended()
        pair.promote()
        survey = await city.comes_to(appeal, SurveyOutcome.CONFIRMED, AppealState.CLOSED)
        assert survey.rating == 5
        assert (await city.job(survey, JobState.REACHED))["attempt"] == 1
        assert len(city.provider.calls) == 1


async def test_a_notice_is_heard_to_its_end_and_counts_though_the_database_died_in_its_middle(
    pair: Pair, tmp_path: Path
) -> None:
    async with calling_outside(tmp_path, HOTLINE_DATABASE_URL=pair.url()) as outside:
        hotline = outside.hotline
        order_id = await approved(hotline, order_calling(OUTSIDE))
        called = await outside.rung(OUTSIDE)
        await called.answer(tone(CITIZEN))
        await called.heard_voice()
        await hotline.reached(Step.ANSWERED)
        pair.kill_first()
        await called.press("1")
        await called.ended()
        pair.promote()

        async def proved() -> bool:
            return [one.proof.proved async for one in hotline.storage.informing.people(order_id)] == [True]

        await hotline.until(proved)
        record = await hotline.ended_call()
        assert record.outcome is Outcome.TOLD
        assert (await hotline.phrases(record.id))[-1] == "informing-thanks"
        assert len(outside.provider.calls) == 1


async def rung_with_an_emergency(
    hotline: Hotline, desk: Phone, number: str
) -> tuple[OutgoingCall, IncomingCall]:
    """A citizen with an emergency, for whom this desk rings."""
    calling = await hotline.citizen(number, tone(CITIZEN))
    await calling.answered()
    await calling.press("4")
    return calling, await desk.next_call()


async def no_longer_patient(hotline: Hotline, calling: OutgoingCall) -> None:
    """Wait until who has an emergency would have been given to Asterisk's own queue long since."""
    since = await asked_to_wait(hotline, calling, prompts.PLEASE_WAIT)
    await hotline.until(lambda: hears_music(calling, since, after=2 * EMERGENCY_SECONDS))


async def talks_on_record(hotline: Hotline) -> list[bool]:
    """Of all talks whether they have ended."""
    asked = select(talks.c.ended_at.is_not(None)).order_by(talks.c.id)
    async with hotline.storage.database.reading() as connection:
        return [bool(one) for one in (await connection.execute(asked)).scalars()]


async def test_an_emergency_waits_for_the_desk_that_rings_while_no_database_is_there(
    hotline: Hotline, pair: Pair
) -> None:
    desk = await hotline.desk("201")
    calling, rung = await rung_with_an_emergency(hotline, desk, CALLING)
    pair.kill_first()
    await no_longer_patient(hotline, calling)
    assert rung.end is None
    await rung.answer(tone(FIRST))
    await calling.heard_tone(FIRST)
    await rung.heard_tone(CITIZEN)
    pair.promote()

    async def on_record() -> bool:
        return [one.state for one in await hotline.storage.line.entries()] == [QueueEntryState.TALKING]

    await hotline.until(on_record)
    await rung.hang_up()
    await calling.ended()
    record = await hotline.ended_call()
    steps = await hotline.steps(record.id)
    assert steps.count(Step.DISPATCHER_OFFERED) == 1
    assert Step.FELL_BACK not in steps
    assert record.outcome is Outcome.TALKED
    assert await talks_on_record(hotline) == [True]


async def test_of_two_emergencies_one_hangs_up_and_whom_a_desk_refuses_is_rung_for_by_asterisks_own_queue(
    hotline: Hotline, pair: Pair
) -> None:
    first, second = await hotline.desk("201"), await hotline.desk("202")
    calling, rung = await rung_with_an_emergency(hotline, first, CALLING)
    giving_up, in_vain = await rung_with_an_emergency(hotline, second, LATER)
    pair.kill_first()
    await giving_up.hang_up()
    await in_vain.ended()
    await rung.reject()
    _desk, again = await rung_first({"201": first, "202": second})
    await again.answer(tone(FIRST))
    await calling.heard_tone(FIRST)
    await again.heard_tone(CITIZEN)
    pair.promote()
    await hotline.reached(Step.FELL_BACK)
    assert calling.hears_tone(FIRST)
    await again.hang_up()
    await calling.ended()

    async def all_over() -> bool:
        desks = [(await hotline.dispatcher(one)).presence for one in ("201", "202")]
        return desks == [Presence.READY] * 2 and all(call.ended_at for call in await hotline.calls())

    await hotline.until(all_over)
    assert await hotline.storage.line.entries() == []
    assert sorted(call.outcome or "" for call in await hotline.calls()) == sorted(
        [Outcome.TALKED, Outcome.ABANDONED_IN_LINE]
    )


async def test_a_talk_of_the_outage_whose_page_is_loaded_anew_as_the_database_is_back_goes_on_there(
    hotline: Hotline, pair: Pair
) -> None:
    async with web_desk(hotline, "201", FIRST) as desk:
        calling = await asks_for_a_dispatcher(hotline, CALLING, tone(CITIZEN))
        await desk.call_is("ringing")
        pair.kill_first()
        await desk.press("F2")
        await calling.heard_tone(FIRST)
        await desk.hears(CITIZEN)
        pair.promote()
        await hotline.until(lambda: _opens(desk))
        await desk.picks_up()
        await calling.heard_tone(FIRST)
        await desk.hears(CITIZEN)
        await hotline.until(lambda: is_now(hotline, "201", Presence.TALKING))
        await calling.hang_up()
        await desk.call_is("none")
    record = await hotline.ended_call()
    steps = await hotline.steps(record.id)
    assert steps.count(Step.DISPATCHER_OFFERED) == 2
    assert Step.FELL_BACK not in steps
    assert await talks_on_record(hotline) == [True, True]


async def _opens(desk: WebDesk) -> bool:
    """Whether its page opens, which it does not while nothing can be read."""
    try:
        await desk.open()
    except (AssertionError, BrowserError):
        return False
    return True
