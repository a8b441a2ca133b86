"""The database dies in the middle of calls, and its standby takes over: nobody is lost, none called twice."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path
from time import monotonic

import asyncpg
import pytest

from hotline.calls.call import Outcome, Step
from hotline.line.queue_entry_states import QueueEntryState
from telephony.phone.sound import tone
from tests.storage.pair import Pair, pair
from tests.system.hotline import Hotline, running_hotline
from tests.system.people import (
    CITIZEN,
    FIRST,
    SECOND,
    THIRD,
    asks_for_a_dispatcher,
    in_talk,
    picks_up,
    spoken,
)
from tests.system.test_dead_air import asked_to_wait, in_menu

__all__ = ["pair"]
pytestmark = [pytest.mark.system, pytest.mark.nightly]

log = logging.getLogger(__name__)
ENTERS = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE wait_event = 'relation' AND query LIKE 'INSERT INTO queue_entries%'"
)
WAITING, CALLING, LATER = "+380457900002", "+380457900003", "+380457900004"


@pytest.fixture
async def hotline(pair: Pair, tmp_path: Path) -> AsyncIterator[Hotline]:
    async with running_hotline(tmp_path, HOTLINE_DATABASE_URL=pair.url()) as one:
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
