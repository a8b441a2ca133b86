"""The service is killed (-9) under calls in every state: nobody loses call, place or message."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from hotline.calls.call import CallRecord, Outcome, Step
from hotline.calls.history import CallFilter
from storage.tables import journey_steps
from telephony.phone.g711 import RATE
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.sound import tone, tone_share
from tests.system.heard import recorded
from tests.system.hotline import Hotline, running_hotline
from tests.system.lending import Hotlines
from tests.system.node import write_tone
from tests.system.oracle import compare
from tests.system.people import (
    CITIZEN,
    FIRST,
    SECOND,
    SPOKEN_SECONDS,
    asks_for_a_dispatcher,
    in_talk,
    picks_up,
    spoken,
)

pytestmark = pytest.mark.system

LEASE = 10
GREETED = 480
LONG_SECONDS = 30
"""Of a greeting that somebody breaks off by a key."""
LISTENED_SECONDS = 3.0
"""How long a talk is listened to from the service's end on: a service is back within one."""


@pytest.fixture
async def short_lease(tmp_path: Path) -> AsyncIterator[Hotline]:
    """A hotline whose callers soon leave a silent service, to be greeted with a short tone."""
    async with running_hotline(tmp_path, HOTLINE_LEASE_SECONDS=str(LEASE)) as one:
        prompts = one.settings.folders.prompts
        for spoken in prompts.glob("fallback-greeting.*"):
            spoken.unlink()
        write_tone(prompts / "fallback-greeting.wav", GREETED, 1)
        yield one


@pytest.fixture
async def patient(hotlines: Hotlines) -> AsyncIterator[Hotline]:
    """A hotline that lets a dispatcher's phone ring for as long as a test needs."""
    async with hotlines.lent(HOTLINE_RING_SECONDS="40") as one:
        yield one


async def is_queued(hotline: Hotline, extension: str) -> bool:
    """Asterisk's own queue has this dispatcher's phone among those that it rings."""
    async with hotline.node.manager() as ami:
        return f"PJSIP/desk-{extension}" in await ami.queue_members()


async def waits_in_asterisk(hotline: Hotline, callers: int) -> bool:
    """Asterisk's own queue holds this number of callers."""
    async with hotline.node.manager() as ami:
        return len(await ami.fallback_callers()) == callers


async def record_of(hotline: Hotline, call: OutgoingCall, number: str) -> CallRecord:
    assert call.answered_at
    (record,) = [one for one in await hotline.calls() if one.number == number]
    return record


async def until(hotline: Hotline, number: str, step: Step, *, times: int = 1) -> None:
    async def there() -> bool:
        known = [call.id for call in await hotline.calls() if call.number == number]
        return bool(known) and (await hotline.steps(known[0])).count(step) >= times

    await hotline.until(there)


async def said(hotline: Hotline, number: str, phrase: str) -> None:
    async def begun() -> bool:
        known = [call.id for call in await hotline.calls() if call.number == number]
        steps = await hotline.journey(known[0]) if known else []
        return any(phrase in str(step.detail.get("phrases", "")).split() for step in steps)

    await hotline.until(begun)


def unbroken(call: OutgoingCall, hertz: int, since: float) -> bool:
    """Tell whether the caller heard the tone in every second of their recording after `since` (in seconds).

    A second, since phones of a test that computes beside others stutter; a talk that is taken apart and put
    together again is away for longer, and `bridges` tells of it.
    """
    samples, a_fifth = call.recording()[round(since * RATE) :], RATE // 5
    windows = [samples[at : at + a_fifth] for at in range(0, len(samples), a_fifth)]
    fifths = [tone_share(window, hertz) > 0.5 for window in windows]
    seconds = [fifths[at : at + 5] for at in range(0, len(fifths) - 9, 5)]
    return bool(seconds) and all(any(one) for one in seconds)


def bridges(hotline: Hotline, call_id: str) -> int:
    """How often this channel was put into a talk, as Asterisk tells it."""
    rows = hotline.node.cel_rows()
    return len([row for row in rows if row["eventtype"] == "BRIDGE_ENTER" and row["uniqueid"] == call_id])


async def test_talkers_and_waiters_notice_nothing(patient: Hotline) -> None:
    hotline = patient
    first, second = await hotline.desk("201"), await hotline.desk("202")
    talker, desk = await in_talk(hotline, first)
    offered = await asks_for_a_dispatcher(hotline, "+380457900015")
    await second.next_call()
    waiting = [await asks_for_a_dispatcher(hotline, f"+38045790002{number}") for number in (1, 2)]
    await until(hotline, "+380457900022", Step.JOINED_LINE)
    heard_since = recorded(talker)

    await hotline.kill_service()
    await hotline.start_service()

    order = []
    for call in (offered, *waiting):
        ringing = await picks_up(second, SECOND)
        order.append(ringing.caller)
        await call.heard_tone(SECOND)
        await ringing.hang_up()
        await call.hang_up()
    assert order == ["+380457900015", "+380457900021", "+380457900022"]
    await hotline.until(lambda: recorded(talker) > heard_since + LISTENED_SECONDS)
    assert unbroken(talker, FIRST, heard_since)
    await desk.heard_tone(CITIZEN)
    await desk.hang_up()
    await talker.ended()
    await compare(hotline, reconciled=True)
    assert {call.outcome for call in await hotline.calls()} == {Outcome.TALKED}
    assert bridges(hotline, (await hotline.calls())[0].id) == 1


async def test_callers_in_the_menu_are_told_and_go_on(hotline: Hotline) -> None:
    greeted = await hotline.citizen("+380457900011")
    await greeted.heard_voice()
    choosing = await hotline.citizen("+380457900012")
    await choosing.answered()
    await choosing.press("8")
    await said(hotline, "+380457900012", "wrong-key")
    keying = await hotline.citizen("+380457900013")
    await keying.answered()
    await keying.press("21")
    speaking = await hotline.citizen("+380457900014", tone(CITIZEN))
    await speaking.answered()
    await speaking.press("3")
    await until(hotline, "+380457900014", Step.MESSAGE_LEFT)
    await spoken(hotline)

    await hotline.kill_service()
    await keying.press("2")
    await hotline.start_service()

    await hotline.reached(Step.SERVICE_RESUMED, times=4)
    for number in ("+380457900011", "+380457900012", "+380457900013"):
        await said(hotline, number, "resumed")
    await choosing.press("1")
    await said(hotline, "+380457900012", "no-outages")
    await keying.press("21#")
    await said(hotline, "+380457900013", "no-such-appeal")
    await greeted.hang_up()
    await choosing.hang_up()
    await keying.hang_up()
    await speaking.press("#")
    await said(hotline, "+380457900014", "resumed")
    await speaking.hang_up()

    await compare(hotline, reconciled=True)
    (message,) = await hotline.storage.calls.messages()
    assert message.seconds
    assert message.seconds > SPOKEN_SECONDS
    left = await record_of(hotline, speaking, "+380457900014")
    assert left.outcome is Outcome.MESSAGE_LEFT


async def test_callers_leave_a_silent_service_and_come_back_each_time_the_emergency_first(
    short_lease: Hotline,
) -> None:
    hotline = short_lease
    first = await hotline.desk("201")
    talker, desk = await in_talk(hotline, first)
    early = await asks_for_a_dispatcher(hotline, "+380457900021")
    await until(hotline, "+380457900021", Step.JOINED_LINE)
    urgent = await asks_for_a_dispatcher(hotline, "+380457900022")
    await until(hotline, "+380457900022", Step.JOINED_LINE)
    await urgent.press("4")
    await until(hotline, "+380457900022", Step.JOINED_LINE, times=2)

    await hotline.kill_service()
    await early.heard_tone(GREETED)
    await urgent.heard_tone(GREETED)
    await hotline.until(lambda: waits_in_asterisk(hotline, 2))  # they leave the service in the same instant
    await desk.hang_up()
    await talker.hang_up()
    by_asterisk = await picks_up(first, SECOND)
    await urgent.heard_tone(SECOND)
    write_tone(hotline.settings.folders.prompts / "fallback-greeting.wav", GREETED, LONG_SECONDS)
    newcomer = await hotline.citizen("+380457900023")
    await newcomer.heard_tone(GREETED)
    await newcomer.press("4")
    await hotline.until(lambda: waits_in_asterisk(hotline, 2))
    await hotline.start_service()

    await until(hotline, "+380457900021", Step.SERVICE_RESUMED)
    await until(hotline, "+380457900023", Step.SERVICE_RESUMED)
    await urgent.heard_tone(SECOND)
    with pytest.raises(TimeoutError):
        await first.next_call(timeout=2)
    await by_asterisk.hang_up()
    await urgent.ended()
    order = []
    for call in (newcomer, early):
        ringing = await picks_up(first, FIRST)
        order.append(ringing.caller)
        await call.heard_tone(FIRST)
        await ringing.hang_up()
        await call.ended()
    assert order == ["+380457900023", "+380457900021"]

    await compare(hotline, reconciled=True)
    assert {call.outcome for call in await hotline.calls()} == {Outcome.TALKED}
    for call in await hotline.calls():
        assert (await hotline.steps(call.id)).count(Step.FELL_BACK) == (call.number != "+380457900001")


@pytest.mark.nightly  # by day `service/calls/test_reconciliation.py`
async def test_a_call_that_the_service_never_saw_is_in_the_log_afterwards(short_lease: Hotline) -> None:
    hotline = short_lease
    desk = await hotline.desk("201")
    await hotline.until(lambda: is_queued(hotline, "201"))
    await hotline.kill_service()

    call = await hotline.citizen("+380457900031", tone(CITIZEN))
    ringing = await picks_up(desk, FIRST)
    await call.heard_tone(FIRST)
    await ringing.hang_up()
    await call.ended()
    await hotline.start_service()

    await compare(hotline, reconciled=True)
    record = await record_of(hotline, call, "+380457900031")
    assert record.outcome is Outcome.TALKED
    assert await hotline.steps(record.id) == [
        *(Step.ARRIVED, Step.ANSWERED, Step.FELL_BACK, Step.TALK_STARTED, Step.TALK_ENDED, Step.ENDED)
    ]


async def test_a_talk_that_ends_while_the_service_is_away_ends_at_that_moment(hotline: Hotline) -> None:
    talker, desk = await in_talk(hotline, await hotline.desk("201"))
    await hotline.reached(Step.TALK_STARTED)
    await hotline.kill_service()
    await desk.hang_up()
    await hotline.start_service()

    await said(hotline, "+380457900001", "resumed")
    await talker.hang_up()
    await compare(hotline, reconciled=True)
    assert (await hotline.only_call()).outcome is Outcome.TALKED


@pytest.mark.nightly  # by day `service/calls/test_reconciliation.py`
async def test_a_talk_that_the_service_did_not_live_to_write_down_is_no_abandoned_call(
    hotline: Hotline,
) -> None:
    talker, desk = await in_talk(hotline, await hotline.desk("201"))
    await hotline.kill_service()
    await as_if_not_yet_written(hotline, Step.TALK_STARTED)
    await desk.hang_up()
    await hotline.start_service()

    await said(hotline, "+380457900001", "resumed")
    await talker.hang_up()
    ended = await hotline.ended_call()
    await compare(hotline, reconciled=True)
    await hotline.until(lambda: talked(hotline, ended.id))


async def as_if_not_yet_written(hotline: Hotline, step: Step) -> None:
    """Take away what the journal writes half a second behind: killed within it, the service has not."""
    async with hotline.storage.database.writing() as connection:
        await connection.execute(delete(journey_steps).where(journey_steps.c.step == step.value))


async def talked(hotline: Hotline, call_id: str) -> bool:
    """Whether history shows the call as a talk with a dispatcher, which has ended."""
    found = await hotline.storage.history.find(CallFilter(outcome=Outcome.TALKED), limit=9)
    return [one.call.id for one in found if one.dispatchers and one.talk_seconds] == [call_id]
